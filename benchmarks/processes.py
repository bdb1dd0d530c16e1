"""Servers for a benchmark: started on a free port, awaited, and stopped with all their children."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
RIVALS = ROOT / "benchmarks" / "rivals"
HOST = "127.0.0.1"


class Server(NamedTuple):
    """A running server: its address without a closing slash, and the id of its process."""

    url: str
    pid: int


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


@contextmanager
def serve(
    arguments: list[str], port: int, folder: Path, home: Path, health: str, root: Path = ROOT
) -> Iterator[Server]:
    """Run `python -m arguments` in `folder` until the block ends, with one BLAS thread as in `make run`.

    `home` is the user's folder it sees, so that no personal configuration applies; `health` is a path
    that answers once the server is up; `root` is the checkout whose packages it imports. Raises RuntimeError if
    it ends or does not answer within 60 s.
    """
    log = home / f"{port}.log"
    path = os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), str(root))))
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=folder,
            env={**os.environ, "HOME": str(home), "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"},
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = Server(f"http://{HOST}:{port}", process.pid)
    try:
        deadline = time.monotonic() + 60
        while not _answers(server.url + health):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{arguments[0]} did not start")
            time.sleep(0.1)
        yield server
    except Exception:
        print(f"{arguments[0]} wrote:\n{log.read_text(errors='replace')[-4000:]}", file=sys.stderr)
        raise
    finally:
        _stop(process)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


def _stop(process: subprocess.Popen) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(5)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


@contextmanager
def gatescope(app: str = "server:app", root: Path = ROOT) -> Iterator[Server]:
    """Run the app of the checkout `root`, or an app that has it inside, as `make run` does."""
    port = free_port()
    options = ("--no-access-log", "--ws-per-message-deflate", "false")
    arguments = ["uvicorn", app, "--host", HOST, "--port", str(port), *options]
    with (
        TemporaryDirectory() as home,
        serve(arguments, port, root, Path(home), "/_stcore/health", root) as server,
    ):
        yield server


@contextmanager
def streamlit() -> Iterator[Server]:
    """Run the naive page with plain `streamlit run` from an empty folder: every option has its default.

    Only what a benchmark must set is set: the port, no browser window, nothing sent to other hosts.
    """
    port = free_port()
    options = ["--server.port", str(port), "--server.address", HOST, "--server.headless", "true"]
    arguments = [
        "streamlit",
        "run",
        str(RIVALS / "naive_streamlit.py"),
        *options,
        "--browser.gatherUsageStats",
        "false",
    ]
    with (
        TemporaryDirectory() as home,
        serve(arguments, port, Path(home), Path(home), "/_stcore/health") as server,
    ):
        yield server


@contextmanager
def bokeh() -> Iterator[Server]:
    """Run the Bokeh page with `bokeh serve`."""
    port = free_port()
    arguments = ["bokeh", "serve", str(RIVALS / "bokeh_server.py"), "--address", HOST, "--port", str(port)]
    with (
        TemporaryDirectory() as home,
        serve(arguments, port, Path(home), Path(home), "/bokeh_server") as server,
    ):
        yield server


@contextmanager
def busy() -> Iterator[None]:
    """Keep one core busy until the block ends, as any other program might."""
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        process.kill()
        process.wait()
