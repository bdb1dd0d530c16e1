"""Training: the loss's gradient, the optimisers, runs that can be cut anywhere, and that something is learnt."""

import json
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from settings_strategies import both

import recurrent_core as rc
from recurrent_core.lab.experiment import fresh_units
from recurrent_core.lab.training import plan
from recurrent_core.learn import train as training
from recurrent_core.learn.length_100 import length_100
from recurrent_core.learn.snapshots import flatten, parameters, unflatten
from recurrent_core.learn.tasks import TASKS, Batch
from recurrent_core.learn.train import (
    TrainState,
    adam,
    chosen_updates,
    draw,
    evaluate,
    sgd,
    start,
    train,
    update,
)

ADAM = json.loads((Path(__file__).parents[1] / "fixtures" / "adam.json").read_text())
STOCKS = rc.Table(
    100 + np.cumsum(np.random.default_rng(0).standard_normal((105, 2)), axis=0), ("AAPL", "GOOG")
)
SMALL = {"units": 5, "length": 12, "rate": 0.01, "task": "adding"}
SHELF = rc.SHIPPED._replace(prices=lambda: STOCKS)


def made(network="lstm", **changes):
    return plan(*both(**SMALL | changes), network, SHELF)


def after(run, updates, state=None):
    """The last state, and what was measured, after some more updates."""
    seen = list(islice(train(run, state), updates))
    return seen[-1][0], [measured for _, measured in seen]


def same(one, other):
    return one.update == other.update and all(
        a.tobytes() == b.tobytes() for a, b in zip(one[1:], other[1:], strict=True)
    )


@pytest.mark.parametrize("network", rc.CELLS)
@pytest.mark.parametrize("task", TASKS)
def test_the_gradient_of_the_whole_loss_is_its_finite_difference(network, task):
    run = made(network, task=task)
    weights = start(run, np.float64).weights
    batch = draw(run, 3)
    direction = np.random.default_rng(1).standard_normal(weights.shape)
    _, gradient, _ = training.gradients(run, weights, batch)
    step = 1e-5
    ahead, behind = (
        training.gradients(run, weights + sign * step * direction, batch)[0].loss for sign in (1, -1)
    )
    assert gradient.dtype == np.float64
    assert gradient @ direction == pytest.approx((ahead - behind) / (2 * step), rel=1e-6)


def test_each_weight_has_its_own_finite_difference():
    run, step = made("gru", units=2, length=10), 1e-5
    weights, batch = start(run, np.float64).weights, draw(run, 0)
    _, gradient, _ = training.gradients(run, weights, batch)
    for place, unit in enumerate(np.eye(len(weights))):
        ahead, behind = (training.gradients(run, weights + s * step * unit, batch)[0].loss for s in (1, -1))
        assert gradient[place] == pytest.approx((ahead - behind) / (2 * step), rel=1e-6, abs=1e-10)


def test_a_batch_is_the_mean_of_its_sequences():
    run = made("lstm")
    weights, batch = start(run, np.float64).weights, draw(run, 0)
    whole, gradient, _ = training.gradients(run, weights, batch)
    single = [Batch(batch.inputs[:, [k]], batch.targets[:, [k]], batch.start) for k in range(training.BATCH)]
    parts = [training.gradients(run, weights, one)[:2] for one in single]
    assert whole.loss == pytest.approx(np.mean([scored.loss for scored, _ in parts]), rel=1e-12)
    np.testing.assert_allclose(gradient, np.mean([part for _, part in parts], axis=0), atol=1e-13)


def test_adam_takes_the_steps_of_pytorch():
    state = TrainState(0, np.array(ADAM["start"]), np.zeros(4), np.zeros(4))
    for gradient, expected in zip(ADAM["gradients"], ADAM["steps"], strict=True):
        state = adam(0.01, state, np.array(gradient))
        np.testing.assert_allclose(state.weights, expected, rtol=1e-12)
    assert state.update == 10


def test_sgd_takes_a_step_along_the_gradient():
    state = TrainState(4, np.array([1.0, 2.0]), np.zeros(2), np.zeros(2))
    assert sgd(0.5, state, np.array([2.0, -4.0])).weights.tolist() == [0.0, 4.0]
    assert sgd(0.5, state, np.array([2.0, -4.0])).update == 5


def test_clipping_shortens_the_step_and_keeps_its_direction():
    free, clipped = (made("rnn", optimiser="sgd", rate=1.0, clip_at=clip_at) for clip_at in (0.0, 0.01))
    state = start(free)
    steps = [update(run, state)[0].weights - state.weights for run in (free, clipped)]
    lengths = [np.linalg.norm(step) for step in steps]
    measured = update(clipped, state)[1]
    assert lengths[1] == pytest.approx(0.01, rel=1e-4) and lengths[0] > 0.01
    assert measured.norm == pytest.approx(lengths[0], rel=1e-4)
    np.testing.assert_allclose(steps[1] / lengths[1], steps[0] / lengths[0], atol=1e-4)
    high = made("rnn", optimiser="sgd", rate=1.0, clip_at=10.0)
    assert same(update(high, state)[0], update(free, state)[0])


@pytest.mark.parametrize("network", rc.CELLS)
@pytest.mark.parametrize("optimiser", training.OPTIMISERS)
def test_a_run_cut_anywhere_gives_the_same_weights_to_the_last_bit(network, optimiser):
    run = made(network, optimiser=optimiser)
    whole, measured = after(run, 20)
    for cut in (1, 7, 19):
        first, before = after(run, cut)
        resumed, later = after(made(network, optimiser=optimiser), 20 - cut, first)
        assert same(resumed, whole) and [*before, *later] == measured


