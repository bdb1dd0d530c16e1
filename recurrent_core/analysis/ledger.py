"""The ledger of a memory: which steps wrote what it holds now, and how much is left of each write.

A memory that keeps a share k of itself and lets in a share u of a candidate a,

    m_t = k_t m_(t-1) + u_t a_t

is a weighted sum of all that was ever offered to it (Levy, Lee, FitzGerald & Zettlemoyer 2018):

    m_t = sum over j of w[t, j] a_j + (k_1 k_2 ... k_t) m_0        w[t, j] = u_j * product of k_s over s = j+1..t

LSTM: m = c, k = f, u = i, a = g. GRU: m = h, k = 1 - z, u = z, a = n; there the weights and what is left of m_0 add
up to 1. Where a clamp holds the memory, its value takes the place of a candidate that is let in whole, and nothing
older is left. The plain RNN has no such ledger: it keeps no share of h, but makes all of it anew at every step.
"""

from typing import NamedTuple

import numpy as np

from recurrent_core.analysis.memory import kept
from recurrent_core.clamp import lay_out
from recurrent_core.run import Recording


class Ledger(NamedTuple):
    """What one memory is made of just after a step, unit by unit: `amounts` and `initial` add up to it."""

    weights: np.ndarray  # (step + 1, unit): share of each step's candidate, or held value, that is there now
    amounts: np.ndarray  # (step + 1, unit): the weights times those candidates or held values
    held: np.ndarray  # (step + 1, unit): where it was a clamp of the memory that put the value there
    kept: np.ndarray  # (unit,): share of the memory before the first step that is left
    initial: np.ndarray  # (unit,): what that is


class Sources(NamedTuple):
    """Shares of the sources in all that a memory is made of, in absolute amounts over its units: together 1.

    Absolute amounts, because writes of opposite signs cancel: they are there all the same, and can be more than what
    they sum to. All are NaN where nothing is there, or where not all is finite.
    """

    written: np.ndarray  # (step + 1,): by each step
    held: np.ndarray  # (step + 1,): by clamps of the memory at each step
    initial: float  # by the memory before the first step
    age: float  # mean age in steps of all this: 0 for the last step's own, step + 1 for `initial`


@np.errstate(all="ignore")
def ledger(recording: Recording, step: int = -1, batch: int = 0) -> Ledger | None:
    """What the memory holds just after `step`, by the steps that wrote it, in float64; None without a ledger: RNN.

    Gates and candidate are told by their roles, so any cell whose memory is kept by one gate (keep) and written by
    another (write), or both by one (replace), has a ledger. A product of shares that underflows is 0, as what it
    stands for then is. O(step * unit).

    Raises ValueError for a step that was not recorded.
    """
    cell, (time, _, units) = recording.cell, recording.vectors.h.shape
    shares, gates, candidates = kept(recording), cell.named("write", "replace"), cell.named("candidate")
    if not -time <= step < time:
        raise ValueError(f"expected one of {time} steps, got step {step}")
    if shares is None or not gates or not candidates:
        return None
    steps = range(time)[step] + 1

    def until(vectors: np.ndarray) -> np.ndarray:
        return vectors[:steps, batch].astype(np.float64)

    keep, let_in, candidate = (
        until(vectors)
        for vectors in (
            shares,
            getattr(recording.vectors, gates[0]),
            getattr(recording.vectors, candidates[0]),
        )
    )
    places = lay_out(recording.clamps, time, units, np.dtype(float)).places.get(cell.memory)
    held = np.zeros(keep.shape, dtype=bool) if places is None else places[:steps, 0]

    left = np.concatenate([keep, np.ones_like(keep[:1])])  # row j: share left of what was there before step j
    left = np.cumprod(left[::-1], axis=0)[::-1]
    weights = np.where(held, 1.0, let_in) * left[1:]
    amounts = weights * np.where(held, until(getattr(recording.vectors, cell.memory)), candidate)
    share = left[0]
    initial = share * getattr(recording.initial, cell.memory)[batch]
    gone = np.logical_or.accumulate(held[::-1], axis=0)[::-1]  # row j: held at step j or later
    gone = np.concatenate([gone, np.zeros_like(gone[:1])])
    for of_steps in (weights, amounts):
        of_steps[gone[1:]] = 0.0  # and not a product, which may be NaN
    for of_start in (share, initial):
        of_start[gone[0]] = 0.0
    return Ledger(weights, amounts, held, share, initial)


@np.errstate(all="ignore")
def sources(found: Ledger) -> Sources:
    """How much of a memory comes from each source, and how old it is on average."""
    sizes = np.abs(found.amounts)
    initial = np.abs(found.initial).sum()
    by_step = sizes.sum(axis=1)
    total = by_step.sum() + initial
    held = np.where(found.held, sizes, 0.0).sum(axis=1)
    ages = np.arange(len(sizes))[::-1]
    age = (ages @ by_step + len(sizes) * initial) / total
    return Sources((by_step - held) / total, held / total, float(initial / total), float(age))


def newest_half(found: Sources) -> int:
    """How many of the last steps together make up half or more of a memory; all and one more where that takes what
    was there before the first step, or where the shares are NaN."""
    from_the_end = np.cumsum((found.written + found.held)[::-1])
    enough = np.flatnonzero(from_the_end >= 0.5)
    return int(enough[0]) + 1 if enough.size else len(from_the_end) + 1
