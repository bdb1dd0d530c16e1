"""Clamps: hold a named vector at a value, for some steps and units, and see what the network then does."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class Clamp(NamedTuple):
    """Hold vector `name` at `value` in steps start:stop (as in a Python slice), in one unit or all (None)."""

    name: str
    value: float
    start: int | None = 0
    stop: int | None = None
    unit: int | None = None


def clamped(clamps: tuple[Clamp, ...], held: Clamp) -> tuple[Clamp, ...]:
    """The clamps with one more, which takes the place of one of the same vector, steps and unit."""
    same = (held.name, held.start, held.stop, held.unit)
    return (*(clamp for clamp in clamps if (clamp.name, clamp.start, clamp.stop, clamp.unit) != same), held)


class Held(NamedTuple):
    """Clamps laid out on time: for each clamped name the places and their values, both (time, 1, unit)."""

    places: dict[str, np.ndarray]
    values: dict[str, np.ndarray]

    def put(self, t: int | slice, name: str, vector: np.ndarray) -> np.ndarray:
        """`vector` of step t, overwritten where it is held."""
        if name in self.places:
            np.copyto(vector, self.values[name][t], where=self.places[name][t])
        return vector

    def cut(self, t: int | slice, name: str, gradient: np.ndarray) -> np.ndarray:
        """What flows on of a gradient of step t: nothing (not even an infinity) from a held place."""
        return np.where(self.places[name][t], 0, gradient) if name in self.places else gradient


def lay_out(clamps: Sequence[Clamp], time: int, units: int, dtype: np.dtype) -> Held:
    """Clamps as arrays over time; where several overlap the last wins."""
    held = Held({}, {})
    for name, value, start, stop, unit in clamps:
        places = held.places.setdefault(name, np.zeros((time, 1, units), dtype=bool))
        values = held.values.setdefault(name, np.zeros((time, 1, units), dtype=dtype))
        where = np.s_[start:stop, :, slice(None) if unit is None else unit]
        places[where], values[where] = True, value
    return held
