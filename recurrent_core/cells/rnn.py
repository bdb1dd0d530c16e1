"""The vanilla recurrent network: a hidden state that is a squashed affine map of the input and itself."""

from functools import partial
from typing import NamedTuple

import numpy as np

from recurrent_core.arrays import Affine, tanh_slope
from recurrent_core.cell import Cell, Cut, Gradients, Hold, Quantity, init_affines, untouched
from recurrent_core.cells.fast.rnn import FAST
from recurrent_core.cells.graph import gate


class Params(NamedTuple):
    h: Affine


class State(NamedTuple):
    h: np.ndarray  # (batch, unit)


class Vectors(NamedTuple):
    h: np.ndarray  # hidden state, -1..1


def step(params: Params, state: State, x: np.ndarray, hold: Hold = untouched) -> Vectors:
    """One step of the simple recurrent network of Elman (1990).

        h = tanh(x W + h' U + b)        h' is the hidden state before the step

    x (batch, input), h (batch, unit).
    """
    h = hold("h", np.tanh(params.h(x, state.h)))
    return Vectors(h)


def step_back(
    params: Params, state: State, x: np.ndarray, vectors: Vectors, dstate: State, cut: Cut = untouched
) -> Gradients[Params, State, Vectors]:
    """Derivatives of the step above, given dstate.h = dL/dh."""
    dh = dstate.h
    da = cut("h", dh) * tanh_slope(params.h(x, state.h))
    dparams, dx, dh_before = params.h.back(x, state.h, da)
    return Gradients(Vectors(dh), Params(dparams), dx, State(dh_before))


RNN = Cell(
    name="rnn",
    label="RNN",
    letter="r",
    Params=Params,
    State=State,
    Vectors=Vectors,
    quantities=(Quantity("h", "hidden state", -1.0, 1.0, "state"),),
    memory="h",
    init=partial(init_affines, Params),
    step=step,
    step_back=step_back,
    graph=gate("h", "tanh"),
    fast=FAST,
)
