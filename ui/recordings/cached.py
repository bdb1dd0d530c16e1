"""Recordings and gradients by their settings, which hold all that decides about them."""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from recurrent_core import CELLS, Experiment, Gradients, InputError, Simulation, learning_signal, simulate
from recurrent_core.analysis.contributions import Contributions
from recurrent_core.analysis.contributions import contributions as contributions_of
from recurrent_core.analysis.horizon import recipes
from recurrent_core.analysis.jacobians import state_jacobians
from recurrent_core.analysis.products import Products, jacobian_products
from recurrent_core.analysis.routes import Routes
from recurrent_core.analysis.routes import routes as routes_of
from ui.recordings import trained
from ui.recordings.shelf import SHELF

LARGEST_PRODUCTS = 6e8  # steps x state^3: half a second on one core


def simulation(experiment: Experiment, network: str) -> Simulation:
    """The experiment, run by one network. Raises InputError as `simulate` does."""
    return _simulation(_key(experiment, network))


def gradients(experiment: Experiment, network: str) -> Gradients:
    """Gradients of the loss on the last hidden state. Raises InputError as `simulate` does."""
    return _gradients(_key(experiment, network))


def routes(experiment: Experiment, network: str, distances: tuple[int, ...]) -> Routes:
    """The routes of the memory's derivative. Raises InputError as `simulate` and `_bounded` do."""
    _bounded(simulation(experiment, network))
    return _routes(_key(experiment, network), distances)


def products(experiment: Experiment, network: str, distances: tuple[int, ...]) -> Products:
    """Singular values of the products of state Jacobians. Raises InputError as `simulate` and `_bounded` do."""
    _bounded(simulation(experiment, network))
    return _products(_key(experiment, network), distances)


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


def contributions(experiment: Experiment, network: str) -> Contributions:
    """What each step adds to dL/dU. Raises InputError as `simulate` does."""
    return _contributions(_key(experiment, network))


def with_recipes(experiment: Experiment, network: str, horizon: int) -> dict[str, Gradients]:
    """Gradients with the biases of each of `horizon.recipes`, by its name, for a horizon in steps.

    Chrono biases are drawn from a child of the seed of their own. Raises InputError as `simulate` does.
    """
    return _with_recipes(_key(experiment, network), horizon)


def chrono_rng(experiment: Experiment) -> np.random.Generator:
    """The generator of chrono biases, a child of the seed of its own."""
    return np.random.default_rng((experiment.seed, 3))


def _key(experiment: Experiment, network: str) -> Experiment:
    """All that decides about the recording; of a trained network the snapshot itself, for more are added."""
    own = replace(experiment, network=network)
    return trained.exact(own) if experiment.wiring == "trained" else own


@lru_cache(maxsize=12)
def _simulation(experiment: Experiment) -> Simulation:
    return simulate(experiment, shelf=SHELF)


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
    units = _simulation(experiment).recording.final.h.shape[-1]
    found = recipes(CELLS[experiment.network], chrono_rng(experiment), units, horizon)
    return {
        name: learning_signal(simulate(experiment, shelf=SHELF, biases=biases))
        for name, biases in found.items()
    }
