"""Addresses: any text gives settings, and all settings come back from their address."""

import string
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from settings_strategies import EXPERIMENTS, ODD_TEXTS, records, runs

import recurrent_core as rc
from recurrent_core import FIELDS, PRESETS, Experiment, TrainingSettings
from recurrent_core.lab.address import Notice, join, parse, read, write
from recurrent_core.lab.fields import fields_of

KINDS = (Experiment, TrainingSettings)
SHORTS = [field.short for kind in KINDS for field in fields_of(kind).values()]


def queried(query: dict, kinds=KINDS):
    """What is read of texts by key, lists of them for keys that come more than once."""
    pairs = [
        (key, text)
        for key, given in query.items()
        for text in (given if isinstance(given, list) else [given])
    ]
    return read(join(pairs), *kinds)


@pytest.mark.parametrize("name", PRESETS)
def test_a_presets_address_is_short(name):
    query = write(name, PRESETS[name], TrainingSettings(), lang="ko")
    assert len(query) < 80
    assert read(query, *KINDS) == (name, (PRESETS[name], TrainingSettings()), (), {"lang": "ko"})


def test_the_address_holds_the_preset_what_differs_what_else_is_said_and_the_version():
    changed = replace(PRESETS["remember"], memory=2.5, text="나 & b")
    query = write("remember", changed, TrainingSettings(rate=0.5), lang="ko")
    assert parse(query) == {
        "preset": "remember", "m": "2.5", "text": "나 & b", "lr": "0.5", "lang": "ko", "v": "1",
    }  # fmt: skip
    assert write("write_once", replace(Experiment(), clamps=(("f", 1, 6),))) == "clamp=f:1:6&v=1"
    assert write("remember", replace(PRESETS["remember"], clamps=())) == "preset=remember&clamp=&v=1"
    assert write("write_once", Experiment(), named=True) == "preset=write_once&v=1"
    assert not any(character in query for character in string.whitespace)


def test_every_field_has_a_name_of_its_own_in_the_address():
    assert len({*SHORTS}) == len(SHORTS) and not {*SHORTS} & {"preset", "lang", "v", "pin"}


@settings(max_examples=150)
@given(st.sampled_from(list(PRESETS)), EXPERIMENTS, records(TrainingSettings))
def test_all_settings_come_back_from_their_address(preset, experiment, training):
    query = write(preset, experiment, training, lang="ko")
    assert read(query, *KINDS) == (preset, (experiment, training), (), {"lang": "ko"})
    assert read(f"?{query}", TrainingSettings).records == (training,)
    assert join(parse(query).items()) == query


@settings(max_examples=300)
@given(
    st.dictionaries(
        st.sampled_from([*SHORTS, "preset", "v", "lang"]) | st.text(max_size=5),
        ODD_TEXTS | st.lists(ODD_TEXTS, max_size=2),
        max_size=8,
    )
)
def test_any_address_gives_settings_and_says_what_it_could_not_take(query):
    preset, found, notices, others = queried(query)
    assert read(write(preset, *found), *KINDS) == (preset, found, (), {})
    for code, values in notices:
        assert code and isinstance(values, dict)
        assert all(len(str(value)) < 300 for value in values.values())
    assert not others.keys() & {*SHORTS, "preset", "v"}


@settings(max_examples=200)
@given(st.text(max_size=60))
def test_any_text_is_read(text):
    assert len(read(text, *KINDS).records) == 2


@settings(max_examples=40)
@given(st.fixed_dictionaries({}, optional={field.short: ODD_TEXTS for field in FIELDS.values()}))
def test_any_address_runs(query):
    (experiment,) = queried(query, (Experiment,)).records
    if experiment.data.startswith("sha:"):
        with pytest.raises(rc.InputError, match="paste or upload"):
            rc.simulate(replace(experiment, signal="data"))
    else:
        runs(experiment)


