"""The cells there are, by name. A new one is its own file and one more name in a tuple here.

CELLS are the networks that the pages offer; whoever joins them needs words in texts/ too. ALL_CELLS has those
and the cells that are here for parity with other libraries: tests, converters and notebooks go by it.
"""

from .gru import GRU
from .gru_after import GRU_AFTER
from .lstm import LSTM
from .lstm_peephole import LSTM_PEEPHOLE
from .rnn import RNN

CELLS = {cell.name: cell for cell in (RNN, LSTM, GRU)}
ALL_CELLS = CELLS | {cell.name: cell for cell in (GRU_AFTER, LSTM_PEEPHOLE)}
