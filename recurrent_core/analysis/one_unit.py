"""One unit with a recurrent weight and a bias: where its memories meet and where its error has a wall.

    x_t = w sigmoid(x_(t-1)) + b

Figures 3 and 6 of Pascanu, Mikolov & Bengio (2013), "On the difficulty of training recurrent neural networks".
"""

from typing import NamedTuple

import numpy as np

from recurrent_core.arrays import sigmoid, sigmoid_slope


class Folds(NamedTuple):
    """The biases at which two fixed points meet and vanish; between them the map has three."""

    low: float
    high: float


class Error(NamedTuple):
    """E = (sigmoid(x_T) - target)^2 and its derivatives, in the shape of w and b together."""

    value: np.ndarray
    by_w: np.ndarray
    by_b: np.ndarray


def folds(w: float) -> Folds | None:
    """Where the map's slope at a fixed point is 1: w s (1 - s) = 1, b = x - w s; None up to w = 4."""
    if not w > 4:
        return None
    s = 0.5 * (1 + np.sqrt(1 - 4 / w) * np.array([1, -1]))
    low, high = np.log(s / (1 - s)) - w * s
    return Folds(float(low), float(high))


def fixed_points(w: float, b: float) -> np.ndarray:
    """All x with x = w sigmoid(x) + b, in rising order, by bisection between the extremes of x - w sigmoid(x) - b."""
    ends = np.array([min(b, b + w) - 1.0, max(b, b + w) + 1.0])
    if w > 4:
        s = 0.5 * (1 + np.sqrt(1 - 4 / w) * np.array([-1, 1]))
        ends = np.sort(np.concatenate([ends, np.log(s / (1 - s))]))

    def excess(x: np.ndarray) -> np.ndarray:
        return x - w * sigmoid(x) - b

    low, high = ends[:-1], ends[1:]
    crossing = np.sign(excess(low)) != np.sign(excess(high))
    low, high = low[crossing], high[crossing]
    rising = excess(high) > 0
    for _ in range(100):
        middle = (low + high) / 2
        left = (excess(middle) > 0) == rising
        low, high = np.where(left, low, middle), np.where(left, middle, high)
    return np.unique((low + high) / 2)


def wall(w: float, start: float = 0.5) -> float:
    """The bias that makes `start` a fixed point; where it repels, w s (1 - s) > 1, the error has a wall there."""
    return float(start - w * sigmoid(np.array(start)))


def error(w: np.ndarray, b: np.ndarray, steps: int = 50, start: float = 0.5, target: float = 0.7) -> Error:
    """Error after `steps` steps from `start`, over any grid of w and b that broadcast, with its derivatives.

    The derivatives are carried forward beside x, dx_t = w sigmoid'(x_(t-1)) dx_(t-1) + (sigmoid(x_(t-1)), 1).
    """
    w, b = np.broadcast_arrays(np.asarray(w, dtype=float), np.asarray(b, dtype=float))
    x, by_w, by_b = np.full(w.shape, float(start)), np.zeros(w.shape), np.zeros(w.shape)
    for _ in range(steps):
        s, slope = sigmoid(x), w * sigmoid_slope(x)
        by_w, by_b = slope * by_w + s, slope * by_b + 1
        x = w * s + b
    miss = sigmoid(x) - target
    pull = 2 * miss * sigmoid_slope(x)
    return Error(np.square(miss), pull * by_w, pull * by_b)
