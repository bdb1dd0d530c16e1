"""The tasks are what they say: right answers, fixed judges, and what an answer without learning costs."""

import numpy as np
import pytest

import recurrent_core as rc
from recurrent_core.learn import tasks
from recurrent_core.learn.tasks import NEAR, SYMBOLS, TASKS, Batch, make_task, score

STOCKS = rc.Table(
    100 + np.cumsum(np.random.default_rng(0).standard_normal((105, 2)), axis=0), ("AAPL", "GOOG")
)
ALL = {name: make_task(name, 30, table=STOCKS) for name in TASKS}


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.fixture(params=TASKS)
def task(request):
    return ALL[request.param]


def trivial_outputs(task, batch):
    """The answer without learning, as outputs."""
    if task.name == "adding":
        return np.ones(batch.targets.shape)
    if task.name in ("sine", "stocks"):
        return batch.inputs[batch.start :]
    shares = np.ones(len(task.answers))
    if task.name == "text":
        shares = np.bincount(task.evaluation.targets.ravel(), minlength=len(task.answers)) + 1e-300
    return np.broadcast_to(np.log(shares), (*batch.targets.shape, len(shares)))


def test_batches_have_the_shapes_that_the_task_names(task):
    for batch in (task.draw(rng(), 5), task.evaluation, task.probe):
        time, sequences, size = batch.inputs.shape
        assert size == len(task.channels) and batch.inputs.dtype == np.float32
        expected = (
            (time - batch.start, sequences)
            if task.classes
            else (time - batch.start, sequences, len(task.answers))
        )
        assert batch.targets.shape == expected
    assert task.draw(rng(), 5).inputs.shape[:2] == (task.steps, 5)
    assert task.probe.inputs.shape[1] == 1
    assert task.ticks is None or len(task.ticks) == len(task.probe.inputs)


def test_a_batch_follows_from_the_generator_alone(task):
    one, same, other = (task.draw(rng(seed), 8) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.inputs, same.inputs)
    np.testing.assert_array_equal(one.targets, same.targets)
    assert not np.array_equal(one.inputs, other.inputs)


def test_the_trivial_answer_costs_what_the_task_says(task):
    found = score(task, trivial_outputs(task, task.evaluation), task.evaluation)
    tolerance = 0.1 if task.name == "adding" else 1e-5  # 1000 sequences: its spread is 4 %
    assert found.loss == pytest.approx(task.trivial, rel=tolerance)


def test_the_trivial_answer_of_the_adding_problem_costs_a_sixth():
    batch = ALL["adding"].draw(rng(), 400_000)
    found = score(ALL["adding"], trivial_outputs(ALL["adding"], batch), batch)
    assert found.loss == pytest.approx(1 / 6, rel=5e-3) and ALL["adding"].trivial == 1 / 6
    assert found.accuracy == pytest.approx(ALL["adding"].chance, rel=2e-2)


def test_the_sum_is_of_the_two_marked_numbers_one_in_each_half():
    batch = ALL["adding"].draw(rng(), 1000)
    numbers, marks = batch.inputs[..., 0], batch.inputs[..., 1]
    assert (marks[:15].sum(axis=0) == 1).all() and (marks[15:].sum(axis=0) == 1).all()
    np.testing.assert_allclose(batch.targets[0, :, 0], (numbers * marks).sum(axis=0), rtol=1e-6)
    distances = 29 - marks.argmax(axis=0)
    assert ALL["adding"].lag == (distances.min(), distances.max())


def test_the_first_symbol_comes_once_and_is_the_answer():
    task = ALL["first"]
    batch = task.draw(rng(), 1000)
    shown = batch.inputs.argmax(axis=-1)
    assert (shown[1:] >= len(SYMBOLS)).all() and set(shown[0]) == set(range(len(SYMBOLS)))
    np.testing.assert_array_equal(batch.targets[0], shown[0])
    assert task.lag == (29, 29) and batch.start == 29


