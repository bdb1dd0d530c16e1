"""Whether a convention's own step and our converted cell give the same h, and what each slip would change.

One set of random weights, in the source's names, shapes and order, is run three times over the same inputs:
by the source's own step; by our cell with converted weights; and by our cell with the weights as they stand.
"""

from collections.abc import Callable, Mapping
from inspect import signature
from typing import NamedTuple

import numpy as np

from recurrent_core.arrays import Affine
from recurrent_core.cell import Cell
from recurrent_core.cells.gru import GRU
from recurrent_core.cells.lstm import LSTM
from recurrent_core.exchange.converters import negate_update
from recurrent_core.exchange.sources import Convention
from recurrent_core.run import run

OURS = {"c": "g", "h": "n"}  # gate letters of Keras and ONNX that are called otherwise here


class Parity(NamedTuple):
    """The hidden states (time, unit) of the three runs, and how far each single slip is off.

    `slips` maps the names in SLIPS that apply to this convention to the largest difference in h that comes of
    this one alone; `unconverted` is the run with all of them.
    """

    weights: dict[str, np.ndarray]  # by the source's names
    theirs: np.ndarray
    converted: np.ndarray
    unconverted: np.ndarray
    slips: dict[str, float]

    @property
    def error(self) -> float:
        """Largest difference in h between the source's step and ours with converted weights."""
        return largest_difference(self.theirs, self.converted)

    @property
    def miss(self) -> float:
        """The same with the weights as they stand."""
        return largest_difference(self.theirs, self.unconverted)


def largest_difference(a: np.ndarray, b: np.ndarray) -> float:
    """max |a - b|, without a warning where both are infinite."""
    with np.errstate(invalid="ignore"):
        return float(np.abs(a - b).max())


def draw_weights(convention: Convention, seed: int, input_size: int, units: int) -> dict[str, np.ndarray]:
    """Random parameters by the source's names: normal, a matrix with sd 1 / sqrt(inputs of a unit), a vector 1/2.

    Each array draws from its own child of the seed.
    """
    children = np.random.default_rng(seed).spawn(len(convention.parameters))
    weights = {}
    for parameter, rng in zip(convention.parameters, children, strict=True):
        draw = rng.standard_normal(parameter.shape(input_size, units))
        weights[parameter.name] = draw * _spread(parameter.dims, input_size, units)
    return weights


def _spread(dims: tuple[str, ...], input_size: int, units: int) -> float:
    if "m" in dims:
        return input_size**-0.5
    return units**-0.5 if sum(dim.endswith("n") for dim in dims) == 2 else 0.5


@np.errstate(all="ignore")
def run_source(
    convention: Convention, weights: Mapping[str, np.ndarray], inputs: np.ndarray, units: int
) -> np.ndarray:
    """h (time, unit) of the convention's own step over inputs (time, input), from a state of zeros.

    As in `run`, a number too large for its type becomes an infinity or NaN without a warning.
    """
    has_c = list(signature(convention.step).parameters)[2] == "c"
    state: tuple[np.ndarray, ...] = (np.zeros(units),) * (2 if has_c else 1)
    out = np.empty((len(inputs), units))
    for t, x in enumerate(inputs):
        after = convention.step(x, *state, **weights)
        state = after if isinstance(after, tuple) else (after,)
        out[t] = state[0]
    return out


# What goes wrong where weights are taken as they stand. Each slip undoes one thing that `convert` has done.


def unsorted(cell: Cell, params: NamedTuple, convention: Convention) -> tuple[Cell, NamedTuple]:
    """The source's blocks given to our gates in the order in which they come."""
    signed = "z" in cell.gates
    theirs = negate_update(params) if signed else params
    blocks = (getattr(theirs, OURS.get(letter, letter)) for letter in convention.order)
    pairs = zip(theirs, blocks, strict=True)
    placed = cell.Params._make(own._replace(W=block.W, U=block.U, b=block.b) for own, block in pairs)
    return cell, negate_update(placed) if signed else placed


def unsigned(cell: Cell, params: NamedTuple, convention: Convention) -> tuple[Cell, NamedTuple]:
    """z as the share of the new, with weights of a z that is the share of the old."""
    return cell, negate_update(params)


def unturned(cell: Cell, params: NamedTuple, convention: Convention) -> tuple[Cell, NamedTuple]:
    """U as it stands, (unit, unit) either way: no shape gives it away. W would not fit."""
    return cell, cell.Params._make(affine._replace(U=affine.U.T) for affine in params)


def reset_before(cell: Cell, params: NamedTuple, convention: Convention) -> tuple[Cell, NamedTuple]:
    """The reset gate before the product instead of after it; the candidate's second bias is added to the first."""
    r, z, n = params
    return GRU, GRU.Params(r, z, Affine(n.W, n.U, n.b + n.b_h))


def without_peepholes(cell: Cell, params: NamedTuple, convention: Convention) -> tuple[Cell, NamedTuple]:
    """The gates see h alone."""
    return LSTM, LSTM.Params(*(Affine(*affine[:3]) for affine in params))


class Slip(NamedTuple):
    applies: Callable[[Convention], bool]
    make: Callable[[Cell, NamedTuple, Convention], tuple[Cell, NamedTuple]]


SLIPS: dict[str, Slip] = {  # in this order they are made together: blocks are placed while their sign is ours
    "order": Slip(lambda of: not _sorted(of), unsorted),
    "sign": Slip(lambda of: of.update == "old", unsigned),
    "turn": Slip(lambda of: "m" not in of.parameters[0].dims[0], unturned),
    "reset": Slip(lambda of: of.reset == "after", reset_before),
    "peepholes": Slip(lambda of: of.cell == "lstm_peephole", without_peepholes),
}


def _sorted(convention: Convention) -> bool:
    """Whether the source's gates come in our order, or each has matrices of its own."""
    ours = {3: ("r", "z", "n"), 4: ("i", "f", "g", "o")}.get(len(convention.order))
    return ours is None or tuple(OURS.get(letter, letter) for letter in convention.order) == ours


def slips(convention: Convention) -> tuple[str, ...]:
    """Names in SLIPS that apply to a convention; none where our own order, shape and sign are the source's."""
    return tuple(name for name, slip in SLIPS.items() if slip.applies(convention))


def parity(convention: Convention, inputs: np.ndarray, units: int, seed: int) -> Parity:
    """Run random weights of a convention by its own step and by our cell, converted and not.

    inputs (time, input), float64. The converted run agrees to rounding; each slip is tried alone, and all together.
    """
    weights = draw_weights(convention, seed, inputs.shape[1], units)
    theirs = run_source(convention, weights, inputs, units)
    cell, params = convention.convert(weights)

    def hidden(cell: Cell, params: NamedTuple) -> np.ndarray:
        return run(cell, params, inputs[:, None]).vectors.h[:, 0]

    converted = unconverted = hidden(cell, params)
    wrong = cell, params
    alone = {}
    for name in slips(convention):
        make = SLIPS[name].make
        unconverted = hidden(*make(cell, params, convention))
        alone[name] = largest_difference(theirs, unconverted)
        wrong = make(*wrong, convention)
    if len(alone) > 1:
        unconverted = hidden(*wrong)
    return Parity(weights, theirs, converted, unconverted, alone)
