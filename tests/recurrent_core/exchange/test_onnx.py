"""ONNX's own reference evaluator and its published node tests, against our cells with converted weights.

Our cells cannot express, and no published node test of these operators asks for: activations of another kind,
`clip`, `input_forget` (i = 1 - f), and sequences of different lengths in one batch (`sequence_lens`).
"""

from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
import pytest
from onnx import NodeProto, helper
from onnx.reference import ReferenceEvaluator
from samples import difference, make_sample

import recurrent_core as rc
from recurrent_core.exchange import converters

INPUTS = ("X", "W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P")
OUTPUTS = ("Y", "Y_h", "Y_c")
EXPRESSED = {"hidden_size", "direction", "layout", "linear_before_reset"}
PUBLISHED = {
    "test_simple_rnn_defaults",
    "test_simple_rnn_with_initial_bias",
    "test_rnn_seq_length",
    "test_simple_rnn_batchwise",
    "test_simple_rnn_reverse",
    "test_simple_rnn_bidirectional",
    "test_gru_defaults",
    "test_gru_with_initial_bias",
    "test_gru_seq_length",
    "test_gru_batchwise",
    "test_gru_reverse",
    "test_gru_bidirectional",
    "test_lstm_defaults",
    "test_lstm_with_initial_bias",
    "test_lstm_with_peepholes",
    "test_lstm_batchwise",
    "test_lstm_reverse",
    "test_lstm_bidirectional",
}


class NodeTest(NamedTuple):
    """One operator with what goes in and must come out."""

    name: str
    node: NodeProto
    inputs: list[np.ndarray]
    outputs: list[np.ndarray]


# BLAS may set floating-point flags for what lies beside a small matrix in memory, in ONNX's code as in ours.
@np.errstate(all="ignore")
def evaluated(node, arrays):
    return ReferenceEvaluator(node).run(None, arrays)


@np.errstate(all="ignore")
def published():
    """The node tests as the installed package makes them: its functions hand each one to `expect`."""
    found = []

    def expect(node, inputs, outputs, name, **_: Any):
        found.append(NodeTest(name, node, inputs, outputs))

    for operator in ("RNN", "GRU", "LSTM"):
        module = import_module(f"onnx.backend.test.case.node.{operator.lower()}")
        made_by = getattr(module, operator)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "expect", expect)
            for name in dir(made_by):
                if name.startswith("export"):
                    np.random.seed(0)  # as the package itself does before each
                    getattr(made_by, name)()
    return found


NODE_TESTS = published()


def by_our_cells(node, arrays):
    """What the operator gives, by `from_onnx` and `run`: Y, Y_h and for LSTMs Y_c, in the operator's axes."""
    attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    assert set(attributes) <= EXPRESSED
    kind = attributes.get("direction", b"forward")
    batch_first = attributes.get("layout", 0)
    x = np.swapaxes(arrays["X"], 0, 1) if batch_first else arrays["X"]
    assert all(length == len(x) for length in arrays.get("sequence_lens", ()))
    weights = [arrays.get(name) for name in "WRBP"]
    ends = []
    for direction in range(len(arrays["W"])):
        turn = slice(None, None, -1 if kind == b"reverse" or direction == 1 else 1)
        cell, params = rc.from_onnx(*weights, direction, attributes.get("linear_before_reset", 0))
        starts = (arrays.get(f"initial_{letter}") for letter in cell.State._fields)
        if batch_first:
            starts = (None if start is None else np.swapaxes(start, 0, 1) for start in starts)
        initial = cell.State(*(None if start is None else start[direction] for start in starts))
        recording = rc.run(cell, params, x[turn], initial)
        ends.append((recording.vectors.h[turn], *recording.final))
    Y, *final = (np.stack(each) for each in zip(*ends, strict=True))  # (direction, ...)
    if batch_first:
        return (np.transpose(Y, (2, 1, 0, 3)), *(np.swapaxes(end, 0, 1) for end in final))
    return (np.swapaxes(Y, 0, 1), *final)


