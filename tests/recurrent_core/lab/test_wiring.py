"""Parameters with a purpose: what each wiring promises, for every cell."""

import numpy as np
import pytest
from samples import TABLE

import recurrent_core as rc
from recurrent_core.lab import wiring

CELLS = pytest.mark.parametrize("cell", TABLE.values(), ids=TABLE)
WIRINGS = pytest.mark.parametrize("wire", rc.WIRINGS.values(), ids=rc.WIRINGS)
BIASES = {"i": -3.0, "f": 3.0, "o": 0.5, "r": 0.25, "z": -3.0, "g": 0.1, "n": 0.1, "h": 0.1}


def affines(params):
    return zip(params._fields, params, strict=True)


@CELLS
@WIRINGS
@pytest.mark.parametrize("input_size", [1, 3, 4, 7])
@pytest.mark.parametrize("units", [1, 5])
def test_every_wiring_runs_every_cell_with_any_input(cell, wire, input_size, units):
    params = wire(cell, 0, input_size, units, BIASES, 0.8, "gaussian")
    assert type(params) is cell.Params
    inputs = np.random.default_rng(0).standard_normal((6, 2, input_size))
    recording = rc.run(cell, params, inputs)
    assert all(np.isfinite(vector).all() for vector in recording.vectors)


@CELLS
@WIRINGS
def test_the_same_seed_draws_the_same_and_arrays_are_the_callers_own(cell, wire):
    first, second = (wire(cell, 4, 3, 5, BIASES, 0.8, "orthogonal") for _ in range(2))
    for (_, a), (_, b) in zip(affines(first), affines(second), strict=True):
        for mine, other in zip(a, b, strict=True):
            assert np.array_equal(mine, other)
            mine += 1  # writable, and not shared with the next call
    third = wire(cell, 4, 3, 5, BIASES, 0.8, "orthogonal")
    assert all(
        np.array_equal(x, y) for a, b in zip(second, third, strict=True) for x, y in zip(a, b, strict=True)
    )


@CELLS
def test_random_is_the_cells_own_init(cell):
    biases = {gate: BIASES[gate] for gate in cell.gates}
    ours = wiring.random(cell, 7, 3, 5, BIASES, 0.8)
    theirs = cell.init(np.random.default_rng(7), 3, 5, biases=biases, gain=0.8)
    for (_, a), (_, b) in zip(affines(ours), affines(theirs), strict=True):
        assert np.array_equal(a.W, b.W) and np.array_equal(a.b, b.b)
        np.testing.assert_allclose(a.U, b.U, rtol=1e-15)


@CELLS
def test_no_setting_but_the_seed_changes_a_draw(cell):
    quiet = wiring.random(cell, 1, 3, 5, {}, 0.8)
    loud = wiring.random(cell, 1, 3, 5, BIASES, 1.6)
    other = wiring.random(cell, 2, 3, 5, BIASES, 1.6)
    for a, b, c in zip(quiet, loud, other, strict=True):
        assert np.array_equal(a.W, b.W)
        np.testing.assert_allclose(2 * a.U, b.U, rtol=1e-15)
        np.testing.assert_allclose(a.U @ a.U.T, 0.64 * np.eye(5), atol=1e-14)
        assert not np.array_equal(b.W, c.W)


@pytest.mark.parametrize(
    ("name", "writer", "candidate"), [("rnn", None, "h"), ("lstm", "i", "g"), ("gru", "z", "n")]
)
def test_write_once_opens_the_gate_and_sorts_the_candidate(name, writer, candidate):
    cell = rc.CELLS[name]
    params, plain = (wire(cell, 0, 2, 16, BIASES, 0.8) for wire in (wiring.write_once, wiring.random))
    assert np.array_equal(getattr(params, candidate).W[0], np.linspace(-2, 2, 16))
    if writer:
        assert (getattr(params, writer).W[0] == 6).all()
    for gate, affine in affines(params):
        before = getattr(plain, gate)
        assert np.array_equal(affine.W[1], before.W[1]) and np.array_equal(affine.U, before.U)
        assert gate in (writer, candidate) or np.array_equal(affine.W, before.W)


