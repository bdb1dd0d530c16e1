"""Links, saved trainings and shipped files mean for ever what they meant when they were made; defaults may change."""

import json
from pathlib import Path

import pytest
from links import DRAWN, links, numbers, plain

import recurrent_core as rc
from recurrent_core import Experiment, TrainingSettings
from recurrent_core.lab import presets
from recurrent_core.lab.address import read, write
from recurrent_core.lab.fields import Version, differing
from recurrent_core.lab.presets import start
from recurrent_core.lab.training import of_query
from recurrent_core.learn.snapshots import shipped
from recurrent_core.learn.tasks import TASKS

PINNED = json.loads((Path(__file__).parents[1] / "fixtures" / "links.json").read_text("utf-8"))
LINKS = [(version, link) for version in PINNED for link in PINNED[version]]
KINDS = {"experiment": Experiment, "training": TrainingSettings}


def test_every_version_is_pinned_and_knows_all_records():
    assert PINNED.keys() == presets.VERSIONS
    for version in presets.VERSIONS:
        assert [*PINNED[version]] == links(version, presets.names(version))
        assert all(version in kind.versions for kind in KINDS.values())


def test_the_present_defaults_are_those_beside_the_fields():
    assert all(not kind.versions[presets.VERSION].defaults for kind in KINDS.values())


@pytest.mark.parametrize(("version", "link"), LINKS)
def test_a_link_holds_the_settings_that_it_held(version, link):
    found = read(link, *KINDS.values())
    assert found.notices == ()
    for name, record in zip(KINDS, found.records, strict=True):
        assert plain(record) == PINNED[version][link][name]


@pytest.mark.parametrize(("version", "link"), LINKS)
def test_a_link_shows_the_numbers_that_it_showed(version, link):
    (experiment,) = read(link, Experiment).records
    for network, pinned in PINNED[version][link]["numbers"].items():
        computed = numbers(experiment, network)
        assert {name: computed[name] for name in pinned} == pytest.approx(pinned, rel=1e-9, abs=0)


@pytest.fixture
def second(monkeypatch):
    """A second version: another default of each record, a preset changed, one new and one gone."""
    changed = dict(presets.EXPERIMENT["1"].presets)
    changed |= {"forget": {"memory": -2.0, "seed": 7}, "new": {"scale": 0.1}}
    del changed["count"]
    monkeypatch.setattr(presets, "VERSION", "2")
    monkeypatch.setitem(presets.EXPERIMENT, "2", Version({"memory": 1.0, "units": 8}, changed))
    monkeypatch.setitem(presets.TRAINING, "2", Version({"rate": 0.5, "task": "sine"}, {}))
    presets._STARTS.clear()
    of_query.cache_clear()
    yield
    presets._STARTS.clear()
    of_query.cache_clear()


@pytest.mark.parametrize("line", ["", *(f"preset={name}" for name in presets.names()), *DRAWN])
def test_old_links_keep_their_meaning_where_defaults_have_changed(line, second):
    link = "&".join(filter(None, (line, "v=1")))
    found = read(link, *KINDS.values())
    pinned = PINNED["1"].get(link) or PINNED["1"]["preset=write_once&v=1"]
    assert {name: plain(one) for name, one in zip(KINDS, found.records, strict=True)} == {
        name: pinned[name] for name in KINDS
    }
    assert found.notices == ()


@pytest.mark.parametrize("line", ["", *(f"preset={name}" for name in presets.names()), *DRAWN])
def test_old_links_are_written_anew_without_losing_anything(line, second):
    preset, records, _, _ = read("&".join(filter(None, (line, "v=1"))), *KINDS.values())
    query = write(preset, *records)
    assert query.endswith("v=2") and read(query, *KINDS.values()).records == records
    assert preset in presets.names("2")


def test_new_links_take_what_holds_now(second):
    for query in ("", "v=2"):
        experiment, training = read(query, *KINDS.values()).records
        assert (experiment.memory, experiment.units) == (1.0, 8)
        assert (training.rate, training.task) == (0.5, "sine")
    assert read("preset=forget", Experiment).records[0].seed == 7
    assert read("preset=forget&v=1", Experiment).records[0] == rc.PRESETS["forget"]
    assert read("preset=new", Experiment).records[0].scale == 0.1
    for unknown in ("preset=new&v=1", "preset=count&v=2"):
        assert [notice.code for notice in read(unknown, Experiment).notices] == ["choice"]


def test_what_differs_is_told_by_the_present_preset(second):
    preset, (old,), _, _ = read("preset=forget&v=1", Experiment)
    assert preset == "forget" and differing(old, start(Experiment, preset)) == ("memory", "units", "seed")
    preset, (old,), _, _ = read("preset=count&v=1", Experiment)
    assert preset == "write_once" and {"signal", "wiring", "period"} < {
        *differing(old, start(Experiment, preset))
    }


def test_an_unknown_version_is_said_and_read_as_the_present_one(second):
    _, (experiment,), notices, _ = read("net=gru&v=3", Experiment)
    assert [notice.code for notice in notices] == ["version"]
    assert (experiment.network, experiment.memory) == ("gru", 1.0)


@pytest.mark.parametrize("name", TASKS)
def test_shipped_and_saved_trainings_keep_their_settings(name, second):
    training, experiment = of_query(shipped(name).query)
    assert (training.task, training.rate, experiment.units) == (name, 0.01, 16)
    training, experiment = of_query("task=sine&len=20&v=1")
    assert training == TrainingSettings(task="sine", length=20) and experiment == Experiment()
    assert of_query("len=20&v=2")[0] == TrainingSettings(task="sine", length=20, rate=0.5)
