"""What has been computed, kept for all readers: one memory, bounded in bytes; the longest unused goes first."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, ParamSpec, TypeVar

import numpy as np
from cachetools import LRUCache, cached
from cachetools.keys import hashkey

MOST_BYTES = (
    256_000_000  # 40 recordings of 128 units x 500 steps with their gradients, thousands of small ones
)

P = ParamSpec("P")
T = TypeVar("T")


def size(value: Any) -> int:
    """Bytes of all arrays in a value of tuples, lists and dicts, each piece of memory once, however many views it has.

    A value without arrays counts as one byte.
    """
    pieces = {id(piece): piece.nbytes for piece in map(_owner, _arrays(value))}
    return max(1, sum(pieces.values()))


def remembered(function: Callable[P, T]) -> Callable[P, T]:
    """A function of hashable arguments whose results are kept; who asks for one that is being made waits for it."""
    key = partial(hashkey, function.__qualname__)
    return cached(_memory, key=key, condition=_changed)(function)


_memory: LRUCache = LRUCache(MOST_BYTES, getsizeof=size)
_changed = threading.Condition()


def forget() -> None:
    """Let go of everything."""
    with _changed:
        _memory.clear()


def held() -> int:
    """Bytes that are kept, at most MOST_BYTES."""
    return int(_memory.currsize)


def _arrays(value: Any) -> Iterator[np.ndarray]:
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _arrays(one)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _arrays(one)


def _owner(array: np.ndarray) -> np.ndarray:
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array
