"""The settings of an experiment: one frozen value that says all that is recorded, and nothing of how it is shown.

`simulate` turns it into a recording, `learning_signal` into gradients.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import ClassVar

from recurrent_core.cell import KEEPERS, Cell, Role
from recurrent_core.cells import CELLS
from recurrent_core.clamp import Clamp
from recurrent_core.lab import fields, presets
from recurrent_core.lab.edits import Edit
from recurrent_core.lab.fields import Field, Record, coerced, fields_of
from recurrent_core.lab.presets import start
from recurrent_core.lab.wiring import WIRINGS, matched_units

FRESH = ("fresh_torch", "fresh_keras")
TICKERS = ("GOOG", "AAPL", "AMZN", "FB", "NFLX", "MSFT")
SIGNALS = {  # each with the fields that decide about it
    "pulse": ("steps", "pulse_at"),
    "pulses": ("steps", "pulse_at", "second_at"),
    "step": ("steps", "pulse_at"),
    "sine": ("steps", "period"),
    "noise": ("steps", "noise_sd", "seed"),
    "notebook": ("steps", "noise_sd", "seed"),
    "count": ("steps", "pulse_at", "period"),
    "text": ("text",),
    "stocks": ("ticker", "standardise"),
    "data": ("data", "standardise"),
    "probe": ("trained",),
}
BIAS_OF: dict[Role, str] = {
    "keep": "forget_bias",
    "replace": "update_bias",
    "write": "input_bias",
    "show": "output_bias",
    "reset": "reset_bias",
    "candidate": "candidate_bias",
    "state": "candidate_bias",
}  # the field that sets the bias of a gate, by its role
REFERENCE = "lstm"  # whose number of parameters the others get with `match`


@dataclass(frozen=True)
class Experiment(Record):
    """All that is recorded. Steps count from 0; a step beyond the end of the input means the last one.

    `memory` m is one handle on two biases: b_f = +m for the LSTM and b_z = -m for the GRU, unless
    `forget_bias` or `update_bias` is given. Random and write-once wirings take the biases as they are; the
    fresh ones add them to the framework's own; notebook and count are written by hand and take none.

    Text, price series and table bring their own length; `steps` holds for all other signals. Where `text` or
    `data` is empty a built-in example stands in.

    Raises InputError as every Record does.
    """

    versions: ClassVar = presets.EXPERIMENT

    network: str = fields.choice("lstm", "net", CELLS)
    signal: str = fields.choice("pulse", "sig", SIGNALS)
    wiring: str = fields.choice("write_once", "wire", (*WIRINGS, "trained"))
    memory: float = fields.number(3.0, "m", -5.0, 7.0)
    forget_bias: float | None = fields.number(None, "bf", -5.0, 7.0, optional=True)
    update_bias: float | None = fields.number(None, "bz", -7.0, 5.0, optional=True)
    input_bias: float = fields.number(-3.0, "bi", -7.0, 7.0)  # low enough for -ln(T - 1) of any horizon T
    output_bias: float = fields.number(0.0, "bo", -5.0, 7.0)
    candidate_bias: float = fields.number(0.0, "bg", -5.0, 7.0)  # LSTM g, GRU n, RNN h
    reset_bias: float = fields.number(0.0, "br", -5.0, 7.0)
    recurrent: str = fields.choice("orthogonal", "rec", ("orthogonal", "gaussian"))
    scale: float = fields.number(0.8, "s", 0.0, 3.0, 0.05)
    steps: int = fields.integer(60, "T", 20, 500, 200)
    units: int = fields.integer(16, "n", 1, 128, 32)
    seed: int = fields.integer(0, "seed", 0, 9999)
    pulse_at: int = fields.integer(5, "at", 0, 499, within="steps")
    second_at: int = fields.integer(35, "at2", 0, 499, within="steps")
    period: int = fields.integer(20, "per", 1, 100)
    noise_sd: float = fields.number(1.0, "sd", 0.0, 3.0)
    text: str = fields.text("", "text")
    ticker: str = fields.choice("GOOG", "tick", TICKERS)
    data: str = fields.data("data")
    standardise: bool = fields.switch(True, "std")  # of a price series or table
    clamps: tuple[Clamp, ...] = fields.clamps("clamp")
    edits: tuple[Edit, ...] = fields.edits("w")  # single parameters, in place of what the wiring gives
    match: bool = fields.switch(False, "match")  # RNN and GRU get as many parameters as the LSTM has
    trained: str = fields.text("adding", "by", 40)  # name of the snapshots that "trained" and "probe" take
    update: int = fields.integer(2000, "up", 0, 20000, 2000)  # and after how many updates

    @property
    def biases(self) -> dict[Role, float]:
        """The biases by the gates' roles, over all networks."""
        return {role: self.bias(name) for role, name in BIAS_OF.items()}

    def bias(self, name: str) -> float:
        """The bias in force where the field `name` sets it, or follows Memory."""
        given: float | None = getattr(self, name)
        if given is not None:
            return given
        return self.memory if name == "forget_bias" else -self.memory

    def biases_of(self, cell: Cell) -> dict[str, float]:
        """The biases of a cell's gates, by their names."""
        biases = self.biases
        return {gate: biases[cell.role(gate)] for gate in cell.gates}


