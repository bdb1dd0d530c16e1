"""Numbers that facts of several groups take from an Experiment, and rows that a page can show."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from recurrent_core import analysis
from recurrent_core.cell import Gradients
from recurrent_core.lab.experiment import PRESETS, Experiment, learning_signal, simulate
from recurrent_core.lab.facts.fact import Expected, Fact
from recurrent_core.run import Recording

SEEDS = 11


def over_seeds(number: Callable[[Experiment], float], count: int = SEEDS) -> Callable[[Experiment], float]:
    """The median of a number over the experiment's seed and the `count` - 1 after it."""

    def median(experiment: Experiment) -> float:
        return float(np.median([number(replace(experiment, seed=experiment.seed + k)) for k in range(count)]))

    return median


def recorded(experiment: Experiment) -> Recording:
    return simulate(experiment).recording


def learned(experiment: Experiment) -> tuple[Recording, Gradients]:
    """What was recorded, and the gradients of the experiment's loss."""
    simulation = simulate(experiment)
    return simulation.recording, learning_signal(simulation)


@lru_cache(maxsize=64)
def gradient_norms(experiment: Experiment) -> np.ndarray:
    """Norm of the gradient by the memory at each step (time,)."""
    recording, gradients = learned(experiment)
    return analysis.norms(getattr(gradients.vectors, recording.cell.memory))[:, 0]


def reach(experiment: Experiment) -> float:
    """The gradient `distance` steps back, relative to the last step."""
    return float(analysis.back(analysis.relative(gradient_norms(experiment)), experiment.distance))


def seen_half_life(experiment: Experiment) -> float:
    """Steps until half of what was written is left."""
    return analysis.seen_half_life(analysis.memory_size(recorded(experiment))[:, 0]).steps


def left(experiment: Experiment) -> float:
    """Share of the memory at the write that is left at the time cursor."""
    memory = analysis.memory_size(recorded(experiment))[:, 0]
    return memory[experiment.cursor] / memory[experiment.pulse_at]


DEFAULT, NOISE = PRESETS["write_once"], PRESETS["noise"]
MEDIAN_REACH = over_seeds(reach)


def at(step: int, preset: str = "write_once", **changes: Any) -> Experiment:
    """A preset with the time cursor at a step."""
    return replace(PRESETS[preset], cursor=step, **changes)


def on_gates(
    name: str,
    group: str,
    source: str,
    expected: Expected,
    compute: Callable[[Experiment], float],
    given: Experiment,
    **wrong: Any,
) -> Fact[Experiment]:
    """A fact that the Gates page shows, `wrong` being what is changed of the settings."""
    return Fact(name, group, source, expected, compute, given, replace(given, **wrong), "gates", given)


def on_gradients(
    name: str,
    group: str,
    expected: Expected,
    given: Experiment,
    compute: Callable[[Experiment], float] = MEDIAN_REACH,
    source: str = "medians",
    **wrong: Any,
) -> Fact[Experiment]:
    """A fact that the Gradients page shows, `wrong` being what is changed of the settings."""
    return Fact(name, group, source, expected, compute, given, replace(given, **wrong), "gradients", given)


def rnn(experiment: Experiment) -> Experiment:
    return replace(experiment, network="rnn")


def gru(experiment: Experiment) -> Experiment:
    return replace(experiment, network="gru")
