"""The settings of an experiment: one frozen value that is a page's state, its address and its cache key.

`simulate` turns it into a recording, `learning_signal` into gradients. What may stand in each field is
written beside the field, once; sliders, the address and the constructor all read it from there.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlencode

import numpy as np

from recurrent_core.cell import KEEPERS, Cell, Gradients, Quantity, Role
from recurrent_core.cells import CELLS
from recurrent_core.clamp import Clamp
from recurrent_core.exchange.sources import SOURCES, VARIANTS
from recurrent_core.lab import edits as editing
from recurrent_core.lab import signals
from recurrent_core.lab.edits import Edit
from recurrent_core.lab.signals import Signal
from recurrent_core.lab.wiring import WIRINGS, matched_units
from recurrent_core.learn import snapshots
from recurrent_core.learn.snapshots import Find
from recurrent_core.learn.tasks import TASKS, Task, make_task
from recurrent_core.run import Recording, backprop, run
from recurrent_core.tables import InputError, Table, clean, parse_table

VERSION = "1"
MAX_CLAMPS = 32
LARGEST = 10.0  # of a clamp, where a vector is unbounded: c may be held outside the range it is drawn in
FRESH = ("fresh_torch", "fresh_keras")
BIAS_OF: dict[Role, str] = {
    "keep": "forget_bias",
    "replace": "update_bias",
    "write": "input_bias",
    "show": "output_bias",
    "reset": "reset_bias",
    "candidate": "candidate_bias",
    "state": "candidate_bias",
}  # the field that sets the bias of a gate, by its role
ROLE_OF: dict[str, Role] = {name: role for role, name in reversed(BIAS_OF.items())}
REFERENCE = "lstm"  # whose number of parameters the others get with `match`
STEP_MODES = ("watch", "edit", "backward", "clamp")
TABS = ("far", "why", "directions", "steps", "remedy")
TICKERS = ("GOOG", "AAPL", "AMZN", "FB", "NFLX", "MSFT")


def clamped_range(quantity: Quantity) -> tuple[float, float]:
    """Lowest and highest value at which a vector may be held."""
    return (quantity.low, quantity.high) if quantity.bounded else (-LARGEST, LARGEST)


class Field(NamedTuple):
    """What one field of an Experiment may hold."""

    short: str  # its name in the address
    kind: str  # "choice", "number", "integer", "switch", "text", "data", "clamps" or "edits"
    choices: tuple[str, ...] = ()
    low: float = 0
    high: float = 0  # of a text: its greatest length
    step: float = 1
    slider_high: float = (
        0  # where the slider ends on a page's first screen; `high` holds under "More settings"
    )
    optional: bool = False  # None is allowed
    view: bool = False  # says how a page shows the recording, not what is computed


def _choice(default: str, short: str, choices: Iterable[str], view: bool = False):
    return field(default=default, metadata={"field": Field(short, "choice", tuple(choices), view=view)})


def _number(
    default: float | None,
    short: str,
    low: float,
    high: float,
    step: float = 0.1,
    optional: bool = False,
    view: bool = False,
):
    settings = Field(short, "number", (), low, high, step, high, optional, view)
    return field(default=default, metadata={"field": settings})


def _integer(
    default: int, short: str, low: int, high: int, slider_high: int | None = None, view: bool = False
):
    settings = Field(short, "integer", (), low, high, 1, slider_high or high, view=view)
    return field(default=default, metadata={"field": settings})


def _other(default: Any, short: str, kind: str, high: int = 0, view: bool = False):
    return field(default=default, metadata={"field": Field(short, kind, high=high, view=view)})


@dataclass(frozen=True)
class Experiment:
    """All settings. Steps count from 0; a step beyond the end of the input means the last one.

    `memory` m is one handle on two biases: b_f = +m for the LSTM and b_z = -m for the GRU, unless
    `forget_bias` or `update_bias` is given. Random and write-once wirings take the biases as they are; the
    fresh ones add them to the framework's own; notebook and count are written by hand and take none.

    Text, price series and table bring their own length; `steps` holds for all other signals. Where `text` or
    `data` is empty a built-in example stands in.

    Raises InputError, a ValueError, where a field does not hold what FIELDS says. Clamps and edits may be plain
    tuples; a clamp's value is clipped to the vector's range, an edit's as `edits.edit` says.
    """

    network: str = _choice("lstm", "net", CELLS)
    compare: str = _choice("", "cmp", ("", *CELLS), view=True)  # a second network under the first
    signal: str = _choice(
        "pulse",
        "sig",
        ("pulse", "pulses", "step", "sine", "noise", "notebook", "count", "text", "stocks", "data", "probe"),
    )
    wiring: str = _choice("write_once", "wire", (*WIRINGS, "trained"))
    memory: float = _number(3.0, "m", -5.0, 7.0)
    forget_bias: float | None = _number(None, "bf", -5.0, 7.0, optional=True)
    update_bias: float | None = _number(None, "bz", -7.0, 5.0, optional=True)
    input_bias: float = _number(-3.0, "bi", -7.0, 7.0)  # low enough for -ln(T - 1) of any horizon T
    output_bias: float = _number(0.0, "bo", -5.0, 7.0)
    candidate_bias: float = _number(0.0, "bg", -5.0, 7.0)  # LSTM g, GRU n, RNN h
    reset_bias: float = _number(0.0, "br", -5.0, 7.0)
    recurrent: str = _choice("orthogonal", "rec", ("orthogonal", "gaussian"))
    scale: float = _number(0.8, "s", 0.0, 3.0, 0.05)
    steps: int = _integer(60, "T", 20, 500, 200)
    units: int = _integer(16, "n", 1, 128, 32)
    seed: int = _integer(0, "seed", 0, 9999)
    pulse_at: int = _integer(5, "at", 0, 499)
    second_at: int = _integer(35, "at2", 0, 499)
    period: int = _integer(20, "per", 1, 100)
    noise_sd: float = _number(1.0, "sd", 0.0, 3.0)
    text: str = _other("", "text", "text", signals.MAX_CHARACTERS)
    ticker: str = _choice("GOOG", "tick", TICKERS)
    data: str = _other("", "data", "data", signals.MAX_CHARACTERS)  # numbers, or "sha:<hash>" of a kept table
    standardise: bool = _other(True, "std", "switch")  # of a price series or table
    clamps: tuple[Clamp, ...] = _other((), "clamp", "clamps")
    edits: tuple[Edit, ...] = _other((), "w", "edits")  # single parameters, in place of what the wiring gives
    match: bool = _other(False, "match", "switch")  # RNN and GRU get as many parameters as the LSTM has
    distance: int = _integer(50, "k", 1, 499, view=True)  # steps back, for the reading on Gradients
    axis: str = _choice("relative", "axis", ("relative", "absolute"), view=True)
    log: bool = _other(True, "log", "switch", view=True)
    tab: str = _choice("far", "tab", TABS, view=True)  # the question that Gradients answers
    horizon: int = _integer(50, "hz", 2, 500, 200, view=True)  # steps that the biases are chosen for
    clip: float = _number(1.0, "clip", 0.1, 10.0, view=True)  # threshold of a gradient's norm
    curve: str = _choice("memory", "curve", ("memory", "hidden", "input"), view=True)
    trained: str = _other("adding", "by", "text", 40)  # name of the snapshots that "trained" and "probe" take
    update: int = _integer(2000, "up", 0, 20000, 2000)  # and after how many updates
    task: str = _choice("adding", "task", TASKS, view=True)  # what a new training learns
    length: int = _integer(50, "len", 10, 200, 100, view=True)  # steps of a sequence
    optimiser: str = _choice("adam", "opt", ("adam", "sgd"), view=True)
    rate: float = _number(0.01, "lr", 1e-5, 1.0, 1e-5, view=True)
    clip_at: float = _number(
        1.0, "clip_at", 0.0, 10.0, view=True
    )  # threshold of the gradient's norm; 0: none
    updates: int = _integer(2000, "all", 10, 20000, 5000, view=True)
    cursor: int = _integer(5, "t", 0, 499, view=True)
    unit: int = _integer(0, "u", 0, 127, view=True)  # whose numbers Step and Saturation show
    step_mode: str = _choice("watch", "mode", STEP_MODES, view=True)  # what a touch does on Step
    all_rows: bool = _other(False, "rows", "switch", view=True)
    maps: bool = _other(False, "maps", "switch", view=True)  # gradients of every vector, square by square
    source: str = _choice("pytorch", "src", SOURCES, view=True)  # whose equations Conventions shows
    of: str = _choice("gru", "of", VARIANTS, view=True)  # and of which of its networks
    lecture: bool = _other(False, "lec", "switch", view=True)  # large type, nothing but the picture
    preset: str = "write_once"  # where the settings started from; the address holds only what differs from it

    def __post_init__(self):
        for name in FIELDS:
            given = getattr(self, name)
            value = coerce(name, given)
            if value != given and FIELDS[name].kind not in ("clamps", "edits"):
                message = "Expected {field} as {expected}, got {got}: change it."
                raise InputError("range", message, field=name, expected=_expected(name), got=_excerpt(given))
            object.__setattr__(self, name, value)
        if self.preset not in PRESET_NAMES:
            raise _not_a_choice("preset", self.preset, PRESET_NAMES)

    @property
    def biases(self) -> dict[Role, float]:
        """The biases by the gates' roles, over all networks."""
        followed: dict[str, float] = {"forget_bias": self.memory, "update_bias": -self.memory}
        given = {name: getattr(self, name) for name in ROLE_OF}
        return {
            role: followed[name] if given[name] is None else given[name] for role, name in BIAS_OF.items()
        }

    def biases_of(self, cell: Cell) -> dict[str, float]:
        """The biases of a cell's gates, by their names."""
        biases = self.biases
        return {gate: biases[cell.role(gate)] for gate in cell.gates}

    def to_query(self, lang: str = "en") -> dict[str, str]:
        """The address as keys and texts: the preset, what differs from it, the language and the version."""
        start = PRESETS[self.preset]
        query = {} if self.preset == "write_once" else {"preset": self.preset}
        for name, settings in FIELDS.items():
            value = getattr(self, name)
            if value != getattr(start, name):
                query[settings.short] = _as_text(value)
        return query | {"lang": lang, "v": VERSION}


