"""What each network reaches on the adding problem of length 100, with a learning rate of its own.

    OPENBLAS_NUM_THREADS=1 python benchmarks/length_100.py recurrent_core/shipped/length_100.json

Each of RATES is tried with seed 0; the two that end lowest are run with all five seeds, and the one with the
lower median is the network's own. Every run of the table that is written counts, whatever it reached. Runs
already in the file are not repeated.
"""

import argparse
import json
import statistics
import sys
import time
from dataclasses import replace
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from recurrent_core import CELLS, Experiment, TrainingSettings
from recurrent_core.lab.training import plan
from recurrent_core.learn.train import evaluate, start, train

RATES = (0.001, 0.003, 0.01, 0.02)
SEEDS = range(5)
EVERY = 50  # updates from one evaluation to the next
SETTINGS = TrainingSettings(task="adding", length=100, updates=2000, clip_at=1.0)
UNITS = 32


def run(network: str, rate: float, seed: int) -> list[float]:
    """Evaluation loss before training and after every EVERY updates."""
    made = plan(replace(SETTINGS, rate=rate), Experiment(units=UNITS, seed=seed), network)
    state = start(made)
    losses = [evaluate(made, state.weights).loss]
    for state, _ in islice(train(made, state), SETTINGS.updates):  # noqa: B020
        if state.update % EVERY == 0:
            losses.append(evaluate(made, state.weights).loss)
    return losses


def last(found: dict[str, list[float]], network: str, rate: float) -> float:
    """Median over the seeds that were run of the loss at the end."""
    return statistics.median(
        losses[-1] for name, losses in found.items() if name.startswith(f"{network} {rate} ")
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    file = parser.parse_args().file
    found: dict[str, list[float]] = json.loads(file.read_text())["runs"] if file.exists() else {}
    chosen: dict[str, float] = {}

    def need(network: str, rate: float, seed: int) -> None:
        name = f"{network} {rate} {seed}"
        if name not in found:
            begun = time.perf_counter()
            found[name] = [round(loss, 6) for loss in run(network, rate, seed)]
            print(f"{name:18} {found[name][-1]:.5f} {time.perf_counter() - begun:6.0f} s", flush=True)
            table = {"every": EVERY, "units": UNITS, "length": 100, "rates": chosen, "runs": found}
            file.write_text(json.dumps(table) + "\n")

    for network in CELLS:
        for rate in RATES:
            need(network, rate, 0)
        best = sorted(RATES, key=lambda rate: last(found, network, rate))[:2]
        for seed in SEEDS:
            for rate in best:
                need(network, rate, seed)
        chosen[network] = min(best, key=lambda rate: last(found, network, rate))
    file.write_text(
        json.dumps({"every": EVERY, "units": UNITS, "length": 100, "rates": chosen, "runs": found}) + "\n"
    )


if __name__ == "__main__":
    main()
