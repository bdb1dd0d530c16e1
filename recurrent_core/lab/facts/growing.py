"""Where memory turns into growth: the eigenvalues of a step near the zero state, where nothing has been written yet."""

from typing import NamedTuple

import numpy as np

from recurrent_core.analysis.jacobians import state_jacobians
from recurrent_core.analysis.products import jacobian_products
from recurrent_core.lab.facts.fact import Seen, about, seen
from recurrent_core.lab.facts.of_experiments import NOISE, gru, on_gradients, recorded, rnn


class Circle(NamedTuple):
    """The circle about a point of the real axis on which eigenvalues lie."""

    centre: float
    radius: float


def circle(of: Seen) -> Circle:
    """Of the first step, before any input: orthogonal recurrent weights put the eigenvalues on a circle.

    |x - centre| = radius is |x|^2 = 2 centre Re x + (radius^2 - centre^2), a straight line through points
    (Re x, |x|^2). An LSTM's h and c are one there: half of its eigenvalues are 0 and not looked at.
    """
    recording = recorded(of)
    units = recording.final.h.shape[-1]
    eigenvalues = np.linalg.eigvals(state_jacobians(recording)[0])
    eigenvalues = eigenvalues[np.abs(eigenvalues).argsort()[-units:]]
    slope, height = np.polyfit(eigenvalues.real, np.abs(eigenvalues) ** 2, 1)
    return Circle(slope / 2, float(np.sqrt(height + slope**2 / 4)))


def centre(of: Seen) -> float:
    return circle(of).centre


def radius(of: Seen) -> float:
    return circle(of).radius


def critical_scale(of: Seen) -> float:
    """The recurrent weight scale at which the circle, whose radius grows with it, touches 1."""
    found = circle(of)
    return (1 - found.centre) / found.radius * of.experiment.scale


def exponents(of: Seen) -> np.ndarray:
    """All Lyapunov exponents, in powers of e a step, the largest first."""
    found = jacobian_products(state_jacobians(recorded(of)), [of.distance])
    return found.log10[0] * np.log(10) / of.distance


def largest_exponent(of: Seen) -> float:
    return float(exponents(of)[0])


def smallest_exponent(of: Seen) -> float:
    return float(exponents(of)[-1])


_STILL = NOISE.change(noise_sd=0.0, scale=1.0)  # no input, so that the state stays 0
_CRITICAL = _STILL.change(scale=2.0)
_OPEN = seen("lstm_grows", distance=90)  # its input gate is half open
_SHRINKING = rnn(_STILL).change(scale=0.8)._replace(shown={"tab": "directions"})
GROWING = (
    on_gradients("circle_centre", "growing", about(0.952574, 6e-7), gru(_STILL), centre, "can", memory=2.9),
    on_gradients("circle_radius", "growing", about(0.023713, 6e-7), gru(_STILL), radius, "can", reset_bias=0.1),
    on_gradients("circle_lstm", "growing", about(0.25, 1e-6), _OPEN, radius, "can", output_bias=0.1),
    on_gradients("critical_lstm_1", "growing", about(2, 1e-6), _CRITICAL.change(memory=1.0, input_bias=-1.0),
                 critical_scale, "critical", input_bias=-0.9),
    on_gradients("critical_lstm_3", "growing", about(2, 1e-6), _CRITICAL, critical_scale, "critical", input_bias=-2.9),
    on_gradients("critical_gru", "growing", about(2, 1e-6), gru(_CRITICAL), critical_scale, "kanai", reset_bias=0.1),
    on_gradients("critical_open_1", "growing", about(1.076, 6e-4), _OPEN.change(memory=1.0), critical_scale,
                 "critical", memory=1.1),
    on_gradients("critical_open_3", "growing", about(0.190, 6e-4), _OPEN, critical_scale, "critical", memory=2.9),
    on_gradients("exponent_largest", "growing", about(-0.2231, 6e-5), _SHRINKING, largest_exponent, "exponents",
                 recurrent="gaussian"),
    on_gradients("exponent_smallest", "growing", about(-0.2231, 6e-5), _SHRINKING, smallest_exponent, "exponents",
                 scale=0.85),
)  # fmt: skip
