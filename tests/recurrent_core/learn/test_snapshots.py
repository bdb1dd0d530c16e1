"""Files of trained networks: exact, small, and safe to read whatever stands in them."""

import zlib
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from settings_strategies import both

import recurrent_core as rc
from recurrent_core.container import MAGIC, Exact, deflate, inflate, pack
from recurrent_core.lab import address
from recurrent_core.lab.fields import integer
from recurrent_core.lab.presets import DEFAULT
from recurrent_core.lab.simulate import limits
from recurrent_core.lab.training import plan, trained_by
from recurrent_core.learn import snapshots as snaps
from recurrent_core.learn.snapshots import Curves, History, Snapshots, load, model_of, save, shipped
from recurrent_core.learn.tasks import TASKS
from recurrent_core.learn.train import TrainState, evaluate, start, train

STOCKS = rc.Table(
    100 + np.cumsum(np.random.default_rng(0).standard_normal((105, 2)), axis=0), ("AAPL", "GOOG")
)
SHELF = rc.SHIPPED._replace(prices=lambda: STOCKS)
SMALL = both(units=3, length=10, task="adding", text="나 & b=1")
EMPTY = np.zeros(0, np.float32)


def trained(network="lstm", updates=6, settings=SMALL):
    """Snapshots of a short run at every second update, with the moments of the last."""
    run = plan(*settings, network, SHELF)
    first = start(run)
    states = [first, *(state for state, _ in islice(train(run, first), updates))][::2]
    history = History(
        (len(run.task.channels), run.units, len(run.task.answers)),
        np.array([state.update for state in states]),
        np.stack([state.weights for state in states]),
        states[-1].first,
        states[-1].second,
        Curves(
            *(np.linspace(0, 1, updates, dtype=np.float32) for _ in range(3)),
            np.array([0, 4]),
            np.ones((2, 10)),
        ),
    )
    return Snapshots(address.write(DEFAULT, *settings), {network: history}), run


SAVED, RUN = trained()
DATA = save(SAVED)


def kept(snapshots):
    """A shelf on which they are called mine."""
    return SHELF._replace(snapshots={"mine": snapshots}.__getitem__)


def code_of(data):
    with pytest.raises(rc.InputError) as caught:
        load(data)
    return caught.value.code


def message():
    """What stands in DATA, to be changed by a test; arrays as they are written."""
    found = inflate(DATA)
    for history in found["networks"].values():
        history |= {name: Exact(one) for name, one in history.items() if isinstance(one, np.ndarray)}
    return found


def changed(name, value):
    """DATA with another value in the place of a part of the network."""
    found = message()
    found["networks"]["lstm"][name] = value
    return deflate(found)


