"""live_figure: one Plotly graph a key, updated in place, with its sentence and readouts."""

from typing import Any, NamedTuple

import streamlit as st

from recurrent_core.container import pack
from ui.components.assets import loader
from ui.components.wire import signature
from ui.words.sentences import Row
from ui.words.text import joined

_mount = st.components.v2.component("live_figure", js=loader("live_figure.js"), isolate_styles=False)


class Words(NamedTuple):
    """What stands beside a picture: the sentence above it, the readouts and a note below it, and notices."""

    sentence: str = ""
    rows: tuple[Row, ...] = ()
    notices: tuple[str, ...] = ()
    note: str = ""


class TimeCursor(NamedTuple):
    """The time cursor, which moves the field "cursor"; steps are numbers of the time axis (t = 1..T).

    On an axis of another kind it moves `field`, whose value is `shift` less, and says `flag` with its step; with
    `stops` it stands at these steps only.
    """

    step: int
    first: int
    last: int
    label: str
    field: str = "cursor"
    shift: int = 1
    flag: str = "t = {step}"
    stops: tuple[int, ...] | None = None


class Picture(NamedTuple):
    """A figure (`data` and `layout`, with arrays) and what stands beside it.

    `compact` takes its place where it is narrow, as on a phone. `hover` holds the word "unit" and turns on the
    label beside the pointer, for heatmaps.
    """

    name: str
    figure: dict
    compact: dict | None = None
    hover: dict[str, str] | None = None
    words: Words = Words()
    cursor: TimeCursor | None = None


def message(picture: Picture, value: str, *, settled: bool) -> dict[str, Any]:
    """What the browser gets for a picture that is drawn from the settings `value`.

    `settled` is False while a control is being dragged: the picture and its words follow at once, a screen reader
    hears the sentence when it is True again.
    """
    words, cursor = picture.words, picture.cursor
    return {
        "name": picture.name,
        "figure": picture.figure | {"signature": signature(picture.figure)},
        "compact": picture.compact and picture.compact | {"signature": signature(picture.compact)},
        "hover": picture.hover,
        "words": {
            "sentence": joined(words.sentence),
            "rows": [row._asdict() | {"text": joined(row.text)} for row in words.rows],
            "notices": tuple(joined(notice) for notice in words.notices),
            "note": joined(words.note),
        },
        "cursor": cursor and cursor._asdict(),
        "value": value,
        "settled": settled,
    }


def live_figure(sent: dict[str, Any]) -> None:
    """Show a message, under its name."""
    _mount(key=sent["name"], data=pack(sent))
