"""What is computed is kept: once for equal settings, for all readers, within its bound of bytes."""

import threading
from dataclasses import replace

import numpy as np
import pytest

import store
from recurrent_core import PRESETS, Clamp, parse_table
from recurrent_core.lab.experiment import fields_in_use
from ui.recordings import cached, memory
from ui.settings import opened
from ui.views import VIEWS
from ui.words.text import text

EN = text("en")


@pytest.fixture(autouse=True)
def empty():
    memory.forget()
    yield
    memory.forget()


@pytest.fixture
def runs(monkeypatch):
    """The simulations that were run since, as (network, experiment)."""
    found = []
    real = cached.simulate

    def simulate(experiment, *rest, **named):
        found.append((experiment.network, experiment))
        return real(experiment, *rest, **named)

    monkeypatch.setattr(cached, "simulate", simulate)
    return found


def drawn(page: str, query: str, settled: bool = True):
    view = VIEWS[page]
    return view.parts(opened(query, page)._replace(settled=settled), EN)


def test_a_settled_page_of_curves_runs_nothing_the_second_time(runs):
    query = "sig=noise&wire=random&lang=en&v=1"
    drawn("gradients", query)
    assert len(runs) == 24  # three networks, eight seeds
    drawn("gradients", query)
    assert len(runs) == 24


def test_the_band_of_seeds_keeps_curves_alone(runs):
    drawn("gradients", "sig=noise&wire=random&n=64&T=200&lang=en&v=1")
    own = sum(memory.size(cached.simulation(e, n)) + memory.size(cached.gradients(e, n)) for n, e in runs[:3])
    assert memory.held() < 1.1 * own


def test_a_frame_after_an_upload_that_was_left_runs_what_has_changed_alone(runs):
    rows = "\n".join(str(k % 7) for k in range(300))
    name = store.opened().tables.keep(parse_table(rows))
    assert name.startswith("sha:")
    drawn("gradients", f"tab=why&sig=data&data={name}&lang=en&v=1", settled=False)
    runs.clear()
    for memory_slider in ("2.1", "2.2"):
        drawn("gradients", f"tab=why&data={name}&m={memory_slider}&lang=en&v=1", settled=False)
    assert len(runs) == 2


def test_the_same_table_is_the_same_key_for_every_reader(runs):
    tables = store.opened().tables
    names = [tables.keep(parse_table("1 2\n3 4")), tables.keep(parse_table("1,2\n3,4"))]
    for name in names:
        cached.simulation(replace(PRESETS["write_once"], signal="data", data=name), "lstm")
    assert names[0] == names[1] and len(runs) == 1


def test_a_setting_that_changes_nothing_recorded_runs_nothing(runs):
    e = PRESETS["write_once"]
    cached.simulation(e, "rnn")
    shown = cached.simulation(replace(e, memory=-2.0), "rnn")  # the RNN has no gate that keeps
    assert len(runs) == 1 and shown.experiment.memory == -2.0 and shown.experiment.network == "rnn"
    cached.simulation(replace(e, candidate_bias=1.0), "rnn")
    cached.simulation(replace(e, clamps=(Clamp("h", 0.5),)), "rnn")
    assert len(runs) == 3


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("network", ["rnn", "lstm", "gru"])
def test_what_is_no_part_of_the_key_changes_no_number(preset, network):
    e = PRESETS[preset]
    asked = cached.decisive(e, network)
    others = {"memory": 1.7, "forget_bias": -1.3, "update_bias": 0.7, "input_bias": 0.9, "output_bias": 1.1,
              "candidate_bias": 0.3, "reset_bias": -0.4, "scale": 1.9, "recurrent": "gaussian", "steps": 77,
              "pulse_at": 9, "second_at": 12, "period": 11, "noise_sd": 0.2, "text": "abc", "ticker": "FB",
              "data": "4 5 6", "update": 7}  # fmt: skip
    unused = others.keys() - fields_in_use(e, (network,))
    moved = replace(e, **{name: others[name] for name in unused})
    assert cached.decisive(moved, network) == asked
    one = cached.simulate(replace(e, network=network), shelf=cached.SHELF).recording
    other = cached.simulate(asked, shelf=cached.SHELF).recording
    np.testing.assert_array_equal(one.inputs, other.inputs)
    for a, b in zip(one.vectors, other.vectors, strict=True):
        np.testing.assert_array_equal(a, b)


def test_who_asks_for_what_is_being_made_waits_for_it(monkeypatch):
    made, enter, go = [], threading.Event(), threading.Event()
    real = cached.simulate

    def slow(*rest, **named):
        made.append(1)
        enter.set()
        assert go.wait(20)
        return real(*rest, **named)

    monkeypatch.setattr(cached, "simulate", slow)
    found = []
    readers = [
        threading.Thread(target=lambda: found.append(cached.simulation(PRESETS["noise"], "gru")))
        for _ in range(3)
    ]
    readers[0].start()
    assert enter.wait(20)
    for reader in readers[1:]:
        reader.start()
    go.set()
    for reader in readers:
        reader.join(20)
    assert len(made) == 1 and len({id(one.recording.vectors.h) for one in found}) == 1


def test_the_bound_holds_and_the_longest_unused_goes_first(monkeypatch, runs):
    e = replace(PRESETS["noise"], units=32, steps=100)
    one = memory.size(cached.simulation(e, "lstm"))
    memory.forget()
    monkeypatch.setattr(memory._memory, "_Cache__maxsize", 3 * one)
    experiments = [replace(e, seed=seed) for seed in range(6)]
    for experiment in experiments:
        cached.simulation(experiment, "lstm")
        cached.simulation(experiments[0], "lstm")
        assert memory.held() <= 3 * one
    ran = [experiment.seed for _, experiment in runs[1:]]
    assert ran == [0, 1, 2, 3, 4, 5]
    cached.simulation(experiments[1], "lstm")
    assert len(runs) == 8


def test_what_is_larger_than_the_bound_is_given_and_not_kept(monkeypatch):
    monkeypatch.setattr(memory._memory, "_Cache__maxsize", 1000)
    assert len(cached.simulation(PRESETS["noise"], "lstm").signal.inputs) == 60
    assert memory.held() == 0


def test_views_of_one_array_count_once():
    array = np.zeros((10, 4))
    assert memory.size((array, array[2:], {"a": array.T}, [array[::2, 1]])) == array.nbytes
    assert memory.size(("text", 3, None)) == 1


def test_an_error_is_not_kept(monkeypatch):
    missing = replace(PRESETS["write_once"], signal="data", data="sha:" + 64 * "0")
    for _ in range(2):
        with pytest.raises(ValueError, match="without its numbers"):
            cached.simulation(missing, "lstm")
