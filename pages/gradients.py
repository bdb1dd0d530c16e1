"""Gradients: how far back does learning reach?"""

from figures import gradient_curves, recording_heatmaps
from recurrent_core import CELLS
from ui import blocks, cached, controls, curves, page, readouts
from ui.components.live_figure import Words
from ui.session import Session
from ui.text import Text


def picture(here: Session, t: Text) -> None:
    e = here.experiment
    norms = {network: curves.norms(e, network, here.table) for network in CELLS}
    settings = {
        "log": e.log,
        "relative": e.axis == "relative",
        "distance": e.distance,
        "words": readouts.curve_words(t),
        "ghosts": curves.pinned(t, here.pinned, e, here.table_of),
    }
    drawn = [curves.curve(t, e, network, norm) for network, norm in norms.items()]
    if here.settled:
        drawn = [curves.with_band(curve, e, here.table) for curve in drawn]
    page.figure(
        here,
        "gradients",
        gradient_curves(drawn, height=520, **settings),
        compact=gradient_curves(drawn, height=360, **settings),
        words=Words(
            readouts.gradients_sentence(t, norms, e.distance, e.axis),
            readouts.network_rows(t, [cached.simulation(e, network, here.table) for network in CELLS]),
            controls.notices(t, here),
            readouts.gradients_note(t, e, curves.SEEDS, settled=here.settled),
        ),
    )
    if e.maps:
        rows = curves.blocks(t, e, here.table)
        figure = recording_heatmaps(rows, readouts.heatmap_words(t), pixels=blocks.row_pixels(rows, 336))
        page.figure(here, "gradient_maps", figure, hover={"unit": t("gates.unit")})


here, t = page.open_page("gradients")
page.stage(here, t, controls.gradients, picture)
