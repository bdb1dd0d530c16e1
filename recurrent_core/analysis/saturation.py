"""How often a gate is nearly closed or nearly open, where it learns little."""

from typing import NamedTuple

import numpy as np

from recurrent_core.cell import GATES
from recurrent_core.run import Recording

SATURATED_LOW, SATURATED_HIGH = 0.1, 0.9  # Karpathy, Johnson & Li 2015


class Saturation(NamedTuple):
    """Shares of steps, 0 to 1, in which a gate is nearly closed (below .1) and nearly open (above .9)."""

    low: np.ndarray
    high: np.ndarray


def beyond(recording: Recording) -> bool:
    """Whether a recorded vector leaves the range in which it is drawn; of the built-in cells only c can."""
    pairs = zip(recording.vectors, recording.cell.quantities, strict=True)
    return any(
        not quantity.bounded and bool((np.abs(vector) > quantity.high).any()) for vector, quantity in pairs
    )


def saturated_steps(gate: np.ndarray, low: float = SATURATED_LOW, high: float = SATURATED_HIGH) -> Saturation:
    """Shares of steps (batch, unit) in which each unit of a gate (time, batch, unit) is saturated."""
    return Saturation((gate < low).mean(axis=0), (gate > high).mean(axis=0))


def saturations(recording: Recording) -> dict[str, Saturation]:
    """Shares of steps (batch, unit) in which each unit of each gate is saturated (Karpathy, Johnson and Li 2015).

    A network without gates has its memory instead, whose values go from -1 to 1: below -.9 and above .9.
    """
    found = {name: saturated_steps(gate) for name, gate in gates(recording).items()}
    if found:
        return found
    memory = recording.cell.memory
    return {memory: saturated_steps(getattr(recording.vectors, memory), -SATURATED_HIGH, SATURATED_HIGH)}


def gates(recording: Recording) -> dict[str, np.ndarray]:
    """The recorded vectors that are gates, 0 to 1: LSTM i f o, GRU r z, none for the RNN."""
    return {name: getattr(recording.vectors, name) for name in recording.cell.named(*GATES)}


def saturated_share(recording: Recording) -> Saturation | None:
    """Shares of the values of all gates, steps and units below .1 and above .9; None without gates."""
    values = list(gates(recording).values())
    if not values:
        return None
    count = sum(gate.size for gate in values)
    low = sum(np.count_nonzero(gate < SATURATED_LOW) for gate in values)
    high = sum(np.count_nonzero(gate > SATURATED_HIGH) for gate in values)
    return Saturation(np.asarray(low / count), np.asarray(high / count))
