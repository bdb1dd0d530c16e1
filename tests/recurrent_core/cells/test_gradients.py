"""Every derivative of every cell against finite differences in float64."""

from typing import Any, NamedTuple

import numpy as np
import pytest
from samples import difference, leaves, make_sample

import recurrent_core as rc

EPSILON = 1e-5
TOLERANCE = 1e-6


class Given(NamedTuple):
    """What a run is a function of."""

    params: Any
    inputs: np.ndarray
    initial: Any


def central(array, loss):
    """Derivative of loss(another array) by each number of `array`, by central differences."""
    result = np.empty_like(array)
    for place in np.ndindex(array.shape):
        ends = []
        for sign in (1, -1):
            moved = array.copy()
            moved[place] += sign * EPSILON
            ends.append(loss(moved))
        result[place] = (ends[0] - ends[1]) / (2 * EPSILON)
    return result


def test_params(either, clamps):
    sample = make_sample(either)
    grads = sample.gradients(clamps)
    for gate in either.gates:
        affine = getattr(sample.params, gate)
        for part in affine._fields:

            def loss(array, gate=gate, part=part, affine=affine):
                params = sample.params._replace(**{gate: affine._replace(**{part: array})})
                return sample._replace(params=params).loss(clamps)

            expected = central(getattr(affine, part), loss)
            assert difference(getattr(getattr(grads.params, gate), part), expected) < TOLERANCE, (gate, part)


def test_inputs(either, clamps):
    sample = make_sample(either)
    expected = central(sample.inputs, lambda array: sample._replace(inputs=array).loss(clamps))
    assert difference(sample.gradients(clamps).inputs, expected) < TOLERANCE


def test_initial_state(either, clamps):
    sample = make_sample(either)
    grads = sample.gradients(clamps)
    for name, array in sample.initial._asdict().items():

        def loss(moved, name=name):
            return sample._replace(initial=sample.initial._replace(**{name: moved})).loss(clamps)

        assert difference(getattr(grads.initial, name), central(array, loss)) < TOLERANCE


def test_every_vector_at_every_step_is_the_derivative_by_a_clamp_there(either, clamps):
    sample = make_sample(either, batch=1)
    grads, vectors = sample.gradients(clamps), sample.run(clamps).vectors
    for name in either.Vectors._fields:
        expected = np.empty_like(getattr(vectors, name))
        for t, _, unit in np.ndindex(expected.shape):
            value = getattr(vectors, name)[t, 0, unit]
            up, down = (
                sample.loss((*clamps, rc.Clamp(name, value + move, t, t + 1, unit)))
                for move in (EPSILON, -EPSILON)
            )
            expected[t, 0, unit] = (up - down) / (2 * EPSILON)
        assert difference(getattr(grads.vectors, name), expected) < TOLERANCE, name


@pytest.mark.parametrize("seed", range(5))
def test_whole_gradient_along_random_directions(cell, seed):
    """One random direction checks all parts at once, here in a run of a realistic size."""
    sample = make_sample(cell, steps=40, batch=3, units=16, input_size=4, seed=seed)
    grads = sample.gradients()
    rng = np.random.default_rng(seed + 100)
    given = Given(sample.params, sample.inputs, sample.initial)
    direction = rc.tree_map(lambda array: rng.standard_normal(array.shape), given)

    def loss(step):
        return sample._replace(**rc.tree_map(lambda a, d: a + step * d, given, direction)._asdict()).loss()

    slope = sum(np.sum(g * d) for g, d in zip(leaves(Given(*grads[1:])), leaves(direction), strict=True))
    assert (loss(1e-6) - loss(-1e-6)) / 2e-6 == pytest.approx(slope, rel=1e-5)
