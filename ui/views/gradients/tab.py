"""What the tabs have in common: what a tab is, its picture in two heights, and the controls of a single network."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from figures import gradient_curves
from figures.curves import LOG_SPAN, Curve
from recurrent_core import CELLS, Experiment
from recurrent_core.cell import GATES
from ui import controls
from ui.parts import Part, Words
from ui.session import Session
from ui.words import sentences
from ui.words.text import Text

HEIGHT, COMPACT = 520, 360


class Tab(NamedTuple):
    """One question: the controls of the first screen, those under More settings, and the parts."""

    first: Callable[[Session, Text], list[dict]]
    more: Callable[[Session, Text], list[dict]]
    parts: Callable[[Session, Text], list[Part]]


def picture(name: str, words: Words, draw: Callable[[int], dict]) -> Part:
    """The picture and the lower one for narrow places; `draw` takes the height."""
    return Part("figure", name, draw(HEIGHT), compact=draw(COMPACT), words=words)


def gated(e: Experiment) -> bool:
    """Whether the network has gates. Without any its memory is squashed as a whole, and its only route is U."""
    return bool(CELLS[e.network].named(*GATES))


def one_network(here: Session, t: Text) -> list[dict]:
    """The network, the handle that moves its gradient most, and the distance."""
    e = here.experiment
    handle = "memory" if gated(e) else "scale"
    return [
        controls.segments(t, e, "network"),
        controls.slider(t, e, handle, main=True),
        controls.slider(t, e, "distance", table=here.table),
    ]


def one_network_more(here: Session, t: Text) -> list[dict]:
    e = here.experiment
    handle = "scale" if gated(e) else "memory"
    return [controls.slider(t, e, handle), controls.toggle(t, e, "log")]


def behind(here: Session) -> Experiment:
    """The pinned settings, asked as the present ones are."""
    e = here.experiment
    return replace(here.pinned, network=e.network, distance=e.distance, horizon=e.horizon)


def curve_picture(
    name: str,
    here: Session,
    t: Text,
    make: Callable[[Session, Text, Experiment], Sequence[Curve]],
    words: Words,
    distance: int | None = None,
    span: tuple[float, float] = LOG_SPAN,
) -> Part:
    """Curves of the present settings, those of the pinned ones behind them, on the axis of the question."""
    e = here.experiment
    drawn = make(here, t, e)
    settings = {
        "log": e.log,
        "relative": True,
        "distance": distance or e.distance,
        "words": sentences.curve_words(t) | {"y_relative": t(f"{name}.y")},
        "ghosts": [] if here.pinned is None else make(here, t, behind(here)),
        "span": span,
    }
    return picture(name, words, lambda height: gradient_curves(drawn, height=height, **settings))
