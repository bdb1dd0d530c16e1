"""How each source writes the same networks: equations, order and shapes of the parameters, one step in NumPy.

SOURCES is what a page can print. Every `step` is written in its source's own layout and from its source
alone, so the tests hold it against our cells with converted parameters: an independent reference. Vectors are
single: x (input,), h and c (unit,). In the equations ⊙ is the elementwise product and ' marks the step before;
each source keeps its own letters, its own order and its own sign of z. The papers leave biases out; ours are in.
"""

import inspect
from collections.abc import Callable, Mapping
from textwrap import dedent
from typing import Any, NamedTuple

import numpy as np

from recurrent_core.arrays import Affine, sigmoid
from recurrent_core.cell import Cell
from recurrent_core.cells.gru import GRU
from recurrent_core.exchange.converters import from_keras, from_onnx, from_torch, negate_update


class Parameter(NamedTuple):
    """One array of a layer. `dims` are the lengths of its axes in words: "3n" is 3 * units, "m" the input."""

    name: str
    dims: tuple[str, ...]

    def shape(self, input_size: int, units: int) -> tuple[int, ...]:
        sizes = {"m": input_size, "n": units}
        return tuple(
            int(dim.rstrip("mn") or 1) * sizes.get(dim[-1], 1)  # "2", "n", "3n", "m"
            for dim in self.dims
        )


class Convention(NamedTuple):
    """One network as one source has it."""

    label: str  # as the source calls it: "GRU, reset_after=True"
    cell: str  # the name in ALL_CELLS of our cell that gives the same h with converted parameters
    equations: tuple[str, ...]
    order: tuple[str, ...]  # the source's gate letters as they stand in one matrix; () where each has its own
    update: str  # what z is the share of, "new" or "old"; "" without z
    reset: str  # "before" or "after" the product with the recurrent matrix; "" without r
    parameters: tuple[Parameter, ...]
    step: Callable  # (x, h, **parameters) or (x, h, c, **parameters) -> the new h, or h and c
    convert: Callable[
        [Mapping[str, np.ndarray]], tuple[Cell, Any]
    ]  # parameters by name -> our cell, its params

    @property
    def code(self) -> str:
        """The lines of `step`, without its head and its return."""
        lines = inspect.getsource(self.step).splitlines()
        body = [line for line in lines if line.startswith("    ") and not line.startswith("    return")]
        return dedent("\n".join(body))

    def count(self, input_size: int, units: int) -> int:
        """Number of parameters."""
        return sum(int(np.prod(p.shape(input_size, units))) for p in self.parameters)


class Source(NamedTuple):
    """A paper or a library, and the networks it has."""

    label: str
    reference: str
    networks: dict[str, Convention]  # by "rnn", "lstm", "gru", and further variants of these


# One step each, as the source has it.


def cho_gru(x, h, W_z, U_z, b_z, W_r, U_r, b_r, W, U, b):
    z = sigmoid(W_z @ x + U_z @ h + b_z)
    r = sigmoid(W_r @ x + U_r @ h + b_r)
    n = np.tanh(W @ x + U @ (r * h) + b)
    h = z * h + (1 - z) * n
    return h


def chung_gru(x, h, W_z, U_z, b_z, W_r, U_r, b_r, W, U, b):
    z = sigmoid(W_z @ x + U_z @ h + b_z)
    r = sigmoid(W_r @ x + U_r @ h + b_r)
    n = np.tanh(W @ x + U @ (r * h) + b)
    h = (1 - z) * h + z * n
    return h


def torch_rnn(x, h, weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0):
    h = np.tanh(weight_ih_l0 @ x + bias_ih_l0 + weight_hh_l0 @ h + bias_hh_l0)
    return h


def torch_lstm(x, h, c, weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0):
    a = weight_ih_l0 @ x + bias_ih_l0 + weight_hh_l0 @ h + bias_hh_l0
    i, f, g, o = np.split(a, 4)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    h = sigmoid(o) * np.tanh(c)
    return h, c


