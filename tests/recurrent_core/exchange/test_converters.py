"""Weights of PyTorch, Keras and the papers, converted, give the numbers that their sources give."""

from pathlib import Path

import numpy as np
import pytest
from samples import difference, make_sample

import recurrent_core as rc
from recurrent_core.exchange import converters

FIXTURES = Path(__file__).parents[1] / "fixtures"
TORCH = {"rnn": "rnn", "lstm": "lstm", "gru": "gru_after"}
CONVENTIONS = {
    f"{source}-{network}": convention
    for source, described in rc.SOURCES.items()
    for network, convention in described.networks.items()
}


def arrays_of(file, prefix):
    """The arrays of a fixture whose names begin with a prefix, without it."""
    with np.load(FIXTURES / file, allow_pickle=False) as arrays:
        return {name.removeprefix(prefix): arrays[name] for name in arrays if name.startswith(prefix)}


def state(cell, arrays, row=None):
    """The initial state of a fixture; of a module with several layers and directions, one row of it."""
    found = cell.State(*(arrays[f"initial.{letter}"] for letter in cell.State._fields))
    return found if row is None else rc.tree_map(lambda array: array[row], found)


def under(arrays, prefix):
    return {n.removeprefix(prefix): a for n, a in arrays.items() if n.startswith(prefix)}


def same(a, b):
    rc.tree_map(np.testing.assert_array_equal, a, b)


@pytest.fixture(params=TORCH)
def network(request):
    return request.param


# The sign of z


@pytest.mark.parametrize("name", ["gru", "gru_after"])
def test_cho_is_chung_with_the_update_gate_negated(name):
    ours = make_sample(rc.ALL_CELLS[name])
    theirs = ours._replace(params=rc.negate_update(ours.params)).run().vectors
    np.testing.assert_array_equal(rc.negate_update(ours.params).z.W, -ours.params.z.W)
    same(rc.negate_update(rc.negate_update(ours.params)), ours.params)
    assert difference(theirs.z[0], 1 - ours.run().vectors.z[0]) < 3e-16
    assert np.abs(theirs.h - ours.run().vectors.h).max() > 0.1


def test_only_an_update_gate_is_negated():
    with pytest.raises(ValueError, match="expected parameters with an update gate z, got Params"):
        rc.negate_update(make_sample(rc.LSTM).params)


# PyTorch


def test_torch_single_layer_with_gradients(network):
    arrays = arrays_of("torch_modules.npz", f"{network}.one.")
    weights = under(arrays, "weights.")
    cell, params = rc.from_torch(weights)
    assert cell is rc.ALL_CELLS[TORCH[network]]
    recording = rc.run(cell, params, arrays["inputs"], state(cell, arrays, 0))
    assert difference(recording.vectors.h, arrays["out"]) < 1e-9
    for letter in cell.State._fields:
        assert difference(getattr(recording.final, letter), arrays[f"final.{letter}"][0]) < 1e-9
    grads = rc.backprop(recording, arrays["d_out"])
    assert difference(grads.inputs, arrays["grads.inputs"]) < 1e-9
    theirs = rc.to_torch(cell, grads.params)  # gradients convert as the weights do, second biases aside
    for name in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0"):
        assert difference(theirs[name], arrays[f"grads.weights.{name}"]) < 1e-9


def test_torch_layers_and_directions(network):
    """Two layers, each both ways: the second reads the hidden states of the first, forward beside backward."""
    arrays = arrays_of("torch_modules.npz", f"{network}.stack.")
    weights, x = under(arrays, "weights."), arrays["inputs"]
    for layer in (0, 1):
        both = []
        for reverse in (False, True):
            cell, params = rc.from_torch(weights, layer, reverse)
            start = state(cell, arrays, 2 * layer + reverse)
            turn = slice(None, None, -1 if reverse else 1)
            both.append(rc.run(cell, params, x[turn], start).vectors.h[turn])
        x = np.concatenate(both, axis=-1)
    assert difference(x, arrays["out"]) < 1e-9


def test_torch_without_biases(network):
    arrays = arrays_of("torch_modules.npz", f"{network}.plain.")
    cell, params = rc.from_torch(under(arrays, "weights."))
    assert not any(vector.any() for affine in params for vector in affine[2:])
    h = rc.run(cell, params, arrays["inputs"], state(cell, arrays, 0)).vectors.h
    assert difference(h, arrays["out"]) < 1e-9


