"""A training process as the server sees it: started, listened to, asked to save and stop, killed, reported.

One thread a process starts it, reads what it says and reports its end. That it is the same thread matters: Linux
kills the process when the thread that started it ends, whatever becomes of the server.
"""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, NamedTuple

from jobs import messages
from recurrent_core.container import Message

LOG = logging.getLogger("gatescope")
ROOT = Path(__file__).parent.parent
COMMAND = (sys.executable, "-m", "jobs.worker")
THREADS = ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM")  # ..._NUM_THREADS, or ..._THREADS of the last


class Order(NamedTuple):
    """What a process is to do: the first and only message that it reads."""

    root: str  # the folder of all trainings
    id: str
    query: str
    updates: int
    known: int = 0  # updates whose measured numbers the server has
    parent: int = 0  # process id of the server


class Process:
    """A running training process.

    `hear(message)` is called with each message, `ended()` once when the process is gone; both from a thread of
    our own. A process that says what `hear` or the protocol refuses is killed.
    """

    def __init__(
        self,
        order: Order,
        hear: Callable[[Message], Any],
        ended: Callable[[], Any],
        command: Sequence[str] = COMMAND,
    ):
        self._order = order._replace(parent=os.getpid())
        self._hear, self._ended, self._command = hear, ended, tuple(command)
        self._popen: subprocess.Popen[bytes] | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="training", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """The id of the process; None if it could not be started."""
        self._ready.wait()
        return self._popen.pid if self._popen else None

    def stop(self) -> None:
        """Ask it to save and end: its input is closed."""
        self._ready.wait()
        if self._popen:
            _close(self._popen.stdin)

    def kill(self) -> None:
        """End it at once."""
        self._ready.wait()
        if self._popen:
            self._popen.kill()

    def join(self, seconds: float) -> None:
        """Wait until it is gone and that has been reported, at most so long."""
        self._thread.join(seconds)

    def _follow(self) -> None:
        try:
            self._popen = _start(self._command, self._order)
        except OSError:
            LOG.exception("no training process")
        finally:
            self._ready.set()
        try:
            if self._popen:
                self._listen(self._popen)
        finally:
            self._ended()

    def _listen(self, popen: subprocess.Popen[bytes]) -> None:
        assert popen.stdin and popen.stdout  # `_start` asks for both
        try:
            for message in messages.read(popen.stdout):
                self._hear(message)
        except Exception:
            LOG.exception("a training process is not understood")
            popen.kill()
        finally:
            _close(popen.stdin)
            popen.stdout.close()
            popen.wait()


def _start(command: tuple[str, ...], order: Order) -> subprocess.Popen[bytes]:
    limits = {f"{name}{'' if '_' in name else '_NUM'}_THREADS": "1" for name in THREADS}
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    popen = subprocess.Popen(
        command,
        env={**os.environ, **limits, "PYTHONPATH": path},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert popen.stdin
    try:
        messages.write(popen.stdin, "order", **order._asdict())
    except OSError:
        popen.kill()  # it has ended before it listened, which its output will tell
    return popen


def _close(pipe: IO[bytes] | None) -> None:
    with suppress(OSError):  # it may have ended before it read everything
        if pipe:
            pipe.close()
