"""How long something is kept: each number against a closed form or a case whose answer is known."""

import numpy as np
import pytest

import recurrent_core as rc
from recurrent_core import analysis


def recording(network="lstm", **changes):
    return rc.simulate(rc.change(rc.PRESETS["write_once"], **changes), network).recording


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


def test_mean_age_is_the_sum_over_all_writes():
    """1, 2.72, 7.39 and 20.1 steps at m = 0..3: the sum of k f^k over the sum of f^k."""
    for m, age in enumerate([1, 2.72, 7.39, 20.1]):
        left = analysis.share_kept(m) ** np.arange(2000)
        assert analysis.mean_age_of_bias(m) == pytest.approx(np.average(np.arange(2000), weights=left))
        assert analysis.mean_age_of_bias(m) == pytest.approx(age, abs=0.05)


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


def test_pulse_share_is_the_cell_route_when_nothing_else_carries():
    second = recording(signal="pulses", scale=0.0, clamps=(rc.Clamp("f", 0.9),))
    share = analysis.pulse_share(second, 5, 35)
    assert share == pytest.approx((0.9**29, 0.9**30))
    assert analysis.pulse_share(recording(), 7, 35) == (0, 0)  # no pulse there to leave anything


def test_lull_is_the_longest_quiet_stretch():
    inputs = np.zeros((60, 1, 1))
    assert analysis.lull(inputs) is None
    inputs[[5, 15]] = 1
    assert analysis.lull(inputs) == (15, 60)
    assert analysis.lull(np.ones((60, 1, 1))) is None
    assert analysis.left_after(np.array([4.0, 2.0, 1.0]), 0, 1) == 0.5
    assert np.isnan(analysis.left_after(np.zeros(3), 0, 1))
