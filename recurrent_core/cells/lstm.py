"""The LSTM: a cell state carried by a forget gate and addition, a hidden state that shows part of it."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from recurrent_core.arrays import (
    Affine,
    blocks,
    flip,
    fuse,
    join,
    sigmoid,
    sigmoid_slope,
    slope_of,
    stack,
    stack_back,
    tanh_slope,
)
from recurrent_core.cell import Cell, Fast, Gradients, Quantity, init_affines, untouched
from recurrent_core.clamp import Held


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


def step(params: Params, state: State, x: np.ndarray, hold: Callable = untouched) -> Vectors:
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
    params: Params, state: State, x: np.ndarray, vectors: Vectors, dstate: State, cut: Callable = untouched
) -> Gradients:
    """Derivatives of the step above, its lines from last to first; `_on` is what flows on past a clamp."""
    i, f, g, o, c, _ = vectors
    dh = dstate.h
    dh_on = cut("h", dh)
    do, dc = dh_on * np.tanh(c), dstate.c + dh_on * o * tanh_slope(c)
    dc_on = cut("c", dc)
    df, dc_before, di, dg = dc_on * state.c, dc_on * f, dc_on * g, dc_on * i
    back_o = params.o.back(x, state.h, cut("o", do) * sigmoid_slope(params.o(x, state.h)))
    back_g = params.g.back(x, state.h, cut("g", dg) * tanh_slope(params.g(x, state.h)))
    back_f = params.f.back(x, state.h, cut("f", df) * sigmoid_slope(params.f(x, state.h)))
    back_i = params.i.back(x, state.h, cut("i", di) * sigmoid_slope(params.i(x, state.h)))
    dparams, dx, dh_before = zip(back_i, back_f, back_g, back_o, strict=True)
    return Gradients(
        Vectors(di, df, dg, do, dc, dh), Params(*dparams), sum(dx), State(sum(dh_before), dc_before)
    )


def forward(params: Params, inputs: np.ndarray, initial: State, held: Held | None):
    """All steps of `step`, the gates side by side as o i f g: three sigmoids in one, and one product for all.

    The product gives -a for the sigmoids, which are 1 / (1 + exp(-a)).
    """
    read = stack(inputs, initial.h)
    time, batch, units = len(inputs), inputs.shape[1], initial.h.shape[1]
    weights = join(params.o, params.i, params.f, params.g)
    weights[:-units] *= -1
    a = np.empty((time, 4 * units, batch), inputs.dtype)
    gates = np.empty_like(a)
    e, a_g = a[:, :-units], a[:, -units:]
    oif, (o, i, f, g) = gates[:, :-units], _gates(gates)
    h, c = read[:, :units], np.empty((time + 1, units, batch), inputs.dtype)
    c[0] = initial.c.T
    squashed = np.empty_like(c[1:])  # tanh(c)
    new, one = np.empty_like(c[0]), np.ones((), inputs.dtype)

    def advance(t: int) -> None:
        e_t, oif_t, g_t, c_t, squashed_t, h_t = e[t], oif[t], g[t], c[t + 1], squashed[t], h[t + 1]
        np.dot(weights, read[t], out=a[t])
        np.exp(e_t, out=e_t)
        np.add(e_t, one, out=oif_t)
        np.reciprocal(oif_t, out=oif_t)
        np.tanh(a_g[t], out=g_t)
        if held:
            for name, gate in zip("oifg", (o, i, f, g), strict=True):
                held.put(t, name, gate[t].T)
        np.multiply(f[t], c[t], out=c_t)
        np.multiply(i[t], g_t, out=new)
        np.add(c_t, new, out=c_t)
        if held:
            held.put(t, "c", c_t.T)
        np.tanh(c_t, out=squashed_t)
        np.multiply(o[t], squashed_t, out=h_t)
        if held:
            held.put(t, "h", h_t.T)

    vectors = Vectors(*map(flip, (i, f, g, o, c[1:], h[1:])))
    return vectors, State(flip(h), flip(c)), (read, a, gates, squashed), advance


def backward(recording, dstates: State, held: Held | None):
    """All steps of `step_back`: local derivatives first, sums last, only the recurrence in the loop."""
    params = recording.params
    read, a, gates, squashed = recording.cache
    (o, i, f, g), c = _gates(gates), flip(recording.states.c)
    units = c.shape[1]
    ordered = params.o, params.i, params.f, params.g
    U = fuse(*ordered).U
    dh, dc = map(flip, dstates)

    da = np.empty_like(a)  # d(h or c)/da at first, dL/da once the loop has passed
    da_o, da_i, da_f, da_g = _gates(da)
    dc_by_dh = np.empty_like(squashed)
    for s in blocks(a):
        slope_of(a[s, :-units], gates[s, :-units], out=da[s, :-units])
        tanh_slope(a[s, -units:], out=da_g[s])
        for da_gate, other in ((da_o, squashed), (da_i, g), (da_f, c[:-1]), (da_g, i)):
            np.multiply(da_gate[s], other[s], out=da_gate[s])
        tanh_slope(c[1:][s], out=dc_by_dh[s])
        np.multiply(dc_by_dh[s], o[s], out=dc_by_dh[s])
    by_gate = da.reshape(len(da), 4, units, -1)
    da_ifg = by_gate[:, 1:]
    flow = np.empty_like(dh[0])

    def retreat(t: int) -> None:
        dh_on, dc_on, da_o_t, da_ifg_t, dh_before = dh[t + 1], dc[t + 1], da_o[t], da_ifg[t], dh[t]
        if held:
            dh_on = held.cut(t, "h", dh_on.T).T
        np.multiply(dh_on, dc_by_dh[t], out=flow)
        np.add(dc_on, flow, out=dc_on)
        if held:
            dc_on = held.cut(t, "c", dc_on.T).T
        np.multiply(dc_on, f[t], out=dc[t])
        np.multiply(dh_on, da_o_t, out=da_o_t)
        np.multiply(dc_on, da_ifg_t, out=da_ifg_t)
        if held:
            for name, da_gate in zip("oifg", (da_o, da_i, da_f, da_g), strict=True):
                da_gate[t] = held.cut(t, name, da_gate[t].T).T
        np.dot(U, da[t], out=flow)
        np.add(dh_before, flow, out=dh_before)

    def finish() -> Gradients:
        dh_on, dc_on = dh[1:], dc[1:]
        if held:
            dh_on, dc_on = (
                flip(held.cut(np.s_[:], k, flip(d))) for k, d in zip("hc", (dh_on, dc_on), strict=True)
            )
        dvectors = dc_on * g, dc_on * c[:-1], dc_on * i, dh_on * squashed, dc[1:], dh[1:]
        (by_o, by_i, by_f, by_g), dx = stack_back(read[:-1], da, ordered)
        initial = State(dh[0].T, dc[0].T)
        return Gradients(Vectors(*map(flip, dvectors)), Params(by_i, by_f, by_g, by_o), dx, initial)

    return retreat, finish


def _gates(array: np.ndarray) -> list[np.ndarray]:
    """o i f g of (time, 4 * unit, batch), as views."""
    return np.split(array, 4, axis=1)


_GATE, _SIGNED = (0.0, 1.0), (-1.0, 1.0)

LSTM = Cell(
    name="lstm",
    label="LSTM",
    letter="l",
    Params=Params,
    State=State,
    Vectors=Vectors,
    quantities=Vectors(
        i=Quantity("input gate", *_GATE, "write"),
        f=Quantity("forget gate", *_GATE, "keep"),
        g=Quantity("candidate", *_SIGNED, "candidate"),
        o=Quantity("output gate", *_GATE, "show"),
        c=Quantity("cell state", *_SIGNED, "state", bounded=False),
        h=Quantity("hidden state", *_SIGNED, "state"),
    ),
    memory="c",
    init=partial(init_affines, Params),
    step=step,
    step_back=step_back,
    fast=Fast(forward, backward),
)
