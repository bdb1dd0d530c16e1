"""From settings to a recording: where inputs and networks come from, what stands still, and the learning signal."""

from dataclasses import replace

import numpy as np
import pytest
from settings_strategies import SHELF, STOCKS, runs

import recurrent_core as rc
from recurrent_core import FIELDS, PRESETS, Experiment, analysis
from recurrent_core.lab import signals
from recurrent_core.lab.fields import integer
from recurrent_core.lab.simulate import limits

NAMED = f"sha:{'0' * 64}"


def test_steps_beyond_the_end_mean_the_last_one():
    short = replace(PRESETS["second_pulse"], steps=20)
    assert np.flatnonzero(rc.simulate(short).signal.inputs).tolist() == [5, 19]
    assert limits(FIELDS["second_at"], short) == (0, 19)
    assert limits(FIELDS["pulse_at"], replace(short, signal="text", text="abc")) == (0, 2)
    assert limits(FIELDS["memory"], short) == (-5, 7)


def test_units_beyond_the_last_mean_the_last_one():
    unit = integer(0, "u", 0, 127, within="units").metadata["field"]
    assert limits(unit, Experiment(units=7)) == (0, 6)
    assert limits(unit, Experiment(units=7, network="rnn", match=True)) == (0, 14)


def test_text_prices_and_numbers_bring_their_own_length():
    text = rc.simulate(Experiment(signal="text", text="가나다 가나"))
    assert text.signal.channels == ("가", "나", "다", " ") and text.recording.vectors.c.shape == (6, 1, 16)
    assert rc.simulate(Experiment(signal="text")).signal.ticks == tuple(signals.EXAMPLE_TEXT)
    prices = rc.simulate(Experiment(signal="stocks"), shelf=SHELF).signal
    assert prices.channels == ("GOOG",) and prices.inputs.std() == pytest.approx(1)
    raw = rc.simulate(Experiment(signal="stocks", standardise=False), shelf=SHELF).signal
    assert np.array_equal(raw.inputs[:, 0], STOCKS.values[:, 1])
    assert rc.simulate(Experiment(signal="data", data="a,b\n1,2\n3,4")).signal.channels == ("a", "b")


def test_what_is_only_named_comes_from_the_shelf():
    shelf = rc.SHIPPED._replace(table={NAMED: STOCKS}.get)
    assert rc.simulate(Experiment(signal="data", data=NAMED), shelf=shelf).signal.inputs.shape == (105, 2)
    # Settings that do not read the table do not ask for it.
    assert rc.simulate(Experiment(data=NAMED)).signal.channels == ("pulse",)
    with pytest.raises(rc.InputError, match="paste or upload them again"):
        rc.simulate(Experiment(signal="data", data=NAMED))
    with pytest.raises(rc.InputError, match="Expected a price series, got none"):
        rc.simulate(Experiment(signal="stocks"))
    with pytest.raises(rc.InputError, match="which is not kept here"):
        rc.simulate(Experiment(wiring="trained", signal="probe", trained="mine"))


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
