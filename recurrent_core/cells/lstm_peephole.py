"""The LSTM with peepholes: its gates see the cell state, each unit its own. ONNX has it, so it is here."""

from functools import partial
from typing import NamedTuple

import numpy as np

from recurrent_core.arrays import Affine, sigmoid, sigmoid_slope, tanh_slope
from recurrent_core.cell import Cell, Cut, Gradients, Hold, Place, Quantity, init_affines, untouched
from recurrent_core.cells.graph import gate


class Peephole(NamedTuple):
    """The affine map of a gate that sees the cell state, x @ W + h @ U + b + p * c."""

    W: np.ndarray  # (input, unit)
    U: np.ndarray  # (unit, unit)
    b: np.ndarray  # (unit,)
    p: np.ndarray  # (unit,)

    def __call__(self, x: np.ndarray, h: np.ndarray, c: np.ndarray) -> np.ndarray:
        return x @ self.W + h @ self.U + self.b + self.p * c

    def back(
        self, x: np.ndarray, h: np.ndarray, c: np.ndarray, da: np.ndarray
    ) -> tuple["Peephole", np.ndarray, np.ndarray, np.ndarray]:
        """Derivatives (dW, dU, db, dp), dx, dh and dc, given da = dL/d(pre-activation) (batch, unit)."""
        dparams = Peephole(x.T @ da, h.T @ da, da.sum(axis=0), (da * c).sum(axis=0))
        return dparams, da @ self.W.T, da @ self.U.T, da * self.p


class Params(NamedTuple):
    i: Peephole
    f: Peephole
    g: Affine
    o: Peephole


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
    """One step of the LSTM with the peepholes of Gers & Schmidhuber (2000), as ONNX has it.

        i = sigmoid(x W_i + h' U_i + b_i + p_i * c')     h', c' are the states before the step
        f = sigmoid(x W_f + h' U_f + b_f + p_f * c')
        g =    tanh(x W_g + h' U_g + b_g)
        c = f * c' + i * g
        o = sigmoid(x W_o + h' U_o + b_o + p_o * c)      sees the new cell state
        h = o * tanh(c)

    x (batch, input); i, f, g, o, c, h (batch, unit). A peephole is a weight per unit, not a matrix: a unit's
    gates see that unit's own cell state. With p = 0, as `init` leaves it, this is the LSTM without peepholes.
    """
    i = hold("i", sigmoid(params.i(x, state.h, state.c)))
    f = hold("f", sigmoid(params.f(x, state.h, state.c)))
    g = hold("g", np.tanh(params.g(x, state.h)))
    c = hold("c", f * state.c + i * g)
    o = hold("o", sigmoid(params.o(x, state.h, c)))
    h = hold("h", o * np.tanh(c))
    return Vectors(i, f, g, o, c, h)


def step_back(
    params: Params, state: State, x: np.ndarray, vectors: Vectors, dstate: State, cut: Cut = untouched
) -> Gradients[Params, State, Vectors]:
    """Derivatives of the step above, its lines from last to first; `_on` is what flows on past a clamp."""
    i, f, g, o, c, _ = vectors
    h_before, c_before = state
    dh = dstate.h
    dh_on = cut("h", dh)
    do = dh_on * np.tanh(c)
    da_o = cut("o", do) * sigmoid_slope(params.o(x, h_before, c))
    dparams_o, dx_o, dh_by_o, dc_by_o = params.o.back(x, h_before, c, da_o)
    dc = dstate.c + dh_on * o * tanh_slope(c) + dc_by_o
    dc_on = cut("c", dc)
    df, di, dg = dc_on * c_before, dc_on * g, dc_on * i
    da_g = cut("g", dg) * tanh_slope(params.g(x, h_before))
    dparams_g, dx_g, dh_by_g = params.g.back(x, h_before, da_g)
    da_f = cut("f", df) * sigmoid_slope(params.f(x, h_before, c_before))
    dparams_f, dx_f, dh_by_f, dc_by_f = params.f.back(x, h_before, c_before, da_f)
    da_i = cut("i", di) * sigmoid_slope(params.i(x, h_before, c_before))
    dparams_i, dx_i, dh_by_i, dc_by_i = params.i.back(x, h_before, c_before, da_i)
    return Gradients(
        Vectors(di, df, dg, do, dc, dh),
        Params(dparams_i, dparams_f, dparams_g, dparams_o),
        dx_i + dx_f + dx_g + dx_o,
        State(dh_by_i + dh_by_f + dh_by_g + dh_by_o, dc_on * f + dc_by_i + dc_by_f),
    )


def _peeping(name: str, memory: str) -> tuple[Place, ...]:
    """The places of a gate that sees the cell state."""
    return (
        Place(f"xW_{name}", "weighted", ("x", f"{name}.W")),
        Place(f"hU_{name}", "weighted", ("h_before", f"{name}.U")),
        Place(f"pc_{name}", "product", (f"{name}.p", memory)),
        Place(f"a_{name}", "sum", (f"xW_{name}", f"hU_{name}", f"{name}.b", f"pc_{name}")),
        Place(name, "sigmoid", (f"a_{name}",)),
    )


_GATE, _SIGNED = (0.0, 1.0), (-1.0, 1.0)

LSTM_PEEPHOLE = Cell(
    name="lstm_peephole",
    label="LSTM with peepholes",
    letter="p",
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
        *_peeping("i", "c_before"),
        *_peeping("f", "c_before"),
        *gate("g", "tanh"),
        Place("kept", "product", ("f", "c_before")),
        Place("written", "product", ("i", "g")),
        Place("c", "sum", ("kept", "written")),
        *_peeping("o", "c"),
        Place("squashed", "tanh", ("c",)),
        Place("h", "product", ("o", "squashed")),
    ),
)
