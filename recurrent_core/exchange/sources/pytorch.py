"""PyTorch's layers: all gates in one matrix (gates * unit, input), two biases, z the share of the old."""

import numpy as np

from recurrent_core.arrays import sigmoid
from recurrent_core.exchange.converters import from_torch
from recurrent_core.exchange.sources.convention import Array, Convention, Parameter, Source, parameters


def torch_rnn(
    x: Array, h: Array, weight_ih_l0: Array, weight_hh_l0: Array, bias_ih_l0: Array, bias_hh_l0: Array
) -> Array:
    h = np.tanh(weight_ih_l0 @ x + bias_ih_l0 + weight_hh_l0 @ h + bias_hh_l0)
    return h


def torch_lstm(
    x: Array,
    h: Array,
    c: Array,
    weight_ih_l0: Array,
    weight_hh_l0: Array,
    bias_ih_l0: Array,
    bias_hh_l0: Array,
) -> tuple[Array, Array]:
    a = weight_ih_l0 @ x + bias_ih_l0 + weight_hh_l0 @ h + bias_hh_l0
    i, f, g, o = np.split(a, 4)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    h = sigmoid(o) * np.tanh(c)
    return h, c


def torch_gru(
    x: Array, h: Array, weight_ih_l0: Array, weight_hh_l0: Array, bias_ih_l0: Array, bias_hh_l0: Array
) -> Array:
    x_r, x_z, x_n = np.split(weight_ih_l0 @ x + bias_ih_l0, 3)
    h_r, h_z, h_n = np.split(weight_hh_l0 @ h + bias_hh_l0, 3)
    r = sigmoid(x_r + h_r)
    z = sigmoid(x_z + h_z)
    n = np.tanh(x_n + r * h_n)
    h = (1 - z) * n + z * h
    return h


def _parameters(gates: str) -> tuple[Parameter, ...]:
    rows = f"{gates}n"
    return parameters(weight_ih_l0=f"{rows} m", weight_hh_l0=f"{rows} n", bias_ih_l0=rows, bias_hh_l0=rows)


PYTORCH = Source(
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
            parameters=_parameters(""),
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
                "c = f ⊙ c' + i ⊙ g",
                "h = o ⊙ tanh(c)",
            ),
            order=("i", "f", "g", "o"),
            update="",
            reset="",
            parameters=_parameters("4"),
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
            parameters=_parameters("3"),
            step=torch_gru,
            convert=from_torch,
        ),
    },
)