def test_an_update_changes_nothing_that_it_was_given():
    run = made()
    state = after(run, 3)[0]
    kept = [array.copy() for array in state[1:]]
    one, other = update(run, state)[0], update(run, state)[0]
    assert same(one, other) and all(np.array_equal(a, b) for a, b in zip(kept, state[1:], strict=True))


def test_all_networks_see_the_same_data_and_each_update_its_own():
    runs = [made(network) for network in rc.CELLS]
    for k in (0, 5):
        batches = [draw(run, k) for run in runs]
        assert all(np.array_equal(batches[0].inputs, batch.inputs) for batch in batches)
    assert not np.array_equal(draw(runs[0], 0).inputs, draw(runs[0], 1).inputs)
    assert not np.array_equal(draw(runs[0], 0).inputs, draw(made(seed=1), 0).inputs)
    assert not np.array_equal(draw(runs[0], 0).inputs[:, 0], runs[0].task.evaluation.inputs[:, 0])


def test_training_is_in_float32():
    state, measured = after(made(), 2)
    assert {array.dtype for array in state[1:]} == {np.dtype(np.float32)}
    assert isinstance(measured[0].loss, float) and measured[0].by_step is None


def test_fresh_networks_keep_the_same_share_of_their_memory():
    lstm, gru = (
        unflatten(start(made(network)).weights, made(network).model).params for network in ("lstm", "gru")
    )
    assert (lstm.f.b == 1).all() and (gru.z.b == -1).all() and not lstm.i.b.any() and not gru.r.b.any()
    np.testing.assert_allclose(lstm.f.U @ lstm.f.U.T, np.eye(5), atol=1e-6)


@pytest.mark.parametrize("match", [False, True])
@pytest.mark.parametrize("network", rc.CELLS)
def test_a_model_is_the_same_flat_and_as_a_tree(network, match):
    run = made(network, match=match)
    state = start(run)
    assert run.units == fresh_units(both(**SMALL, match=match)[1], network, 2)
    assert state.weights.size == parameters(run.cell, 2, run.units, 1)
    model = unflatten(state.weights, run.model)
    assert model.readout.W.shape == (run.units, 1)
    np.testing.assert_array_equal(flatten(model), state.weights)


@pytest.mark.parametrize("network", rc.CELLS)
def test_the_gradient_by_step_is_measured_where_it_was_asked_for(network):
    run = made(network, task="first")
    first = start(run)
    seen = [measured.by_step for _, measured in islice(train(run, first, {0, 2}), 3)]
    assert seen[1] is None and seen[0].shape == seen[2].shape == (12,)
    batch, weights = draw(run, 0), first.weights.astype(np.float64)
    single = (Batch(batch.inputs[:, [k]], batch.targets[:, [k]], batch.start) for k in range(training.BATCH))
    by_memory = (
        getattr(training.gradients(run, weights, one)[2].vectors, run.cell.memory)[:, 0] for one in single
    )
    np.testing.assert_allclose(seen[0], np.mean([rc.analysis.norms(d) for d in by_memory], axis=0), rtol=1e-4)


@pytest.mark.parametrize("network", ["lstm", "gru"])
def test_half_lives_are_those_that_the_gates_promise(network):
    run = made(network, units=3)
    weights = np.zeros_like(start(run).weights)
    model = unflatten(weights, run.model)
    gate, sign = ("f", 1) if network == "lstm" else ("z", -1)
    getattr(model.params, gate).b[:] = sign * np.array([0.0, 1.0, 3.0])
    np.testing.assert_allclose(training.half_lives(run, weights), [1.0, 2.21268, 14.26600], rtol=1e-5)


def test_the_rnn_has_no_gate_to_promise_anything():
    run = made("rnn")
    assert training.half_lives(run, start(run).weights) is None


def test_chosen_updates_begin_and_end_where_training_does():
    for updates in (10, 100, 2000, 20000):
        chosen = chosen_updates(updates)
        distances = np.diff(chosen)
        assert chosen[0] == 0 and chosen[-1] == updates and len(chosen) <= 17
        assert (distances > 0).all() and distances[-1] == distances.max()


@pytest.mark.parametrize(
    ("network", "task", "changes"),
    [
        ("lstm", "adding", {"length": 10}),
        ("gru", "adding", {"length": 10}),
        ("rnn", "sine", {}),
        ("lstm", "sine", {}),
        ("gru", "text", {"text": "to be or not to be"}),
        ("rnn", "first", {"length": 10}),
    ],
)
def test_a_short_training_beats_the_answer_without_learning(network, task, changes):
    run = made(network, task=task, units=12, **changes)
    before = evaluate(run, start(run).weights)
    state, _ = after(run, 300)
    found = evaluate(run, state.weights)
    assert found.loss < 0.5 * run.task.trivial < before.loss and found.accuracy > run.task.chance


def test_a_rate_that_is_too_high_ends_without_a_warning():
    state, measured = after(made("rnn", optimiser="sgd", rate=1.0, clip_at=0.0, task="stocks"), 60)
    assert state.update == 60 and len(measured) == 60


def test_what_length_100_reached_is_told_for_every_network_and_seed():
    found = length_100()
    assert set(found) == set(rc.CELLS)
    for one in found.values():
        assert one.losses.shape == (5, len(one.updates)) and one.updates[0] == 0 and one.updates[-1] == 2000
        assert len(one.tried) >= 4 and one.tried[one.rate] == min(one.tried.values())
        assert np.isfinite(one.losses).all()
    assert all((found[name].losses[:, -1] < 0.02).all() for name in ("lstm", "gru"))