FIELDS: dict[str, Field] = {f.name: f.metadata["field"] for f in fields(Experiment) if f.metadata}
PRESET_NAMES = (
    "write_once",
    "noise",
    "notebook",
    "forget",
    "remember",
    "second_pulse",
    "count",
    "exploding_rnn",
    "rnn_keeps",
    "lstm_vanishes",
    "lstm_grows",
    "full_cell",
    "fresh_torch",
    "fresh_keras",
    "worked_example",
)
_NOISE = {"signal": "noise", "wiring": "random"}
_FRESH_BIASES = {"memory": 0.0, "input_bias": 0.0}
_DIFFERENCES = {
    "noise": _NOISE,
    "notebook": {"signal": "notebook", "wiring": "notebook", "units": 8, "noise_sd": 0.3, "cursor": 8},
    "forget": {"memory": -5.0},
    "remember": {"clamps": (Clamp("f", 1.0, 6), Clamp("i", 0.0, 6), Clamp("o", 1.0, 6))},
    "second_pulse": {"signal": "pulses", "compare": "gru", "cursor": 35},
    "count": {"signal": "count", "wiring": "count", "units": 1, "period": 5, "compare": "gru"},
    "exploding_rnn": {**_NOISE, "scale": 2.0, "network": "rnn"},
    "rnn_keeps": {"scale": 1.0, "network": "rnn"},
    "lstm_vanishes": {"memory": 0.0},
    "lstm_grows": {
        "wiring": "random", "pulse_at": 10, "scale": 1.0, "input_bias": 0.0, "units": 32, "steps": 100,
        "distance": 90, "cursor": 10,
    },
    "full_cell": {  # a seed in which every unit fills: the least full one sets the norm of the gradient
        "wiring": "random", "signal": "step", "scale": 0.3, "memory": 7.0, "input_bias": 0.0, "steps": 200,
        "axis": "absolute", "seed": 266,
    },
    "fresh_torch": {**_NOISE, **_FRESH_BIASES, "wiring": "fresh_torch"},
    "fresh_keras": {**_NOISE, **_FRESH_BIASES, "wiring": "fresh_keras"},
    "worked_example": {
        "signal": "data", "data": "1 2 3", "standardise": False, "wiring": "worked", "units": 1, "cursor": 2,
    },
}  # fmt: skip


