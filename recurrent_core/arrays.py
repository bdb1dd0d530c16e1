"""Arrays that every cell shares: the squashing functions and their slopes, the affine map, trees of arrays.

Axes are always (time, batch, unit) or (time, batch, input); one step has (batch, unit), (batch, input).
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

SATURATED = 40.0  # 1 + exp(40) is exp(40) in float64 and float32, so the sigmoid is exactly 1 from here on


def sigmoid(a: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """1 / (1 + exp(-a)) for any a, correct to a few units in the last place in both tails; never overflows.

    Written as e / (1 + e) with e = exp(a), because a small result is e itself: sigmoid(-40) is 4e-18, not 0.
    1 - sigmoid(a) is sigmoid(-a), which keeps the digits that the subtraction would lose.
    """
    e = np.minimum(a, SATURATED, out=out)
    e = np.exp(e, out=out)
    return np.divide(e, e + 1, out=out)


def sigmoid_slope(a: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Derivative of the sigmoid at a, sigmoid(a) * sigmoid(-a), 0 to 1/4, with all digits in both tails."""
    e = np.exp(-np.abs(a))
    return np.divide(e, np.square(1 + e), out=out)


def tanh_slope(a: np.ndarray) -> np.ndarray:
    """Derivative of tanh at a, 1 - tanh(a)**2, 0 to 1, with all its digits where tanh(a) is nearly 1.

    tanh(a) = 2 sigmoid(2 a) - 1, so its slope is 4 times the sigmoid's at 2 a.
    """
    return 4 * sigmoid_slope(2 * a)


class Affine(NamedTuple):
    """The affine map of one gate, x @ W + h @ U + b, in row vectors."""

    W: np.ndarray  # (input, unit)
    U: np.ndarray  # (unit, unit)
    b: np.ndarray  # (unit,)

    def __call__(self, x: np.ndarray, h: np.ndarray) -> np.ndarray:
        """Pre-activation (batch, unit) from an input (batch, input) and a hidden state (batch, unit)."""
        return x @ self.W + h @ self.U + self.b

    def back(self, x: np.ndarray, h: np.ndarray, da: np.ndarray) -> tuple["Affine", np.ndarray, np.ndarray]:
        """Derivatives (dW, dU, db), dx and dh, given da = dL/d(pre-activation) (batch, unit)."""
        return Affine(x.T @ da, h.T @ da, da.sum(axis=0)), da @ self.W.T, da @ self.U.T


def fuse(*affines: Affine) -> Affine:
    """Several gates as one affine map, side by side: W (input, gates * unit), U (unit, gates * unit), b."""
    return Affine(*(np.concatenate(arrays, axis=-1) for arrays in zip(*affines, strict=True)))


def split(array: np.ndarray, parts: int) -> list[np.ndarray]:
    """Views of equal parts of the last axis: what `fuse` put side by side, gate by gate."""
    size = array.shape[-1] // parts
    return [array[..., k * size : (k + 1) * size] for k in range(parts)]


def unfuse(affine: Affine, parts: int) -> list[Affine]:
    """The gates that `fuse` put side by side, as views."""
    return [Affine(*arrays) for arrays in zip(*(split(array, parts) for array in affine), strict=True)]


def rows(array: np.ndarray) -> np.ndarray:
    """(time, batch, size) as (time * batch, size), so that one product serves all steps."""
    return array.reshape(-1, array.shape[-1])


def project(array: np.ndarray, W: np.ndarray, b: np.ndarray | float = 0.0) -> np.ndarray:
    """array @ W + b for all steps at once, (time, batch, any)."""
    product = rows(array) @ W
    product += b
    return product.reshape(*array.shape[:-1], -1)


def affine_gradient(x: np.ndarray, h: np.ndarray, da: np.ndarray) -> Affine:
    """(dW, dU, db) of `Affine.back` summed over steps, from arrays (time, batch, any)."""
    x, h, da = rows(x), rows(h), rows(da)
    return Affine(x.T @ da, h.T @ da, da.sum(axis=0))


def blocks(array: np.ndarray, size: int = 2**16) -> list[slice]:
    """Slices of the time axis with about `size` numbers each, so that temporaries stay in the cache."""
    steps = max(1, size // array[0].size)
    return [slice(start, start + steps) for start in range(0, len(array), steps)]


def first_nonfinite(array: np.ndarray) -> int | None:
    """First step of an array (time, ...) that holds an infinity or a NaN; None where all is finite.

    In a gradient, which runs backward, the place where it began is `last_nonfinite`.
    """
    steps = np.flatnonzero(~np.isfinite(array).reshape(len(array), -1).all(axis=1))
    return int(steps[0]) if steps.size else None


def last_nonfinite(array: np.ndarray) -> int | None:
    """Last step of an array (time, ...) that holds an infinity or a NaN; None where all is finite."""
    step = first_nonfinite(array[::-1])
    return None if step is None else len(array) - 1 - step


def tree_map(function: Callable, *trees: Any) -> Any:
    """`function` of the corresponding arrays of nested NamedTuples, in the same NamedTuples."""
    first = trees[0]
    if not isinstance(first, tuple):
        return function(*trees)
    return type(first)(*(tree_map(function, *branches) for branches in zip(*trees, strict=True)))
