"""Vanishing and exploding gradients of the three networks."""

from dataclasses import replace

import numpy as np

from recurrent_core import analysis
from recurrent_core.clamp import Clamp
from recurrent_core.lab.experiment import PRESETS, Experiment
from recurrent_core.lab.facts.fact import Expected, Fact, about, between, within
from recurrent_core.lab.facts.of_experiments import (
    DEFAULT,
    NOISE,
    SEEDS,
    gradient_norms,
    gru,
    on_gradients,
    over_seeds,
    reach,
    recorded,
    rnn,
)


def start(experiment: Experiment) -> float:
    """The gradient at the last step, absolute: where the curve starts on its way back."""
    return gradient_norms(experiment)[-1]


def factor(experiment: Experiment) -> float:
    """The gradient's mean factor per step back."""
    return analysis.per_step_factor(gradient_norms(experiment), experiment.distance).per_step


def unevenness(experiment: Experiment) -> float:
    """Largest difference of a relative gradient from 1 after the write."""
    return np.abs(analysis.relative(gradient_norms(experiment))[experiment.pulse_at + 1 :] - 1).max()


def lottery(experiment: Experiment) -> float:
    """log10 of the ratio of the best to the worst of the seeds' gradients."""
    reaches = [reach(replace(experiment, seed=seed)) for seed in range(SEEDS)]
    return np.log10(max(reaches) / min(reaches))


def saturated(experiment: Experiment) -> float:
    """Largest absolute hidden state from 5 steps after the pulse on."""
    return np.abs(recorded(experiment).vectors.h[experiment.pulse_at + 5 :]).max()


VANISHING = (
    on_gradients("rnn", "vanishing", within(1.3e-5, 1.1), rnn(DEFAULT), scale=0.85),
    on_gradients("rnn_factor", "vanishing", about(0.8, 0.01), rnn(DEFAULT), over_seeds(factor), scale=0.85),
    Fact("rnn_unsaturated", "vanishing", "saturation", between(0, 0.9), over_seeds(saturated), rnn(DEFAULT),
         replace(rnn(DEFAULT), candidate_bias=2.0), "gates", rnn(DEFAULT)),
    on_gradients("lstm_0", "vanishing", within(2.9e-15, 1.6), PRESETS["lstm_vanishes"], memory=0.1),
    on_gradients("lstm_3", "vanishing", Expected(0.13, 0.09, 0.17), DEFAULT, memory=3.5),
    on_gradients("gru_3", "vanishing", Expected(0.13, 0.10, 0.23), gru(DEFAULT), memory=2.5),
    on_gradients("lstm_5", "vanishing", within(0.85, 1.25), replace(DEFAULT, memory=5.0), memory=4.0),
    on_gradients("carousel_gradient", "vanishing", about(0, 0), PRESETS["remember"], unevenness,
                 "carousel", clamps=(Clamp("f", 1 - 1e-12, 6), Clamp("i", 0.0, 6), Clamp("o", 1.0, 6))),
    on_gradients("rnn_keeps", "vanishing", within(0.28, 1.4), PRESETS["rnn_keeps"], scale=0.95),
    on_gradients("gaussian", "vanishing", about(6.4, 1.5), replace(rnn(DEFAULT), recurrent="gaussian", scale=1.0),
                 lottery, recurrent="orthogonal"),
    on_gradients("noise_rnn", "vanishing", Expected(7e-9, 1e-9, 2e-7), rnn(NOISE), scale=1.0),
    on_gradients("noise_lstm", "vanishing", within(0.12, 2), NOISE, memory=2.0),
    on_gradients("above_one", "vanishing", within(6e-4, 3), replace(rnn(NOISE), scale=1.1), scale=1.5),
    on_gradients("exploding", "vanishing", Expected(60, 20, 500), PRESETS["exploding_rnn"], scale=1.5),
    on_gradients("lstm_grows", "vanishing", Expected(35, 4, 350), PRESETS["lstm_grows"], input_bias=-3.0),
    on_gradients("full_start", "vanishing", within(5e-9, 2.5), PRESETS["full_cell"], start, "independent",
                 scale=0.6),
    on_gradients("bias_1", "vanishing", about(0.47, 0.04), replace(NOISE, input_bias=0.0, memory=1.0, axis="absolute"),
                 over_seeds(start), memory=3.0),
    on_gradients("bias_3", "vanishing", about(0.22, 0.04), replace(NOISE, input_bias=0.0, memory=3.0, axis="absolute"),
                 over_seeds(start), memory=1.0),
)  # fmt: skip
