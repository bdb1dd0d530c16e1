"""What a view is: the controls and parts of one page, as functions of its state alone."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from recurrent_core import CELLS
from ui.parts import Part
from ui.settings import State
from ui.words.text import Text


def all_networks(here: State) -> tuple[str, ...]:
    """For a page that shows them all, whatever the settings are."""
    return tuple(CELLS)


def as_set(here: State) -> State:
    """For a page that records what its settings say."""
    return here


def figure(
    here: State,
    name: str,
    wide: Callable[[], dict[str, Any]],
    compact: Callable[[], dict[str, Any]] | None = None,
    **more: Any,
) -> Part:
    """A figure drawn for the place that it is shown in; for both where there are two ways and that is not known.

    `more` is what else a Part holds.
    """
    if compact is None or here.narrow is None:
        return Part("figure", name, wide(), compact=compact and compact(), **more)
    narrow = here.narrow.get(name, False)
    return Part("figure", name, compact() if narrow else wide(), narrow=narrow, **more)


class View(NamedTuple):
    """One page: panel(state, t) gives the items of its controls, parts(state, t) what it shows.

    `parts` raises InputError where the settings cannot be drawn. networks(state) names those whose recordings are
    on the page; recorded(state) gives the settings of these recordings, where a page has settings of its own for
    them; `recordings` is False where none is to be had as a file, for the page runs other networks than ours.
    `figures` says whether there is a figure among the parts.
    """

    panel: Callable[[State, Text], Sequence[dict]]
    parts: Callable[[State, Text], list[Part]]
    networks: Callable[[State], tuple[str, ...]] = all_networks
    recorded: Callable[[State], State] = as_set
    recordings: bool = True
    figures: bool = True
