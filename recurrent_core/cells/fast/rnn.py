"""All steps of the vanilla network in place: see `Fast`."""

import numpy as np

from recurrent_core.arrays import Affine, blocks, flip, join, stack, stack_back, tanh_slope
from recurrent_core.cell import Arrays, Backward, Derivatives, Fast, Forward
from recurrent_core.clamp import Held

Params = tuple[Affine]


def forward(params: Params, inputs: np.ndarray, initial: Arrays, held: Held | None) -> Forward:
    """All steps of `step`, one product for each."""
    read, weights = stack(inputs, *initial), join(*params)
    h = read[:, : len(weights)]
    a = np.empty((len(inputs), *h.shape[1:]), inputs.dtype)

    def advance(t: int) -> None:
        np.dot(weights, read[t], out=a[t])
        np.tanh(a[t], out=h[t + 1])
        if held:
            held.put(t, "h", h[t + 1].T)

    return Forward((flip(h[1:]),), (flip(h),), (read, a), advance)


def backward(params: Params, cache: Arrays, dstates: Arrays, held: Held | None) -> Backward:
    """All steps of `step_back`: slopes first, sums last, only the recurrence in the loop."""
    (affine,), (read, a) = params, cache
    U = np.ascontiguousarray(affine.U)
    (dh,) = map(flip, dstates)
    da = np.empty_like(a)  # the slope first, the derivative once the loop has passed
    for s in blocks(a):
        tanh_slope(a[s], out=da[s])
    flow = np.empty_like(dh[0])

    def retreat(t: int) -> None:
        dh_on = held.cut(t, "h", dh[t + 1].T).T if held else dh[t + 1]
        np.multiply(dh_on, da[t], out=da[t])
        np.dot(U, da[t], out=flow)
        np.add(dh[t], flow, out=dh[t])

    def finish() -> Derivatives:
        dparams, dx = stack_back(read[:-1], da, params)
        return (flip(dh[1:]),), tuple(dparams), dx, (dh[0].T,)

    return Backward(retreat, finish)


FAST = Fast(forward, backward)
