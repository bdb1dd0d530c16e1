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
from recurrent_core.lab.fields import with_checked
from recurrent_core.lab.simulate import input_signal
from ui.recordings import trained
from ui.recordings.memory import remembered
from ui.recordings.shelf import SHELF

LARGEST_PRODUCTS = 6e8  # steps x state^3: half a second on one core


UNSAID = Experiment()


def decisive(experiment: Experiment, network: str) -> Experiment:
    """What decides about a recording by this network: the experiment with all other fields as when nothing is said.

    Of a trained network the snapshot itself decides, for more are added while a training runs. The seed stays, which
    also draws the loss whose gradient is taken.
    """
    return _decisive(_asked(experiment, network))


def _asked(experiment: Experiment, network: str) -> Experiment:
    if experiment.network != network:
        experiment = change(experiment, network=network)
    return trained.exact(experiment) if experiment.wiring == "trained" else experiment


def _decisive(asked: Experiment) -> Experiment:
    names = fields_in_use(asked) | {"network", "seed"}
    return with_checked(UNSAID, {name: getattr(asked, name) for name in names})


def simulation(experiment: Experiment, network: str) -> Simulation:
    """The experiment, run by one network. Raises InputError as `simulate` does."""
    asked = _asked(experiment, network)
    return _simulation(_decisive(asked))._replace(experiment=asked)


def gradients(experiment: Experiment, network: str) -> Gradients:
    """Gradients of the loss on the last hidden state. Raises InputError as `simulate` does."""
    return _gradients(decisive(experiment, network))


def norms(experiment: Experiment, network: str, curve: str) -> np.ndarray:
    """Norms (time,) of the gradient of the network's "memory", of its "hidden" state or of the "input".

    Nothing else is kept of the run: for the many runs of a band. Raises InputError as `simulate` does.
    """
    return _norms(decisive(experiment, network), curve)


def norms_of(gradients: Gradients, network: str, curve: str) -> np.ndarray:
    """The same from gradients that are there."""
    if curve == "input":
        return analysis.norms(gradients.inputs)[:, 0]
    letter = CELLS[network].memory if curve == "memory" else "h"
    return analysis.norms(getattr(gradients.vectors, letter))[:, 0]


def routes(experiment: Experiment, network: str, distances: tuple[int, ...]) -> Routes:
    """The routes of the memory's derivative. Raises InputError as `simulate` and `_bounded` do."""
    return _routes(_bounded(decisive(experiment, network)), distances)


def products(experiment: Experiment, network: str, distances: tuple[int, ...]) -> Products:
    """Singular values of the products of state Jacobians. Raises InputError as `simulate` and `_bounded` do."""
    return _products(_bounded(decisive(experiment, network)), distances)


def _bounded(asked: Experiment) -> Experiment:
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
    return _contributions(decisive(experiment, network))


def with_recipes(experiment: Experiment, network: str, horizon: int) -> Mapping[str, Gradients]:
    """Gradients with the biases of each of `horizon.recipes`, by its name, for a horizon in steps.

    Chrono biases are drawn from a child of the seed of their own. Raises InputError as `simulate` does.
    """
    return _with_recipes(decisive(experiment, network), horizon)


def conversion(experiment: Experiment, source: str, network: str) -> Parity:
    """A source's network beside ours with its weights, on the experiment's input, units and seed.

    Raises InputError as `input_signal` does.
    """
    return _conversion(experiment, source, network)


def chrono_rng(experiment: Experiment) -> np.random.Generator:
    """The generator of chrono biases, a child of the seed of its own."""
    return np.random.default_rng((experiment.seed, 3))


@remembered
def _simulation(asked: Experiment) -> Simulation:
    return simulate(asked, shelf=SHELF)


@remembered
def _gradients(asked: Experiment) -> Gradients:
    return learning_signal(_simulation(asked))


@remembered
def _norms(asked: Experiment, curve: str) -> np.ndarray:
    found = learning_signal(simulate(asked, shelf=SHELF))
    return norms_of(found, asked.network, curve)


@remembered
def _routes(asked: Experiment, distances: tuple[int, ...]) -> Routes:
    return routes_of(_simulation(asked).recording, distances)


@remembered
def _products(asked: Experiment, distances: tuple[int, ...]) -> Products:
    return jacobian_products(state_jacobians(_simulation(asked).recording), distances)


@remembered
def _contributions(asked: Experiment) -> Contributions:
    return contributions_of(_simulation(asked).recording, _gradients(asked))


@remembered
def _with_recipes(asked: Experiment, horizon: int) -> dict[str, Gradients]:
    units = _simulation(asked).recording.final.h.shape[-1]
    found = recipes(CELLS[asked.network], chrono_rng(asked), units, horizon)
    return {
        name: learning_signal(simulate(asked, shelf=SHELF, biases=biases)) for name, biases in found.items()
    }


@remembered
def _conversion(experiment: Experiment, source: str, network: str) -> Parity:
    inputs = input_signal(experiment, SHELF).inputs
    return parity(SOURCES[source].networks[network], inputs, experiment.units, experiment.seed)