class Notice(NamedTuple):
    """What an address held that could not be taken as it was: a stable code and the values of its sentence.

    text_cut {limit, count}; clipped {field, got, value}; version {got}; otherwise the code of an InputError
    with its values, after which the field holds what its preset says.
    """

    code: str
    values: dict[str, Any]


class Simulation(NamedTuple):
    experiment: Experiment
    signal: Signal
    recording: Recording  # batch 1


def coerce(name: str, value: Any) -> Any:
    """What a slider, a text box or an address gave, as a field's value: numbers are clipped, text is cut.

    Raises:
        InputError: it cannot be read as the field's kind; the code is number, choice, switch, clamp,
            clamp_count, edit, edit_count, data_long or one of `parse_table`.
    """
    settings = FIELDS[name]
    if settings.optional and value in (None, ""):
        return None
    return _COERCE[settings.kind](name, settings, value)


def change(experiment: Experiment, **values: Any) -> Experiment:
    """The experiment with some fields changed to what `coerce` makes of `values`.

    Choosing a fresh wiring sets memory and biases to 0, so that they are the framework's own, and leaving it
    sets them back. Choosing a trained network chooses the input that it has learnt to read.

    Raises InputError as `coerce` does.
    """
    values = {name: value if name == "preset" else coerce(name, value) for name, value in values.items()}
    wiring = values.get("wiring", experiment.wiring)
    if (wiring in FRESH) != (experiment.wiring in FRESH):
        start = PRESETS[wiring if wiring in FRESH else "write_once"]
        names = (name for name in FIELDS if name == "memory" or name.endswith("_bias"))
        values = {name: getattr(start, name) for name in names} | values
    if wiring == "trained" != experiment.wiring:
        values = {"signal": "probe"} | values
    return replace(experiment, **values)


