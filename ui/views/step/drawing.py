"""From a recording to the drawing of its steps: what is sent of a large network, and the words beside the numbers."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from figures import colours
from recurrent_core import Experiment, Simulation
from recurrent_core.analysis.anatomy import Anatomy
from recurrent_core.cell import Cell
from recurrent_core.cells.graph import pre_activations
from recurrent_core.container import Exact
from recurrent_core.lab.address import as_text
from recurrent_core.lab.edits import editable
from recurrent_core.lab.fields import clamped_range
from recurrent_core.tables import MAX_CHARACTERS
from ui.views.step import equations

LARGEST = 600_000  # numbers of a drawing; of a larger network it has the units around the chosen one
KEPT = ("cursor", "unit")  # fields that the browser keeps by itself
PRE_ACTIVATION = (-6.0, 6.0)  # where a sigmoid has all but reached its ends


class Drawing(NamedTuple):
    """All numbers of a recording, so that moving through steps and units asks nothing of the server.

    Places are those of the cell's table. Where an array has fewer columns than the network has units,
    its first column is unit `first`.
    """

    network: str
    letter: str  # that begins the names of this network's edits
    label: str
    step: int
    unit: int
    mode: str  # watch, edit, backward or clamp
    steps: int
    units: int
    inputs: int
    channels: tuple[str, ...]
    ticks: tuple[str, ...] | None
    first: int
    values: Mapping[str, np.ndarray]  # place -> (time, unit); x (time, input)
    gradients: Mapping[str, np.ndarray] | None  # dL/d(place)
    params: Mapping[str, Mapping[str, np.ndarray]]  # gate -> W (input, unit), U (unit, unit), b (1, unit)
    graph: Mapping[str, Any]  # the cell's table of places, and how they are written
    colours: Mapping[str, str]  # of x and the vectors
    clamped: Mapping[str, tuple[float, float]]  # vector -> where it may be held
    held: Mapping[str, np.ndarray]  # vector -> 1 where it is clamped
    ranges: Mapping[str, tuple[float, float]]
    editable: bool
    edited: tuple[str, ...]  # names of this network's edits
    edits: str  # all edits, as in an address
    data: str  # the inputs as a text, "" where they cannot be typed
    short: Mapping[str, str]  # names in the address of the fields that the browser keeps
    words: Mapping[str, str]


def body(drawing: Drawing) -> dict[str, Any]:
    """What the browser draws; of the numbers all digits count."""
    exact = {part: _exact(getattr(drawing, part)) for part in ("values", "gradients", "params")}
    return drawing._asdict() | exact


def _exact(numbers: Any) -> Any:
    if isinstance(numbers, Mapping):
        return {name: _exact(part) for name, part in numbers.items()}
    return numbers if numbers is None else Exact(numbers)


def whole(cell: Cell) -> tuple[str, ...]:
    """The places that are sent of all units, since every unit's terms begin with them: what matrices meet, and
    the states."""
    met = (place.inputs[0] for place in cell.graph if place.operation == "weighted")
    states = (name for field in cell.State._fields for name in (f"{field}_before", field))
    return tuple(dict.fromkeys((*met, *states)))


def window(opened: Anatomy, unit: int, whole: tuple[str, ...]) -> slice:
    """The units that are sent: all of them, or as many around `unit` as LARGEST allows."""
    steps, units = opened.values["h"].shape
    parts = sum(name not in whole for name in opened.values)
    parts += len(opened.gradients or ()) + len(opened.held)
    size = sum(array.size for name, array in opened.values.items() if name in whole)
    count = min(units, max(1, (LARGEST - size) // (parts * steps)))
    first = min(max(0, unit - count // 2), units - count)
    return slice(first, first + count)


def cut(arrays: dict, units: slice, whole: tuple[str, ...] = ()) -> dict:
    """The arrays (time, unit) by place, those that are not `whole` cut down to some units."""
    return {name: array if name in whole else array[:, units] for name, array in arrays.items()}


def ranges(simulation: Simulation, opened: Anatomy) -> dict[str, tuple[float, float]]:
    """The range in which each place is drawn, the same for all settings of a network and an input."""
    largest = max(1.0, float(abs(simulation.signal.inputs).max()))
    fixed = {one.name: (one.low, one.high) for one in simulation.recording.cell.quantities}
    fixed |= {"x": (-largest, largest)}
    pre = dict.fromkeys(pre_activations(simulation.recording.cell.graph), PRE_ACTIVATION)
    return {name: (fixed | pre).get(name, (-1.0, 1.0)) for name in opened.values}


def colours_of(cell: Cell) -> dict[str, str]:
    """The colours of the input and of the vectors, by their names."""
    return {"x": colours.VECTORS["input"]} | {
        name: colours.vector(cell, name) for name in cell.Vectors._fields
    }


@cache
def graph_of(cell: Cell) -> dict[str, Any]:
    """The cell's table of places, and how each is written and coloured: all that the browser knows of the cell."""
    return {
        "places": [list(place) for place in cell.graph],
        "gates": equations.drawn(cell),
        "states": [place.name for place in cell.graph if place.name in cell.State._fields],
        "memory": cell.memory,
        "affine": pre_activations(cell.graph),
        "vectors": equations.vectors(cell),
        "parameters": equations.parameters(cell),
        "phases": equations.phases(cell),
        "symbols": equations.symbols(cell),
        "captions": equations.captions(cell),
        "forward": equations.forward(cell),
        "backward": equations.backward(cell),
    }


def clamped(cell: Cell) -> dict[str, tuple[float, float]]:
    """Lowest and highest value at which each vector may be held."""
    return {quantity.name: clamped_range(quantity) for quantity in cell.quantities}


def inputs_text(simulation: Simulation) -> str:
    """The inputs as somebody would type them, one row a step; "" where that is no field of an address."""
    inputs = simulation.signal.inputs
    if not editable(simulation.recording.final.h.shape[-1], inputs.shape[1]):
        return ""
    rows = (",".join(repr(x).removesuffix(".0") for x in row) for row in inputs.tolist())
    text = "\n".join(rows)
    return text if len(text) <= MAX_CHARACTERS and simulation.experiment.signal != "text" else ""


def edits_text(experiment: Experiment) -> str:
    """All edits, as they stand in an address."""
    return as_text(experiment.edits)
