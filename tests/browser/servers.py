"""Servers of the app, started for tests."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from itertools import count
from pathlib import Path

ROOT = Path(__file__).parents[2]
UVICORN = ("uvicorn", "server:app", "--host", "127.0.0.1", "--no-access-log", "--port")
STREAMLIT = ("streamlit", "run", "app.py", "--server.address", "127.0.0.1", "--server.port")
MODES = {"uvicorn": UVICORN, "streamlit": STREAMLIT}
_ports = count(10_000 + 10 * os.getpid() % 20_000)


def free_port() -> int:
    """A port on which nobody listens, below those that the system hands out by itself: ours even while we restart."""

    def taken(port: int) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    return next(port for port in _ports if not taken(port))


class Server:
    """The app of a folder in one launch mode, on a port that it keeps over a restart."""

    def __init__(self, mode: str, log: Path, root: Path = ROOT):
        self.mode, self.log, self.root = mode, log, root
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"

    def start(self) -> "Server":
        command = [sys.executable, "-m", *MODES[self.mode], str(self.port)]
        environment = os.environ | {
            "OPENBLAS_NUM_THREADS": "1",
            "GATESCOPE_STORE": str(self.log.parent / "store"),
            "GATESCOPE_WORKERS": "1",
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.root, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        end = time.monotonic() + 60
        while not self._answers():
            assert self.process.poll() is None, f"the server ended: {self.log.read_text('utf-8', 'replace')}"
            assert time.monotonic() < end, "the server does not answer"
            time.sleep(0.05)
        return self

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=1):
                return True
        except OSError:
            return False

    def stop(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
