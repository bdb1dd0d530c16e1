"""What run and backprop give and refuse; both ways of driving a cell agree; nothing warns at any setting."""

import pickle

import numpy as np
import pytest
from samples import clamps_of, difference, leaves, make_sample

import recurrent_core as rc
from recurrent_core.learn.snapshots import shipped


def test_shapes_and_types(either):
    sample = make_sample(either, steps=5, batch=2, units=3, input_size=4)
    recording, grads = sample.run(), sample.gradients()
    assert type(recording.vectors) is type(grads.vectors) is either.Vectors
    assert type(recording.initial) is type(recording.final) is type(grads.initial) is either.State
    assert type(grads.params) is either.Params
    assert {array.shape for array in (*recording.vectors, *grads.vectors)} == {(5, 2, 3)}
    assert {array.shape for array in (*recording.initial, *recording.final, *grads.initial)} == {(2, 3)}
    assert {array.shape for array in recording.states} == {(6, 2, 3)}
    assert grads.inputs.shape == (5, 2, 4)
    assert [a.shape for a in leaves(grads.params)] == [a.shape for a in leaves(sample.params)]


def test_what_is_recorded_is_said_in_one_line():
    sample = make_sample(rc.LSTM, steps=50, batch=1, units=8, input_size=3)
    held = (rc.Clamp("f", 1.0), rc.Clamp("h", 0.0, 3, 4))
    recording = sample.run(held)
    assert repr(recording) == "Recording(LSTM, 50 steps x 1 x 8 units, 3 inputs, 2 clamps)"
    said = "Gradients(Vectors(i, f, g, o, c, h) (50, 1, 8), Params(i, f, g, o), 3 inputs)"
    assert repr(rc.backprop(recording, np.ones((50, 1, 8)))) == said
    assert repr(rc.LSTM) == "Cell(LSTM)"
    simulation = rc.simulate(rc.PRESETS["notebook"])
    assert repr(simulation) == f"Simulation({simulation.recording!r})"
    assert repr(simulation.signal) == "Signal(60 steps x 4 channels)"
    assert repr(rc.parse_table("a,b\n1,2\n3,4")) == "Table(2 rows x 2 columns)"
    kept = shipped("adding")
    assert repr(kept) == "Snapshots(rnn, lstm, gru)"
    assert max(len(repr(history)) for history in kept.networks.values()) < 80


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_type_of_the_inputs_is_the_type_of_everything(either, clamps, dtype):
    sample = make_sample(either)._replace(inputs=make_sample(either).inputs.astype(dtype))
    recording, grads = sample.run(clamps), sample.gradients(clamps)
    trees = (recording.vectors, recording.final, recording.params, *grads)
    assert {array.dtype for tree in trees for array in leaves(tree)} == {np.dtype(dtype)}


def test_float32_is_close_to_float64(cell, clamps):
    single, double = make_sample(cell, dtype=np.float32), make_sample(cell)
    assert difference(single.run(clamps).vectors, double.run(clamps).vectors) < 1e-5
    assert difference(single.gradients(clamps), double.gradients(clamps)) < 1e-4


@pytest.mark.parametrize(("steps", "batch", "units"), [(1, 1, 1), (7, 2, 3), (60, 3, 16), (3, 20, 400)])
def test_fast_and_plain_give_the_same_numbers(cell, clamps, steps, batch, units):
    clamps = [c for c in clamps if c.unit is None or c.unit < units]
    fast = make_sample(cell, steps=steps, batch=batch, units=units)
    plain = fast._replace(cell=cell._replace(fast=None))
    assert difference(fast.run(clamps).vectors, plain.run(clamps).vectors) < 1e-12
    assert difference(fast.run(clamps).final, plain.run(clamps).final) < 1e-12
    assert difference(fast.gradients(clamps), plain.gradients(clamps)) < 1e-11


