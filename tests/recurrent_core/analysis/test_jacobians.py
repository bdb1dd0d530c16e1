"""Jacobians of the state: against differences, autograd, and what backpropagation carries."""

import numpy as np
import pytest
from pytorch_fixtures import FIXTURES, Fixture
from samples import clamps_of, difference, make_sample

import recurrent_core as rc
from recurrent_core.analysis import jacobians
from recurrent_core.analysis.products import jacobian_products
from recurrent_core.clamp import lay_out


def flat(state):
    """A State (batch, unit) as (batch, state)."""
    return np.concatenate(state, axis=-1)


def row(recording, t, batch):
    return rc.tree_map(lambda rows: rows[t, batch : batch + 1], recording.states)


def shifted(clamps, t, steps):
    """Clamps of a run of `steps`, as they hold in its step t alone."""
    found = []
    for name, value, start, stop, unit in clamps:
        places = np.zeros(steps, dtype=bool)
        places[start:stop] = True
        if places[t]:
            found.append(rc.Clamp(name, value, 0, 1, unit))
    return tuple(found)


def test_jacobians_are_finite_differences_of_single_steps(cell, clamps):
    sample = make_sample(cell)
    recording = sample.run(clamps)
    for batch in range(2):
        ours = jacobians.state_jacobians(recording, batch)
        expected = np.empty_like(ours)
        for t in range(len(ours)):
            before, held = row(recording, t, batch), shifted(clamps, t, len(ours))
            for place in range(ours.shape[-1]):
                ends = []
                for sign in (1, -1):
                    moved = rc.tree_map(np.copy, before)
                    moved[place // 3][0, place % 3] += sign * 1e-5
                    x = recording.inputs[t : t + 1, batch : batch + 1]
                    ends.append(flat(rc.run(cell, sample.params, x, moved, held).final)[0])
                expected[t, :, place] = (ends[0] - ends[1]) / 2e-5
        assert difference(ours, expected) < 1e-6


@pytest.mark.parametrize("kind", ["free", "clamped"])
def test_jacobians_are_those_of_autograd(cell, kind):
    fixture = Fixture(cell, kind)
    with np.load(FIXTURES / f"jacobians_{cell.name}_{kind}.npz", allow_pickle=False) as arrays:
        expected, last_by_first = arrays["jacobians"], arrays["last_by_first"]
    initial = fixture.named(cell.State, "initial")
    recording = rc.run(cell, fixture.params(), fixture["inputs"], initial, fixture.clamps())
    for batch in range(expected.shape[1]):
        ours = jacobians.state_jacobians(recording, batch)
        assert difference(ours, expected[:, batch]) < 1e-9
        assert difference(np.linalg.multi_dot(ours[::-1]), last_by_first[batch]) < 1e-9


@pytest.mark.parametrize("name", rc.CELLS)
def test_closed_forms_are_the_generic_path(name, monkeypatch):
    """Also across the borders of what goes back at once."""
    cell = rc.CELLS[name]
    assert cell.step in jacobians._CLOSED
    for clamps in ((), clamps_of(cell)):
        sample = make_sample(cell, steps=11, units=5)
        recording = sample.run(clamps)
        held = lay_out(recording.clamps, 11, 5, np.dtype(float))
        monkeypatch.setattr(jacobians, "NUMBERS_AT_ONCE", 150)
        generic = jacobians.by_step_back(recording, held, 1)
        assert difference(jacobians.derivatives(recording, 1), generic) < 1e-14


def test_a_held_state_has_no_row(cell):
    recording = make_sample(cell).run([rc.Clamp("h", 0.3, 2, 4, 1)])
    ours = jacobians.state_jacobians(recording)
    assert not ours[2:4, 1].any()
    assert ours[1, 1].any() and ours[4, 1].any() and ours[2, 0].any()


def test_float32_stays_float32(cell):
    exact = make_sample(cell)
    single = make_sample(cell, dtype=np.float32)
    ours = jacobians.state_jacobians(single.run())
    assert ours.dtype == np.float32
    assert difference(ours, jacobians.state_jacobians(exact.run())) < 1e-5
    found = jacobian_products(ours)
    assert found.log10.dtype == np.float64
    expected = jacobian_products(ours.astype(float))
    np.testing.assert_array_equal(found.log10, expected.log10)


def test_jacobians_carry_a_gradient_as_backprop_does(cell, clamps):
    """J^T times dL/d(new state) is dL/d(old state), over one step and over all."""
    sample = make_sample(cell, steps=20, units=6)
    recording = sample.run(clamps)
    for batch in range(2):
        ours = jacobians.state_jacobians(recording, batch)
        carried = flat(sample.d_final)[batch]
        for jacobian in ours[::-1]:
            carried = jacobian.T @ carried
        expected = flat(rc.backprop(recording, d_final=sample.d_final).initial)[batch]
        assert difference(carried, expected) < 1e-12


def test_the_total_is_what_backprop_propagates(cell, clamps):
    """The total derivative by a memory held within the last step's loss: dL/dm_T = v at m_T alone."""
    sample = make_sample(cell, steps=15, units=4, batch=1)
    recording = sample.run(clamps)
    by_state, by_memory = jacobians.derivatives(recording)
    entering = flat(sample.d_final)[0]
    grads = rc.backprop(recording, d_final=sample.d_final)
    for t in range(14, -1, -1):
        expected = getattr(grads.vectors, cell.memory)[t, 0]
        assert difference(by_memory[t].T @ entering, expected) < 1e-12
        entering = by_state[t].T @ entering
