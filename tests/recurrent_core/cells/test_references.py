"""Independent references: equations longhand for one unit, known numbers, a foreign cell."""

import math
from typing import NamedTuple

import numpy as np
import pytest
from samples import difference, make_sample

import recurrent_core as rc


def sig(a):
    return 1 / (1 + math.exp(-a))


def one_unit(cell, **gates):
    """Parameters of one unit with one input from (input weight, recurrent weight, bias) per gate."""
    return cell.Params(
        **{g: rc.Affine(np.array([[w]]), np.array([[u]]), np.array([b])) for g, (w, u, b) in gates.items()}
    )


def column(*values):
    return np.array(values, dtype=float).reshape(-1, 1, 1)


WORKED = {"i": (0.6, 0.2, 0.0), "f": (0.5, 0.1, 0.0), "g": (0.7, 0.3, 0.0), "o": (0.8, 0.4, 0.0)}


def test_the_worked_example_of_the_course():
    v = rc.run(rc.LSTM, one_unit(rc.LSTM, **WORKED), column(1, 2, 3)).vectors
    first = [round(float(vector[0, 0, 0]), 4) for vector in (v.f, v.i, v.g, v.c, v.o, v.h)]
    assert first == [0.6225, 0.6457, 0.6044, 0.3902, 0.6900, 0.2564]
    assert round(v.c[2, 0, 0], 4) == 1.6721
    assert round(v.h[2, 0, 0], 4) == 0.8707


def test_lstm_longhand():
    weights = {"i": (0.6, 0.2, -0.4), "f": (0.5, 0.1, 1.0), "g": (0.7, 0.3, 0.2), "o": (0.8, 0.4, -0.3)}
    xs, h, c = [1.0, -2.0, 0.5, 3.0], 0.3, -0.7
    v = rc.run(
        rc.LSTM, one_unit(rc.LSTM, **weights), column(*xs), rc.LSTM.State(np.array([[h]]), np.array([[c]]))
    ).vectors
    for t, x in enumerate(xs):
        a = {gate: w * x + u * h + b for gate, (w, u, b) in weights.items()}
        i, f, g, o = sig(a["i"]), sig(a["f"]), math.tanh(a["g"]), sig(a["o"])
        c = f * c + i * g
        h = o * math.tanh(c)
        assert [float(vector[t, 0, 0]) for vector in v] == pytest.approx([i, f, g, o, c, h], rel=1e-14)


def test_gru_longhand():
    weights = {"r": (0.6, 0.2, -0.4), "z": (0.5, 0.1, 1.0), "n": (0.7, 0.9, 0.2)}
    xs, h = [1.0, -2.0, 0.5, 3.0], 0.3
    v = rc.run(rc.GRU, one_unit(rc.GRU, **weights), column(*xs), rc.GRU.State(np.array([[h]]))).vectors
    for t, x in enumerate(xs):
        r = sig(0.6 * x + 0.2 * h - 0.4)
        z = sig(0.5 * x + 0.1 * h + 1.0)
        n = math.tanh(0.7 * x + 0.9 * (r * h) + 0.2)
        h = (1 - z) * h + z * n
        assert [float(vector[t, 0, 0]) for vector in v] == pytest.approx([r, z, n, h], rel=1e-14)


def test_rnn_longhand():
    xs, h = [1.0, -2.0, 0.5, 3.0], 0.3
    v = rc.run(
        rc.RNN, one_unit(rc.RNN, h=(0.7, 0.9, 0.2)), column(*xs), rc.RNN.State(np.array([[h]]))
    ).vectors
    for t, x in enumerate(xs):
        h = math.tanh(0.7 * x + 0.9 * h + 0.2)
        assert float(v.h[t, 0, 0]) == pytest.approx(h, rel=1e-14)


@pytest.mark.parametrize(
    ("bias", "f", "after_10", "after_50", "half_life", "time_constant"),
    [
        (0, 0.5, 9.77e-4, 8.9e-16, 1.00, 2),
        (1, 0.7311, 0.0436, 1.6e-7, 2.21, 3.72),
        (2, 0.8808, 0.281, 1.75e-3, 5.46, 8.39),
        (3, 0.9526, 0.615, 0.0881, 14.27, 21.09),
        (5, 0.9933, 0.935, 0.715, 103.2, 149.4),
    ],
)
def test_forget_gate_and_memory(bias, f, after_10, after_50, half_life, time_constant):
    params = one_unit(rc.LSTM, i=(0, 0, 0), f=(0, 0, bias), g=(0, 0, 0), o=(0, 0, 0))
    start = rc.LSTM.State(np.zeros((1, 1)), np.ones((1, 1)))
    recording = rc.run(rc.LSTM, params, np.zeros((50, 1, 1)), start, [rc.Clamp("i", 0.0)])
    c = recording.vectors.c[:, 0, 0]
    assert recording.vectors.f[0, 0, 0] == pytest.approx(f, abs=6e-5)
    assert c[9] == pytest.approx(after_10, rel=2e-3)
    assert c[49] == pytest.approx(after_50, rel=2e-2)
    assert math.log(0.5) / math.log(c[0]) == pytest.approx(half_life, rel=2e-3)
    assert 1 / rc.sigmoid(np.array(-float(bias))) == pytest.approx(time_constant, rel=2e-3)


