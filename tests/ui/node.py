"""Node with the browser's modules as they are published, for what both sides must do alike."""

import json
import os
import shutil
import subprocess
from typing import Any

import pytest

from ui.components import assets


def node(script: str, given: bytes) -> Any:
    """What a module's script writes as JSON: "./wire.js" is a published module, its standard input `given`.

    Without Node the test is skipped, or fails where CI is set.
    """
    command = shutil.which("node")
    if command is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no node on PATH")
    folder = assets.STATIC / assets.publish()
    arguments = [command, "--input-type=module", "--eval", script]
    done = subprocess.run(arguments, cwd=folder, input=given, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)