def from_query(query: Mapping[str, Any]) -> tuple[Experiment, list[Notice]]:
    """The experiment of an address, whatever stands in it, and notices of what could not be taken.

    Fields fall back one by one to the preset's value. Keys that belong to nobody are ignored.
    """
    notices: list[Notice] = []
    preset = _last(query.get("preset", "write_once"))
    if preset not in PRESETS:
        notices.append(
            Notice("choice", {"field": "preset", "got": _excerpt(preset), "choices": PRESET_NAMES})
        )
        preset = "write_once"
    if _last(query.get("v", VERSION)) != VERSION:
        notices.append(Notice("version", {"got": _excerpt(_last(query["v"]))}))
    values = {}
    for name, settings in FIELDS.items():
        if settings.short not in query:
            continue
        given = _last(query[settings.short])
        try:
            values[name] = coerce(name, given)
        except InputError as error:
            notices.append(Notice(error.code, {"field": name, **error.values}))
            continue
        if settings.kind == "text" and (count := len(clean(given))) > settings.high:
            notices.append(Notice("text_cut", {"limit": settings.high, "count": count}))
        if values[name] is not None and not _in_range(settings, given):
            notices.append(Notice("clipped", {"field": name, "got": _excerpt(given), "value": values[name]}))
    return replace(PRESETS[preset], **values), notices


