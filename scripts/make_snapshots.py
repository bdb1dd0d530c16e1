"""Train the networks that come with the package: recurrent_core/learn/shipped, a file for each task.

    OPENBLAS_NUM_THREADS=1 python scripts/make_snapshots.py [task ...]

All three networks learn the task of a fresh Experiment, from the same seed and data: what Start would do, but for
LENGTHS.
"""

import argparse
import sys
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from recurrent_core import CELLS, Experiment, TrainingSettings, address
from recurrent_core.lab.presets import DEFAULT
from recurrent_core.lab.presets import start as settings
from recurrent_core.lab.training import plan
from recurrent_core.learn.snapshots import ENDING, FOLDER, Curves, History, Snapshots, save
from recurrent_core.learn.tasks import TASKS
from recurrent_core.learn.train import Plan, chosen_updates, evaluate, start, train
from ui.recordings.shelf import SHELF

SNAPSHOTS, WATCHED = 14, 32
LENGTHS = {"first": 20}  # at length 50 the LSTM, with forget bias 1, stays at chance


def history(run: Plan, updates: int) -> History:
    """A network trained for `updates`, with snapshots and gradients at growing distances."""
    first = start(run)
    kept, watched = chosen_updates(updates, SNAPSHOTS), chosen_updates(updates - 1, WATCHED)
    weights, seen = [first.weights], []
    for state, measured in islice(train(run, first, watched), updates):
        seen.append(measured)
        if state.update in kept:
            weights.append(state.weights)
    curves = Curves(
        *(np.array([getattr(one, name) for one in seen]) for name in ("loss", "accuracy", "norm")),
        watched=np.array(watched),
        by_step=np.stack([one.by_step for one in seen if one.by_step is not None]),
    )
    nothing = np.zeros(0, np.float32)
    sizes = len(run.task.channels), run.units, len(run.task.answers)
    return History(sizes, np.array(kept), np.stack(weights), nothing, nothing, curves)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tasks", nargs="*", help=f"some of {', '.join(TASKS)}; all if none is named")
    parser.add_argument("--updates", type=int, default=settings(TrainingSettings).updates)
    arguments = parser.parse_args()
    for task in arguments.tasks or TASKS:
        length = LENGTHS.get(task, settings(TrainingSettings).length)
        training = replace(settings(TrainingSettings), task=task, length=length, updates=arguments.updates)
        experiment = replace(settings(Experiment), trained=task)
        plans = {name: plan(training, experiment, name, SHELF) for name in CELLS}
        histories = {name: history(run, arguments.updates) for name, run in plans.items()}
        file = FOLDER / f"{task}{ENDING}"
        query = address.write(DEFAULT, experiment, training, lang="en")
        file.write_bytes(save(Snapshots(query, histories), np.float16))
        trivial = next(iter(plans.values())).task.trivial
        print(f"{task:8} {file.stat().st_size / 1e3:6.0f} kB   trivial answer {trivial:.4f}", flush=True)
        for name, run in plans.items():
            exact, rounded = histories[name].weights[-1], histories[name].weights[-1].astype(np.float16)
            losses = (evaluate(run, weights.astype(np.float32)) for weights in (exact, rounded))
            print(f"    {name:5}", *(f"{score.loss:.5f} ({score.accuracy:.3f})" for score in losses))


if __name__ == "__main__":
    main()
