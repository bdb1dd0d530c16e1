"""How far back: the learning signal of the three networks."""

from functools import partial
from typing import Any

from figures import gradient_curves, recording_heatmaps
from recurrent_core import CELLS
from ui import blocks, controls
from ui.parts import Part, Words
from ui.recordings import cached
from ui.settings import State
from ui.views.gradients import curves
from ui.views.gradients import words as said
from ui.views.gradients.tab import Tab, behind, picture
from ui.words import sentences
from ui.words.text import Text


def first(here: State, t: Text) -> list[dict]:
    return [
        controls.slider(t, here, "memory", main=True),
        controls.slider(t, here, "scale"),
        controls.slider(t, here, "distance"),
    ]


def more(here: State, t: Text) -> list[dict]:
    of = (
        [controls.choice(t, here, "network", name_label=t("gradients.heatmaps_of"))] if here.view.maps else []
    )
    return [
        controls.segments(t, here, "axis"),
        controls.toggle(t, here, "log"),
        controls.choice(t, here, "curve"),
        controls.toggle(t, here, "maps"),
        *of,
    ]


def parts(here: State, t: Text) -> list[Part]:
    """The learning signal of the three networks, and below it, where asked for, that of every vector."""
    v = here.view
    norms = {network: curves.norms(here, network) for network in CELLS}
    drawn = [curves.curve(t, here, network, norm) for network, norm in norms.items()]
    if here.settled:
        drawn = [curves.with_band(curve, here) for curve in drawn]
    settings: dict[str, Any] = {
        "log": v.log,
        "relative": v.axis == "relative",
        "distance": v.distance,
        "words": sentences.curve_words(t),
        "ghosts": [ghost for pin in behind(here) for ghost in curves.all_networks(t, pin)],
    }
    words = Words(
        said.gradients_sentence(t, norms, v.distance, v.axis),
        said.network_rows(t, [cached.simulation(here.experiment, network) for network in CELLS]),
        said.gradients_note(t, v.curve, curves.SEEDS, settled=here.settled),
    )
    draw = partial(gradient_curves, drawn, **settings)
    shown = [picture(here, "gradients", words, draw, rough=not here.settled)]
    if v.maps:
        rows = curves.blocks(t, here.experiment)
        figure = recording_heatmaps(rows, sentences.heatmap_words(t), pixels=blocks.row_pixels(rows, 336))
        shown.append(Part("figure", "gradient_maps", figure, hover={"unit": t("gates.unit")}))
    return shown


TAB = Tab(first, more, parts)
