"""Conventions: a source's equations, and whether its weights, converted, give the same h."""

from figures import recording_heatmaps
from recurrent_core import FIELDS, SOURCES, Experiment
from recurrent_core.lab.experiment import changed_fields, fields_in_use
from ui import controls
from ui.parts import Part, Words
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


def parts(here: Session, t: Text) -> list[Part]:
    """h of the source's own step, of ours converted and of ours with the weights as they stand; beside it equations,
    parameters and code of the source, and the lines for a reader's own weights."""
    e = here.experiment
    found = conventions.check(e, here.table)
    blocks, words = conventions.blocks(t, e, found), sentences.heatmap_words(t)
    signal = conventions.signal(e, here.table)
    return [
        Part(
            "figure",
            "parity",
            recording_heatmaps(blocks, words, ticks=signal.ticks, pixels=58),
            compact=recording_heatmaps(blocks, words, ticks=signal.ticks, pixels=58),
            hover={"unit": t("gates.unit")},
            words=Words(
                conventions.sentence(t, e, found),
                conventions.rows(t, found),
                controls.notices(t, here),
                t("conventions.note"),
            ),
        ),
        conventions.facts(t, e, signal.inputs.shape[1]),
        conventions.practice(t, e, found),
    ]


VIEW = View(panel, parts, networks, recordings=False)
