"""Jacobians of the state, their products back from the last step, and the routes that a gradient takes.

One convention throughout: a state is its fields side by side in the order of the cell's State (LSTM h, then
c), and a Jacobian acts on columns, `jacobian[a, b]` = d(new state)[a] / d(old state)[b]. So

    d state_t / d state_(t-k) = J_t @ J_(t-1) @ ... @ J_(t-k+1)        and dL/d(old) = J^T @ dL/d(new)

where J_t belongs to step t. Products leave float64's range long before a recording ends, so results are
log10. Everything here is about one sequence of the batch, `batch`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import NamedTuple

import numpy as np

from recurrent_core.analysis import norms
from recurrent_core.arrays import Affine, first_nonfinite, sigmoid_slope, tanh_slope, tree_map
from recurrent_core.cell import Gradients
from recurrent_core.cells import gru, lstm, rnn
from recurrent_core.clamp import Held, lay_out
from recurrent_core.run import Recording

RESOLUTION = 1e-13  # singular values below this share of the largest are not given
UNSEEN = 1e-18  # rows below this share of the largest do not change the singular values that are given
NEGLIGIBLE = (
    1e-100  # below this they are dropped; until then they may matter again, if the larger ones shrink
)
BLOCK = 8  # products between two QR decompositions, at most
TOGETHER = 500  # rows of matrices that are decomposed at once, more than this
NUMBERS_AT_ONCE = 2**20  # of one temporary, where unit vectors go back through all steps


class Products(NamedTuple):
    """Singular values of d state_T / d state_(T-k), T the last step, for some distances k.

    `log10` (distance, state) holds their log10, the largest first: it is the spectral norm. What lies below
    1e-13 of the largest is NaN, for float64 does not resolve it; so is everything from the distance on at
    which a Jacobian is not finite. The largest is minus infinity where the product is 0.
    """

    distances: np.ndarray
    log10: np.ndarray


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


class Derivatives(NamedTuple):
    """Derivatives of the state that each step leaves."""

    by_state: np.ndarray  # (time, state, state): by the state that the step found
    by_memory: np.ndarray  # (time, state, unit): by the step's own memory, all else that it found fixed


@np.errstate(all="ignore")
def derivatives(recording: Recording, batch: int = 0) -> Derivatives:
    """`state_jacobians`, and how the state depends on the memory of the same step: for the LSTM
    dh/dc = diag(o (1 - tanh(c)^2)) above dc/dc = 1, for a memory h the identity.

    A cell that is not among our own goes through its `step_back`, which is handed all unit vectors of all
    steps as one batch.
    """
    time, _, units = recording.vectors.h.shape
    held = lay_out(recording.clamps, time, units, recording.inputs.dtype)
    return _CLOSED.get(recording.cell.step, by_step_back)(recording, held, batch)


def state_jacobians(recording: Recording, batch: int = 0) -> np.ndarray:
    """d state_t / d state_(t-1) of every step (time, state, state), in the recording's own type.

    Row a, column b: how new state a moves with old state b. LSTM: 2n x 2n in the blocks [[hh, hc], [ch, cc]].
    A row of a held place is 0, as nothing flows through it; step 0 is the derivative by the initial state.
    """
    return derivatives(recording, batch).by_state


def by_step_back(recording: Recording, held: Held, batch: int = 0) -> Derivatives:
    """The derivatives of any cell, from its `step_back` alone: unit vector a comes back as row a."""
    cell = recording.cell
    state, x, vectors = steps_of(recording, batch)
    time, units = vectors.h.shape
    fields = cell.State._fields
    size = len(fields) * units
    unit_vectors = np.eye(size, dtype=x.dtype).reshape(size, len(fields), units)
    found = Derivatives(np.empty((time, size, size), x.dtype), np.empty((time, size, units), x.dtype))
    together = max(1, NUMBERS_AT_ONCE // (size * units))
    for start in range(0, time, together):
        steps = slice(start, min(start + together, time))
        count = steps.stop - start

        def repeated(rows: np.ndarray, steps=steps) -> np.ndarray:
            return np.repeat(rows[steps], size, axis=0)

        def cut(name: str, gradient: np.ndarray, repeated=repeated) -> np.ndarray:
            places = held.places.get(name)
            return gradient if places is None else np.where(repeated(places[:, 0]), 0, gradient)

        dstate = cell.State(*(np.tile(unit_vectors[:, k], (count, 1)) for k in range(len(fields))))
        back = cell.step_back(
            recording.params, tree_map(repeated, state), repeated(x), tree_map(repeated, vectors), dstate, cut
        )
        found.by_state[steps] = np.concatenate(back.initial, axis=-1).reshape(count, size, size)
        found.by_memory[steps] = getattr(back.vectors, cell.memory).reshape(count, size, units)
    return found


def _rnn(recording: Recording, held: Held, batch: int) -> Derivatives:
    """h = tanh(a): diag(1 - h^2) U^T (Pascanu, Mikolov & Bengio 2013)."""
    (state, x, _), (affine,) = steps_of(recording, batch), recording.params
    slope = cut_held(held, tanh_slope(affine(x, state.h)), "h")
    return Derivatives(slope[:, :, None] * affine.U.T, _identities(slope))


def _gru(recording: Recording, held: Held, batch: int) -> Derivatives:
    """h = (1 - z) h' + z n, n's affine map of q = r h': the average, z, and n by way of q."""
    state, x, (r, z, n, _) = steps_of(recording, batch)
    params, h = recording.params, state.h
    slope_r = cut_held(held, sigmoid_slope(params.r(x, h)), "r")
    slope_z = cut_held(held, sigmoid_slope(params.z(x, h)), "z", "h")
    slope_n = cut_held(held, tanh_slope(params.n(x, r * h)), "n", "h")
    q_by_h = (h * slope_r)[:, :, None] * params.r.U.T
    _diagonals(q_by_h)[:] += r
    by_state = (z * slope_n)[:, :, None] * (params.n.U.T @ q_by_h)
    by_state += ((n - h) * slope_z)[:, :, None] * params.z.U.T
    _diagonals(by_state)[:] += cut_held(held, 1 - z, "h")
    return Derivatives(by_state, _identities(z))


