"""How long something is kept: the share that a gate keeps per step, half-lives, and what an input left behind.

Vectors have axes (time, batch, unit); a range of steps is start:stop as in a Python slice.
"""

from typing import NamedTuple, overload

import numpy as np

from recurrent_core.cell import KEEPERS
from recurrent_core.run import Recording, run


class HalfLife(NamedTuple):
    """Steps until half is left; with `over` it was not reached and is longer than `steps`."""

    steps: float
    over: bool


class PulseShare(NamedTuple):
    """Shares of an earlier input left in the memory just before and just after a later one."""

    before: float
    after: float


def share_kept(bias: float) -> float:
    """Share kept per step by a gate that has only its bias, sigmoid(bias): LSTM b_f, GRU -b_z."""
    return float(np.exp(-np.logaddexp(0.0, -bias)))


def half_life_of_bias(bias: float) -> float:
    """Half-life in steps if sigmoid(bias) is kept per step: ln 2 / ln(1 + exp(-bias)), exact for any bias."""
    return float(np.log(2) / np.logaddexp(0.0, -bias))


def mean_age_of_bias(bias: float) -> float:
    """Mean age in steps of what a memory holds that keeps f = sigmoid(bias) per step and is always being written.

    A write of k steps ago counts f**k, so it is f / (1 - f) = exp(bias): 0 for what was written just now.
    """
    return float(np.exp(bias))


@overload
def half_life(share: float) -> float: ...
@overload
def half_life(share: np.ndarray) -> np.ndarray: ...
def half_life(share: np.ndarray | float) -> np.ndarray | float:
    """Half-life in steps when `share` (0..1) is kept per step, ln(1/2) / ln(share): infinite at 1, 0 at 0.

    For a share very near 1 `half_life_of_bias` keeps the digits that the share itself has lost.
    """
    share = np.asarray(share, dtype=float)
    inside = (share > 0) & (share < 1)
    return np.where(
        inside, -np.log(2) / np.log(np.where(inside, share, 0.5)), np.where(share > 0, np.inf, 0.0)
    )[()]


@overload
def time_constant(share: float) -> float: ...
@overload
def time_constant(share: np.ndarray) -> np.ndarray: ...
def time_constant(share: np.ndarray | float) -> np.ndarray | float:
    """1 / (1 - share), in steps: infinite at 1 (Tallec & Ollivier 2018)."""
    lost = 1 - np.asarray(share, dtype=float)
    return np.where(lost > 0, 1 / np.where(lost > 0, lost, 1.0), np.inf)[()]


def kept(recording: Recording) -> np.ndarray | None:
    """Share of the memory kept at each step (time, batch, unit): LSTM f, GRU 1 - z; else None."""
    cell = recording.cell
    for name in cell.named(*KEEPERS):
        gate = getattr(recording.vectors, name)
        return gate if cell.role(name) == "keep" else 1 - gate
    return None


def mean_share(recording: Recording, start: int = 0, stop: int | None = None) -> np.ndarray | None:
    """Share kept per step by each unit (batch, unit): the geometric mean of `kept` over the steps start:stop.

    The geometric mean, because what is left after k steps is the product of k shares. Over all steps where
    the range is empty.
    """
    shares = kept(recording)
    if shares is None:
        return None
    chosen = shares[start:stop] if len(shares[start:stop]) else shares
    if chosen.min() > 0:
        return np.exp(np.log(chosen).mean(axis=0))
    positive = np.where(chosen > 0, chosen, 1.0)
    return np.where((chosen > 0).all(axis=0), np.exp(np.log(positive).mean(axis=0)), 0.0)


def predicted_half_lives(recording: Recording, start: int = 0, stop: int | None = None) -> np.ndarray | None:
    """Half-life (batch, unit) that the gates alone promise, from `mean_share`; None without such a gate.

    The median unit counts, not the half-life of the mean gate: with spread biases they differ by factors.
    """
    share = mean_share(recording, start, stop)
    return None if share is None else half_life(share)


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


def lull(inputs: np.ndarray) -> tuple[int, int] | None:
    """The longest stretch in which something written can be watched alone: (start, stop), where the inputs
    (time, ...) are not 0 at `start` and 0 from there to `stop`. None if two steps of 0 follow no input."""
    written = np.flatnonzero(inputs.reshape(len(inputs), -1).any(axis=1))
    if not written.size:
        return None
    lengths = np.append(written[1:], len(inputs)) - written
    longest = int(lengths.argmax())
    start, length = int(written[longest]), int(lengths[longest])
    return (start, start + length) if length > 2 else None
