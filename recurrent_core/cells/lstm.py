"""The LSTM: a cell state carried by a forget gate and addition, a hidden state that shows part of it."""

from functools import partial
from typing import NamedTuple

import numpy as np

from recurrent_core.arrays import Affine, sigmoid, sigmoid_slope, tanh_slope
from recurrent_core.cell import Cell, Cut, Gradients, Hold, Place, Quantity, init_affines, untouched
from recurrent_core.cells.fast.lstm import FAST
from recurrent_core.cells.graph import gate


class Params(NamedTuple):
    i: Affine
    f: Affine
    g: Affine
    o: Affine


class State(NamedTuple):
    h: np.ndarray  # (batch, unit)
    c: np.ndarray  # (batch, unit)


class Vectors(NamedTuple):
    i: np.ndarray  # input gate, 0..1
    f: np.ndarray  # forget gate, 0..1; 1 keeps
    g: np.ndarray  # candidate, -1..1
    o: np.ndarray  # output gate, 0..1
    c: np.ndarray  # cell state, unbounded
    h: np.ndarray  # hidden state, -1..1


def step(params: Params, state: State, x: np.ndarray, hold: Hold = untouched) -> Vectors:
    """One step of the LSTM of Hochreiter & Schmidhuber (1997) with the forget gate of Gers et al. (2000).

        i = sigmoid(x W_i + h' U_i + b_i)       h', c' are the states before the step
        f = sigmoid(x W_f + h' U_f + b_f)
        g =    tanh(x W_g + h' U_g + b_g)
        o = sigmoid(x W_o + h' U_o + b_o)
        c = f * c' + i * g
        h = o * tanh(c)

    x (batch, input); i, f, g, o, c, h (batch, unit). Without peepholes: no gate sees c.
    """
    i = hold("i", sigmoid(params.i(x, state.h)))
    f = hold("f", sigmoid(params.f(x, state.h)))
    g = hold("g", np.tanh(params.g(x, state.h)))
    o = hold("o", sigmoid(params.o(x, state.h)))
    c = hold("c", f * state.c + i * g)
    h = hold("h", o * np.tanh(c))
    return Vectors(i, f, g, o, c, h)


def step_back(
    params: Params, state: State, x: np.ndarray, vectors: Vectors, dstate: State, cut: Cut = untouched
) -> Gradients[Params, State, Vectors]:
    """Derivatives of the step above, its lines from last to first; `_on` is what flows on past a clamp."""
    i, f, g, o, c, _ = vectors
    dh = dstate.h
    dh_on = cut("h", dh)
    do, dc = dh_on * np.tanh(c), dstate.c + dh_on * o * tanh_slope(c)
    dc_on = cut("c", dc)
    df, dc_before, di, dg = dc_on * state.c, dc_on * f, dc_on * g, dc_on * i
    dparams_o, dx_o, dh_by_o = params.o.back(x, state.h, cut("o", do) * sigmoid_slope(params.o(x, state.h)))
    dparams_g, dx_g, dh_by_g = params.g.back(x, state.h, cut("g", dg) * tanh_slope(params.g(x, state.h)))
    dparams_f, dx_f, dh_by_f = params.f.back(x, state.h, cut("f", df) * sigmoid_slope(params.f(x, state.h)))
    dparams_i, dx_i, dh_by_i = params.i.back(x, state.h, cut("i", di) * sigmoid_slope(params.i(x, state.h)))
    return Gradients(
        Vectors(di, df, dg, do, dc, dh),
        Params(dparams_i, dparams_f, dparams_g, dparams_o),
        dx_i + dx_f + dx_g + dx_o,
        State(dh_by_i + dh_by_f + dh_by_g + dh_by_o, dc_before),
    )


_GATE, _SIGNED = (0.0, 1.0), (-1.0, 1.0)

LSTM = Cell(
    name="lstm",
    label="LSTM",
    letter="l",
    Params=Params,
    State=State,
    Vectors=Vectors,
    quantities=(
        Quantity("i", "input gate", *_GATE, "write"),
        Quantity("f", "forget gate", *_GATE, "keep"),
        Quantity("g", "candidate", *_SIGNED, "candidate"),
        Quantity("o", "output gate", *_GATE, "show"),
        Quantity("c", "cell state", *_SIGNED, "state", bounded=False),
        Quantity("h", "hidden state", *_SIGNED, "state"),
    ),
    memory="c",
    init=partial(init_affines, Params),
    step=step,
    step_back=step_back,
    graph=(
        *gate("i", "sigmoid"),
        *gate("f", "sigmoid"),
        *gate("g", "tanh"),
        *gate("o", "sigmoid"),
        Place("kept", "product", ("f", "c_before")),
        Place("written", "product", ("i", "g")),
        Place("c", "sum", ("kept", "written")),
        Place("squashed", "tanh", ("c",)),
        Place("h", "product", ("o", "squashed")),
    ),
    fast=FAST,
)
