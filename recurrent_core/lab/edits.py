"""Single numbers of the parameters, each named by its place, in place of what a wiring gives."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from recurrent_core.arrays import tree_map
from recurrent_core.cell import Cell, P
from recurrent_core.cells import CELLS

PLACE = re.compile(
    f"(?:{'|'.join(cell.letter + gate for cell in CELLS.values() for gate in cell.gates)})(?:[WU][0-9]{{2}}|b[0-9])"
)
LARGEST = 99.0
DECIMALS = 4  # so that a link stays short
MAX_UNITS = 4  # of a network small enough to be edited number by number
MAX_INPUTS = 3
MAX_EDITS = 256  # as many as three networks of that size have


class Edit(NamedTuple):
    """One number. Its name is letters and indices: the cell's, gate, part, row and column (a bias has one index).

    liW00 is W_i[0, 0] of the LSTM, gzb1 is b_z[1] of the GRU.
    """

    name: str
    value: float


def edit(name: str, value: float | str) -> Edit:
    """A checked Edit: its value is rounded to DECIMALS and clipped to +-LARGEST.

    Raises ValueError for a name of no place and for what is no finite number.
    """
    number = float(value)
    if not PLACE.fullmatch(name) or not np.isfinite(number):
        raise ValueError(
            f"expected a place such as liW00 and a finite number, got {name!r:.40}, {value!r:.40}"
        )
    return Edit(name, round(min(max(number, -LARGEST), LARGEST), DECIMALS) + 0.0)


def edited(cell: Cell, params: P, edits: Sequence[Edit]) -> P:
    """A copy of the parameters with the edits that name this cell and a place it has; the last of a place wins."""
    own = [(name[1:], value) for name, value in edits if name[0] == cell.letter]
    if not own:
        return params
    copied = tree_map(np.array, params)
    for place_name, value in own:
        gate, part, *indices = tuple(place_name)
        array, place = getattr(getattr(copied, gate), part), tuple(map(int, indices))
        if all(index < length for index, length in zip(place, array.shape, strict=True)):
            array[place] = value
    return copied


def editable(units: int, inputs: int) -> bool:
    """Whether a network is small enough to be edited number by number."""
    return units <= MAX_UNITS and inputs <= MAX_INPUTS
