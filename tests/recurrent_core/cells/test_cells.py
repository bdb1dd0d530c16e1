"""What each cell is: its names in words, its fresh parameters, its draws."""

import numpy as np
import pytest
from samples import TABLE

import recurrent_core as rc

LABELS = {
    "rnn": {"h": "hidden state"},
    "lstm": {
        "i": "input gate",
        "f": "forget gate",
        "g": "candidate",
        "o": "output gate",
        "c": "cell state",
        "h": "hidden state",
    },
    "gru": {"r": "reset gate", "z": "update gate", "n": "candidate hidden state", "h": "hidden state"},
    "mgu": {"z": "update gate", "n": "candidate hidden state", "h": "hidden state"},
}
LABELS |= {"gru_after": LABELS["gru"], "lstm_peephole": LABELS["lstm"]}


def init(cell, seed=0, input_size=3, units=8, **settings):
    return cell.init(np.random.default_rng(seed), input_size, units, **settings)


def same(a, b):
    return all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))


def test_names_and_words(cell):
    assert TABLE[cell.name] is cell
    assert {quantity.name: quantity.label for quantity in cell.quantities} == LABELS[cell.name]
    assert tuple(quantity.name for quantity in cell.quantities) == cell.Vectors._fields
    for quantity in cell.quantities:
        assert (quantity.low, quantity.high) == ((0, 1) if "gate" in quantity.label else (-1, 1))
    assert set(cell.State._fields) <= set(cell.Vectors._fields)
    assert cell.memory in cell.State._fields and "h" in cell.State._fields
    assert cell.gates == cell.Params._fields


def test_recorded_vectors_stay_in_the_ranges_of_their_equations(cell):
    params = init(cell, gain=3.0)
    inputs = 5 * np.random.default_rng(1).standard_normal((100, 2, 3))
    recording = rc.run(cell, params, inputs)
    for quantity in cell.quantities:
        vector = getattr(recording.vectors, quantity.name)
        assert not quantity.bounded or (vector.min() >= quantity.low and vector.max() <= quantity.high)


def test_shapes_of_fresh_parameters(cell):
    for affine in init(cell, input_size=3, units=8):
        W, U, *vectors = affine
        assert (W.shape, U.shape, affine.b.shape) == ((3, 8), (8, 8), (8,))
        assert all(vector.shape == (8,) and not vector.any() for vector in vectors)


@pytest.mark.parametrize(("name", "one", "gates"), [("rnn", 620, 1), ("gru", 1860, 3), ("lstm", 2480, 4)])
def test_numbers_of_parameters(name, one, gates):
    """Keras counts, with its GRU resetting before the product: input 10, units 20, one bias per gate."""
    params = init(rc.CELLS[name], input_size=10, units=20)
    assert len(params) == gates
    assert sum(array.size for affine in params for array in affine) == one


def test_input_weights_are_glorot_uniform(cell):
    W = init(cell, input_size=200, units=100)[0].W
    bound = np.sqrt(6 / 300)
    assert np.abs(W).max() <= bound
    assert np.abs(W).max() > 0.99 * bound
    assert W.std() == pytest.approx(bound / np.sqrt(3), rel=0.02)


@pytest.mark.parametrize("gain", [0.0, 0.8, 3.0])
def test_orthogonal_recurrent_weights(cell, gain):
    for affine in init(cell, units=16, gain=gain):
        np.testing.assert_allclose(affine.U @ affine.U.T, gain**2 * np.eye(16), atol=1e-13)


def test_orthogonal_weights_take_both_determinants_and_signs():
    """A QR without the signs of R's diagonal would favour one corner of the group."""
    corners = [init(rc.RNN, seed, units=3).h.U for seed in range(300)]
    assert 0.4 < np.mean([np.linalg.det(U) > 0 for U in corners]) < 0.6
    assert np.abs(np.mean(corners, axis=0)).max() < 0.15


def test_gaussian_recurrent_weights(cell):
    U = init(cell, units=100, gain=2.0, recurrent="gaussian")[0].U
    assert U.std() == pytest.approx(2.0 / np.sqrt(100), rel=0.03)
    assert not np.allclose(U @ U.T, 4 * np.eye(100), atol=0.5)


def test_same_seed_same_draw_and_another_seed_another(cell):
    first, again, another = init(cell), init(cell), init(cell, seed=1)
    for a, b, c in zip(first, again, another, strict=True):
        assert same(a, b)
        assert not np.array_equal(a.W, c.W) and not np.array_equal(a.U, c.U)


def test_no_matrix_is_drawn_twice(cell):
    matrices = [np.round(m, 12).tobytes() for affine in init(cell, input_size=8) for m in affine[:2]]
    assert len(set(matrices)) == 2 * len(cell.gates)


def test_settings_do_not_change_draws(cell):
    """Biases change no matrix, gain scales U alone, the kind of U leaves W, the input size leaves U."""
    plain = init(cell)
    gate = cell.gates[0]
    biased = init(cell, biases={gate: 3.0})
    scaled = init(cell, gain=2.0)
    gaussian = init(cell, recurrent="gaussian")
    wider = init(cell, input_size=9)
    for k in range(len(plain)):
        assert same(plain[k][:2], biased[k][:2])
        assert np.array_equal(plain[k].W, scaled[k].W) and np.array_equal(2.0 * plain[k].U, scaled[k].U)
        assert np.array_equal(plain[k].W, gaussian[k].W)
        assert np.array_equal(plain[k].U, wider[k].U)


def test_biases_as_numbers_and_arrays(cell):
    first, last = cell.gates[0], cell.gates[-1]
    each = np.linspace(-1, 1, 8)
    params = init(cell, biases={first: 3.0, last: each})
    assert last == first or (getattr(params, first).b == 3.0).all()
    assert np.array_equal(getattr(params, last).b, each)
    assert getattr(params, last).b is not each


def test_init_says_what_it_expected_and_what_came(cell):
    with pytest.raises(ValueError, match=f"expected biases of {', '.join(cell.gates)}, got q"):
        init(cell, biases={"q": 1.0})
    with pytest.raises(ValueError, match=r"with shape \(8,\), got \(3,\)"):
        init(cell, biases={cell.gates[0]: np.ones(3)})
    with pytest.raises(ValueError, match="orthogonal or gaussian, got 'sparse'"):
        init(cell, recurrent="sparse")
