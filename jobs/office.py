"""Who trains and who waits: the queue of training jobs, their owners, heartbeats and ends.

Bookkeeping only: processes are hired through a function, time is read from a clock, both given, so that all rules
can be tested without either. `tick` has to be called now and then; every method may be called from any thread.

A job's state is what its reader has been told. A process that was asked to stop may live on a little: it keeps its
place on the machine until it is gone, and a job that has been resumed meanwhile starts only then.

Several servers may share a folder of trainings: a lease says which of them trains a job. The others wait for it, and
show what that one saves; when its reader is not seen there any more, it saves and lets go.
"""

import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple, Protocol

from jobs.log import Log
from jobs.process import Order
from recurrent_core import InputError, Table
from recurrent_core.container import Message
from recurrent_core.learn.snapshots import MAX_CURVE, Curves, Snapshots
from store.leases import Lease
from store.trainings import About, Trainings

LOG = logging.getLogger("gatescope")
LAPSE = 10.0  # seconds without a heartbeat after which a job saves and stops
SILENCE = 60.0  # seconds without a message after which a process is taken for hung
GRACE = 6.0  # seconds that a process may take to save and end
TURN = 120.0  # seconds that a job may run while others wait
REMEMBERED = 100  # jobs that have ended but are known
MARKS = 25  # reports from which the speed is told: about five seconds

WAITING, RUNNING, PAUSED, SAVED, DONE, FAILED, CANCELLED, GONE = (
    "queued", "running", "paused", "saved", "done", "failed", "cancelled", "gone",
)  # fmt: skip
LIVE = (WAITING, RUNNING)
RESUMABLE = (PAUSED, SAVED, FAILED)


class Reason(NamedTuple):
    """What a page tells its reader: a stable code and the values of its sentence."""

    code: str
    values: dict[str, Any]


class Refused(ValueError):
    """A job that cannot be taken, with a code and values as a Reason."""

    def __init__(self, code: str, **values: Any):
        super().__init__(f"{code} {values}")
        self.code, self.values = code, values


class Status(NamedTuple):
    """How a job is doing."""

    id: str
    state: str  # queued, running, paused, saved, done, failed, cancelled or gone
    place: int = 0  # 1 is next; 0 where it does not wait
    update: int = 0  # updates made
    updates: int = 0  # of how many
    rate: float = 0.0  # updates a second; 0 where unknown
    seconds_left: float | None = None
    saved: int = 0  # updates made when it was saved last
    reason: Reason | None = None  # why it is in this state; stays until the reader does something


class Worker(Protocol):
    """What is hired for a job."""

    def stop(self) -> None:
        """Ask it to save and end."""

    def kill(self) -> None:
        """End it at once."""

    def join(self, seconds: float) -> None:
        """Wait for its end, at most so long."""


Hire = Callable[[Order, Callable[[Message], None], Callable[[], None]], Worker]  # (order, hear, ended)


@dataclass
class Entry:
    """What the office knows of one job."""

    id: str
    owner: str
    query: str
    updates: int
    beat: float
    state: str = WAITING
    update: int = 0
    saved: int = 0
    reason: Reason | None = None
    log: Log | None = None
    marks: deque = field(default_factory=lambda: deque(maxlen=MARKS))  # (time, update) of its last reports
    worker: Worker | None = None
    since: float = 0.0  # when its process was hired
    heard: float = 0.0  # when it last said something
    stopping: float | None = None  # when it was asked to stop
    crashed_at: int = -1  # updates saved when it last ended unasked
    lease: Lease | None = None  # while a process of ours trains it
    elsewhere: bool = False  # it waits while another server trains it