def test_back_to_torch(network):
    """Names, shapes and numbers of the module's own state_dict; two biases that add up are one and 0."""
    weights = under(arrays_of("torch_modules.npz", f"{network}.stack."), "weights.")
    back = {}
    for layer in (0, 1):
        for reverse in (False, True):
            back |= rc.to_torch(*rc.from_torch(weights, layer, reverse), layer, reverse)
    assert {name: a.shape for name, a in back.items()} == {name: a.shape for name, a in weights.items()}
    for name, array in back.items():
        if "weight" in name:
            np.testing.assert_array_equal(array, weights[name])
        elif "bias_ih" in name:
            other = name.replace("ih", "hh")
            kept = 8 if network == "gru" else None  # r and z; n keeps its biases apart
            np.testing.assert_allclose(
                array[:kept] + back[other][:kept], (weights[name] + weights[other])[:kept], rtol=1e-15
            )
            if network == "gru":
                np.testing.assert_array_equal(array[8:], weights[name][8:])
                np.testing.assert_array_equal(back[other][8:], weights[other][8:])


@pytest.mark.parametrize("name", converters.TORCH)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_to_torch_and_back_is_the_identity(name, dtype):
    sample = make_sample(rc.ALL_CELLS[name], dtype=dtype)
    weights = rc.to_torch(sample.cell, sample.params, layer=2, reverse=True, prefix="encoder.")
    assert "encoder.weight_ih_l2_reverse" in weights
    assert {array.dtype for array in weights.values()} == {np.dtype(dtype)}
    cell, params = rc.from_torch(weights, 2, True)
    assert cell is sample.cell
    same(params, sample.params)


class Tensor:
    """What NumPy refuses of a tensor that a gradient is wanted of, until it is detached and on the CPU."""

    def __init__(self, array, ready=()):
        self.array, self.ready = array, ready

    def detach(self):
        return Tensor(self.array, (*self.ready, "detached"))

    def cpu(self):
        return Tensor(self.array, (*self.ready, "here"))

    def __array__(self, dtype=None, copy=None):
        if set(self.ready) != {"detached", "here"}:
            raise RuntimeError("call detach and cpu first")
        return self.array


def torch_weights(**changed):
    weights = rc.to_torch(rc.LSTM, make_sample(rc.LSTM).params) | changed
    return {name: array for name, array in weights.items() if array is not None}


def test_tensors_are_detached_and_lists_are_read():
    weights = torch_weights()
    for values in (
        {name: Tensor(a) for name, a in weights.items()},
        {n: a.tolist() for n, a in weights.items()},
    ):
        same(rc.from_torch(values)[1], make_sample(rc.LSTM).params)


def test_parameters_are_copies():
    weights = torch_weights()
    params = rc.from_torch(weights)[1]
    before = rc.tree_map(np.copy, params)
    for array in weights.values():
        array += 1
    same(params, before)
    for convert in (rc.to_torch, rc.to_keras, rc.to_onnx):
        found = convert(rc.LSTM, params)
        for array in found.values() if isinstance(found, dict) else found:
            array += 1
        same(params, before)


def test_half_precision_becomes_float32_and_whole_numbers_float64():
    half = {name: array.astype(np.float16) for name, array in torch_weights().items()}
    assert {array.dtype for affine in rc.from_torch(half)[1] for array in affine} == {np.dtype(np.float32)}
    whole = {name: np.ones(array.shape, int) for name, array in torch_weights().items()}
    assert {array.dtype for affine in rc.from_torch(whole)[1] for array in affine} == {np.dtype(np.float64)}


def test_a_prefix_is_found_where_there_is_one_and_asked_for_where_there_are_two():
    one = {f"rnn.{name}": array for name, array in torch_weights().items()} | {"head.weight": np.ones(3)}
    same(rc.from_torch(one)[1], make_sample(rc.LSTM).params)
    two = one | {f"decoder.rnn.{name}": 2 * array for name, array in torch_weights().items()}
    doubled = rc.tree_map(lambda array: 2 * array, make_sample(rc.LSTM).params)
    for prefix in ("decoder.rnn", "decoder.rnn."):
        same(rc.from_torch(two, prefix=prefix)[1], doubled)
    with pytest.raises(ValueError, match=r"one of several layers, got None for 'rnn\.', 'decoder\.rnn\.'"):
        rc.from_torch(two)


def test_a_single_cell_has_names_without_a_layer():
    weights = {name.removesuffix("_l0"): array for name, array in torch_weights().items()}
    same(rc.from_torch(weights)[1], make_sample(rc.LSTM).params)


