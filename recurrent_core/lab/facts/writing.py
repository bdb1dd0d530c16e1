"""Writing, showing, resetting: what stands in the memory and what is seen of it."""

from functools import partial

import numpy as np

from recurrent_core import analysis
from recurrent_core.clamp import Clamp
from recurrent_core.lab.facts.fact import Seen, about, between, seen, within
from recurrent_core.lab.facts.of_experiments import (
    PULSE,
    at,
    gru,
    left,
    on_gates,
    over_seeds,
    recorded,
    seen_half_life,
)


def size(of: Seen) -> float:
    """Mean absolute memory at the time cursor."""
    return analysis.memory_size(recorded(of))[of.cursor, 0]


def largest(of: Seen, name: str) -> float:
    """Largest absolute value over units of a vector at the time cursor."""
    return np.abs(getattr(recorded(of).vectors, name)[of.cursor]).max()


def first_pulse_left(of: Seen) -> float:
    """Share of the first pulse just after the second."""
    recording = recorded(of)
    return analysis.pulse_share(recording, of.experiment.pulse_at, of.experiment.second_at).after


def shown(of: Seen) -> float:
    """Mean absolute hidden state at the time cursor."""
    return np.abs(recorded(of).vectors.h[of.cursor]).mean()


def tanh_slope_at_the_end(of: Seen) -> float:
    """Mean of 1 - tanh(c)^2 at the last step, 4 exp(-2 |c|) for a c as large as here."""
    return (4 * np.exp(-2 * np.abs(recorded(of).vectors.c[-1]))).mean()


_CLOSED = (Clamp("o", 0.0, 10, 40),)
_TWO_PULSES = seen("second_pulse", cursor=35)
WRITING = (
    on_gates("kept_lstm", "writing", "medians", about(0.40, 0.04), over_seeds(size), at(15), memory=2.0),
    on_gates("kept_gru", "writing", "medians", about(0.39, 0.04), over_seeds(size), at(15, network="gru"), memory=2.0),
    on_gates("seen_half_life", "writing", "medians", about(14, 2.8), over_seeds(seen_half_life), PULSE, memory=2.0),
    on_gates("half_open", "writing", "medians", about(0.16, 0.006), over_seeds(size),
             at(7, clamps=(Clamp("f", 0.5),)), clamps=()),
    on_gates("shut_once", "writing", "medians", within(0.007, 1.5), over_seeds(size),
             at(30, memory=5.0, clamps=(Clamp("f", 0.0, 30, 31),)), clamps=()),
    on_gates("hidden_not_erased", "writing", "medians", about(0.51, 0.02), over_seeds(size),
             at(39, memory=5.0, clamps=_CLOSED), clamps=(Clamp("f", 0.0, 10, 40),)),
    on_gates("shown_again", "writing", "medians", about(0.23, 0.01), over_seeds(shown),
             at(40, memory=5.0, clamps=_CLOSED), memory=4.0),
    on_gates("reset_does_not_erase", "writing", "medians", about(0.37, 0.04), over_seeds(size),
             at(15, network="gru", scale=0.3, clamps=(Clamp("r", 0.0),)), clamps=(Clamp("z", 1.0),)),
    on_gates("notebook_written", "writing", "independent", about(0.97, 0.03), partial(largest, name="c"),
             at(8, "notebook"), clamps=(Clamp("i", 0.5, 8, 9),)),
    on_gates("notebook_ignored", "writing", "independent", about(0.87, 0.03), partial(largest, name="c"),
             at(20, "notebook"), clamps=(Clamp("i", 0.5, 20, 21),)),
    on_gates("notebook_read", "writing", "independent", about(0.66, 0.03), partial(largest, name="h"),
             at(30, "notebook"), clamps=(Clamp("o", 0.5, 30, 31),)),
    on_gates("notebook_erased", "writing", "independent", between(0, 0.01), partial(largest, name="c"),
             at(40, "notebook"), clamps=(Clamp("f", 0.1, 40, 41),)),
    on_gates("carousel", "writing", "carousel", about(1, 0), left, at(59, "remember"),
             clamps=(Clamp("f", 1 - 1e-12, 6), Clamp("i", 0.0, 6))),
    on_gates("one_step", "writing", "medians", between(0, 0.02), over_seeds(left), at(6, "forget"), memory=-3.0),
    on_gates("second_lstm", "writing", "medians", about(0.26, 0.04), over_seeds(first_pulse_left),
             _TWO_PULSES, network="gru"),
    on_gates("second_gru", "writing", "medians", about(0.05, 0.04), over_seeds(first_pulse_left),
             gru(_TWO_PULSES)._replace(shown={"compare": "lstm"}), network="lstm"),
    on_gates("count_lstm", "writing", "independent", about(10.8, 0.05), partial(largest, name="c"),
             at(59, "count"), period=6),
    on_gates("count_gru", "writing", "independent", between(0.9, 1), partial(largest, name="h"),
             gru(at(59, "count"))._replace(shown={"compare": "lstm"}), clamps=(Clamp("n", 0.5),)),
    on_gates("full", "writing", "independent", about(29, 1), size, at(199, "full_cell"), memory=6.0),
    on_gates("full_slope", "writing", "independent", within(6e-9, 1.6), tanh_slope_at_the_end,
             at(199, "full_cell"), memory=6.0),
)  # fmt: skip
