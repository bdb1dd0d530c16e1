"""The one way from the state of a page to what the browser shows of it.

The stage of a page, the live socket and whoever else shows a page ask here. Nothing is held here and nothing known of
who asks or how the answer travels. What is wrong with the input is said in the answer; what was shown before stays.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from recurrent_core import InputError
from ui import controls
from ui.changes import acted, changed
from ui.parts import Part, message
from ui.settings import State, opened
from ui.views import VIEWS
from ui.words import sentences
from ui.words.text import Text, text

LOG = logging.getLogger("gatescope")
NOTHING: Mapping[str, Any] = MappingProxyType({})
Made = TypeVar("Made")


class Reply(NamedTuple):
    """What a page shows of some settings."""

    query: str  # the settings, as in an address
    items: tuple[dict, ...] | None  # of the controls (see ui.controls); None leaves them as they are
    parts: tuple[Part, ...]  # without any, those that are shown stay
    notices: tuple[str, ...]  # what could not be taken or shown, in sentences


def render(
    page: str,
    query: str,
    values: Mapping[str, Any] = NOTHING,
    action: tuple[str, Any] | None = None,
    *,
    settled: bool = True,
    lang: str = "en",
    narrow: Mapping[str, bool] | None = None,
) -> Reply:
    """What `page` shows of the settings in `query` after controls were set to `values` (by the names of their fields),
    and then an `action` was done, a name of ui.changes.ACTIONS and what it takes.

    `settled` is False while a control is being dragged: what would take too long comes when it is let go. `lang` is the
    language where the query names none of ours. `narrow` says by name which figures are shown in a narrow place, as on
    a phone, so that each is drawn for its place alone.

    Raises KeyError for a page that we do not have, and nothing else.
    """
    here = opened(query, page, lang)._replace(settled=settled, narrow=narrow)
    if values:
        here = changed(here, values)
    if action and not _refused(here):
        here = acted(here, *action)
    if _refused(here):
        items, notices = panel(here)
        return Reply(here.query, items, (), notices)
    return show(here)


def _refused(here: State) -> bool:
    """Whether something that was just set could not be taken."""
    return any(isinstance(notice, InputError) for notice in here.notices)


def show(here: State) -> Reply:
    """What the page of a state shows."""
    items, unmade = panel(here)
    parts, undrawn = stage(here)
    return Reply(here.query, items, parts, tuple(dict.fromkeys((*unmade, *undrawn))))


def panel(here: State) -> tuple[tuple[dict, ...] | None, tuple[str, ...]]:
    """The items of the controls, and notices: the first half of a reply, which does not wait for the pictures."""
    items, notices = made(VIEWS[here.page].panel, here)
    return None if items is None else tuple(items), notices


def stage(here: State) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """The parts, and notices: the second half."""
    parts, notices = made(VIEWS[here.page].parts, here)
    return tuple(parts or ()), notices


def made(make: Callable[[State, Text], Made], here: State) -> tuple[Made | None, tuple[str, ...]]:
    """What `make` gives, or None where it fails; and in sentences what could not be taken or made."""
    t = text(here.lang)
    said = controls.notices(t, here)
    try:
        return make(here, t), said
    except InputError as error:
        return None, tuple(dict.fromkeys((*said, sentences.notice(t, error))))
    except Exception:
        LOG.exception("the page failed at %s", here.query)
        return None, (*said, t("errors.unknown"))


def messages(
    parts: Sequence[Part],
    notices: Sequence[str],
    query: str,
    *,
    settled: bool,
    exact: bool = True,
    held: Mapping[str, int] = NOTHING,
) -> list[dict[str, Any]]:
    """What the browser gets for the parts of a reply (see `ui.parts.message`): the notices stand beside the first."""
    first, *others = parts
    said = first.words._replace(notices=(*notices, *first.words.notices))
    return [
        message(part, query, settled=settled, exact=exact, held=held.get(part.name))
        for part in (first._replace(words=said), *others)
    ]


def answer(
    reply: Reply,
    *,
    settled: bool,
    exact: bool = True,
    held: Mapping[str, int] = NOTHING,
    held_items: int | None = None,
) -> dict[str, Any]:
    """A reply as one message: {"query", "items", "parts", "notices"}; the notices are for the case without parts, the
    items as `ui.controls.sent` gives them. What the browser has need not be sent again: `held` are the
    signatures of its figures by name, `held_items` is that of its controls."""
    query, items, parts, notices = reply
    return {
        "query": query,
        "items": items and controls.sent(items, held_items),
        "parts": messages(parts, notices, query, settled=settled, exact=exact, held=held) if parts else [],
        "notices": notices,
    }