@pytest.mark.parametrize("seed", range(3))
def test_one_step_of_the_cell_state_against_its_four_term_jacobian(seed):
    """dc_t/dc_{t-1} with o_{t-1} held, as a matrix that acts on columns, against what backprop carries."""
    sample = make_sample(rc.LSTM, batch=1, units=5, seed=seed)
    recording = sample.run()
    i, f, g, o, c, _ = (vector[:, 0] for vector in recording.vectors)
    p = sample.params
    paths = (
        np.diag(c[-2] * f[-1] * (1 - f[-1])) @ p.f.U.T
        + np.diag(g[-1] * i[-1] * (1 - i[-1])) @ p.i.U.T
        + np.diag(i[-1] * (1 - g[-1] ** 2)) @ p.g.U.T
    )
    jacobian = np.diag(f[-1]) + paths @ np.diag(o[-2] * (1 - np.tanh(c[-2]) ** 2))
    grads = rc.backprop(recording, d_final=rc.LSTM.State(None, sample.d_final.c))
    np.testing.assert_allclose(grads.vectors.c[-2, 0], sample.d_final.c[0] @ jacobian, rtol=1e-12)


class ChoParams(NamedTuple):
    z: rc.Affine
    r: rc.Affine
    n: rc.Affine


class ChoState(NamedTuple):
    h: np.ndarray


class ChoVectors(NamedTuple):
    z: np.ndarray
    r: np.ndarray
    n: np.ndarray
    h: np.ndarray


def cho_step(params, state, x, hold=lambda name, vector: vector):
    z = hold("z", rc.sigmoid(params.z(x, state.h)))
    r = hold("r", rc.sigmoid(params.r(x, state.h)))
    n = hold("n", np.tanh(params.n(x, r * state.h)))
    return ChoVectors(z, r, n, hold("h", z * state.h + (1 - z) * n))


def cho_step_back(params, state, x, vectors, dstate, cut=lambda name, gradient: gradient):
    z, r, n, _ = vectors
    dh = dstate.h
    on = cut("h", dh)
    dz, dn = on * (state.h - n), on * (1 - z)
    dn_params, dx_n, dreset = params.n.back(x, r * state.h, cut("n", dn) * (1 - n**2))
    dr = dreset * state.h
    dr_params, dx_r, dh_r = params.r.back(x, state.h, cut("r", dr) * r * (1 - r))
    dz_params, dx_z, dh_z = params.z.back(x, state.h, cut("z", dz) * z * (1 - z))
    return rc.Gradients(
        vectors=ChoVectors(dz, dr, dn, dh),
        params=ChoParams(dz_params, dr_params, dn_params),
        inputs=dx_n + dx_r + dx_z,
        initial=ChoState(on * z + dreset * r + dh_r + dh_z),
    )


CHO = rc.Cell(
    name="cho",
    label="GRU (Cho 2014)",
    letter="",
    Params=ChoParams,
    State=ChoState,
    Vectors=ChoVectors,
    quantities=(
        rc.Quantity("z", "share of the old", 0.0, 1.0, "keep"),
        rc.Quantity("r", "reset", 0.0, 1.0, "reset"),
        rc.Quantity("n", "candidate", -1.0, 1.0, "candidate"),
        rc.Quantity("h", "h", -1.0, 1.0, "state"),
    ),
    memory="h",
    init=None,
    step=cho_step,
    step_back=cho_step_back,
)


@pytest.mark.parametrize("clamped", [False, True])
def test_a_foreign_cell_runs_through_the_same_driver(clamped):
    """Cho's GRU, with z the share of the old, is ours with the update gate's parameters negated."""
    ours = make_sample(rc.GRU)
    negated = rc.tree_map(np.negative, ours.params.z)
    theirs = ours._replace(
        cell=CHO,
        params=ChoParams(negated, ours.params.r, ours.params.n),
        initial=ChoState(*ours.initial),
        d_final=ChoState(*ours.d_final),
    )
    our_clamps = [rc.Clamp("z", 0.3, 2, 4, 1), rc.Clamp("n", 0.5, 3, 5)] if clamped else []
    their_clamps = [rc.Clamp("z", 0.7, 2, 4, 1), rc.Clamp("n", 0.5, 3, 5)] if clamped else []

    chung, cho = ours.run(our_clamps).vectors, theirs.run(their_clamps).vectors
    assert difference(cho.h, chung.h) < 1e-15
    assert difference(1 - cho.z, chung.z) < 1e-15
    grads, foreign = ours.gradients(our_clamps), theirs.gradients(their_clamps)
    assert difference(foreign.inputs, grads.inputs) < 1e-14
    assert difference(-foreign.vectors.z, grads.vectors.z) < 1e-14
    assert difference(rc.tree_map(np.negative, foreign.params.z), grads.params.z) < 1e-14
    assert difference(foreign.params.n, grads.params.n) < 1e-14


def test_a_foreign_step_may_give_back_what_it_was_given():
    """A clamp overwrites a copy: a step whose vector is the old state itself does not lose it."""

    def still(params, state, x, hold=lambda name, vector: vector):
        return rc.RNN.Vectors(hold("h", state.h))

    cell = rc.RNN._replace(step=still, fast=None)
    params = one_unit(rc.RNN, h=(0, 0, 0))
    recording = rc.run(
        cell, params, np.zeros((3, 1, 1)), rc.RNN.State(np.ones((1, 1))), [rc.Clamp("h", 5.0, 1, 2)]
    )
    assert recording.states.h[:, 0, 0].tolist() == [1, 1, 5, 5]
