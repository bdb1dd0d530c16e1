"""Starting: what a fresh network keeps, by its initialisation."""

from typing import NamedTuple

import numpy as np

from recurrent_core import analysis
from recurrent_core.analysis.horizon import chrono_biases, time_constants
from recurrent_core.cells.lstm import LSTM
from recurrent_core.lab.facts.fact import Expected, Fact, about, between, seen, within
from recurrent_core.lab.facts.of_experiments import NOISE, gru, on_gradients
from recurrent_core.lab.wiring import WIRINGS


class Chrono(NamedTuple):
    """Chrono initialisation of many units for a longest horizon, drawn once or, by mistake, twice."""

    longest: float
    draws: int = 1


def _time_constants(chrono: Chrono) -> np.ndarray:
    rng = np.random.default_rng(0)
    biases = chrono_biases(LSTM, rng, 20_000, chrono.longest, chrono.draws)
    return time_constants(biases["f"])


def mean_time_constant(chrono: Chrono) -> float:
    return _time_constants(chrono).mean()


def largest_time_constant(chrono: Chrono) -> float:
    return _time_constants(chrono).max()


def median_half_life(chrono: Chrono) -> float:
    return float(np.median(analysis.half_life(1 - 1 / _time_constants(chrono))))


def half_life_of_mean_gate(chrono: Chrono) -> float:
    return analysis.half_life(float((1 - 1 / _time_constants(chrono)).mean()))


def recurrent_energy(wiring: str) -> float:
    """Mean over the LSTM's gates of |U|^2 / units: 1 for an orthogonal U."""
    params = WIRINGS[wiring](LSTM, 0, 1, 16)
    return np.mean([np.square(affine.U).sum() / len(affine.U) for affine in params])


_TORCH = seen("fresh_torch")
_LN49 = float(np.log(49))
_CHRONO = _TORCH.change(memory=_LN49, input_bias=-_LN49)
_BY_GATE = NOISE.change(scale=1.0, forget_bias=1.0, update_bias=0.0, input_bias=0.0)
STARTING = (
    Fact("chrono_mean", "starting", "tallec_mean", about(51, 1), mean_time_constant, Chrono(100), Chrono(100, 2)),
    Fact("chrono_twice", "starting", "tallec_twice", between(2000, 9802), largest_time_constant, Chrono(100, 2),
         Chrono(100)),
    Fact("median_unit", "starting", "median_unit", about(35.0, 0.7), median_half_life, Chrono(100), Chrono(100, 2)),
    Fact("mean_gate", "starting", "mean_gate", about(17.0, 0.35), half_life_of_mean_gate, Chrono(100), Chrono(200)),
    on_gradients("chrono_torch", "starting", Expected(0.363, 0.32, 0.47), _CHRONO, input_bias=0.0),
    on_gradients("fresh_torch", "starting", within(1e-10, 2), _TORCH, memory=1.0),
    on_gradients("fresh_torch_gru", "starting", within(1e-10, 2), gru(_TORCH), memory=1.0),
    on_gradients("fresh_torch_bias", "starting", within(9e-5, 2), _TORCH.change(memory=1.0), memory=0.0),
    on_gradients("by_gate_lstm", "starting", within(0.011, 2), _BY_GATE, forget_bias=0.0),
    on_gradients("by_gate_gru", "starting", within(3e-8, 2), gru(_BY_GATE), update_bias=-1.0),
    Fact("fused_kernel", "starting", "keras_orthogonal", about(0.25, 1e-12), recurrent_energy, "fresh_keras",
         "random"),
)  # fmt: skip
