"""Arrays that every cell shares: the squashing functions and their slopes, the affine map, trees of arrays.

Axes are always (time, batch, unit) or (time, batch, input); one step has (batch, unit), (batch, input).
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar, cast

import numpy as np

Tree = TypeVar("Tree")  # an array, or NamedTuples of arrays or of further NamedTuples

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


def tanh_slope(a: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Derivative of tanh at a, 1 - tanh(a)**2, 0 to 1, with all its digits where tanh(a) is nearly 1.

    tanh(a) = 2 sigmoid(2 a) - 1, so its slope is 4 times the sigmoid's at 2 a.
    """
    e = np.abs(a)
    e *= -2
    np.exp(e, out=e)
    out = np.add(e, 1, out=out)
    np.square(out, out=out)
    np.divide(e, out, out=out)
    return np.multiply(out, 4, out=out)


def slope_of(e: np.ndarray, sigmoid: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Derivative of sigmoid(a) from e = exp(-a) and sigmoid(a) = 1 / (1 + e): e / (1 + e)**2, digits and all.

    Where e has overflowed the slope is 0.
    """
    if np.isposinf(e.max()):
        e = np.minimum(e, np.finfo(e.dtype).max)
    out = np.multiply(e, sigmoid, out=out)
    return np.multiply(out, sigmoid, out=out)


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


def flip(array: np.ndarray) -> np.ndarray:
    """(time, batch, unit) as (time, unit, batch) and back: a view."""
    return array.swapaxes(1, 2)


def stack(inputs: np.ndarray, first: np.ndarray) -> np.ndarray:
    """What every gate reads, (time + 1, unit + input + 1, batch): a hidden state, the input, and 1 for the bias.

    Of the hidden states only the first (batch, unit) is there; the last step has no input.
    """
    time, batch, size = inputs.shape
    units = first.shape[1]
    stacked = np.empty((time + 1, units + size + 1, batch), inputs.dtype)
    stacked[0, :units] = first.T
    stacked[:time, units:-1] = flip(inputs)
    stacked[time, units:-1] = 0
    stacked[:, -1] = 1
    return stacked


def join(*affines: Affine) -> np.ndarray:
    """Several gates as one matrix (gates * unit, unit + input + 1), for the product with a `stack`'s step."""
    return np.concatenate([np.concatenate([a.U, a.W, a.b[None]]).T for a in affines])


def stack_back(
    stacked: np.ndarray, da: np.ndarray, affines: tuple[Affine, ...]
) -> tuple[list[Affine], np.ndarray]:
    """Derivatives (dW, dU, db) of each gate and dx (time, batch, input), summed over steps.

    Given what the gates read, a `stack` without its last step, and da (time, gates * unit, batch).
    """
    units, (input_size, W) = len(affines[0].b), (len(affines[0].W), fuse(*affines).W)
    dx = np.empty((len(da), da.shape[2], input_size), da.dtype)
    total = np.zeros((stacked.shape[1], da.shape[1]), da.dtype)
    for s in blocks(da, 2**20):
        by_row = flip(da[s]).reshape(-1, da.shape[1])
        total += flip(stacked[s]).reshape(-1, stacked.shape[1]).T @ by_row
        np.dot(by_row, W.T, out=dx[s].reshape(-1, input_size))
    gates = split(total, len(affines))
    return [Affine(gate[units:-1], gate[:units], gate[-1]) for gate in gates], dx


def blocks(array: np.ndarray, size: int = 2**18) -> list[slice]:
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


def tree_map(function: Callable[..., np.ndarray], tree: Tree, *others: Tree) -> Tree:
    """`function` of the corresponding arrays of nested NamedTuples, in the same NamedTuples."""
    if not isinstance(tree, tuple):
        return cast(Tree, function(tree, *others))
    trees = cast(tuple[tuple[np.ndarray, ...], ...], (tree, *others))
    return type(tree)(*(tree_map(function, *branches) for branches in zip(*trees, strict=True)))


def leaves(tree: Tree) -> Iterator[np.ndarray]:
    """The arrays of nested NamedTuples, in the order of their fields."""
    if isinstance(tree, tuple):
        for branch in tree:
            yield from leaves(branch)
    else:
        yield cast(np.ndarray, tree)


def outline(value: object) -> str:
    """A value in one short line for a message: the shape of an array, the fields of a NamedTuple."""
    if isinstance(value, np.ndarray):
        return f"array {value.shape}"
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return f"{type(value).__name__}({', '.join(value._fields)})"
    text = " ".join(repr(value).split())
    return text if len(text) <= 80 else f"{text[:79]}…"