@pytest.mark.parametrize(
    ("query", "field", "value", "code"),
    [
        ({"m": "99"}, "memory", 7.0, "clipped"),
        ({"m": "nan"}, "memory", 3.0, "number"),
        ({"m": "inf"}, "memory", 3.0, "number"),
        ({"m": "three"}, "memory", 3.0, "number"),
        ({"T": "9" * 5000}, "steps", 60, "number"),
        ({"T": "1"}, "steps", 20, "clipped"),
        ({"T": "64.4"}, "steps", 64, None),
        ({"net": "transformer"}, "network", "lstm", "choice"),
        ({"preset": "none"}, "network", "lstm", "choice"),
        ({"preset": "noise", "s": "x"}, "scale", 0.8, "number"),
        ({"preset": "exploding_rnn", "s": "x"}, "scale", 2.0, "number"),
        ({"match": "yes"}, "match", False, "switch"),
        ({"match": "1"}, "match", True, None),
        ({"bf": ""}, "forget_bias", None, None),
        ({"bf": "1"}, "forget_bias", 1.0, None),
        ({"text": "가" * 501}, "text", "가" * 500, "text_cut"),
        ({"text": "\u1112\u1161" * 400}, "text", "하" * 400, None),
        ({"data": "1,2\n3"}, "data", "", "table_ragged"),
        ({"data": "1 " * 300}, "data", "", "data_long"),
        ({"data": "sha:zz"}, "data", "", "table_empty"),
        ({"data": "sha:0123abcd"}, "data", "sha:0123abcd", None),
        ({"clamp": "f:1:6"}, "clamps", (("f", 1, 6, None, None),), None),
        ({"clamp": "f:9:6:8:2"}, "clamps", (("f", 1, 6, 8, 2),), None),
        ({"clamp": "q:1"}, "clamps", (), "clamp"),
        ({"clamp": "f"}, "clamps", (), "clamp"),
        ({"clamp": "f:1:2:3:4:5"}, "clamps", (), "clamp"),
        ({"clamp": "f:nan"}, "clamps", (), "clamp"),
        ({"clamp": "f:1," * 33}, "clamps", (), "clamp_count"),
        ({"w": "lfU00:0.5,liW00:0.65,lfU00:9"}, "edits", (("lfU00", 9.0), ("liW00", 0.65)), None),
        ({"w": "liW00:1e9,gzb1:0.12345"}, "edits", (("gzb1", 0.1235), ("liW00", 99.0)), None),
        ({"w": "liW00"}, "edits", (), "edit"),
        ({"w": "liW0:1"}, "edits", (), "edit"),
        ({"w": "riW00:1"}, "edits", (), "edit"),
        ({"w": "liW00:nan"}, "edits", (), "edit"),
        ({"w": "liW٣٣:1"}, "edits", (), "edit"),
        ({"w": "liW00:1," * 257}, "edits", (), "edit_count"),
        ({"v": "9"}, "memory", 3.0, "version"),
        ({"v": ""}, "memory", 3.0, "version"),
        ({"m": ["1", "2"]}, "memory", 2.0, None),
        ({"utm_source": "x", "lang": "ko"}, "memory", 3.0, None),
    ],
)
def test_fields_fall_back_one_by_one(query, field, value, code):
    preset, (experiment,), notices, _ = queried({"seed": "4", **query}, (Experiment,))
    assert getattr(experiment, field) == value and experiment.seed == 4
    assert [notice.code for notice in notices] == ([code] if code else [])
    assert preset == (query["preset"] if query.get("preset") in PRESETS else "write_once")


def test_a_notice_says_what_came_and_what_was_taken():
    clipped, unknown = read("lr=7&net=x", TrainingSettings, Experiment).notices
    assert clipped == Notice("clipped", {"field": "rate", "got": "7", "value": 1.0})
    assert unknown.values == {"field": "network", "choices": tuple(rc.CELLS), "got": "x"}
