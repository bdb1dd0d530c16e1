"""The GRU: one hidden state, a weighted average, by the update gate, of the old one and a candidate."""

from functools import partial
from typing import NamedTuple

import numpy as np

from recurrent_core.arrays import Affine, sigmoid, sigmoid_slope, tanh_slope
from recurrent_core.cell import Cell, Cut, Gradients, Hold, Place, Quantity, init_affines, untouched
from recurrent_core.cells.fast.gru import FAST
from recurrent_core.cells.graph import gate


class Params(NamedTuple):
    r: Affine
    z: Affine
    n: Affine


class State(NamedTuple):
    h: np.ndarray  # (batch, unit)


class Vectors(NamedTuple):
    r: np.ndarray  # reset gate, 0..1; 1 uses the past
    z: np.ndarray  # update gate, 0..1; 1 replaces, so remembering takes a negative bias
    n: np.ndarray  # candidate hidden state, -1..1
    h: np.ndarray  # hidden state, -1..1


def step(params: Params, state: State, x: np.ndarray, hold: Hold = untouched) -> Vectors:
    """One step of the GRU of Cho et al. (2014) in the convention of Chung et al. (2014).

        r = sigmoid(x W_r + h' U_r + b_r)            h' is the hidden state before the step
        z = sigmoid(x W_z + h' U_z + b_z)
        n =    tanh(x W_n + (r * h') U_n + b_n)      the reset comes before the product
        h = (1 - z) * h' + z * n                     z is the share of the new

    x (batch, input); r, z, n, h (batch, unit). Cho, PyTorch and Keras let z be the share of the old, PyTorch
    and (by default) Keras reset after the product.
    """
    r = hold("r", sigmoid(params.r(x, state.h)))
    z = hold("z", sigmoid(params.z(x, state.h)))
    n = hold("n", np.tanh(params.n(x, r * state.h)))
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
    dparams_n, dx_n, dreset = params.n.back(
        x, r * state.h, cut("n", dn) * tanh_slope(params.n(x, r * state.h))
    )
    dr = dreset * state.h
    dparams_z, dx_z, dh_by_z = params.z.back(x, state.h, cut("z", dz) * sigmoid_slope(params.z(x, state.h)))
    dparams_r, dx_r, dh_by_r = params.r.back(x, state.h, cut("r", dr) * sigmoid_slope(params.r(x, state.h)))
    dh_before = dh_on * (1 - z) + dreset * r + dh_by_z + dh_by_r
    dparams = Params(dparams_r, dparams_z, dparams_n)
    return Gradients(Vectors(dr, dz, dn, dh), dparams, dx_r + dx_z + dx_n, State(dh_before))


_GATE, _SIGNED = (0.0, 1.0), (-1.0, 1.0)

GRU = Cell(
    name="gru",
    label="GRU",
    letter="g",
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
        Place("past", "product", ("r", "h_before")),
        *gate("n", "tanh", past="past", part="pU"),
        Place("kept", "complement", ("z", "h_before")),
        Place("written", "product", ("z", "n")),
        Place("h", "sum", ("kept", "written")),
    ),
    fast=FAST,
)
