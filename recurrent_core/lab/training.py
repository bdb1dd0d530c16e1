"""The settings of a training, and the plan that they make together with an experiment's units, seed and data."""

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from recurrent_core.cells import CELLS
from recurrent_core.lab import address, fields, presets
from recurrent_core.lab.experiment import Experiment, fresh_units
from recurrent_core.lab.fields import Record
from recurrent_core.lab.shelf import SHIPPED, Shelf
from recurrent_core.learn.tasks import TASKS, Task, make_task
from recurrent_core.learn.train import OPTIMISERS, Plan


@dataclass(frozen=True)
class TrainingSettings(Record):
    """What a new training learns, and how; what it learns from and with is an Experiment's."""

    versions: ClassVar = presets.TRAINING

    task: str = fields.choice("adding", "task", TASKS)
    length: int = fields.integer(50, "len", 10, 200, 100)  # steps of a sequence
    optimiser: str = fields.choice("adam", "opt", OPTIMISERS)
    rate: float = fields.number(0.01, "lr", 1e-5, 1.0, 1e-5)
    clip_at: float = fields.number(1.0, "clip_at", 0.0, 10.0)  # threshold of the gradient's norm; 0: none
    updates: int = fields.integer(2000, "all", 10, 20000, 5000)


def task_of(training: TrainingSettings, experiment: Experiment, shelf: Shelf = SHIPPED) -> Task:
    """The task that is learnt. Raises InputError as `make_task`, where the shelf has no prices for one."""
    prices = shelf.prices() if training.task == "stocks" else None
    return make_task(
        training.task, training.length, experiment.period, experiment.text, prices, experiment.ticker
    )


def plan(training: TrainingSettings, experiment: Experiment, network: str, shelf: Shelf = SHIPPED) -> Plan:
    """The training run of one of the networks. Raises InputError as `task_of`."""
    task = task_of(training, experiment, shelf)
    return Plan(
        cell=CELLS[network],
        units=fresh_units(experiment, network, len(task.channels)),
        task=task,
        seed=experiment.seed,
        optimiser=training.optimiser,
        rate=training.rate,
        clip_at=training.clip_at,
    )


def trained_by(experiment: Experiment, shelf: Shelf = SHIPPED) -> tuple[TrainingSettings, Experiment]:
    """What the experiment's snapshots were trained with, as their own query says. Raises InputError as the shelf."""
    return of_query(shelf.snapshots(experiment.trained).query)


@lru_cache(maxsize=32)
def of_query(query: str) -> tuple[TrainingSettings, Experiment]:
    """The settings in the query of a training, which means what it meant in the version that it was made with."""
    return address.read(query, TrainingSettings, Experiment).records
