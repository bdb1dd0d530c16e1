"""Imports point down only: pages, app -> ui -> figures, jobs, store -> recurrent_core -> numpy. Parsed, not run."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = ("app", "server", "pages", "ui", "figures", "jobs", "store", "recurrent_core", "tests", "benchmarks")
CELLS = ("rnn", "lstm", "gru", "gru_after", "lstm_peephole")
ALLOWED = {
    "pages": {"ui", "figures", "recurrent_core"},
    "app": {"ui", "figures", "recurrent_core"},
    "server": {"ui", "recurrent_core", "starlette"},
    "ui": {
        "ui",
        "figures",
        "jobs",
        "store",
        "recurrent_core",
        "numpy",
        "plotly",
        "segno",
        "cachetools",
    },
    "ui/shell": {"ui", "figures", "jobs", "store", "recurrent_core", "numpy", "streamlit", "starlette"},
    "figures": {"figures", "recurrent_core", "numpy", "plotly"},
    "jobs": {"jobs", "store", "recurrent_core", "numpy"},
    "store": {"store", "recurrent_core", "numpy"},
    "recurrent_core": {"recurrent_core", "numpy"},
}
BELOW_LAB = ("analysis", "exchange", "learn")  # rooms of the core that know no settings
QUERIES = {f"urllib.parse.{name}" for name in ("parse_qs", "parse_qsl", "urlencode")}
MODULES = sorted(
    path.relative_to(ROOT).as_posix()
    for top in ("app.py", "server.py", "pages", "ui", "figures", "jobs", "store", "recurrent_core")
    for path in ([ROOT / top] if top.endswith(".py") else (ROOT / top).rglob("*.py"))
)


def imported(path: str, source: str) -> Iterator[str]:
    """Every module that the source of `path` names in an import, with relative ones spelled out."""
    package = path.removesuffix(".py").split("/")[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def floor(path: str) -> str:
    """The name in ALLOWED under which a module stands: the shell, which alone knows Streamlit, or its first folder."""
    return "ui/shell" if path.startswith("ui/shell/") else path.removesuffix(".py").split("/")[0]


def offences(path: str, source: str) -> list[str]:
    """What this module imports though it must not."""
    top = floor(path)
    found = []
    for name in imported(path, source):
        head, *rest = name.split(".")
        if head not in ALLOWED[top] and head not in sys.stdlib_module_names:
            found.append(f"{path} imports {name}")
        within = Path(path).stem
        cell = path.startswith("recurrent_core/cells/") and within in CELLS
        above = rest[:1] == ["run"] or (rest[:1] == ["cells"] and rest[1:2] not in (["fast"], ["graph"]))
        if cell and head == "recurrent_core" and above:
            found.append(f"{path} imports {name}")
        if path.split("/")[1:2] in ([room] for room in BELOW_LAB) and name.startswith("recurrent_core.lab"):
            found.append(f"{path} imports {name}")
        if name in QUERIES and path != "recurrent_core/lab/address.py":
            found.append(f"{path} reads or writes queries")
    return found


@pytest.mark.parametrize("path", MODULES)
def test_imports_point_down(path):
    assert not offences(path, (ROOT / path).read_text("utf-8"))


def test_every_package_is_looked_at():
    assert set(map(floor, MODULES)) == set(ALLOWED)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("recurrent_core/cells/lstm.py", "import streamlit"),
        ("recurrent_core/cells/lstm.py", "def late():\n    import plotly.graph_objects as go"),
        ("recurrent_core/cells/lstm.py", "from .gru import GRU"),
        ("recurrent_core/cells/lstm.py", "from .. import run"),
        ("recurrent_core/cells/gru.py", "from recurrent_core.cells import CELLS"),
        ("recurrent_core/cells/gru_after.py", "from .gru import GRU"),
        ("recurrent_core/cells/fast/lstm.py", "from recurrent_core.cells.lstm import State"),
        ("recurrent_core/arrays.py", "from ui import text"),
        ("recurrent_core/arrays.py", "from ..figures import colours"),
        ("recurrent_core/arrays.py", "import scipy.special"),
        ("figures/curves.py", "import streamlit as st"),
        ("figures/curves.py", "from ui.words.text import Text"),
        ("jobs/worker.py", "import streamlit as st"),
        ("jobs/office.py", "from ui.session import Session"),
        ("recurrent_core/learn/train.py", "import jobs"),
        ("recurrent_core/learn/train.py", "from recurrent_core.lab.experiment import Experiment"),
        ("recurrent_core/analysis/memory.py", "from ..lab import signals"),
        ("ui/session.py", "from urllib.parse import urlencode"),
        ("store/tables.py", "from jobs import office"),
        ("ui/views/view.py", "from ...pages import gates"),
        ("ui/controls.py", "import app"),
        ("ui/render.py", "import streamlit as st"),
        ("ui/render.py", "import starlette"),
        ("server.py", "import streamlit as st"),
        ("pages/gates.py", "import numpy as np"),
        ("app.py", "import streamlit as st"),
    ],
)
def test_a_planted_offender_is_found(path, source):
    assert offences(path, source)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("recurrent_core/cells/lstm.py", "from ..arrays import sigmoid\nimport math\nimport numpy as np"),
        ("recurrent_core/cells/__init__.py", "from .gru import GRU"),
        ("recurrent_core/cells/lstm.py", "from .fast.lstm import FAST\nfrom .graph import gate"),
        ("figures/curves.py", "from .colours import THEMES\nfrom recurrent_core import Recording"),
        ("ui/parts.py", "import json\nfrom ui.words.text import Text"),
    ],
)
def test_a_proper_import_is_not(path, source):
    assert not offences(path, source)
