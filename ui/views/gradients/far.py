"""How far back: the learning signal of the three networks."""

from figures import gradient_curves, recording_heatmaps
from recurrent_core import CELLS
from ui import blocks, controls
from ui.parts import Part, Words
from ui.recordings import cached
from ui.session import Session
from ui.views.gradients import curves
from ui.views.gradients import words as said
from ui.views.gradients.tab import Tab, picture
from ui.words import sentences
from ui.words.text import Text


def first(here: Session, t: Text) -> list[dict]:
    e = here.experiment
    return [
        controls.slider(t, e, "memory", main=True),
        controls.slider(t, e, "scale"),
        controls.slider(t, e, "distance", table=here.table),
    ]


def more(here: Session, t: Text) -> list[dict]:
    e = here.experiment
    of = [controls.choice(t, e, "network", name_label=t("gradients.heatmaps_of"))] if e.maps else []
    return [
        controls.segments(t, e, "axis"),
        controls.toggle(t, e, "log"),
        controls.choice(t, e, "curve"),
        controls.toggle(t, e, "maps"),
        *of,
    ]


def parts(here: Session, t: Text) -> list[Part]:
    """The learning signal of the three networks, and below it, where asked for, that of every vector."""
    e = here.experiment
    norms = {network: curves.norms(e, network, here.table) for network in CELLS}
    drawn = [curves.curve(t, e, network, norm) for network, norm in norms.items()]
    if here.settled:
        drawn = [curves.with_band(curve, e, here.table) for curve in drawn]
    settings = {
        "log": e.log,
        "relative": e.axis == "relative",
        "distance": e.distance,
        "words": sentences.curve_words(t),
        "ghosts": curves.pinned(t, here.pinned, e, here.table_of),
    }
    words = Words(
        said.gradients_sentence(t, norms, e.distance, e.axis),
        said.network_rows(t, [cached.simulation(e, network, here.table) for network in CELLS]),
        controls.notices(t, here),
        said.gradients_note(t, e, curves.SEEDS, settled=here.settled),
    )
    shown = [picture("gradients", words, lambda height: gradient_curves(drawn, height=height, **settings))]
    if e.maps:
        rows = curves.blocks(t, e, here.table)
        figure = recording_heatmaps(rows, sentences.heatmap_words(t), pixels=blocks.row_pixels(rows, 336))
        shown.append(Part("figure", "gradient_maps", figure, hover={"unit": t("gates.unit")}))
    return shown


TAB = Tab(first, more, parts)