def test_what_was_saved_comes_back_exactly():
    found = load(DATA)
    assert found.query == SAVED.query and list(found.networks) == ["lstm"]
    back, given = found.networks["lstm"], SAVED.networks["lstm"]
    assert back.sizes == given.sizes
    for name in ("updates", "weights", "first", "second"):
        np.testing.assert_array_equal(getattr(back, name), getattr(given, name))
    for one, other in zip(back.curves, given.curves, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_run_goes_on_from_its_file_to_the_last_bit():
    history = load(DATA).networks["lstm"]
    state = TrainState(int(history.updates[-1]), history.weights[-1], history.first, history.second)
    resumed = list(islice(train(RUN, state), 5))[-1][0]
    whole = list(islice(train(RUN), 11))[-1][0]
    assert resumed.update == whole.update == 11
    assert all(a.tobytes() == b.tobytes() for a, b in zip(resumed[1:], whole[1:], strict=True))


def test_the_file_says_which_experiment_made_it():
    shelf = kept(load(DATA))
    assert trained_by(rc.Experiment(trained="mine"), shelf) == SMALL


def test_coarse_files_are_smaller_and_near():
    coarse = save(SAVED, np.float16)
    assert len(coarse) < len(DATA)
    weights = load(coarse).networks["lstm"].weights
    assert weights.dtype == np.float32
    np.testing.assert_allclose(weights, SAVED.networks["lstm"].weights, rtol=1e-3, atol=1e-6)


def test_moments_may_be_left_out():
    history = SAVED.networks["lstm"]._replace(first=EMPTY, second=EMPTY)
    assert load(save(Snapshots("", {"lstm": history}))).networks["lstm"].first.size == 0


def test_a_snapshot_is_the_last_at_or_before_an_update():
    assert SAVED.networks["lstm"].updates.tolist() == [0, 2, 4, 6]
    assert [snaps.at_update(SAVED, "lstm", k) for k in (0, 1, 2, 5, 6, 9999)] == [0, 0, 1, 2, 3, 3]


@pytest.mark.parametrize("name", TASKS)
def test_every_task_ships_with_networks_that_run_and_beat_the_trivial_answer(name):
    kept = shipped(name)
    settings = trained_by(rc.Experiment(trained=name))
    assert settings[0].task == name and set(kept.networks) == set(rc.CELLS)
    for network, history in kept.networks.items():
        shown = replace(rc.Experiment(), network=network, wiring="trained", signal="probe", trained=name)
        fresh = rc.simulate(replace(shown, update=0), shelf=SHELF).recording
        last = rc.simulate(shown, shelf=SHELF).recording
        assert fresh.vectors.h.shape == last.vectors.h.shape and np.isfinite(last.vectors.h).all()
        assert not np.allclose(fresh.vectors.h, last.vectors.h)
        assert history.updates[0] == 0 and history.updates[-1] == settings[0].updates == len(
            history.curves.loss
        )
        if (name, network) not in NOT_LEARNT:
            run = plan(*settings, network, SHELF)
            assert evaluate(run, history.weights[-1]).loss < 0.2 * run.task.trivial, network


NOT_LEARNT = {("adding", "rnn"), *(("stocks", network) for network in rc.CELLS)}  # docs/training.md


def test_all_shipped_files_are_a_few_hundred_kilobytes():
    assert sum((snaps.FOLDER / f"{name}{snaps.ENDING}").stat().st_size for name in TASKS) < 640_000


def test_a_trained_experiment_is_its_snapshots_network():
    shelf = kept(SAVED)
    e = rc.Experiment(wiring="trained", signal="probe", trained="mine", update=4, units=16)
    shown = rc.simulate(e, shelf=shelf)
    run = plan(*SMALL, "lstm")
    direct = rc.run(rc.LSTM, model_of(SAVED, "lstm", 4).params, run.task.probe.inputs.astype(float))
    np.testing.assert_array_equal(shown.recording.vectors.c, direct.vectors.c)
    assert shown.signal.channels == ("number", "mark") and shown.recording.vectors.h.shape == (10, 1, 3)
    unit = integer(0, "u", 0, 127, within="units").metadata["field"]
    assert limits(unit, e, shelf) == (0, 2)
    assert rc.learning_signal(shown).vectors.c.shape == (10, 1, 3)


def test_choosing_a_trained_network_chooses_its_input():
    assert rc.change(rc.Experiment(), wiring="trained").signal == "probe"
    assert rc.change(rc.Experiment(), wiring="trained", signal="noise").signal == "noise"
    chosen = rc.change(rc.Experiment(), wiring="trained")
    assert rc.change(chosen, signal="noise").signal == "noise"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"trained": "nobody"}, "trained_unknown"),
        ({"trained": "../../adding"}, "trained_unknown"),
        ({"trained": ""}, "trained_unknown"),
        ({"trained": "adding", "signal": "pulse"}, "trained_inputs"),
    ],
)
def test_what_was_not_trained_is_refused(changes, code):
    with pytest.raises(rc.InputError) as caught:
        rc.simulate(replace(rc.Experiment(wiring="trained", signal="probe"), **changes))
    assert caught.value.code == code


def test_a_network_that_was_not_trained_is_refused():
    with pytest.raises(rc.InputError) as caught:
        model_of(SAVED, "gru", 0)
    assert caught.value.code == "trained_network"


# Files from anybody


@settings(max_examples=200)
@given(st.binary(max_size=400))
def test_garbage_is_refused(data):
    assert code_of(data) == "snapshots_format"