def query_string(experiment: Experiment, lang: str = "en") -> str:
    """`to_query` as it stands in a link, without the question mark."""
    return urlencode(experiment.to_query(lang), safe=":,")


def changed_fields(experiment: Experiment, view: bool = False) -> tuple[str, ...]:
    """Names of the fields that differ from the preset; with `view` also those that only say what is shown."""
    start = PRESETS[experiment.preset]
    return tuple(
        name
        for name, settings in FIELDS.items()
        if (view or not settings.view) and getattr(experiment, name) != getattr(start, name)
    )


def fields_in_use(experiment: Experiment, networks: Iterable[str] | None = None) -> frozenset[str]:
    """Names of the fields that change what is recorded of `networks` (None: network and compare)."""
    names = tuple(networks or filter(None, (experiment.network, experiment.compare)))
    roles = {CELLS[name].role(gate) for name in names for gate in CELLS[name].gates}
    used = {"signal", "wiring", "units", "clamps", "edits", *_SIGNALS[experiment.signal].fields}
    if experiment.wiring in ("write_once", "random"):
        used |= {"scale", "recurrent"}
    if experiment.wiring in ("write_once", "random", *FRESH):
        used |= {"seed", *(BIAS_OF[role] for role in roles)}
        if any(role in roles and getattr(experiment, BIAS_OF[role]) is None for role in KEEPERS):
            used |= {"memory"}
    if experiment.wiring == "trained":
        used = (used | {"trained", "update"}) - {"units"}
    elif set(names) - {REFERENCE}:
        used |= {"match"}
    return frozenset(used)


def limits(
    experiment: Experiment, name: str, table: Table | None = None, find: Find = snapshots.shipped
) -> tuple[float, float]:
    """Lowest and highest value of a numeric field that make a difference: steps end where the input ends,
    units with the last of the network.

    Raises InputError as `input_signal` does.
    """
    settings = FIELDS[name]
    if name in ("pulse_at", "second_at", "cursor", "distance"):
        last = len(input_signal(experiment, table, find).inputs) - 1
        return settings.low, max(settings.low, min(settings.high, last))
    if name == "unit":
        inputs = input_signal(experiment, table, find).inputs
        return settings.low, units_of(experiment, experiment.network, inputs.shape[1], find) - 1
    return settings.low, settings.high


def reseeded(experiment: Experiment, count: int = 8) -> tuple[Experiment, ...]:
    """The experiment with its own seed and the `count` - 1 seeds after it, for a band."""
    seeds = FIELDS["seed"].high + 1
    return tuple(replace(experiment, seed=(experiment.seed + k) % seeds) for k in range(count))


def units_of(experiment: Experiment, network: str, input_size: int, find: Find = snapshots.shipped) -> int:
    """Units of a network: those it was trained with, or as `fresh_units`. Raises InputError as `simulate`."""
    if experiment.wiring == "trained":
        return snapshots.history_of(find(experiment.trained), network).sizes[1]
    return fresh_units(experiment, network, input_size)


def fresh_units(experiment: Experiment, network: str, input_size: int) -> int:
    """Units of a new network: the experiment's, or with `match` as many as come nearest the LSTM's parameters."""
    if not experiment.match or network == REFERENCE:
        return experiment.units
    return matched_units(CELLS[network], CELLS[REFERENCE], input_size, experiment.units)


def task_of(experiment: Experiment, table: Table | None = None) -> Task:
    """The task that a training of this experiment learns; `table` holds prices. Raises InputError as `make_task`."""
    e = experiment
    return make_task(e.task, e.length, e.period, e.text, table, e.ticker)


