"""The theorem of Pascanu, Mikolov & Bengio (2013), and their one-unit network."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from recurrent_core.analysis import one_unit
from recurrent_core.analysis.contributions import clip_by_norm
from recurrent_core.analysis.jacobians import state_jacobians
from recurrent_core.analysis.products import jacobian_products
from recurrent_core.cells.rnn import RNN
from recurrent_core.lab.facts.fact import Fact, about, between
from recurrent_core.lab.facts.of_experiments import SEEDS
from recurrent_core.run import run

Clip = Callable[[np.ndarray, float], np.ndarray]


class Theorem(NamedTuple):
    """h = tanh(x + h U), U = scale * orthogonal, noise of standard deviation .1, h_0 = 0, 32 units."""

    scale: float
    steps: int


def rnn_jacobian(theorem: Theorem) -> float:
    """Largest singular value of dh_T/dh_0, median over seeds."""
    values = []
    for seed in range(SEEDS):
        (affine,) = RNN.init(np.random.default_rng(seed), 32, 32, gain=theorem.scale)
        noise = 0.1 * np.random.default_rng((seed, 1)).standard_normal((theorem.steps, 1, 32))
        recording = run(RNN, RNN.Params(affine._replace(W=np.eye(32))), noise)
        values.append(jacobian_products(state_jacobians(recording), [theorem.steps]).log10[0, 0])
    return 10 ** np.median(values)


def steepest(w: float) -> float:
    """The bias at which E after 50 steps is steepest, looked for in -4..-2."""
    b = np.linspace(-4, -2, 20001)
    return b[np.nanargmax(np.abs(one_unit.error(np.full_like(b, w), b).by_b))]


def fold(w: float, which: str) -> float:
    """The bias at which two fixed points meet, the "low" or the "high" one; NaN where none do."""
    found = one_unit.folds(w)
    return np.nan if found is None else getattr(found, which)


def fixed_points(b: float) -> float:
    """How many there are with w = 5."""
    return len(one_unit.fixed_points(5.0, b))


def clipping_error(clip: Clip) -> float:
    """Largest difference from (.6, -.8), which is (3, -4) clipped to norm 1."""
    return np.abs(clip(np.array([3.0, -4.0]), 1.0) - [0.6, -0.8]).max()


def by_value(gradient: np.ndarray, threshold: float) -> np.ndarray:
    """Clip each entry by itself, which turns the gradient."""
    return np.clip(gradient, -threshold, threshold)


THEOREM = (
    Fact("decay_10", "theorem", "pascanu_7", between(0.29, 0.33), rnn_jacobian, Theorem(0.9, 10), Theorem(0.95, 10)),
    Fact("decay_50", "theorem", "pascanu_7", between(1.1e-3, 1.9e-3), rnn_jacobian, Theorem(0.9, 50),
         Theorem(0.95, 50)),
    Fact("no_explosion", "theorem", "pascanu_6", between(0.88, 3.5), rnn_jacobian, Theorem(1.1, 50),
         Theorem(1.3, 50)),
    Fact("wall_5", "theorem", "pascanu_fig_6", about(-2.6123, 2e-4), steepest, 5.0, 5.01),
    Fact("fold_low", "theorem", "pascanu_fig_3", about(-2.65561, 6e-6), partial(fold, which="low"), 5.0, 5.001),
    Fact("fold_high", "theorem", "pascanu_fig_3", about(-2.34439, 6e-6), partial(fold, which="high"), 5.0, 5.001),
    Fact("three_points", "theorem", "pascanu_fig_3", about(3, 0), fixed_points, -2.5, -2.7),
    Fact[Clip]("clipping", "theorem", "pascanu_clip", about(0, 1e-15), clipping_error, clip_by_norm, by_value),
)  # fmt: skip
