"""Edited numbers: each changes the one number it names, and the worked example gives its numbers."""

from dataclasses import replace

import numpy as np
import pytest

import recurrent_core as rc
from recurrent_core.lab import edits
from recurrent_core.lab.edits import Edit

WORKED = rc.PRESETS["worked_example"]


def vectors(experiment, network=None):
    return rc.simulate(experiment, network).recording.vectors


@pytest.mark.parametrize(
    ("name", "step", "value"),
    [
        ("f", 1, 0.6225), ("i", 1, 0.6457), ("g", 1, 0.6044), ("c", 1, 0.3902), ("o", 1, 0.69), ("h", 1, 0.2564),
        ("c", 3, 1.6721), ("h", 3, 0.8707),
    ],
)  # fmt: skip
def test_the_worked_example_gives_its_numbers(name, step, value):
    assert getattr(vectors(WORKED), name)[step - 1, 0, 0] == pytest.approx(value, abs=6e-5)


def test_gru_and_rnn_work_by_analogy():
    """Written out: z has the input gate's weights, r the forget gate's, n and the RNN's h the candidate's."""

    def sigmoid(a):
        return 1 / (1 + np.exp(-a))

    gru = rnn = 0.0
    for t, x in enumerate((1.0, 2.0, 3.0)):
        z, r = sigmoid(0.6 * x + 0.2 * gru), sigmoid(0.5 * x + 0.1 * gru)
        gru = (1 - z) * gru + z * np.tanh(0.7 * x + 0.3 * r * gru)
        rnn = np.tanh(0.7 * x + 0.3 * rnn)
        assert vectors(WORKED, "gru").h[t, 0, 0] == pytest.approx(gru, abs=1e-15)
        assert vectors(WORKED, "rnn").h[t, 0, 0] == pytest.approx(rnn, abs=1e-15)


@pytest.mark.parametrize("network", rc.CELLS)
def test_an_edit_changes_the_number_it_names_and_no_other(network):
    cell = rc.CELLS[network]
    params = cell.init(np.random.default_rng(0), 3, 4)
    for gate in cell.gates:
        for part, place in (("W", (2, 1)), ("U", (0, 3)), ("b", (2,))):
            edit = Edit(f"{cell.letter}{gate}{part}{''.join(map(str, place))}", 7.5)
            after = edits.edited(cell, params, (edit,))
            changed = [
                (k, name, tuple(map(int, where)))
                for k in cell.gates
                for name in "WUb"
                for where in np.argwhere(
                    getattr(getattr(after, k), name) != getattr(getattr(params, k), name)
                )
            ]
            assert changed == [(gate, part, place)]
            assert getattr(getattr(after, gate), part)[place] == 7.5


def test_edits_of_other_networks_and_missing_places_are_left_out():
    params = rc.LSTM.init(np.random.default_rng(0), 1, 2)
    beyond = (Edit("gzb0", 1.0), Edit("liW10", 1.0), Edit("liU02", 1.0), Edit("lib2", 1.0))
    after = edits.edited(rc.LSTM, params, beyond)
    assert all(np.array_equal(a, b) for one, other in zip(after, params, strict=True)
               for a, b in zip(one, other, strict=True))  # fmt: skip


def test_edits_lie_on_top_of_any_wiring_and_leave_the_wiring_alone():
    edited = (("lib0", 2.0),)
    for wiring in rc.WIRINGS:
        plain = replace(rc.PRESETS["noise"], wiring=wiring, units=2)
        before = rc.simulate(plain).recording.params
        after = rc.simulate(replace(plain, edits=edited)).recording.params
        assert after.i.b[0] == 2.0 and after.i.b[1] == before.i.b[1]
        assert np.array_equal(rc.simulate(plain).recording.params.i.b, before.i.b)


def test_an_edit_is_rounded_and_clipped():
    assert edits.edit("liW00", 0.123456) == Edit("liW00", 0.1235)
    assert edits.edit("lfb0", -1e300) == Edit("lfb0", -99.0)
    assert str(edits.edit("lfb0", -1e-9).value) == "0.0"
    with pytest.raises(ValueError, match="expected a place such as liW00"):
        edits.edit("liW000", 1.0)


def test_only_small_networks_are_edited():
    assert edits.editable(4, 3) and not edits.editable(5, 1) and not edits.editable(1, 4)