def trained_by(experiment: Experiment, find: Find = snapshots.shipped) -> Experiment:
    """The settings under which the experiment's snapshots were trained. Raises InputError as `find`."""
    return _of_query(find(experiment.trained).query)


@lru_cache(maxsize=32)
def _of_query(query: str) -> Experiment:
    return from_query(parse_qs(query, keep_blank_values=True))[0]


def input_signal(
    experiment: Experiment, table: Table | None = None, find: Find = snapshots.shipped
) -> Signal:
    """The experiment's input; `table` holds prices ("stocks", a column per ticker) or numbers ("data").

    "probe" is the probe sequence of the task that the experiment's snapshots learnt.

    Raises:
        InputError: code table_missing, where the signal needs a table and none was given; trained_unknown,
            where there are no such snapshots.
    """
    if experiment.signal == "probe":
        task = task_of(trained_by(experiment, find), table)
        return Signal(task.probe.inputs[:, 0].astype(float), task.channels, task.ticks)
    return _SIGNALS[experiment.signal].make(experiment, table)


def simulate(
    experiment: Experiment,
    network: str | None = None,
    table: Table | None = None,
    biases: Mapping[str, float | np.ndarray] | None = None,
    find: Find = snapshots.shipped,
) -> Simulation:
    """Run the experiment: `network` instead of the experiment's own where given; batch 1, initial state 0.

    `biases` {gate: number or (unit,)} take the place of the experiment's own where given, unless it is trained.
    `find` gives trained snapshots by name. Clamps of vectors or units that the network does not have are left
    out.

    Raises:
        InputError: code table_missing, where the signal needs a table and none was given; of a trained network
            trained_unknown and trained_network, where it is not kept, trained_inputs, where it has learnt to
            read other inputs.
    """
    name = network or experiment.network
    cell = CELLS[name]
    signal = input_signal(experiment, table, find)
    units = units_of(experiment, name, signal.inputs.shape[1], find)
    params = _wired(experiment, name, signal, units, biases, find)
    params = editing.edited(cell, params, experiment.edits)
    clamps = tuple(
        c for c in experiment.clamps if c.name in cell.Vectors._fields and (c.unit is None or c.unit < units)
    )
    return Simulation(experiment, signal, run(cell, params, signal.inputs[:, None], clamps=clamps))


def _wired(
    experiment: Experiment, network: str, signal: Signal, units: int, biases: Mapping | None, find: Find
) -> Any:
    """The network's parameters, by the experiment's wiring."""
    input_size = signal.inputs.shape[1]
    if experiment.wiring != "trained":
        cell, e = CELLS[network], experiment
        wire, given = WIRINGS[e.wiring], e.biases_of(cell) | dict(biases or {})
        return wire(cell, e.seed, input_size, units, given, e.scale, e.recurrent)
    kept = find(experiment.trained)
    expected = snapshots.history_of(kept, network).sizes[0]
    if input_size != expected:
        message = (
            "Expected an input with {expected} channels, as in training, got {got}: choose the task's probe."
        )
        raise InputError("trained_inputs", message, expected=expected, got=input_size)
    return snapshots.model_of(kept, network, experiment.update).params


def learning_signal(simulation: Simulation) -> Gradients:
    """Gradients of L = v . h_T, h_T the last hidden state and v a unit vector drawn from the seed.

    v has a child generator of its own and the same direction for all networks with as many units.
    """
    recording = simulation.recording
    v = np.random.default_rng((simulation.experiment.seed, 2)).standard_normal(recording.final.h.shape)
    nothing = type(recording.final)(*(None for _ in recording.final))
    return backprop(recording, d_final=nothing._replace(h=v / np.linalg.norm(v)))


class _Source(NamedTuple):
    fields: tuple[str, ...]
    make: Any  # (experiment, table) -> Signal


def _rng(e: Experiment) -> np.random.Generator:
    return np.random.default_rng((e.seed, 1))


