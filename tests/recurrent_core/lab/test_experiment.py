"""Settings: any address gives an experiment, and every experiment runs and comes back from its address."""

import pickle
import string
from dataclasses import fields, replace
from urllib.parse import parse_qs, urlencode

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import recurrent_core as rc
from recurrent_core import analysis
from recurrent_core.lab import edits, experiment, signals
from recurrent_core.lab.experiment import (
    FIELDS,
    PRESETS,
    Experiment,
    changed_fields,
    coerce,
    from_query,
    query_string,
)
from recurrent_core.learn.tasks import TASKS

STOCKS = rc.Table(np.random.default_rng(0).random((105, 2)) + 1, ("AAPL", "GOOG"))
ODD_NUMBERS = (
    "nan",
    "inf",
    "-inf",
    "1e999",
    "-5",
    "1e-320",
    "3.7",
    "-0.0",
    "٣",
    "1_0",
    "0x10",
    "",
    "9" * 5000,
)
ODD_TEXTS = st.one_of(
    st.text(st.characters(), max_size=40),
    st.sampled_from([*ODD_NUMBERS, "나는 학교에 간다", "👩‍👩‍👧", "\ud800\x00", "x" * 3000, "sha:01234567"]),
    st.floats().map(repr),
    st.text("fghlrzWUb:,.0123456789-", max_size=30),
)


def finite_numbers(field):
    return st.floats(field.low, field.high).map(lambda x: x + 0.0)


def values_of(name, field):
    kinds = {
        "choice": lambda: st.sampled_from(field.choices),
        "number": lambda: finite_numbers(field) | (st.none() if field.optional else st.nothing()),
        "integer": lambda: st.integers(int(field.low), int(field.high)),
        "switch": st.booleans,
        "text": lambda: st.text(st.characters(), max_size=60).map(lambda text: coerce(name, text)),
        "data": lambda: st.lists(st.floats(-1e6, 1e6), max_size=9).map(lambda row: ",".join(map(repr, row))),
        "clamps": lambda: st.lists(
            st.tuples(
                st.sampled_from(["h", "i", "f", "g", "o", "c", "r", "z", "n"]),
                st.floats(0, 1),
                st.integers(0, 500),
                st.none() | st.integers(0, 500),
                st.none() | st.integers(0, 127),
            ),
            max_size=3,
        ).map(lambda clamps: tuple(rc.Clamp(*clamp) for clamp in clamps)),
        "edits": lambda: st.dictionaries(
            st.from_regex(edits.PLACE, fullmatch=True), st.floats(-99, 99), max_size=5
        ).map(lambda given: coerce(name, list(given.items()))),
    }
    return kinds[field.kind]()


EXPERIMENTS = st.builds(
    lambda preset, changes: replace(PRESETS[preset], **changes),
    st.sampled_from(list(PRESETS)),
    st.fixed_dictionaries({}, optional={name: values_of(name, field) for name, field in FIELDS.items()}),
)


def runs(settings):
    if settings.wiring == "trained" or settings.signal == "probe":
        settings = replace(settings, trained=TASKS[settings.seed % len(TASKS)])
        settings = replace(settings, signal="probe" if settings.wiring == "trained" else settings.signal)
    for network in rc.CELLS:
        table = STOCKS if settings.signal in ("stocks", "probe") else None
        simulation = rc.simulate(settings, network, table)
        steps = len(simulation.signal.inputs)
        assert all(vector.shape[:2] == (steps, 1) for vector in simulation.recording.vectors)
        assert all(np.isfinite(vector).all() for vector in simulation.recording.vectors)
        rc.learning_signal(simulation)
    for name in ("pulse_at", "second_at", "cursor", "distance", "memory"):
        low, high = experiment.limits(settings, name, STOCKS)
        assert low <= high


def test_presets_are_named_and_start_with_the_default():
    assert next(iter(PRESETS)) == "write_once" and len(PRESETS) == 15
    assert PRESETS["write_once"] == Experiment()
    assert all(preset.preset == name for name, preset in PRESETS.items())
    assert len({replace(preset, preset="write_once") for preset in PRESETS.values()}) == 15


