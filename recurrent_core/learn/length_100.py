"""What each network reached on the adding problem of length 100: runs of benchmarks/length_100.py, as they came."""

import json
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from recurrent_core.learn.snapshots import FOLDER

FILE = FOLDER / "length_100.json"
LENGTH, UNITS = 100, 32


class Reached(NamedTuple):
    """Runs of one network with the learning rate of its own: that with the lowest median at the end."""

    rate: float
    updates: np.ndarray  # (evaluation,) numbers of updates
    losses: np.ndarray  # (seed, evaluation) mean squared errors of 1000 sequences that no update saw
    tried: dict[float, float]  # learning rate -> median over its seeds of the loss at the end


@lru_cache(maxsize=1)
def length_100() -> dict[str, Reached]:
    """By network: five seeds each, units, batch and updates as in the benchmark. Trivial answer 1/6."""
    table = json.loads(FILE.read_text("utf-8"))
    runs = {tuple(name.split()): losses for name, losses in table["runs"].items()}
    found = {}
    for network, rate in table["rates"].items():
        own = [
            losses for (name, tried, _), losses in runs.items() if name == network and float(tried) == rate
        ]
        rates = sorted({float(tried) for name, tried, _ in runs if name == network})
        ends = {
            tried: float(
                np.median([v[-1] for (name, r, _), v in runs.items() if (name, float(r)) == (network, tried)])
            )
            for tried in rates
        }
        updates = table["every"] * np.arange(len(own[0]))
        found[network] = Reached(rate, updates, np.array(own), ends)
    return found
