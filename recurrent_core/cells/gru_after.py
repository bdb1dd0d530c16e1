"""The GRU of PyTorch, cuDNN and (by default) Keras: the reset comes after the product with U, not before it."""

from functools import partial
from typing import NamedTuple

import numpy as np

from recurrent_core.arrays import Affine, sigmoid, sigmoid_slope, tanh_slope
from recurrent_core.cell import Cell, Cut, Gradients, Hold, Place, Quantity, init_affines, untouched
from recurrent_core.cells.graph import gate


class Candidate(NamedTuple):
    """The affine map of the candidate, x @ W + b + r * (h @ U + b_h): its second bias is reset too."""

    W: np.ndarray  # (input, unit)
    U: np.ndarray  # (unit, unit)
    b: np.ndarray  # (unit,)
    b_h: np.ndarray  # (unit,)

    def recurrent(self, h: np.ndarray) -> np.ndarray:
        """What the hidden state contributes, before the reset."""
        return h @ self.U + self.b_h

    def __call__(self, x: np.ndarray, r: np.ndarray, h: np.ndarray) -> np.ndarray:
        return x @ self.W + self.b + r * self.recurrent(h)

    def back(
        self, x: np.ndarray, r: np.ndarray, h: np.ndarray, da: np.ndarray
    ) -> tuple["Candidate", np.ndarray, np.ndarray, np.ndarray]:
        """Derivatives (dW, dU, db, db_h), dx, dr and dh, given da = dL/d(pre-activation) (batch, unit)."""
        dq = da * r
        dparams = Candidate(x.T @ da, h.T @ dq, da.sum(axis=0), dq.sum(axis=0))
        return dparams, da @ self.W.T, da * self.recurrent(h), dq @ self.U.T


class Params(NamedTuple):
    r: Affine
    z: Affine
    n: Candidate


class State(NamedTuple):
    h: np.ndarray  # (batch, unit)


class Vectors(NamedTuple):
    r: np.ndarray  # reset gate, 0..1; 1 uses the past
    z: np.ndarray  # update gate, 0..1; 1 replaces, so remembering takes a negative bias
    n: np.ndarray  # candidate hidden state, -1..1
    h: np.ndarray  # hidden state, -1..1


def step(params: Params, state: State, x: np.ndarray, hold: Hold = untouched) -> Vectors:
    """One step of the GRU as in the first version of Cho et al. (2014, arXiv:1406.1078v1) and in cuDNN.

        r = sigmoid(x W_r + h' U_r + b_r)                h' is the hidden state before the step
        z = sigmoid(x W_z + h' U_z + b_z)
        n =    tanh(x W_n + b_n + r * (h' U_n + b_h))    the reset comes after the product
        h = (1 - z) * h' + z * n                         z is the share of the new

    x (batch, input); r, z, n, h (batch, unit). The sign of z is that of every cell here, after Chung et al.
    (2014). PyTorch, cuDNN and Keras let z be the share of the old: the converters negate W_z, U_z and b_z.
    """
    r = hold("r", sigmoid(params.r(x, state.h)))
    z = hold("z", sigmoid(params.z(x, state.h)))
    n = hold("n", np.tanh(params.n(x, r, state.h)))
    h = hold("h", (1 - z) * state.h + z * n)
    return Vectors(r, z, n, h)


def step_back(
    params: Params, state: State, x: np.ndarray, vectors: Vectors, dstate: State, cut: Cut = untouched
) -> Gradients[Params, State, Vectors]:
    """Derivatives of the step above, its lines from last to first; `dh_on` is what flows on past a clamp."""
    r, z, n, _ = vectors
    dh = dstate.h
    dh_on = cut("h", dh)
    dz, dn = dh_on * (n - state.h), dh_on * z
    da_n = cut("n", dn) * tanh_slope(params.n(x, r, state.h))
    dparams_n, dx_n, dr, dh_by_n = params.n.back(x, r, state.h, da_n)
    back_z = params.z.back(x, state.h, cut("z", dz) * sigmoid_slope(params.z(x, state.h)))
    back_r = params.r.back(x, state.h, cut("r", dr) * sigmoid_slope(params.r(x, state.h)))
    (dparams_r, dx_r, dh_by_r), (dparams_z, dx_z, dh_by_z) = back_r, back_z
    dh_before = dh_on * (1 - z) + dh_by_n + dh_by_z + dh_by_r
    dparams = Params(dparams_r, dparams_z, dparams_n)
    return Gradients(Vectors(dr, dz, dn, dh), dparams, dx_r + dx_z + dx_n, State(dh_before))


_GATE, _SIGNED = (0.0, 1.0), (-1.0, 1.0)

GRU_AFTER = Cell(
    name="gru_after",
    label="GRU, reset after the product",
    letter="a",
    Params=Params,
    State=State,
    Vectors=Vectors,
    quantities=(
        Quantity("r", "reset gate", *_GATE, "reset"),
        Quantity("z", "update gate", *_GATE, "replace"),
        Quantity("n", "candidate hidden state", *_SIGNED, "candidate"),
        Quantity("h", "hidden state", *_SIGNED, "state"),
    ),
    memory="h",
    init=partial(init_affines, Params),
    step=step,
    step_back=step_back,
    graph=(
        *gate("r", "sigmoid"),
        *gate("z", "sigmoid"),
        Place("xW_n", "weighted", ("x", "n.W")),
        Place("hU_n", "weighted", ("h_before", "n.U")),
        Place("q_n", "sum", ("hU_n", "n.b_h")),
        Place("rq_n", "product", ("r", "q_n")),
        Place("a_n", "sum", ("xW_n", "n.b", "rq_n")),
        Place("n", "tanh", ("a_n",)),
        Place("kept", "complement", ("z", "h_before")),
        Place("written", "product", ("z", "n")),
        Place("h", "sum", ("kept", "written")),
    ),
)