def _lstm(recording: Recording, held: Held, batch: int) -> Derivatives:
    """c = f c' + i g, h = o tanh(c): c first, then h, which is reached by way of c and o."""
    state, x, (i, f, g, o, c, _) = steps_of(recording, batch)
    params, h = recording.params, state.h
    time, units = c.shape
    c_by_c = cut_held(held, f, "c")
    c_by_i = cut_held(held, g * sigmoid_slope(params.i(x, h)), "i", "c")
    c_by_f = cut_held(held, state.c * sigmoid_slope(params.f(x, h)), "f", "c")
    c_by_g = cut_held(held, i * tanh_slope(params.g(x, h)), "g", "c")
    h_by_o = cut_held(held, np.tanh(c) * sigmoid_slope(params.o(x, h)), "o", "h")
    h_by_c = cut_held(held, o * tanh_slope(c), "h")
    by_state = np.zeros((time, 2 * units, 2 * units), c.dtype)
    hh, hc = by_state[:, :units, :units], by_state[:, :units, units:]
    ch, cc = by_state[:, units:, :units], by_state[:, units:, units:]
    by_gate = ((c_by_i, params.i), (c_by_f, params.f), (c_by_g, params.g))
    ch[:] = _by_affine(*by_gate)
    hh[:] = _by_affine(*((h_by_c * local, affine) for local, affine in by_gate), (h_by_o, params.o))
    _diagonals(cc)[:] = c_by_c
    _diagonals(hc)[:] = h_by_c * c_by_c
    by_memory = np.zeros((time, 2 * units, units), c.dtype)
    _diagonals(by_memory[:, :units])[:] = h_by_c
    _diagonals(by_memory[:, units:])[:] = 1
    return Derivatives(by_state, by_memory)