class Office:
    """All jobs of a server.

    `workers` processes run at a time and `queue` jobs may wait. hire(order, hear, ended) starts a process that
    calls `hear` with its messages and `ended` once at its end, from a thread of its own.
    """

    def __init__(
        self,
        hire: Hire,
        trainings: Trainings,
        clock: Callable[[], float] = time.monotonic,
        workers: int = 1,
        queue: int = 32,
    ):
        self.trainings, self.workers, self.queue = trainings, workers, queue
        self._hire, self._clock = hire, clock
        self._jobs: dict[str, Entry] = {}
        self._waiting: list[Entry] = []
        self._changed = threading.Condition(threading.RLock())
        self._closed = False

    # What readers want

    def submit(self, owner: str, query: str, updates: int, table: Table | None = None) -> str:
        """Queue a training of `updates` updates of the experiment in an address, with the table it reads; its id.

        An owner has one job: an older one is cancelled. Raises Refused, code queue_full {limit}, where too many
        wait, disk where nothing can be written, and ValueError for a number of updates that is not between 1 and
        MAX_CURVE.
        """
        if not 1 <= updates <= MAX_CURVE:
            raise ValueError(f"expected 1 to {MAX_CURVE} updates, got {updates}")
        with self._changed:
            if sum(job.owner != owner for job in self._waiting) >= self.queue:
                raise Refused("queue_full", limit=self.queue)
            kept = [job.id for job in self._jobs.values() if job.worker or job.state in LIVE]
        id = secrets.token_hex(8)
        try:
            removed = self.trainings.evict(kept)
            self.trainings.create(id, About(owner, query, updates), table)
        except OSError as error:
            LOG.exception("nothing can be kept")
            raise Refused("disk") from error
        with self._changed:
            for gone in removed:
                self._jobs.pop(gone, None)
            for job in self._jobs.values():
                if job.owner == owner and job.state in (*LIVE, *RESUMABLE):
                    self._cancel(job, Reason("replaced", {}))
            job = self._jobs[id] = Entry(id, owner, query, updates, self._clock())
            self._enqueue(job)
        return id

    def status(self, id: str) -> Status:
        """How a job is doing; its state is "gone" where nobody here knows of it."""
        with self._changed:
            job = self._find(id)
            return self._status(job) if job else Status(id, GONE, reason=Reason("gone", {"id": id[:40]}))

    def beat(self, id: str, owner: str) -> Status:
        """The status, and a sign that its owner is looking."""
        return self._act(id, owner, lambda job: None)

    def pause(self, id: str, owner: str) -> Status:
        """Save and stop it; its place goes to the next."""

        def act(job: Entry) -> None:
            if job.state in LIVE:
                self._halt(job, PAUSED, None)

        return self._act(id, owner, act)

    def resume(self, id: str, owner: str) -> Status:
        """Queue it again, to go on from where it was saved. Raises Refused as `submit`."""

        def act(job: Entry) -> None:
            if job.state in RESUMABLE:
                if len(self._waiting) >= self.queue:
                    raise Refused("queue_full", limit=self.queue)
                for other in self._jobs.values():
                    if other.owner == owner and other is not job and other.state in LIVE:
                        self._cancel(other, Reason("replaced", {}))
                job.reason, job.crashed_at = None, -1
                self._enqueue(job)

        return self._act(id, owner, act)

    def cancel(self, id: str, owner: str) -> Status:
        """End it for good; the snapshots that it has saved stay until room is needed."""

        def act(job: Entry) -> None:
            if job.state in (*LIVE, *RESUMABLE):
                self._cancel(job, None)

        return self._act(id, owner, act)

    def curves(self, id: str, since: int = 0) -> dict[str, Curves]:
        """What was measured from update `since` on, by network: `loss[0]` is that of `since`. Copies."""
        with self._changed:
            job = self._find(id)
            return job.log.curves(since) if job and job.log else {}

    def find(self, id: str) -> Snapshots:
        """The snapshots that a job has saved so far. Raises InputError, code trained_unknown, where there are none."""
        return self.trainings.find(id)

    # What time brings

    def tick(self) -> None:
        """Look after everybody: call it about twice a second while `busy`."""
        with self._changed:
            now = self._clock()
            for job in list(self._jobs.values()):
                if job.state in LIVE and now - job.beat > LAPSE:
                    self._halt(job, SAVED, Reason("lapsed", {}))
                overdue = job.stopping is not None and now - job.stopping > GRACE
                if job.worker and (overdue or now - job.heard > SILENCE):
                    job.heard = now
                    job.worker.kill()
                if job.lease and not job.lease.renew():
                    self._lose(job)
            self._take_turns(now)
            self._start()
            self._forget()

    @property
    def busy(self) -> bool:
        """Whether any job waits, runs or is about to end."""
        with self._changed:
            return any(job.worker or job.state in LIVE for job in self._jobs.values())

    def wait(self, seconds: float) -> None:
        """Return after so long, or, where nothing is going on, when something is."""
        with self._changed:
            self._changed.wait(seconds if self.busy else None)

    def close(self, seconds: float = 3.0) -> None:
        """Have all jobs saved and stopped, and take no more: the server ends."""
        with self._changed:
            self._closed = True
            workers = [job.worker for job in self._jobs.values() if job.worker]
            for job in list(self._jobs.values()):
                if job.state in LIVE:
                    self._halt(job, SAVED, Reason("kept", {}))
        end = time.monotonic() + seconds
        for worker in workers:
            worker.join(max(0.0, end - time.monotonic()))
        for worker in workers:
            worker.kill()
        with self._changed:
            for job in self._jobs.values():
                self._let_go(job)

    # What processes tell

    def _hear(self, job: Entry, message: Message) -> None:
        with self._changed:
            job.heard = now = self._clock()
            match message["kind"]:
                case "started":
                    if job.log is None:
                        job.log = Log(message["networks"], job.updates)
                case "progress":
                    if job.log is None:
                        raise ValueError("expected a process to say that it has started before its progress")
                    job.log.take(message["first"], message["arrays"])
                    job.update = message["update"]
                    job.marks.append((now, job.update))
                case "saved":
                    job.saved = job.update = message["update"]
                case "done":
                    if job.state != CANCELLED:
                        self._leave_queue(job)
                        job.state, job.reason = DONE, None
                case "failed":
                    if job.state != CANCELLED:
                        self._leave_queue(job)
                        code = {"MemoryError": "memory", "OSError": "disk"}.get(message["error"], "error")
                        job.state, job.reason = FAILED, Reason(code, {"error": message["error"]})

    def _ended(self, job: Entry) -> None:
        with self._changed:
            job.worker, job.stopping = None, None
            self._let_go(job)
            job.update = job.saved
            job.marks.clear()
            if job.state == RUNNING:
                again, job.crashed_at = job.saved <= job.crashed_at, job.saved
                if again:
                    job.state, job.reason = FAILED, Reason("crashed_again", {"update": job.saved})
                else:
                    job.reason = Reason("crashed", {"update": job.saved})
                    self._enqueue(job, front=True)
            self._start()
            self._changed.notify_all()

    # The rules

    def _act(self, id: str, owner: str, act: Callable[[Entry], None]) -> Status:
        with self._changed:
            job = self._find(id)
            if job and job.owner == owner:
                job.beat = self._clock()
                act(job)
                self._changed.notify_all()
            return self.status(id)

    def _find(self, id: str) -> Entry | None:
        """A job that is known, or one that an earlier server has left on disk."""
        if id in self._jobs:
            return self._jobs[id]
        about = self.trainings.about(id)
        if about is None:
            return None
        job = Entry(id, about.owner, about.query, about.updates, self._clock(), SAVED)
        self._read(job)
        if job.state != DONE:
            job.reason = Reason("kept", {"update": job.saved})
        self._jobs[id] = job
        return job

    def _read(self, job: Entry) -> None:
        """Take what has been saved of a job that nobody trains here."""
        try:
            networks = self.trainings.find(job.id).networks
            log = Log(tuple(networks), job.updates)
            log.take_curves({name: history.curves for name, history in networks.items()})
        except (InputError, ValueError):
            return  # nothing saved: it starts from the beginning
        job.log, job.update, job.saved = log, log.length, log.length
        if job.update == job.updates:
            self._leave_queue(job)
            job.state, job.reason = DONE, None

    def _status(self, job: Entry) -> Status:
        rate, left = 0.0, None
        if job.state == RUNNING and len(job.marks) > 1:
            (begin, first), (end, last) = job.marks[0], job.marks[-1]
            rate = max(last - first, 0) / max(end - begin, 1e-6)
            left = (job.updates - job.update) / rate if rate else None
        queue = [other for other in self._waiting if not other.elsewhere]
        place = queue.index(job) + 1 if job in queue else 0
        reason = job.reason
        if reason and reason.code in ("lapsed", "kept"):
            reason = Reason(reason.code, {"update": job.saved})
        state = RUNNING if job.elsewhere and job.state == WAITING else job.state
        return Status(job.id, state, place, job.update, job.updates, rate, left, job.saved, reason)

    def _enqueue(self, job: Entry, front: bool = False) -> None:
        job.state = WAITING
        self._waiting.insert(0 if front else len(self._waiting), job)
        self._start()
        self._changed.notify_all()

    def _leave_queue(self, job: Entry) -> None:
        if job in self._waiting:
            self._waiting.remove(job)

    def _start(self) -> None:
        """Hire for those who wait, in order, while there is room.

        Not for one whose last process still lives, here or on another server.
        """
        for job in list(self._waiting):
            if self._closed or sum(other.worker is not None for other in self._jobs.values()) >= self.workers:
                return
            if job.worker is None and self._takes(job):
                self._waiting.remove(job)
                job.state, job.since = RUNNING, self._clock()
                job.heard = job.since
                known = job.log.length if job.log else 0
                order = Order(str(self.trainings.root), job.id, job.query, job.updates, known)
                job.worker = self._hire(order, partial(self._hear, job), partial(self._ended, job))

    def _takes(self, job: Entry) -> bool:
        """Take the lease of a job that waits; what another server has saved of it is read in any case."""
        lease = self.trainings.lease(job.id)
        try:
            taken = lease.take()
        except OSError:
            LOG.exception("nothing can be kept")
            self._leave_queue(job)
            job.state, job.reason = FAILED, Reason("disk", {})
            return False
        if job.elsewhere or not taken:
            self._read(job)
        job.elsewhere, job.lease = not taken, lease if taken else None
        if job.state == DONE:
            self._let_go(job)
        return job.state != DONE and taken

    def _let_go(self, job: Entry) -> None:
        if job.lease:
            job.lease.release()
            job.lease = None

    def _lose(self, job: Entry) -> None:
        """Another server has taken over, since we could not be heard of: wait until it lets go."""
        job.lease = None
        if job.worker:
            job.worker.kill()
        if job.state == RUNNING:
            self._halt(job, WAITING, job.reason)
            self._waiting.append(job)

    def _halt(self, job: Entry, state: str, reason: Reason | None) -> None:
        self._leave_queue(job)
        job.state, job.reason = state, reason
        if job.worker and job.stopping is None:
            job.stopping = self._clock()
            job.worker.stop()

    def _cancel(self, job: Entry, reason: Reason | None) -> None:
        self._leave_queue(job)
        job.state, job.reason = CANCELLED, reason
        if job.worker:
            job.stopping = self._clock()
            job.worker.kill()

    def _take_turns(self, now: float) -> None:
        """While others wait, whoever has run for a turn goes to the end of the queue."""
        if any(job.worker is None for job in self._waiting):
            for job in self._jobs.values():
                if job.state == RUNNING and job.stopping is None and now - job.since > TURN:
                    self._halt(job, WAITING, job.reason)
                    self._waiting.append(job)

    def _forget(self) -> None:
        ended = [job for job in self._jobs.values() if not job.worker and job.state not in LIVE]
        for job in sorted(ended, key=lambda job: job.beat)[:-REMEMBERED]:
            del self._jobs[job.id]


def limits(settings: Mapping[str, str], cores: int) -> dict[str, int]:
    """How many processes and how many waiting jobs a machine takes: GATESCOPE_WORKERS and GATESCOPE_QUEUE."""
    usual = {"workers": min(2, max(1, cores - 1)), "queue": 32}
    found = {name: settings.get(f"GATESCOPE_{name.upper()}", "") for name in usual}
    return {name: int(text) if text.isdecimal() else usual[name] for name, text in found.items()}
