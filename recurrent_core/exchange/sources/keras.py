"""Keras's layers: all gates in one kernel (input, gates * unit), z the share of the old."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from recurrent_core.arrays import sigmoid
from recurrent_core.cell import Cell
from recurrent_core.exchange.converters import from_keras
from recurrent_core.exchange.sources.convention import Array, Convention, Parameter, Source, parameters


def keras_rnn(x: Array, h: Array, kernel: Array, recurrent_kernel: Array, bias: Array) -> Array:
    h = np.tanh(x @ kernel + h @ recurrent_kernel + bias)
    return h


def keras_lstm(
    x: Array, h: Array, c: Array, kernel: Array, recurrent_kernel: Array, bias: Array
) -> tuple[Array, Array]:
    a = x @ kernel + h @ recurrent_kernel + bias
    a_i, a_f, a_c, a_o = np.split(a, 4)
    c = sigmoid(a_f) * c + sigmoid(a_i) * np.tanh(a_c)
    h = sigmoid(a_o) * np.tanh(c)
    return h, c


def keras_gru(x: Array, h: Array, kernel: Array, recurrent_kernel: Array, bias: Array) -> Array:
    x_z, x_r, x_h = np.split(x @ kernel + bias[0], 3)
    h_z, h_r, h_h = np.split(h @ recurrent_kernel + bias[1], 3)
    z = sigmoid(x_z + h_z)
    r = sigmoid(x_r + h_r)
    hh = np.tanh(x_h + r * h_h)
    h = z * h + (1 - z) * hh
    return h


def keras_gru_before(x: Array, h: Array, kernel: Array, recurrent_kernel: Array, bias: Array) -> Array:
    x_z, x_r, x_h = np.split(x @ kernel + bias, 3)
    U_z, U_r, U_h = np.split(recurrent_kernel, 3, axis=1)
    z = sigmoid(x_z + h @ U_z)
    r = sigmoid(x_r + h @ U_r)
    hh = np.tanh(x_h + (r * h) @ U_h)
    h = z * h + (1 - z) * hh
    return h


def _parameters(gates: str, bias: str = "") -> tuple[Parameter, ...]:
    columns = f"{gates}n"
    return parameters(kernel=f"m {columns}", recurrent_kernel=f"n {columns}", bias=f"{bias} {columns}")


def _from_keras(arrays: Mapping[str, Array]) -> tuple[Cell, NamedTuple]:
    return from_keras(arrays["kernel"], arrays["recurrent_kernel"], arrays["bias"])


KERAS = Source(
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
            parameters=_parameters(""),
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
            parameters=_parameters("4"),
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
            parameters=_parameters("3", "2"),
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
            parameters=_parameters("3"),
            step=keras_gru_before,
            convert=_from_keras,
        ),
    },
)