def inputs_of(test):
    """The inputs by their names in the operator's signature; optional ones may be left out."""
    present = [name for name, given in zip(INPUTS, test.node.input, strict=False) if given]
    return dict(zip(present, test.inputs, strict=True))


def test_the_published_node_tests_are_among_those_found():
    assert {test.name for test in NODE_TESTS} >= PUBLISHED


@pytest.mark.parametrize("test", NODE_TESTS, ids=lambda test: test.name)
def test_published_node_tests(test):
    found = dict(zip(OUTPUTS, by_our_cells(test.node, inputs_of(test)), strict=False))
    wanted = [name for name, given in zip(OUTPUTS, test.node.output, strict=False) if given]
    assert len(wanted) == len(test.outputs)
    for name, expected in zip(wanted, test.outputs, strict=True):
        assert found[name].shape == expected.shape
        assert found[name].dtype == expected.dtype == np.float32
        np.testing.assert_allclose(found[name], expected, rtol=1e-6, atol=1e-7)


def random_node(cell, directions, seed, batch_first=False, dtype=np.float32):
    """An operator of random shape with all inputs that our cell has a place for."""
    rng = np.random.default_rng(seed)
    steps, batch, input_size, units = (int(n) for n in rng.integers(1, 9, 4))
    gates = len(converters.ONNX[cell.name])

    def normal(*shape, scale=1.0):
        return (scale * rng.standard_normal(shape)).astype(dtype)

    arrays = {
        "X": normal(steps, batch, input_size),
        "W": normal(directions, gates * units, input_size, scale=0.7 / np.sqrt(input_size)),
        "R": normal(directions, gates * units, units, scale=0.7 / np.sqrt(units)),
        "B": normal(directions, 2 * gates * units, scale=0.5),
        "initial_h": normal(directions, batch, units),
    }
    if "c" in cell.State._fields:
        arrays["initial_c"] = normal(directions, batch, units)
    if cell.name == "lstm_peephole":
        arrays["P"] = normal(directions, 3 * units, scale=0.5)
    if batch_first:
        moved = ("X", "initial_h", "initial_c")
        arrays = {n: np.swapaxes(a, 0, 1) if n in moved else a for n, a in arrays.items()}
    kind = cell.name.split("_")[0].upper()
    settings = {"hidden_size": units, "layout": int(batch_first)}
    settings |= {"direction": "bidirectional" if directions == 2 else ("forward", "reverse")[seed % 2]}
    settings |= {"linear_before_reset": 1} if cell.name == "gru_after" else {}
    names = [name if name in arrays else "" for name in INPUTS[: 8 if kind == "LSTM" else 6]]
    node = helper.make_node(kind, names, OUTPUTS[: 3 if kind == "LSTM" else 2], **settings)
    return node, arrays


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("directions", [1, 2])
@pytest.mark.parametrize("name", converters.ONNX)
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 1e-6), (np.float64, 1e-14)])
def test_reference_evaluator(name, directions, seed, dtype, tolerance):
    node, arrays = random_node(rc.ALL_CELLS[name], directions, seed, seed >= 6, dtype)
    expected = evaluated(node, arrays)
    found = by_our_cells(node, arrays)
    assert len(found) == len(expected)
    for mine, theirs in zip(found, expected, strict=True):
        assert mine.shape == theirs.shape and mine.dtype == dtype
        assert np.abs(mine - theirs).max() < tolerance