_CLOSED: dict[Callable, Callable] = {rnn.step: _rnn, gru.step: _gru, lstm.step: _lstm}


# Products back from the last step


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
    distances = _distances(distances, 0, time)
    values, exponents = np.zeros((time + 1, size)), np.zeros((time + 1, 1))
    exponents[1:] = np.nan
    values[0] = 1.0
    with ThreadPoolExecutor(1) as helper:
        # All that the helper does is decompose: where two threads take turns, each turn is a wait for both.
        sought = []
        for group in _together(_products(jacobians, distances)):
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
    return Products(distances, logs[distances])


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
        products = _back(left, jacobians[time - stop : time - start])
        if not len(products):
            return
        graded = _graded(products[-1])
        products[-1, : len(graded)], products[-1, len(graded) :] = graded, 0
        for distance, matrix in enumerate(_seen(products), start + 1):
            if distance in wanted:
                yield _Product(distance, exponent, matrix)
        if len(products) < stop - start:
            return
        left, shift = _scaled(graded)
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


def _back(left: np.ndarray, jacobians: np.ndarray) -> np.ndarray:
    """left @ J_T, left @ J_T @ J_(T-1), ... (product, row, state), up to the last that is finite."""
    products = np.empty((len(jacobians), *left.shape))
    for k, jacobian in enumerate(jacobians[::-1]):
        left = np.matmul(left, jacobian, out=products[k])
    if len(products) and not np.isfinite(products[-1]).all():  # what is not finite stays so
        return products[: first_nonfinite(products)]
    return products


def _scaled(matrix: np.ndarray) -> tuple[np.ndarray, int]:
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


# Routes


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
    distances = _distances(distances, 0, time - 1)
    field = recording.cell.State._fields.index(recording.cell.memory)
    rows = np.eye(size)[field * units : (field + 1) * units]
    products, exponents = _scaled_back(rows, by_state[1:])
    usable = distances < len(products)
    near = distances[usable]
    total, exponents = products[near] @ by_memory[time - 1 - near], exponents[near]

    def curve(matrices: np.ndarray, exponents: np.ndarray) -> np.ndarray:
        result = np.full(len(distances), np.nan)
        result[usable] = np.log10(_spectral_norms(matrices)) + exponents * np.log10(2)
        return result

    kept = cell_route(recording, batch)
    if kept is None:
        return Routes(distances, curve(total, exponents), None, None)
    signs, logs = _product_back(kept)
    signs, log2 = signs[near], logs[near] / np.log(2)
    highest = np.maximum(exponents, np.ceil(log2.max(axis=-1)))
    rest = total * np.exp2(exponents - highest)[:, None, None]
    _diagonals(rest)[:] -= signs * np.exp2(log2 - highest[:, None])
    along = logs[distances].max(axis=-1) / np.log(10)
    return Routes(distances, curve(total, exponents), along, curve(rest, highest))


