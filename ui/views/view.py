"""What a view is: the controls and pictures of one page, as functions of the session alone."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from recurrent_core import CELLS, Experiment
from ui.components.facts_card import Card
from ui.components.live_figure import Picture
from ui.components.step_cell import Drawing
from ui.session import Session
from ui.words.text import Text


def all_networks(e: Experiment) -> tuple[str, ...]:
    """For a page that shows them all, whatever the settings are."""
    return tuple(CELLS)


def as_set(e: Experiment) -> Experiment:
    """For a page that records what its settings say."""
    return e


def no_cards(here: Session, t: Text) -> list[Card]:
    """For a page of pictures alone."""
    return []


def no_pictures(here: Session, t: Text) -> list[Picture]:
    """For a page of drawings alone."""
    return []


def no_drawings(here: Session, t: Text) -> list[Drawing]:
    """For a page of pictures alone."""
    return []


class View(NamedTuple):
    """panel(session, t) gives the items of the controls; pictures(session, t) what is drawn, and raises InputError
    where the settings cannot be drawn; networks(experiment) names those whose recordings are on the page;
    cards(session, t) what is said beside the pictures in equations, tables and code, and drawings(session, t) the
    cells that are opened up; both raise as pictures does. recorded(experiment) gives the settings of the recordings
    that are shown, where a page has settings of its own for them; `recordings` is False where none is to be had as
    a file, for the page runs other networks than ours."""

    panel: Callable[[Session, Text], Sequence[dict]]
    pictures: Callable[[Session, Text], list[Picture]]
    networks: Callable[[Experiment], tuple[str, ...]] = all_networks
    cards: Callable[[Session, Text], list[Card]] = no_cards
    drawings: Callable[[Session, Text], list[Drawing]] = no_drawings
    recorded: Callable[[Experiment], Experiment] = as_set
    recordings: bool = True
