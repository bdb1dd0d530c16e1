"""Jacobians, their products and the routes of a gradient: against differences, autograd, 200 digits, and laws."""

from dataclasses import replace

import mpmath
import numpy as np
import pytest
from pytorch_fixtures import FIXTURES, Fixture
from samples import clamps_of, difference, make_sample

import recurrent_core as rc
from recurrent_core import analysis
from recurrent_core.analysis import jacobians
from recurrent_core.clamp import lay_out

P = rc.PRESETS


def flat(state):
    """A State (batch, unit) as (batch, state)."""
    return np.concatenate(state, axis=-1)


def row(recording, t, batch):
    return rc.tree_map(lambda rows: rows[t, batch : batch + 1], recording.states)


def shifted(clamps, t, steps):
    """Clamps of a run of `steps`, as they hold in its step t alone."""
    found = []
    for name, value, start, stop, unit in clamps:
        places = np.zeros(steps, dtype=bool)
        places[start:stop] = True
        if places[t]:
            found.append(rc.Clamp(name, value, 0, 1, unit))
    return tuple(found)


def preset(name, network="lstm", **changes):
    return rc.simulate(replace(P[name], **changes), network)


# One step


def test_jacobians_are_finite_differences_of_single_steps(cell, clamps):
    sample = make_sample(cell)
    recording = sample.run(clamps)
    for batch in range(2):
        ours = jacobians.state_jacobians(recording, batch)
        expected = np.empty_like(ours)
        for t in range(len(ours)):
            before, held = row(recording, t, batch), shifted(clamps, t, len(ours))
            for place in range(ours.shape[-1]):
                ends = []
                for sign in (1, -1):
                    moved = rc.tree_map(np.copy, before)
                    moved[place // 3][0, place % 3] += sign * 1e-5
                    x = recording.inputs[t : t + 1, batch : batch + 1]
                    ends.append(flat(rc.run(cell, sample.params, x, moved, held).final)[0])
                expected[t, :, place] = (ends[0] - ends[1]) / 2e-5
        assert difference(ours, expected) < 1e-6


@pytest.mark.parametrize("kind", ["free", "clamped"])
def test_jacobians_are_those_of_autograd(cell, kind):
    fixture = Fixture(cell, kind)
    with np.load(FIXTURES / f"jacobians_{cell.name}_{kind}.npz", allow_pickle=False) as arrays:
        expected, last_by_first = arrays["jacobians"], arrays["last_by_first"]
    initial = fixture.named(cell.State, "initial")
    recording = rc.run(cell, fixture.params(), fixture["inputs"], initial, fixture.clamps())
    for batch in range(expected.shape[1]):
        ours = jacobians.state_jacobians(recording, batch)
        assert difference(ours, expected[:, batch]) < 1e-9
        assert difference(np.linalg.multi_dot(ours[::-1]), last_by_first[batch]) < 1e-9


@pytest.mark.parametrize("name", rc.CELLS)
def test_closed_forms_are_the_generic_path(name, monkeypatch):
    """Also across the borders of what goes back at once."""
    cell = rc.CELLS[name]
    assert cell.step in jacobians._CLOSED
    for clamps in ((), clamps_of(cell)):
        sample = make_sample(cell, steps=11, units=5)
        recording = sample.run(clamps)
        held = lay_out(recording.clamps, 11, 5, np.dtype(float))
        monkeypatch.setattr(jacobians, "NUMBERS_AT_ONCE", 150)
        generic = jacobians.by_step_back(recording, held, 1)
        assert difference(jacobians.derivatives(recording, 1), generic) < 1e-14


def test_a_held_state_has_no_row(cell):
    recording = make_sample(cell).run([rc.Clamp("h", 0.3, 2, 4, 1)])
    ours = jacobians.state_jacobians(recording)
    assert not ours[2:4, 1].any()
    assert ours[1, 1].any() and ours[4, 1].any() and ours[2, 0].any()


def test_float32_stays_float32(cell):
    exact = make_sample(cell)
    single = make_sample(cell, dtype=np.float32)
    ours = jacobians.state_jacobians(single.run())
    assert ours.dtype == np.float32
    assert difference(ours, jacobians.state_jacobians(exact.run())) < 1e-5
    products = jacobians.jacobian_products(ours)
    assert products.log10.dtype == np.float64
    expected = jacobians.jacobian_products(ours.astype(float))
    np.testing.assert_array_equal(products.log10, expected.log10)


def test_jacobians_carry_a_gradient_as_backprop_does(cell, clamps):
    """J^T times dL/d(new state) is dL/d(old state), over one step and over all."""
    sample = make_sample(cell, steps=20, units=6)
    recording = sample.run(clamps)
    for batch in range(2):
        ours = jacobians.state_jacobians(recording, batch)
        carried = flat(sample.d_final)[batch]
        for jacobian in ours[::-1]:
            carried = jacobian.T @ carried
        expected = flat(rc.backprop(recording, d_final=sample.d_final).initial)[batch]
        assert difference(carried, expected) < 1e-12


# Products


def in_many_digits(matrices, distances):
    """log10 of the singular values of the last k matrices' product, in 250 digits."""
    with mpmath.workdps(250):
        product, found = mpmath.eye(matrices.shape[-1]), []
        for k, matrix in enumerate(matrices[::-1], 1):
            product = product * mpmath.matrix(matrix.tolist())
            if k in distances:
                values = mpmath.svd_r(product, compute_uv=False)
                found.append(sorted((float(mpmath.log10(value)) for value in values), reverse=True))
        return np.array(found)


@pytest.mark.parametrize(
    ("name", "network", "changes"),
    [
        ("noise", "rnn", {}),
        ("noise", "gru", {"memory": 0.0}),
        ("fresh_torch", "lstm", {}),
        ("fresh_torch", "gru", {}),
        ("notebook", "lstm", {"units": 3}),
        ("exploding_rnn", "rnn", {}),
        ("noise", "lstm", {"units": 6}),
        ("write_once", "lstm", {"units": 6}),
    ],
)
def test_products_against_two_hundred_digits(name, network, changes):
    recording = preset(name, network, **{"units": 4, "steps": 100, **changes}).recording
    ours, distances = jacobians.state_jacobians(recording), (1, 4, 6, 8, 9, 40, 100)
    found = jacobians.jacobian_products(ours, distances)
    expected = in_many_digits(ours, distances)
    shown = np.isfinite(found.log10)
    assert np.abs(found.log10 - expected)[shown].max() < 1e-6 / np.log(10)
    below = expected - expected[:, :1]
    assert shown[below > -12.99].all() and not shown[below < -13.01].any()


def test_a_plain_product_has_lost_what_ours_gives():
    """A hundred steps that stretch and shrink along turned axes: the small value of a plain product is noise."""
    rng = np.random.default_rng(3)
    matrices = rng.standard_normal((100, 6, 6))
    ours = jacobians.jacobian_products(matrices, [100]).log10[0]
    expected = in_many_digits(matrices, [100])[0]
    shown = np.isfinite(ours)
    plain = np.log10(np.linalg.svd(np.linalg.multi_dot(matrices[::-1]), compute_uv=False))
    assert 1 <= shown.sum() < 6
    assert np.abs(ours - expected)[shown].max() < 1e-6
    assert abs(plain[-1] - expected[-1]) > 10


def test_products_beyond_the_range_of_floats():
    for factor in (1e-9, 1e9):
        matrices = np.broadcast_to(factor * np.diag([1.0, 0.5]), (200, 2, 2))
        found = jacobians.jacobian_products(matrices)
        k = np.arange(201)
        np.testing.assert_allclose(found.log10[:, 0], k * np.log10(factor), rtol=1e-12)
        second = k * np.log10(factor / 2)
        shown = k * np.log10(2) < 13
        np.testing.assert_allclose(found.log10[shown, 1], second[shown], rtol=1e-12)
        assert np.isnan(found.log10[~shown, 1]).all()


def test_products_that_end():
    matrices = np.random.default_rng(0).standard_normal((30, 3, 3))
    matrices[9] = 0
    found = jacobians.jacobian_products(matrices).log10
    assert np.isfinite(found[:21, 0]).all() and (found[21:, 0] == -np.inf).all()
    assert np.isnan(found[21:, 1:]).all()
    matrices[9, 1, 1] = np.inf
    found = jacobians.jacobian_products(matrices).log10
    assert np.isfinite(found[:21, 0]).all() and np.isnan(found[21:]).all()


def test_what_was_small_counts_again_when_the_rest_is_erased():
    """One direction is 1e-30 of the other after 30 steps; then the other is erased."""
    turn = np.linalg.qr(np.random.default_rng(0).standard_normal((2, 2)))[0]
    matrices = np.broadcast_to(turn @ np.diag([1.0, 0.1]) @ turn.T, (41, 2, 2)).copy()
    matrices[10] = np.diag([0.0, 1.0])
    matrices[11:] = np.diag([1.0, 0.1])
    found = jacobians.jacobian_products(matrices).log10
    np.testing.assert_allclose(found[:31, 0], 0, atol=1e-12)
    assert found[31, 0] == pytest.approx(-30)


def test_chosen_distances_are_the_same_numbers():
    ours = jacobians.state_jacobians(preset("noise", units=5, steps=80).recording)
    every = jacobians.jacobian_products(ours)
    assert every.log10.shape == (81, 10) and not every.log10[0].any()
    chosen = jacobians.log_distances(80)
    some = jacobians.jacobian_products(ours, chosen)
    np.testing.assert_allclose(some.log10, every.log10[chosen], rtol=0, atol=1e-14)
    with pytest.raises(ValueError, match="distances of 0 to 80 steps, got -1 to 80"):
        jacobians.jacobian_products(ours, [-1, 80])


@pytest.mark.parametrize("longest", [1, 23, 24, 25, 40, 100, 499])
def test_log_distances(longest):
    chosen = jacobians.log_distances(longest)
    assert len(chosen) == min(24, longest) and chosen[0] == 1 and chosen[-1] == longest
    assert (np.diff(chosen) > 0).all()
    ratios = chosen[1:] / chosen[:-1]
    assert longest < 100 or ratios[-5:].max() < 1.1 * ratios[-5:].min()


# Routes


@pytest.mark.parametrize("network", ["lstm", "gru"])
def test_routes_are_the_matrices_written_out(network):
    recording = preset("noise", network, units=4, steps=40, input_bias=0.0).recording
    ours = jacobians.state_jacobians(recording)
    found = jacobians.routes(recording)
    v, last = recording.vectors, 39
    product = np.eye(ours.shape[-1])
    route = np.ones(4)
    for k in range(40):
        if network == "lstm":
            slope = v.o[last - k, 0] * (1 - np.tanh(v.c[last - k, 0]) ** 2)
            total = product[4:, 4:] + product[4:, :4] @ np.diag(slope)
        else:
            total = product
        expected = [np.linalg.norm(m, 2) for m in (total, np.diag(route), total - np.diag(route))]
        got = [10 ** curve[k] for curve in found[1:]]
        assert got == pytest.approx(expected, rel=1e-9, abs=1e-14)
        product = product @ ours[last - k]
        route = route * (v.f if network == "lstm" else 1 - v.z)[last - k, 0]


def test_the_total_is_what_backprop_propagates(cell, clamps):
    """The total derivative by a memory held within the last step's loss: dL/dm_T = v at m_T alone."""
    sample = make_sample(cell, steps=15, units=4, batch=1)
    recording = sample.run(clamps)
    by_state, by_memory = jacobians.derivatives(recording)
    entering = flat(sample.d_final)[0]
    grads = rc.backprop(recording, d_final=sample.d_final)
    for t in range(14, -1, -1):
        expected = getattr(grads.vectors, cell.memory)[t, 0]
        assert difference(by_memory[t].T @ entering, expected) < 1e-12
        entering = by_state[t].T @ entering


def test_norms_of_routes_over_thirty_steps():
    """Random wiring, b_f = 0, 1, 3: one draw gave .74 and .24 at 3, and 2.4e-7 and 2.8e-9 at 0."""
    found = []
    for memory in (0.0, 1.0, 3.0):
        recording = preset("noise", units=16, memory=memory, input_bias=0.0, scale=1.0).recording
        found.append([10 ** curve[0] for curve in jacobians.routes(recording, [30])[1:]])
    total, cell, rest = np.array(found).T
    assert (cell < total).all() and (np.diff(total) > 0).all() and (np.diff(cell) > 0).all()
    assert total[0] < 1e-4 and cell[0] < 1e-7 and 0.05 < cell[2] < 0.5 and total[2] < 10
    assert (rest[:2] == pytest.approx(total[:2], rel=0.1)) and rest[2] != pytest.approx(total[2], rel=1e-3)


def test_products_of_one_step_derivatives_of_c_are_wrong():
    """dc_t/dc_(t-1) with o_(t-1) held: right for one step, wrong from two on, for it misses what goes by o.

    How wrong depends on the draw (an independent one gave 3.6e-7 for 2.4e-7); over 30 steps by up to 10 % here.
    """
    ratios = []
    for seed in range(11):
        recording = preset("noise", memory=3.0, input_bias=0.0, scale=1.0, seed=seed).recording
        total = 10 ** jacobians.routes(recording, [1, 2, 30]).total
        product, norms = np.eye(16), []
        for t in range(59, 29, -1):
            product = product @ four_terms(recording, t)
            norms.append(np.linalg.norm(product, 2))
        ratios.append(np.array(norms)[[0, 1, 29]] / total)
    one, two, thirty = np.abs(np.log(np.transpose(ratios)))
    assert one.max() < 1e-12
    assert two.min() > 1e-5 and thirty.max() > np.log(1.1)


def four_terms(recording, t):
    """The LSTM's one-step derivative, longhand: forget gate, and h' by way of f, i and g."""
    i, f, g, o, c, _ = rc.tree_map(lambda rows: rows[:, 0], recording.vectors)
    p = recording.params
    by_h = (
        np.diag(c[t - 1] * f[t] * (1 - f[t])) @ p.f.U.T
        + np.diag(g[t] * i[t] * (1 - i[t])) @ p.i.U.T
        + np.diag(i[t] * (1 - g[t] ** 2)) @ p.g.U.T
    )
    return np.diag(f[t]) + by_h @ np.diag(o[t - 1] * (1 - np.tanh(c[t - 1]) ** 2))


def test_routes_of_the_rnn_and_of_clamps():
    rnn = jacobians.routes(preset("noise", "rnn").recording, [0, 10])
    assert rnn.cell is None and rnn.rest is None and rnn.total[0] == pytest.approx(0, abs=1e-12)
    held = (rc.Clamp("f", 1.0), rc.Clamp("i", 0.0))
    kept = jacobians.routes(preset("noise", clamps=held).recording)
    np.testing.assert_allclose(kept.cell, 0, atol=1e-12)
    assert kept.rest.max() < -14
    erased = jacobians.routes(preset("noise", clamps=(rc.Clamp("c", 0.2, 30, 31),)).recording)
    assert np.isfinite(erased.total[:30]).all()
    assert (erased.cell[30:] == -np.inf).all() and np.isfinite(erased.cell[:30]).all()
    with pytest.raises(ValueError, match="distances of 0 to 59 steps"):
        jacobians.routes(preset("noise").recording, [60])


def test_cell_route_is_the_gate(cell):
    recording = make_sample(cell).run()
    route, kept = jacobians.cell_route(recording, 1), analysis.kept(recording)
    if kept is None:
        assert route is None
    else:
        np.testing.assert_allclose(route, kept[:, 1], rtol=1e-14)


def shares(experiment, distance=50):
    found = []
    for seed in range(11):
        simulation = rc.simulate(replace(experiment, seed=seed))
        share = jacobians.route_shares(simulation.recording, rc.learning_signal(simulation), [0, distance])
        assert share.cell[0] == pytest.approx(1) and share.rest[0] == 0
        assert share.cell[1] + share.rest[1] >= 1 - 1e-9
        found.append(share.cell[1])
    return np.median(found)


def test_what_the_product_of_forget_gates_accounts_for():
    """An independent implementation: 68 % at m = 3, 49 % at m = 1; random wiring, b_i = 0, b_f = 1: .005 %."""
    assert shares(P["write_once"]) == pytest.approx(0.68, abs=0.08)
    assert shares(replace(P["write_once"], memory=1.0)) == pytest.approx(0.49, abs=0.08)
    random = replace(P["write_once"], wiring="random", memory=1.0, input_bias=0.0)
    assert 5e-5 / 5 < shares(random) < 5e-5 * 5
    assert jacobians.route_shares(*_rnn_gradients()) is None


def _rnn_gradients():
    simulation = preset("noise", "rnn")
    return simulation.recording, rc.learning_signal(simulation)


# Bounds


@pytest.mark.parametrize(
    ("scale", "steps", "low", "high"),
    [(0.9, 10, 0.285, 0.33), (0.9, 50, 1.0e-3, 1.9e-3), (1.1, 50, 0.75, 3.5)],
)
def test_bounds_of_orthogonal_weights(scale, steps, low, high):
    """Independently: .29-.33 (bound .349), 1.1e-3-1.9e-3 (5.2e-3), .88-3.5 (117: no explosion), each from h_0 = 0."""
    for seed in range(40):
        rng = np.random.default_rng(seed)
        params = rc.RNN.init(rng, 32, 32, gain=scale)
        params = rc.RNN.Params(params.h._replace(W=np.eye(32)))
        recording = rc.run(rc.RNN, params, 0.1 * rng.standard_normal((steps, 1, 32)))
        found = jacobians.jacobian_products(jacobians.state_jacobians(recording), [steps]).log10[0, 0]
        bound = jacobians.log10_bound(params.h.U, [steps])[0]
        assert 10**bound == pytest.approx(scale**steps, rel=1e-9)
        assert found < bound and low < 10**found < high


def test_the_sigmoid_shrinks_four_times_as_fast():
    assert jacobians.log10_bound(4 * np.eye(3), [7], gamma=0.25)[0] == pytest.approx(0)
    assert jacobians.log10_bound(np.zeros((2, 2)), [1])[0] == -np.inf
