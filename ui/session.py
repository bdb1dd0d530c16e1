"""What one reader is looking at: the session's experiment, language, ghost and tables, and how they change.

The session is the truth. The address is read at a session's first run and whenever the browser comes with one that
we have not written ourselves (Back, a typed link); the browser writes it when a slider is released.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from recurrent_core import (
    CELLS,
    FIELDS,
    PRESETS,
    Clamp,
    Experiment,
    InputError,
    Notice,
    Table,
    change,
    coerce,
    from_query,
)
from recurrent_core import parse_table as parse
from recurrent_core.analysis.horizon import horizon_biases
from recurrent_core.clamp import clamped
from recurrent_core.lab.experiment import BIAS_OF, changed_fields, query_string
from ui.words.text import LANGUAGES

KEY = "gatescope"
TABLES = 4  # uploaded tables kept a session
OPENS = {"step": "worked_example"}  # what a page opens with where no settings come along
LONGEST_PIN = 16_000  # characters of an address that are read as the pinned settings


@dataclass
class Session:
    """One reader's state. seq, acted and revision belong to the conversation with live_controls (see its script)."""

    experiment: Experiment = field(default_factory=Experiment)
    lang: str = "en"
    pinned: Experiment | None = None
    notices: list = field(default_factory=list)
    drafts: dict[str, str] = field(default_factory=dict)  # typed texts that could not be taken as they are
    tables: dict[str, Table] = field(default_factory=dict)
    token: str = field(default_factory=lambda: secrets.token_hex(4))
    seq: int = 0
    acted: int = 0
    revision: int = 0
    settled: bool = True
    known: tuple = ()  # addresses that are already in `experiment`
    page: str = ""

    @property
    def query(self) -> str:
        """The address of exactly this state, without the question mark."""
        query = query_string(self.experiment, self.lang)
        if self.page in OPENS and self.experiment.preset == "write_once":
            query = f"preset=write_once&{query}"  # which goes without saying on the other pages
        if self.pinned is None:
            return query
        return f"{query}&{urlencode({'pin': query_string(self.pinned, self.lang)})}"

    @property
    def table(self) -> Table | None:
        """The uploaded table that the experiment names, if this session has it."""
        return self.table_of(self.experiment)

    def table_of(self, experiment: Experiment) -> Table | None:
        """The same for other settings, such as the pinned ones."""
        return self.tables.get(experiment.data)

    def read(self, query: Mapping[str, str]) -> None:
        """Take the state of an address, whatever stands in it."""
        self.experiment, self.notices = from_query(query)
        self.lang = query.get("lang") if query.get("lang") in LANGUAGES else self.lang
        pin = _as_dict(query["pin"][:LONGEST_PIN]) if query.get("pin") else None
        self.pinned = from_query(pin)[0] if pin else None
        self.revision += 1

    def speak(self, lang: str) -> None:
        """Change the language of the interface; one that we do not have changes nothing."""
        if lang in LANGUAGES:
            self.known = (*self.known, _as_dict(self.query))  # the browser still shows this one
            self.lang = lang
            self.revision += 1

    def arrive(self, page: str) -> None:
        """Come to a page; where no settings come along, it opens with its own preset."""
        arrived, self.page = self.page != page, page
        start, changed = OPENS.get(page), {*changed_fields(self.experiment, view=True)} - {"lecture"}
        if arrived and start and self.experiment.preset == "write_once" and not changed:
            self.experiment = change(PRESETS[start], lecture=self.experiment.lecture)
            self.revision += 1

    def receive(self, state: Mapping[str, Any]) -> None:
        """Take what live_controls reports. Values of an older revision are left out: a preset has replaced them.

        A report that finds no answer in time comes again, under another number; its action keeps its own, and is
        done once. An "address" comes from a browser that knows more than this session, which is new after a restart.
        """
        seq, values, action = state.get("seq"), state.get("values"), state.get("action")
        if not isinstance(seq, int) or seq <= self.seq:
            return
        self.seq = seq
        self.settled = bool(state.get("settled", True))
        current = state.get("revision") == self.revision
        if isinstance(state.get("address"), str):
            revision = self.revision
            self.read(_as_dict(state["address"]))
            self.revision = revision  # nothing new to the browser, whose newer values still hold
        try:
            if isinstance(values, dict) and current:
                self.set(values)
            if isinstance(action, dict) and self._is_new(action.get("number")):
                self._act(str(action.get("name")), action.get("value"))
        except InputError as error:
            self.notices = [error]

    def _is_new(self, number: Any) -> bool:
        if not isinstance(number, int) or number <= self.acted:
            return False
        self.acted = number
        return True

    def set(self, values: Mapping[str, Any]) -> None:
        """Take values of controls, by the names of the fields. Raises InputError for one that cannot be read.

        Three kinds of controls have names of their own: sliders of the last clamp ("clamp_value"), the inputs as they
        stand in a drawing ("inputs", a text of numbers), and a place that is held there ("step_clamp").
        """
        fields = {name: value for name, value in values.items() if name in FIELDS}
        if "memory" in fields:
            fields |= {"forget_bias": None, "update_bias": None}
        held = {name.removeprefix("clamp_"): v for name, v in values.items() if name.startswith("clamp_")}
        if held and self.experiment.clamps:
            fields["clamps"] = (*self.experiment.clamps[:-1], _changed(self.experiment.clamps[-1], held))
        if "inputs" in values:
            fields |= {"signal": "data", "data": values["inputs"], "standardise": False}
        if isinstance(values.get("step_clamp"), dict):
            fields["clamps"] = clamped(self.experiment.clamps, _held(values["step_clamp"]))
        if not fields:
            return
        self.notices = []
        typed = {name: str(fields[name]) for name in ("text", "data") if name in fields}
        self.drafts |= typed
        if len(typed.get("data", "")) > FIELDS["data"].high:
            self._upload(fields.pop("data"))
        self.experiment = change(self.experiment, **fields)
        if len(typed.get("text", "")) > FIELDS["text"].high:
            values = {"limit": FIELDS["text"].high, "count": len(typed["text"])}
            self.notices = [Notice("text_cut", values)]
        for name in typed:
            del self.drafts[name]

    def _act(self, name: str, value: Any) -> None:
        action = _ACTIONS.get(name)
        if action is not None:
            self.notices = []
            self.drafts = {}
            action(self, value)
            self.revision += 1

    def _preset(self, value: Any) -> None:
        """Take the preset's settings; the question that is being asked stays, and so does lecture mode."""
        if value in PRESETS:
            kept = {name: getattr(self.experiment, name) for name in ("tab", "source", "of", "lecture")}
            self.experiment = change(PRESETS[value], **kept)

    def _reset(self, value: Any) -> None:
        self._preset(self.experiment.preset)

    def _use_horizon(self, value: Any) -> None:
        """Set the biases of all gates that decide about the memory for the experiment's horizon."""
        biases = {
            BIAS_OF[cell.role(gate)]: round(bias, 4)
            for cell in CELLS.values()
            for gate, bias in horizon_biases(cell, self.experiment.horizon).items()
        }
        self.experiment = change(self.experiment, **biases)

    def _pin(self, value: Any) -> None:
        self.pinned = self.experiment

    def _unpin(self, value: Any) -> None:
        self.pinned = None

    def _add_clamp(self, value: Any) -> None:
        held = Clamp(str(value), 0.0, self.experiment.cursor)
        self.experiment = change(self.experiment, clamps=(*self.experiment.clamps, held))

    def _remove_clamp(self, value: Any) -> None:
        clamps = [clamp for k, clamp in enumerate(self.experiment.clamps) if k != value]
        self.experiment = change(self.experiment, clamps=tuple(clamps))

    def _step_clamp(self, value: Any) -> None:
        """Hold a place of the drawing; see `_held`."""
        held = _held(value if isinstance(value, dict) else {})
        self.experiment = change(self.experiment, clamps=clamped(self.experiment.clamps, held))

    def _step_release(self, value: Any) -> None:
        """Let go of a vector, at all steps and units."""
        vector = value.get("vector") if isinstance(value, dict) else None
        clamps = tuple(clamp for clamp in self.experiment.clamps if clamp.name != vector)
        self.experiment = change(self.experiment, clamps=clamps)

    def _reset_edits(self, value: Any) -> None:
        self.experiment = change(self.experiment, edits=())

    def _upload(self, value: Any) -> None:
        text = str(value)
        table = parse(text)
        if len(text) <= FIELDS["data"].high:
            name = text
        else:
            digest = hashlib.sha256(text.encode(errors="replace")).hexdigest()
            name = f"sha:{digest[:16]}"
            self.tables[name] = table
            while len(self.tables) > TABLES:
                del self.tables[next(iter(self.tables))]
        self.experiment = change(self.experiment, signal="data", data=name)


