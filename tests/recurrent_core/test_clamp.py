"""A clamp holds what it says, where it says, and nothing flows through it."""

import numpy as np
import pytest
from samples import clamps_of, difference, leaves, make_sample

import recurrent_core as rc


def test_held_places_hold_and_no_other_vector_of_the_step_before_moves(either):
    sample = make_sample(either, steps=9, units=4)
    free = sample.run()
    for name in either.Vectors._fields:
        held = sample.run([rc.Clamp(name, 0.3, 3, 6, 2)])
        vector = getattr(held.vectors, name)
        assert (vector[3:6, :, 2] == 0.3).all()
        assert not (vector[3:6, :, [0, 1, 3]] == 0.3).any()
        for before, after in zip(free.vectors, held.vectors, strict=True):
            np.testing.assert_array_equal(before[:3], after[:3])
        assert not np.array_equal(free.vectors.h[3:], held.vectors.h[3:])


@pytest.mark.parametrize(
    ("start", "stop", "steps"),
    [
        (0, None, range(9)),
        (None, None, range(9)),
        (3, 6, range(3, 6)),
        (-2, None, [7, 8]),
        (0, -2, range(7)),
        (7, 99, [7, 8]),
        (9, None, []),
        (5, 5, []),
    ],
)
def test_steps_are_python_slices(start, stop, steps):
    h = make_sample(rc.RNN, steps=9).run([rc.Clamp("h", 0.3, start, stop)]).vectors.h
    assert np.flatnonzero((h == 0.3).all(axis=(1, 2))).tolist() == list(steps)


def test_units_may_be_counted_from_the_end():
    h = make_sample(rc.RNN, units=4).run([rc.Clamp("h", 0.3, unit=-1)]).vectors.h
    assert (h[..., 3] == 0.3).all() and not (h[..., :3] == 0.3).any()


def test_the_later_clamp_wins(either):
    clamps = [rc.Clamp("h", 0.1), rc.Clamp("h", 0.2, 2, 5), rc.Clamp("h", 0.3, 4, 6, 1)]
    h = make_sample(either).run(clamps).vectors.h
    assert h[:, 0, 0].tolist() == [0.1, 0.1, 0.2, 0.2, 0.2, 0.1, 0.1]
    assert h[:, 0, 1].tolist() == [0.1, 0.1, 0.2, 0.2, 0.3, 0.3, 0.1]


def test_a_clamp_at_the_value_that_is_there_changes_no_number(either):
    """It cuts the gradient all the same."""
    sample = make_sample(either, batch=1)
    free = sample.run()
    for name in either.Vectors._fields:
        value = getattr(free.vectors, name)[3, 0, 1]
        held = sample.run([rc.Clamp(name, value, 3, 4, 1)])
        rc.tree_map(np.testing.assert_array_equal, held.vectors, free.vectors)
        assert difference(sample.gradients(held.clamps).inputs, sample.gradients().inputs) > 1e-4


def test_no_gradient_passes_a_wall_of_clamped_states(either):
    sample = make_sample(either)
    wall = [rc.Clamp(name, 0.2, 3, 4) for name in either.State._fields]
    grads = rc.backprop(sample.run(wall), d_final=sample.d_final)
    assert not grads.inputs[:4].any() and not any(array.any() for array in grads.initial)
    assert all(getattr(grads.vectors, name)[3].any() for name in either.State._fields)


def test_a_clamp_of_every_vector_at_every_step_leaves_no_gradient_of_parameters(either):
    sample = make_sample(either)
    all_held = [rc.Clamp(name, 0.2) for name in either.Vectors._fields]
    grads = sample.gradients(all_held)
    assert not any(array.any() for array in leaves(grads.params))
    assert not grads.inputs.any()


def test_final_state_is_the_held_one(either):
    sample = make_sample(either)
    final = sample.run([rc.Clamp(name, 0.2, -1) for name in either.State._fields]).final
    assert all((array == 0.2).all() for array in final)


def test_clamps_are_kept_in_the_recording(cell):
    clamps = clamps_of(cell)
    assert make_sample(cell).run(list(clamps)).clamps == clamps
