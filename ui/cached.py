"""Recordings and gradients by their settings. What only says how a page shows them is no part of the key."""

from dataclasses import replace
from functools import lru_cache

import plotly.data

from recurrent_core import FIELDS, Experiment, Gradients, Simulation, Table, learning_signal, simulate

_VIEW = {name: settings for name, settings in Experiment.__dataclass_fields__.items() if name in FIELDS}
_VIEW = {name: f.default for name, f in _VIEW.items() if FIELDS[name].view} | {"preset": "write_once"}


def simulation(experiment: Experiment, network: str, table: Table | None = None) -> Simulation:
    """The experiment, run by one network. Raises InputError as `simulate` does."""
    computed = replace(experiment, network=network, **_VIEW)
    if experiment.signal == "stocks":
        table = stocks()
    return _simulation(computed) if table is None else simulate(computed, table=table)


def gradients(experiment: Experiment, network: str, table: Table | None = None) -> Gradients:
    """Gradients of the loss on the last hidden state. Raises InputError as `simulate` does."""
    if table is None and experiment.signal != "stocks":
        return _gradients(replace(experiment, network=network, **_VIEW))
    return learning_signal(simulation(experiment, network, table))


@lru_cache(maxsize=12)
def _simulation(experiment: Experiment) -> Simulation:
    return simulate(experiment)


@lru_cache(maxsize=12)
def _gradients(experiment: Experiment) -> Gradients:
    return learning_signal(_simulation(experiment))


@lru_cache(maxsize=1)
def stocks() -> Table:
    """Weekly prices of six companies, 2018 and 2019, relative to the first week, as Plotly ships them."""
    frame = plotly.data.stocks()
    names = tuple(name for name in frame.columns if name != "date")
    return Table(frame[list(names)].to_numpy(), names, tuple(map(str, frame["date"])))
