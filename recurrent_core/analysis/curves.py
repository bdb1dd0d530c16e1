"""Curves over time: sizes of gradients and of vectors at each step, and what is read from them.

A curve has axes (time, ...), a vector (time, batch, unit). Steps count from 0.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from recurrent_core.cell import Quantity


class Factor(NamedTuple):
    """A curve's mean factor per step back, and the steps it was taken over: from `last` back to `first`."""

    per_step: float
    first: int
    last: int


class Spread(NamedTuple):
    """Lowest, median and highest of some numbers, over units or over seeds."""

    low: float
    median: float
    high: float


class Band(NamedTuple):
    """Lowest, median and highest of several curves, each (time, ...)."""

    low: np.ndarray
    median: np.ndarray
    high: np.ndarray


class LogRange(NamedTuple):
    """log10 of a curve's smallest and largest finite positive value, and where it leaves float64.

    `underflow` and `overflow` are the steps at which backpropagation, which comes from the end, first meets a
    0 or a value that is not finite; None if it does not.
    """

    low: float
    high: float
    underflow: int | None
    overflow: int | None


def norms(gradient: np.ndarray) -> np.ndarray:
    """Euclidean norms over units, (time, batch): squares neither under- nor overflow.

    Infinite where an entry is not finite.
    """
    largest = np.abs(gradient).max(axis=-1, keepdims=True)
    finite = np.isfinite(largest)
    usable = finite & (largest > 0)
    scaled = np.where(usable, gradient, 0.0) / np.where(usable, largest, 1.0)
    length = np.sqrt(np.square(scaled).sum(axis=-1)) * np.where(usable, largest, 0.0)[..., 0]
    return np.where(finite[..., 0], length, np.inf)


def log10(curve: np.ndarray) -> np.ndarray:
    """log10 of a curve of norms: minus infinity where it is 0, infinity where it is not finite."""
    usable = np.isfinite(curve) & (curve > 0)
    return np.where(usable, np.log10(np.where(usable, curve, 1.0)), np.where(curve == 0, -np.inf, np.inf))


def relative_log10(curve: np.ndarray) -> np.ndarray:
    """log10(curve / its value at the last step), (time, ...), also where that leaves float64's range.

    NaN where the last value is 0 or not finite, for then there is nothing to compare with.
    """
    logs = log10(curve)
    usable = np.isfinite(logs[-1])
    return np.where(usable, logs - np.where(usable, logs[-1], 0.0), np.nan)


def relative(curve: np.ndarray) -> np.ndarray:
    """curve / its value at the last step; 0 or infinite only where that is outside float64's range."""
    logs = relative_log10(curve)
    return np.where(logs < 308, 10.0 ** np.clip(logs, -400, 308), np.where(np.isnan(logs), np.nan, np.inf))


def back(curve: np.ndarray, distance: int) -> np.ndarray:
    """The value `distance` steps before the last of a curve (time, ...); of a shorter one the first."""
    return curve[max(0, len(curve) - 1 - distance)]


def per_step_factor(curve: np.ndarray, distance: int | None = None) -> Factor:
    """Geometric mean factor per step back of one curve (time,): exp of the mean slope of its logarithm.

    It is taken from the last step back over `distance` steps (all, where None or longer), and not beyond the
    first place where the curve is 0 or not finite. 1 over a range of one step.
    """
    logs = log10(curve)
    last = len(curve) - 1
    first = max(0, last - (last if distance is None else distance))
    unusable = np.flatnonzero(~np.isfinite(logs[first:]))
    if unusable.size:
        first = min(last, first + int(unusable[-1]) + 1)
    if first == last or not np.isfinite(logs[last]):
        return Factor(1.0, last, last)
    return Factor(float(10 ** ((logs[first] - logs[last]) / (last - first))), first, last)


def factor_between(distances: np.ndarray, log10: np.ndarray, distance: int) -> float:
    """Geometric mean factor per step back of a curve given at some rising distances, up to `distance` at most.

    Taken between the nearest and the farthest distance at which it is finite and not 0; NaN where these are
    one, or none.
    """
    usable = np.flatnonzero(np.isfinite(log10) & (distances <= distance))
    if usable.size < 2:
        return float("nan")
    first, last = usable[0], usable[-1]
    return float(10 ** ((log10[last] - log10[first]) / (distances[last] - distances[first])))


def log_range(curve: np.ndarray) -> LogRange:
    """Where one curve of norms (time,) lies, for an axis, and where it leaves float64."""
    logs = log10(curve)
    finite = logs[np.isfinite(logs)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    return LogRange(low, high, _latest(logs == -np.inf), _latest(logs == np.inf))


def band(curves: Sequence[np.ndarray]) -> Band:
    """Lowest, median and highest of several curves at each step, each (time, ...)."""
    stacked = np.stack(curves)
    return Band(stacked.min(axis=0), np.median(stacked, axis=0), stacked.max(axis=0))


def spread(values: np.ndarray) -> Spread:
    """Lowest, median and highest of some numbers, infinite ones included."""
    ordered = np.sort(np.asarray(values, dtype=float), axis=None)
    middle = ordered[(ordered.size - 1) // 2], ordered[ordered.size // 2]
    median = middle[0] if middle[0] == middle[1] else (middle[0] + middle[1]) / 2
    return Spread(float(ordered[0]), float(median), float(ordered[-1]))


def mean_over_units(vector: np.ndarray, quantity: Quantity) -> np.ndarray:
    """Mean over units (time, batch); of absolute values for a signed vector, whose mean hides its size."""
    return (np.abs(vector) if quantity.low < 0 else vector).mean(axis=-1)


def _latest(marked: np.ndarray) -> int | None:
    steps = np.flatnonzero(marked)
    return int(steps[-1]) if steps.size else None


class AtStep(NamedTuple):
    """One vector at one step, over its units: lowest, mean and highest value (of a signed vector the mean of
    absolute values), the mean's change from the step before, and how many units lie outside -1..1."""

    low: float
    mean: float
    high: float
    change: float
    outside: int


def at_step(vector: np.ndarray, quantity: Quantity, step: int) -> AtStep:
    """A vector (time, 1, unit) at `step`; before the first step every mean is 0."""
    now = vector[step, 0]
    means = mean_over_units(vector[max(0, step - 1) : step + 1], quantity)[:, 0].tolist()
    mean, before = means[-1], means[0] if step else 0.0
    outside = int(np.count_nonzero(np.abs(now) > 1))
    return AtStep(float(now.min()), mean, float(now.max()), mean - before, outside)


def left_after(curve: np.ndarray, start: int, steps: int) -> float:
    """Share of a curve's (time,) value at `start` that is there `steps` later; NaN if there was nothing."""
    first, later = float(curve[start]), float(curve[min(start + steps, len(curve) - 1)])
    return later / first if first > 0 and np.isfinite(first) else float("nan")
