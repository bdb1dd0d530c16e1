"""Numbers from recordings and gradients: how long is something kept, how far back does learning reach.

All that a page shows in digits is computed here. Arrays have axes (time, batch, unit) unless said otherwise;
steps count from 0, and a range of steps is start:stop as in a Python slice.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from recurrent_core.cell import Quantity
from recurrent_core.run import Recording, run

FLOAT32_RESOLUTION = 1.2e-7  # below this share float32 loses a signal that is added to a whole one
SATURATED_LOW, SATURATED_HIGH = 0.1, 0.9  # Karpathy, Johnson & Li 2015


class Factor(NamedTuple):
    """A curve's mean factor per step back, and the steps it was taken over: from `last` back to `first`."""

    per_step: float
    first: int
    last: int


class HalfLife(NamedTuple):
    """Steps until half is left; with `over` it was not reached and is longer than `steps`."""

    steps: float
    over: bool


class Spread(NamedTuple):
    """Lowest, median and highest value, over units or over seeds."""

    low: float
    median: float
    high: float


class PulseShare(NamedTuple):
    """Shares of an earlier input left in the memory just before and just after a later one."""

    before: float
    after: float


class Saturation(NamedTuple):
    """Shares of steps, 0 to 1, in which a gate is nearly closed (below .1) and nearly open (above .9)."""

    low: np.ndarray
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


# Gradient curves


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


def band(curves: Sequence[np.ndarray]) -> Spread:
    """Lowest, median and highest of several curves at each step, each (time, ...)."""
    stacked = np.stack(curves)
    return Spread(stacked.min(axis=0), np.median(stacked, axis=0), stacked.max(axis=0))


# How long something is kept


def share_kept(bias: float) -> float:
    """Share kept per step by a gate that has only its bias, sigmoid(bias): LSTM b_f, GRU -b_z."""
    return float(np.exp(-np.logaddexp(0.0, -bias)))


def half_life_of_bias(bias: float) -> float:
    """Half-life in steps if sigmoid(bias) is kept per step: ln 2 / ln(1 + exp(-bias)), exact for any bias."""
    return float(np.log(2) / np.logaddexp(0.0, -bias))


def half_life(share: np.ndarray | float) -> np.ndarray | float:
    """Half-life in steps when `share` (0..1) is kept per step, ln(1/2) / ln(share): infinite at 1, 0 at 0.

    For a share very near 1 `half_life_of_bias` keeps the digits that the share itself has lost.
    """
    share = np.asarray(share, dtype=float)
    inside = (share > 0) & (share < 1)
    return np.where(
        inside, -np.log(2) / np.log(np.where(inside, share, 0.5)), np.where(share > 0, np.inf, 0.0)
    )[()]


def time_constant(share: np.ndarray | float) -> np.ndarray | float:
    """1 / (1 - share), in steps: infinite at 1 (Tallec & Ollivier 2018)."""
    lost = 1 - np.asarray(share, dtype=float)
    return np.where(lost > 0, 1 / np.where(lost > 0, lost, 1.0), np.inf)[()]


def kept(recording: Recording) -> np.ndarray | None:
    """Share of the memory kept at each step (time, batch, unit): LSTM f, GRU 1 - z; else None."""
    vectors = recording.vectors
    if hasattr(vectors, "f"):
        return vectors.f
    return 1 - vectors.z if hasattr(vectors, "z") else None


def mean_share(recording: Recording, start: int = 0, stop: int | None = None) -> np.ndarray | None:
    """Share kept per step by each unit (batch, unit): the geometric mean of `kept` over the steps start:stop.

    The geometric mean, because what is left after k steps is the product of k shares. Over all steps where
    the range is empty.
    """
    shares = kept(recording)
    if shares is None:
        return None
    chosen = shares[start:stop] if len(shares[start:stop]) else shares
    positive = np.where(chosen > 0, chosen, 1.0)
    return np.where((chosen > 0).all(axis=0), np.exp(np.log(positive).mean(axis=0)), 0.0)


def predicted_half_lives(recording: Recording, start: int = 0, stop: int | None = None) -> np.ndarray | None:
    """Half-life (batch, unit) that the gates alone promise, from `mean_share`; None without such a gate.

    The median unit counts, not the half-life of the mean gate: with spread biases they differ by factors.
    """
    share = mean_share(recording, start, stop)
    return None if share is None else half_life(share)