def _scaled_back(left: np.ndarray, jacobians: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """left and the products of `_back`, scaled every few steps: each times 2**exponent, (product,)."""
    products, exponents, exponent = [left[None]], [0], 0
    for stop in range(len(jacobians), 0, -BLOCK):
        block = _back(left, jacobians[max(0, stop - BLOCK) : stop])
        products.append(block)
        exponents += [exponent] * len(block)
        if len(block) < BLOCK:
            break
        left, shift = _scaled(block[-1])
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
    held = lay_out(recording.clamps, *vectors.h.shape, x.dtype)

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
    distances = _distances(distances, 0, len(kept) - 1)
    by_memory = getattr(gradients.vectors, recording.cell.memory)[:, batch]
    signs, logs = _product_back(kept)
    along = by_memory[-1] * (signs * np.exp(logs))[distances]
    whole = by_memory[len(kept) - 1 - distances]
    length = norms(whole)
    length = np.where(np.isfinite(length) & (length > 0), length, np.nan)
    return RouteShares(distances, norms(along) / length, norms(whole - along) / length)


# Bounds


def largest_singular_value(U: np.ndarray) -> float:
    """Spectral norm of recurrent weights (unit, unit)."""
    return float(np.linalg.svd(U, compute_uv=False)[0])


@np.errstate(divide="ignore")
def log10_bound(U: np.ndarray, distances: Sequence[int], gamma: float = 1.0) -> np.ndarray:
    """log10 of eta^k, which the RNN's gradient norm cannot exceed k steps back, eta = gamma * |U|.

    gamma bounds the slope of the squashing function: 1 for tanh, 1/4 for the sigmoid. eta < 1, that is |U|
    below 1 / gamma, is enough to vanish; eta > 1 is necessary, but not enough, to explode. Pascanu, Mikolov &
    Bengio 2013, eqs. 6 and 7.
    """
    return np.asarray(distances) * np.log10(gamma * largest_singular_value(U))


# Shared pieces


def steps_of(recording: Recording, batch: int) -> tuple:
    """State found (time, unit), input (time, input) and vectors (time, unit): steps in place of a batch."""
    state = tree_map(lambda rows: rows[:-1, batch], recording.states)
    return state, recording.inputs[:, batch], tree_map(lambda rows: rows[:, batch], recording.vectors)


def cut_held(held: Held, local: np.ndarray, *names: str) -> np.ndarray:
    """A local derivative (time, unit), 0 where any of the vectors named is held."""
    for name in names:
        if name in held.places:
            local = np.where(held.places[name][:, 0], 0, local)
    return local


def _diagonals(matrices: np.ndarray) -> np.ndarray:
    """The diagonals of square matrices (..., n, n) as a view to write to."""
    return np.einsum("...ii->...i", matrices)


def _by_affine(*terms: tuple[np.ndarray, Affine]) -> np.ndarray:
    """Sum of diag(local) @ U^T over terms of local derivatives (time, unit) and an affine map.

    As one product (time, term) @ (term, unit) for each row: the sum is formed in one pass.
    """
    local = np.stack([local for local, _ in terms], axis=-1)
    weights = np.stack([affine.U.T for _, affine in terms], axis=1)
    return (local.swapaxes(0, 1) @ weights).swapaxes(0, 1)


def _identities(like: np.ndarray) -> np.ndarray:
    time, units = like.shape
    return np.broadcast_to(np.eye(units, dtype=like.dtype), (time, units, units))


def _product_back(factors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Products of the last 0, 1, ... factors (time, unit): their signs, and logs of their sizes."""
    back = np.concatenate([np.ones_like(factors[:1]), factors[:0:-1]]).astype(float)
    with np.errstate(divide="ignore"):
        return np.cumprod(np.sign(back), axis=0), np.cumsum(np.log(np.abs(back)), axis=0)


def _spectral_norms(matrices: np.ndarray) -> np.ndarray:
    """Of the largest singular value A A^T loses no digits, and it costs half of a decomposition of A."""
    scale = np.abs(matrices).max(axis=(1, 2), keepdims=True)
    scaled = matrices / np.where(scale > 0, scale, 1.0)
    squares = np.linalg.eigvalsh(scaled @ scaled.swapaxes(1, 2))[:, -1]
    return np.sqrt(np.maximum(squares, 0.0)) * scale[:, 0, 0]


def _distances(distances: Sequence[int] | None, low: int, high: int) -> np.ndarray:
    chosen = np.arange(low, high + 1) if distances is None else np.asarray(distances, dtype=int)
    if chosen.size and not (low <= chosen.min() and chosen.max() <= high):
        raise ValueError(f"expected distances of {low} to {high} steps, got {chosen.min()} to {chosen.max()}")
    return chosen
