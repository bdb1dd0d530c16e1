"""Input sequences: synthetic ones that isolate one effect, and real ones (a text, prices, pasted numbers).

Every signal holds float64 inputs with axes (time, input). What a person typed or uploaded is untrusted: what
cannot be used raises `InputError`, one sentence with what was expected, what came and what to do.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from recurrent_core.tables import Table, one_hot, standardise

NOTEBOOK_CHANNELS = ("value", "write", "read", "erase")
EXAMPLE_TEXT = "to be or not to be"
EXAMPLE_DATA = "0 1 2 3 2 1 0 -1 -2 -3 -2 -1 0 1 2 3 2 1 0 -1 -2 -3 -2 -1"


class Signal(NamedTuple):
    """An input sequence: inputs (time, input), a name per channel and, if steps have labels, one per step."""

    inputs: np.ndarray
    channels: tuple[str, ...]
    ticks: tuple[str, ...] | None = None

    def __repr__(self) -> str:
        return f"Signal({len(self.inputs)} steps x {len(self.channels)} channels)"


def pulses(steps: int, at: Sequence[int]) -> Signal:
    """1 at the steps `at`, 0 elsewhere; a step beyond the end means the last one."""
    inputs = np.zeros((steps, 1))
    inputs[[min(step, steps - 1) for step in at]] = 1.0
    return Signal(inputs, ("pulse",))


def count(steps: int, first: int, period: int) -> Signal:
    """A pulse at step `first` and at every `period`-th step after it."""
    return pulses(steps, range(min(first, steps - 1), steps, period))


def step(steps: int, at: int) -> Signal:
    """0 before step `at`, 1 from there on."""
    return Signal(np.where(np.arange(steps) < min(at, steps - 1), 0.0, 1.0)[:, None], ("step",))


def sine(steps: int, period: int) -> Signal:
    """A sine of amplitude 1 that starts at 0 and repeats after `period` steps."""
    return Signal(np.sin(2 * np.pi * np.arange(steps) / period)[:, None], ("sine",))


def noise(steps: int, rng: np.random.Generator, sd: float = 1.0) -> Signal:
    """Gaussian white noise; a longer sequence of the same generator begins with the shorter one."""
    return Signal(sd * rng.standard_normal((steps, 1)), ("noise",))


def notebook(steps: int, rng: np.random.Generator, sd: float = 0.3) -> Signal:
    """A noisy value and three commands: write, read, erase.

    The value is noise, +1 at step 8, where "write" comes with it, and -1 at step 20, where it does not.
    "read" comes at steps 30 and 50, "erase" at 40. Commands beyond the end do not come.
    """
    inputs = np.zeros((steps, len(NOTEBOOK_CHANNELS)))
    inputs[:, 0] = noise(steps, rng, sd).inputs[:, 0]
    events = ((8, "value", 1.0), (20, "value", -1.0), (8, "write", 1.0), (30, "read", 1.0), (50, "read", 1.0))
    for at, channel, size in (*events, (40, "erase", 1.0)):
        inputs[at : at + 1, NOTEBOOK_CHANNELS.index(channel)] = size
    return Signal(inputs, NOTEBOOK_CHANNELS)


def text(typed: str) -> Signal:
    """One step per character, one channel per distinct character. Raises InputError as `one_hot`."""
    return Signal(*one_hot(typed))


def from_table(table: Table, column: str | None = None, standardised: bool = True) -> Signal:
    """A table's columns as input channels, or one of them by name (where none has that name, the first).

    Inputs are standardised per channel, (x - mean) / sd, unless `standardised` is False: a price of 700 taken
    as it is would saturate every gate and show nothing.
    """
    if column is not None:
        place = table.names.index(column) if column in table.names else 0
        table = Table(table.values[:, place : place + 1], table.names[place : place + 1], table.ticks)
    inputs = standardise(table.values) if standardised else table.values.astype(float)
    return Signal(inputs, table.names, table.ticks)
