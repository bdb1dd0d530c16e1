"""The vanilla recurrent network: a hidden state that is a squashed affine map of the input and itself."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from recurrent_core.arrays import Affine, blocks, flip, join, stack, stack_back, tanh_slope
from recurrent_core.cell import Cell, Fast, Gradients, Quantity, init_affines, untouched
from recurrent_core.clamp import Held


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


def forward(params: Params, inputs: np.ndarray, initial: State, held: Held | None):
    """All steps of `step`, one product for each."""
    read, weights = stack(inputs, initial.h), join(params.h)
    h = read[:, : len(weights)]
    a = np.empty((len(inputs), *h.shape[1:]), inputs.dtype)

    def advance(t: int) -> None:
        np.dot(weights, read[t], out=a[t])
        np.tanh(a[t], out=h[t + 1])
        if held:
            held.put(t, "h", h[t + 1].T)

    return Vectors(flip(h[1:])), State(flip(h)), (read, a), advance


def backward(recording, dstates: State, held: Held | None):
    """All steps of `step_back`: slopes first, sums last, only the recurrence in the loop."""
    params, (read, a) = recording.params, recording.cache
    U = np.ascontiguousarray(params.h.U)
    dh = flip(dstates.h)
    da = np.empty_like(a)  # the slope first, the derivative once the loop has passed
    for s in blocks(a):
        tanh_slope(a[s], out=da[s])
    flow = np.empty_like(dh[0])

    def retreat(t: int) -> None:
        dh_on = held.cut(t, "h", dh[t + 1].T).T if held else dh[t + 1]
        np.multiply(dh_on, da[t], out=da[t])
        np.dot(U, da[t], out=flow)
        np.add(dh[t], flow, out=dh[t])

    def finish() -> Gradients:
        dparams, dx = stack_back(read[:-1], da, params)
        return Gradients(Vectors(flip(dh[1:])), Params(*dparams), dx, State(dh[0].T))

    return retreat, finish


RNN = Cell(
    name="rnn",
    label="RNN",
    letter="r",
    Params=Params,
    State=State,
    Vectors=Vectors,
    quantities=Vectors(h=Quantity("hidden state", -1.0, 1.0, "state")),
    memory="h",
    init=partial(init_affines, Params),
    step=step,
    step_back=step_back,
    fast=Fast(forward, backward),
)
