"""From gradients to the curves and blocks of the Gradients page."""

from collections.abc import Callable
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


def norms(experiment: Experiment, network: str, table: Table | None) -> np.ndarray:
    """Norms (time,) of the gradient of the vector that the experiment's `curve` names."""
    gradients = cached.gradients(experiment, network, table)
    return analysis.norms(_chosen(gradients, experiment, network))[:, 0]


def curve(t: Text, experiment: Experiment, network: str, norm: np.ndarray) -> Curve:
    """One network's curve, with its factor a step in words."""
    factor = readouts.curve_factor(t, norm, experiment.distance)
    return Curve(network, t.choice("network", network), shown(experiment, norm), factor)


def with_band(curve: Curve, experiment: Experiment, table: Table | None) -> Curve:
    """The curve with the lowest and the highest value over SEEDS seeds, the experiment's own first."""
    seeded = [norms(e, curve.network, table) for e in reseeded(experiment, SEEDS)]
    low, _, high = analysis.band([shown(experiment, norm) for norm in seeded])
    return curve._replace(low=low, high=high)


def pinned(
    t: Text, pin: Experiment | None, experiment: Experiment, table_of: Callable[[Experiment], Table | None]
) -> list[Curve]:
    """The curves of the pinned settings, read as the present ones are: same vector, same axis."""
    if pin is None:
        return []
    pin = replace(pin, curve=experiment.curve, axis=experiment.axis, distance=experiment.distance)
    return [curve(t, pin, network, norms(pin, network, table_of(pin))) for network in CELLS]


def shown(experiment: Experiment, norm: np.ndarray) -> np.ndarray:
    """log10 of what the page draws: the norm itself, or relative to the last step."""
    return analysis.relative_log10(norm) if experiment.axis == "relative" else analysis.log10(norm)


def blocks(t: Text, experiment: Experiment, table: Table | None) -> list[Block]:
    """The size of the gradient of every vector of the experiment's network, in powers of ten, square by square."""
    network = experiment.network
    gradients = cached.gradients(experiment, network, table)
    sizes = {letter: analysis.log10(np.abs(g[:, 0])) for letter, g in gradients.vectors._asdict().items()}
    return [
        Block(
            key=f"{network}.{letter}",
            name=t(f"vectors.{network}.{letter}.name"),
            note="",
            colour=VECTORS[letter],
            values=size.astype(np.float32),
            scale="strength",
        )
        for letter, size in sizes.items()
    ]


def _chosen(gradients: Gradients, experiment: Experiment, network: str) -> np.ndarray:
    if experiment.curve == "input":
        return gradients.inputs
    letter = CELLS[network].memory if experiment.curve == "memory" else "h"
    return getattr(gradients.vectors, letter)
