"""A clock that is set by hand and workers that do as they are told, for the rules of the office."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from jobs.office import Office
from jobs.process import Order
from store.trainings import Trainings

NETWORKS = ("rnn", "lstm")


class Clock:
    """Time in seconds, moved by the test."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class FakeWorker:
    """A process of which the test says what it does; it obeys `stop` and `kill` only when asked to `end`."""

    def __init__(self, order: Order, hear: Callable, ended: Callable):
        self.order, self.hear, self.ended = order, hear, ended
        self.stopped = self.killed = self.gone = False
        self.update = 0

    def stop(self) -> None:
        self.stopped = True

    def kill(self) -> None:
        self.killed = True

    def join(self, seconds: float) -> None:
        """Nothing to wait for."""

    def say(self, kind: str, arrays: dict | None = None, **values) -> None:
        self.hear({"kind": kind, **values, "arrays": arrays or {}})

    def begin(self, update: int = 0) -> None:
        """Start from a saved state."""
        self.update = update
        self.say("started", networks=list(NETWORKS))

    def train(self, updates: int) -> None:
        """Report so many updates."""
        first, self.update = self.update, self.update + updates
        self.say("progress", measured(first, self.update), first=first, update=self.update)

    def save(self) -> None:
        self.say("saved", update=self.update)

    def end(self) -> None:
        """Be gone; after a `stop` that is saved first."""
        if self.stopped and not self.killed:
            self.save()
        self.gone = True
        self.ended()


def measured(first: int, stop: int) -> dict[str, np.ndarray]:
    """Rows of a Log of a short run, where every update is watched; each number tells where it belongs."""
    update = np.arange(first, stop, dtype=np.float32)
    networks = np.arange(len(NETWORKS), dtype=np.float32)
    numbers = update + 1000 * np.arange(3)[:, None] + 10_000 * networks[:, None, None]
    by_step = np.broadcast_to(update[:, None] + networks[:, None, None], (len(NETWORKS), len(update), 4))
    return {"numbers": numbers, "by_step": by_step}


class World:
    """An office with fake workers and a fake clock."""

    def __init__(self, folder: Path, clock: Clock | None = None, **settings):
        self.clock, self.hired = clock or Clock(), []
        self.trainings = Trainings(folder, clock=self.clock)
        self.office = Office(self._hire, self.trainings, self.clock, **settings)

    def _hire(self, order, hear, ended) -> FakeWorker:
        self.hired.append(FakeWorker(order, hear, ended))
        return self.hired[-1]

    @property
    def working(self) -> list[FakeWorker]:
        """The processes that live, oldest first."""
        return [worker for worker in self.hired if not worker.gone]

    def submit(self, owner: str, updates: int = 100) -> str:
        return self.office.submit(owner, "v=1", updates)

    def worker_of(self, id: str) -> FakeWorker:
        """The last process hired for a job."""
        return [worker for worker in self.hired if worker.order.id == id][-1]

    def later(self, seconds: float, **watching: str) -> None:
        """Let time pass, in steps of half a second, while owners (owner=id) are looking at their jobs."""
        for _ in range(round(2 * seconds)):
            self.clock.now += 0.5
            for owner, id in watching.items():
                self.office.beat(id, owner)
            self.office.tick()
