"""What a page shows: parts, each a figure, a drawing or a card, and the one form in which the browser gets them."""

import marshal
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np

from recurrent_core.container import Exact, pack
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
    takes its place where it is narrow, as on a phone; where the browser has said which of the two it shows, `narrow`
    says it too, and `body` is that one alone. `hover` holds the word "unit" and turns on the label beside the
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
    narrow: bool | None = None


def message(
    part: Part, value: str, *, settled: bool, exact: bool = True, held: int | None = None
) -> dict[str, Any]:
    """What the browser gets for a part that shows the settings `value`.

    `settled` is False while a control is being dragged: the part and its words follow at once, a screen reader hears
    the sentence when it is True again. Without `exact` the squares of heatmaps come as `places` in their colours; the
    message says whether there are any.
    `held` is the signature of the figure that the browser has: where it is the same, nothing but squares is sent.
    """
    words, cursor, bodies = part.words, part.cursor, [part.body, part.compact]
    squares = False
    if part.kind == "figure":
        bodies = [body and sent(body, exact, held) for body in bodies]
        squares = any(body and body["squares"] for body in bodies)
    return {
        "kind": part.kind,
        "name": part.name,
        "body": bodies[0],
        "compact": bodies[1],
        "narrow": part.narrow,
        "hover": part.hover,
        "words": {
            "sentence": joined(words.sentence),
            "rows": [row._asdict() | {"text": joined(row.text)} for row in words.rows],
            "notices": tuple(joined(notice) for notice in words.notices),
            "note": joined(words.note),
        },
        "cursor": cursor and cursor._asdict(),
        "rough": part.rough,
        "exact": exact or not squares,
        "value": value,
        "settled": settled,
    }


def unchanged(kind: str, name: str, value: str, notices: Sequence[str] = ()) -> dict[str, Any]:
    """The message for a part that the browser has: it stays as it is, with `notices` beside it."""
    return message(Part(kind, name, None, words=Words(notices=tuple(notices))), value, settled=True)


def sent(figure: Mapping[str, Any], exact: bool = True, held: int | None = None) -> dict[str, Any]:
    """A figure as it is sent: {"signature", "still", "squares"}.

    `still` is all of it but the `z` of its heatmaps, of which only the shape is left, as a buffer of its own, and
    `signature` its checksum: where that is `held` the browser need not get it again. `squares` are the `z`, one after
    the other; those of bars, which have no colours, are always numbers.
    """
    data, squares = [], []
    for trace in figure["data"]:
        if "z" in trace:
            numbers = exact or "bars" in trace.get("meta", {})
            squares.append(np.asarray(trace["z"]) if numbers else places(trace))
            trace = trace | {"z": np.shape(trace["z"])}
        data.append(trace)
    return still({"data": data, "layout": figure["layout"]}, held) | {"squares": squares}


def still(message: dict[str, Any], held: int | None) -> dict[str, Any]:
    """What stands still in a message: {"signature", "still"}, the checksum and the buffer, None where it is `held`."""
    packed = None
    try:
        signature = crc32(marshal.dumps(message, 2))  # in this version the bytes depend on the values alone
    except ValueError:  # an array that lies in memory otherwise than it is read
        signature = crc32(packed := pack(message))
    return {"signature": signature, "still": None if signature == held else packed or pack(message)}


def places(trace: Mapping[str, Any]) -> np.ndarray | Exact:
    """The squares of a heatmap as the places of their colours, 0 to 255: a byte each.

    They are what the browser takes for numbers (live_figure.js, `render`), to the last one. Squares of which one is
    unknown (NaN), which has no colour, stay as they are.
    """
    z, low, high = np.asarray(trace["z"], np.float32), trace["zmin"], trace["zmax"]
    level = np.subtract(z, low, dtype=np.float64)
    level *= 255.999 / (high - low)
    if np.isnan(level.min()):
        return z
    np.maximum(level, 0, out=level)
    np.minimum(level, 255, out=level)
    return Exact(level.astype(np.uint8))
