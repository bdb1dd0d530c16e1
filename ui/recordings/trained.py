"""Trained networks by name: those that come along, named after their task, and those that readers train here."""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

import jobs
from recurrent_core import CELLS, Experiment, InputError, Simulation, TrainingSettings
from recurrent_core.lab.training import of_query, plan, task_of
from recurrent_core.learn.snapshots import Curves, at_update, history_of, model_of, unknown
from recurrent_core.learn.tasks import TASKS, Task
from recurrent_core.learn.train import half_lives, outputs
from ui.recordings.memory import remembered
from ui.recordings.shelf import SHELF


class Shown(NamedTuple):
    """A training, by name and settings, and the snapshot of it that is shown."""

    name: str
    training: TrainingSettings
    run: Experiment
    task: Task
    updates: tuple[int, ...]  # of the snapshots, rising
    update: int
    job: str = ""  # the reader's own training of this task, which may have no snapshot yet
    lost: InputError | None = None  # why it is not the one that was asked for


def exact(experiment: Experiment) -> Experiment:
    """The experiment at the update of the snapshot that it takes: more are added while a training runs."""
    kept = SHELF.snapshots(experiment.trained)
    found = at_update(kept, experiment.network, experiment.update)
    return replace(experiment, update=int(history_of(kept, experiment.network).updates[found]))


def asked_for(experiment: Experiment, task: str) -> tuple[TrainingSettings, Experiment] | None:
    """The settings of the training that a reader started and the experiment names, if it is one of the task."""
    about = None if experiment.trained in TASKS else jobs.office().trainings.about(experiment.trained)
    asked = about and of_query(about.query)
    return asked if asked and asked[0].task == task else None


def shown(experiment: Experiment, task: str) -> Shown:
    """The training that the experiment names, if it learnt the task; else the one that comes along.

    Raises InputError where that is missing too.
    """
    own = asked_for(experiment, task)
    name, lost = (experiment.trained, None) if own else (task, None)
    try:
        kept = SHELF.snapshots(name)
    except InputError:
        name, kept = task, SHELF.snapshots(task)
    if (
        own is None
        and experiment.trained not in TASKS
        and jobs.office().status(experiment.trained).state == "gone"
    ):
        lost = unknown(experiment.trained)
    training, run = of_query(kept.query)
    updates = tuple(next(iter(kept.networks.values())).updates.tolist())
    place = max(0, int(np.searchsorted(updates, experiment.update, side="right")) - 1)
    job = experiment.trained if own else ""
    return Shown(name, training, run, task_of(training, run, SHELF), updates, updates[place], job, lost)


def as_experiment(experiment: Experiment, seen: Shown) -> Experiment:
    """The settings under which any page shows this snapshot."""
    values: dict[str, Any] = {
        "wiring": "trained",
        "signal": "probe",
        "trained": seen.name,
        "update": seen.update,
    }
    return replace(experiment, **values, clamps=(), edits=())


def curves(seen: Shown) -> dict[str, Curves]:
    """What was measured in the training so far, by network; arrays without entries before it has begun."""
    if seen.job:
        nothing = np.zeros(0, np.float32)
        none = Curves(nothing, nothing, nothing, np.zeros(0, int), np.zeros((0, seen.task.steps), np.float32))
        return dict.fromkeys(CELLS, none) | jobs.office().curves(seen.job)
    return {network: history.curves for network, history in SHELF.snapshots(seen.name).networks.items()}


def length(seen: Shown) -> int:
    """Updates of the whole training whose curves are shown."""
    if seen.job:
        return jobs.office().status(seen.job).updates
    return max(len(found.loss) for found in curves(seen).values())


def accuracy(seen: Shown, network: str) -> float:
    """The share of right answers in the 50 updates before the snapshot, or in the first where it is untrained."""
    known = SHELF.snapshots(seen.name).networks[network].curves.accuracy
    lately = known[max(0, seen.update - 50) : max(1, seen.update)]
    return float(lately.mean()) if len(lately) else np.nan


def answer(seen: Shown, simulation: Simulation) -> np.ndarray:
    """The network's outputs (output,) after the last step of the probe."""
    e = simulation.experiment
    model = model_of(SHELF.snapshots(seen.name), e.network, seen.update)
    return outputs(model, simulation.recording)[-1, 0]


def lives(seen: Shown, network: str, update: int) -> np.ndarray | None:
    """Half-lives in steps (unit,) of a network's units at a snapshot; None where no gate keeps."""
    return _lives(seen.name, network, update)


@remembered
def _lives(name: str, network: str, update: int) -> np.ndarray | None:
    kept = SHELF.snapshots(name)
    history, place = history_of(kept, network), at_update(kept, network, update)
    training, run = of_query(kept.query)
    return half_lives(plan(training, run, network, SHELF), history.weights[place], sequences=16)
