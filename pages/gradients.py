"""Gradients: how far back does learning reach?"""

from figures import gradient_curves
from recurrent_core import CELLS
from ui import cached, controls, page, readouts
from ui.components.live_figure import Words
from ui.session import Session
from ui.signals_back import curves, curve_words, gradient_blocks
from ui.text import Text


def picture(here: Session, t: Text) -> None:
    ...


here, t = page.open_page("gradients")
page.stage(here, t, controls.gradients, picture)