@pytest.mark.parametrize("name", PRESETS)
def test_a_presets_address_is_short_and_it_runs(name):
    assert len(query_string(PRESETS[name], "ko")) < 80
    assert from_query(PRESETS[name].to_query()) == (PRESETS[name], [])
    assert not changed_fields(PRESETS[name], view=True)
    runs(PRESETS[name])


def test_the_address_holds_the_preset_what_differs_the_language_and_the_version():
    changed = replace(PRESETS["remember"], memory=2.5, cursor=7, log=False, text="나 & b")
    assert changed.to_query("ko") == {
        "preset": "remember", "m": "2.5", "text": "나 & b", "log": "0", "t": "7", "lang": "ko", "v": "1",
    }  # fmt: skip
    assert query_string(replace(Experiment(), clamps=(("f", 1, 6),))) == "clamp=f:1:6&lang=en&v=1"
    assert query_string(replace(PRESETS["remember"], clamps=())) == "preset=remember&clamp=&lang=en&v=1"


def test_every_field_has_a_name_of_its_own_in_the_address():
    shorts = [field.short for field in FIELDS.values()]
    assert len(set(shorts)) == len(shorts) and not set(shorts) & {"preset", "lang", "v"}
    assert {*FIELDS, "preset"} == {field.name for field in fields(Experiment)}


@settings(max_examples=150, deadline=None)
@given(EXPERIMENTS)
def test_every_experiment_comes_back_from_its_address(original):
    query = original.to_query("ko")
    assert from_query(query) == (original, [])
    linked = parse_qs(urlencode(query), keep_blank_values=True, strict_parsing=True)
    assert from_query(linked) == (original, [])
    assert pickle.loads(pickle.dumps(original)) == original and hash(original) == hash(from_query(query)[0])


@settings(max_examples=40, deadline=None)
@given(EXPERIMENTS)
def test_every_experiment_runs(settings):
    runs(settings)


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*(field.short for field in FIELDS.values()), "preset", "v", "lang"])
        | st.text(max_size=5),
        ODD_TEXTS | st.lists(ODD_TEXTS, max_size=2),
        max_size=8,
    )
)
def test_any_address_gives_an_experiment_and_says_what_it_could_not_take(query):
    read, notices = from_query(query)
    assert from_query(read.to_query()) == (read, [])
    query_string(read)
    for code, values in notices:
        assert code and isinstance(values, dict)
        assert all(len(str(value)) < 300 for value in values.values())


@settings(max_examples=40, deadline=None)
@given(st.fixed_dictionaries({}, optional={field.short: ODD_TEXTS for field in FIELDS.values()}))
def test_any_address_runs(query):
    read, _ = from_query(query)
    if read.data.startswith("sha:"):
        with pytest.raises(rc.InputError, match="paste or upload"):
            rc.simulate(replace(read, signal="data"))
    else:
        runs(read)


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
        ({"preset": "none"}, "preset", "write_once", "choice"),
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
        ({"v": "2"}, "preset", "write_once", "version"),
        ({"m": ["1", "2"]}, "memory", 2.0, None),
        ({"utm_source": "x", "lang": "ko"}, "preset", "write_once", None),
    ],
)
def test_fields_fall_back_one_by_one(query, field, value, code):
    read, notices = from_query({"seed": "4", **query})
    assert getattr(read, field) == value and read.seed == 4
    assert [notice.code for notice in notices] == ([code] if code else [])


@pytest.mark.parametrize(
    "wrong",
    [
        {"steps": 10**9},
        {"units": 2.5},
        {"memory": float("nan")},
        {"memory": "3"},
        {"network": "x"},
        {"preset": "x"},
        {"text": "a\x00"},
        {"clamps": (("q", 1),)},
        {"clamps": 5},
    ],
)
def test_the_constructor_says_what_was_expected_and_what_came(wrong):
    with pytest.raises(rc.InputError, match=r"^Expected .*, got .*: .*\.$"):
        Experiment(**wrong)


