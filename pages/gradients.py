"""Gradients: how far back does learning reach?"""

from figures import gradient_curves
from recurrent_core import CELLS
from ui import controls, curves, page, readouts
from ui.components.live_figure import Words
from ui.session import Session
from ui.text import Text


def picture(here: Session, t: Text) -> None:
    e = here.experiment
    norms = {network: curves.norms(e, network, here.table) for network in CELLS}
    drawn = [
        curves.curve(t, e, network, norm, curves.band(e, network, here.table) if here.settled else None)
        for network, norm in norms.items()
    ]
    settings = {
        "log": e.log,
        "relative": e.axis == "relative",
        "distance": e.distance,
        "words": readouts.curve_words(t),
    }
    page.figure(
        here,
        "gradients",
        gradient_curves(drawn, height=520, **settings),
        compact=gradient_curves(drawn, height=360, **settings),
        words=Words(
            readouts.gradients_sentence(t, norms, e.distance, e.axis), (), controls.notices(t, here)
        ),
    )


here, t = page.open_page("gradients")
page.stage(here, t, controls.gradients, picture)
