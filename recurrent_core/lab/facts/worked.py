"""The worked example: one unit, (input weight, recurrent weight) of each gate, biases 0, x = 1, 2, 3."""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from recurrent_core.arrays import Affine
from recurrent_core.cells.lstm import LSTM
from recurrent_core.lab.facts.fact import Expected, Fact, about, seen
from recurrent_core.run import run

Weights = Mapping[str, tuple[float, float]]

WEIGHTS = {"i": (0.6, 0.2), "f": (0.5, 0.1), "g": (0.7, 0.3), "o": (0.8, 0.4)}
SWAPPED = WEIGHTS | {"i": WEIGHTS["f"], "f": WEIGHTS["i"]}
NO_RECURRENCE = {gate: (w, 0.0) for gate, (w, _) in WEIGHTS.items()}
SHOWN_IS_LET_IN = WEIGHTS | {"i": WEIGHTS["o"], "o": WEIGHTS["i"]}


def worked(weights: Weights, name: str, step: int) -> float:
    """A vector of the worked example at a step."""
    params = LSTM.Params(
        **{gate: Affine(np.array([[w]]), np.array([[u]]), np.zeros(1)) for gate, (w, u) in weights.items()}
    )
    return getattr(run(LSTM, params, np.array([1.0, 2, 3]).reshape(3, 1, 1)).vectors, name)[step, 0, 0]


def first(name: str) -> Callable[[Weights], float]:
    return partial(worked, name=name, step=0)


def third(name: str) -> Callable[[Weights], float]:
    return partial(worked, name=name, step=2)


def _worked(
    name: str, expected: Expected, compute: Callable[[Weights], float], wrong: Weights, step: int
) -> Fact[Weights]:
    opened = seen("worked_example", cursor=step)
    return Fact(f"worked_{name}", "worked", "course", expected, compute, WEIGHTS, wrong, "step", opened)


WORKED = (
    _worked("f1", about(0.6225, 6e-5), first("f"), SWAPPED, 0),
    _worked("i1", about(0.6457, 6e-5), first("i"), SWAPPED, 0),
    _worked("c1", about(0.3902, 6e-5), first("c"), SHOWN_IS_LET_IN, 0),
    _worked("h1", about(0.2564, 6e-5), first("h"), SHOWN_IS_LET_IN, 0),
    _worked("c3", about(1.6721, 6e-5), third("c"), NO_RECURRENCE, 2),
    _worked("h3", about(0.8707, 6e-5), third("h"), NO_RECURRENCE, 2),
)
