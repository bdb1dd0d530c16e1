"""Pack a figure and its words into one buffer: a JSON header, then arrays, float32 unless all digits count.

Streamlit hands `bytes` to the browser as they are, while numbers in JSON are slow to write, send and read.

Layout, little-endian: uint32 length of the header; the header, padded with spaces so that the arrays begin
at a multiple of four; the arrays. In the header an array stands as {"$": [offset in floats, shape...]}, one that is
`Exact` as {"$f8": [offset in floats, shape...]}, bytes as {"$bytes": [offset in floats, length]}.
"""

import json
from dataclasses import dataclass
from zlib import crc32

import numpy as np


@dataclass(frozen=True, eq=False)
class Exact:
    """An array that is sent as float64."""

    array: np.ndarray


def pack(message: dict) -> bytes:
    """`message` (nested dicts, lists, numbers, texts, bytes, arrays of one or two axes) as one buffer.

    An array that stands in several places is sent once.

    Raises TypeError for a value that is none of these.
    """
    parts: list[bytes] = []
    places: dict[int | tuple, dict] = {}
    size = 0

    def place(value):
        nonlocal size
        if isinstance(value, np.generic):
            return value.item()
        where = _where(value)
        if where not in places:
            if isinstance(value, bytes):
                part, reference = value + b"\0" * (-len(value) % 4), {"$bytes": [size, len(value)]}
            elif isinstance(value, np.ndarray):
                part, reference = value.astype("<f4").tobytes(), {"$": [size, *value.shape]}
            elif isinstance(value, Exact):
                part, reference = value.array.astype("<f8").tobytes(), {"$f8": [size, *value.array.shape]}
            else:
                raise TypeError(f"expected numbers, texts or arrays in a message, got {type(value).__name__}")
            parts.append(part)
            places[where] = reference
            size += len(part) // 4
        return places[where]

    header = json.dumps(message, default=place, ensure_ascii=False, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 4)
    return b"".join([len(header).to_bytes(4, "little"), header, *parts])


def _where(value) -> int | tuple:
    """The same for two views of the same numbers, sent alike, and for nothing else that is alive."""
    if isinstance(value, Exact):
        return "$f8", _where(value.array)
    if not isinstance(value, np.ndarray):
        return id(value)
    memory = value.__array_interface__
    return memory["data"], memory["strides"], memory["typestr"], value.shape


def signature(figure: dict) -> int:
    """A checksum of a figure without the `z` of its heatmaps, of which only the shape counts.

    Two figures with the same signature differ in nothing but squares, which lets the browser repaint only these.
    """

    def digest(value):
        return [value.shape, crc32(np.ascontiguousarray(value))]

    still = {
        "layout": figure["layout"],
        "data": [
            trace | {"z": list(np.shape(trace["z"]))} if "z" in trace else trace for trace in figure["data"]
        ],
    }
    return crc32(json.dumps(still, default=digest, sort_keys=True).encode())
