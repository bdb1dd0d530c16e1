"""Vanishing and exploding gradients of the three networks."""

import numpy as np

from recurrent_core import analysis
from recurrent_core.clamp import Clamp
from recurrent_core.lab.facts.fact import Expected, Fact, Seen, about, between, seen, within
from recurrent_core.lab.facts.of_experiments import (
    NOISE,
    PULSE,
    SEEDS,
    gradient_norms,
    gru,
    on_gradients,
    over_seeds,
    reach,
    recorded,
    rnn,
)


def start(of: Seen) -> float:
    """The gradient at the last step, absolute: where the curve starts on its way back."""
    return gradient_norms(of.experiment)[-1]


def factor(of: Seen) -> float:
    """The gradient's mean factor per step back."""
    return analysis.per_step_factor(gradient_norms(of.experiment), of.distance).per_step


def unevenness(of: Seen) -> float:
    """Largest difference of a relative gradient from 1 after the write."""
    return np.abs(analysis.relative(gradient_norms(of.experiment))[of.experiment.pulse_at + 1 :] - 1).max()


def lottery(of: Seen) -> float:
    """log10 of the ratio of the best to the worst of the seeds' gradients."""
    reaches = [reach(of.change(seed=seed)) for seed in range(SEEDS)]
    return np.log10(max(reaches) / min(reaches))


def saturated(of: Seen) -> float:
    """Largest absolute hidden state from 5 steps after the pulse on."""
    return np.abs(recorded(of).vectors.h[of.experiment.pulse_at + 5 :]).max()


_ABSOLUTE = NOISE.change(input_bias=0.0)._replace(shown={"axis": "absolute"})
VANISHING = (
    on_gradients("rnn", "vanishing", within(1.3e-5, 1.1), rnn(PULSE), scale=0.85),
    on_gradients("rnn_factor", "vanishing", about(0.8, 0.01), rnn(PULSE), over_seeds(factor), scale=0.85),
    Fact("rnn_unsaturated", "vanishing", "saturation", between(0, 0.9), over_seeds(saturated), rnn(PULSE),
         rnn(PULSE).change(candidate_bias=2.0), "gates", rnn(PULSE)),
    on_gradients("lstm_0", "vanishing", within(2.9e-15, 1.6), seen("lstm_vanishes"), memory=0.1),
    on_gradients("lstm_3", "vanishing", Expected(0.13, 0.09, 0.17), PULSE, memory=3.5),
    on_gradients("gru_3", "vanishing", Expected(0.13, 0.10, 0.23), gru(PULSE), memory=2.5),
    on_gradients("lstm_5", "vanishing", within(0.85, 1.25), PULSE.change(memory=5.0), memory=4.0),
    on_gradients("carousel_gradient", "vanishing", about(0, 0), seen("remember"), unevenness,
                 "carousel", clamps=(Clamp("f", 1 - 1e-12, 6), Clamp("i", 0.0, 6), Clamp("o", 1.0, 6))),
    on_gradients("rnn_keeps", "vanishing", within(0.28, 1.4), seen("rnn_keeps"), scale=0.95),
    on_gradients("gaussian", "vanishing", about(6.4, 1.5), rnn(PULSE).change(recurrent="gaussian", scale=1.0),
                 lottery, recurrent="orthogonal"),
    on_gradients("noise_rnn", "vanishing", Expected(7e-9, 1e-9, 2e-7), rnn(NOISE), scale=1.0),
    on_gradients("noise_lstm", "vanishing", within(0.12, 2), NOISE, memory=2.0),
    on_gradients("above_one", "vanishing", within(6e-4, 3), rnn(NOISE).change(scale=1.1), scale=1.5),
    on_gradients("exploding", "vanishing", Expected(60, 20, 500), seen("exploding_rnn"), scale=1.5),
    on_gradients("lstm_grows", "vanishing", Expected(35, 4, 350), seen("lstm_grows", cursor=10, distance=90),
                 input_bias=-3.0),
    on_gradients("full_start", "vanishing", within(5e-9, 2.5), seen("full_cell"), start, "independent",
                 scale=0.6),
    on_gradients("bias_1", "vanishing", about(0.47, 0.04), _ABSOLUTE.change(memory=1.0),
                 over_seeds(start), memory=3.0),
    on_gradients("bias_3", "vanishing", about(0.22, 0.04), _ABSOLUTE.change(memory=3.0),
                 over_seeds(start), memory=1.0),
)  # fmt: skip
