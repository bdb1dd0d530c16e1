"""Trained networks by name: those that come along, named after their task, and those that readers train here."""

from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl

import numpy as np

import jobs
from recurrent_core import CELLS, Experiment, InputError, Simulation, Table, from_query
from recurrent_core.lab.experiment import task_of, trained_by
from recurrent_core.learn.snapshots import (
    Curves,
    Snapshots,
    at_update,
    history_of,
    model_of,
    shipped,
    unknown,
)
from recurrent_core.learn.tasks import TASKS, Task
from recurrent_core.learn.train import half_lives, outputs, plan
from ui.recordings.prices import stocks


class Shown(NamedTuple):
    """A training, by name and settings, and the snapshot of it that is shown."""

    name: str
    run: Experiment
    task: Task
    updates: tuple[int, ...]  # of the snapshots, rising
    update: int
    job: str = ""  # the reader's own training of this task, which may have no snapshot yet
    lost: InputError | None = None  # why it is not the one that was asked for


def find(name: str) -> Snapshots:
    """The snapshots of a name. Raises InputError, code trained_unknown, where none are kept."""
    return shipped(name) if name in TASKS else jobs.office().find(name)


def prices(experiment: Experiment) -> Table | None:
    """The prices, where the experiment's input is a probe that is made of them. Raises InputError as `find`."""
    if experiment.signal != "probe":
        return None
    return stocks() if trained_by(experiment, find).task == "stocks" else None


def exact(experiment: Experiment) -> Experiment:
    """The experiment at the update of the snapshot that it takes: more are added while a training runs."""
    history = history_of(find(experiment.trained), experiment.network)
    found = at_update(find(experiment.trained), experiment.network, experiment.update)
    return replace(experiment, update=int(history.updates[found]))


def asked_for(experiment: Experiment) -> Experiment | None:
    """The settings of the training that a reader started and the experiment names, if it is one of its task."""
    about = None if experiment.trained in TASKS else jobs.office().trainings.about(experiment.trained)
    run = about and from_query(dict(parse_qsl(about.query, keep_blank_values=True)))[0]
    return run if run and run.task == experiment.task else None


def shown(experiment: Experiment) -> Shown:
    """The training that the experiment names, if it learnt the experiment's task; else the one that comes along.

    Raises InputError where that is missing too.
    """
    own = asked_for(experiment)
    name, lost = (experiment.trained, None) if own else (experiment.task, None)
    try:
        kept = find(name)
    except InputError:
        name, kept = experiment.task, find(experiment.task)
    if (
        own is None
        and experiment.trained not in TASKS
        and jobs.office().status(experiment.trained).state == "gone"
    ):
        lost = unknown(experiment.trained)
    run = trained_by(replace(experiment, trained=name), find)
    updates = tuple(next(iter(kept.networks.values())).updates.tolist())
    place = max(0, int(np.searchsorted(updates, experiment.update, side="right")) - 1)
    task = task_of(run, stocks() if run.task == "stocks" else None)
    return Shown(name, run, task, updates, updates[place], experiment.trained if own else "", lost)


def as_experiment(experiment: Experiment, seen: Shown) -> Experiment:
    """The settings under which any page shows this snapshot."""
    values = {"wiring": "trained", "signal": "probe", "trained": seen.name, "update": seen.update}
    return replace(experiment, **values, compare="", clamps=(), edits=())


def curves(seen: Shown) -> dict[str, Curves]:
    """What was measured in the training so far, by network; arrays without entries before it has begun."""
    if seen.job:
        nothing = np.zeros(0, np.float32)
        none = Curves(nothing, nothing, nothing, np.zeros(0, int), np.zeros((0, seen.task.steps), np.float32))
        return dict.fromkeys(CELLS, none) | jobs.office().curves(seen.job)
    return {network: history.curves for network, history in find(seen.name).networks.items()}


def length(seen: Shown) -> int:
    """Updates of the whole training whose curves are shown."""
    if seen.job:
        return jobs.office().status(seen.job).updates
    return max(len(found.loss) for found in curves(seen).values())


def accuracy(seen: Shown, network: str) -> float:
    """The share of right answers in the 50 updates before the snapshot, or in the first where it is untrained."""
    known = find(seen.name).networks[network].curves.accuracy
    lately = known[max(0, seen.update - 50) : max(1, seen.update)]
    return float(lately.mean()) if len(lately) else np.nan


def answer(seen: Shown, simulation: Simulation) -> np.ndarray:
    """The network's outputs (output,) after the last step of the probe."""
    e = simulation.experiment
    model = model_of(find(seen.name), e.network, seen.update)
    return outputs(model, simulation.recording)[-1, 0]


def lives(seen: Shown, network: str, update: int) -> np.ndarray | None:
    """Half-lives in steps (unit,) of a network's units at a snapshot; None where no gate keeps."""
    return _lives(seen.name, network, update)


@lru_cache(maxsize=256)
def _lives(name: str, network: str, update: int) -> np.ndarray | None:
    kept = find(name)
    asked = Experiment(signal="probe", trained=name)
    history, place = history_of(kept, network), at_update(kept, network, update)
    found = plan(trained_by(asked, find), network, prices(asked))
    return half_lives(found, history.weights[place], sequences=16)
