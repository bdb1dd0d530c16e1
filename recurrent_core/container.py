"""One buffer for a message of JSON and arrays: to the browser, between processes, and in files.

Numbers in JSON are slow to write, send and read, so a buffer is a JSON header and then the arrays as they are.
Layout, little-endian: uint32 length of the header; the header, padded with spaces so that the arrays begin at a
multiple of eight; the arrays and bytes, each padded to a multiple of eight. In the header an array stands as
{"$": [offset, shape...]}, offset in units of four bytes, bytes as {"$bytes": [offset, length]}. "$" is float32; an
array that is `Exact` says its type: "$f2", "$f8", "$i8" or "$u1". Nothing is pickled, and whoever reads a buffer trusts
nothing in it.
"""

import json
import math
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

MOST = 100_000_000  # bytes that are read, as they come and unpacked
LONGEST_HEADER = 1_000_000  # bytes
DEEPEST = 32  # dicts and lists within each other
MAGIC = b"gatescope 1\n"  # what a file begins with

_TYPES: dict[str, np.dtype] = {
    "$": np.dtype("<f4"),
    "$f2": np.dtype("<f2"),
    "$f8": np.dtype("<f8"),
    "$i8": np.dtype("<i8"),
    "$u1": np.dtype("u1"),
}
_NAMES = {kind: name for name, kind in _TYPES.items()}
_MARKS = re.compile(rb'"(?:[^"\\]+|\\.)*"?|[\[{]|[\]}]', re.DOTALL)

Message = dict[str, Any]


class TooLarge(ValueError):
    """A buffer of more bytes than are read: `size`, at least."""

    def __init__(self, size: int, most: int):
        super().__init__(f"expected at most {most} bytes, got {size}")
        self.size = size


@dataclass(frozen=True, eq=False)
class Exact:
    """An array that keeps its type: float16, float32, float64, int64 or uint8."""

    array: np.ndarray


