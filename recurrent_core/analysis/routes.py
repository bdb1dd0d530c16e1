"""The routes that a gradient takes back through time: along the memory itself, and every other.

Everything here is about one sequence of the batch, `batch`; Jacobians and their products are those of
`jacobians` and `products`, and results are log10 or shares.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from recurrent_core.analysis.curves import norms
from recurrent_core.analysis.jacobians import cut_held, derivatives, diagonals, steps_of
from recurrent_core.analysis.products import BLOCK, back_products, checked_distances, scaled
from recurrent_core.arrays import tree_map
from recurrent_core.cell import Gradients
from recurrent_core.clamp import lay_out
from recurrent_core.run import Recording


class Routes(NamedTuple):
    """log10 of three spectral norms by distance k: their matrices add up, they themselves don't.

    total  d memory_T / d memory_(T-k), whatever way it takes
    cell   the part that passes no gate's or candidate's pre-activation: LSTM product of f, GRU of 1 - z
    rest   total minus cell
    """

    distances: np.ndarray
    total: np.ndarray
    cell: np.ndarray | None  # None without such a route: RNN
    rest: np.ndarray | None


class RouteShares(NamedTuple):
    """Norms of the cell route's part of a gradient and of the rest, as shares of the gradient's norm.

    They are lengths of two vectors whose sum is the gradient: they add up to 1 or more.
    """

    distances: np.ndarray
    cell: np.ndarray
    rest: np.ndarray


@np.errstate(all="ignore")
def routes(recording: Recording, distances: Sequence[int] | None = None, batch: int = 0) -> Routes:
    """How much of the memory's derivative over k steps goes along the memory itself; k any of `distances`.

    None takes 0 to time - 1. The total is that of the full state, [J_cc + J_ch diag(o (1 - tanh(c)^2))] of the
    product for the LSTM: the same that `grads.vectors.c` propagates. A product of one-step derivatives of c
    alone is something else from two steps on, for it misses what stays in h. NaN from the distance on at
    which a Jacobian is not finite.

    Raises ValueError for distances outside 0..time - 1.
    """
    by_state, by_memory = derivatives(recording, batch)
    time, size, units = by_memory.shape
    chosen = checked_distances(distances, 0, time - 1)
    field = recording.cell.State._fields.index(recording.cell.memory)
    rows = np.eye(size)[field * units : (field + 1) * units]
    products, exponents = _scaled_back(rows, by_state[1:])
    usable = chosen < len(products)
    near = chosen[usable]
    total, exponents = products[near] @ by_memory[time - 1 - near], exponents[near]

    def curve(matrices: np.ndarray, exponents: np.ndarray) -> np.ndarray:
        result = np.full(len(chosen), np.nan)
        result[usable] = np.log10(_spectral_norms(matrices)) + exponents * np.log10(2)
        return result

    kept = cell_route(recording, batch)
    if kept is None:
        return Routes(chosen, curve(total, exponents), None, None)
    signs, logs = _product_back(kept)
    signs, log2 = signs[near], logs[near] / np.log(2)
    highest = np.maximum(exponents, np.ceil(log2.max(axis=-1)))
    rest = total * np.exp2(exponents - highest)[:, None, None]
    diagonals(rest)[:] -= signs * np.exp2(log2 - highest[:, None])
    along = logs[chosen].max(axis=-1) / np.log(10)
    return Routes(chosen, curve(total, exponents), along, curve(rest, highest))


def _scaled_back(left: np.ndarray, jacobians: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """left and the products of `back_products`, scaled every few steps: each times 2**exponent, (product,)."""
    products, exponents, exponent = [left[None]], [0], 0
    for stop in range(len(jacobians), 0, -BLOCK):
        block = back_products(left, jacobians[max(0, stop - BLOCK) : stop])
        products.append(block)
        exponents += [exponent] * len(block)
        if len(block) < BLOCK:
            break
        left, shift = scaled(block[-1])
        exponent += shift
    return np.concatenate(products), np.array(exponents)


def cell_route(recording: Recording, batch: int = 0) -> np.ndarray | None:
    """Factor of the memory along its own route, through each step (time, unit); None for the RNN.

    It is the derivative of the new memory by the old with every gate and candidate held: LSTM f, GRU 1 - z,
    0 where a clamp holds the memory. A cell without gates has no such route.
    """
    cell = recording.cell
    state, x, vectors = steps_of(recording, batch)
    if set(cell.Vectors._fields) == set(cell.State._fields):
        return None
    held = lay_out(recording.clamps, len(x), vectors.h.shape[1], x.dtype)

    def cut(name: str, gradient: np.ndarray) -> np.ndarray:
        return cut_held(held, gradient, name) if name in cell.State._fields else np.zeros_like(gradient)

    ones = tree_map(np.zeros_like, state)._replace(**{cell.memory: np.ones_like(vectors.h)})
    back = cell.step_back(recording.params, state, x, vectors, ones, cut)
    return getattr(back.initial, cell.memory)


@np.errstate(all="ignore")
def route_shares(
    recording: Recording, gradients: Gradients, distances: Sequence[int] | None = None, batch: int = 0
) -> RouteShares | None:
    """The same question of one gradient, by the memory: what part of it came back along the cell route.

    `gradients` are those of a loss of the last step. From dL/dm_T the cell route carries dL/dm_T times the
    product of its factors to step T - k; the rest of dL/dm_(T-k) came by other ways. None for the RNN; NaN
    where the gradient is 0 or not finite.

    Raises ValueError for distances outside 0..time - 1.
    """
    kept = cell_route(recording, batch)
    if kept is None:
        return None
    chosen = checked_distances(distances, 0, len(kept) - 1)
    by_memory = getattr(gradients.vectors, recording.cell.memory)[:, batch]
    signs, logs = _product_back(kept)
    along = by_memory[-1] * (signs * np.exp(logs))[chosen]
    whole = by_memory[len(kept) - 1 - chosen]
    length = norms(whole)
    length = np.where(np.isfinite(length) & (length > 0), length, np.nan)
    return RouteShares(chosen, norms(along) / length, norms(whole - along) / length)


def _product_back(factors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Products of the last 0, 1, ... factors (time, unit): their signs, and logs of their sizes."""
    back = np.concatenate([np.ones_like(factors[:1]), factors[:0:-1]]).astype(float)
    with np.errstate(divide="ignore"):
        return np.cumprod(np.sign(back), axis=0), np.cumsum(np.log(np.abs(back)), axis=0)


def _spectral_norms(matrices: np.ndarray) -> np.ndarray:
    """Of the largest singular value A A^T loses no digits, and it costs half of a decomposition of A."""
    scale = np.abs(matrices).max(axis=(1, 2), keepdims=True)
    sized = matrices / np.where(scale > 0, scale, 1.0)
    squares = np.linalg.eigvalsh(sized @ sized.swapaxes(1, 2))[:, -1]
    return np.sqrt(np.maximum(squares, 0.0)) * scale[:, 0, 0]
