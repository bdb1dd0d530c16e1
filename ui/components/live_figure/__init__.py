"""live_figure: one Plotly graph a key, updated in place, with its sentence and readouts."""

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from ui.assets import loader
from ui.components.wire import pack
from ui.readouts import Row

_mount = st.components.v2.component("live_figure", js=loader("live_figure.js"), isolate_styles=False)


_LAST = "gs-last-"


class Words(NamedTuple):
    """What stands beside a picture: the sentence above it, the readouts and a note below it, and notices."""

    sentence: str = ""
    rows: tuple[Row, ...] = ()
    notices: tuple[str, ...] = ()
    note: str = ""


NO_WORDS = Words()


class TimeCursor(NamedTuple):
    """The time cursor as the server has it; steps are numbers of the time axis (t = 1..T)."""

    step: int
    first: int
    last: int
    label: str
    seq: int


def live_figure(
    name: str,
    figure: dict,
    *,
    value: str,
    words: Words = NO_WORDS,
    compact: dict | None = None,
    hover: dict[str, str] | None = None,
    settled: bool = True,
    cursor: TimeCursor | None = None,
    on_cursor: Callable[[], None] | None = None,
) -> None:
    """Show `figure` (`data` and `layout`, with arrays) under `name`, drawn from the settings `value`.

    `compact` takes its place where it is narrow, as on a phone. `hover` holds the word "unit" and turns on the
    label beside the pointer, for heatmaps. `settled` is False while a slider is being dragged: the picture and its
    words follow at once, a screen reader hears the sentence when it is True again. The reader's moves of the cursor
    arrive in `st.session_state[name]["cursor"]` as {"step", "seq", "settled"} before `on_cursor` is called.
    """
    message = {
        "name": name,
        "figure": figure,
        "compact": compact,
        "hover": hover,
        "value": value,
        "settled": settled,
        "words": words._asdict() | {"rows": [row._asdict() for row in words.rows]},
        "cursor": cursor and cursor._asdict(),
    }
    st.session_state[_LAST + name] = message
    _mount(key=name, data=pack(message), on_cursor_change=on_cursor or _nothing)


def keep_figure(name: str, notices: tuple[str, ...], on_cursor: Callable[[], None] | None = None) -> bool:
    """Show the last picture under `name` again, with `notices` beside it; False if there has been none."""
    message = st.session_state.get(_LAST + name)
    if message is None:
        return False
    words = message["words"] | {"notices": notices}
    _mount(key=name, data=pack(message | {"words": words}), on_cursor_change=on_cursor or _nothing)
    return True


def _nothing() -> None:
    """A figure without a cursor reports nothing."""
