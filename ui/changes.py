"""What a touch does to the state of a page: values of controls, and actions. State in, state out.

What cannot be taken leaves the settings as they were and is said in the state's `notices`; a text that somebody typed
stays among its `drafts`.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

import store
from recurrent_core import CELLS, Clamp, InputError, Notice, change, coerce, parse_table
from recurrent_core.analysis.horizon import horizon_biases
from recurrent_core.clamp import clamped
from recurrent_core.lab import presets
from recurrent_core.lab.experiment import BIAS_OF
from recurrent_core.lab.fields import coerced
from ui.settings import FIELDS, HOME, State, of_preset

LOG = logging.getLogger("gatescope")
OPENS = {"step": "worked_example"}  # what a page opens with where no settings come along
TYPED = ("text", "data")


def with_values(state: State, **values: Any) -> State:
    """The state with some fields changed, whichever records they are in. Raises InputError as `coerce`."""
    of: dict[str, dict[str, Any]] = {"experiment": {}, "training": {}, "view": {}}
    for name, value in values.items():
        of[HOME[name]][name] = value
    return state._replace(
        experiment=change(state.experiment, **of["experiment"]) if of["experiment"] else state.experiment,
        training=coerced(state.training, of["training"]) if of["training"] else state.training,
        view=coerced(state.view, of["view"]) if of["view"] else state.view,
    )


def changed(state: State, values: Mapping[str, Any]) -> State:
    """The state after controls were set to values, by the names of the fields.

    Three kinds of controls have names of their own: sliders of the last clamp ("clamp_value"), the inputs as they
    stand in a drawing ("inputs", a text of numbers), and a place that is held there ("step_clamp"). Names of nothing
    are left out.
    """
    typed = {name: str(values[name]) for name in TYPED if name in values}
    typed |= {"data": str(values["inputs"])} if "inputs" in values else {}
    drafts = dict(state.drafts) | typed
    try:
        fields = _fields(state, values)
        if not fields:
            return state
        taken = with_values(state, **fields)
    except InputError as error:
        return state._replace(notices=(error,), drafts=drafts)
    cut = len(typed.get("text", "")) - int(FIELDS["text"].high)
    notices = (
        [Notice("text_cut", {"limit": FIELDS["text"].high, "count": len(typed["text"])})] if cut > 0 else []
    )
    drafts = {name: text for name, text in drafts.items() if name not in typed}
    return taken._replace(notices=tuple(notices), drafts=drafts)


def _fields(state: State, values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that values of controls set. Raises InputError for one that cannot be read."""
    fields = {name: value for name, value in values.items() if name in FIELDS}
    clamps = state.experiment.clamps
    if "memory" in fields:
        fields |= {"forget_bias": None, "update_bias": None}
    held = {name.removeprefix("clamp_"): v for name, v in values.items() if name.startswith("clamp_")}
    if held and clamps:
        fields["clamps"] = (*clamps[:-1], _moved(clamps[-1], held))
    if "inputs" in values:
        fields |= {"signal": "data", "data": values["inputs"], "standardise": False}
    if isinstance(values.get("step_clamp"), dict):
        fields["clamps"] = clamped(clamps, _held(values["step_clamp"]))
    if len(str(fields.get("data", ""))) > FIELDS["data"].high:
        fields = {"signal": "data"} | fields | {"data": _kept(str(fields["data"]))}
    return fields


def _kept(text: str) -> str:
    """The name of a table that is too long for an address.

    Raises InputError as `parse_table`, and with code table_kept where the disk is full or cannot be written.
    """
    table = parse_table(text)
    try:
        return store.opened().tables.keep(table)
    except OSError as error:
        LOG.exception("nothing can be kept")
        message = "Expected room for a table on the server's disk, got none: paste fewer rows."
        raise InputError("table_kept", message) from error