def test_one_step_is_the_public_step(cell):
    sample = make_sample(cell, steps=1)
    vectors = cell.step(sample.params, sample.initial, sample.inputs[0])
    assert difference(cell.Vectors(*(v[0] for v in sample.run().vectors)), vectors) < 1e-14


def test_backprop_may_be_repeated(either, clamps):
    sample = make_sample(either)
    recording = sample.run(clamps)
    before = rc.tree_map(np.copy, recording.vectors)
    first, second = (rc.backprop(recording, sample.d_h, sample.d_final) for _ in range(2))
    rc.tree_map(np.testing.assert_array_equal, first, second)
    rc.tree_map(np.testing.assert_array_equal, recording.vectors, before)


def test_arguments_are_left_alone(either, clamps):
    sample = make_sample(either)
    before = pickle.dumps(sample[1:])
    sample.gradients(clamps)
    assert pickle.dumps(sample[1:]) == before


def test_a_recording_survives_pickling(cell, clamps):
    sample = make_sample(cell)
    recording = pickle.loads(pickle.dumps(sample.run(clamps)))
    rc.tree_map(
        np.testing.assert_array_equal,
        rc.backprop(recording, sample.d_h, sample.d_final),
        sample.gradients(clamps),
    )


def test_derivatives_by_h_and_by_the_final_state_add(cell):
    sample = make_sample(cell)
    recording = sample.run()
    at_last = np.zeros_like(sample.d_h)
    at_last[-1] = sample.d_final.h
    nothing_else = cell.State(*(None for _ in sample.d_final))
    by_h = rc.backprop(recording, d_h=at_last)
    by_final = rc.backprop(recording, d_final=nothing_else._replace(h=sample.d_final.h))
    rc.tree_map(np.testing.assert_array_equal, by_h, by_final)
    both = sample.gradients().inputs
    parts = rc.backprop(recording, sample.d_h).inputs + rc.backprop(recording, d_final=sample.d_final).inputs
    np.testing.assert_allclose(both, parts, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("bias", [0.0, 700.0, -700.0])
def test_no_warning_and_no_nan_at_extreme_settings(either, bias, dtype):
    """With inputs that are nothing and enormous, each a sequence of a batch."""
    params = either.init(np.random.default_rng(0), 1, 4, dict.fromkeys(either.gates, bias), gain=3.0)
    inputs = np.broadcast_to(np.array([[0.0], [1e6], [-1e6]], dtype), (500, 3, 1))
    recording = rc.run(either, params, inputs)
    grads = rc.backprop(recording, np.ones((500, 3, 4)))
    assert all(np.isfinite(array).all() for array in recording.vectors)
    assert bias == 0 or all(np.isfinite(array).all() for array in leaves(grads))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_an_exploding_gradient_is_an_infinity_with_a_step(dtype):
    """At rest the slope of tanh is 1, so each step multiplies the gradient by 10 times an orthogonal U."""
    params = rc.RNN.init(np.random.default_rng(0), 1, 4, gain=10.0)
    inputs = np.zeros((500, 1, 1), dtype)
    ones = rc.RNN.State(np.ones((1, 4)))
    for cell in (rc.RNN, rc.RNN._replace(fast=None)):
        grads = rc.backprop(rc.run(cell, params, inputs), d_final=ones)
        back = 499 - rc.last_nonfinite(grads.vectors.h)
        assert back == pytest.approx(np.log10(np.finfo(dtype).max), abs=2)
        clamped = rc.run(cell, params, inputs, clamps=[rc.Clamp("h", 0.0, 50, 51)])
        grads = rc.backprop(clamped, d_final=ones)
        assert not np.isfinite(grads.vectors.h[50]).any()
        assert not grads.vectors.h[:50].any() and not grads.initial.h.any()


def test_numbers_too_large_for_float32_become_infinities():
    params = rc.RNN.init(np.random.default_rng(0), 1, 4)
    params = params._replace(h=params.h._replace(b=np.full(4, 1e300)))
    recording = rc.run(rc.RNN, params, np.zeros((3, 1, 1), np.float32))
    assert np.isinf(recording.params.h.b).all() and (recording.vectors.h == 1).all()


INPUTS = np.zeros((4, 2, 3))
PARAMS = rc.LSTM.init(np.random.default_rng(0), 3, 5)
SMALL = np.zeros((2, 4))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"inputs": np.zeros((4, 3))}, r"expected inputs \(time, batch, input\), .* got \(4, 3\)"),
        ({"inputs": np.zeros((0, 2, 3))}, r"at least one of each, got \(0, 2, 3\)"),
        ({"inputs": np.zeros((4, 0, 3))}, r"at least one of each, got \(4, 0, 3\)"),
        ({"inputs": np.zeros((4, 2, 6))}, r"expected i.W with shape \(6, 5\), got \(3, 5\)"),
        ({"inputs": INPUTS + 1j}, "expected inputs as real numbers, got an array of complex128"),
        ({"inputs": [[["a"]]]}, "expected inputs as real numbers"),
        (
            {"params": rc.RNN.init(np.random.default_rng(0), 3, 5)},
            r"expected params with an Affine for each of i, f, g, o, got Params\(h\)$",
        ),
        ({"params": PARAMS._replace(g=PARAMS.g.W)}, "expected params with an Affine"),
        (
            {"params": PARAMS._replace(f=PARAMS.f._replace(U=SMALL))},
            r"expected f.U with shape \(5, 5\), got \(2, 4\)",
        ),
        ({"initial": SMALL}, r"expected initial as a State of h, c, got array \(2, 4\)$"),
        ({"params": list(range(999))}, r"got \[0, 1, 2, .{69}…$"),
        ({"initial": rc.LSTM.State(None, SMALL)}, r"expected initial.c with shape \(2, 5\), got \(2, 4\)"),
        ({"clamps": [rc.Clamp("z", 1.0)]}, "expected a clamp of i, f, g, o, c, h, got 'z'"),
        ({"clamps": [rc.Clamp("f", 1.0, unit=5)]}, "expected a clamp of one of 5 units, got unit 5"),
        ({"clamps": [rc.Clamp("f", 1.0, unit=-6)]}, "expected a clamp of one of 5 units, got unit -6"),
        ({"clamps": [rc.Clamp("f", np.nan)]}, "expected a finite number for the clamp of f, got nan"),
        ({"clamps": [rc.Clamp("f", "1")]}, "expected a finite number for the clamp of f, got '1'"),
        ({"clamps": [rc.Clamp("f", 1.0, start=0.5)]}, "expected whole numbers or None for the clamp of f"),
        ({"clamps": rc.Clamp("f", 1.0)}, "expected a sequence of clamps"),
    ],
)
def test_run_says_what_it_expected_and_what_came(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        rc.run(**{"cell": rc.LSTM, "params": PARAMS, "inputs": INPUTS, **arguments})


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({}, "expected the loss's derivative .* got neither"),
        ({"d_h": np.zeros((2, 5))}, r"expected d_h with shape \(4, 2, 5\), got \(2, 5\)"),
        ({"d_final": SMALL}, "expected d_final as a State of h, c"),
        ({"d_final": rc.LSTM.State(SMALL, None)}, r"expected d_final.h with shape \(2, 5\), got \(2, 4\)"),
    ],
)
def test_backprop_says_what_it_expected_and_what_came(arguments, sentence):
    recording = rc.run(rc.LSTM, PARAMS, INPUTS)
    with pytest.raises(ValueError, match=sentence):
        rc.backprop(recording, **arguments)


def test_clamps_may_be_plain_tuples(cell):
    sample = make_sample(cell)
    clamps = clamps_of(cell)
    rc.tree_map(
        np.testing.assert_array_equal,
        sample.run([tuple(clamp) for clamp in clamps]).vectors,
        sample.run(clamps).vectors,
    )
