"""Biases for a horizon: gates that keep what they hold for about T steps from the first step of learning on.

A forget gate with nothing but its bias, f = 1 - 1/T, keeps f^T = 1/e over the horizon, and 1 / (1 - f) = T.
The input gate gets the opposite bias, so that as much is let in as is lost: i = 1/T. Tallec & Ollivier 2018,
"Can recurrent neural networks warp time?", eq. 16. In the GRU the update gate is both, b_z = -ln(T - 1).
"""

from collections.abc import Mapping
from typing import overload

import numpy as np

from recurrent_core.cell import Cell, Role

# Sign of ln(T - 1) in the bias of each gate that decides about the memory: LSTM f and i, GRU z.
SIGNS: dict[Role, int] = {"keep": 1, "write": -1, "replace": -1}


def horizon_biases(cell: Cell, horizon: float) -> dict[str, float]:
    """Biases {gate: number} for one horizon T in steps: LSTM b_f = ln(T - 1), b_i = -b_f; none for the RNN.

    Raises ValueError for a horizon that is not above 1: a gate without input keeps half at T = 2.
    """
    if not 1 < horizon < np.inf:
        raise ValueError(f"expected a horizon of more than 1 step, got {horizon}")
    return {gate: SIGNS[cell.role(gate)] * float(np.log(horizon - 1)) for gate in cell.named(*SIGNS)}


def chrono_biases(
    cell: Cell, rng: np.random.Generator, units: int, longest: float, draws: int = 1
) -> dict[str, np.ndarray]:
    """Chrono initialisation: biases {gate: (unit,)} with ln of a uniform number in 1..longest - 1 per unit.

    Then 1 / (1 - f) is uniform in 2..longest. `draws` = 2 is the mistake that a framework with two bias
    vectors invites, both drawn and then added: 1 / (1 - f) reaches (longest - 1)^2 + 1.

    Raises ValueError for a horizon below 2 and for less than one draw.
    """
    if not 2 <= longest < np.inf or draws < 1:
        raise ValueError(f"expected a horizon of 2 steps or more and a draw or more, got {longest}, {draws}")
    bias = np.log(rng.uniform(1, longest - 1, (draws, units))).sum(axis=0)
    return {gate: SIGNS[cell.role(gate)] * bias for gate in cell.named(*SIGNS)}


def recipes(
    cell: Cell, rng: np.random.Generator, units: int, horizon: float
) -> dict[str, Mapping[str, float | np.ndarray]]:
    """Biases for one horizon by the name of the recipe; none for a cell that has none of the gates.

    recipe     `horizon_biases`
    forgotten  the same with b_i = 0: the input gate lets in far more than is lost; only where there is one
    chrono     `chrono_biases`
    """
    whole = horizon_biases(cell, horizon)
    if not whole:
        return {}
    found: dict[str, Mapping[str, float | np.ndarray]] = {"recipe": whole}
    if writers := cell.named("write"):
        found["forgotten"] = whole | dict.fromkeys(writers, 0.0)
    return found | {"chrono": chrono_biases(cell, rng, units, horizon)}


def log_kept(bias: np.ndarray | float, steps: np.ndarray | float) -> np.ndarray | float:
    """ln of what a gate with nothing but its bias keeps over some steps, ln(f^k): exact for any bias.

    f = sigmoid(b), ln f = -ln(1 + exp(-b)). For b_z of a GRU give -b_z.
    """
    return -np.asarray(steps) * np.logaddexp(0.0, -np.asarray(bias))


@overload
def time_constants(bias: float) -> float: ...
@overload
def time_constants(bias: np.ndarray) -> np.ndarray: ...
def time_constants(bias: np.ndarray | float) -> np.ndarray | float:
    """1 / (1 - f) in steps of a gate with nothing but its bias, 1 + exp(b): `analysis.time_constant` would
    lose the digits of 1 - f."""
    with np.errstate(over="ignore"):
        return 1 + np.exp(np.asarray(bias, dtype=float))
