"""Recordings and what is computed from them, by the settings that decide about it, kept for all readers."""

from collections.abc import Mapping

import numpy as np

from recurrent_core import (
    CELLS,
    Experiment,
    Gradients,
    InputError,
    Simulation,
    analysis,
    change,
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
from recurrent_core.exchange.check import Parity, parity
from recurrent_core.exchange.sources import SOURCES
from recurrent_core.lab.experiment import fields_in_use
from recurrent_core.lab.simulate import input_signal
from ui.recordings import trained
from ui.recordings.memory import remembered
from ui.recordings.shelf import SHELF

LARGEST_PRODUCTS = 6e8  # steps x state^3: half a second on one core


class Settings:
    """An experiment and a network as a key: equal where all fields are that change what is recorded.

    Of a trained network the snapshot itself decides, for more are added while a training runs. The seed also
    draws the loss whose gradient is taken.
    """

    __slots__ = ("experiment", "key")

    def __init__(self, experiment: Experiment, network: str):
        if experiment.network != network:
            experiment = change(experiment, network=network)
        if experiment.wiring == "trained":
            experiment = trained.exact(experiment)
        names = fields_in_use(experiment) | {"network", "seed"}
        self.experiment = experiment
        self.key = tuple((name, getattr(experiment, name)) for name in sorted(names))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Settings) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


def simulation(experiment: Experiment, network: str) -> Simulation:
    """The experiment, run by one network. Raises InputError as `simulate` does."""
    asked = Settings(experiment, network)
    return _simulation(asked)._replace(experiment=asked.experiment)


def gradients(experiment: Experiment, network: str) -> Gradients:
    """Gradients of the loss on the last hidden state. Raises InputError as `simulate` does."""
    return _gradients(Settings(experiment, network))


def norms(experiment: Experiment, network: str, curve: str) -> np.ndarray:
    """Norms (time,) of the gradient of the network's "memory", of its "hidden" state or of the "input".

    Nothing else is kept of the run: for the many runs of a band. Raises InputError as `simulate` does.
    """
    return _norms(Settings(experiment, network), curve)


def norms_of(gradients: Gradients, network: str, curve: str) -> np.ndarray:
    """The same from gradients that are there."""
    if curve == "input":
        return analysis.norms(gradients.inputs)[:, 0]
    letter = CELLS[network].memory if curve == "memory" else "h"
    return analysis.norms(getattr(gradients.vectors, letter))[:, 0]


def routes(experiment: Experiment, network: str, distances: tuple[int, ...]) -> Routes:
    """The routes of the memory's derivative. Raises InputError as `simulate` and `_bounded` do."""
    return _routes(_bounded(Settings(experiment, network)), distances)


def products(experiment: Experiment, network: str, distances: tuple[int, ...]) -> Products:
    """Singular values of the products of state Jacobians. Raises InputError as `simulate` and `_bounded` do."""
    return _products(_bounded(Settings(experiment, network)), distances)


def _bounded(asked: Settings) -> Settings:
    """Raise InputError where the state's Jacobians would keep the server busy for seconds."""
    shown = _simulation(asked)
    steps, _, units = shown.recording.vectors.h.shape
    state = units * len(shown.recording.final)
    if steps * state**3 > LARGEST_PRODUCTS:
        most = int((LARGEST_PRODUCTS / steps) ** (1 / 3) / len(shown.recording.final))
        message = (
            "Expected at most {limit} units for {steps} steps here, got {count}: choose fewer units or steps."
        )
        raise InputError("jacobians_large", message, limit=most, steps=steps, count=units)
    return asked


def contributions(experiment: Experiment, network: str) -> Contributions:
    """What each step adds to dL/dU. Raises InputError as `simulate` does."""
    return _contributions(Settings(experiment, network))


def with_recipes(experiment: Experiment, network: str, horizon: int) -> Mapping[str, Gradients]:
    """Gradients with the biases of each of `horizon.recipes`, by its name, for a horizon in steps.

    Chrono biases are drawn from a child of the seed of their own. Raises InputError as `simulate` does.
    """
    return _with_recipes(Settings(experiment, network), horizon)


def conversion(experiment: Experiment, source: str, network: str) -> Parity:
    """A source's network beside ours with its weights, on the experiment's input, units and seed.

    Raises InputError as `input_signal` does.
    """
    return _conversion(experiment, source, network)


def chrono_rng(experiment: Experiment) -> np.random.Generator:
    """The generator of chrono biases, a child of the seed of its own."""
    return np.random.default_rng((experiment.seed, 3))


@remembered
def _simulation(asked: Settings) -> Simulation:
    return simulate(asked.experiment, shelf=SHELF)


@remembered
def _gradients(asked: Settings) -> Gradients:
    return learning_signal(_simulation(asked))


@remembered
def _norms(asked: Settings, curve: str) -> np.ndarray:
    found = learning_signal(simulate(asked.experiment, shelf=SHELF))
    return norms_of(found, asked.experiment.network, curve)


@remembered
def _routes(asked: Settings, distances: tuple[int, ...]) -> Routes:
    return routes_of(_simulation(asked).recording, distances)


@remembered
def _products(asked: Settings, distances: tuple[int, ...]) -> Products:
    return jacobian_products(state_jacobians(_simulation(asked).recording), distances)


@remembered
def _contributions(asked: Settings) -> Contributions:
    return contributions_of(_simulation(asked).recording, _gradients(asked))


@remembered
def _with_recipes(asked: Settings, horizon: int) -> dict[str, Gradients]:
    experiment, units = asked.experiment, _simulation(asked).recording.final.h.shape[-1]
    found = recipes(CELLS[experiment.network], chrono_rng(experiment), units, horizon)
    return {
        name: learning_signal(simulate(experiment, shelf=SHELF, biases=biases))
        for name, biases in found.items()
    }


@remembered
def _conversion(experiment: Experiment, source: str, network: str) -> Parity:
    inputs = input_signal(experiment, SHELF).inputs
    return parity(SOURCES[source].networks[network], inputs, experiment.units, experiment.seed)
