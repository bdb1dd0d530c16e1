"""Conventions: numbers of PyTorch, Keras, ONNX and the papers, reached with converted parameters.

Other libraries ran layers of 2 inputs and 3 units over three steps, with the number sin(k + j) in place k of
array j: k from 0 in rows, j from 1.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from recurrent_core.arrays import Affine, tree_map
from recurrent_core.cell import Cell
from recurrent_core.cells.gru import GRU
from recurrent_core.cells.gru_after import GRU_AFTER, Candidate
from recurrent_core.cells.rnn import RNN
from recurrent_core.exchange.converters import from_keras, from_onnx, from_torch, negate_update
from recurrent_core.exchange.sources import SOURCES
from recurrent_core.exchange.sources.papers import cho_gru, chung_gru
from recurrent_core.lab.facts.fact import Expected, Fact, G, about, seen
from recurrent_core.run import run

Layer = tuple[Cell, NamedTuple]  # as a converter gives it

STEPS_IN = np.array([[1.0, -0.5], [0.25, 2.0], [-1.5, 0.75]])


def by_formula(*shapes: tuple[int, ...]) -> list[np.ndarray]:
    """Arrays of these shapes, filled as said above."""
    return [np.sin(np.arange(np.prod(shape)) + j).reshape(shape) for j, shape in enumerate(shapes, start=1)]


def last_hidden(layer: Layer) -> float:
    """The first unit's hidden state after the last step, from a converter's (cell, params)."""
    return run(*layer, STEPS_IN[:, None]).vectors.h[-1, 0, 0]


def _torch_layer(gates: int) -> Layer:
    rows = 3 * gates
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    return from_torch(dict(zip(names, by_formula((rows, 2), (rows, 3), (rows,), (rows,)), strict=True)))


def _keras_layer(gates: int, biases: int = 1) -> Layer:
    columns = 3 * gates
    bias = (2, columns) if biases == 2 else (columns,)
    kernel, recurrent_kernel, b = by_formula((2, columns), (3, columns), bias)
    return from_keras(kernel, recurrent_kernel, b)


def _onnx_layer(gates: int, peepholes: bool = False, **settings: int) -> Layer:
    W, R, B, P = by_formula((1, 3 * gates, 2), (1, 3 * gates, 3), (1, 6 * gates), (1, 9))
    return from_onnx(W, R, B, P if peepholes else None, **settings)


def _swapped(layer: Layer, one: str, other: str) -> Layer:
    """Two gates in the wrong order."""
    cell, params = layer
    return cell, params._replace(**{one: getattr(params, other), other: getattr(params, one)})


def _sign_forgotten(layer: Layer) -> Layer:
    """z taken as the share of the new where it is that of the old."""
    cell, params = layer
    return cell, negate_update(params)


def _as_reset_before(layer: Layer) -> Layer:
    """The reset before the product, its two candidate biases added up."""
    _, (r, z, n) = layer
    return GRU, GRU.Params(r, z, Affine(n.W, n.U, n.b + n.b_h))


def _paper_arrays() -> dict[str, np.ndarray]:
    names = ("W_z", "U_z", "b_z", "W_r", "U_r", "b_r", "W", "U", "b")
    return dict(zip(names, by_formula(*[(3, 2), (3, 3), (3,)] * 3), strict=True))


def cho_against_chung(sign: int) -> float:
    """Largest difference of Cho's GRU from Chung's with the update gate's parameters times `sign`."""
    arrays = _paper_arrays()
    turned = {name: sign * array if name.endswith("_z") else array for name, array in arrays.items()}
    cho = chung = np.zeros(3)
    differences: list[float] = []
    for x in STEPS_IN:
        cho = cho_gru(x, cho, **arrays)
        chung = chung_gru(x, chung, **turned)
        differences.append(float(np.abs(cho - chung).max()))
    return max(differences)