def test_notebook_gates_follow_their_commands():
    commands = np.array(
        [[[v, w, r, e]] for v, w, r, e in ((0.5, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1))], dtype=float
    )
    vectors = rc.run(rc.LSTM, wiring.notebook(rc.LSTM, 0, 4, 8), commands).vectors
    opened, shut = 0.99330715, 0.00669285
    for gate, expected in (
        ("i", (opened, shut, shut)),
        ("o", (shut, opened, shut)),
        ("f", (opened, opened, shut)),
    ):
        np.testing.assert_allclose(
            getattr(vectors, gate)[:, 0], np.tile(np.array(expected)[:, None], 8), rtol=1e-6
        )
    np.testing.assert_allclose(vectors.g[0, 0], np.tanh(0.5 * np.linspace(-2, 2, 8)))
    z = rc.run(rc.GRU, wiring.notebook(rc.GRU, 0, 4, 8), commands).vectors.z[:, 0, 0]
    np.testing.assert_allclose(z, [opened, shut, opened], rtol=1e-6)


def test_count_wirings_are_the_stated_gates():
    pulse = np.array([[[0.0]], [[1.0]]])
    lstm = rc.run(rc.LSTM, wiring.count(rc.LSTM, 0, 1, 1), pulse).vectors
    np.testing.assert_allclose(lstm.i.ravel(), [0.00669285, 0.99330715], rtol=1e-6)
    np.testing.assert_allclose(lstm.f.ravel(), [0.99966465] * 2, rtol=1e-7)
    np.testing.assert_allclose(lstm.g.ravel(), [0, np.tanh(10)])
    gru = rc.run(rc.GRU, wiring.count(rc.GRU, 0, 1, 1), pulse).vectors
    np.testing.assert_allclose(gru.z.ravel(), [0.00033535, 0.88079708], rtol=1e-4)
    rnn = rc.run(rc.RNN, wiring.count(rc.RNN, 0, 1, 1), pulse).vectors
    assert rnn.h.ravel().tolist() == [0, np.tanh(10)]


@CELLS
def test_fresh_torch_is_uniform_with_two_biases_that_add_up(cell):
    params = wiring.fresh_torch(cell, 0, 50, 100, {})
    for affine in params:
        for matrix in affine[:2]:
            assert 0.0999 < np.abs(matrix).max() <= 0.1
            assert matrix.std() == pytest.approx(0.1 / np.sqrt(3), rel=0.03)
        b = affine.b + getattr(affine, "b_h", 0)  # the GRU that resets after the product keeps both
        assert 0.1 < np.abs(b).max() <= 0.2
        assert np.abs(affine.b).max() > 0.09
        assert b.std() == pytest.approx(0.1 * np.sqrt(2 / 3), rel=0.25)


@CELLS
def test_fresh_keras_draws_all_gates_at_once(cell):
    units, gates = 24, len(cell.gates)
    params = wiring.fresh_keras(cell, 0, 10, units, {})
    bound = np.sqrt(6 / (10 + gates * units))
    W, U = (np.concatenate([getattr(affine, name) for affine in params], axis=1) for name in "WU")
    assert 0.99 * bound < np.abs(W).max() <= bound
    np.testing.assert_allclose(U @ U.T, np.eye(units), atol=1e-13)
    single = np.linalg.svd(params[0].U, compute_uv=False)
    assert (single.max() < 1 - 1e-6) == (gates > 1)
    for gate, affine in affines(params):
        assert (affine.b == (gate == "f")).all()


@CELLS
@pytest.mark.parametrize("wire", [wiring.fresh_torch, wiring.fresh_keras])
def test_fresh_wirings_add_biases_to_their_own(cell, wire):
    own, shifted = wire(cell, 0, 1, 6, {}), wire(cell, 0, 1, 6, BIASES)
    for gate, affine in affines(own):
        np.testing.assert_allclose(getattr(shifted, gate).b, affine.b + BIASES[gate], rtol=1e-14)


@CELLS
def test_parameter_count_counts_what_there_is(cell):
    params = wiring.random(cell, 0, 10, 20)
    assert wiring.parameter_count(cell, 10, 20) == sum(array.size for affine in params for array in affine)
    further = {"gru_after": 20, "lstm_peephole": 60}.get(cell.name, 0)
    assert wiring.parameter_count(cell, 10, 20) == 620 * len(cell.gates) + further


@CELLS
@pytest.mark.parametrize("input_size", [1, 26, 500])
@pytest.mark.parametrize("units", [1, 2, 16, 128])
def test_matched_units_come_nearest(cell, input_size, units):
    target = wiring.parameter_count(rc.LSTM, input_size, units)
    distances = [abs(wiring.parameter_count(cell, input_size, size) - target) for size in range(1, 600)]
    assert wiring.matched_units(cell, rc.LSTM, input_size, units) == 1 + int(np.argmin(distances))
