"""What a memory is made of: the ledger adds up to it, whatever the cell, the clamps and the numbers are."""

import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import TABLE, make_sample, preset

import recurrent_core as rc
from recurrent_core.analysis import ledger as module
from recurrent_core.analysis.ledger import ledger, newest_half, sources

WITH_LEDGER = [name for name, cell in TABLE.items() if cell.named("candidate")]


def missed(recording, batch=0, made=ledger):
    """Largest difference of a ledger's sum from the memory, relative to what it sums, over all steps."""
    memory = getattr(recording.vectors, recording.cell.memory)[:, batch]
    found = [made(recording, step, batch) for step in range(len(memory))]
    sums = np.array([one.amounts.sum(axis=0) + one.initial for one in found])
    sizes = np.array([np.abs(one.amounts).sum(axis=0) + np.abs(one.initial) for one in found])
    return (np.abs(sums - memory) / np.maximum(sizes, 1)).max()


def test_every_cell_but_the_plain_rnn_has_one():
    """The minimal gated unit is among them, and no letter is known by name."""
    assert set(TABLE) - set(WITH_LEDGER) == {"rnn"} and "mgu" in WITH_LEDGER
    assert ledger(make_sample(TABLE["rnn"]).run()) is None


def test_it_adds_up_to_the_memory(cell, clamps):
    if cell.name in WITH_LEDGER:
        recording = make_sample(cell, steps=12, units=4).run(clamps)
        assert max(missed(recording, 0), missed(recording, 1)) < 1e-12


@pytest.mark.parametrize("network", ["lstm", "gru"])
@pytest.mark.parametrize("name", rc.PRESETS)
def test_it_adds_up_in_every_preset(name, network):
    assert missed(preset(name, network).recording) < 1e-12


CELLS = st.sampled_from(WITH_LEDGER)
STEPS, UNITS = st.integers(1, 40), st.integers(1, 5)


@st.composite
def runs(draw):
    """Random weights of any size, inputs, states, and clamps of any vector, window and unit."""
    cell, steps, units = TABLE[draw(CELLS)], draw(STEPS), draw(UNITS)
    sample = make_sample(cell, steps, 2, units, seed=draw(st.integers(0, 99)))
    size = draw(st.sampled_from([0.0, 1.0, 30.0]))
    window = st.none() | st.integers(-steps, steps)
    clamp = st.builds(
        rc.Clamp,
        st.sampled_from(cell.Vectors._fields),
        st.sampled_from([0.0, 1.0]) | st.floats(-1, 1),
        window,
        window,
        st.none() | st.integers(-units, units - 1),
    )
    params = rc.tree_map(lambda array: size * array, sample.params)
    return sample._replace(params=params).run(draw(st.lists(clamp, max_size=5)))


@settings(max_examples=150, deadline=None)
@given(runs(), st.integers(0, 1))
def test_it_adds_up_in_random_runs(recording, batch):
    assert missed(recording, batch) < 1e-12


@settings(max_examples=100, deadline=None)
@given(runs(), st.integers(-1, 0))
def test_weights_of_a_weighted_average_add_up_to_one(recording, step):
    """A gate that keeps 1 - z and lets in z: the weights and what is left of the first memory are shares of one."""
    cell = recording.cell
    if cell.named("replace") and not any(clamp.name == "z" for clamp in recording.clamps):
        found = ledger(recording, step)
        np.testing.assert_allclose(found.weights.sum(axis=0) + found.kept, 1, rtol=0, atol=1e-12)
        assert (found.weights >= 0).all()


def test_a_held_memory_is_a_source_of_its_own():
    """Held at steps 3 to 5 in unit 1: of that unit nothing older is left, and the values before the last neither."""
    sample = make_sample(rc.LSTM, steps=9, units=3)
    recording = sample.run((rc.Clamp("c", 0.5, 3, 6, 1), rc.Clamp("f", 0.5, 6)))
    found = ledger(recording, 7)
    assert found.held[3:6, 1].all() and found.held.sum() == 3
    assert not found.amounts[:5, 1].any() and found.kept[1] == found.initial[1] == 0
    assert found.amounts[5, 1] == 0.5 * 0.5**2
    shares = sources(found)
    total = np.abs(found.amounts).sum() + np.abs(found.initial).sum()
    assert shares.held[5] == pytest.approx(0.125 / total) and np.count_nonzero(shares.held) == 1
    assert shares.written.sum() + shares.held.sum() + shares.initial == pytest.approx(1)


def test_what_is_held_cuts_off_what_is_no_number():
    """A memory that overflowed is forgotten where a clamp holds it: 0 times infinity never comes in."""
    clamps = (rc.Clamp("f", 1e200, 0, 4), rc.Clamp("c", 0.25, 5, 6))
    recording = make_sample(rc.LSTM, steps=8).run(clamps)
    assert not np.isfinite(recording.vectors.c[3]).all() and missed_from(recording, 5) < 1e-12
    assert np.isnan(sources(ledger(recording, 4)).age)


def missed_from(recording, first):
    memory = recording.vectors.c[:, 0]
    found = [ledger(recording, step) for step in range(first, len(memory))]
    sums = np.array([one.amounts.sum(axis=0) + one.initial for one in found])
    return np.abs(sums - memory[first:]).max()