def spread(values: np.ndarray) -> Spread:
    """Lowest, median and highest of some numbers, infinite ones included."""
    ordered = np.sort(np.asarray(values, dtype=float), axis=None)
    middle = ordered[(ordered.size - 1) // 2], ordered[ordered.size // 2]
    median = middle[0] if middle[0] == middle[1] else (middle[0] + middle[1]) / 2
    return Spread(float(ordered[0]), float(median), float(ordered[-1]))


def seen_half_life(curve: np.ndarray, start: int = 0, stop: int | None = None) -> HalfLife:
    """Steps from the peak of a curve of sizes (time,) to where half of it is left, within start:stop.

    The curve is taken as exponential between two steps. `over` where half is never reached: then `steps` are
    those at the end that all hold half of the peak or more. 0 over for a curve that is 0 or not finite.
    """
    within = np.asarray(curve[start:stop], dtype=float)
    if not within.size or not np.isfinite(within).all() or not within.max() > 0:
        return HalfLife(0.0, True)
    after = within[within.argmax() :]
    half = after[0] / 2
    below = np.flatnonzero(after <= half)
    if not below.size:
        return HalfLife(float((within[::-1] > half).argmin() or within.size) - 1, True)
    step = int(below[0])
    high, low = after[step - 1], after[step]
    part = np.log(high / half) / np.log(high / low) if low > 0 else (high - half) / high
    return HalfLife(float(step - 1 + part), False)


def mean_over_units(vector: np.ndarray, quantity: Quantity) -> np.ndarray:
    """Mean over units (time, batch); of absolute values for a signed vector, whose mean hides its size."""
    return (np.abs(vector) if quantity.low < 0 else vector).mean(axis=-1)


def memory_size(recording: Recording) -> np.ndarray:
    """Mean over units of the absolute memory (time, batch): LSTM c, RNN and GRU h."""
    return np.abs(getattr(recording.vectors, recording.cell.memory)).mean(axis=-1)


def effect(recording: Recording, without: Recording) -> np.ndarray:
    """Mean over units of the absolute difference of two runs' memories (time, batch).

    This is what an input left behind, when `without` is the same run without that input.
    """
    name = recording.cell.memory
    return np.abs(getattr(recording.vectors, name) - getattr(without.vectors, name)).mean(axis=-1)


def pulse_share(recording: Recording, first: int, second: int) -> PulseShare:
    """Share of step `first`'s input left in the memory just before and just after step `second`, batch 0.

    1 is what it left at its own step, as `effect` against a run without it; 0 if it left nothing.
    """
    inputs = recording.inputs.copy()
    inputs[first] = 0.0
    left = effect(
        recording, run(recording.cell, recording.params, inputs, recording.initial, recording.clamps)
    )[:, 0]
    if not left[first] > 0:
        return PulseShare(0.0, 0.0)
    return PulseShare(float(left[second - 1] / left[first]), float(left[second] / left[first]))


def beyond(recording: Recording) -> bool:
    """Whether a recorded vector leaves the range in which it is drawn; of the built-in cells only c can."""
    quantities = recording.cell.quantities._asdict().items()
    return any(
        np.any(np.abs(getattr(recording.vectors, name)) > quantity.high) for name, quantity in quantities
    )


# Saturation


def saturation(gate: np.ndarray, low: float = SATURATED_LOW, high: float = SATURATED_HIGH) -> Saturation:
    """Shares of steps (batch, unit) in which each unit of a gate (time, batch, unit) is saturated."""
    return Saturation((gate < low).mean(axis=0), (gate > high).mean(axis=0))


def saturations(recording: Recording) -> dict[str, Saturation]:
    """Shares of steps (batch, unit) in which each unit of each gate is saturated (Karpathy, Johnson and Li 2015).

    A network without gates has its memory instead, whose values go from -1 to 1: below -.9 and above .9.
    """
    found = {name: saturation(gate) for name, gate in gates(recording).items()}
    if found:
        return found
    memory = recording.cell.memory
    return {memory: saturation(getattr(recording.vectors, memory), -SATURATED_HIGH, SATURATED_HIGH)}


def gates(recording: Recording) -> dict[str, np.ndarray]:
    """The recorded vectors that are gates, 0 to 1: LSTM i f o, GRU r z, none for the RNN."""
    named = recording.vectors._asdict()
    return {
        name: named[name]
        for name, q in recording.cell.quantities._asdict().items()
        if q.low == 0 and q.high == 1
    }


def saturated_share(recording: Recording) -> Saturation | None:
    """Shares of the values of all gates, steps and units below .1 and above .9; None without gates."""
    values = list(gates(recording).values())
    if not values:
        return None
    stacked = np.stack(values)
    return Saturation((stacked < SATURATED_LOW).mean(), (stacked > SATURATED_HIGH).mean())


def _latest(marked: np.ndarray) -> int | None:
    steps = np.flatnonzero(marked)
    return int(steps[-1]) if steps.size else None


# What a sentence says about one step or one write


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
    means = mean_over_units(vector[max(0, step - 1) : step + 1], quantity)[:, 0]
    before = means[0] if step else 0.0
    outside = int(np.count_nonzero(np.abs(now) > 1))
    low, mean, high = float(now.min()), float(means[-1]), float(now.max())
    return AtStep(low, mean, high, float(mean - before), outside)


def lull(inputs: np.ndarray) -> tuple[int, int] | None:
    """The longest stretch in which something written can be watched alone: (start, stop), where the inputs
    (time, ...) are not 0 at `start` and 0 from there to `stop`. None if two steps of 0 follow no input."""
    written = np.flatnonzero(inputs.reshape(len(inputs), -1).any(axis=1))
    if not written.size:
        return None
    lengths = np.diff(written, append=len(inputs))
    longest = int(lengths.argmax())
    start, length = int(written[longest]), int(lengths[longest])
    return (start, start + length) if length > 2 else None


def left_after(curve: np.ndarray, start: int, steps: int) -> float:
    """Share of a curve's (time,) value at `start` that is there `steps` later; NaN if there was nothing."""
    first, later = float(curve[start]), float(curve[min(start + steps, len(curve) - 1)])
    return later / first if first > 0 and np.isfinite(first) else float("nan")
