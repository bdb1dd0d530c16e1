"""The training process: `python -m jobs.worker`, started by the server, which speaks to it through its pipes.

It reads one message (an Order), goes on from what is saved of the training, and trains. It tells what it measured
a few times a second and saves every few seconds. When its input closes, because the server wants so or has ended, it
saves and ends. It says: started {networks}, progress {first, update} with rows of a Log, saved {update}, done,
failed {error}.
"""

import ctypes
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import numpy as np

from jobs import messages
from jobs.log import Log
from jobs.process import Order
from recurrent_core import CELLS, SHIPPED
from recurrent_core.lab.training import of_query
from recurrent_core.lab.training import plan as plan_of
from recurrent_core.learn import train
from recurrent_core.learn.snapshots import History, Snapshots
from recurrent_core.learn.train import Measured, Plan, TrainState
from store.trainings import Trainings

TELL, SAVE = 0.2, 3.0  # seconds between two reports, and between two times of saving
SAVING = 0.05  # share of the time that saving may take
LAST = 4.0  # seconds in which a process saves and ends once its input is closed
SNAPSHOTS, BYTES = 40, 8_000_000  # of a training, at most
NICE = 19  # whatever else runs comes first: somebody may be dragging a slider
PR_SET_PDEATHSIG = 1

Update = Callable[[Plan, TrainState, bool], tuple[TrainState, Measured]]


def main(update: Update = train.update) -> None:
    """Follow the order that comes in."""
    pipe = _messages_only()
    said = next(messages.read(sys.stdin.buffer))
    order = Order(**{name: said[name] for name in Order._fields})
    _behave(order.parent)
    train.keep_memory()
    stop = threading.Event()
    threading.Thread(target=_obey, args=(stop,), daemon=True).start()
    try:
        follow(order, pipe, stop, update)
    except BrokenPipeError:
        os._exit(1)  # the server has ended; what is saved is a few seconds old
    except Exception as error:
        traceback.print_exc()
        kind = OSError if isinstance(error, OSError) else type(error)
        messages.write(pipe, "failed", error=kind.__name__)


def follow(order: Order, pipe: BinaryIO, stop: threading.Event, update: Update) -> None:
    """Train until the order is done or `stop` is set, and save."""
    training = Training(order)
    messages.write(pipe, "started", networks=list(training.plans))
    told, told_at, save_at = order.known, 0.0, 0.0
    while True:
        last, now = training.done or stop.is_set(), time.monotonic()
        if last or now - told_at > TELL:
            messages.write(pipe, "progress", training.log.rows(told), first=told, update=training.log.length)
            told, told_at = max(told, training.log.length), now
        if last or now > save_at:
            training.save()
            messages.write(pipe, "saved", update=training.log.length)
            taken = time.monotonic() - now
            save_at = now + max(SAVE, taken / SAVING)
        if last:
            break
        training.advance(update)
    if training.done:
        messages.write(pipe, "done")


class Training:
    """All networks in turn, one update of each at a time, on the same batches."""

    def __init__(self, order: Order):
        self.trainings, self.id = Trainings(Path(order.root)), order.id
        self.query, self.updates = order.query, order.updates
        table, settings = self.trainings.table(self.id), of_query(order.query)
        shelf = SHIPPED._replace(prices=lambda: table)
        self.plans: Mapping[str, Plan] = {name: plan_of(*settings, name, shelf) for name in CELLS}
        self.states = {name: train.start(plan) for name, plan in self.plans.items()}
        self.log = Log(tuple(self.plans), order.updates)
        self.kept: dict[int, dict[str, np.ndarray]] = {}  # weights by number of updates made, and network
        size = sum(state.weights.nbytes for state in self.states.values())
        self.chosen = frozenset(train.chosen_updates(order.updates, max(4, min(SNAPSHOTS, BYTES // size))))
        if self.trainings.saved(self.id):
            self._restore(self.trainings.find(self.id))
        self._keep()

    @property
    def done(self) -> bool:
        return self.log.length >= self.updates

    def advance(self, update: Update) -> None:
        """Make one update of every network."""
        by_step = self.log.watches(self.log.length)
        made = {name: update(plan, self.states[name], by_step) for name, plan in self.plans.items()}
        self.states = {name: state for name, (state, _) in made.items()}
        self.log.add({name: measured for name, (_, measured) in made.items()})
        self._keep()

    def save(self) -> None:
        """Write snapshots, the present weights as the last of them, curves and moments."""
        kept = self.kept | {self.log.length: self._weights()}
        numbers = np.array(sorted(kept))
        curves = self.log.curves()
        networks = {}
        for name, plan in self.plans.items():
            model, state = plan.model, self.states[name]
            sizes = (len(plan.task.channels), plan.units, len(model.readout.b))
            weights = np.stack([kept[number][name] for number in numbers])
            networks[name] = History(sizes, numbers, weights, state.first, state.second, curves[name])
        self.trainings.save(self.id, Snapshots(self.query, networks))

    def _restore(self, saved: Snapshots) -> None:
        for name, history in saved.networks.items():
            numbers, weights = history.updates.tolist(), history.weights
            self.states[name] = TrainState(numbers[-1], weights[-1], history.first, history.second)
            for number, row in zip(numbers, weights, strict=True):
                if number in self.chosen:
                    self.kept.setdefault(number, {})[name] = row
        self.log.take_curves({name: history.curves for name, history in saved.networks.items()})

    def _keep(self) -> None:
        if self.log.length in self.chosen:
            self.kept[self.log.length] = self._weights()

    def _weights(self) -> dict[str, np.ndarray]:
        return {name: state.weights for name, state in self.states.items()}


def _messages_only() -> BinaryIO:
    """The pipe to the server; whatever else is printed goes where errors go."""
    pipe = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return pipe


def _behave(parent: int) -> None:
    """Give way to everybody else, and end when the server does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the server, which closes our input
    if hasattr(os, "nice"):
        os.nice(NICE)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)  # it ended before we asked to be told
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000")  # where memory ends, we go and not the server


def _obey(stop: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 4096):  # unbuffered: a buffer's lock must not be held when Python ends
        pass
    stop.set()
    time.sleep(LAST)
    os._exit(1)


if __name__ == "__main__":
    main()
