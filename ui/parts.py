"""What a page shows: parts, each a figure, a drawing or a card, and the one form in which the browser gets them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np

from ui.words.sentences import Row
from ui.words.text import joined

KINDS = ("figure", "drawing", "card")


class Words(NamedTuple):
    """What stands beside a part: the sentence above it, the readouts and a note below it, and notices."""

    sentence: str = ""
    rows: tuple[Row, ...] = ()
    note: str = ""
    notices: tuple[str, ...] = ()


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


class Part(NamedTuple):
    """One part of a page, under a name of its own.

    `body` is what its kind draws: of a figure Plotly's `data` and `layout`, with arrays; of a drawing the numbers of a
    cell (`ui.views.step.drawing`); of a card its sections (`ui.views.conventions.card`). `compact` is a body that
    takes its place where it is narrow, as on a phone. `hover` holds the word "unit" and turns on the label beside the
    pointer, for heatmaps. A `rough` one holds less than it will when the control that is being dragged is let go.
    """

    kind: str  # one of KINDS
    name: str
    body: Mapping[str, Any] | None  # None: what is shown under this name stays
    compact: Mapping[str, Any] | None = None
    words: Words = Words()
    cursor: TimeCursor | None = None
    hover: Mapping[str, str] | None = None
    rough: bool = False


def message(part: Part, value: str, *, settled: bool) -> dict[str, Any]:
    """What the browser gets for a part that shows the settings `value`.

    `settled` is False while a control is being dragged: the part and its words follow at once, a screen reader hears
    the sentence when it is True again.
    """
    words, cursor = part.words, part.cursor
    return {
        "kind": part.kind,
        "name": part.name,
        "body": _body(part.kind, part.body),
        "compact": _body(part.kind, part.compact),
        "hover": part.hover,
        "words": {
            "sentence": joined(words.sentence),
            "rows": [row._asdict() | {"text": joined(row.text)} for row in words.rows],
            "notices": tuple(joined(notice) for notice in words.notices),
            "note": joined(words.note),
        },
        "cursor": cursor and cursor._asdict(),
        "rough": part.rough,
        "value": value,
        "settled": settled,
    }


def unchanged(kind: str, name: str, value: str, notices: Sequence[str] = ()) -> dict[str, Any]:
    """The message for a part that the browser has: it stays as it is, with `notices` beside it."""
    return message(Part(kind, name, None, words=Words(notices=tuple(notices))), value, settled=True)


def _body(kind: str, body: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """A figure carries the checksum by which the browser knows that nothing but squares has changed."""
    return {**body, "signature": signature(body)} if body and kind == "figure" else body


def signature(figure: Mapping[str, Any]) -> int:
    """A checksum of a figure without the `z` of its heatmaps, of which only the shape counts.

    Two figures with the same signature differ in nothing but squares, which lets the browser repaint only these.
    """

    def digest(value: np.ndarray) -> list[object]:
        return [value.shape, crc32(np.ascontiguousarray(value).data)]

    still = {
        "layout": figure["layout"],
        "data": [
            trace | {"z": list(np.shape(trace["z"]))} if "z" in trace else trace for trace in figure["data"]
        ],
    }
    return crc32(json.dumps(still, default=digest, sort_keys=True).encode())
