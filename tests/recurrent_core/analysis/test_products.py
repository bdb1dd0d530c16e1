"""Products of Jacobians: against 250 digits, and laws."""

import mpmath
import numpy as np
import pytest
from samples import preset

import recurrent_core as rc
from recurrent_core.analysis import products
from recurrent_core.analysis.jacobians import state_jacobians


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
    ours, distances = state_jacobians(recording), (1, 4, 6, 8, 9, 40, 100)
    found = products.jacobian_products(ours, distances)
    expected = in_many_digits(ours, distances)
    shown = np.isfinite(found.log10)
    assert np.abs(found.log10 - expected)[shown].max() < 1e-6 / np.log(10)
    below = expected - expected[:, :1]
    assert shown[below > -12.99].all() and not shown[below < -13.01].any()


def test_a_plain_product_has_lost_what_ours_gives():
    """A hundred steps that stretch and shrink along turned axes: the small value of a plain product is noise."""
    rng = np.random.default_rng(3)
    matrices = rng.standard_normal((100, 6, 6))
    ours = products.jacobian_products(matrices, [100]).log10[0]
    expected = in_many_digits(matrices, [100])[0]
    shown = np.isfinite(ours)
    plain = np.log10(np.linalg.svd(np.linalg.multi_dot(matrices[::-1]), compute_uv=False))
    assert 1 <= shown.sum() < 6
    assert np.abs(ours - expected)[shown].max() < 1e-6
    assert abs(plain[-1] - expected[-1]) > 10


def test_products_beyond_the_range_of_floats():
    for factor in (1e-9, 1e9):
        matrices = np.broadcast_to(factor * np.diag([1.0, 0.5]), (200, 2, 2))
        found = products.jacobian_products(matrices)
        k = np.arange(201)
        np.testing.assert_allclose(found.log10[:, 0], k * np.log10(factor), rtol=1e-12)
        second = k * np.log10(factor / 2)
        shown = k * np.log10(2) < 13
        np.testing.assert_allclose(found.log10[shown, 1], second[shown], rtol=1e-12)
        assert np.isnan(found.log10[~shown, 1]).all()


def test_products_that_end():
    matrices = np.random.default_rng(0).standard_normal((30, 3, 3))
    matrices[9] = 0
    found = products.jacobian_products(matrices).log10
    assert np.isfinite(found[:21, 0]).all() and (found[21:, 0] == -np.inf).all()
    assert np.isnan(found[21:, 1:]).all()
    matrices[9, 1, 1] = np.inf
    found = products.jacobian_products(matrices).log10
    assert np.isfinite(found[:21, 0]).all() and np.isnan(found[21:]).all()


def test_what_was_small_counts_again_when_the_rest_is_erased():
    """One direction is 1e-30 of the other after 30 steps; then the other is erased."""
    turn = np.linalg.qr(np.random.default_rng(0).standard_normal((2, 2)))[0]
    matrices = np.broadcast_to(turn @ np.diag([1.0, 0.1]) @ turn.T, (41, 2, 2)).copy()
    matrices[10] = np.diag([0.0, 1.0])
    matrices[11:] = np.diag([1.0, 0.1])
    found = products.jacobian_products(matrices).log10
    np.testing.assert_allclose(found[:31, 0], 0, atol=1e-12)
    assert found[31, 0] == pytest.approx(-30)


def test_chosen_distances_are_the_same_numbers():
    ours = state_jacobians(preset("noise", units=5, steps=80).recording)
    every = products.jacobian_products(ours)
    assert every.log10.shape == (81, 10) and not every.log10[0].any()
    chosen = products.log_distances(80)
    some = products.jacobian_products(ours, chosen)
    np.testing.assert_allclose(some.log10, every.log10[chosen], rtol=0, atol=1e-14)
    with pytest.raises(ValueError, match="distances of 0 to 80 steps, got -1 to 80"):
        products.jacobian_products(ours, [-1, 80])


@pytest.mark.parametrize("longest", [1, 23, 24, 25, 40, 100, 499])
def test_log_distances(longest):
    chosen = products.log_distances(longest)
    assert len(chosen) == min(24, longest) and chosen[0] == 1 and chosen[-1] == longest
    assert (np.diff(chosen) > 0).all()
    ratios = chosen[1:] / chosen[:-1]
    assert longest < 100 or ratios[-5:].max() < 1.1 * ratios[-5:].min()


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
        found = products.jacobian_products(state_jacobians(recording), [steps]).log10[0, 0]
        bound = products.log10_bound(params.h.U, [steps])[0]
        assert 10**bound == pytest.approx(scale**steps, rel=1e-9)
        assert found < bound and low < 10**found < high


def test_the_sigmoid_shrinks_four_times_as_fast():
    assert products.log10_bound(4 * np.eye(3), [7], gamma=0.25)[0] == pytest.approx(0)
    assert products.log10_bound(np.zeros((2, 2)), [1])[0] == -np.inf
