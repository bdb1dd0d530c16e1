"""Gradients: one question at a time, each a tab with controls and a picture of its own.

How far back (the learning signal of the three networks), why (the routes it takes), which directions (singular
values), which steps taught U (contributions), and what to do (biases for a horizon, clipping).
"""

from recurrent_core import CELLS
from ui import controls
from ui.parts import Part
from ui.settings import State
from ui.views.gradients import directions, far, remedy, steps, why
from ui.views.view import View
from ui.words.text import Text

TABS = {
    "far": far.TAB,
    "why": why.TAB,
    "directions": directions.TAB,
    "steps": steps.TAB,
    "remedy": remedy.TAB,
}


def panel(here: State, t: Text) -> list[dict]:
    tab = TABS[here.view.tab]
    more = [
        *tab.more(here, t),
        *controls.inputs(t, here),
        *controls.weights(t, here, networks=tuple(CELLS)),
        *controls.clamps(t, here),
    ]
    return [
        controls.segments(t, here, "tab") | {"vertical": True},
        controls.preset(t, here),
        *tab.first(here, t),
        controls.actions(t, here),
        controls.more(t, here, more),
        controls.notes(t, here),
    ]


def parts(here: State, t: Text) -> list[Part]:
    return TABS[here.view.tab].parts(here, t)


VIEW = View(panel, parts)
