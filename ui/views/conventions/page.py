"""Conventions: a source's equations, and whether its weights, converted, give the same h."""

from functools import partial

from figures import recording_heatmaps
from recurrent_core import SOURCES
from recurrent_core.lab.experiment import fields_in_use
from ui import controls
from ui.parts import Part, Words
from ui.settings import FIELDS, State
from ui.views.conventions import source as conventions
from ui.views.view import View, figure
from ui.words import sentences
from ui.words.text import Text


def panel(here: State, t: Text) -> list[dict]:
    names = SOURCES[here.view.source].networks
    network = controls.choice(t, here, "of") | {
        "options": [[name, names[name].label] for name in FIELDS["of"].choices if name in names],
        "value": conventions.network(here.view),
    }
    sizes = ("units", "steps", "seed") if "steps" in fields_in_use(here.experiment) else ("units", "seed")
    inputs = [
        group | {"items": [item for item in group["items"] if item["name"] not in sizes]}
        for group in controls.inputs(t, here)
    ]
    return [
        controls.segments(t, here, "source"),
        network,
        *(controls.slider(t, here, name) for name in sizes),
        controls.bar("actions", controls.button("reset", t("controls.reset"), disabled=not here.changed)),
        controls.more(t, here, inputs),
    ]


def networks(here: State) -> tuple[str, ...]:
    """Ours of the same kind."""
    return (conventions.network(here.view).partition("_")[0],)


def parts(here: State, t: Text) -> list[Part]:
    """h of the source's own step, of ours converted and of ours with the weights as they stand; beside it equations,
    parameters and code of the source, and the lines for a reader's own weights."""
    found, signal = conventions.check(here), conventions.signal(here.experiment)
    blocks, words = conventions.blocks(t, here.view, found), sentences.heatmap_words(t)
    draw = partial(recording_heatmaps, blocks, words, ticks=signal.ticks, pixels=58)
    return [
        figure(
            here,
            "parity",
            draw,
            draw,
            hover={"unit": t("gates.unit")},
            words=Words(
                conventions.sentence(t, here.view, found),
                conventions.rows(t, found),
                t("conventions.note"),
            ),
        ),
        conventions.facts(t, here.view, signal.inputs.shape[1], here.experiment.units),
        conventions.practice(t, here.view, found),
    ]


VIEW = View(panel, parts, networks, recordings=False)