@pytest.mark.parametrize("name", converters.ONNX)
def test_reference_evaluator_runs_what_we_export(name):
    cell = rc.ALL_CELLS[name]
    one, other = (make_sample(cell, seed=seed, dtype=np.float32) for seed in (1, 2))
    weights = rc.to_onnx(cell, one.params, other.params)
    node, _ = random_node(cell, 2, 0)
    names = ["X", *weights] if "P" not in weights else ["X", "W", "R", "B", "", "", "", "P"]
    node.ClearField("input")
    node.input.extend(names)
    Y = evaluated(node, {"X": one.inputs, **weights})[0]
    forward = rc.run(cell, one.params, one.inputs).vectors.h
    backward = rc.run(cell, other.params, one.inputs[::-1]).vectors.h[::-1]
    assert np.abs(Y - np.stack([forward, backward], axis=1)).max() < 1e-6


@pytest.mark.parametrize("name", converters.ONNX)
def test_to_onnx_and_back_is_the_identity(name):
    cell = rc.ALL_CELLS[name]
    params = [make_sample(cell, seed=seed).params for seed in (1, 2)]
    weights = rc.to_onnx(cell, *params)
    for direction in (0, 1):
        again, back = rc.from_onnx(
            **weights, direction=direction, linear_before_reset=int(name == "gru_after")
        )
        assert again is cell
        assert difference(back, params[direction]) == 0
    assert len(rc.to_onnx(cell, params[0])["W"]) == 1


def test_onnx_multiplies_z_by_the_old_state():
    """With R = 0, and an input that shuts z, nothing of the old state is left; open, nothing else."""
    W, R = np.zeros((1, 3, 1)), np.zeros((1, 3, 1))
    W[0, 0, 0] = 40.0
    start = np.array([[0.7]])
    for x, h in ((1.0, 0.7), (-1.0, 0.0)):
        cell, params = rc.from_onnx(W, R)
        final = rc.run(cell, params, [[[x]]], cell.State(start)).final.h
        assert final[0, 0] == pytest.approx(h, abs=1e-15)


@pytest.mark.parametrize(
    ("shapes", "settings", "sentence"),
    [
        (
            {"W": (12, 2), "R": (12, 3)},
            {},
            r"expected W \(directions, g \* units, input\) and R \(directions, g \* units, units\), "
            r"got \(12, 2\) and \(12, 3\)",
        ),
        ({"W": (1, 12, 2), "R": (2, 12, 3)}, {}, r"got \(1, 12, 2\) and \(2, 12, 3\)"),
        ({"W": (1, 12, 2), "R": (1, 12, 5)}, {}, r"or 4 \(LSTM\), got \(12, 2\) and \(12, 5\)"),
        ({"W": (1, 12, 2), "R": (1, 12, 3)}, {"direction": 1}, "expected a direction from 0 to 0, got 1"),
        ({"W": (0, 12, 2), "R": (0, 12, 3)}, {}, "expected a direction from 0 to -1, got 0"),
        (
            {"W": (1, 12, 2), "R": (1, 12, 3), "B": (1, 12)},
            {},
            r"expected B with shape \(1, 24\), got \(1, 12\)",
        ),
        (
            {"W": (1, 12, 2), "R": (1, 12, 3), "P": (1, 12)},
            {},
            r"expected P with shape \(1, 9\), got \(1, 12\)",
        ),
        (
            {"W": (1, 9, 2), "R": (1, 9, 3), "P": (1, 9)},
            {},
            r"expected peepholes P with an LSTM \(4 blocks\) only, got 3",
        ),
        (
            {"W": (1, 12, 2), "R": (1, 12, 3)},
            {"linear_before_reset": 1},
            r"expected linear_before_reset with a GRU \(3 blocks\) only, got 4",
        ),
    ],
)
def test_from_onnx_says_what_it_expected_and_what_came(shapes, settings, sentence):
    with pytest.raises(ValueError, match=sentence):
        rc.from_onnx(**{name: np.ones(shape) for name, shape in shapes.items()}, **settings)


@pytest.mark.parametrize("count", [0, 3])
def test_to_onnx_takes_one_or_two_directions(count):
    with pytest.raises(ValueError, match=f"expected the params of one or two directions, got {count}"):
        rc.to_onnx(rc.RNN, *[make_sample(rc.RNN).params] * count)
