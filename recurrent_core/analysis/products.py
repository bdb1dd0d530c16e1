"""Products of Jacobians back from the last step, and their singular values.

    d state_t / d state_(t-k) = J_t @ J_(t-1) @ ... @ J_(t-k+1)

where J_t belongs to step t (see `jacobians`). Products leave float64's range long before a recording ends, so
results are log10.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import NamedTuple

import numpy as np

from recurrent_core.arrays import first_nonfinite

RESOLUTION = 1e-13  # singular values below this share of the largest are not given
UNSEEN = 1e-18  # rows below this share of the largest do not change the singular values that are given
NEGLIGIBLE = (
    1e-100  # below this they are dropped; until then they may matter again, if the larger ones shrink
)
BLOCK = 8  # products between two QR decompositions, at most
TOGETHER = 500  # rows of matrices that are decomposed at once, more than this


class Products(NamedTuple):
    """Singular values of d state_T / d state_(T-k), T the last step, for some distances k.

    `log10` (distance, state) holds their log10, the largest first: it is the spectral norm. What lies below
    1e-13 of the largest is NaN, for float64 does not resolve it; so is everything from the distance on at
    which a Jacobian is not finite. The largest is minus infinity where the product is 0.
    """

    distances: np.ndarray
    log10: np.ndarray


def log_distances(longest: int, count: int = 24) -> np.ndarray:
    """`count` whole distances from 1 to `longest`, evenly spaced on a log axis where they are not too near.

    All of them where there are no more than `count`. For pictures that have to keep up with a drag.
    """
    if longest <= count:
        return np.arange(1, longest + 1)
    chosen = [1]
    for left in range(count - 1, 0, -1):
        chosen.append(max(chosen[-1] + 1, round(chosen[-1] * (longest / chosen[-1]) ** (1 / left))))
    return np.array(chosen)


@np.errstate(all="ignore")
def jacobian_products(jacobians: np.ndarray, distances: Sequence[int] | None = None) -> Products:
    """Singular values of the products of the last k Jacobians (time, state, state), k any of `distances`.

    None takes 0 (the identity) to time (the derivative by the initial state). Computed in float64 and without
    over- or underflow, whatever the number of steps (of Jacobians with norms of 1e-40 to 1e40): every few
    steps the product is scaled by a power of two, and turned by a QR decomposition so that its rows are of
    the sizes of its singular values, whose digits then survive the next products (as in Loh & Gubernatis
    1992). Values that are given agree with a computation in 250 digits to 1e-6.

    Raises ValueError for distances outside 0..time.
    """
    time, size = jacobians.shape[:2]
    chosen = checked_distances(distances, 0, time)
    values, exponents = np.zeros((time + 1, size)), np.zeros((time + 1, 1))
    exponents[1:] = np.nan
    values[0] = 1.0
    with ThreadPoolExecutor(1) as helper:
        # All that the helper does is decompose: where two threads take turns, each turn is a wait for both.
        sought = []
        for group in _together(_products(jacobians, chosen)):
            stack = _stack(group)
            sought.append((group, stack, helper.submit(_singular_values, stack)))
        # From the end: what the helper has not begun is done here.
        for group, stack, found in reversed(sought):
            some = _singular_values(stack) if found.cancel() else found.result()
            places = [one.distance for one in group]
            values[places, : some.shape[1]] = some
            exponents[places, 0] = [one.exponent for one in group]
    given = values > RESOLUTION * values[:, :1]
    given[:, 0] = True
    logs = np.where(given, np.log10(values) + exponents * np.log10(2), np.nan)
    return Products(chosen, logs[chosen])


class _Product(NamedTuple):
    """What is left of the product at a distance, to be multiplied by 2**exponent; its rows are graded."""

    distance: int
    exponent: int
    matrix: np.ndarray  # (row, state)


def _products(jacobians: np.ndarray, distances: np.ndarray) -> Iterator[_Product]:
    """The products at `distances`, up to the last that is finite."""
    time, size = jacobians.shape[:2]
    left, exponent = np.eye(size), 0
    wanted = set(distances.tolist())
    start, longest = 0, max(distances, default=0)
    while start < longest:
        # The first are turned more often: with all directions in sight, their digits are lost the fastest.
        stop = min(start + min(max(2, start // 2), BLOCK), longest)
        products = back_products(left, jacobians[time - stop : time - start])
        if not len(products):
            return
        graded = _graded(products[-1])
        products[-1, : len(graded)], products[-1, len(graded) :] = graded, 0
        for distance, matrix in enumerate(_seen(products), start + 1):
            if distance in wanted:
                yield _Product(distance, exponent, matrix)
        if len(products) < stop - start:
            return
        left, shift = scaled(graded)
        start, exponent = stop, exponent + shift


def _together(products: Iterable[_Product]) -> Iterator[list[_Product]]:
    """Groups of them: NumPy lets another thread run only during a large piece of work."""
    group: list[_Product] = []
    for product in products:
        group.append(product)
        if len(group) * len(group[0].matrix) > TOGETHER:
            yield group
            group = []
    if group:
        yield group


def _stack(group: Sequence[_Product]) -> np.ndarray:
    """Their matrices (product, row, state), those with fewer rows filled up with zeros."""
    rows, size = max(one.matrix.shape for one in group)
    stack = np.zeros((len(group), rows, size))
    for matrices, one in zip(stack, group, strict=True):
        matrices[: len(one.matrix)] = one.matrix
    return stack


def back_products(left: np.ndarray, jacobians: np.ndarray) -> np.ndarray:
    """left @ J_T, left @ J_T @ J_(T-1), ... (product, row, state), up to the last that is finite."""
    products = np.empty((len(jacobians), *left.shape))
    for k, jacobian in enumerate(jacobians[::-1]):
        left = np.matmul(left, jacobian, out=products[k])
    if len(products) and not np.isfinite(products[-1]).all():  # what is not finite stays so
        return products[: first_nonfinite(products)]
    return products


def scaled(matrix: np.ndarray) -> tuple[np.ndarray, int]:
    """A matrix whose largest entry is 1/2 to 1, and the power of two that it is to be multiplied by."""
    exponent = max(int(np.frexp(np.abs(matrix).max())[1]), -1000)
    return matrix * 2.0**-exponent, exponent


def _graded(product: np.ndarray) -> np.ndarray:
    """Another matrix with the same singular values, its rows in about falling order of size.

    R of a QR decomposition with the largest columns first: a cheap stand-in for pivoting.
    """
    order = np.argsort(-np.abs(product).max(axis=0))
    packed, _ = np.linalg.qr(product.T[order].T, mode="raw")  # transposed, with the reflections below R
    turned = np.empty((min(product.shape), product.shape[1]))
    turned[:, order] = np.where(_upper(product.shape[1])[: len(turned)], packed.T[: len(turned)], 0)
    size = np.abs(turned).max(axis=1)
    return turned[size > NEGLIGIBLE * size.max()] if size.any() else turned[:1]


@cache
def _upper(size: int) -> np.ndarray:
    """Mask of an upper triangle; np.triu makes one for each matrix, which takes half as long as its QR."""
    return ~np.tri(size, k=-1, dtype=bool)


def _seen(products: np.ndarray) -> np.ndarray:
    """Products without the last of their graded rows, those that change no singular value that is given."""
    sizes = np.abs(products) @ np.ones(products.shape[2])
    seen = (sizes > UNSEEN * sizes.max(axis=1, keepdims=True)).any(axis=0)
    return products[:, : max(1, len(seen) - int(seen[::-1].argmax()))]


def _singular_values(matrices: np.ndarray) -> np.ndarray:
    return np.linalg.svd(matrices.swapaxes(1, 2), compute_uv=False)


def largest_singular_value(U: np.ndarray) -> float:
    """Spectral norm of recurrent weights (unit, unit)."""
    return float(np.linalg.svd(U, compute_uv=False)[0])


@np.errstate(divide="ignore")
def log10_bound(U: np.ndarray, distances: Sequence[int] | np.ndarray, gamma: float = 1.0) -> np.ndarray:
    """log10 of eta^k, which the RNN's gradient norm cannot exceed k steps back, eta = gamma * |U|.

    gamma bounds the slope of the squashing function: 1 for tanh, 1/4 for the sigmoid. eta < 1, that is |U|
    below 1 / gamma, is enough to vanish; eta > 1 is necessary, but not enough, to explode. Pascanu, Mikolov &
    Bengio 2013, eqs. 6 and 7.
    """
    return np.asarray(distances) * np.log10(gamma * largest_singular_value(U))


def checked_distances(distances: Sequence[int] | None, low: int, high: int) -> np.ndarray:
    chosen = np.arange(low, high + 1) if distances is None else np.asarray(distances, dtype=int)
    if chosen.size and not (low <= chosen.min() and chosen.max() <= high):
        raise ValueError(f"expected distances of {low} to {high} steps, got {chosen.min()} to {chosen.max()}")
    return chosen
