"""Recordings and gradients by their settings. What only says how a page shows them is no part of the key."""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from recurrent_core import (
    CELLS,
    FIELDS,
    Experiment,
    Gradients,
    InputError,
    Simulation,
    Table,
    learning_signal,
    simulate,
)
from recurrent_core.analysis.contributions import Contributions
from recurrent_core.analysis.contributions import contributions as contributions_of
from recurrent_core.analysis.horizon import recipes
from recurrent_core.analysis.jacobians import state_jacobians
from recurrent_core.analysis.products import Products, jacobian_products
from recurrent_core.analysis.routes import Routes
from recurrent_core.analysis.routes import routes as routes_of
from ui.recordings import trained
from ui.recordings.prices import stocks

LARGEST_PRODUCTS = 6e8  # steps x state^3: half a second on one core

_VIEW = {name: settings for name, settings in Experiment.__dataclass_fields__.items() if name in FIELDS}
_VIEW = {name: f.default for name, f in _VIEW.items() if FIELDS[name].view} | {"preset": "write_once"}


def simulation(experiment: Experiment, network: str, table: Table | None = None) -> Simulation:
    """The experiment, run by one network. Raises InputError as `simulate` does."""
    if _by_settings(experiment, table):
        return _simulation(_key(experiment, network))
    table = stocks() if experiment.signal == "stocks" else table
    return simulate(replace(experiment, network=network, **_VIEW), table=table, find=trained.find)


def gradients(experiment: Experiment, network: str, table: Table | None = None) -> Gradients:
    """Gradients of the loss on the last hidden state. Raises InputError as `simulate` does."""
    if table is None and experiment.signal != "stocks":
        return _gradients(_key(experiment, network))
    return learning_signal(simulation(experiment, network, table))


def routes(
    experiment: Experiment, network: str, distances: tuple[int, ...], table: Table | None = None
) -> Routes:
    """The routes of the memory's derivative. Raises InputError as `simulate` and `_bounded` do."""
    _bounded(simulation(experiment, network, table))
    if _by_settings(experiment, table):
        return _routes(_key(experiment, network), distances)
    return routes_of(simulation(experiment, network, table).recording, distances)


def products(
    experiment: Experiment, network: str, distances: tuple[int, ...], table: Table | None = None
) -> Products:
    """Singular values of the products of state Jacobians. Raises InputError as `simulate` and `_bounded` do."""
    _bounded(simulation(experiment, network, table))
    if _by_settings(experiment, table):
        return _products(_key(experiment, network), distances)
    return jacobian_products(state_jacobians(simulation(experiment, network, table).recording), distances)


def _bounded(shown: Simulation) -> None:
    """Raise InputError where the state's Jacobians would keep the server busy for seconds."""
    steps, _, units = shown.recording.vectors.h.shape
    state = units * len(shown.recording.final)
    if steps * state**3 > LARGEST_PRODUCTS:
        most = int((LARGEST_PRODUCTS / steps) ** (1 / 3) / len(shown.recording.final))
        message = (
            "Expected at most {limit} units for {steps} steps here, got {count}: choose fewer units or steps."
        )
        raise InputError("jacobians_large", message, limit=most, steps=steps, count=units)


def contributions(experiment: Experiment, network: str, table: Table | None = None) -> Contributions:
    """What each step adds to dL/dU. Raises InputError as `simulate` does."""
    if _by_settings(experiment, table):
        return _contributions(_key(experiment, network))
    recording = simulation(experiment, network, table).recording
    return contributions_of(recording, gradients(experiment, network, table))


def with_recipes(experiment: Experiment, network: str, table: Table | None = None) -> dict[str, Gradients]:
    """Gradients with the biases of each of `horizon.recipes`, by its name, for the experiment's horizon.

    Chrono biases are drawn from a child of the seed of their own. Raises InputError as `simulate` does.
    """
    if _by_settings(experiment, table):
        return _with_recipes(_key(experiment, network), experiment.horizon)
    return _recipes_run(simulation(experiment, network, table), network, experiment.horizon, table)


def chrono_rng(experiment: Experiment) -> np.random.Generator:
    """The generator of chrono biases, a child of the seed of its own."""
    return np.random.default_rng((experiment.seed, 3))


def _by_settings(experiment: Experiment, table: Table | None) -> bool:
    """Whether the settings alone say what is computed."""
    return table is None and experiment.signal != "stocks"


def _key(experiment: Experiment, network: str) -> Experiment:
    """All that decides about the recording; of a trained network the snapshot itself, for more are added."""
    computed = replace(experiment, network=network, **_VIEW)
    return trained.exact(computed) if experiment.wiring == "trained" else computed


def _recipes_run(
    now: Simulation, network: str, horizon: int, table: Table | None = None
) -> dict[str, Gradients]:
    if now.experiment.signal == "stocks":
        table = stocks()
    units = now.recording.final.h.shape[-1]
    found = recipes(CELLS[network], chrono_rng(now.experiment), units, horizon)
    return {
        name: learning_signal(simulate(now.experiment, network, table, biases=biases, find=trained.find))
        for name, biases in found.items()
    }


@lru_cache(maxsize=12)
def _simulation(experiment: Experiment) -> Simulation:
    return simulate(experiment, table=trained.prices(experiment), find=trained.find)


@lru_cache(maxsize=12)
def _gradients(experiment: Experiment) -> Gradients:
    return learning_signal(_simulation(experiment))


@lru_cache(maxsize=8)
def _routes(experiment: Experiment, distances: tuple[int, ...]) -> Routes:
    return routes_of(_simulation(experiment).recording, distances)


@lru_cache(maxsize=8)
def _products(experiment: Experiment, distances: tuple[int, ...]) -> Products:
    return jacobian_products(state_jacobians(_simulation(experiment).recording), distances)


@lru_cache(maxsize=12)
def _contributions(experiment: Experiment) -> Contributions:
    return contributions_of(_simulation(experiment).recording, _gradients(experiment))


@lru_cache(maxsize=8)
def _with_recipes(experiment: Experiment, horizon: int) -> dict[str, Gradients]:
    return _recipes_run(_simulation(experiment), experiment.network, horizon)
