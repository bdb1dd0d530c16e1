"""What a view is: the controls and parts of one page, as functions of the session alone."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from recurrent_core import CELLS, Experiment
from ui.parts import Part
from ui.session import Session
from ui.words.text import Text


def all_networks(e: Experiment) -> tuple[str, ...]:
    """For a page that shows them all, whatever the settings are."""
    return tuple(CELLS)


def as_set(e: Experiment) -> Experiment:
    """For a page that records what its settings say."""
    return e


class View(NamedTuple):
    """One page: panel(session, t) gives the items of its controls, parts(session, t) what it shows.

    `parts` raises InputError where the settings cannot be drawn. networks(experiment) names those whose recordings are
    on the page; recorded(experiment) gives the settings of these recordings, where a page has settings of its own for
    them; `recordings` is False where none is to be had as a file, for the page runs other networks than ours.
    `figures` says whether there is a figure among the parts.
    """

    panel: Callable[[Session, Text], Sequence[dict]]
    parts: Callable[[Session, Text], list[Part]]
    networks: Callable[[Experiment], tuple[str, ...]] = all_networks
    recorded: Callable[[Experiment], Experiment] = as_set
    recordings: bool = True
    figures: bool = True
