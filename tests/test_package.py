"""What `pip install .` brings: the core and the figures, their data and types, and nothing else that they need.

Installed once from a copy of the sources, without the network; the lines that README and the Conventions page show
then run in an empty folder, by an interpreter that finds nothing but the package and the libraries named here.
"""

import os
import pickle
import shutil
import subprocess
import sys
from importlib.metadata import distribution, distributions
from pathlib import Path

import numpy as np
import pytest

from recurrent_core import SOURCES
from recurrent_core.exchange import check
from ui.views.conventions.source import practice_code

ROOT = Path(__file__).parent.parent
PLOTLY = ("plotly", "narwhals", "packaging")
RUN_ALL = """\
import pickle, sys
for code, names in pickle.load(sys.stdin.buffer):
    exec(compile(code, "practice", "exec"), names)
    assert "heatmap" in open("recording.html", encoding="utf-8").read()
    print(names["difference"])
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder that `pip install --target` fills."""
    source, target = tmp_path_factory.mktemp("clone"), tmp_path_factory.mktemp("installed")
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, source)
    for name in ("recurrent_core", "figures", "ui", "jobs", "store", "pages", "texts"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    offline = ["--no-deps", "--no-index", "--no-build-isolation", "--target", target]
    subprocess.run([*pip, *offline, source], check=True)
    return target


@pytest.fixture
def python(installed, tmp_path):
    """Run code in an empty folder, with the package and some libraries; what it printed."""

    def run(code: str, *libraries: str, given: bytes = b"") -> str:
        found, empty = tmp_path / "libraries", tmp_path / "empty"
        found.mkdir(), empty.mkdir()
        for name in libraries:
            library = distribution(name)
            for part in {path.parts[0] for path in library.files} - {"..", "__pycache__"}:
                (found / part).symlink_to(library.locate_file(part))
        path = os.pathsep.join(map(str, (installed, found)))
        done = subprocess.run(
            [sys.executable, "-S", "-W", "error", "-c", code],
            input=given,
            capture_output=True,
            cwd=empty,
            env={"PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"},
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    return run


def test_the_core_the_figures_and_their_data_are_installed_and_no_more(installed):
    (package,) = distributions(path=[str(installed)])
    assert {path.name for path in installed.iterdir()} - {f"gatescope-{package.version}.dist-info"} == {
        "recurrent_core",
        "figures",
    }
    for top in ("recurrent_core", "figures"):
        files = {path.relative_to(ROOT) for path in (ROOT / top).rglob("*.*") if path.suffix != ".pyc"}
        assert {path for path in files if not (installed / path).exists()} == set()
        assert (installed / top / "py.typed").exists()
    always = [need for need in package.requires if "extra ==" not in need]
    assert [need.split("~")[0] for need in always] == ["numpy"]


def test_the_lines_of_the_readme_run_with_numpy_alone(python):
    text = (ROOT / "README.md").read_text("utf-8")
    (lines,) = (block.split("```")[0] for block in text.split("```python\n")[1:])
    shown = python(lines + "\nprint(recording)", "numpy")
    assert shown.splitlines()[-1] == "Recording(LSTM, 50 steps x 1 x 8 units, 3 inputs, 0 clamps)"


def test_the_figures_are_made_with_numpy_alone(python):
    code = """\
import recurrent_core as rc
from figures import recording_figure
print(*(trace["type"] for trace in recording_figure(rc.simulate(rc.PRESETS["notebook"]).recording)["data"]))
"""
    assert python(code, "numpy").split().count("heatmap") == 6


def test_the_lines_of_conventions_are_true_for_every_source(python):
    """Weights, an input and the source's own output under the names that the lines use."""
    inputs = np.random.default_rng(0).standard_normal((30, 3))
    given = []
    for source, described in SOURCES.items():
        for network, of in described.networks.items():
            weights = check.draw_weights(of, 1, 3, 5)
            named = {
                "pytorch": {"state_dict": weights},
                "keras": {"weights": list(weights.values())},
                "onnx": weights,
            }
            names = named.get(source, {"weights": weights})
            h = check.run_source(of, weights, inputs, 5)[:, None]
            given.append((practice_code(source, network, "0"), {**names, "x": inputs[:, None], "h": h}))
    shown = python(RUN_ALL, "numpy", *PLOTLY, given=pickle.dumps(given)).split()
    assert len(shown) == len(given) >= 14
    assert max(map(float, shown)) < 1e-13