_ACTIONS: dict[str, Callable[[Session, Any], None]] = {
    "preset": Session._preset,
    "reset": Session._reset,
    "pin": Session._pin,
    "unpin": Session._unpin,
    "clamp_add": Session._add_clamp,
    "clamp_remove": Session._remove_clamp,
    "step_clamp": Session._step_clamp,
    "step_release": Session._step_release,
    "edits_reset": Session._reset_edits,
    "upload": Session._upload,
    "use_horizon": Session._use_horizon,
}


def _changed(clamp: Clamp, held: Mapping[str, Any]) -> tuple:
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
    (held,) = coerce("clamps", [[place.get(part) for part in ("vector", "value", "start", "stop", "unit")]])
    return held


def current() -> Session:
    """The session of the reader who is being served."""
    if KEY not in st.session_state:
        st.session_state[KEY] = Session()
    return st.session_state[KEY]


def open_page(name: str) -> Session:
    """The session at the beginning of a run of page `name`, after a look at the address."""
    fresh = KEY not in st.session_state
    session = current()
    query = {name: values[-1] for name, values in _all_params().items() if values}
    if fresh:
        session.lang = "ko" if (st.context.locale or "").lower().startswith("ko") else "en"
    if fresh or (
        query and query not in session.known and urlencode(query) != urlencode(_as_dict(session.query))
    ):
        session.read(query)
    if "preset" not in query:
        session.arrive(name)
    session.page = name
    session.known = (query,)
    session.settled = True
    return session


def _all_params() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _as_dict(query: str) -> dict[str, str]:
    return dict(parse_qsl(query, keep_blank_values=True))
