"""Numbers that facts of several groups take from an Experiment, and rows that a page can show."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from recurrent_core import analysis
from recurrent_core.cell import Gradients
from recurrent_core.lab.experiment import Experiment
from recurrent_core.lab.facts.fact import Expected, Fact, Seen, seen
from recurrent_core.lab.presets import DEFAULT
from recurrent_core.lab.simulate import learning_signal, simulate
from recurrent_core.run import Recording

SEEDS = 11


def over_seeds(number: Callable[[Seen], float], count: int = SEEDS) -> Callable[[Seen], float]:
    """The median of a number over the experiment's seed and the `count` - 1 after it."""

    def median(of: Seen) -> float:
        return float(np.median([number(of.change(seed=of.experiment.seed + k)) for k in range(count)]))

    return median


def recorded(of: Seen) -> Recording:
    return simulate(of.experiment).recording


def learned(of: Seen) -> tuple[Recording, Gradients]:
    """What was recorded, and the gradients of the experiment's loss."""
    simulation = simulate(of.experiment)
    return simulation.recording, learning_signal(simulation)


@lru_cache(maxsize=64)
def gradient_norms(experiment: Experiment) -> np.ndarray:
    """Norm of the gradient by the memory at each step (time,)."""
    recording, gradients = learned(Seen(experiment))
    return analysis.norms(getattr(gradients.vectors, recording.cell.memory))[:, 0]


def reach(of: Seen) -> float:
    """The gradient `distance` steps back, relative to the last step."""
    return float(analysis.back(analysis.relative(gradient_norms(of.experiment)), of.distance))


def seen_half_life(of: Seen) -> float:
    """Steps until half of what was written is left."""
    return analysis.seen_half_life(analysis.memory_size(recorded(of))[:, 0]).steps


def left(of: Seen) -> float:
    """Share of the memory at the write that is left at the time cursor."""
    memory = analysis.memory_size(recorded(of))[:, 0]
    return memory[of.cursor] / memory[of.experiment.pulse_at]


PULSE, NOISE = seen(), seen("noise")
MEDIAN_REACH = over_seeds(reach)


def at(step: int, preset: str = DEFAULT, **changes: Any) -> Seen:
    """A preset with the time cursor at a step."""
    return seen(preset, cursor=step).change(**changes)


def on_gates(
    name: str,
    group: str,
    source: str,
    expected: Expected,
    compute: Callable[[Seen], float],
    given: Seen,
    **wrong: Any,
) -> Fact[Seen]:
    """A fact that the Gates page shows, `wrong` being what is changed of the settings."""
    return Fact(name, group, source, expected, compute, given, given.change(**wrong), "gates", given)


def on_gradients(
    name: str,
    group: str,
    expected: Expected,
    given: Seen,
    compute: Callable[[Seen], float] = MEDIAN_REACH,
    source: str = "medians",
    **wrong: Any,
) -> Fact[Seen]:
    """A fact that the Gradients page shows, `wrong` being what is changed of the settings."""
    return Fact(name, group, source, expected, compute, given, given.change(**wrong), "gradients", given)


def rnn(of: Seen) -> Seen:
    return of.change(network="rnn")


def gru(of: Seen) -> Seen:
    return of.change(network="gru")