FIELDS: dict[str, Field] = fields_of(Experiment)
PRESETS: dict[str, Experiment] = {name: start(Experiment, name) for name in presets.names()}


def change(experiment: Experiment, **values: object) -> Experiment:
    """The experiment with some fields changed to what `fields.coerce` makes of `values`.

    Choosing a fresh wiring sets memory and biases to 0, so that they are the framework's own, and leaving it
    sets them back. Choosing a trained network chooses the input that it has learnt to read.

    Raises InputError as `fields.coerce` does.
    """
    changed = coerced(experiment, values)
    if (changed.wiring in FRESH) != (experiment.wiring in FRESH):
        base = start(Experiment, changed.wiring if changed.wiring in FRESH else presets.DEFAULT)
        names = (name for name in FIELDS if name == "memory" or name.endswith("_bias"))
        changed = replace(changed, **{name: getattr(base, name) for name in names if name not in values})
    if changed.wiring == "trained" != experiment.wiring and "signal" not in values:
        changed = replace(changed, signal="probe")
    return changed


def fields_in_use(experiment: Experiment, networks: Iterable[str] | None = None) -> frozenset[str]:
    """Names of the fields that change what is recorded of `networks` (None: of the experiment's own)."""
    names = tuple(networks or (experiment.network,))
    following = tuple(role for role in KEEPERS if getattr(experiment, BIAS_OF[role]) is None)
    return _in_use(names, experiment.signal, experiment.wiring, following)


@lru_cache(maxsize=256)
def _in_use(names: tuple[str, ...], signal: str, wiring: str, following: tuple[Role, ...]) -> frozenset[str]:
    """By what decides: networks, signal, wiring, and the roles whose bias follows Memory."""
    roles = {CELLS[name].role(gate) for name in names for gate in CELLS[name].gates}
    used = {"signal", "wiring", "units", "clamps", "edits", *SIGNALS[signal]}
    if wiring in ("write_once", "random"):
        used |= {"scale", "recurrent"}
    if wiring in ("write_once", "random", *FRESH):
        used |= {"seed", *(BIAS_OF[role] for role in roles)}
        if not roles.isdisjoint(following):
            used |= {"memory"}
    if wiring == "trained":
        used = (used | {"trained", "update"}) - {"units"}
    elif set(names) - {REFERENCE}:
        used |= {"match"}
    return frozenset(used)


def fresh_units(experiment: Experiment, network: str, input_size: int) -> int:
    """Units of a new network: the experiment's, or with `match` as many as come nearest the LSTM's parameters."""
    if not experiment.match or network == REFERENCE:
        return experiment.units
    return matched_units(CELLS[network], CELLS[REFERENCE], input_size, experiment.units)


def reseeded(experiment: Experiment, count: int = 8) -> tuple[Experiment, ...]:
    """The experiment with its own seed and the `count` - 1 seeds after it, for a band."""
    seeds = int(FIELDS["seed"].high) + 1
    return tuple(replace(experiment, seed=(experiment.seed + k) % seeds) for k in range(count))
