"""Recurrent networks in NumPy that record every gate, cell state and hidden state, and every gradient.

Cells, values of pure functions
    CELLS           the three that are compared, by name; ALL_CELLS those of other conventions too:
                    RNN, LSTM, GRU, GRU_AFTER, LSTM_PEEPHOLE
    Cell            what a cell is; Quantity what one of its vectors is for; Affine the parameters of a gate
Running them
    run, backprop   the only loops over time; they give a Recording and Gradients
    Clamp           holds a vector at a value
Arrays
    sigmoid, tree_map, first_nonfinite, last_nonfinite
Weights of other libraries
    from_torch, from_keras, from_onnx       to (cell, params); back: to_torch, to_keras, to_onnx
    negate_update   turns the sign of z; SOURCES has the equations of papers and libraries
From settings to a recording
    Experiment      what is recorded; PRESETS some of them by name, FIELDS what each Field may hold
    change, coerce  settings from what somebody typed
    simulate        gives a Simulation, learning_signal its Gradients; Signal is an input, WIRINGS make parameters
    Shelf           where prices, tables and trained networks come from; SHIPPED has those that come along
    TrainingSettings                        what a training needs beside an Experiment
    address         reads and writes links; a Notice is what one held that could not be taken
From outside
    parse_table     numbers that somebody pasted, as a Table; what cannot be used raises InputError
"""

from recurrent_core.arrays import Affine, first_nonfinite, last_nonfinite, sigmoid, tree_map
from recurrent_core.cell import Cell, Gradients, Quantity
from recurrent_core.cells import ALL_CELLS, CELLS
from recurrent_core.cells.gru import GRU
from recurrent_core.cells.gru_after import GRU_AFTER
from recurrent_core.cells.lstm import LSTM
from recurrent_core.cells.lstm_peephole import LSTM_PEEPHOLE
from recurrent_core.cells.rnn import RNN
from recurrent_core.clamp import Clamp
from recurrent_core.exchange.converters import (
    from_keras,
    from_onnx,
    from_torch,
    negate_update,
    to_keras,
    to_onnx,
    to_torch,
)
from recurrent_core.exchange.sources import SOURCES
from recurrent_core.lab import address
from recurrent_core.lab.address import Notice
from recurrent_core.lab.experiment import FIELDS, PRESETS, Experiment, change
from recurrent_core.lab.fields import Field, coerce
from recurrent_core.lab.shelf import SHIPPED, Shelf
from recurrent_core.lab.signals import Signal
from recurrent_core.lab.simulate import Simulation, learning_signal, simulate
from recurrent_core.lab.training import TrainingSettings
from recurrent_core.lab.wiring import WIRINGS
from recurrent_core.run import Recording, backprop, run
from recurrent_core.tables import InputError, Table, parse_table

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
    "SHIPPED",
    "SOURCES",
    "WIRINGS",
    "Affine",
    "Cell",
    "Clamp",
    "Experiment",
    "Field",
    "Gradients",
    "InputError",
    "Notice",
    "Quantity",
    "Recording",
    "Shelf",
    "Signal",
    "Simulation",
    "Table",
    "TrainingSettings",
    "address",
    "backprop",
    "change",
    "coerce",
    "first_nonfinite",
    "from_keras",
    "from_onnx",
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
