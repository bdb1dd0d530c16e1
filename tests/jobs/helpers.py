"""Real training processes for tests: orders, waiting without sleeping, and who is alive."""

import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from jobs.office import Office
from jobs.process import Process
from recurrent_core.lab import address

HERE = Path(__file__).parent
LIMIT = 120.0  # seconds: generous, the machine may be busy


def small(updates: int = 20000, **fields) -> tuple[str, int]:
    """Query and updates of a training that takes a fraction of a millisecond an update."""
    settings = {"task": "adding", "n": 2, "len": 10, "lr": 0.01, "all": updates} | fields
    return address.join((name, str(value)) for name, value in settings.items()), updates


def troubled(what: str) -> Callable[..., Process]:
    """To hire processes in which something goes wrong: see troubled.py."""
    return partial(Process, command=(sys.executable, str(HERE / "troubled.py"), what))


def until(true: Callable[[], bool], office: Office | None = None, **watching: str) -> None:
    """Wait until something holds, while owners (owner=id) look at their jobs. Fails beyond LIMIT."""
    end = time.monotonic() + LIMIT
    while not true():
        assert time.monotonic() < end, f"waited {LIMIT} s in vain"
        if office is None:
            time.sleep(0.02)
            continue
        for owner, id in watching.items():
            office.beat(id, owner)
        office.tick()
        with office._changed:
            office._changed.wait(0.02)


def pid_of(office: Office, id: str) -> int | None:
    """The process that trains a job."""
    worker = office._jobs[id].worker
    return worker and worker.pid


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and that nobody has asked about does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def workers_of(server: int) -> list[int]:
    """The training processes that a server has started (Linux)."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == server and b"jobs.worker" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except (OSError, ValueError):
            continue
    return found


def kill(pid: int) -> None:
    """kill -9"""
    os.kill(pid, signal.SIGKILL)
