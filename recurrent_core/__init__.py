"""Recurrent networks in NumPy that record every gate, cell state and hidden state, and every gradient."""

from .arrays import Affine, first_nonfinite, last_nonfinite, sigmoid, tree_map
from .cell import Cell, Gradients, Quantity
from .clamp import Clamp
from .drive import Recording, backprop, run
from .gru import GRU
from .lstm import LSTM
from .rnn import RNN

CELLS = {cell.name: cell for cell in (RNN, LSTM, GRU)}

__all__ = [
    "CELLS",
    "GRU",
    "LSTM",
    "RNN",
    "Affine",
    "Cell",
    "Clamp",
    "Gradients",
    "Quantity",
    "Recording",
    "backprop",
    "first_nonfinite",
    "last_nonfinite",
    "run",
    "sigmoid",
    "tree_map",
]
