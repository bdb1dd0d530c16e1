"""What tuned networks reach on the adding problem of length 100, as benchmarks/length_100.py has measured it."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from figures.learning import Training, log_span, training_curves
from recurrent_core import CELLS, Experiment
from recurrent_core.experiment import task_of
from ui import readouts
from ui.components.live_figure import Picture, Words
from ui.text import Text

TABLE = Path(__file__).parent.parent / "recurrent_core" / "shipped" / "length_100.json"
HEIGHT = 280


@lru_cache(maxsize=1)
def measured() -> Mapping[str, Any]:
    """The table, empty where it has not been measured: {"every", "units", "length", "rates", "runs"}."""
    return json.loads(TABLE.read_text("utf-8")) if TABLE.is_file() else {}


def losses(table: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Losses (seed, evaluation) of each network at its own rate, of those that were measured to the end."""
    found = {}
    for network, rate in table.get("rates", {}).items():
        runs = [run for name, run in table["runs"].items() if name.startswith(f"{network} {rate} ")]
        found[network] = np.array(runs)
    return {network: found[network] for network in CELLS if network in found}


def pictures(t: Text, table: Mapping[str, Any]) -> list[Picture]:
    """The median of all seeds and a band from the lowest to the highest; nothing where nothing was measured."""
    found = losses(table)
    if not found:
        return []
    every, length = table["every"], table["length"]
    trivial = task_of(Experiment(task="adding", length=length)).trivial
    curves = [_curve(t, network, runs, every) for network, runs in found.items()]
    updates = int(curves[0].updates[-1])
    words = {
        "x": t("learning.updates"),
        "y": t("learning.loss_mse"),
        "baseline": t("learning.trivial", value=readouts.size(t, trivial)),
        "hover": t("learning.hover", network="{network}", update="{update}", value="{value}"),
    }
    figure = training_curves(
        curves,
        updates=updates,
        span=log_span(list(found.values()), trivial),
        log=True,
        baseline=trivial,
        words=words,
        height=HEIGHT,
    )
    ends = [
        t(
            "reach.value",
            network=t.choice("network", network),
            median=readouts.size(t, float(np.median(runs[:, -1]))),
            low=readouts.size(t, float(runs[:, -1].min())),
            high=readouts.size(t, float(runs[:, -1].max())),
            rate=f"{table['rates'][network]:g}",
        )
        for network, runs in found.items()
    ]
    seeds = len(next(iter(found.values())))
    sentence = t("reach.sentence", length=length, updates=f"{updates:,}", seeds=seeds, values=t.join(ends))
    return [Picture("reach", figure, words=Words(sentence, note=t("reach.note", units=table["units"])))]


def _curve(t: Text, network: str, runs: np.ndarray, every: int) -> Training:
    median = np.median(runs, axis=0)
    return Training(
        network,
        t.choice("network", network),
        every * np.arange(runs.shape[1]),
        median,
        low=runs.min(axis=0),
        high=runs.max(axis=0),
        end=readouts.size(t, float(median[-1])),
    )