def torch_gru(x, h, weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0):
    x_r, x_z, x_n = np.split(weight_ih_l0 @ x + bias_ih_l0, 3)
    h_r, h_z, h_n = np.split(weight_hh_l0 @ h + bias_hh_l0, 3)
    r = sigmoid(x_r + h_r)
    z = sigmoid(x_z + h_z)
    n = np.tanh(x_n + r * h_n)
    h = (1 - z) * n + z * h
    return h


def keras_rnn(x, h, kernel, recurrent_kernel, bias):
    h = np.tanh(x @ kernel + h @ recurrent_kernel + bias)
    return h


def keras_lstm(x, h, c, kernel, recurrent_kernel, bias):
    a = x @ kernel + h @ recurrent_kernel + bias
    a_i, a_f, a_c, a_o = np.split(a, 4)
    c = sigmoid(a_f) * c + sigmoid(a_i) * np.tanh(a_c)
    h = sigmoid(a_o) * np.tanh(c)
    return h, c


def keras_gru(x, h, kernel, recurrent_kernel, bias):
    x_z, x_r, x_h = np.split(x @ kernel + bias[0], 3)
    h_z, h_r, h_h = np.split(h @ recurrent_kernel + bias[1], 3)
    z = sigmoid(x_z + h_z)
    r = sigmoid(x_r + h_r)
    hh = np.tanh(x_h + r * h_h)
    h = z * h + (1 - z) * hh
    return h


def keras_gru_before(x, h, kernel, recurrent_kernel, bias):
    x_z, x_r, x_h = np.split(x @ kernel + bias, 3)
    U_z, U_r, U_h = np.split(recurrent_kernel, 3, axis=1)
    z = sigmoid(x_z + h @ U_z)
    r = sigmoid(x_r + h @ U_r)
    hh = np.tanh(x_h + (r * h) @ U_h)
    h = z * h + (1 - z) * hh
    return h


def onnx_rnn(x, h, W, R, B):
    Wb, Rb = np.split(B[0], 2)
    h = np.tanh(W[0] @ x + R[0] @ h + Wb + Rb)
    return h


def onnx_lstm(x, h, c, W, R, B):
    Wb, Rb = np.split(B[0], 2)
    i, o, f, g = np.split(W[0] @ x + R[0] @ h + Wb + Rb, 4)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    h = sigmoid(o) * np.tanh(c)
    return h, c


def onnx_lstm_peephole(x, h, c, W, R, B, P):
    Wb, Rb = np.split(B[0], 2)
    p_i, p_o, p_f = np.split(P[0], 3)
    i, o, f, g = np.split(W[0] @ x + R[0] @ h + Wb + Rb, 4)
    c = sigmoid(f + p_f * c) * c + sigmoid(i + p_i * c) * np.tanh(g)
    h = sigmoid(o + p_o * c) * np.tanh(c)
    return h, c


def onnx_gru(x, h, W, R, B):
    Wb, Rb = np.split(B[0], 2)
    x_z, x_r, x_h = np.split(W[0] @ x + Wb + Rb, 3)
    R_z, R_r, R_h = np.split(R[0], 3)
    z = sigmoid(x_z + R_z @ h)
    r = sigmoid(x_r + R_r @ h)
    n = np.tanh(x_h + R_h @ (r * h))
    h = (1 - z) * n + z * h
    return h


def onnx_gru_after(x, h, W, R, B):
    Wb, Rb = np.split(B[0], 2)
    x_z, x_r, x_h = np.split(W[0] @ x + Wb, 3)
    h_z, h_r, h_h = np.split(R[0] @ h + Rb, 3)
    z = sigmoid(x_z + h_z)
    r = sigmoid(x_r + h_r)
    n = np.tanh(x_h + r * h_h)
    h = (1 - z) * n + z * h
    return h


# Their parameters, by name.


