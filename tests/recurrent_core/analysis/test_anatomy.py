"""The places of a step: equal to the recording, sums that add up, and gradients against finite differences."""

import numpy as np
import pytest
from samples import clamps_of, difference, make_sample

import recurrent_core as rc
from recurrent_core.analysis.anatomy import anatomy

CELLS = [rc.RNN, rc.LSTM, rc.GRU]
cells = pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
held = pytest.mark.parametrize("clamps", [lambda cell: (), clamps_of], ids=["free", "clamped"])
GATES = {"rnn": "h", "lstm": "ifgo", "gru": "rzn"}


def nudged_loss(sample, clamps, batch, place, t, place_unit, size):
    """The loss with `size` added to one number at one place, from equations written once more, one sequence."""
    p, T = sample.params, len(sample.inputs)
    h, c = sample.initial.h[batch].copy(), getattr(sample.initial, "c", sample.initial.h)[batch].copy()
    name = sample.cell.name
    loss = 0.0
    for step in range(T):

        def nudge(of, array, step=step):
            array = np.array(array)
            if (of, step) == (place, t):
                array[place_unit] += size
            return array

        def hold(of, array, step=step, nudge=nudge):
            array = np.array(array)
            for clamp in clamps:
                if clamp.name == of and step in range(T)[clamp.start : clamp.stop]:
                    array[slice(None) if clamp.unit is None else clamp.unit] = clamp.value
            return nudge(of, array)

        x = nudge("x", sample.inputs[step, batch])

        def affine(k, h, of_h="hU", x=x, nudge=nudge):
            xW, hU = nudge(f"xW_{k}", x @ getattr(p, k).W), nudge(f"{of_h}_{k}", h @ getattr(p, k).U)
            return nudge(f"a_{k}", xW + hU + getattr(p, k).b)

        def gate(k, h, affine=affine, hold=hold):
            return hold(k, 1 / (1 + np.exp(-affine(k, h))))

        h = nudge("h_before", h)
        if name == "rnn":
            h = hold("h", np.tanh(affine("h", h)))
        elif name == "lstm":
            c = nudge("c_before", c)
            i, f, o, g = gate("i", h), gate("f", h), gate("o", h), hold("g", np.tanh(affine("g", h)))
            c = hold("c", nudge("kept", f * c) + nudge("written", i * g))
            h = hold("h", o * nudge("squashed", np.tanh(c)))
        else:
            r, z = gate("r", h), gate("z", h)
            past = nudge("past", r * h)
            n = hold("n", np.tanh(affine("n", past, "pU")))
            h = hold("h", nudge("kept", (1 - z) * h) + nudge("written", z * n))
        loss += sample.d_h[step, batch] @ h
    loss += sample.d_final.h[batch] @ h
    return loss + (sample.d_final.c[batch] @ c if name == "lstm" else 0.0)


@cells
@held
def test_vectors_are_the_recordings(cell, clamps):
    sample = make_sample(cell)
    recording = sample.run(clamps(cell))
    for batch in range(2):
        values = anatomy(recording, batch=batch).values
        for name, vector in recording.vectors._asdict().items():
            np.testing.assert_array_equal(values[name], vector[:, batch])
        for name in cell.State._fields:
            np.testing.assert_array_equal(
                values[f"{name}_before"], getattr(recording.states, name)[:-1, batch]
            )
        np.testing.assert_array_equal(values["x"], sample.inputs[:, batch])


