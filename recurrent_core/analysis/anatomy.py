"""A run opened up: every value on the way from x and the state before to the state after, and its gradient."""

from typing import NamedTuple

import numpy as np

from recurrent_core.analysis.jacobians import cut_held, steps_of
from recurrent_core.arrays import tree_map
from recurrent_core.cell import Gradients
from recurrent_core.cells import graph
from recurrent_core.clamp import lay_out
from recurrent_core.run import Recording


class Anatomy(NamedTuple):
    """Values of all places by name, in the order of flow, each (time, unit) in float64; x is (time, input).

    First what a step is given, x, h_before (and c_before), then the places of the cell's `graph`. A clamped
    place has the value that it is held at; the sum before it is then what it would have come from.
    """

    values: dict[str, np.ndarray]
    gradients: dict[str, np.ndarray] | None  # dL/d(place), by the same names
    held: dict[str, np.ndarray]  # clamped vectors: bool (time, unit)


def anatomy(recording: Recording, gradients: Gradients | None = None, batch: int = 0) -> Anatomy:
    """The places of one sequence of a batch.

    With `gradients` (of `backprop`) also dL/d(place): what a small amount added there, at this step alone,
    adds to the loss, all later steps included. For the vectors of the recording that is `gradients.vectors`.
    For what enters a step, x, h_before and c_before, it is what this step sends back along the line.

    Raises ValueError for a cell that declares no graph.
    """
    cell = recording.cell
    if not cell.graph:
        raise ValueError(f"expected a cell with a graph of its places, got {cell.name}, which has none")
    time, _, units = recording.vectors.h.shape
    held = lay_out(recording.clamps, time, units, np.dtype(float))
    before, x, vectors = steps_of(recording, batch)
    params, before = tree_map(_double, recording.params), tree_map(_double, before)
    x, vectors = _double(x), tree_map(_double, vectors)
    given = {"x": x} | {f"{name}_before": array for name, array in before._asdict().items()}
    with np.errstate(all="ignore"):  # a number may be too large for its type, as in `run` and `backprop`
        values = graph.forward(cell.graph, params, given, vectors)
    places = {name: at[:, 0] for name, at in held.places.items()}
    if gradients is None:
        return Anatomy(values, None, places)
    totals = tree_map(lambda array: _double(array[:, batch]), gradients.vectors)
    with np.errstate(all="ignore"):
        found = graph.backward(
            cell.graph, params, values, totals, lambda name, array: cut_held(held, array, name)
        )
    return Anatomy(values, found, places)


def _double(array: np.ndarray) -> np.ndarray:
    return np.asarray(array, dtype=np.float64)
