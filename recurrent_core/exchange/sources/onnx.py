"""ONNX's operators: all gates in one matrix (1, gates * unit, input), two biases in one, peepholes if P is there."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from recurrent_core.arrays import sigmoid
from recurrent_core.cell import Cell
from recurrent_core.exchange.converters import from_onnx
from recurrent_core.exchange.sources.convention import Array, Convention, Parameter, Source, parameters


def onnx_rnn(x: Array, h: Array, W: Array, R: Array, B: Array) -> Array:
    Wb, Rb = np.split(B[0], 2)
    h = np.tanh(W[0] @ x + R[0] @ h + Wb + Rb)
    return h


def onnx_lstm(x: Array, h: Array, c: Array, W: Array, R: Array, B: Array) -> tuple[Array, Array]:
    Wb, Rb = np.split(B[0], 2)
    i, o, f, g = np.split(W[0] @ x + R[0] @ h + Wb + Rb, 4)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    h = sigmoid(o) * np.tanh(c)
    return h, c


def onnx_lstm_peephole(
    x: Array, h: Array, c: Array, W: Array, R: Array, B: Array, P: Array
) -> tuple[Array, Array]:
    Wb, Rb = np.split(B[0], 2)
    p_i, p_o, p_f = np.split(P[0], 3)
    i, o, f, g = np.split(W[0] @ x + R[0] @ h + Wb + Rb, 4)
    c = sigmoid(f + p_f * c) * c + sigmoid(i + p_i * c) * np.tanh(g)
    h = sigmoid(o + p_o * c) * np.tanh(c)
    return h, c


def onnx_gru(x: Array, h: Array, W: Array, R: Array, B: Array) -> Array:
    Wb, Rb = np.split(B[0], 2)
    x_z, x_r, x_h = np.split(W[0] @ x + Wb + Rb, 3)
    R_z, R_r, R_h = np.split(R[0], 3)
    z = sigmoid(x_z + R_z @ h)
    r = sigmoid(x_r + R_r @ h)
    n = np.tanh(x_h + R_h @ (r * h))
    h = (1 - z) * n + z * h
    return h


def onnx_gru_after(x: Array, h: Array, W: Array, R: Array, B: Array) -> Array:
    Wb, Rb = np.split(B[0], 2)
    x_z, x_r, x_h = np.split(W[0] @ x + Wb, 3)
    h_z, h_r, h_h = np.split(R[0] @ h + Rb, 3)
    z = sigmoid(x_z + h_z)
    r = sigmoid(x_r + h_r)
    n = np.tanh(x_h + r * h_h)
    h = (1 - z) * n + z * h
    return h


def _parameters(gates: str, both: str, **further: str) -> tuple[Parameter, ...]:
    return parameters(W=f"1 {gates}n m", R=f"1 {gates}n n", B=f"1 {both}n", **further)


def _from_onnx(arrays: Mapping[str, Array]) -> tuple[Cell, NamedTuple]:
    return from_onnx(arrays["W"], arrays["R"], arrays["B"], arrays.get("P"))


def _from_onnx_after(arrays: Mapping[str, Array]) -> tuple[Cell, NamedTuple]:
    return from_onnx(arrays["W"], arrays["R"], arrays["B"], linear_before_reset=1)


ONNX = Source(
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
            parameters=_parameters("", "2"),
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
            parameters=_parameters("4", "8"),
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
            parameters=_parameters("4", "8", P="1 3n"),
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
            parameters=_parameters("3", "6"),
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
            parameters=_parameters("3", "6"),
            step=onnx_gru_after,
            convert=_from_onnx_after,
        ),
    },
)
