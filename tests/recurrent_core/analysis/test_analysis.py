"""Readings: each against its definition, a closed form, or a case whose answer is known."""

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


@pytest.mark.parametrize(
    ("bias", "share", "half", "time"),
    [
        (0, 0.5, 1.00, 2),
        (1, 0.7311, 2.21, 3.72),
        (2, 0.8808, 5.46, 8.39),
        (3, 0.9526, 14.27, 21.09),
        (5, 0.9933, 103.2, 149.4),
    ],
)
def test_forget_gate_table(bias, share, half, time):
    kept = analysis.share_kept(bias)
    assert kept == pytest.approx(share, abs=5e-5)
    assert analysis.half_life(kept) == pytest.approx(half, rel=2e-3)
    assert analysis.half_life_of_bias(bias) == pytest.approx(analysis.half_life(kept), rel=1e-12)
    assert analysis.time_constant(kept) == pytest.approx(time, rel=1e-3)


def test_forget_gate_powers():
    powers = {
        0: (9.77e-4, 8.9e-16),
        1: (0.0436, 1.6e-7),
        2: (0.281, 1.75e-3),
        3: (0.615, 0.0881),
        5: (0.935, 0.715),
    }
    for bias, (after_10, after_50) in powers.items():
        assert analysis.share_kept(bias) ** 10 == pytest.approx(after_10, rel=5e-3)
        assert analysis.share_kept(bias) ** 50 == pytest.approx(after_50, rel=3e-2)


def test_half_life_at_the_ends():
    assert analysis.half_life(np.array([0.0, 0.25, 0.5, 1.0])).tolist() == [0, 0.5, 1, np.inf]
    assert analysis.half_life_of_bias(50.0) == pytest.approx(np.log(2) * np.exp(50))
    assert analysis.share_kept(-800.0) == 0 and analysis.half_life_of_bias(-700.0) == pytest.approx(
        np.log(2) / 700
    )
    assert analysis.time_constant(1.0) == np.inf


def test_chrono_time_constants():
    assert analysis.time_constant(analysis.share_kept(np.log(99))) == pytest.approx(100)
    assert analysis.share_kept(np.log(99)) ** 100 == pytest.approx(0.3660, abs=5e-5)


def test_kept_is_what_the_gates_keep():
    lstm, gru = recording("lstm"), recording("gru")
    assert analysis.kept(lstm) is lstm.vectors.f
    assert np.array_equal(analysis.kept(gru), 1 - gru.vectors.z)
    assert analysis.kept(recording("rnn")) is None
    assert analysis.predicted_half_lives(recording("rnn")) is None


def test_mean_share_of_clamped_gates_is_geometric():
    clamps = (rc.Clamp("f", 0.5, 0, 30), rc.Clamp("f", 1.0, 30))
    share = analysis.mean_share(recording(clamps=clamps), 20, 40)
    np.testing.assert_allclose(share, np.sqrt(0.5))
    np.testing.assert_allclose(analysis.predicted_half_lives(recording(clamps=clamps), 20, 40), 2)
    assert np.isposinf(analysis.predicted_half_lives(recording(clamps=clamps), 30)).all()
    assert not analysis.mean_share(recording(clamps=(rc.Clamp("f", 0.0, 50, 51),))).any()
    assert np.array_equal(*(analysis.mean_share(recording(), *steps) for steps in ((60,), ())))


def test_spread_takes_infinities():
    assert analysis.spread(np.array([[np.inf, 1.0, np.inf]])) == (1, np.inf, np.inf)
    assert analysis.spread(np.array([4.0, 1.0, 2.0, 3.0])) == (1, 2.5, 4)


def test_seen_half_life_of_an_exponential_is_exact():
    curve = np.concatenate([np.zeros(5), 0.65 * 0.9 ** np.arange(55)])
    seen = analysis.seen_half_life(curve)
    assert seen.steps == pytest.approx(np.log(0.5) / np.log(0.9)) and not seen.over
    assert analysis.seen_half_life(curve, 0, 10) == (4, True)
    assert analysis.seen_half_life(curve, 5, 10) == (4, True)
    assert analysis.seen_half_life(np.array([0.0, 0.7, 0.6, 0.8])) == (2, True)  # the peak comes last
    assert analysis.seen_half_life(np.array([1.0, 0.0])) == (0.5, False)
    assert (
        analysis.seen_half_life(np.zeros(9)) == analysis.seen_half_life(np.array([1.0, np.nan])) == (0, True)
    )


def test_means_are_of_absolute_values_where_signed():
    vector = np.array([[[-1.0, 1.0]]])
    assert analysis.mean_over_units(vector, rc.Quantity("", -1.0, 1.0)) == 1
    assert analysis.mean_over_units(vector, rc.Quantity("", 0.0, 1.0)) == 0
    lstm = recording()
    assert np.array_equal(analysis.memory_size(lstm), np.abs(lstm.vectors.c).mean(axis=-1))


def test_pulse_share_is_the_cell_route_when_nothing_else_carries():
    second = recording(signal="pulses", scale=0.0, clamps=(rc.Clamp("f", 0.9),))
    share = analysis.pulse_share(second, 5, 35)
    assert share == pytest.approx((0.9**29, 0.9**30))
    assert analysis.pulse_share(recording(), 7, 35) == (0, 0)  # no pulse there to leave anything


def test_saturation_counts_steps():
    gate = np.array([0.05, 0.95, 0.99, 0.5])[:, None, None]
    low, high = analysis.saturation(gate)
    assert (low.item(), high.item()) == (0.25, 0.5)
    share = analysis.saturated_share(recording(clamps=(("i", 0.0), ("f", 1.0), ("o", 0.5))))
    assert share == pytest.approx((1 / 3, 1 / 3))
    assert analysis.saturated_share(recording("rnn")) is None
    assert list(analysis.gates(recording("lstm"))) == ["i", "f", "o"]
    assert list(analysis.gates(recording("gru"))) == ["r", "z"]


def test_at_step_describes_one_step():
    vector = np.array([[[0.5, -0.5]], [[-2.0, 1.0]]])
    assert analysis.at_step(vector, rc.Quantity("", -1.0, 1.0), 1) == (-2, 1.5, 1, 1, 1)
    assert analysis.at_step(vector, rc.Quantity("", -1.0, 1.0), 0) == (-0.5, 0.5, 0.5, 0.5, 0)


def test_lull_is_the_longest_quiet_stretch():
    inputs = np.zeros((60, 1, 1))
    assert analysis.lull(inputs) is None
    inputs[[5, 15]] = 1
    assert analysis.lull(inputs) == (15, 60)
    assert analysis.lull(np.ones((60, 1, 1))) is None
    assert analysis.left_after(np.array([4.0, 2.0, 1.0]), 0, 1) == 0.5
    assert np.isnan(analysis.left_after(np.zeros(3), 0, 1))
