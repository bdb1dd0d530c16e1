"""Laws that hold whatever the numbers are."""

import numpy as np
import pytest
from samples import difference, make_sample

import recurrent_core as rc


def joined(parts):
    return type(parts[0])(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


@pytest.mark.parametrize("cut", [1, 3, 6])
def test_a_run_cut_in_two_and_joined_is_one_run(either, cut):
    sample = make_sample(either)
    whole = sample.run()
    first = rc.run(either, sample.params, sample.inputs[:cut], sample.initial)
    second = rc.run(either, sample.params, sample.inputs[cut:], first.final)
    assert difference(joined([first.vectors, second.vectors]), whole.vectors) < 1e-14
    assert difference(second.final, whole.final) < 1e-14

    later = rc.backprop(second, sample.d_h[cut:], sample.d_final)
    earlier = rc.backprop(first, sample.d_h[:cut], later.initial)
    grads = sample.gradients()
    assert difference(joined([earlier.vectors, later.vectors]), grads.vectors) < 1e-13
    assert difference(rc.tree_map(np.add, earlier.params, later.params), grads.params) < 1e-13
    assert difference(earlier.initial, grads.initial) < 1e-13


def test_a_batch_of_two_is_two_batches_of_one(either, clamps):
    sample = make_sample(either)
    grads = sample.gradients(clamps)
    halves = []
    for k in (0, 1):
        one = sample._replace(
            inputs=sample.inputs[:, k : k + 1],
            initial=rc.tree_map(lambda a, k=k: a[k : k + 1], sample.initial),
            d_h=sample.d_h[:, k : k + 1],
            d_final=rc.tree_map(lambda a, k=k: a[k : k + 1], sample.d_final),
        )
        vectors = rc.tree_map(lambda a, k=k: a[:, k : k + 1], sample.run(clamps).vectors)
        assert difference(one.run(clamps).vectors, vectors) < 1e-14
        halves.append(one.gradients(clamps))
    assert difference(rc.tree_map(np.add, *(half.params for half in halves)), grads.params) < 1e-13
    assert difference(np.concatenate([half.inputs for half in halves], axis=1), grads.inputs) < 1e-13


def test_backprop_is_linear_in_the_loss(cell, clamps):
    sample = make_sample(cell)
    twice = sample._replace(d_h=2 * sample.d_h, d_final=rc.tree_map(lambda a: 2 * a, sample.d_final))
    doubled = rc.tree_map(lambda a: 2 * a, sample.gradients(clamps))
    rc.tree_map(np.testing.assert_array_equal, twice.gradients(clamps), doubled)


def test_the_past_does_not_see_the_future(cell):
    sample = make_sample(cell)
    inputs = sample.inputs.copy()
    inputs[4:] += 1
    changed = sample._replace(inputs=inputs).run()
    for before, after in zip(sample.run().vectors, changed.vectors, strict=True):
        np.testing.assert_array_equal(before[:4], after[:4])
        assert not np.array_equal(before[4:], after[4:])


def test_forget_1_and_input_0_keep_the_cell_state_exactly():
    """The constant error carousel: c to the last bit, and its gradient the same at every step."""
    sample = make_sample(rc.LSTM, steps=60, units=8)
    recording = sample.run([rc.Clamp("f", 1.0, 6), rc.Clamp("i", 0.0, 6), rc.Clamp("o", 1.0, 6)])
    assert (recording.vectors.c[6:] == recording.vectors.c[5]).all()
    grads = rc.backprop(recording, d_final=rc.LSTM.State(sample.d_final.h, None))
    assert grads.vectors.c[-1].all()
    assert (grads.vectors.c[5:-1] == grads.vectors.c[-1]).all()
    assert not grads.vectors.h[5:-1].any()


def test_update_0_keeps_the_hidden_state_exactly():
    sample = make_sample(rc.GRU, steps=60, units=8)
    recording = sample.run([rc.Clamp("z", 0.0, 6)])
    assert (recording.vectors.h[6:] == recording.vectors.h[5]).all()
    grads = rc.backprop(recording, d_final=sample.d_final)
    assert (grads.vectors.h[5:] == sample.d_final.h).all()


def test_update_1_replaces_the_hidden_state_exactly():
    vectors = make_sample(rc.GRU).run([rc.Clamp("z", 1.0)]).vectors
    np.testing.assert_array_equal(vectors.h, vectors.n)


def test_a_shut_input_gate_leaves_no_gradient_of_what_comes_in():
    """With f = 1, i = 0 and o = 1 for good, no input and no parameter matters to the final state."""
    sample = make_sample(rc.LSTM)
    recording = sample.run([rc.Clamp("i", 0.0), rc.Clamp("f", 1.0), rc.Clamp("o", 1.0)])
    grads = rc.backprop(recording, d_final=sample.d_final)
    assert not grads.inputs.any()
    assert not any(array.any() for affine in grads.params for array in affine)
