"""What has been computed, kept for all readers: one memory, bounded in bytes; the longest unused goes first."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any, ParamSpec, TypeVar

import numpy as np
from cachetools import LRUCache, cached
from cachetools.keys import hashkey

from recurrent_core import Cell

MOST_BYTES = (
    256_000_000  # 40 recordings of 128 units x 500 steps with their gradients, thousands of small ones
)

P = ParamSpec("P")
T = TypeVar("T")


def size(value: Any) -> int:
    """Bytes of all arrays in a value of tuples, lists and dicts, each piece of memory once, however many views it has.

    A value without arrays counts as one byte.
    """
    pieces: dict[int, int] = {}
    inside = [value]
    while inside:
        one = inside.pop()
        if isinstance(one, np.ndarray):
            while isinstance(one.base, np.ndarray):
                one = one.base
            pieces[id(one)] = one.nbytes
        elif isinstance(one, dict):
            inside.extend(one.values())
        elif isinstance(one, (tuple, list)) and not isinstance(one, Cell):  # a cell is functions and names
            inside.extend(one)
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
