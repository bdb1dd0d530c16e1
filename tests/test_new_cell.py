"""A new cell is its file, its name in a tuple and its texts: then it is a network of every page, in every language."""

import os
import subprocess
import sys
from pathlib import Path

from planted import plant

SCRIPT = Path(__file__).parent / "new_cell" / "open_everything.py"


def test_the_documents_cell_opens_on_every_page_tab_and_mode(tmp_path):
    tree = plant(tmp_path / "app")
    found = subprocess.run(
        [sys.executable, str(SCRIPT), "mgu"],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree), "GATESCOPE_STORE": str(tmp_path / "store")},
        capture_output=True,
        encoding="utf-8",
        timeout=600,
    )
    assert found.returncode == 0, found.stderr[-3000:]
    assert found.stdout.splitlines()[-1].startswith("done")
