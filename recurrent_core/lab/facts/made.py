"""What the memory is made of: which steps wrote it, and how old it is."""

from collections.abc import Callable

import numpy as np

from recurrent_core.analysis.ledger import Ledger, ledger, sources
from recurrent_core.lab.facts.fact import Fact, Seen, about
from recurrent_core.lab.facts.of_experiments import NOISE, at, gru, on_gates, over_seeds, recorded

AVERAGED = 20  # steps, after which a GRU at Memory 3 has still a third of what it began with


def found(of: Seen) -> Ledger:
    """The ledger at the time cursor, of a network that has one."""
    entries = ledger(recorded(of), of.cursor)
    if entries is None:
        raise ValueError(f"expected a network with a ledger, got {of.experiment.network}")
    return entries


def missed(total: Callable[[Ledger], np.ndarray]) -> float:
    """Largest difference of a sum over all writes from c, over all steps of Noise."""
    cells = recorded(NOISE).vectors.c[:, 0]
    return max(
        np.abs(total(found(NOISE._replace(cursor=step))) - cell).max() for step, cell in enumerate(cells)
    )


def all_writes(entries: Ledger) -> np.ndarray:
    return entries.amounts.sum(axis=0)


def newest_write(entries: Ledger) -> np.ndarray:
    """As if nothing were kept."""
    return entries.amounts[-1]


def whole(parts: Callable[[Ledger], np.ndarray]) -> float:
    """What the shares of a GRU's unit add up to, of the unit in which that is farthest from 1."""
    sums = parts(found(gru(NOISE)._replace(cursor=AVERAGED - 1)))
    return float(sums[np.abs(sums - 1).argmax()])


def weights_and_start(entries: Ledger) -> np.ndarray:
    return entries.weights.sum(axis=0) + entries.kept


def weights_alone(entries: Ledger) -> np.ndarray:
    return entries.weights.sum(axis=0)


def written_at_the_pulse(of: Seen) -> float:
    """Share of the pulse's write in all that the memory is made of."""
    return float(sources(found(of)).written[of.experiment.pulse_at])


def size_of_the_write(of: Seen) -> float:
    """Size of what is left of the pulse's write, relative to the memory's own."""
    entries = found(of)
    write = np.abs(entries.amounts[of.experiment.pulse_at]).sum()
    return float(write / np.abs(entries.amounts.sum(axis=0)).sum())


def input_gate(of: Seen) -> float:
    """Mean input gate at the time cursor."""
    return float(recorded(of).vectors.i[of.cursor].mean())


def mean_age(of: Seen) -> float:
    return sources(found(of)).age


def _steadily_written(bias: float) -> Seen:
    """No input and no feedback, so that gates and candidate are what their biases make them, for long enough."""
    alone = NOISE.change(memory=bias, noise_sd=0.0, scale=0.0, candidate_bias=1.0, steps=500)
    return alone._replace(cursor=499)


MADE = (
    Fact("ledger_sum", "made", "levy", about(0, 1e-14), missed, all_writes, newest_write),
    Fact("ledger_average", "made", "average", about(1, 1e-12), whole, weights_and_start, weights_alone),
    on_gates("made_write", "made", "independent", about(0.47, 0.03), written_at_the_pulse, at(59), memory=1.0),
    on_gates("made_leak", "made", "sigmoid", about(0.0474, 6e-5), input_gate, at(59, scale=0.0), input_bias=-2.9),
    on_gates("made_size", "made", "independent", about(0.86, 0.03), size_of_the_write, at(59), memory=4.0),
    on_gates("age_1", "made", "mean_age", about(2.718, 6e-4), mean_age, _steadily_written(1.0), memory=1.1),
    on_gates("age_3", "made", "mean_age", about(20.09, 6e-3), mean_age, _steadily_written(3.0), memory=3.1),
    on_gates("noise_age_1", "made", "medians_5", about(3.08, 0.1), over_seeds(mean_age, 5),
             at(59, "noise", memory=1.0), memory=1.2),
    on_gates("noise_age_3", "made", "medians_5", about(18.0, 0.5), over_seeds(mean_age, 5), at(59, "noise"),
             memory=2.0),
)  # fmt: skip
