"""The cells there are, by name. A new one is its own file and one more name in a tuple here.

CELLS are the networks that the pages offer; whoever joins them needs words in texts/ too. ALL_CELLS has those
and the cells that are here for parity with other libraries: tests, converters and notebooks go by it.
"""

from recurrent_core.cell import Cell
from recurrent_core.cells.gru import GRU
from recurrent_core.cells.gru_after import GRU_AFTER
from recurrent_core.cells.lstm import LSTM
from recurrent_core.cells.lstm_peephole import LSTM_PEEPHOLE
from recurrent_core.cells.rnn import RNN

CELLS: dict[str, Cell] = {cell.name: cell for cell in (RNN, LSTM, GRU)}
ALL_CELLS: dict[str, Cell] = CELLS | {cell.name: cell for cell in (GRU_AFTER, LSTM_PEEPHOLE)}