def _stocks(e: Experiment, table: Table | None) -> Signal:
    if table is None:
        raise InputError(
            "table_missing", "Expected a price series, got none: choose another signal.", signal="stocks"
        )
    return signals.from_table(table, e.ticker, e.standardise)


def _data(e: Experiment, table: Table | None) -> Signal:
    if table is None and e.data.startswith("sha:"):
        message = "Expected a table, got a link without its numbers: paste or upload them again."
        raise InputError("table_missing", message, signal="data")
    return signals.from_table(
        _parsed(e.data or signals.EXAMPLE_DATA) if table is None else table, None, e.standardise
    )


@lru_cache(maxsize=16)
def _parsed(data: str) -> Table:
    return parse_table(data)


_SIGNALS: dict[str, _Source] = {
    "pulse": _Source(("steps", "pulse_at"), lambda e, table: signals.pulses(e.steps, (e.pulse_at,))),
    "pulses": _Source(
        ("steps", "pulse_at", "second_at"),
        lambda e, table: signals.pulses(e.steps, (e.pulse_at, e.second_at)),
    ),
    "step": _Source(("steps", "pulse_at"), lambda e, table: signals.step(e.steps, e.pulse_at)),
    "sine": _Source(("steps", "period"), lambda e, table: signals.sine(e.steps, e.period)),
    "noise": _Source(
        ("steps", "noise_sd", "seed"), lambda e, table: signals.noise(e.steps, _rng(e), e.noise_sd)
    ),
    "notebook": _Source(
        ("steps", "noise_sd", "seed"), lambda e, table: signals.notebook(e.steps, _rng(e), e.noise_sd)
    ),
    "count": _Source(
        ("steps", "pulse_at", "period"), lambda e, table: signals.count(e.steps, e.pulse_at, e.period)
    ),
    "probe": _Source(("trained",), None),  # by input_signal itself
    "text": _Source(
        ("text",), lambda e, table: signals.text(e.text if e.text.strip() else signals.EXAMPLE_TEXT)
    ),
    "stocks": _Source(("ticker", "standardise"), _stocks),
    "data": _Source(("data", "standardise"), _data),
}


def _coerce_choice(name: str, settings: Field, value: Any) -> str:
    if value not in settings.choices:
        raise _not_a_choice(name, value, settings.choices)
    return str(value)