@cells
@held
def test_each_place_follows_from_the_ones_before_it(cell, clamps):
    recording = make_sample(cell).run(clamps(cell))
    found = anatomy(recording, batch=1)
    values = found.values

    def free(name, computed):
        at = found.held.get(name, np.zeros_like(values["h"], dtype=bool))
        np.testing.assert_allclose(values[name][~at], computed[~at], rtol=1e-13, atol=1e-15)

    for k in GATES[cell.name]:
        affine = getattr(recording.params, k)
        before = values["past" if k == "n" else "h_before"]
        of_h = values["pU_n" if k == "n" else f"hU_{k}"]
        np.testing.assert_allclose(values[f"xW_{k}"], values["x"] @ affine.W, rtol=1e-13, atol=1e-15)
        np.testing.assert_allclose(of_h, before @ affine.U, rtol=1e-13, atol=1e-15)
        np.testing.assert_array_equal(values[f"a_{k}"], values[f"xW_{k}"] + of_h + affine.b)
        free(k, np.tanh(values[f"a_{k}"]) if k in "gnh" else rc.sigmoid(values[f"a_{k}"]))
    if cell is rc.LSTM:
        np.testing.assert_array_equal(values["squashed"], np.tanh(values["c"]))
        free("c", values["kept"] + values["written"])
        free("h", values["o"] * values["squashed"])
    if cell is rc.GRU:
        np.testing.assert_array_equal(values["past"], values["r"] * values["h_before"])
        free("h", values["kept"] + values["written"])


@cells
def test_held_places_are_those_of_the_clamps(cell):
    sample = make_sample(cell)
    found = anatomy(sample.run((rc.Clamp("h", 0.5, 2, 4, 1), rc.Clamp("h", 0.1, 3, 4))))
    assert list(found.held) == ["h"]
    assert [tuple(at) for at in np.argwhere(found.held["h"])] == [(2, 1), (3, 0), (3, 1), (3, 2)]
    assert found.values["h"][2, 1] == 0.5 and np.all(found.values["h"][3] == 0.1)


@cells
@held
def test_gradients_are_finite_differences(cell, clamps):
    """At every place, some steps and units of the second sequence, clamped places among them."""
    sample = make_sample(cell, steps=6)
    clamps = clamps(cell)
    found = anatomy(sample.run(clamps), sample.gradients(clamps), batch=1)
    assert found.gradients.keys() == found.values.keys()
    for place, gradient in found.gradients.items():
        assert gradient.shape == found.values[place].shape
        for t in range(6):
            unit, size = t % gradient.shape[1], 1e-5
            up, down = (nudged_loss(sample, clamps, 1, place, t, unit, s) for s in (size, -size))
            assert gradient[t, unit] == pytest.approx((up - down) / (2 * size), rel=1e-6, abs=1e-8), (
                place,
                t,
            )


@cells
@held
def test_gradients_of_vectors_are_backprops(cell, clamps):
    sample = make_sample(cell)
    grads = sample.gradients(clamps(cell))
    for batch in range(2):
        found = anatomy(sample.run(clamps(cell)), grads, batch).gradients
        for name, vector in grads.vectors._asdict().items():
            np.testing.assert_array_equal(found[name], vector[:, batch])
        assert difference(found["x"], grads.inputs[:, batch]) < 1e-12
        for name in cell.State._fields:
            assert difference(found[f"{name}_before"][0], getattr(grads.initial, name)[batch]) < 1e-12


@cells
def test_float32_runs_are_opened_up_in_float64(cell):
    recording = make_sample(cell, dtype=np.float32).run()
    values = anatomy(recording).values
    assert {array.dtype for array in values.values()} == {np.dtype(np.float64)}
    np.testing.assert_array_equal(values["h"], recording.vectors.h[:, 0].astype(np.float64))


def test_order_is_the_order_of_flow():
    lstm = list(anatomy(make_sample(rc.LSTM).run()).values)
    assert lstm[:7] == ["x", "h_before", "c_before", "xW_i", "hU_i", "a_i", "i"]
    assert lstm[-5:] == ["kept", "written", "c", "squashed", "h"]
    gru = list(anatomy(make_sample(rc.GRU).run()).values)
    assert gru[10:] == ["past", "xW_n", "pU_n", "a_n", "n", "kept", "written", "h"]


def test_another_cell_is_refused():
    with pytest.raises(ValueError, match="expected a recording of rnn, lstm, gru, got gru_after"):
        anatomy(make_sample(rc.GRU_AFTER).run())
