"""Gradients: the learning signal of the three networks, and below it, where asked for, that of every vector."""

from figures import gradient_curves, recording_heatmaps
from recurrent_core import CELLS
from ui import blocks, cached, controls, curves, readouts
from ui.components.live_figure import Picture, Words
from ui.session import Session
from ui.text import Text

from .view import View


def panel(here: Session, t: Text) -> list[dict]:
    e = here.experiment
    return [
        controls.preset(t, e),
        controls.slider(t, e, "memory", main=True),
        controls.slider(t, e, "scale"),
        controls.slider(t, e, "distance", table=here.table),
        controls.actions(t, here),
        controls.more(
            t,
            here,
            [
                controls.segments(t, e, "axis"),
                controls.toggle(t, e, "log"),
                controls.choice(t, e, "curve"),
                controls.toggle(t, e, "maps"),
                *(
                    [controls.choice(t, e, "network", name_label=t("gradients.heatmaps_of"))]
                    if e.maps
                    else []
                ),
                *controls.inputs(t, here),
                *controls.weights(t, e, networks=tuple(CELLS)),
                *controls.clamps(t, e, here.table),
            ],
        ),
        controls.notes(t, e),
    ]


def pictures(here: Session, t: Text) -> list[Picture]:
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
        "words": readouts.curve_words(t),
        "ghosts": curves.pinned(t, here.pinned, e, here.table_of),
    }
    words = Words(
        readouts.gradients_sentence(t, norms, e.distance, e.axis),
        readouts.network_rows(t, [cached.simulation(e, network, here.table) for network in CELLS]),
        controls.notices(t, here),
        readouts.gradients_note(t, e, curves.SEEDS, settled=here.settled),
    )
    pictures = [
        Picture(
            "gradients",
            gradient_curves(drawn, height=520, **settings),
            compact=gradient_curves(drawn, height=360, **settings),
            words=words,
        )
    ]
    if e.maps:
        rows = curves.blocks(t, e, here.table)
        figure = recording_heatmaps(rows, readouts.heatmap_words(t), pixels=blocks.row_pixels(rows, 336))
        pictures.append(Picture("gradient_maps", figure, hover={"unit": t("gates.unit")}))
    return pictures


VIEW = View(panel, pictures)