def _parameters(**dims: str) -> tuple[Parameter, ...]:
    return tuple(Parameter(name, tuple(text.split())) for name, text in dims.items())


_PAPER = _parameters(W_z="n m", U_z="n n", b_z="n", W_r="n m", U_r="n n", b_r="n", W="n m", U="n n", b="n")


def _torch_parameters(gates: str) -> tuple[Parameter, ...]:
    rows = f"{gates}n"
    return _parameters(weight_ih_l0=f"{rows} m", weight_hh_l0=f"{rows} n", bias_ih_l0=rows, bias_hh_l0=rows)


def _keras_parameters(gates: str, bias: str = "") -> tuple[Parameter, ...]:
    columns = f"{gates}n"
    return _parameters(kernel=f"m {columns}", recurrent_kernel=f"n {columns}", bias=f"{bias} {columns}")


def _onnx_parameters(gates: str, both: str, **further: str) -> tuple[Parameter, ...]:
    return _parameters(W=f"1 {gates}n m", R=f"1 {gates}n n", B=f"1 {both}n", **further)


def _from_chung(arrays: Mapping[str, np.ndarray]) -> tuple[Cell, Any]:
    gates = {"r": ("W_r", "U_r", "b_r"), "z": ("W_z", "U_z", "b_z"), "n": ("W", "U", "b")}
    return GRU, GRU.Params(
        **{gate: Affine(*(np.array(arrays[name].T) for name in names)) for gate, names in gates.items()}
    )


def _from_cho(arrays: Mapping[str, np.ndarray]) -> tuple[Cell, Any]:
    cell, params = _from_chung(arrays)
    return cell, negate_update(params)


def _from_keras(arrays: Mapping[str, np.ndarray]) -> tuple[Cell, Any]:
    return from_keras(**arrays)


def _from_onnx(arrays: Mapping[str, np.ndarray]) -> tuple[Cell, Any]:
    return from_onnx(**arrays)


def _from_onnx_after(arrays: Mapping[str, np.ndarray]) -> tuple[Cell, Any]:
    return from_onnx(**arrays, linear_before_reset=1)


_LSTM_STATE = ("c = f ⊙ c' + i ⊙ g", "h = o ⊙ tanh(c)")