@pytest.mark.parametrize("name", ["sine", "stocks", "text"])
def test_the_answer_is_the_next_input(name):
    batch = ALL[name].draw(rng(), 6)
    inputs = batch.inputs.argmax(axis=-1) if ALL[name].classes else batch.inputs
    np.testing.assert_array_equal(batch.targets[:-1], inputs[1:])


def test_two_values_of_a_sine_determine_the_next():
    x = ALL["sine"].draw(rng(), 6).inputs.astype(float)
    np.testing.assert_allclose(x[2:], 2 * np.cos(2 * np.pi / 20) * x[1:-1] - x[:-2], atol=1e-6)


def test_training_never_sees_the_weeks_it_is_judged_by():
    held_out = 84 - 1  # 80 % of 105 rows are learnt from
    table = STOCKS._replace(values=STOCKS.values.copy())
    table.values[held_out + 1 :] = 1e6
    changed = make_task("stocks", 30, table=table)
    np.testing.assert_array_equal(changed.draw(rng(), 50).targets, ALL["stocks"].draw(rng(), 50).targets)
    assert changed.evaluation.targets.min() > 1e3 and len(changed.evaluation.targets) == 105 - 84


def test_the_lag_of_a_text_is_how_much_must_be_read_to_know_the_next():
    assert make_task("text", text="abababab").lag == (1, 1)
    assert make_task("text", text="abcabdabcabd").lag == (1, 3)  # after "ab" it matters what came before
    assert make_task("text", text="aaaab").lag == (2, 4)


def test_right_answers_are_counted():
    adding, stocks = ALL["adding"], ALL["stocks"]
    batch = adding.draw(rng(), 100)
    assert score(adding, batch.targets + 0.9 * NEAR, batch).accuracy == 1
    assert score(adding, batch.targets + 1.1 * NEAR, batch).accuracy == 0
    batch = stocks.evaluation
    now = batch.inputs[batch.start :]
    assert score(stocks, now + 2 * (batch.targets - now), batch).accuracy == 1
    assert score(stocks, now - (batch.targets - now), batch).accuracy == 0


def test_the_losss_derivative_is_its_finite_difference(task):
    batch = task.draw(rng(), 3)
    batch = batch._replace(targets=batch.targets if task.classes else batch.targets.astype(float))
    outputs = rng(1).standard_normal((*batch.targets.shape[:2], len(task.answers)))
    direction, step = rng(2).standard_normal(outputs.shape), 1e-5
    ends = (score(task, outputs + sign * step * direction, batch).loss for sign in (1, -1))
    slope = (next(ends) - next(ends)) / (2 * step)
    assert np.sum(score(task, outputs, batch).d_outputs * direction) == pytest.approx(slope, rel=1e-7)


def test_large_logits_do_not_overflow():
    task = ALL["first"]
    batch = Batch(None, np.zeros((1, 2), int), 0)
    found = score(task, np.array([[[1e4, 0, 0, 0], [0, 1e4, 0, 0]]]), batch)
    assert found.loss == 5e3 and np.isfinite(found.d_outputs).all()


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [
        ("stocks", {}, "table_missing"),
        ("stocks", {"table": STOCKS._replace(values=STOCKS.values[:9])}, "table_short"),
        ("text", {"text": "a"}, "text_short"),
        ("text", {"text": "a" * 501}, "text_long"),
    ],
)
def test_what_cannot_be_learnt_from_is_refused(name, given, code):
    with pytest.raises(rc.InputError) as caught:
        make_task(name, **given)
    assert caught.value.code == code


def test_an_unknown_task_is_refused():
    with pytest.raises(ValueError, match="expected a task"):
        tasks.make_task("chess")


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("length", [10, 200])
def test_every_length_works(name, length):
    made = make_task(name, length, table=STOCKS)
    assert np.isfinite(made.draw(rng(), 4).inputs).all() and made.lag.low <= made.lag.high


def test_a_constant_price_series_works():
    constant = make_task("stocks", table=rc.Table(np.ones((20, 1)), ("x",)))
    assert constant.trivial == 0 and not constant.evaluation.inputs.any()
