"""The vanilla recurrent network: a hidden state that is a squashed affine map of the input and itself."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from .arrays import Affine, affine_gradient, blocks, project, tanh_slope
from .cell import Cell, Fast, Gradients, Quantity, init_affines, untouched
from .clamp import Held


class Params(NamedTuple):
    h: Affine


class State(NamedTuple):
    h: np.ndarray  # (batch, unit)


class Vectors(NamedTuple):
    h: np.ndarray  # hidden state, -1..1


def step(params: Params, state: State, x: np.ndarray, hold: Callable = untouched) -> Vectors:
    """One step of the simple recurrent network of Elman (1990).

        h = tanh(x W + h' U + b)        h' is the hidden state before the step

    x (batch, input), h (batch, unit).
    """
    h = hold("h", np.tanh(params.h(x, state.h)))
    return Vectors(h)


def step_back(
    params: Params, state: State, x: np.ndarray, vectors: Vectors, dstate: State, cut: Callable = untouched
) -> Gradients:
    """Derivatives of the step above, given dstate.h = dL/dh."""
    dh = dstate.h
    da = cut("h", dh) * tanh_slope(params.h(x, state.h))
    dparams, dx, dh_before = params.h.back(x, state.h, da)
    return Gradients(Vectors(dh), Params(dparams), dx, State(dh_before))


def forward(params: Params, inputs: np.ndarray, states: State, held: Held | None):
    """All steps of `step`, the input's share of every pre-activation first, in one product."""
    W, U, b = params.h
    h = states.h
    a = project(inputs, W, b)
    from_h = np.empty_like(h[0])

    def advance(t: int) -> None:
        np.dot(h[t], U, out=from_h)
        np.add(a[t], from_h, out=a[t])
        np.tanh(a[t], out=h[t + 1])
        if held:
            held.put(t, "h", h[t + 1])

    return Vectors(h[1:]), a, advance


def backward(recording, dstates: State, held: Held | None):
    """All steps of `step_back`: slopes first, sums last, only the recurrence in the loop."""
    params, inputs, a = recording.params, recording.inputs, recording.cache
    U_T = np.ascontiguousarray(params.h.U.T)
    (dh,) = dstates
    da = np.empty_like(a)  # the slope first, the derivative once the loop has passed
    for s in blocks(a):
        da[s] = tanh_slope(a[s])
    from_a = np.empty_like(dh[0])

    def retreat(t: int) -> None:
        dh_on = held.cut(t, "h", dh[t + 1]) if held else dh[t + 1]
        np.multiply(dh_on, da[t], out=da[t])
        np.dot(da[t], U_T, out=from_a)
        np.add(dh[t], from_a, out=dh[t])

    def finish() -> Gradients:
        dparams = Params(affine_gradient(inputs, recording.states.h[:-1], da))
        return Gradients(Vectors(dh[1:]), dparams, project(da, params.h.W.T), State(dh[0]))

    return retreat, finish


RNN = Cell(
    name="rnn",
    label="RNN",
    Params=Params,
    State=State,
    Vectors=Vectors,
    quantities=Vectors(h=Quantity("hidden state", -1.0, 1.0)),
    memory="h",
    init=partial(init_affines, Params),
    step=step,
    step_back=step_back,
    fast=Fast(forward, backward),
)
