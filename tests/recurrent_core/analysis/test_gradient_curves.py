"""Curves: each reading against its definition or a case whose answer is known."""

import numpy as np
import pytest

import recurrent_core as rc
from recurrent_core import analysis


def recording(network="lstm", **changes):
    return rc.simulate(rc.change(rc.PRESETS["write_once"], **changes), network).recording


def test_norms_survive_what_squares_do_not():
    gradient = np.array([[[3e-200, 4e-200]], [[3e200, 4e200]], [[0.0, 0.0]], [[3.0, -4.0]], [[5e-324, 0.0]]])
    np.testing.assert_allclose(analysis.norms(gradient)[:, 0], [5e-200, 5e200, 0, 5, 5e-324], rtol=1e-15)
    bad = np.array([[[1.0, np.inf]], [[np.nan, 1.0]], [[-np.inf, np.inf]]])
    assert np.isposinf(analysis.norms(bad)).all()


def test_relative_works_where_the_quotient_does_not():
    curve = np.array([0.0, 1e-300, 1.0, np.inf, 1e10, 1e100])[:, None]
    np.testing.assert_allclose(analysis.relative_log10(curve)[:, 0], [-np.inf, -400, -100, np.inf, -90, 0])
    np.testing.assert_allclose(analysis.relative(curve)[:, 0], [0, 0, 1e-100, np.inf, 1e-90, 1], rtol=1e-12)
    assert np.isposinf(analysis.relative(np.array([1e300, 1e-300]))[0])
    assert analysis.relative_log10(np.array([1e300, 1e-300]))[0] == pytest.approx(600)


@pytest.mark.parametrize("last", [0.0, np.inf])
def test_relative_to_nothing_is_nan(last):
    assert np.isnan(analysis.relative(np.array([1.0, 2.0, last]))).all()


def test_back_counts_from_the_last_step():
    curve = np.arange(60.0)
    assert (analysis.back(curve, 0), analysis.back(curve, 50), analysis.back(curve, 99)) == (59, 9, 0)


def test_per_step_factor_of_a_geometric_curve_is_its_ratio():
    curve = 7 * 0.8 ** np.arange(59, -1, -1.0)
    factor = analysis.per_step_factor(curve, 50)
    assert factor.per_step == pytest.approx(0.8) and (factor.first, factor.last) == (9, 59)
    assert analysis.per_step_factor(curve) == pytest.approx((0.8, 0, 59))


def test_factor_between_known_distances():
    distances = np.array([0, 1, 4, 10, 40])
    log10 = distances * np.log10(0.8)
    assert analysis.factor_between(distances, log10, 10) == pytest.approx(0.8)
    bent = np.where(distances > 10, -300.0, log10)
    assert analysis.factor_between(distances, bent, 39) == pytest.approx(0.8)
    unknown = np.array([-np.inf, np.nan, -1.0, -4.0, np.inf])
    assert analysis.factor_between(distances, unknown, 40) == pytest.approx(10**-0.5)
    assert np.isnan(analysis.factor_between(distances, unknown, 9))


def test_per_step_factor_stops_at_the_first_zero_on_the_way_back():
    curve = np.concatenate([[1.0, 0.0, 0.0], 0.5 ** np.arange(6, -1, -1.0)])
    assert analysis.per_step_factor(curve, 50) == pytest.approx((0.5, 3, 9))
    assert analysis.per_step_factor(np.array([1.0, 0.0])) == (1.0, 1, 1)
    assert analysis.per_step_factor(np.array([3.0])) == (1.0, 0, 0)


def test_log_range_says_where_float64_ends():
    curve = np.array([np.inf, np.inf, 1e5, 1e-3, 1.0])
    assert analysis.log_range(curve) == pytest.approx((-3, 5, None, 1))
    assert analysis.log_range(np.array([0.0, 0.0, 1e-2, 1.0])) == pytest.approx((-2, 0, 1, None))
    assert analysis.log_range(np.zeros(3)) == (0, 0, 2, None)


def test_band_is_taken_step_by_step():
    low, median, high = analysis.band([np.array([1.0, 5.0]), np.array([2.0, 4.0]), np.array([9.0, 3.0])])
    assert (low.tolist(), median.tolist(), high.tolist()) == ([1, 3], [2, 4], [9, 5])


def test_spread_takes_infinities():
    assert analysis.spread(np.array([[np.inf, 1.0, np.inf]])) == (1, np.inf, np.inf)
    assert analysis.spread(np.array([4.0, 1.0, 2.0, 3.0])) == (1, 2.5, 4)


def test_means_are_of_absolute_values_where_signed():
    vector = np.array([[[-1.0, 1.0]]])
    assert analysis.mean_over_units(vector, rc.Quantity("h", "", -1.0, 1.0, "state")) == 1
    assert analysis.mean_over_units(vector, rc.Quantity("h", "", 0.0, 1.0, "keep")) == 0
    lstm = recording()
    assert np.array_equal(analysis.memory_size(lstm), np.abs(lstm.vectors.c).mean(axis=-1))


def test_at_step_describes_one_step():
    vector = np.array([[[0.5, -0.5]], [[-2.0, 1.0]]])
    assert analysis.at_step(vector, rc.Quantity("h", "", -1.0, 1.0, "state"), 1) == (-2, 1.5, 1, 1, 1)
    assert analysis.at_step(vector, rc.Quantity("h", "", -1.0, 1.0, "state"), 0) == (-0.5, 0.5, 0.5, 0.5, 0)
