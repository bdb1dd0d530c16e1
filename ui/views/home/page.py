"""Home: the memory of each network, one below the other."""

from figures import recording_heatmaps
from recurrent_core import CELLS
from ui import blocks, controls
from ui.parts import Part, Words
from ui.recordings import cached
from ui.settings import State
from ui.views.home import words as said
from ui.views.view import View, figure
from ui.words import sentences
from ui.words.text import Text


def panel(here: State, t: Text) -> list[dict]:
    note = {"kind": "note", "name": "try", "label": t("app.try")}
    return [controls.slider(t, here, "memory", main=True), note]


def parts(here: State, t: Text) -> list[Part]:
    """The memory of each network, one below the other."""
    shown = [cached.simulation(here.experiment, network) for network in CELLS]
    rows = [blocks.input_block(t, shown[0]), *(blocks.memory_block(t, simulation) for simulation in shown)]
    words, ticks = sentences.heatmap_words(t), shown[0].signal.ticks
    return [
        figure(
            here,
            "home",
            lambda: recording_heatmaps(rows, words, ticks=ticks, pixels=84),
            lambda: recording_heatmaps(rows, words, ticks=ticks, pixels=54),
            hover={"unit": t("gates.unit")},
            words=Words(said.home_sentence(t, shown)),
        )
    ]


VIEW = View(panel, parts)
