"""The same runs and gradients in PyTorch's autograd (fixtures/make_pytorch_fixtures.py), to 1e-9."""

import pytest
from pytorch_fixtures import Fixture
from samples import difference

import recurrent_core as rc

TOLERANCE = 1e-9


@pytest.mark.parametrize("kind", ["free", "clamped"])
def test_same_numbers_as_autograd(either, kind):
    fixture = Fixture(either, kind)
    clamps = fixture.clamps()
    assert {clamp.name for clamp in clamps} == (set(either.Vectors._fields) if kind == "clamped" else set())
    initial, d_final = (fixture.named(either.State, name) for name in ("initial", "d_final"))
    recording = rc.run(either, fixture.params(), fixture["inputs"], initial, clamps)
    grads = rc.backprop(recording, fixture["d_h"], d_final)
    assert difference(recording.vectors, fixture.named(either.Vectors, "vectors")) < TOLERANCE
    assert difference(grads.vectors, fixture.named(either.Vectors, "grads.vectors")) < TOLERANCE
    assert difference(grads.params, fixture.params("grads.")) < TOLERANCE
    assert difference(grads.inputs, fixture["grads.inputs"]) < TOLERANCE
    assert difference(grads.initial, fixture.named(either.State, "grads.initial")) < TOLERANCE


@pytest.mark.parametrize("name", ["rnn", "lstm"])
def test_same_numbers_as_the_modules(name):
    """nn.RNN and nn.LSTM with one of their two biases 0."""
    cell = rc.CELLS[name]
    fixture = Fixture(cell, "free")
    initial, d_final = (fixture.named(cell.State, part) for part in ("initial", "d_final"))
    recording = rc.run(cell, fixture.params(), fixture["inputs"], initial)
    grads = rc.backprop(recording, fixture["d_h"], d_final)
    assert difference(recording.vectors.h, fixture["module.h"]) < TOLERANCE
    assert difference(recording.final, fixture.named(cell.State, "module.final")) < TOLERANCE
    assert difference(grads.params, fixture.params("module.grads.")) < TOLERANCE
    assert difference(grads.inputs, fixture["module.grads.inputs"]) < TOLERANCE
