"""The LSTM: a cell state carried by a forget gate and addition, a hidden state that shows part of it."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from .arrays import (
    Affine,
    affine_gradient,
    blocks,
    fuse,
    project,
    sigmoid,
    sigmoid_slope,
    split,
    tanh_slope,
    unfuse,
)
from .cell import Cell, Fast, Gradients, Quantity, init_affines, untouched
from .clamp import Held


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


def forward(params: Params, inputs: np.ndarray, states: State, held: Held | None):
    """All steps of `step`, the gates side by side as o i f g: three sigmoids in one, and one product with U.

    The input's share of every pre-activation comes first, in one product for all steps.
    """
    W, U, b = fuse(params.o, params.i, params.f, params.g)
    h, c = states
    a = project(inputs, W, b)
    gates = np.empty_like(a)
    o, i, f, g = split(gates, 4)
    oif, a_oif, a_g = gates[..., : -g.shape[-1]], a[..., : -g.shape[-1]], a[..., -g.shape[-1] :]
    from_h, new = np.empty_like(a[0]), np.empty_like(c[0])

    def advance(t: int) -> None:
        np.dot(h[t], U, out=from_h)
        np.add(a[t], from_h, out=a[t])
        sigmoid(a_oif[t], out=oif[t])
        np.tanh(a_g[t], out=g[t])
        if held:
            for name, gate in zip("oifg", (o, i, f, g), strict=True):
                held.put(t, name, gate[t])
        c_t, h_t = c[t + 1], h[t + 1]
        np.multiply(f[t], c[t], out=c_t)
        np.multiply(i[t], g[t], out=new)
        np.add(c_t, new, out=c_t)
        if held:
            held.put(t, "c", c_t)
        np.tanh(c_t, out=h_t)
        np.multiply(o[t], h_t, out=h_t)
        if held:
            held.put(t, "h", h_t)

    return Vectors(i, f, g, o, c[1:], h[1:]), a, advance


def backward(recording, dstates: State, held: Held | None):
    """All steps of `step_back`: local derivatives first, sums last, only the recurrence in the loop."""
    params, inputs, a = recording.params, recording.inputs, recording.cache
    i, f, g, o, c, _ = recording.vectors
    h_before, c_before = (rows[:-1] for rows in recording.states)
    W, U, _ = fuse(params.o, params.i, params.f, params.g)
    U_T = np.ascontiguousarray(U.T)
    dh, dc = dstates

    da = np.empty_like(a)  # d(h or c)/da at first, dL/da once the loop has passed
    da_o, da_i, da_f, da_g = split(da, 4)
    dc_by_dh = np.empty_like(c)
    for s in blocks(a):
        sigmoid_slope(a[s], out=da[s])
        da_g[s] = tanh_slope(split(a[s], 4)[3])
        da_o[s] *= np.tanh(c[s])
        da_i[s] *= g[s]
        da_f[s] *= c_before[s]
        da_g[s] *= i[s]
        np.multiply(o[s], tanh_slope(c[s]), out=dc_by_dh[s])
    by_gate = da.reshape(*c.shape[:-1], 4, -1)
    da_ifg = by_gate[:, :, 1:]
    from_a, flow = np.empty_like(dh[0]), np.empty_like(dh[0])

    def retreat(t: int) -> None:
        dh_on, dc_on = dh[t + 1], dc[t + 1]
        if held:
            dh_on = held.cut(t, "h", dh_on)
        np.multiply(dh_on, dc_by_dh[t], out=flow)
        np.add(dc_on, flow, out=dc_on)
        if held:
            dc_on = held.cut(t, "c", dc_on)
        np.multiply(dc_on, f[t], out=flow)
        np.add(dc[t], flow, out=dc[t])
        np.multiply(dh_on, da_o[t], out=da_o[t])
        np.multiply(dc_on[:, None], da_ifg[t], out=da_ifg[t])
        if held:
            for name, da_gate in zip("oifg", (da_o, da_i, da_f, da_g), strict=True):
                da_gate[t] = held.cut(t, name, da_gate[t])
        np.dot(da[t], U_T, out=from_a)
        np.add(dh[t], from_a, out=dh[t])

    def finish() -> Gradients:
        dh_on, dc_on = dh[1:], dc[1:]
        if held:
            dh_on, dc_on = held.cut(np.s_[:], "h", dh_on), held.cut(np.s_[:], "c", dc_on)
        do = np.multiply(dh_on, np.tanh(c, out=dc_by_dh), out=dc_by_dh)  # an array less to ask for
        dvectors = Vectors(dc_on * g, dc_on * c_before, dc_on * i, do, dc[1:], dh[1:])
        by_o, by_i, by_f, by_g = unfuse(affine_gradient(inputs, h_before, da), 4)
        return Gradients(dvectors, Params(by_i, by_f, by_g, by_o), project(da, W.T), State(dh[0], dc[0]))

    return retreat, finish


_GATE, _SIGNED = (0.0, 1.0), (-1.0, 1.0)

LSTM = Cell(
    name="lstm",
    label="LSTM",
    Params=Params,
    State=State,
    Vectors=Vectors,
    quantities=Vectors(
        i=Quantity("input gate", *_GATE),
        f=Quantity("forget gate", *_GATE),
        g=Quantity("candidate", *_SIGNED),
        o=Quantity("output gate", *_GATE),
        c=Quantity("cell state", *_SIGNED),
        h=Quantity("hidden state", *_SIGNED),
    ),
    memory="c",
    init=partial(init_affines, Params),
    step=step,
    step_back=step_back,
    fast=Fast(forward, backward),
)
