"""All steps of the GRU in place, its gates side by side: see `Fast`."""

import numpy as np

from recurrent_core.arrays import Affine, blocks, flip, fuse, join, slope_of, stack, stack_back, tanh_slope
from recurrent_core.cell import Arrays, Backward, Derivatives, Fast, Forward
from recurrent_core.clamp import Held

Params = tuple[Affine, Affine, Affine]


def forward(params: Params, inputs: np.ndarray, initial: Arrays, held: Held | None) -> Forward:
    """All steps of `step`, the gates side by side as r z n: two sigmoids in one, and one product for both.

    That product gives -a, for the sigmoids are 1 / (1 + exp(-a)). The candidate reads the reset state instead
    of the hidden one.
    """
    (for_r, for_z, for_n), (first,) = params, initial
    read, reset_read = stack(inputs, first), stack(inputs, first)
    time, batch, units = len(inputs), inputs.shape[1], first.shape[1]
    weights_rz, weights_n = -join(for_r, for_z), join(for_n)
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

    vectors = tuple(map(flip, (r, z, n, h[1:])))
    return Forward(vectors, (flip(h),), (read, reset_read, a, gates), advance)


def backward(params: Params, cache: Arrays, dstates: Arrays, held: Held | None) -> Backward:
    """All steps of `step_back`: local derivatives first, sums last, only the recurrence in the loop."""
    (for_r, for_z, for_n), (read, reset_read, a, gates) = params, cache
    r, z, n = _gates(gates)
    units = n.shape[1]
    h_before = read[:-1, :units]
    U_rz, U_n = fuse(for_r, for_z).U, np.ascontiguousarray(for_n.U)
    (dh,) = map(flip, dstates)

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

    def finish() -> Derivatives:
        dh_on = flip(held.cut(np.s_[:], "h", flip(dh[1:]))) if held else dh[1:]
        dvectors = dreset * h_before, dh_on * (n - h_before), dh_on * z, dh[1:]
        (by_r, by_z), dx = stack_back(read[:-1], da_rz, (for_r, for_z))
        (by_n,), dx_n = stack_back(reset_read[:-1], da_n, (for_n,))
        return tuple(map(flip, dvectors)), (by_r, by_z, by_n), dx + dx_n, (dh[0].T,)

    return Backward(retreat, finish)


def _gates(array: np.ndarray) -> list[np.ndarray]:
    """r z n of (time, 3 * unit, batch), as views."""
    return np.split(array, 3, axis=1)


FAST = Fast(forward, backward)
