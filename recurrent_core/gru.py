"""The GRU: one hidden state, a weighted average, by the update gate, of the old one and a candidate."""

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


def forward(params: Params, inputs: np.ndarray, states: State, held: Held | None):
    """All steps of `step`, the gates side by side as r z n: two sigmoids and two products with U in one.

    The input's share of every pre-activation comes first, in one product for all steps.
    """
    W, _, b = fuse(*params)
    U_rz, U_n = fuse(params.r, params.z).U, params.n.U
    (h,) = states
    a = project(inputs, W, b)
    gates, reset = np.empty_like(a), np.empty_like(h[1:])
    r, z, n = split(gates, 3)
    rz, a_rz, a_n = gates[..., : -n.shape[-1]], a[..., : -n.shape[-1]], a[..., -n.shape[-1] :]
    from_h, from_reset = np.empty(rz.shape[1:], a.dtype), np.empty_like(h[0])

    def advance(t: int) -> None:
        np.dot(h[t], U_rz, out=from_h)
        np.add(a_rz[t], from_h, out=a_rz[t])
        sigmoid(a_rz[t], out=rz[t])
        if held:
            held.put(t, "r", r[t])
            held.put(t, "z", z[t])
        np.multiply(r[t], h[t], out=reset[t])
        np.dot(reset[t], U_n, out=from_reset)
        np.add(a_n[t], from_reset, out=a_n[t])
        np.tanh(a_n[t], out=n[t])
        if held:
            held.put(t, "n", n[t])
        h_t = h[t + 1]
        np.multiply(1 - z[t], h[t], out=h_t)
        np.add(h_t, z[t] * n[t], out=h_t)
        if held:
            held.put(t, "h", h_t)

    return Vectors(r, z, n, h[1:]), (a, reset), advance


def backward(recording, dstates: State, held: Held | None):
    """All steps of `step_back`: local derivatives first, sums last, only the recurrence in the loop."""
    params, inputs = recording.params, recording.inputs
    r, z, n, _ = recording.vectors
    h_before = recording.states.h[:-1]
    a, reset = recording.cache
    U_rz_T = np.ascontiguousarray(fuse(params.r, params.z).U.T)
    U_n_T = np.ascontiguousarray(params.n.U.T)
    (dh,) = dstates

    da = np.empty_like(a)  # the local derivative at first, dL/da once the loop has passed
    da_r, da_z, da_n = split(da, 3)
    da_rz = da[..., : -n.shape[-1]]
    for s in blocks(a):
        sigmoid_slope(a[s], out=da[s])
        da_n[s] = tanh_slope(split(a[s], 3)[2])
        da_r[s] *= h_before[s]
        da_z[s] *= n[s] - h_before[s]
        da_n[s] *= z[s]
    keep, dreset = 1 - z, np.empty_like(reset)
    flow = np.empty_like(dh[0])

    def retreat(t: int) -> None:
        dh_on = held.cut(t, "h", dh[t + 1]) if held else dh[t + 1]
        np.multiply(dh_on, da_z[t], out=da_z[t])
        np.multiply(dh_on, da_n[t], out=da_n[t])
        if held:
            da_n[t] = held.cut(t, "n", da_n[t])
        np.dot(da_n[t], U_n_T, out=dreset[t])
        np.multiply(dreset[t], da_r[t], out=da_r[t])
        if held:
            da_r[t] = held.cut(t, "r", da_r[t])
            da_z[t] = held.cut(t, "z", da_z[t])
        dh_before = dh[t]
        np.add(dh_before, np.multiply(dh_on, keep[t], out=flow), out=dh_before)
        np.add(dh_before, np.multiply(dreset[t], r[t], out=flow), out=dh_before)
        np.add(dh_before, np.dot(da_rz[t], U_rz_T, out=flow), out=dh_before)

    def finish() -> Gradients:
        dh_on = held.cut(np.s_[:], "h", dh[1:]) if held else dh[1:]
        dvectors = Vectors(dreset * h_before, dh_on * (n - h_before), dh_on * z, dh[1:])
        dr, dz = unfuse(affine_gradient(inputs, h_before, da_rz), 2)
        dn = affine_gradient(inputs, reset, da_n)
        return Gradients(dvectors, Params(dr, dz, dn), project(da, fuse(*params).W.T), State(dh[0]))

    return retreat, finish


_GATE, _SIGNED = (0.0, 1.0), (-1.0, 1.0)

GRU = Cell(
    name="gru",
    label="GRU",
    Params=Params,
    State=State,
    Vectors=Vectors,
    quantities=Vectors(
        r=Quantity("reset gate", *_GATE),
        z=Quantity("update gate", *_GATE),
        n=Quantity("candidate hidden state", *_SIGNED),
        h=Quantity("hidden state", *_SIGNED),
    ),
    memory="h",
    init=partial(init_affines, Params),
    step=step,
    step_back=step_back,
    fast=Fast(forward, backward),
)
