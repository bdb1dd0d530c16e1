"""Squashing functions and their slopes keep their digits in both tails and never warn."""

import math
from fractions import Fraction

import numpy as np
import pytest

import recurrent_core as rc
from recurrent_core.arrays import blocks, fuse, sigmoid_slope, split, tanh_slope

EXTREME = np.array([0.0, 1e-300, 40.0, 88.8, 700.0, 710.0, 746.0, 1e6, 1e300, np.inf])


@pytest.mark.parametrize("a", [-700.0, -40.0, -3.0, -1e-9, 0.0, 0.5, 5.0, 36.0, 40.0, 50.0])
def test_sigmoid_is_right_to_the_last_places(a):
    e = Fraction(math.exp(-abs(a)))
    exact = 1 / (1 + e) if a >= 0 else e / (1 + e)
    assert rc.sigmoid(np.array([a]))[0] == pytest.approx(float(exact), rel=1e-15)


@pytest.mark.parametrize("a", [-300.0, -40.0, -3.0, 0.0, 0.5, 5.0, 40.0, 300.0])
def test_slopes_keep_their_digits_in_both_tails(a):
    e = Fraction(math.exp(-abs(a)))
    assert sigmoid_slope(np.array([a]))[0] == pytest.approx(float(e / (1 + e) ** 2), rel=1e-14)
    assert tanh_slope(np.array([a]))[0] == pytest.approx(1 / math.cosh(a) ** 2, rel=1e-13)


def test_sigmoid_of_minus_a_is_what_the_subtraction_loses():
    assert 1 - rc.sigmoid(np.array(40.0)) == 0
    assert rc.sigmoid(np.array(-40.0)) == pytest.approx(4.248354255291589e-18, rel=1e-15)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_no_warning_and_no_overflow_anywhere(dtype):
    with np.errstate(over="ignore"):
        a = np.concatenate((-EXTREME, EXTREME)).astype(dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        s = rc.sigmoid(a)
        slope = sigmoid_slope(a)
    assert s.dtype == slope.dtype == dtype
    assert np.all((s >= 0) & (s <= 1)) and np.all((slope >= 0) & (slope <= 0.25))
    assert s[-1] == 1 and s[len(EXTREME) - 1] == 0
    assert np.isnan(rc.sigmoid(np.array([np.nan], dtype)))


def test_sigmoid_writes_where_it_is_told():
    a = np.linspace(-50, 50, 24).reshape(2, 12)
    wide = np.zeros((2, 20))
    rc.sigmoid(a, out=wide[:, 3:15])
    np.testing.assert_array_equal(wide[:, 3:15], rc.sigmoid(a))
    assert not wide[:, :3].any() and not wide[:, 15:].any()


def test_first_and_last_nonfinite_step():
    array = np.zeros((6, 2, 3))
    assert rc.first_nonfinite(array) is None and rc.last_nonfinite(array) is None
    array[2, 1, 0], array[4, 0, 2] = np.nan, -np.inf
    assert (rc.first_nonfinite(array), rc.last_nonfinite(array)) == (2, 4)


def test_split_takes_apart_what_fuse_put_side_by_side():
    rng = np.random.default_rng(0)
    affines = [rc.Affine(rng.random((2, 3)), rng.random((3, 3)), rng.random(3)) for _ in range(4)]
    for arrays, fused in zip(zip(*affines, strict=True), fuse(*affines), strict=True):
        for array, part in zip(arrays, split(fused, 4), strict=True):
            np.testing.assert_array_equal(part, array)


def test_split_gives_views():
    array = np.zeros((2, 6))
    split(array, 3)[1][:] = 1
    assert array.tolist() == [[0, 0, 1, 1, 0, 0]] * 2


@pytest.mark.parametrize(("steps", "per_step"), [(10, 3), (10, 1000), (7, 2**17), (1, 5)])
def test_blocks_cover_each_step_once(steps, per_step):
    array = np.broadcast_to(np.arange(steps)[:, None], (steps, per_step))
    taken = np.concatenate([array[s, 0] for s in blocks(array)])
    assert taken.tolist() == list(range(steps))
