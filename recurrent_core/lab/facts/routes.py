"""The routes of a gradient: along the product of the forget gates, and every other."""

from collections.abc import Callable

import numpy as np

from recurrent_core.analysis.contributions import step_gradients
from recurrent_core.analysis.routes import route_shares, routes
from recurrent_core.cells.lstm import LSTM
from recurrent_core.lab.facts.fact import Fact, Seen, about, within
from recurrent_core.lab.facts.of_experiments import (
    NOISE,
    PULSE,
    learned,
    on_gradients,
    over_seeds,
    recorded,
    rnn,
)
from recurrent_core.run import Recording, backprop, run


def cell_route(of: Seen) -> float:
    """Share of the gradient `distance` steps back that came along the product of the forget gates."""
    shares = route_shares(*learned(of), [of.distance])
    return float("nan") if shares is None else float(shares.cell[0])


def taught_by_the_last_ten(of: Seen) -> float:
    """Norm of what the last 10 steps give to dL/dU, as a share of the whole."""
    steps = step_gradients(*learned(of))
    return float(np.linalg.norm(steps[-10:].sum(axis=0)) / np.linalg.norm(steps.sum(axis=0)))


def four_terms(recording: Recording, t: int, terms: str = "ifg") -> np.ndarray:
    """dc_t/dc_(t-1) with o_(t-1) held, longhand, acting on columns; `terms` are those that pass a gate."""
    i, f, g, o, c, _ = (vector[:, 0] for vector in recording.vectors)
    local = {"i": g * i * (1 - i), "f": np.roll(c, 1, axis=0) * f * (1 - f), "g": i * (1 - g**2)}
    passed = sum(local[gate][t][:, None] * getattr(recording.params, gate).U.T for gate in terms)
    return np.diag(f[t]) + passed * (o[t - 1] * (1 - np.tanh(c[t - 1]) ** 2))


def missed_in_one_step(terms: str) -> float:
    """Largest difference of backpropagation through one step from the longhand Jacobian, relative."""
    recording = recorded(NOISE)
    dc = np.linspace(-1, 1, recording.vectors.c.shape[-1])
    grads = backprop(recording, d_final=LSTM.State(np.zeros_like(dc[None]), dc[None]))
    return np.abs(dc @ four_terms(recording, -1, terms) / grads.vectors.c[-2, 0] - 1).max()


def by_state(recording: Recording) -> float:
    """Norm of dc_T/dc_(T-30) from the Jacobians of h and c together."""
    return 10 ** routes(recording, [30]).total[0]


def by_four_terms(recording: Recording) -> float:
    """The same from products of one-step derivatives of c alone, which is the mistake."""
    product = np.eye(recording.vectors.c.shape[-1])
    for t in range(1, 31):
        product = product @ four_terms(recording, -t)
    return float(np.linalg.norm(product, 2))


def thirty_steps(product: Callable[[Recording], float]) -> float:
    """Norm of dc_T/dc_(T-30) from a product of Jacobians, relative to what backpropagation gives."""
    recording = recorded(NOISE.change(memory=0.0, input_bias=0.0, scale=1.5))
    units = recording.vectors.c.shape[-1]
    copies = run(LSTM, recording.params, np.repeat(recording.inputs, units, axis=1))
    total = backprop(copies, d_final=LSTM.State(np.zeros((units, units)), np.eye(units))).vectors.c[-31]
    return float(product(recording) / np.linalg.norm(total, 2))


_WHY = PULSE._replace(shown={"tab": "why"})
_STEPS = NOISE._replace(shown={"tab": "steps"})
ROUTES = (
    Fact("one_step_jacobian", "routes", "four_terms", about(0, 1e-10), missed_in_one_step, "ifg", "if"),
    Fact("thirty_steps", "routes", "chain_rule", about(1, 1e-9), thirty_steps, by_state, by_four_terms),
    on_gradients("route_3", "routes", within(0.68, 1.2), _WHY, over_seeds(cell_route),
                 memory=1.0),
    on_gradients("route_1", "routes", within(0.49, 1.3), _WHY.change(memory=1.0),
                 over_seeds(cell_route), memory=3.0),
    on_gradients("last_ten_rnn", "routes", about(0.98, 0.03), rnn(_STEPS),
                 over_seeds(taught_by_the_last_ten), scale=1.3),
    on_gradients("last_ten_lstm", "routes", about(0.43, 0.04), _STEPS,
                 over_seeds(taught_by_the_last_ten), memory=1.0),
)  # fmt: skip