@settings(max_examples=300)
@given(st.integers(0, len(DATA) - 1), st.integers(0, 255), st.integers(0, len(DATA)))
def test_a_damaged_file_is_read_or_refused(place, byte, end):
    for data in (DATA[:place] + bytes([byte]) + DATA[place + 1 :], DATA[:end]):
        try:
            assert load(data).networks.keys() <= rc.CELLS.keys()
        except rc.InputError as error:
            assert error.code in ("snapshots_format", "snapshots_large")


@settings(max_examples=200)
@given(
    st.sampled_from(sorted(message()["networks"]["lstm"])),
    st.one_of(
        st.none(),
        st.binary(max_size=30),
        st.lists(st.integers(-5, 600), max_size=4),
        st.lists(st.integers(-5, 10**6), max_size=4).map(lambda row: Exact(np.array(row, np.int64))),
        st.lists(st.floats(width=32), max_size=4).map(lambda row: Exact(np.array(row, np.float32))),
        st.lists(st.integers(0, 3), max_size=3).map(lambda shape: Exact(np.zeros(shape, np.float16))),
    ),
)
def test_any_part_in_the_place_of_another_is_read_or_refused(name, value):
    try:
        found = load(changed(name, value))
        for network in found.networks:
            model_of(found, network, 3)
    except rc.InputError as error:
        assert error.code == "snapshots_format"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sizes", [2, 3]),
        ("sizes", [2, 3, 0]),
        ("sizes", [2, 3, 10**9]),
        ("sizes", [2, 4, 1]),
        ("sizes", [2, 3.0, 1]),
        ("sizes", [2, True, 1]),
        ("sizes", np.array([2, 3, 1])),
        ("updates", np.array([0, 2, 2, 6])),
        ("updates", np.array([-1, 2, 4, 6])),
        ("updates", np.array([0, 2, 4])),
        ("updates", np.array([0, 2, 4, 10**12])),
        ("updates", np.array([0, 2, 4, 6], np.float32)),
        ("updates", [0, 2, 4, 6]),
        ("watched", np.array([4, 0])),
        ("weights", np.zeros((0, 1), np.float32)),
        ("weights", b"weights"),
        ("first", np.zeros(3, np.float32)),
        ("loss", np.zeros(5, np.float32)),
        ("loss", np.zeros(6, np.int64)),
        ("loss", np.zeros((), np.float32)),
        ("by_step", np.zeros((), np.float32)),
        ("by_step", np.zeros((2, 2, 2), np.float32)),
        ("extra", np.zeros(1)),
    ],
)
def test_parts_that_do_not_fit_are_refused(name, value):
    assert (
        code_of(changed(name, Exact(value) if isinstance(value, np.ndarray) else value)) == "snapshots_format"
    )


def test_a_changed_part_that_fits_is_read():
    assert (
        load(changed("loss", Exact(np.ones(6, np.float16)))).networks["lstm"].curves.loss.tolist() == [1] * 6
    )


@pytest.mark.parametrize("name", sorted(message()["networks"]["lstm"]))
def test_missing_parts_are_refused(name):
    found = message()
    del found["networks"]["lstm"][name]
    assert code_of(deflate(found)) == "snapshots_format"


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "table"},
        {"query": None},
        {"query": "a" * 30_000},
        {"networks": []},
        {"networks": {"transformer": {}}},
        {"networks": {"lstm": []}},
    ],
)
def test_what_are_no_snapshots_is_refused(change):
    assert code_of(deflate(message() | change)) == "snapshots_format"
    assert code_of(pack(message())) == "snapshots_format"


def test_a_file_that_grows_when_it_is_unpacked_is_refused(monkeypatch):
    bomb = MAGIC + zlib.compress(pack(message() | {"more": bytes(3_000_000)}))
    assert len(bomb) < 20_000
    monkeypatch.setattr(snaps, "MAX_BYTES", 1_000_000)
    assert code_of(bomb) == "snapshots_large"
    assert code_of(b"x" * 1_000_001) == "snapshots_large"


@settings(max_examples=40)
@given(st.text(max_size=200))
def test_any_query_makes_an_experiment(query):
    found = load(save(SAVED._replace(query=query.encode("utf-8", "replace").decode())))
    training, experiment = trained_by(rc.Experiment(trained="mine"), kept(found))
    assert isinstance(training, rc.TrainingSettings) and isinstance(experiment, rc.Experiment)
