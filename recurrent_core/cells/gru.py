"""The GRU: one hidden state, a weighted average, by the update gate, of the old one and a candidate."""

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


def step(params: Params, state: State, x: np.ndarray, hold: Callable = untouched) -> Vectors:
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
    params: Params, state: State, x: np.ndarray, vectors: Vectors, dstate: State, cut: Callable = untouched
) -> Gradients:
    """Derivatives of the step above, its lines from last to first; `dh_on` is what flows on past a clamp."""
    r, z, n, _ = vectors
    dh = dstate.h
    dh_on = cut("h", dh)
    dz, dn = dh_on * (n - state.h), dh_on * z
    back_n = params.n.back(x, r * state.h, cut("n", dn) * tanh_slope(params.n(x, r * state.h)))
    dr = back_n[2] * state.h
    back_z = params.z.back(x, state.h, cut("z", dz) * sigmoid_slope(params.z(x, state.h)))
    back_r = params.r.back(x, state.h, cut("r", dr) * sigmoid_slope(params.r(x, state.h)))
    dparams, dx, (dh_by_r, dh_by_z, dreset) = zip(back_r, back_z, back_n, strict=True)
    dh_before = dh_on * (1 - z) + dreset * r + dh_by_z + dh_by_r
    return Gradients(Vectors(dr, dz, dn, dh), Params(*dparams), sum(dx), State(dh_before))


def forward(params: Params, inputs: np.ndarray, initial: State, held: Held | None):
    """All steps of `step`, the gates side by side as r z n: two sigmoids in one, and one product for both.

    That product gives -a, for the sigmoids are 1 / (1 + exp(-a)). The candidate reads the reset state instead
    of the hidden one.
    """
    read, reset_read = stack(inputs, initial.h), stack(inputs, initial.h)
    time, batch, units = len(inputs), inputs.shape[1], initial.h.shape[1]
    weights_rz, weights_n = -join(params.r, params.z), join(params.n)
    a = np.empty((time, 3 * units, batch), inputs.dtype)
    gates = np.empty_like(a)
    e, a_n = a[:, :-units], a[:, -units:]
    rz, (r, z, n) = gates[:, :-units], _gates(gates)
    h, reset = read[:, :units], reset_read[:, :units]
    new, one = np.empty_like(h[0]), np.ones((), inputs.dtype)

    def advance(t: int) -> None:
        e_t, rz_t, r_t, z_t, n_t, h_t = e[t], rz[t], r[t], z[t], n[t], h[t + 1]
        np.dot(weights_rz, read[t], out=e_t)
        np.exp(e_t, out=e_t)
        np.add(e_t, one, out=rz_t)
        np.reciprocal(rz_t, out=rz_t)
        if held:
            held.put(t, "r", r_t.T)
            held.put(t, "z", z_t.T)
        np.multiply(r_t, h[t], out=reset[t])
        np.dot(weights_n, reset_read[t], out=a_n[t])
        np.tanh(a_n[t], out=n_t)
        if held:
            held.put(t, "n", n_t.T)
        np.subtract(one, z_t, out=new)
        np.multiply(new, h[t], out=h_t)
        np.multiply(z_t, n_t, out=new)
        np.add(h_t, new, out=h_t)
        if held:
            held.put(t, "h", h_t.T)

    vectors = Vectors(*map(flip, (r, z, n, h[1:])))
    return vectors, State(flip(h)), (read, reset_read, a, gates), advance


def backward(recording, dstates: State, held: Held | None):
    """All steps of `step_back`: local derivatives first, sums last, only the recurrence in the loop."""
    params = recording.params
    read, reset_read, a, gates = recording.cache
    (r, z, n), h_before = _gates(gates), flip(recording.states.h)[:-1]
    units = n.shape[1]
    U_rz, U_n = fuse(params.r, params.z).U, np.ascontiguousarray(params.n.U)
    dh = flip(dstates.h)

    da = np.empty_like(a)  # the local derivative at first, dL/da once the loop has passed
    da_r, da_z, da_n = _gates(da)
    da_rz, keep = da[:, :-units], np.empty_like(n)
    for s in blocks(a):
        slope_of(a[s, :-units], gates[s, :-units], out=da_rz[s])
        tanh_slope(a[s, -units:], out=da_n[s])
        for da_gate, other in ((da_r, h_before[s]), (da_z, n[s] - h_before[s]), (da_n, z[s])):
            np.multiply(da_gate[s], other, out=da_gate[s])
        np.subtract(1, z[s], out=keep[s])
    dreset, flow = np.empty_like(n), np.empty_like(dh[0])

    def retreat(t: int) -> None:
        dh_before, dreset_t, da_r_t, da_z_t, da_n_t = dh[t], dreset[t], da_r[t], da_z[t], da_n[t]
        dh_on = held.cut(t, "h", dh[t + 1].T).T if held else dh[t + 1]
        np.multiply(dh_on, da_z_t, out=da_z_t)
        np.multiply(dh_on, da_n_t, out=da_n_t)
        if held:
            da_n_t[:] = held.cut(t, "n", da_n_t.T).T
        np.dot(U_n, da_n_t, out=dreset_t)
        np.multiply(dreset_t, da_r_t, out=da_r_t)
        if held:
            da_r_t[:] = held.cut(t, "r", da_r_t.T).T
            da_z_t[:] = held.cut(t, "z", da_z_t.T).T
        np.add(dh_before, np.multiply(dh_on, keep[t], out=flow), out=dh_before)
        np.add(dh_before, np.multiply(dreset_t, r[t], out=flow), out=dh_before)
        np.add(dh_before, np.dot(U_rz, da_rz[t], out=flow), out=dh_before)

    def finish() -> Gradients:
        dh_on = flip(held.cut(np.s_[:], "h", flip(dh[1:]))) if held else dh[1:]
        dvectors = dreset * h_before, dh_on * (n - h_before), dh_on * z, dh[1:]
        (by_r, by_z), dx = stack_back(read[:-1], da_rz, (params.r, params.z))
        (by_n,), dx_n = stack_back(reset_read[:-1], da_n, (params.n,))
        return Gradients(Vectors(*map(flip, dvectors)), Params(by_r, by_z, by_n), dx + dx_n, State(dh[0].T))

    return retreat, finish


def _gates(array: np.ndarray) -> list[np.ndarray]:
    """r z n of (time, 3 * unit, batch), as views."""
    return np.split(array, 3, axis=1)


_GATE, _SIGNED = (0.0, 1.0), (-1.0, 1.0)

GRU = Cell(
    name="gru",
    label="GRU",
    letter="g",
    Params=Params,
    State=State,
    Vectors=Vectors,
    quantities=Vectors(
        r=Quantity("reset gate", *_GATE, "reset"),
        z=Quantity("update gate", *_GATE, "replace"),
        n=Quantity("candidate hidden state", *_SIGNED, "candidate"),
        h=Quantity("hidden state", *_SIGNED, "state"),
    ),
    memory="h",
    init=partial(init_affines, Params),
    step=step,
    step_back=step_back,
    fast=Fast(forward, backward),
)
