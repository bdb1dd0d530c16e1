"""All steps of the LSTM in place, its gates side by side: see `Fast`."""

import numpy as np

from recurrent_core.arrays import Affine, blocks, flip, fuse, join, slope_of, stack, stack_back, tanh_slope
from recurrent_core.cell import Arrays, Backward, Derivatives, Fast, Forward
from recurrent_core.clamp import Held

Params = tuple[Affine, Affine, Affine, Affine]


def forward(params: Params, inputs: np.ndarray, initial: Arrays, held: Held | None) -> Forward:
    """All steps of `step`, the gates side by side as o i f g: three sigmoids in one, and one product for all.

    The product gives -a for the sigmoids, which are 1 / (1 + exp(-a)).
    """
    (for_i, for_f, for_g, for_o), (first_h, first_c) = params, initial
    read = stack(inputs, first_h)
    time, batch, units = len(inputs), inputs.shape[1], first_h.shape[1]
    weights = join(for_o, for_i, for_f, for_g)
    weights[:-units] *= -1
    a = np.empty((time, 4 * units, batch), inputs.dtype)
    gates = np.empty_like(a)
    e, a_g = a[:, :-units], a[:, -units:]
    oif, (o, i, f, g) = gates[:, :-units], _gates(gates)
    h, c = read[:, :units], np.empty((time + 1, units, batch), inputs.dtype)
    c[0] = first_c.T
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

    vectors = tuple(map(flip, (i, f, g, o, c[1:], h[1:])))
    return Forward(vectors, (flip(h), flip(c)), (read, a, gates, squashed, c), advance)


def backward(params: Params, cache: Arrays, dstates: Arrays, held: Held | None) -> Backward:
    """All steps of `step_back`: local derivatives first, sums last, only the recurrence in the loop."""
    (for_i, for_f, for_g, for_o), (read, a, gates, squashed, c) = params, cache
    o, i, f, g = _gates(gates)
    units = c.shape[1]
    ordered = for_o, for_i, for_f, for_g
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

    def finish() -> Derivatives:
        dh_on, dc_on = dh[1:], dc[1:]
        if held:
            dh_on, dc_on = (
                flip(held.cut(np.s_[:], k, flip(d))) for k, d in zip("hc", (dh_on, dc_on), strict=True)
            )
        dvectors = dc_on * g, dc_on * c[:-1], dc_on * i, dh_on * squashed, dc[1:], dh[1:]
        (by_o, by_i, by_f, by_g), dx = stack_back(read[:-1], da, ordered)
        initial = dh[0].T, dc[0].T
        return tuple(map(flip, dvectors)), (by_i, by_f, by_g, by_o), dx, initial

    return Backward(retreat, finish)


def _gates(array: np.ndarray) -> list[np.ndarray]:
    """o i f g of (time, 4 * unit, batch), as views."""
    return np.split(array, 4, axis=1)


FAST = Fast(forward, backward)
