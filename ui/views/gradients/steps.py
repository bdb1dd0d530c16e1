"""Which steps taught U: what each one contributes to its gradient."""

from figures.curves import Curve
from recurrent_core import CELLS, Experiment
from ui import controls
from ui.parts import Part, Words
from ui.recordings import cached
from ui.session import Session
from ui.views.gradients import curves, far
from ui.views.gradients import words as said
from ui.views.gradients.tab import Tab, curve_picture
from ui.words.text import Text


def more(here: Session, t: Text) -> list[dict]:
    return [controls.toggle(t, here.experiment, "log")]


def _contributions(here: Session, t: Text, e: Experiment) -> list[Curve]:
    table = here.table_of(e)
    return [curves.contribution(t, e, network, table) for network in CELLS]


def parts(here: Session, t: Text) -> list[Part]:
    """What each step contributes to dL/dU, for the three networks."""
    e = here.experiment
    found = {network: cached.contributions(e, network, here.table) for network in CELLS}
    words = Words(said.steps_sentence(t, found), (), controls.notices(t, here), t("steps.note"))
    return [curve_picture("steps", here, t, _contributions, words)]


TAB = Tab(far.first, more, parts)
