"""What the tabs have in common: what a tab is, its picture in two heights, and the controls of a single network."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from figures import gradient_curves
from figures.curves import LOG_SPAN, Curve
from recurrent_core import CELLS, Experiment
from recurrent_core.cell import GATES
from ui import controls
from ui.parts import Part, Words
from ui.settings import State
from ui.views.view import figure
from ui.words import sentences
from ui.words.text import Text

HEIGHT, COMPACT = 520, 360


class Tab(NamedTuple):
    """One question: the controls of the first screen, those under More settings, and the parts."""

    first: Callable[[State, Text], list[dict]]
    more: Callable[[State, Text], list[dict]]
    parts: Callable[[State, Text], list[Part]]


def picture(here: State, name: str, words: Words, draw: Callable[..., dict], *, rough: bool = False) -> Part:
    """The picture, lower in narrow places; `draw` takes the height."""
    wide, compact = (partial(draw, height=height) for height in (HEIGHT, COMPACT))
    return figure(here, name, wide, compact, words=words, rough=rough)


def gated(e: Experiment) -> bool:
    """Whether the network has gates. Without any its memory is squashed as a whole, and its only route is U."""
    return bool(CELLS[e.network].named(*GATES))


def one_network(here: State, t: Text) -> list[dict]:
    """The network, the handle that moves its gradient most, and the distance."""
    handle = "memory" if gated(here.experiment) else "scale"
    return [
        controls.segments(t, here, "network"),
        controls.slider(t, here, handle, main=True),
        controls.slider(t, here, "distance"),
    ]


def one_network_more(here: State, t: Text) -> list[dict]:
    handle = "scale" if gated(here.experiment) else "memory"
    return [controls.slider(t, here, handle), controls.toggle(t, here, "log")]


def behind(here: State) -> list[State]:
    """The pinned settings, if there are any, asked as the present ones are."""
    if here.pinned is None:
        return []
    return [here._replace(experiment=replace(here.pinned, network=here.experiment.network))]


def curve_picture(
    name: str,
    here: State,
    t: Text,
    make: Callable[[State, Text], Sequence[Curve]],
    words: Words,
    distance: int | None = None,
    span: tuple[float, float] = LOG_SPAN,
    rough: bool = False,
) -> Part:
    """Curves of the present settings, those of the pinned ones behind them, on the axis of the question."""
    drawn = make(here, t)
    settings: dict[str, Any] = {
        "log": here.view.log,
        "relative": True,
        "distance": distance or here.view.distance,
        "words": sentences.curve_words(t) | {"y_relative": t(f"{name}.y")},
        "ghosts": [curve for pin in behind(here) for curve in make(pin, t)],
        "span": span,
    }
    return picture(here, name, words, partial(gradient_curves, drawn, **settings), rough=rough)