def test_fields_become_plain_numbers():
    plain = Experiment(memory=np.float64(2), steps=np.int64(50), clamps=[("f", 0.5)])
    assert [type(x) for x in (plain.memory, plain.steps, plain.clamps)] == [float, int, tuple]
    assert plain.clamps == (rc.Clamp("f", 0.5),)


def test_choosing_a_fresh_wiring_leaves_its_biases_alone():
    fresh = rc.change(PRESETS["noise"], wiring="fresh_torch")
    assert set(fresh.biases.values()) == {0.0}
    assert fresh == replace(PRESETS["fresh_torch"], preset="noise")
    back = rc.change(rc.change(fresh, memory=1), wiring="random")
    assert back == PRESETS["noise"]
    assert rc.change(PRESETS["noise"], wiring="fresh_torch", memory=1).memory == 1
    assert rc.change(PRESETS["noise"], memory=99).memory == 7


def test_memory_is_one_handle_on_two_biases_unless_they_are_given():
    by_memory, given = Experiment(memory=2.0).biases, Experiment(forget_bias=1.0, update_bias=0.5).biases
    assert (by_memory["keep"], by_memory["replace"]) == (2.0, -2.0)
    assert (given["keep"], given["replace"]) == (1.0, 0.5)
    simulation = rc.simulate(Experiment(forget_bias=1.0))
    assert (simulation.recording.params.f.b == 1).all()


def test_changed_fields_count_settings_and_if_asked_views():
    changed = replace(PRESETS["noise"], memory=2.0, cursor=9)
    assert changed_fields(changed) == ("memory",)
    assert changed_fields(changed, view=True) == ("memory", "cursor")


@pytest.mark.parametrize("name", PRESETS)
def test_fields_in_use_are_those_that_change_a_vector(name):
    preset = replace(PRESETS[name], compare="")
    biases = ("forget_bias", "update_bias", "input_bias", "output_bias", "reset_bias", "candidate_bias")
    trial = dict.fromkeys(biases, 0.7) | {"memory": 1.3, "scale": 0.33, "recurrent": "gaussian", "seed": 77}
    trial |= {"steps": 41, "pulse_at": 3, "second_at": 11, "period": 7, "noise_sd": 0.7, "units": 3}
    trial |= {"text": "xyz", "data": "1 2 4", "ticker": "MSFT"}
    for network in rc.CELLS:
        used = experiment.fields_in_use(preset, (network,))
        before = rc.simulate(preset, network).recording.vectors
        for field, value in trial.items():
            after = rc.simulate(replace(preset, **{field: value}), network).recording.vectors
            changes = any(not np.array_equal(a, b) for a, b in zip(before, after, strict=True))
            if changes:
                assert field in used, (network, field)
            elif field in used:  # only a clamp may hide what a gate's bias does
                assert preset.clamps and field in (*biases, "memory"), (network, field)


def test_steps_beyond_the_end_mean_the_last_one():
    short = replace(PRESETS["second_pulse"], steps=20)
    assert np.flatnonzero(rc.simulate(short).signal.inputs).tolist() == [5, 19]
    assert experiment.limits(short, "second_at") == (0, 19)
    assert experiment.limits(replace(short, signal="text", text="abc"), "cursor") == (0, 2)
    assert experiment.limits(short, "memory") == (-5, 7)


def test_text_prices_and_numbers_bring_their_own_length():
    text = rc.simulate(Experiment(signal="text", text="가나다 가나"))
    assert text.signal.channels == ("가", "나", "다", " ") and text.recording.vectors.c.shape == (6, 1, 16)
    assert rc.simulate(Experiment(signal="text")).signal.ticks == tuple(signals.EXAMPLE_TEXT)
    prices = rc.simulate(Experiment(signal="stocks"), table=STOCKS).signal
    assert prices.channels == ("GOOG",) and prices.inputs.std() == pytest.approx(1)
    raw = rc.simulate(Experiment(signal="stocks", standardise=False), table=STOCKS).signal
    assert np.array_equal(raw.inputs[:, 0], STOCKS.values[:, 1])
    assert rc.simulate(Experiment(signal="data", data="a,b\n1,2\n3,4")).signal.channels == ("a", "b")
    assert rc.simulate(Experiment(signal="data", data="sha:0123abcd"), table=STOCKS).signal.inputs.shape == (
        105,
        2,
    )
    with pytest.raises(rc.InputError, match="Expected a price series, got none"):
        rc.simulate(Experiment(signal="stocks"))


