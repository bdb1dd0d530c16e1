"""The places of a step: equal to the recording, sums that add up, and gradients against finite differences."""

import numpy as np
import pytest
from samples import TABLE, clamps_of, difference, make_sample

import recurrent_core as rc
from recurrent_core.analysis.anatomy import anatomy
from recurrent_core.cells.graph import OPERATIONS, forward, pre_activations, users

LONGHAND = [rc.RNN, rc.LSTM, rc.GRU]
cells = pytest.mark.parametrize("cell", TABLE.values(), ids=TABLE)
held = pytest.mark.parametrize("clamps", [lambda cell: (), clamps_of], ids=["free", "clamped"])


def nudged_longhand(sample, clamps, batch, place, t, place_unit, size):
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
    """Where nothing is held the table alone gives what the cell's own step gave."""
    recording = make_sample(cell).run(clamps(cell))
    found = anatomy(recording, batch=1)
    given = {name: found.values[name] for name in found.values if name == "x" or name.endswith("_before")}
    params = recording.params
    for place in cell.graph:
        before = {name: array for name, array in found.values.items() if name != place.name}
        alone = forward((place,), params, given | before, None)[place.name]
        at = found.held.get(place.name, np.zeros_like(alone, dtype=bool))
        np.testing.assert_allclose(alone[~at], found.values[place.name][~at], rtol=1e-13, atol=1e-15)


@cells
def test_the_table_names_each_vector_once_and_nothing_before_it_is_there(cell):
    names = [place.name for place in cell.graph]
    assert len(set(names)) == len(names) and set(cell.Vectors._fields) <= set(names)
    known = {"x", *(f"{name}_before" for name in cell.State._fields)}
    known |= {
        f"{gate}.{part}" for gate, kind in zip(cell.gates, cell.kinds, strict=True) for part in kind._fields
    }
    used = set()
    for place in cell.graph:
        assert set(place.inputs) <= known, place
        known.add(place.name)
        used |= set(place.inputs)
    assert known - used <= set(cell.State._fields), "what goes nowhere is carried on"
    for gate in cell.gates:
        assert f"a_{gate}" in pre_activations(cell.graph)
        assert [place.name for place in users(cell.graph, f"a_{gate}")] == [gate]


@cells
def test_held_places_are_those_of_the_clamps(cell):
    sample = make_sample(cell)
    found = anatomy(sample.run((rc.Clamp("h", 0.5, 2, 4, 1), rc.Clamp("h", 0.1, 3, 4))))
    assert list(found.held) == ["h"]
    assert [tuple(at) for at in np.argwhere(found.held["h"])] == [(2, 1), (3, 0), (3, 1), (3, 2)]
    assert found.values["h"][2, 1] == 0.5 and np.all(found.values["h"][3] == 0.1)


def nudged_by_table(sample, clamps, batch, place, t, place_unit, size):
    """The same loss for any cell, from its table of places."""
    cell, steps = sample.cell, len(sample.inputs)
    state = {f"{name}_before": array[batch][None] for name, array in sample.initial._asdict().items()}
    loss = 0.0
    for step in range(steps):
        values = {"x": sample.inputs[step, batch][None], **state}
        for name in (*list(values), *cell.graph):
            if isinstance(name, tuple):
                values, name = forward((name,), sample.params, values, None), name.name
            array = values[name] = values[name].copy()
            for clamp in clamps:
                if clamp.name == name and step in range(steps)[clamp.start : clamp.stop]:
                    array[:, slice(None) if clamp.unit is None else clamp.unit] = clamp.value
            if (name, step) == (place, t):
                array[:, place_unit] += size
        state = {f"{name}_before": values[name] for name in cell.State._fields}
        loss += sample.d_h[step, batch] @ values["h"][0]
    return loss + sum(getattr(sample.d_final, k)[batch] @ values[k][0] for k in cell.State._fields)


@pytest.mark.parametrize(
    ("cell", "nudged_loss"),
    [(cell, nudged_longhand) for cell in LONGHAND] + [(cell, nudged_by_table) for cell in TABLE.values()],
    ids=[f"{cell.name} longhand" for cell in LONGHAND] + list(TABLE),
)
@held
def test_gradients_are_finite_differences(cell, nudged_loss, clamps):
    """At every place, some steps and units of the second sequence, clamped places among them."""
    sample = make_sample(cell, steps=6)
    clamps = clamps(cell)
    assert nudged_loss(sample, clamps, 1, "", 0, 0, 0.0) == pytest.approx(_loss(sample, clamps), rel=1e-12)
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


def _loss(sample, clamps):
    """The loss of the second sequence, from the run itself."""
    recording = sample.run(clamps)
    ends = (d[1] @ end[1] for d, end in zip(sample.d_final, recording.final, strict=True))
    return np.sum(sample.d_h[:, 1] * recording.vectors.h[:, 1]) + sum(ends)


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_operations_derivative_is_its_finite_difference(name):
    rng = np.random.default_rng(0)
    count = {"sigmoid": 1, "tanh": 1, "sum": 3}.get(name, 2)
    inputs = [rng.standard_normal((2, 3)) for _ in range(count)]
    if name == "weighted":
        inputs[1] = rng.standard_normal((3, 4))
    operation = OPERATIONS[name]
    d = rng.standard_normal(operation.value(*inputs).shape)
    for k, back in enumerate(operation.back(d, *inputs)):
        if back is None:
            assert (name, k) == ("weighted", 1)
            continue
        direction = rng.standard_normal(inputs[k].shape)
        up, down = (
            np.sum(d * operation.value(*inputs[:k], inputs[k] + size * direction, *inputs[k + 1 :]))
            for size in (1e-6, -1e-6)
        )
        assert np.sum(back * direction) == pytest.approx((up - down) / 2e-6, rel=1e-7)


def test_order_is_the_order_of_flow():
    lstm = list(anatomy(make_sample(rc.LSTM).run()).values)
    assert lstm[:7] == ["x", "h_before", "c_before", "xW_i", "hU_i", "a_i", "i"]
    assert lstm[-5:] == ["kept", "written", "c", "squashed", "h"]
    gru = list(anatomy(make_sample(rc.GRU).run()).values)
    assert gru[10:] == ["past", "xW_n", "pU_n", "a_n", "n", "kept", "written", "h"]


def test_a_cell_without_a_table_is_refused():
    sample = make_sample(rc.LSTM)
    with pytest.raises(ValueError, match="expected a cell with a graph of its places, got lstm"):
        anatomy(sample._replace(cell=rc.LSTM._replace(graph=())).run())