def test_products_that_underflow_are_nothing():
    """500 steps that keep 1e-5 each: the oldest writes are 0 and not NaN, the sum is c."""
    recording = preset("noise", steps=500, memory=-5.0, clamps=(rc.Clamp("f", 1e-5),)).recording
    found = ledger(recording)
    assert not found.weights[:400].any() and found.weights[-1].all()
    assert missed(recording) < 1e-12 and np.isfinite(sources(found).age)


def test_single_precision_is_summed_in_double():
    recording = make_sample(rc.GRU, steps=30, dtype=np.float32).run()
    assert ledger(recording).amounts.dtype == np.float64
    assert missed(recording) < 1e-6


@pytest.mark.parametrize("m", [-2, 0, 1, 2, 3])
def test_mean_age_of_what_a_constant_gate_holds(m):
    """Sum of k f^k over sum of f^k is f / (1 - f), and with f = sigmoid(m) that is e^m."""
    held = (rc.Clamp("f", rc.sigmoid(np.array(float(m))).item()), rc.Clamp("i", 0.1), rc.Clamp("g", -0.5))
    recording = preset("noise", steps=500, clamps=held).recording
    shares = sources(ledger(recording))
    assert shares.age == pytest.approx(np.exp(m), rel=1e-8)
    assert shares.written.sum() == pytest.approx(1)


def test_mean_age_with_noise():
    """Independently, 60 steps, median of 5 seeds: 1.10, 3.08, 7.47, 18.0 at m = 0..3."""
    for m, age in enumerate([1.10, 3.08, 7.47, 18.0]):
        found = [
            sources(ledger(preset("noise", memory=float(m), seed=seed).recording)).age for seed in range(5)
        ]
        assert np.median(found) == pytest.approx(age, rel=5e-3)


def test_write_once():
    """47 % of all that c is made of at the end is the write, which is 86 % as large as c: writes cancel."""
    recording = preset("write_once").recording
    found = ledger(recording)
    shares = sources(found)
    assert shares.written[5] == pytest.approx(0.47, abs=5e-3)
    assert shares.written[6:].sum() == pytest.approx(0.53, abs=5e-3) and not shares.written[:5].any()
    size = np.abs(found.amounts[5]).sum() / np.abs(recording.vectors.c[-1]).sum()
    assert size == pytest.approx(0.86, abs=5e-3)


def test_the_newest_half():
    """With a constant f the last k steps hold 1 - f^k: at f = .9 that is half from 7 on, at f = .4 from 1 on."""
    for share, count in ((0.9, 7), (0.4, 1)):
        held = (rc.Clamp("f", share), rc.Clamp("i", 0.1), rc.Clamp("g", -0.5))
        assert newest_half(sources(ledger(preset("noise", steps=500, clamps=held).recording))) == count
    untouched = make_sample(rc.LSTM).run((rc.Clamp("f", 1.0), rc.Clamp("i", 0.0)))
    assert newest_half(sources(ledger(untouched, 4))) == 6


def test_nothing_written_yet():
    shares = sources(ledger(preset("write_once").recording, 2))
    assert newest_half(shares) == 4
    assert np.isnan(shares.age) and np.isnan(shares.initial) and np.isnan(shares.written).all()


def test_a_memory_that_was_there_before():
    """An untouched first memory is all there is, one step older than the first step."""
    sample = make_sample(rc.LSTM)
    shares = sources(ledger(sample.run((rc.Clamp("f", 1.0), rc.Clamp("i", 0.0))), 4))
    assert (shares.initial, shares.age) == (1.0, 5.0) and not shares.written.any()


def test_a_step_that_was_not_recorded():
    recording = preset("write_once").recording
    assert np.array_equal(ledger(recording).amounts, ledger(recording, 59).amounts)
    with pytest.raises(ValueError, match="one of 60 steps, got step 60"):
        ledger(recording, 60)


SLIPS = [
    ("let_in) * left[1:]", "let_in) * left[:-1]"),
    ("let_in) * left[1:]", "keep) * left[1:]"),
    ("np.cumprod(left[::-1], axis=0)[::-1]", "np.cumprod(left, axis=0)"),
    ("np.where(held, 1.0, let_in)", "let_in"),
    ("until(getattr(recording.vectors, cell.memory)), candidate)", "0.0, candidate)"),
    ("of_steps[gone[1:]] = 0.0", "pass"),
    ("of_start[gone[0]] = 0.0", "pass"),
    ("share = left[0]", "share = left[1]"),
]


@pytest.mark.parametrize(("slip", "instead"), SLIPS, ids=[instead for _, instead in SLIPS])
def test_the_sum_notices_a_slip(slip, instead):
    """Each of these makes the sum wrong by far more than the tests allow, in runs with clamps or without."""
    source = inspect.getsource(ledger)
    assert source.count(slip) == 1
    scope = dict(vars(module))
    exec(source.replace(slip, instead), scope)
    sample = make_sample(rc.LSTM, steps=9, units=3)
    wrong = [missed(sample.run(clamps), made=scope["ledger"]) for clamps in ((), (rc.Clamp("c", 0.5, 3, 6),))]
    assert max(wrong) > 1e-3
