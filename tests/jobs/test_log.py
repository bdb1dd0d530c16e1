"""A log that follows another holds the same numbers, however they come."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.log import WATCHED, Log, watched
from recurrent_core.learn.train import Measured

NETWORKS = ("rnn", "gru")


def filled(updates, length, seed=0):
    return grow(Log(NETWORKS, updates), length, np.random.default_rng(seed))


def grow(log, count, rng):
    for _ in range(count):
        by_step = rng.random((2, 5)) if log.watches(log.length) else (None, None)
        log.add({name: Measured(*rng.random(3), one) for name, one in zip(NETWORKS, by_step, strict=True)})
    return log


def assert_same(one, other):
    assert one.length == other.length
    for name, curves in one.curves().items():
        for a, b in zip(curves, other.curves()[name], strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("updates", [1, 2, 199, 200, 201, 2000, 100_000])
def test_first_and_last_update_are_watched(updates):
    found = watched(updates)
    assert found[0] == 0 and found[-1] == updates - 1
    assert len(found) == min(updates, WATCHED)
    log = Log(NETWORKS, updates)
    assert all(log.watches(int(update)) for update in found)
    assert not log.watches(updates)
    assert sum(log.watches(update) for update in range(updates)) == len(found)


@given(st.integers(1, 300), st.lists(st.integers(0, 60), max_size=6))
def test_pieces_make_the_whole(updates, pieces):
    log, follower, rng = Log(NETWORKS, updates), Log(NETWORKS, updates), np.random.default_rng(0)
    for piece in pieces:
        told = log.length
        grow(log, min(piece, updates - told), rng)
        follower.take(told, log.rows(told))
    assert_same(follower, log)
    assert log.length == min(updates, sum(pieces))


@given(st.integers(1, 300), st.data())
def test_what_comes_again_changes_nothing(updates, data):
    log = filled(updates, data.draw(st.integers(0, updates)))
    follower = Log(NETWORKS, updates)
    follower.take(0, log.rows(0))
    first = data.draw(st.integers(0, log.length))
    follower.take(first, log.rows(first))
    assert_same(follower, log)


def test_curves_there_and_back():
    log = filled(450, 300)
    follower = Log(NETWORKS, 450)
    follower.take_curves(log.curves())
    assert_same(follower, log)
    empty = Log(NETWORKS, 450)
    empty.take_curves(Log(NETWORKS, 450).curves())
    assert empty.length == 0


def test_curves_are_copies():
    log = filled(10, 5)
    log.curves()["rnn"].loss[:] = 9
    log.curves()["rnn"].by_step[:] = 9
    assert_same(log, filled(10, 5))


@given(st.integers(-5, 400))
def test_curves_since_an_update(since):
    log = filled(300, 250)
    begin = min(max(since, 0), 250)
    for name, curves in log.curves(since).items():
        whole = log.curves()[name]
        np.testing.assert_array_equal(curves.loss, whole.loss[begin:])
        np.testing.assert_array_equal(curves.watched, whole.watched[whole.watched >= begin])
        np.testing.assert_array_equal(curves.by_step, whole.by_step[whole.watched >= begin])


@pytest.mark.parametrize(
    ("first", "numbers", "by_step"),
    [
        (3, (2, 3, 1), (2, 1, 5)),  # a gap
        (-1, (2, 3, 1), (2, 1, 5)),
        (0, (2, 3, 11), (2, 11, 5)),  # beyond the end
        (0, (3, 3, 1), (3, 1, 5)),
        (0, (2, 2, 1), (2, 1, 5)),
        (0, (2, 3, 2), (2, 1, 5)),
        (0, (2, 3, 2), None),
    ],
)
def test_rows_that_do_not_fit_are_refused(first, numbers, by_step):
    log = Log(NETWORKS, 10)
    rows = {"numbers": np.zeros(numbers)} | ({"by_step": np.zeros(by_step)} if by_step else {})
    with pytest.raises(ValueError, match="expected"):
        log.take(first, rows)
    assert log.length == 0