SOURCES = {
    "cho": Source(
        label="Cho et al. 2014",
        reference="Learning Phrase Representations using RNN Encoder-Decoder, arXiv:1406.1078v3, eq. 5 to 8",
        networks={
            "gru": Convention(
                label="GRU",
                cell="gru",
                equations=(
                    "r = σ(W_r x + U_r h' + b_r)",
                    "z = σ(W_z x + U_z h' + b_z)",
                    "h̃ = tanh(W x + U (r ⊙ h') + b)",
                    "h = z ⊙ h' + (1 − z) ⊙ h̃",
                ),
                order=(),
                update="old",
                reset="before",
                parameters=_PAPER,
                step=cho_gru,
                convert=_from_cho,
            )
        },
    ),
    "chung": Source(
        label="Chung et al. 2014",
        reference="Empirical Evaluation of Gated Recurrent Neural Networks on Sequence Modeling, arXiv:1412.3555",
        networks={
            "gru": Convention(
                label="GRU",
                cell="gru",
                equations=(
                    "r = σ(W_r x + U_r h' + b_r)",
                    "z = σ(W_z x + U_z h' + b_z)",
                    "h̃ = tanh(W x + U (r ⊙ h') + b)",
                    "h = (1 − z) ⊙ h' + z ⊙ h̃",
                ),
                order=(),
                update="new",
                reset="before",
                parameters=_PAPER,
                step=chung_gru,
                convert=_from_chung,
            )
        },
    ),
    "pytorch": Source(
        label="PyTorch",
        reference="torch.nn.RNN, LSTM and GRU, PyTorch 2",
        networks={
            "rnn": Convention(
                label="nn.RNN",
                cell="rnn",
                equations=("h = tanh(W_ih x + b_ih + W_hh h' + b_hh)",),
                order=("h",),
                update="",
                reset="",
                parameters=_torch_parameters(""),
                step=torch_rnn,
                convert=from_torch,
            ),
            "lstm": Convention(
                label="nn.LSTM",
                cell="lstm",
                equations=(
                    "i = σ(W_ii x + b_ii + W_hi h' + b_hi)",
                    "f = σ(W_if x + b_if + W_hf h' + b_hf)",
                    "g = tanh(W_ig x + b_ig + W_hg h' + b_hg)",
                    "o = σ(W_io x + b_io + W_ho h' + b_ho)",
                    *_LSTM_STATE,
                ),
                order=("i", "f", "g", "o"),
                update="",
                reset="",
                parameters=_torch_parameters("4"),
                step=torch_lstm,
                convert=from_torch,
            ),
            "gru": Convention(
                label="nn.GRU",
                cell="gru_after",
                equations=(
                    "r = σ(W_ir x + b_ir + W_hr h' + b_hr)",
                    "z = σ(W_iz x + b_iz + W_hz h' + b_hz)",
                    "n = tanh(W_in x + b_in + r ⊙ (W_hn h' + b_hn))",
                    "h = (1 − z) ⊙ n + z ⊙ h'",
                ),
                order=("r", "z", "n"),
                update="old",
                reset="after",
                parameters=_torch_parameters("3"),
                step=torch_gru,
                convert=from_torch,
            ),
        },
    ),
    "keras": Source(
        label="Keras",
        reference="keras.layers.SimpleRNN, LSTM and GRU, Keras 3",
        networks={
            "rnn": Convention(
                label="SimpleRNN",
                cell="rnn",
                equations=("h = tanh(x W + h' U + b)",),
                order=("h",),
                update="",
                reset="",
                parameters=_keras_parameters(""),
                step=keras_rnn,
                convert=_from_keras,
            ),
            "lstm": Convention(
                label="LSTM",
                cell="lstm",
                equations=(
                    "i = σ(x W_i + h' U_i + b_i)",
                    "f = σ(x W_f + h' U_f + b_f)",
                    "c = f ⊙ c' + i ⊙ tanh(x W_c + h' U_c + b_c)",
                    "o = σ(x W_o + h' U_o + b_o)",
                    "h = o ⊙ tanh(c)",
                ),
                order=("i", "f", "c", "o"),
                update="",
                reset="",
                parameters=_keras_parameters("4"),
                step=keras_lstm,
                convert=_from_keras,
            ),
            "gru": Convention(
                label="GRU, reset_after=True",
                cell="gru_after",
                equations=(
                    "z = σ(x W_z + b0_z + h' U_z + b1_z)",
                    "r = σ(x W_r + b0_r + h' U_r + b1_r)",
                    "hh = tanh(x W_h + b0_h + r ⊙ (h' U_h + b1_h))",
                    "h = z ⊙ h' + (1 − z) ⊙ hh",
                ),
                order=("z", "r", "h"),
                update="old",
                reset="after",
                parameters=_keras_parameters("3", "2"),
                step=keras_gru,
                convert=_from_keras,
            ),
            "gru_before": Convention(
                label="GRU, reset_after=False",
                cell="gru",
                equations=(
                    "z = σ(x W_z + h' U_z + b_z)",
                    "r = σ(x W_r + h' U_r + b_r)",
                    "hh = tanh(x W_h + (r ⊙ h') U_h + b_h)",
                    "h = z ⊙ h' + (1 − z) ⊙ hh",
                ),
                order=("z", "r", "h"),
                update="old",
                reset="before",
                parameters=_keras_parameters("3"),
                step=keras_gru_before,
                convert=_from_keras,
            ),
        },
    ),
    "onnx": Source(
        label="ONNX",
        reference="ONNX operators RNN, LSTM and GRU, opset 22",
        networks={
            "rnn": Convention(
                label="RNN",
                cell="rnn",
                equations=("H = tanh(X Wᵀ + H' Rᵀ + Wb + Rb)",),
                order=("i",),
                update="",
                reset="",
                parameters=_onnx_parameters("", "2"),
                step=onnx_rnn,
                convert=_from_onnx,
            ),
            "lstm": Convention(
                label="LSTM",
                cell="lstm",
                equations=(
                    "i = σ(X W_iᵀ + H' R_iᵀ + Wb_i + Rb_i)",
                    "f = σ(X W_fᵀ + H' R_fᵀ + Wb_f + Rb_f)",
                    "c = tanh(X W_cᵀ + H' R_cᵀ + Wb_c + Rb_c)",
                    "C = f ⊙ C' + i ⊙ c",
                    "o = σ(X W_oᵀ + H' R_oᵀ + Wb_o + Rb_o)",
                    "H = o ⊙ tanh(C)",
                ),
                order=("i", "o", "f", "c"),
                update="",
                reset="",
                parameters=_onnx_parameters("4", "8"),
                step=onnx_lstm,
                convert=_from_onnx,
            ),
            "lstm_peephole": Convention(
                label="LSTM, P",
                cell="lstm_peephole",
                equations=(
                    "i = σ(X W_iᵀ + H' R_iᵀ + P_i ⊙ C' + Wb_i + Rb_i)",
                    "f = σ(X W_fᵀ + H' R_fᵀ + P_f ⊙ C' + Wb_f + Rb_f)",
                    "c = tanh(X W_cᵀ + H' R_cᵀ + Wb_c + Rb_c)",
                    "C = f ⊙ C' + i ⊙ c",
                    "o = σ(X W_oᵀ + H' R_oᵀ + P_o ⊙ C + Wb_o + Rb_o)",
                    "H = o ⊙ tanh(C)",
                ),
                order=("i", "o", "f", "c"),
                update="",
                reset="",
                parameters=_onnx_parameters("4", "8", P="1 3n"),
                step=onnx_lstm_peephole,
                convert=_from_onnx,
            ),
            "gru": Convention(
                label="GRU, linear_before_reset=0",
                cell="gru",
                equations=(
                    "z = σ(X W_zᵀ + H' R_zᵀ + Wb_z + Rb_z)",
                    "r = σ(X W_rᵀ + H' R_rᵀ + Wb_r + Rb_r)",
                    "h = tanh(X W_hᵀ + (r ⊙ H') R_hᵀ + Rb_h + Wb_h)",
                    "H = (1 − z) ⊙ h + z ⊙ H'",
                ),
                order=("z", "r", "h"),
                update="old",
                reset="before",
                parameters=_onnx_parameters("3", "6"),
                step=onnx_gru,
                convert=_from_onnx,
            ),
            "gru_after": Convention(
                label="GRU, linear_before_reset=1",
                cell="gru_after",
                equations=(
                    "z = σ(X W_zᵀ + H' R_zᵀ + Wb_z + Rb_z)",
                    "r = σ(X W_rᵀ + H' R_rᵀ + Wb_r + Rb_r)",
                    "h = tanh(X W_hᵀ + r ⊙ (H' R_hᵀ + Rb_h) + Wb_h)",
                    "H = (1 − z) ⊙ h + z ⊙ H'",
                ),
                order=("z", "r", "h"),
                update="old",
                reset="after",
                parameters=_onnx_parameters("3", "6"),
                step=onnx_gru_after,
                convert=_from_onnx_after,
            ),
        },
    ),
}

NETWORKS = tuple(dict.fromkeys(name for source in SOURCES.values() for name in source.networks))


def nearest(source: Source, network: str) -> str:
    """The name of `network` among a source's networks, or of the one that comes nearest: the papers have a GRU alone.

    Variants are named after the network: "gru_after" stands for "gru" where a source has only that.
    """
    names = (network, network.partition("_")[0], *source.networks)
    return next(name for name in names if name in source.networks)