def reset_order(U: np.ndarray) -> float:
    """Largest difference of the reset before the product from that after it, b_h = 0, with U for the candidate."""
    cell, (r, z, n) = SOURCES["chung"].networks["gru"].convert(_paper_arrays())
    before = GRU.Params(r, z, n._replace(U=U))
    after = GRU_AFTER.Params(r, z, Candidate(n.W, U, n.b, np.zeros(3)))
    inputs = STEPS_IN[:, None]
    return float(np.abs(run(cell, before, inputs).vectors.h - run(GRU_AFTER, after, inputs).vectors.h).max())


def parameters(layer: tuple[str, str]) -> float:
    """Parameters of a source's network with 10 inputs and 20 units."""
    source, network = layer
    return SOURCES[source].networks[network].parameter_count(10, 20)


def _parity(
    name: str,
    source: str,
    network: str,
    expected: Expected,
    given: G,
    wrong: G,
    compute: Callable[[G], float],
) -> Fact[G]:
    opened = seen(shown={"source": source if source in SOURCES else name, "of": network})
    return Fact(name, "conventions", source, expected, compute, given, wrong, "conventions", opened)


def _layers(
    name: str, source: str, network: str, expected: Expected, given: Layer, wrong: Layer
) -> Fact[Layer]:
    """A layer that another library ran."""
    return _parity(name, source, network, expected, given, wrong, last_hidden)


CONVENTIONS = (
    _parity("cho", "cho_chung", "gru", about(0, 1e-15), -1, 1, cho_against_chung),
    Fact("reset_order", "conventions", "commutes", about(0, 1e-15), reset_order, np.diag([0.5, -1.0, 2.0]),
         np.roll(np.diag([0.5, -1.0, 2.0]), 1, axis=0)),
    _layers("torch_rnn", "pytorch", "rnn", about(0.2540732371844744, 1e-9), _torch_layer(1),
            (RNN, tree_map(np.negative, _torch_layer(1)[1]))),
    _layers("torch_lstm", "pytorch", "lstm", about(0.20158967198958716, 1e-9), _torch_layer(4),
            _swapped(_torch_layer(4), "f", "i")),
    _layers("torch_gru", "pytorch", "gru", about(0.21243774185095365, 1e-9), _torch_layer(3),
            _sign_forgotten(_torch_layer(3))),
    _layers("keras_lstm", "keras", "lstm", about(0.16338048602821095, 1e-9), _keras_layer(4),
            _swapped(_keras_layer(4), "g", "o")),
    _layers("keras_gru", "keras", "gru", about(-0.8268861150699395, 1e-9), _keras_layer(3, 2),
            _as_reset_before(_keras_layer(3, 2))),
    _layers("keras_gru_before", "keras", "gru_before", about(-0.4714803, 1e-7), _keras_layer(3),
            _swapped(_keras_layer(3), "z", "r")),
    _layers("onnx_lstm", "onnx", "lstm", about(-0.15501550939833386, 1e-9), _onnx_layer(4),
            _swapped(_onnx_layer(4), "o", "f")),
    _layers("onnx_peepholes", "onnx", "lstm_peephole", about(-0.11752171522389546, 1e-9),
            _onnx_layer(4, peepholes=True), _onnx_layer(4)),
    _layers("onnx_gru", "onnx", "gru", about(-0.23276016244412742, 1e-9), _onnx_layer(3),
            _onnx_layer(3, linear_before_reset=1)),
    Fact("torch_count", "conventions", "counted", about(2560, 0), parameters, ("pytorch", "lstm"), ("keras", "lstm")),
    Fact("keras_count", "conventions", "counted", about(2480, 0), parameters, ("keras", "lstm"), ("pytorch", "lstm")),
    Fact("gru_count", "conventions", "counted", about(1920, 0), parameters, ("pytorch", "gru"),
         ("keras", "gru_before")),
    Fact("before_count", "conventions", "counted", about(1860, 0), parameters, ("keras", "gru_before"),
         ("keras", "gru")),
)  # fmt: skip