@pytest.mark.parametrize(
    ("weights", "settings", "sentence"),
    [
        ([1, 2], {}, "expected a state_dict of names and arrays, got list"),
        ({}, {}, "expected the name weight_ih_l0, got none"),
        ({"conv.weight": 1}, {"layer": 1}, "expected the name weight_ih_l1, got conv.weight"),
        (torch_weights(), {"reverse": True}, "expected the name weight_ih_l0_reverse, got weight_ih_l0, wei"),
        (torch_weights(), {"prefix": "encoder"}, "expected the name encoder.weight_ih_l0, got weight_ih_l0"),
        (torch_weights(weight_hh_l0=None), {}, "expected the name weight_hh_l0, got weight_ih_l0, bias_ih_l0"),
        (torch_weights(bias_hh_l0=None), {}, "expected the name bias_hh_l0, got weight_ih_l0"),
        (torch_weights(weight_hr_l0=np.ones((2, 3))), {}, r"without projection \(proj_size=0\), got weight_hr_l0"),
        (
            torch_weights(weight_ih_l0=np.ones((9, 2))),
            {},
            r"expected weight_ih_l0 \(g \* units, input\) and weight_hh_l0 \(g \* units, units\), g being "
            r"1 \(RNN\), 3 \(GRU\) or 4 \(LSTM\), got \(9, 2\) and \(12, 3\)",
        ),
        (
            torch_weights(weight_ih_l0=np.ones((6, 2)), weight_hh_l0=np.ones((6, 3))),
            {},
            r"got \(6, 2\) and \(6, 3\)",
        ),
        (torch_weights(weight_hh_l0=np.ones(12)), {}, r"got \(12, 2\) and \(12,\)"),
        (torch_weights(weight_hh_l0=np.ones((12, 0))), {}, r"got \(12, 2\) and \(12, 0\)"),
        (torch_weights(bias_ih_l0=np.ones(3)), {}, r"expected bias_ih_l0 with shape \(12,\), got \(3,\)"),
        (torch_weights(bias_ih_l0=["a"] * 12), {}, "expected bias_ih_l0 as real numbers, got an array of <U1"),
        (torch_weights(bias_ih_l0=[[1], [1, 2]]), {}, "expected bias_ih_l0 as an array, got list"),
        (torch_weights(bias_ih_l0=np.ones(12) + 1j), {}, "as real numbers, got an array of complex128"),
    ],
)  # fmt: skip
def test_from_torch_says_what_it_expected_and_what_came(weights, settings, sentence):
    with pytest.raises(ValueError, match=sentence):
        rc.from_torch(weights, **settings)


@pytest.mark.parametrize(
    ("convert", "name", "sentence"),
    [
        (rc.to_torch, "gru", "expected rnn or lstm or gru_after for PyTorch, got gru"),
        (rc.to_torch, "lstm_peephole", "for PyTorch, got lstm_peephole"),
        (
            rc.to_keras,
            "lstm_peephole",
            "expected rnn or lstm or gru or gru_after for Keras, got lstm_peephole",
        ),
        (rc.to_onnx, "mgu", "for ONNX, got mgu"),
    ],
)
def test_cells_that_a_library_does_not_have(convert, name, sentence):
    cell = rc.ALL_CELLS.get(name, rc.RNN._replace(name=name))
    with pytest.raises(ValueError, match=sentence):
        convert(cell, make_sample(cell).params)


@pytest.mark.parametrize("convert", [rc.to_torch, rc.to_keras, rc.to_onnx])
def test_params_of_another_cell(convert):
    with pytest.raises(ValueError, match="expected params of i, f, g, o, got Params"):
        convert(rc.LSTM, make_sample(rc.RNN).params)


# Keras


KERAS = ["rnn", "lstm", "gru_after", "gru"]


@pytest.mark.parametrize("bias", ["", "_plain"])
@pytest.mark.parametrize("name", KERAS)
def test_keras_layers(name, bias):
    arrays = arrays_of("keras_layers.npz", f"{name}{bias}.")
    weights = list(under(arrays, "weights.").values())
    assert len(weights) == (2 if bias else 3)
    settings = {"reset_after": False} if (name, bias) == ("gru", "_plain") else {}
    cell, params = rc.from_keras(*weights, **settings)
    assert cell is rc.ALL_CELLS[name]
    h = rc.run(cell, params, arrays["inputs"], state(cell, arrays)).vectors.h
    assert h.dtype == np.float32
    assert difference(h, arrays["out"]) < 1e-6


