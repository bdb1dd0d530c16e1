"""From gradients to the curves and blocks of the Gradients page."""

from dataclasses import replace

import numpy as np

from figures.colours import VECTORS
from figures.curves import Curve
from figures.heatmaps import Block
from recurrent_core import CELLS, Experiment, Gradients, Table, analysis
from recurrent_core.experiment import reseeded
from ui import cached, readouts
from ui.text import Text

SEEDS = 8
DECADES = 8.0  # of the heatmaps' colours, below the largest value


def norms(experiment: Experiment, network: str, table: Table | None) -> np.ndarray:
    """Norms (time,) of the gradient of the vector that the experiment's `curve` names."""
    gradients = cached.gradients(experiment, network, table)
    return analysis.norms(_chosen(gradients, experiment, network))[:, 0]


def curve(t: Text, experiment: Experiment, network: str, norm: np.ndarray, band: analysis.Spread | None) -> Curve:
    """One network's curve, with its factor a step in words."""
    return Curve(
        network,
        t.choice("network", network),
        shown(experiment, norm),
        readouts.curve_factor(t, norm, experiment.distance),
        None if band is None else band.low,
        None if band is None else band.high,
    )


def shown(experiment: Experiment, norm: np.ndarray) -> np.ndarray:
    """log10 of what the page draws: the norm itself, or relative to the last step."""
    return analysis.relative_log10(norm) if experiment.axis == "relative" else analysis.log10(norm)


def band(experiment: Experiment, network: str, table: Table | None) -> analysis.Spread:
    """Lowest, median and highest of the curve over SEEDS seeds, the experiment's own first."""
    return analysis.band(
        [shown(experiment, norms(seeded, network, table)) for seeded in reseeded(experiment, SEEDS)]
    )


def blocks(t: Text, experiment: Experiment, table: Table | None) -> list[Block]:
    """The size of the gradient of every vector of the experiment's network, in powers of ten, square by square."""
    network = experiment.network
    gradients = cached.gradients(experiment, network, table)
    sizes = {letter: analysis.log10(np.abs(g[:, 0])) for letter, g in gradients.vectors._asdict().items()}
    finite = np.concatenate([size[np.isfinite(size)] for size in sizes.values()] or [np.zeros(1)])
    high = float(np.ceil(finite.max())) if finite.size else 0.0
    return [
        Block(
            key=f"{network}.{letter}",
            name=t(f"vectors.{network}.{letter}.name"),
            note="",
            colour=VECTORS[letter],
            values=np.where(np.isfinite(size), size, np.nan),
            low=high - DECADES,
            high=high,
        )
        for letter, size in sizes.items()
    ]


def _chosen(gradients: Gradients, experiment: Experiment, network: str) -> np.ndarray:
    if experiment.curve == "input":
        return gradients.inputs
    letter = CELLS[network].memory if experiment.curve == "memory" else "h"
    return getattr(gradients.vectors, letter)


def without_clamps(experiment: Experiment) -> Experiment:
    """The same settings with nothing held."""
    return replace(experiment, clamps=())