def _moved(clamp: Clamp, held: Mapping[str, Any]) -> tuple:
    """A clamp with what its sliders say: start and stop on the screen are t = 1..T, both included; unit 0 is all."""
    value, start, stop = held.get("value", clamp.value), held.get("start"), held.get("stop")
    unit = held.get("unit")
    return (
        clamp.name,
        value,
        clamp.start if start is None else int(start) - 1,
        clamp.stop if stop is None else int(stop),
        clamp.unit if unit is None else (int(unit) - 1 if unit else None),
    )


def _held(place: Mapping[str, Any]) -> Clamp:
    """A clamp from {"vector", "value", "start", "stop", "unit"}, counted from 0, the last three as in a Clamp."""
    parts = [place.get(part) for part in ("vector", "value", "start", "stop", "unit")]
    (held,) = coerce(FIELDS["clamps"], [parts])
    return held


# Actions


def acted(state: State, name: str, value: Any) -> State:
    """The state after an action; one that nobody knows changes nothing."""
    if name not in ACTIONS:
        return state
    state = state._replace(notices=(), drafts={})
    try:
        return ACTIONS[name](state, value)
    except InputError as error:
        return state._replace(notices=(error,))


def arrived(state: State, page: str) -> State:
    """The state on another page; where no settings come along, it opens with its own preset."""
    untouched = state.preset == presets.DEFAULT and {*state.differing} <= {"lecture"}
    if page in OPENS and page != state.page and untouched:
        return with_values(of_preset(state._replace(page=page), OPENS[page]), lecture=state.view.lecture)
    return state._replace(page=page)


def _preset(state: State, value: Any) -> State:
    """Take the preset's settings; the question that is being asked stays, and so does lecture mode."""
    if value not in presets.names():
        return state
    kept = {name: state.get(name) for name in ("tab", "source", "of", "lecture")}
    return with_values(of_preset(state, value), **kept)


def _reset(state: State, value: Any) -> State:
    return _preset(state, state.preset)


def _use_horizon(state: State, value: Any) -> State:
    """Set the biases of all gates that decide about the memory for the horizon."""
    biases = {
        BIAS_OF[cell.role(gate)]: round(bias, 4)
        for cell in CELLS.values()
        for gate, bias in horizon_biases(cell, state.view.horizon).items()
    }
    return with_values(state, **biases)


def _pin(state: State, value: Any) -> State:
    return state._replace(pinned=state.experiment)


def _unpin(state: State, value: Any) -> State:
    return state._replace(pinned=None)


def _add_clamp(state: State, value: Any) -> State:
    held = Clamp(str(value), 0.0, state.view.cursor)
    return with_values(state, clamps=(*state.experiment.clamps, held))


def _remove_clamp(state: State, value: Any) -> State:
    clamps = [clamp for k, clamp in enumerate(state.experiment.clamps) if k != value]
    return with_values(state, clamps=tuple(clamps))


def _step_clamp(state: State, value: Any) -> State:
    """Hold a place of the drawing; see `_held`."""
    held = _held(value if isinstance(value, dict) else {})
    return with_values(state, clamps=clamped(state.experiment.clamps, held))


def _step_release(state: State, value: Any) -> State:
    """Let go of a vector, at all steps and units."""
    vector = value.get("vector") if isinstance(value, dict) else None
    return with_values(state, clamps=tuple(c for c in state.experiment.clamps if c.name != vector))


def _reset_edits(state: State, value: Any) -> State:
    return with_values(state, edits=())


def _upload(state: State, value: Any) -> State:
    """Take a table: a short one stands in the address, a long one is kept under its name."""
    text = str(value)
    if len(text) > FIELDS["data"].high:
        return with_values(state, signal="data", data=_kept(text))
    parse_table(text)
    return with_values(state, signal="data", data=text)


ACTIONS: dict[str, Callable[[State, Any], State]] = {
    "preset": _preset,
    "reset": _reset,
    "pin": _pin,
    "unpin": _unpin,
    "clamp_add": _add_clamp,
    "clamp_remove": _remove_clamp,
    "step_clamp": _step_clamp,
    "step_release": _step_release,
    "edits_reset": _reset_edits,
    "upload": _upload,
    "use_horizon": _use_horizon,
}