@pytest.mark.parametrize("name", KERAS)
def test_back_to_keras(name):
    """The layer's own arrays; of the two biases of r and z only the sum is known."""
    weights = list(under(arrays_of("keras_layers.npz", f"{name}."), "weights.").values())
    back = rc.to_keras(*rc.from_keras(*weights))
    assert [array.shape for array in back] == [array.shape for array in weights]
    for mine, theirs in zip(back[:2], weights[:2], strict=True):
        np.testing.assert_array_equal(mine, theirs)
    if name == "gru_after":
        np.testing.assert_array_equal(back[2][:, 8:], weights[2][:, 8:])
        np.testing.assert_allclose(back[2].sum(axis=0), weights[2].sum(axis=0), rtol=1e-6)
    else:
        np.testing.assert_array_equal(back[2], weights[2])


@pytest.mark.parametrize(("reset_after", "name"), [(None, "gru_after"), (True, "gru_after"), (False, "gru")])
def test_a_keras_gru_without_biases_is_what_is_said(reset_after, name):
    assert rc.from_keras(np.ones((2, 12)), np.ones((4, 12)), None, reset_after)[0] is rc.ALL_CELLS[name]


@pytest.mark.parametrize("name", converters.KERAS)
def test_to_keras_and_back_is_the_identity(name):
    sample = make_sample(rc.ALL_CELLS[name])
    cell, params = rc.from_keras(*rc.to_keras(sample.cell, sample.params))
    assert cell is sample.cell
    same(params, sample.params)


@pytest.mark.parametrize(
    ("shapes", "reset_after", "sentence"),
    [
        (
            ((2, 12), (4, 9)),
            None,
            r"expected kernel \(input, g \* units\) and recurrent_kernel \(units, g \* units\), g being "
            r"1 \(RNN\), 3 \(GRU\) or 4 \(LSTM\), got \(2, 12\) and \(4, 9\)",
        ),
        (((12, 2), (12, 4)), None, r"got \(12, 2\) and \(12, 4\)"),
        (((2, 12), (4, 12), (4,)), None, r"expected bias with shape \(12,\) or \(2, 12\), got \(4,\)"),
        (((2, 12), (4, 12), (12,)), True, r"expected bias with shape \(2, 12\), got \(12,\)"),
        (((2, 12), (4, 12), (2, 12)), False, r"expected bias with shape \(12,\), got \(2, 12\)"),
        (((2, 16), (4, 16), (2, 16)), None, r"expected bias with shape \(16,\), got \(2, 16\)"),
        (((2, 16), (4, 16), (16,)), True, r"reset_after with a GRU \(3 blocks\) only, got 4 and True"),
    ],
)
def test_from_keras_says_what_it_expected_and_what_came(shapes, reset_after, sentence):
    weights = [np.ones(shape) for shape in shapes]
    with pytest.raises(ValueError, match=sentence):
        rc.from_keras(*weights, reset_after=reset_after)


# Every convention, written out in its source's own layout


def random_arrays(convention, input_size=3, units=4, seed=0):
    rng = np.random.default_rng(seed)
    return {p.name: 0.7 * rng.standard_normal(p.shape(input_size, units)) for p in convention.parameters}


def longhand(convention, arrays, inputs):
    """Hidden states (time, unit) by the convention's own step, from a state of zeros."""
    units = rc.ALL_CELLS[convention.cell].State._fields
    now, found = (np.zeros(4),) * len(units), []
    for x in inputs:
        new = convention.step(x, *now, **arrays)
        now = new if isinstance(new, tuple) else (new,)
        found.append(now[0])
    return np.array(found)


@pytest.fixture(params=CONVENTIONS)
def convention(request):
    return CONVENTIONS[request.param]


def test_the_same_weights_converted_give_the_same_hidden_states(convention):
    arrays, inputs = random_arrays(convention), np.random.default_rng(1).standard_normal((20, 3))
    cell, params = convention.convert(arrays)
    assert cell is rc.ALL_CELLS[convention.cell]
    h = rc.run(cell, params, inputs[:, None]).vectors.h[:, 0]
    assert np.abs(h - longhand(convention, arrays, inputs)).max() < 1e-14


@pytest.mark.parametrize("name", [name for name, c in CONVENTIONS.items() if c.update])
def test_read_with_the_other_sign_of_z_they_do_not(name):
    convention = CONVENTIONS[name]
    arrays, inputs = random_arrays(convention), np.random.default_rng(1).standard_normal((20, 3))
    cell, params = convention.convert(arrays)
    h = rc.run(cell, rc.negate_update(params), inputs[:, None]).vectors.h[:, 0]
    assert np.abs(h - longhand(convention, arrays, inputs)).max() > 0.1