def pack(message: Message) -> bytes:
    """`message` (nested dicts, lists, finite numbers, texts, bytes, arrays) as one buffer.

    Arrays become float32 unless they are `Exact`; one that stands in several places is sent once.

    Raises TypeError for a value that is none of these, ValueError for a key that begins with "$" and for a number
    outside arrays that is not finite.
    """
    parts: list[bytes] = []
    places: dict[int | tuple, Message] = {}
    size = marks = 0

    def place(value: object) -> object:
        nonlocal size, marks
        if isinstance(value, np.generic):
            return value.item()
        marks += 1
        where = _where(value)
        if where not in places:
            name, part, shape = _packed(value)
            places[where] = {name: [size // 4, *shape]}
            parts.extend((part, bytes(-len(part) % 8)))
            size += len(part) + len(parts[-1])
        return places[where]

    header = json.dumps(
        message, default=place, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()
    if header.count(b"$") != marks and any(key.startswith("$") for key in _keys(message)):
        raise ValueError('expected keys that do not begin with "$", which stands for arrays')
    header += b" " * (-(4 + len(header)) % 8)
    return b"".join([len(header).to_bytes(4, "little"), header, *parts])


def _packed(value: object) -> tuple[str, bytes, tuple[int, ...]]:
    """The name in the header, the bytes and the shape of what is no part of JSON."""
    if isinstance(value, bytes):
        return "$bytes", value, (len(value),)
    if isinstance(value, np.ndarray):
        return "$", value.astype("<f4").tobytes(), value.shape
    kind: object = type(value).__name__
    if isinstance(value, Exact):
        kind = value.array.dtype
        array = value.array.astype(value.array.dtype.newbyteorder("<"), copy=False)
        if array.dtype in _NAMES:
            return _NAMES[array.dtype], array.tobytes(), array.shape
    raise TypeError(f"expected numbers, texts or arrays in a message, got {kind}")


def unpack(data: bytes, most: int = MOST) -> Message:
    """The message in a buffer, from whomever it came; arrays are views of it that cannot be written.

    Everything is checked before it is made: the buffer's size, the header's length and depth, and that each array
    lies within the buffer.

    Raises TooLarge beyond `most` bytes, ValueError for what is not as `pack` writes it.
    """
    if len(data) > most:
        raise TooLarge(len(data), most)
    start = 4 + int.from_bytes(data[:4], "little")
    if len(data) < 4 or start > len(data) or start - 4 > LONGEST_HEADER:
        raise ValueError(
            f"expected a header of at most {LONGEST_HEADER} bytes in {len(data)}, got {start - 4}"
        )
    header = data[4:start]
    if (depth := _depth(header)) > DEEPEST:
        raise ValueError(f"expected at most {DEEPEST} dicts and lists within each other, got {depth}")

    def placed(value: Message) -> Any:
        name = next((key for key in value if key.startswith("$")), None)
        return value if name is None else _part(data, start, name, value)

    message = json.loads(header.decode(), object_hook=placed, parse_constant=_refuse)
    if not isinstance(message, dict):
        raise ValueError(f"expected a message with names, got {type(message).__name__}")
    return message


def deflate(message: Message) -> bytes:
    """`message` as the bytes of a file, compressed. Raises TypeError and ValueError as `pack`."""
    return MAGIC + zlib.compress(pack(message), 9)


def inflate(data: bytes, most: int = MOST) -> Message:
    """The message in the bytes of a file, at most `most`, packed or unpacked. Raises ValueError as `unpack`."""
    if len(data) > most:
        raise TooLarge(len(data), most)
    if not data.startswith(MAGIC):
        raise ValueError(f"expected a file that begins with {MAGIC!r}, got {data[: len(MAGIC)]!r}")
    inflator = zlib.decompressobj()
    try:
        packed = inflator.decompress(data[len(MAGIC) :], most + 1)
    except zlib.error as error:
        raise ValueError(f"expected a compressed message, got {error}") from error
    if len(packed) <= most and (not inflator.eof or inflator.unused_data):
        raise ValueError("expected one whole message, got a file that is cut off or goes on")
    return unpack(packed, most)


def _where(value: Any) -> int | tuple:
    """The same for two views of the same numbers, sent alike, and for nothing else that is alive."""
    if isinstance(value, Exact):
        return "exact", _where(value.array)
    if not isinstance(value, np.ndarray) or value.base is None:
        return id(value)
    memory = value.__array_interface__
    return memory["data"], memory["strides"], memory["typestr"], value.shape


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from map(str, value)
        value = list(value.values())
    if isinstance(value, list | tuple):
        for one in value:
            yield from _keys(one)


def _depth(header: bytes) -> int:
    deepest = depth = 0
    for mark in _MARKS.finditer(header):
        depth += (mark[0] in b"[{") - (mark[0] in b"]}")
        deepest = max(deepest, depth)
    return deepest


def _part(data: bytes, start: int, name: str, value: Message) -> np.ndarray | bytes:
    """The array or bytes that stand in the header as `value`."""
    place = value[name]
    sizes = isinstance(place, list) and all(type(one) is int and 0 <= one <= len(data) for one in place)
    if len(value) != 1 or not sizes or not 1 <= len(place) <= 6 or name not in (*_TYPES, "$bytes"):
        raise ValueError(f"expected the place of an array, got {str(value)[:60]}")
    kind, begin, shape = _TYPES.get(name), start + 4 * place[0], place[1:]
    width = 1 if kind is None else kind.itemsize
    size = math.prod(shape) * width
    if begin % width or begin + size > len(data) or (kind is None and len(shape) != 1):
        raise ValueError(f"expected an array within {len(data)} bytes, got {name} {shape} at {begin}")
    if kind is None:
        return data[begin : begin + size]
    return np.frombuffer(data, kind, math.prod(shape), begin).reshape(shape)


def _refuse(constant: str) -> None:
    raise ValueError(f"expected finite numbers outside arrays, got {constant}")
