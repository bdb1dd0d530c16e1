"""The same weights give the same h, converted; every slip shows."""

import numpy as np
import pytest

import recurrent_core as rc
from recurrent_core.exchange import check as parity

CONVENTIONS = {
    f"{source}-{network}": convention
    for source, described in rc.SOURCES.items()
    for network, convention in described.networks.items()
}
INPUTS = np.random.default_rng(3).standard_normal((100, 3))
every = pytest.mark.parametrize("convention", CONVENTIONS.values(), ids=CONVENTIONS)


@every
def test_converted_weights_give_the_same_hidden_state(convention):
    found = parity.parity(convention, INPUTS, 8, seed=1)
    assert found.theirs.shape == found.converted.shape == found.unconverted.shape == (100, 8)
    assert found.error < 1e-13
    assert np.abs(found.theirs).max() > 0.5


@every
def test_each_slip_alone_and_all_together_do_not(convention):
    found = parity.parity(convention, INPUTS, 8, seed=1)
    assert tuple(found.slips) == parity.slips(convention)
    assert all(off > 0.05 for off in found.slips.values())
    if found.slips:
        assert found.miss > 0.05
    else:
        assert found.miss == found.error


def test_which_slips_apply():
    found = {name: set(parity.slips(convention)) for name, convention in CONVENTIONS.items()}
    assert found == {
        "cho-gru": {"sign", "turn"},
        "chung-gru": {"turn"},
        "pytorch-rnn": {"turn"},
        "pytorch-lstm": {"turn"},
        "pytorch-gru": {"sign", "turn", "reset"},
        "keras-rnn": set(),
        "keras-lstm": set(),
        "keras-gru": {"sign", "order", "reset"},
        "keras-gru_before": {"sign", "order"},
        "onnx-rnn": {"turn"},
        "onnx-lstm": {"order", "turn"},
        "onnx-lstm_peephole": {"order", "turn", "peepholes"},
        "onnx-gru": {"sign", "order", "turn"},
        "onnx-gru_after": {"sign", "order", "turn", "reset"},
    }


def test_a_slip_is_what_comes_of_arrays_taken_as_they_stand():
    """Keras's kernels split in our order r z n, by hand, with z as the share of the new."""
    convention = rc.SOURCES["keras"].networks["gru_before"]
    weights = parity.draw_weights(convention, 5, 3, 8)
    blocks = zip(*(np.split(weights[name], 3, axis=-1) for name in weights), strict=True)
    params = rc.GRU.Params(*(rc.Affine(*block) for block in blocks))
    by_hand = rc.run(rc.GRU, params, INPUTS[:, None]).vectors.h[:, 0]
    np.testing.assert_array_equal(parity.parity(convention, INPUTS, 8, 5).unconverted, by_hand)


@every
def test_weights_have_the_names_and_shapes_of_the_source(convention):
    weights = parity.draw_weights(convention, 0, 3, 8)
    assert {name: array.shape for name, array in weights.items()} == {
        p.name: p.shape(3, 8) for p in convention.parameters
    }
    assert sum(array.size for array in weights.values()) == convention.parameter_count(3, 8)


def test_weights_are_fixed_by_the_seed():
    convention = rc.SOURCES["pytorch"].networks["lstm"]
    first, again, other = (parity.draw_weights(convention, seed, 3, 8) for seed in (0, 0, 1))
    for name, array in first.items():
        np.testing.assert_array_equal(array, again[name])
    assert not np.array_equal(first["weight_hh_l0"], other["weight_hh_l0"])


@every
def test_inputs_too_large_for_a_float_do_not_warn(convention):
    found = parity.parity(convention, np.full((20, 3), 1e308), 8, seed=1)
    assert found.theirs.shape == (20, 8)
