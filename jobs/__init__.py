"""Training in processes of its own, at most a few at a time, looked after by one office a server."""

import atexit
import logging
import os
import threading

from jobs.office import Office, Reason, Refused, Status, limits
from jobs.process import Process
from store import opened

__all__ = ["Office", "Reason", "Refused", "Status", "office"]

LOG = logging.getLogger("gatescope")
PERIOD = 0.5  # seconds

_lock = threading.Lock()
_office: Office | None = None


def office() -> Office:
    """The office of this server, opened when first asked for, closed when the server ends.

    Environment: GATESCOPE_WORKERS processes at a time, GATESCOPE_QUEUE jobs that may wait.
    """
    global _office
    with _lock:
        if _office is None:
            most = limits(os.environ, os.cpu_count() or 1)
            _office = Office(Process, opened().trainings, workers=most["workers"], queue=most["queue"])
            threading.Thread(target=_look_after, args=(_office,), name="office", daemon=True).start()
            atexit.register(_office.close)
        return _office


def _look_after(office: Office) -> None:
    while True:
        office.wait(PERIOD)
        try:
            office.tick()
        except Exception:
            LOG.exception("the office stumbled")
