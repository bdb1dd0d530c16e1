"""Jacobians of the state: how the state that a step leaves moves with the state that it found.

One convention throughout: a state is its fields side by side in the order of the cell's State (LSTM h, then
c), and a Jacobian acts on columns, `jacobian[a, b]` = d(new state)[a] / d(old state)[b]. So
dL/d(old) = J^T @ dL/d(new). Everything here is about one sequence of the batch, `batch`.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from recurrent_core.arrays import Affine, sigmoid_slope, tanh_slope, tree_map
from recurrent_core.cell import P, S, V
from recurrent_core.cells import gru, lstm, rnn
from recurrent_core.clamp import Held, lay_out
from recurrent_core.run import Recording

NUMBERS_AT_ONCE = 2**20  # of one temporary, where unit vectors go back through all steps


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

        repeated = partial(_repeated, steps=steps, times=size)

        def cut(
            name: str, gradient: np.ndarray, repeated: Callable[[np.ndarray], np.ndarray] = repeated
        ) -> np.ndarray:
            places = held.places.get(name)
            return gradient if places is None else np.where(repeated(places[:, 0]), 0, gradient)

        dstate = cell.State(*(np.tile(unit_vectors[:, k], (count, 1)) for k in range(len(fields))))
        back = cell.step_back(
            recording.params, tree_map(repeated, state), repeated(x), tree_map(repeated, vectors), dstate, cut
        )
        found.by_state[steps] = np.concatenate(back.initial, axis=-1).reshape(count, size, size)
        found.by_memory[steps] = getattr(back.vectors, cell.memory).reshape(count, size, units)
    return found


def _repeated(rows: np.ndarray, steps: slice, times: int) -> np.ndarray:
    return np.repeat(rows[steps], times, axis=0)


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
    diagonals(q_by_h)[:] += r
    by_state = (z * slope_n)[:, :, None] * (params.n.U.T @ q_by_h)
    by_state += ((n - h) * slope_z)[:, :, None] * params.z.U.T
    diagonals(by_state)[:] += cut_held(held, 1 - z, "h")
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
    diagonals(cc)[:] = c_by_c
    diagonals(hc)[:] = h_by_c * c_by_c
    by_memory = np.zeros((time, 2 * units, units), c.dtype)
    diagonals(by_memory[:, :units])[:] = h_by_c
    diagonals(by_memory[:, units:])[:] = 1
    return Derivatives(by_state, by_memory)


_CLOSED: dict[Callable[..., NamedTuple], Callable[[Recording, Held, int], Derivatives]] = {
    rnn.step: _rnn,
    gru.step: _gru,
    lstm.step: _lstm,
}


def steps_of(recording: Recording[P, S, V], batch: int) -> tuple[S, np.ndarray, V]:
    """State found (time, unit), input (time, input) and vectors (time, unit): steps in place of a batch."""
    state = tree_map(lambda rows: rows[:-1, batch], recording.states)
    return state, recording.inputs[:, batch], tree_map(lambda rows: rows[:, batch], recording.vectors)


def cut_held(held: Held, local: np.ndarray, *names: str) -> np.ndarray:
    """A local derivative (time, unit), 0 where any of the vectors named is held."""
    for name in names:
        if name in held.places:
            local = np.where(held.places[name][:, 0], 0, local)
    return local


def diagonals(matrices: np.ndarray) -> np.ndarray:
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