def _coerce_number(name: str, settings: Field, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        message = "Expected {field} as {expected}, got {got}: enter a number."
        raise InputError("number", message, field=name, expected=_expected(name), got=_excerpt(value))
    return min(max(number, settings.low), settings.high) + 0.0


def _coerce_integer(name: str, settings: Field, value: Any) -> int:
    return round(_coerce_number(name, settings, value))


def _in_range(settings: Field, value: Any) -> bool:
    return settings.kind not in ("number", "integer") or settings.low <= float(value) <= settings.high


def _coerce_switch(name: str, settings: Field, value: Any) -> bool:
    known = {"1": True, "0": False, "true": True, "false": False}.get(str(value).lower())
    if known is None:
        message = "Expected {field} as 1 (on) or 0 (off), got {got}: enter one of them."
        raise InputError("switch", message, field=name, got=_excerpt(value))
    return known


def _coerce_text(name: str, settings: Field, value: Any) -> str:
    limit = int(settings.high)
    return clean(str(value))[:limit]


def _coerce_data(name: str, settings: Field, value: Any) -> str:
    limit = int(settings.high)
    data = clean(str(value), keep="\n\t").strip()
    if len(data) > limit:
        message = "Expected at most {limit} characters of numbers, got {count}: upload them as a file."
        raise InputError("data_long", message, limit=limit, count=len(data))
    if data and not re.fullmatch("sha:[0-9a-f]{8,64}", data):
        _parsed(data)
    return data


def _coerce_clamps(name: str, settings: Field, value: Any) -> tuple[Clamp, ...]:
    given = [part.split(":") for part in value.split(",") if part] if isinstance(value, str) else value
    if not isinstance(given, list | tuple):
        raise _not_a_clamp(given)
    if len(given) > MAX_CLAMPS:
        message = "Expected at most {limit} clamps, got {count}: leave some out."
        raise InputError("clamp_count", message, limit=MAX_CLAMPS, count=len(given))
    return tuple(map(_coerce_clamp, given))


def _coerce_clamp(parts: Any) -> Clamp:
    """A clamp from (name, value, start, stop, unit), numbers or texts, the last three missing or empty."""
    try:
        vector, value, *rest = parts
        start, stop, unit = (*rest, *[None] * (3 - len(rest)))
        low, high = _CLAMPED[vector]
        held = min(max(float(value), low), high) + 0.0
        if math.isnan(held):
            raise ValueError
        return Clamp(vector, held, _place(start, 500) or 0, _place(stop, 500), _place(unit, 127))
    except (TypeError, ValueError, KeyError, OverflowError):
        raise _not_a_clamp(parts) from None


def _coerce_edits(name: str, settings: Field, value: Any) -> tuple[Edit, ...]:
    """Edits from (name, value) pairs or a text of them, one a place (the last given), in the order of names."""
    given = [part.split(":") for part in value.split(",") if part] if isinstance(value, str) else value
    if not isinstance(given, list | tuple):
        raise _not_an_edit(given)
    if len(given) > editing.MAX_EDITS:
        message = "Expected at most {limit} edited numbers, got {count}: leave some out."
        raise InputError("edit_count", message, limit=editing.MAX_EDITS, count=len(given))
    found = map(_coerce_edit, given)
    return tuple(sorted({edit.name: edit for edit in found}.values()))


def _coerce_edit(pair: Any) -> Edit:
    try:
        name, value = pair
        return editing.edit(name, value)
    except (TypeError, ValueError, OverflowError):
        raise _not_an_edit(pair) from None


def _place(value: Any, high: int) -> int | None:
    return None if value in (None, "") else min(max(int(value), 0), high)


_COERCE = {
    "choice": _coerce_choice,
    "number": _coerce_number,
    "integer": _coerce_integer,
    "switch": _coerce_switch,
    "text": _coerce_text,
    "data": _coerce_data,
    "clamps": _coerce_clamps,
    "edits": _coerce_edits,
}
_CLAMPED = {quantity.name: clamped_range(quantity) for cell in CELLS.values() for quantity in cell.quantities}


def _not_a_choice(name: str, value: Any, choices: tuple[str, ...]) -> InputError:
    message = "Expected {field} as one of {choices}, got {got}: choose one of them."
    return InputError("choice", message, field=name, choices=choices, got=_excerpt(value))


def _not_a_clamp(value: Any) -> InputError:
    message = "Expected a clamp as vector:value:start:stop:unit, such as f:1:6, got {got}: correct it."
    return InputError("clamp", message, got=_excerpt(value))


def _not_an_edit(value: Any) -> InputError:
    message = "Expected an edited number as place:value, such as liW00:0.65, got {got}: correct it."
    return InputError("edit", message, got=_excerpt(value))


def _expected(name: str) -> str:
    settings = FIELDS[name]
    if settings.kind in ("number", "integer"):
        return f"{settings.kind} from {settings.low:g} to {settings.high:g}"
    return f"text of at most {settings.high} characters" if settings.kind == "text" else settings.kind


def _excerpt(value: Any) -> str:
    """At most 40 printable characters of what came."""
    return clean(str(value)[:41])[:40]


def _last(value: Any) -> str:
    """A query's text; of several values under one key the last."""
    while isinstance(value, list | tuple):
        value = value[-1] if value else ""
    return str(value)


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, tuple):
        return ",".join(":".join(_as_text(part) for part in clamp).rstrip(":") for clamp in value)
    return str(value)


PRESETS: dict[str, Experiment] = {
    name: Experiment(preset=name, **_DIFFERENCES.get(name, {})) for name in PRESET_NAMES
}
