"""From settings to a recording: input signal, parameters, one run, and the gradients of a loss on its end."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from recurrent_core.cell import Gradients
from recurrent_core.cells import CELLS
from recurrent_core.lab import edits, signals
from recurrent_core.lab.experiment import Experiment, fresh_units
from recurrent_core.lab.fields import Field, parsed
from recurrent_core.lab.shelf import SHIPPED, Shelf
from recurrent_core.lab.signals import Signal
from recurrent_core.lab.training import task_of, trained_by
from recurrent_core.lab.wiring import WIRINGS
from recurrent_core.learn import snapshots
from recurrent_core.run import Recording, backprop, run
from recurrent_core.tables import InputError


class Simulation(NamedTuple):
    experiment: Experiment
    signal: Signal
    recording: Recording  # batch 1

    def __repr__(self) -> str:
        return f"Simulation({self.recording!r})"


def simulate(
    experiment: Experiment,
    network: str | None = None,
    shelf: Shelf = SHIPPED,
    biases: Mapping[str, float | np.ndarray] | None = None,
) -> Simulation:
    """Run the experiment: `network` instead of the experiment's own where given; batch 1, initial state 0.

    `shelf` has the prices, tables and trained networks that the experiment names. `biases` {gate: number or
    (unit,)} take the place of the experiment's own where given, unless it is trained. Clamps of vectors or units
    that the network does not have are left out.

    Raises:
        InputError: code table_missing, where the shelf lacks what the signal is made of; of a trained network
            trained_unknown and trained_network, where it is not kept, trained_inputs, where it has learnt to
            read other inputs.
    """
    name = network or experiment.network
    cell = CELLS[name]
    signal = input_signal(experiment, shelf)
    units = units_of(experiment, name, signal.inputs.shape[1], shelf)
    params = _wired(experiment, name, signal, units, biases, shelf)
    params = edits.edited(cell, params, experiment.edits)
    clamps = tuple(
        c for c in experiment.clamps if c.name in cell.Vectors._fields and (c.unit is None or c.unit < units)
    )
    return Simulation(experiment, signal, run(cell, params, signal.inputs[:, None], clamps=clamps))


def learning_signal(simulation: Simulation) -> Gradients:
    """Gradients of L = v . h_T, h_T the last hidden state and v a unit vector drawn from the seed.

    v has a child generator of its own and the same direction for all networks with as many units.
    """
    recording = simulation.recording
    v = np.random.default_rng((simulation.experiment.seed, 2)).standard_normal(recording.final.h.shape)
    nothing = type(recording.final)(*(None for _ in recording.final))
    return backprop(recording, d_final=nothing._replace(h=v / np.linalg.norm(v)))


def input_signal(experiment: Experiment, shelf: Shelf = SHIPPED) -> Signal:
    """The experiment's input. "probe" is the probe sequence of the task that its snapshots learnt.

    Raises:
        InputError: code table_missing, where the shelf lacks the prices or the table; trained_unknown, where it
            lacks the snapshots; table_short and the like, where a text or table is none to learn from.
    """
    e = experiment
    match e.signal:
        case "pulse":
            return signals.pulses(e.steps, (e.pulse_at,))
        case "pulses":
            return signals.pulses(e.steps, (e.pulse_at, e.second_at))
        case "step":
            return signals.step(e.steps, e.pulse_at)
        case "sine":
            return signals.sine(e.steps, e.period)
        case "noise":
            return signals.noise(e.steps, _rng(e), e.noise_sd)
        case "notebook":
            return signals.notebook(e.steps, _rng(e), e.noise_sd)
        case "count":
            return signals.count(e.steps, e.pulse_at, e.period)
        case "text":
            return signals.text(e.text if e.text.strip() else signals.EXAMPLE_TEXT)
        case "stocks":
            return _prices(e, shelf)
        case "data":
            return _numbers(e, shelf)
        case _:
            task = task_of(*trained_by(e, shelf), shelf)
            return Signal(task.probe.inputs[:, 0].astype(float), task.channels, task.ticks)


def _rng(e: Experiment) -> np.random.Generator:
    return np.random.default_rng((e.seed, 1))


def _prices(e: Experiment, shelf: Shelf) -> Signal:
    table = shelf.prices()
    if table is None:
        message = "Expected a price series, got none: choose another signal."
        raise InputError("table_missing", message, signal="stocks")
    return signals.from_table(table, e.ticker, e.standardise)


def _numbers(e: Experiment, shelf: Shelf) -> Signal:
    if not e.data.startswith("sha:"):
        return signals.from_table(parsed(e.data or signals.EXAMPLE_DATA), None, e.standardise)
    table = shelf.table(e.data)
    if table is None:
        message = "Expected a table, got a link without its numbers: paste or upload them again."
        raise InputError("table_missing", message, signal="data")
    return signals.from_table(table, None, e.standardise)


def units_of(experiment: Experiment, network: str, input_size: int, shelf: Shelf = SHIPPED) -> int:
    """Units of a network: those it was trained with, or as `fresh_units`. Raises InputError as `simulate`."""
    if experiment.wiring == "trained":
        return snapshots.history_of(shelf.snapshots(experiment.trained), network).sizes[1]
    return fresh_units(experiment, network, input_size)


def _wired(
    experiment: Experiment, network: str, signal: Signal, units: int, biases: Mapping | None, shelf: Shelf
) -> NamedTuple:
    """The network's parameters, by the experiment's wiring."""
    input_size = signal.inputs.shape[1]
    if experiment.wiring != "trained":
        cell, e = CELLS[network], experiment
        wire, given = WIRINGS[e.wiring], e.biases_of(cell) | dict(biases or {})
        return wire(cell, e.seed, input_size, units, given, e.scale, e.recurrent)
    kept = shelf.snapshots(experiment.trained)
    expected = snapshots.history_of(kept, network).sizes[0]
    if input_size != expected:
        message = (
            "Expected an input with {expected} channels, as in training, got {got}: choose the task's probe."
        )
        raise InputError("trained_inputs", message, expected=expected, got=input_size)
    return snapshots.model_of(kept, network, experiment.update).params


def limits(declared: Field, experiment: Experiment, shelf: Shelf = SHIPPED) -> tuple[float, float]:
    """Lowest and highest value of a numeric field that make a difference for the experiment: steps end where the
    input ends, units with the last of the network.

    Raises InputError as `input_signal` does.
    """
    if not declared.within:
        return declared.low, declared.high
    count, input_size = input_signal(experiment, shelf).inputs.shape
    if declared.within == "units":
        count = units_of(experiment, experiment.network, input_size, shelf)
    return declared.low, max(declared.low, min(declared.high, count - 1))
