"""Conventions: a source's equations, and whether its weights, converted, give the same h."""

from figures import recording_heatmaps
from recurrent_core import FIELDS, SOURCES, Experiment
from recurrent_core.lab.experiment import changed_fields, fields_in_use
from ui import controls
from ui.components.facts_card import Card
from ui.components.live_figure import Picture, Words
from ui.session import Session
from ui.views.conventions import source as conventions
from ui.views.view import View
from ui.words import sentences
from ui.words.text import Text


def panel(here: Session, t: Text) -> list[dict]:
    e = here.experiment
    names = SOURCES[e.source].networks
    network = controls.choice(t, e, "of") | {
        "options": [[name, names[name].label] for name in FIELDS["of"].choices if name in names],
        "value": conventions.network(e),
    }
    sizes = ("units", "steps", "seed") if "steps" in fields_in_use(e) else ("units", "seed")
    inputs = [
        group | {"items": [item for item in group["items"] if item["name"] not in sizes]}
        for group in controls.inputs(t, here)
    ]
    return [
        controls.segments(t, e, "source"),
        network,
        *(controls.slider(t, e, name) for name in sizes),
        controls.bar(
            "actions", controls.button("reset", t("controls.reset"), disabled=not changed_fields(e))
        ),
        controls.more(t, here, inputs),
    ]


def networks(e: Experiment) -> tuple[str, ...]:
    """Ours of the same kind."""
    return (conventions.network(e).partition("_")[0],)


def pictures(here: Session, t: Text) -> list[Picture]:
    """h of the source's own step, of ours converted and of ours with the weights as they stand."""
    e = here.experiment
    found = conventions.check(e, here.table)
    blocks, words = conventions.blocks(t, e, found), sentences.heatmap_words(t)
    ticks = conventions.signal(e, here.table).ticks
    return [
        Picture(
            "parity",
            recording_heatmaps(blocks, words, ticks=ticks, pixels=58),
            compact=recording_heatmaps(blocks, words, ticks=ticks, pixels=58),
            hover={"unit": t("gates.unit")},
            words=Words(
                conventions.sentence(t, e, found),
                conventions.rows(t, found),
                controls.notices(t, here),
                t("conventions.note"),
            ),
        )
    ]


def cards(here: Session, t: Text) -> list[Card]:
    """Equations, parameters and code of the source, and the lines for a reader's own weights."""
    e = here.experiment
    found = conventions.check(e, here.table)
    inputs = conventions.signal(e, here.table).inputs
    return [conventions.facts(t, e, inputs.shape[1]), conventions.practice(t, e, found)]


VIEW = View(panel, pictures, networks, cards, recordings=False)
