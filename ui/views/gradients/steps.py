"""Which steps taught U: what each one contributes to its gradient."""

from figures.curves import Curve
from recurrent_core import CELLS
from ui import controls
from ui.parts import Part, Words
from ui.recordings import cached
from ui.settings import State
from ui.views.gradients import curves, far
from ui.views.gradients import words as said
from ui.views.gradients.tab import Tab, curve_picture
from ui.words.text import Text


def more(here: State, t: Text) -> list[dict]:
    return [controls.toggle(t, here, "log")]


def _contributions(here: State, t: Text) -> list[Curve]:
    return [curves.contribution(t, here.experiment, network) for network in CELLS]


def parts(here: State, t: Text) -> list[Part]:
    """What each step contributes to dL/dU, for the three networks."""
    found = {network: cached.contributions(here.experiment, network) for network in CELLS}
    words = Words(said.steps_sentence(t, found), (), t("steps.note"))
    return [curve_picture("steps", here, t, _contributions, words)]


TAB = Tab(far.first, more, parts)
