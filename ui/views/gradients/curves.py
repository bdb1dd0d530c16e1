"""From gradients to the curves and blocks of the Gradients page."""

import numpy as np

from figures import colours
from figures.curves import Curve
from figures.heatmaps import Block
from recurrent_core import CELLS, Experiment, analysis
from recurrent_core.analysis.horizon import horizon_biases, log_kept
from recurrent_core.analysis.products import RESOLUTION, Products, log10_bound, log_distances
from recurrent_core.analysis.routes import Routes
from recurrent_core.lab.experiment import reseeded
from ui.recordings import cached
from ui.settings import State
from ui.views.gradients import words as gradients_words
from ui.words import numbers
from ui.words.text import Text

SEEDS = 8
QUICK = 16 * 100  # units times steps up to which all distances are computed while a control is dragged
LINES = 64  # of a fan


def norms(here: State, network: str) -> np.ndarray:
    """Norms (time,) of the gradient of the vector that the view's `curve` names."""
    return cached.norms_of(cached.gradients(here.experiment, network), network, here.view.curve)


def curve(t: Text, here: State, network: str, norm: np.ndarray) -> Curve:
    """One network's curve, with its factor a step in words."""
    factor = gradients_words.curve_factor(t, norm, here.view.distance)
    return Curve(network, t.choice("network", network), shown(here.view.axis, norm), factor)


def all_networks(t: Text, here: State) -> list[Curve]:
    """The curves of the three networks."""
    return [curve(t, here, network, norms(here, network)) for network in CELLS]


def with_band(curve: Curve, here: State) -> Curve:
    """The curve with the lowest and the highest value over SEEDS seeds, the experiment's own first."""
    _, *others = reseeded(here.experiment, SEEDS)
    norm = [cached.norms(one, curve.network, here.view.curve) for one in others]
    low, _, high = analysis.band([curve.log10, *(shown(here.view.axis, one) for one in norm)])
    return curve._replace(low=low, high=high)


def shown(axis: str, norm: np.ndarray) -> np.ndarray:
    """log10 of what the page draws: the norm itself, or relative to the last step."""
    return analysis.relative_log10(norm) if axis == "relative" else analysis.log10(norm)


# Why, and which directions


def distances(here: State) -> tuple[int, ...]:
    """Distances to compute: all, or where that takes too long for a drag 24, and the one that is read."""
    recording = cached.simulation(here.experiment, here.experiment.network).recording
    time, _, units = recording.vectors.h.shape
    if here.settled or time * units <= QUICK:
        return tuple(range(time))
    read = min(here.view.distance, time - 1)
    return tuple(sorted({0, read, *log_distances(time - 1).tolist()}))


def few(*shown: State) -> bool:
    """Whether for any of these settings fewer distances are computed than there are."""
    return any(len(asked) <= asked[-1] for asked in map(distances, shown))


def routes(t: Text, here: State, found: Routes, U: np.ndarray | None) -> list[Curve]:
    """Total derivative of the memory, its own route and the rest; or, with the RNN's U, total and bound."""
    levels = {"total": found.total}
    if U is not None:
        levels["bound"] = log10_bound(U, found.distances)
    elif found.cell is not None and found.rest is not None:
        resolved = found.rest > found.total + np.log10(RESOLUTION)  # else it is a rounding error of the total
        levels |= {"cell": found.cell, "rest": np.where(resolved, found.rest, np.nan)}
    names = {name: t(f"why.{name}") for name in levels if name != "cell"}
    names["cell"] = (
        t(f"why.cell_{'rnn' if U is not None else here.experiment.network}") if "cell" in levels else ""
    )
    return [_by_distance(t, here, n, names[n], found.distances, log) for n, log in levels.items()]


def largest(t: Text, here: State, found: Products) -> Curve:
    """The largest singular value, in the network's colour."""
    return _by_distance(
        t, here, here.experiment.network, t("directions.largest"), found.distances, found.log10[:, 0]
    )


def others(found: Products) -> np.ndarray:
    """The other singular values (distance, line): of many LINES, evenly chosen by their place in order."""
    count = found.log10.shape[1]
    chosen = np.unique(np.linspace(1, count - 1, min(LINES, count) - 1).round().astype(int))
    return found.log10[:, chosen[chosen > 0]] if count > 1 else found.log10[:, 1:]


def _by_distance(
    t: Text, here: State, colour: str, name: str, distances: np.ndarray, log10: np.ndarray
) -> Curve:
    """A curve over time of what is known at some distances."""
    over_time = np.full(distances[-1] + 1, np.nan)
    over_time[distances[-1] - distances] = log10
    factor = analysis.factor_between(distances, log10, here.view.distance)
    per_step = t("gradients.per_step", factor=numbers.factor(t, factor)) if np.isfinite(factor) else ""
    return Curve(colour, name, over_time, per_step, joined=True)


# Which steps


def contribution(t: Text, experiment: Experiment, network: str) -> Curve:
    """A network's contributions to dL/dU, unknown where it had nothing to learn from: h before the step 0."""
    recording = cached.simulation(experiment, network).recording
    lengths = cached.contributions(experiment, network).norms
    met = recording.states.h[:-1, 0].any(axis=-1)
    log10 = np.where(met, analysis.relative_log10(lengths), np.nan)
    return Curve(network, t.choice("network", network), log10, gradients_words.curve_factor(t, lengths))


# What to do


def remedies(t: Text, here: State, network: str) -> list[Curve]:
    """The memory's gradient as set now, with each recipe, and as the gate alone promises; all relative."""
    letter, cell, horizon = CELLS[network].memory, CELLS[network], here.view.horizon
    found = {"now": cached.gradients(here.experiment, network)}
    found |= cached.with_recipes(here.experiment, network, horizon)
    norm = {name: analysis.norms(getattr(g.vectors, letter))[:, 0] for name, g in found.items()}
    names = {name: t(f"remedy.{name}_{network}" if name == "recipe" else f"remedy.{name}") for name in norm}
    drawn = [
        Curve(
            name,
            names[name],
            analysis.relative_log10(curve),
            gradients_words.curve_factor(t, curve, horizon),
        )
        for name, curve in norm.items()
    ]
    bias = abs(next(iter(horizon_biases(cell, horizon).values())))
    kept = log_kept(bias, np.arange(len(norm["now"]) - 1, -1, -1)) / np.log(10)
    per_step = t("gradients.per_step", factor=numbers.factor(t, analysis.share_kept(bias)))
    return [*drawn, Curve("predicted", t("remedy.predicted"), kept, per_step)]


# Gradients of every vector


def blocks(t: Text, experiment: Experiment) -> list[Block]:
    """The size of the gradient of every vector of the experiment's network, in powers of ten, square by square."""
    network = experiment.network
    gradients = cached.gradients(experiment, network)
    sizes = {letter: analysis.log10(np.abs(g[:, 0])) for letter, g in gradients.vectors._asdict().items()}
    return [
        Block(
            key=f"{network}.{letter}",
            name=t(f"vectors.{network}.{letter}.name"),
            note="",
            colour=colours.vector(CELLS[network], letter),
            values=size.astype(np.float32),
            scale="strength",
        )
        for letter, size in sizes.items()
    ]
