"""Keeping: what a lone forget gate keeps, and for how long."""

from collections.abc import Callable

import numpy as np

from recurrent_core import analysis
from recurrent_core.analysis.horizon import horizon_biases
from recurrent_core.arrays import sigmoid
from recurrent_core.cells.lstm import LSTM
from recurrent_core.clamp import Clamp
from recurrent_core.lab.facts.fact import Fact, Seen, about
from recurrent_core.lab.facts.of_experiments import PULSE, left, on_gates, recorded, seen_half_life


def forget_gate(of: Seen) -> float:
    """Mean forget gate at the last step."""
    return recorded(of).vectors.f[-1].mean()


def time_constant(of: Seen) -> float:
    """1 / (1 - f) at the last step."""
    f: np.ndarray = recorded(of).vectors.f
    return float(analysis.time_constant(f[-1]).mean())


def small_share(one_minus: Callable[[np.ndarray], np.ndarray]) -> float:
    """What a gate of pre-activation 40 loses per step."""
    return float(one_minus(np.array(40.0)))


# After the pulse nothing but the bias moves f, and nothing but f moves c.
LONE = PULSE.change(scale=0.0, clamps=(Clamp("i", 0.0, 6),))


def _keeps(bias: float, steps: int = 0) -> Seen:
    """A lone forget gate, looked at some steps after the write."""
    return LONE.change(memory=bias)._replace(cursor=LONE.experiment.pulse_at + steps)


KEEPING = (
    on_gates("gate", "keeping", "sigmoid", about(0.9526, 6e-5), forget_gate, _keeps(3.0), memory=2.9),
    on_gates("ten_steps_1", "keeping", "power", about(0.0436, 6e-5), left, _keeps(1.0, 10), memory=1.1),
    on_gates("fifty_steps_3", "keeping", "power", about(0.0881, 6e-5), left, _keeps(3.0, 50), memory=3.1),
    on_gates("fifty_steps_5", "keeping", "power", about(0.715, 6e-4), left, _keeps(5.0, 50), memory=4.9),
    on_gates("half_life_3", "keeping", "half_life", about(14.27, 6e-3), seen_half_life, _keeps(3.0), memory=3.1),
    on_gates("time_constant_5", "keeping", "time_constant", about(149.4, 0.06), time_constant, _keeps(5.0), memory=5.1),
    on_gates("horizon_100", "keeping", "tallec", about(0.3660, 6e-5), left,
             _keeps(horizon_biases(LSTM, 100)["f"], 100).change(steps=120), memory=float(np.log(100))),
    Fact("small_share", "keeping", "tail", about(4.248354e-18, 1e-23), small_share, lambda a: sigmoid(-a),
         lambda a: 1 - sigmoid(a)),
)  # fmt: skip
