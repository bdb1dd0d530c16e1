"""Records of settings: what their fields take, and what changing one of them changes."""

import pickle
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from settings_strategies import EXPERIMENTS, runs

import recurrent_core as rc
from recurrent_core import FIELDS, PRESETS, Experiment, TrainingSettings
from recurrent_core.lab import experiment
from recurrent_core.lab.fields import coerce, coerced, differing, fields_of


def test_presets_are_named_and_start_with_the_default():
    assert next(iter(PRESETS)) == "write_once" and len(PRESETS) == 15
    assert PRESETS["write_once"] == Experiment()


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_runs(name):
    runs(PRESETS[name])


@settings(max_examples=40)
@given(EXPERIMENTS)
def test_every_experiment_runs(settings):
    runs(settings)


@settings(max_examples=100)
@given(EXPERIMENTS)
def test_settings_are_values(original):
    copied = pickle.loads(pickle.dumps(original))
    assert copied == original and hash(copied) == hash(original)


@pytest.mark.parametrize("kind", [Experiment, TrainingSettings])
def test_every_field_is_declared(kind):
    assert [*fields_of(kind)] == [field.name for field in fields(kind)]
    assert all(field.name == name for name, field in fields_of(kind).items())


@pytest.mark.parametrize(
    "wrong",
    [
        {"steps": 10**9},
        {"units": 2.5},
        {"memory": float("nan")},
        {"memory": "3"},
        {"network": "x"},
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


def test_changes_are_coerced_and_differences_named():
    changed = coerced(TrainingSettings(), {"rate": "9", "length": 20.4})
    assert changed == TrainingSettings(rate=1.0, length=20)
    assert differing(changed, TrainingSettings()) == ("length", "rate")


def test_choosing_a_fresh_wiring_leaves_its_biases_alone():
    fresh = rc.change(PRESETS["noise"], wiring="fresh_torch")
    assert set(fresh.biases.values()) == {0.0}
    assert fresh == PRESETS["fresh_torch"]
    back = rc.change(rc.change(fresh, memory=1), wiring="random")
    assert back == PRESETS["noise"]
    assert rc.change(PRESETS["noise"], wiring="fresh_torch", memory=1).memory == 1
    assert rc.change(PRESETS["noise"], memory=99).memory == 7


def test_choosing_a_trained_network_chooses_the_input_that_it_has_learnt_to_read():
    assert rc.change(PRESETS["noise"], wiring="trained").signal == "probe"
    assert rc.change(PRESETS["noise"], wiring="trained", signal="sine").signal == "sine"


def test_memory_is_one_handle_on_two_biases_unless_they_are_given():
    def biases(e):
        return e.biases["keep"], e.biases["replace"]

    assert biases(Experiment(memory=2.0)) == (2.0, -2.0)
    assert biases(Experiment(forget_bias=1.0, update_bias=0.5)) == (1.0, 0.5)
    simulation = rc.simulate(Experiment(forget_bias=1.0))
    assert (simulation.recording.params.f.b == 1).all()


@pytest.mark.parametrize("name", PRESETS)
def test_fields_in_use_are_those_that_change_a_vector(name):
    preset = PRESETS[name]
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


def test_fields_in_use_are_those_of_all_networks_that_are_shown():
    alone, both = (experiment.fields_in_use(Experiment(), names) for names in (None, ("lstm", "gru")))
    assert alone == experiment.fields_in_use(Experiment(), ("lstm",)) < both
    assert {"update_bias", "reset_bias", "match"} <= both


def test_reseeded_keeps_the_first_seed_and_wraps_around():
    assert [e.seed for e in experiment.reseeded(Experiment(seed=9998), 4)] == [9998, 9999, 0, 1]


def test_an_error_has_a_code_and_values_for_other_languages():
    with pytest.raises(rc.InputError) as caught:
        coerce(FIELDS["memory"], "viel")
    assert caught.value.code == "number"
    assert caught.value.values == {"field": "memory", "expected": "number from -5 to 7", "got": "viel"}
    assert str(caught.value) == "Expected memory as number from -5 to 7, got viel: enter a number."
