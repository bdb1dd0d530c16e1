"""Where this process keeps things: a folder of the user's choice, in the user's cache, or a fresh one."""

import os
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from store.tables import Tables
from store.trainings import Trainings


class Store(NamedTuple):
    """The rooms of a store. Opening one touches no disk: what cannot be written is told when it is to be written.

    Trainings lie directly in the root, as older versions left them.
    """

    root: Path
    tables: Tables
    trainings: Trainings


_lock = threading.Lock()
_opened: Store | None = None


def opened() -> Store:
    """The store of this process, opened when first asked for."""
    global _opened
    with _lock:
        if _opened is None:
            root = default_root(os.environ)
            _opened = Store(root, Tables(root / "tables"), Trainings(root))
        return _opened


def default_root(settings: Mapping[str, str]) -> Path:
    """GATESCOPE_STORE, or GATESCOPE_JOBS of older set-ups, or a folder in the user's cache, or a fresh one."""
    if given := settings.get("GATESCOPE_STORE") or settings.get("GATESCOPE_JOBS"):
        return Path(given)
    root = Path(settings.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gatescope" / "jobs"
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=root):
            return root
    except OSError:
        return Path(tempfile.mkdtemp(prefix="gatescope-"))
