"""step_cell: a network's cell as a drawing with the numbers of one unit at one step, which moves by itself."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from recurrent_core.container import Exact, pack
from ui.components.assets import loader

_mount = st.components.v2.component("step_cell", js=loader("step_cell.js"), isolate_styles=False)


class Drawing(NamedTuple):
    """All numbers of a recording, so that moving through steps and units asks nothing of the server.

    Places are those of `recurrent_core.anatomy`. Where an array has fewer columns than the network has units, its
    first column is unit `first`.
    """

    name: str
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
    colours: Mapping[str, str]  # of x and the vectors
    held: Mapping[str, np.ndarray]  # vector -> 1 where it is clamped
    ranges: Mapping[str, tuple[float, float]]
    editable: bool
    edited: tuple[str, ...]  # names of this network's edits
    edits: str  # all edits, as in an address
    data: str  # the inputs as a text, "" where they cannot be typed
    short: Mapping[str, str]  # names in the address of the fields that the browser keeps
    words: Mapping[str, str]
    notices: tuple[str, ...] = ()


def message(drawing: Drawing, value: str, *, settled: bool) -> dict[str, Any]:
    """What the browser gets for a drawing of the settings `value`; `settled` as for a picture."""
    sent = drawing._asdict() | {"value": value, "settled": settled}
    for part in ("values", "gradients", "params"):
        sent[part] = _exact(sent[part])
    return sent


def _exact(numbers: Any) -> Any:
    if isinstance(numbers, Mapping):
        return {name: _exact(part) for name, part in numbers.items()}
    return numbers if numbers is None else Exact(numbers)


def step_cell(sent: dict[str, Any]) -> None:
    """Show a message, under its name."""
    _mount(key=sent["name"], data=pack(sent))