def test_the_lines_that_are_shown_are_the_lines_that_run(convention):
    arrays, x = random_arrays(convention), np.random.default_rng(1).standard_normal(3)
    names = {"h": np.full(4, 0.3), "c": np.full(4, -0.2)}
    state = [names[letter] for letter in rc.ALL_CELLS[convention.cell].State._fields]
    expected = convention.step(x, *state, **arrays)
    scope = names | arrays | {"x": x, "np": np, "sigmoid": rc.sigmoid}
    exec(convention.code, scope)
    found = (scope["h"], scope["c"]) if isinstance(expected, tuple) else scope["h"]
    np.testing.assert_array_equal(found, expected)
    assert 1 <= len(convention.code.splitlines()) <= 9


def test_words_and_code_say_the_same(convention):
    """An update of the old is z times the state before; each gate in the matrix has its equation."""
    text = " ".join(convention.equations).replace("h'", "H'")
    kept = {"old": "z ⊙ H'", "new": "(1 − z) ⊙ H'", "": None}[convention.update]
    assert ("z" in convention.order or not convention.order) == bool(convention.update)
    assert kept is None or kept in text
    assert ("(r ⊙ H')" in text) == (convention.reset == "before")
    assert ("r ⊙ (" in text) == (convention.reset == "after")
    blocks = len(convention.order) or 1
    assert ("n" if blocks == 1 else f"{blocks}n") in convention.parameters[0].dims


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("pytorch-rnn", 640),
        ("pytorch-gru", 1920),
        ("pytorch-lstm", 2560),
        ("keras-rnn", 620),
        ("keras-gru", 1920),
        ("keras-lstm", 2480),
        ("keras-gru_before", 1860),
        ("cho-gru", 1860),
        ("chung-gru", 1860),
        ("onnx-lstm_peephole", 2620),
    ],
)
def test_numbers_of_parameters(name, count):
    """Input 10, units 20; PyTorch and Keras count the same."""
    assert CONVENTIONS[name].parameter_count(10, 20) == count
    assert sum(array.size for array in random_arrays(CONVENTIONS[name], 10, 20).values()) == count


def test_shapes_are_those_of_the_libraries():
    for network, cell in TORCH.items():
        weights = under(arrays_of("torch_modules.npz", f"{network}.one."), "weights.")
        parameters = rc.SOURCES["pytorch"].networks[network].parameters
        assert {p.name: p.shape(3, 4) for p in parameters} == {n: a.shape for n, a in weights.items()}
        assert rc.SOURCES["pytorch"].networks[network].cell == cell
    for network, name in {"rnn": "rnn", "lstm": "lstm", "gru": "gru_after", "gru_before": "gru"}.items():
        weights = under(arrays_of("keras_layers.npz", f"{name}."), "weights.")
        parameters = rc.SOURCES["keras"].networks[network].parameters
        assert [p.shape(3, 4) for p in parameters] == [array.shape for array in weights.values()]
        assert rc.SOURCES["keras"].networks[network].cell == name


def test_reset_before_is_reset_after_only_where_the_product_commutes():
    """Equal if U_n commutes with diag(r) and the second bias is 0: a diagonal U_n; else not."""
    sample = make_sample(rc.GRU)
    r, z, n = sample.params

    def apart(U, b_h):
        after = rc.GRU_AFTER.Params(r, z, type(kind)(n.W, U, n.b, b_h))
        before = sample._replace(params=sample.params._replace(n=n._replace(U=U)))
        start = rc.GRU_AFTER.State(*sample.initial)
        h = rc.run(rc.GRU_AFTER, after, sample.inputs, start).vectors.h
        return np.abs(h - before.run().vectors.h).max()

    kind = make_sample(rc.GRU_AFTER).params.n
    assert apart(np.diag([0.5, -1.0, 2.0]), np.zeros(3)) < 1e-15
    assert apart(n.U, np.zeros(3)) > 0.01
    assert apart(np.diag([0.5, -1.0, 2.0]), np.ones(3)) > 0.01


def test_without_weights_for_them_peepholes_change_no_bit():
    sample = make_sample(rc.LSTM)
    kinds = rc.LSTM_PEEPHOLE.kinds
    params = rc.LSTM_PEEPHOLE.Params(
        *(
            kind(*affine, *(np.zeros(3) for _ in kind._fields[3:]))
            for kind, affine in zip(kinds, sample.params, strict=True)
        )
    )
    start = rc.LSTM_PEEPHOLE.State(*sample.initial)
    seen = rc.run(rc.LSTM_PEEPHOLE, params, sample.inputs, start).vectors
    plain = sample._replace(cell=rc.LSTM._replace(fast=None)).run().vectors
    for mine, theirs in zip(seen, plain, strict=True):
        np.testing.assert_array_equal(mine, theirs)
