"""Tasks: what somebody knows who has learned nothing but the rule."""

import numpy as np

from recurrent_core.lab.facts.fact import Fact, about


def adding_baseline(answer: float) -> float:
    """Mean squared error of always giving one answer, on sums of two uniform numbers."""
    return np.square(np.random.default_rng(0).uniform(size=(400_000, 2)).sum(axis=1) - answer).mean()


def copy_baseline(steps: int) -> float:
    """Mean -ln p of one who knows the copy task but none of the 10 symbols, 8 kinds, that end T + 20 steps."""
    p = np.ones(steps + 20)
    p[-10:] = 1 / 8
    return -np.log(p).mean()


TASKS = (
    Fact("adding", "tasks", "variance", about(1 / 6, 1e-3), adding_baseline, 1.0, 0.95),
    Fact("copy", "tasks", "copy_formula", about(0.0400, 6e-5), copy_baseline, 500, 490),
)