def test_clamps_of_other_networks_and_units_are_left_out():
    settings = replace(
        Experiment(units=4), clamps=(("f", 1), ("z", 0.5, 0, None, 3), ("h", 0, 499, None, 127))
    )
    assert [clamp.name for clamp in rc.simulate(settings).recording.clamps] == ["f"]
    assert [clamp.name for clamp in rc.simulate(settings, "gru").recording.clamps] == ["z"]


@pytest.mark.parametrize("network", rc.CELLS)
def test_match_gives_as_many_parameters_as_the_lstm(network):
    recording = rc.simulate(Experiment(match=True), network).recording
    assert sum(array.size for affine in recording.params for array in affine) == pytest.approx(1152, rel=0.04)


def test_reseeded_keeps_the_first_seed_and_wraps_around():
    assert [e.seed for e in experiment.reseeded(Experiment(seed=9998), 4)] == [9998, 9999, 0, 1]


@pytest.mark.parametrize("network", rc.CELLS)
def test_the_learning_signal_is_of_one_seeded_direction_at_the_last_step(network):
    gradients = rc.learning_signal(rc.simulate(PRESETS["noise"], network))
    v = gradients.vectors.h[-1, 0]
    assert np.linalg.norm(v) == pytest.approx(1)
    again = rc.learning_signal(rc.simulate(replace(PRESETS["noise"], memory=1.0), network)).vectors.h[-1, 0]
    other = rc.learning_signal(rc.simulate(replace(PRESETS["noise"], seed=1), network)).vectors.h[-1, 0]
    assert np.array_equal(v, again) and not np.allclose(v, other)


def test_the_learning_signal_is_the_derivative_of_v_times_h():
    simulation = rc.simulate(replace(PRESETS["noise"], steps=20, units=4))
    gradients, recording = rc.learning_signal(simulation), simulation.recording
    v, nudge = gradients.vectors.h[-1, 0], 1e-6
    losses = [
        v @ rc.run(recording.cell, recording.params, recording.inputs + sign * nudge).final.h[0]
        for sign in (1, -1)
    ]
    assert (losses[0] - losses[1]) / (2 * nudge) == pytest.approx(gradients.inputs.sum(), rel=1e-6)


def test_dragging_a_slider_leaves_every_draw_alone():
    calm, wild = (
        rc.simulate(replace(PRESETS["noise"], memory=m, scale=s)) for m, s in ((0.0, 0.8), (5.0, 1.6))
    )
    assert np.array_equal(calm.signal.inputs, wild.signal.inputs)
    np.testing.assert_allclose(2 * calm.recording.params.f.U, wild.recording.params.f.U, rtol=1e-15)


def test_extremes_neither_warn_nor_fail():
    low = {name: field.low for name, field in FIELDS.items() if field.kind in ("number", "integer")}
    high = {name: field.high for name, field in FIELDS.items() if field.kind in ("number", "integer")}
    for extreme in (low, high | {"units": 32}):
        for signal in ("pulse", "noise", "step", "count", "notebook", "sine"):
            for wiring in ("write_once", "random", "fresh_keras"):
                settings = replace(Experiment(signal=signal, wiring=wiring), **extreme)
                runs(settings)
                curve = analysis.norms(rc.learning_signal(rc.simulate(settings, "rnn")).vectors.h)[:, 0]
                analysis.relative(curve), analysis.per_step_factor(curve), analysis.log_range(curve)


def test_an_error_has_a_code_and_values_for_other_languages():
    with pytest.raises(rc.InputError) as caught:
        coerce("memory", "viel")
    assert caught.value.code == "number"
    assert caught.value.values == {"field": "memory", "expected": "number from -5 to 7", "got": "viel"}
    assert str(caught.value) == "Expected memory as number from -5 to 7, got viel: enter a number."
    assert not any(character in query_string(Experiment()) for character in string.whitespace)
