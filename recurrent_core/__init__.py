"""Recurrent networks in NumPy that record every gate, cell state and hidden state, and every gradient."""

from .arrays import Affine, first_nonfinite, last_nonfinite, sigmoid, tree_map
from .cell import Cell, Gradients, Quantity
from .cells import ALL_CELLS, CELLS
from .clamp import Clamp
from .conventions import SOURCES
from .converters import from_keras, from_onnx, from_torch, negate_update, to_keras, to_onnx, to_torch
from .drive import Recording, backprop, run
from .experiment import (
    FIELDS,
    PRESETS,
    Experiment,
    Notice,
    Simulation,
    change,
    coerce,
    from_query,
    learning_signal,
    simulate,
)
from .gru import GRU
from .gru_after import GRU_AFTER
from .lstm import LSTM
from .lstm_peephole import LSTM_PEEPHOLE
from .rnn import RNN
from .signals import InputError, Signal, Table, parse_table
from .wiring import WIRINGS

__all__ = [
    "ALL_CELLS",
    "CELLS",
    "FIELDS",
    "GRU",
    "GRU_AFTER",
    "LSTM",
    "LSTM_PEEPHOLE",
    "PRESETS",
    "RNN",
    "SOURCES",
    "WIRINGS",
    "Affine",
    "Cell",
    "Clamp",
    "Experiment",
    "Gradients",
    "InputError",
    "Notice",
    "Quantity",
    "Recording",
    "Signal",
    "Simulation",
    "Table",
    "backprop",
    "change",
    "coerce",
    "first_nonfinite",
    "from_keras",
    "from_onnx",
    "from_query",
    "from_torch",
    "last_nonfinite",
    "learning_signal",
    "negate_update",
    "parse_table",
    "run",
    "sigmoid",
    "simulate",
    "to_keras",
    "to_onnx",
    "to_torch",
    "tree_map",
]
