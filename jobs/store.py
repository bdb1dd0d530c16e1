"""What trainings leave on disk: a folder for each, in a cache folder of bounded size.

A training's folder holds `job.json` (what was asked for), perhaps `table.npz` (the reader's own numbers) and
`training.npz`: the snapshots, curves and moments of recurrent_core.snapshots, all that is needed to show it or to go
on, written anew every few seconds. Files appear whole or not at all. The least recently used folders go first when
room is needed.
"""

import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from recurrent_core import Table
from recurrent_core.learn.snapshots import Snapshots, load, unknown

ID = re.compile(r"[0-9a-f]{16}")
ABOUT, TABLE, TRAINING = "job.json", "table.npz", "training.npz"
MOST_BYTES = 200_000_000
MOST_JOBS = 100
IN_USE = 60.0  # seconds: a folder touched since is not removed, it may belong to another server


class About(NamedTuple):
    """What was asked for."""

    owner: str
    query: str
    updates: int


class Store:
    """The folders of all trainings, below `root`, which is made if need be."""

    def __init__(self, root: Path, most_bytes: int = MOST_BYTES, most_jobs: int = MOST_JOBS):
        self.root, self.most_bytes, self.most_jobs = Path(root), most_bytes, most_jobs
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)

    def folder(self, id: str) -> Path:
        """Where a training is kept, there or not. Raises KeyError for what is no id: they come from addresses."""
        if not ID.fullmatch(id):
            raise KeyError(id)
        return self.root / id

    def create(self, id: str, about: About, table: Table | None = None) -> None:
        """Make the folder of a new training."""
        folder = self.folder(id)
        folder.mkdir(mode=0o700)
        replace(folder / ABOUT, json.dumps(about._asdict()).encode())
        if table is not None:
            with (folder / TABLE).open("wb") as file:
                np.savez(file, values=table.values, names=np.array(table.names, str))

    def about(self, id: str) -> About | None:
        """What was asked for; None where no such training is kept."""
        try:
            return About(**json.loads((self.folder(id) / ABOUT).read_text("utf-8")))
        except (OSError, KeyError, ValueError, TypeError):
            return None

    def find(self, id: str) -> Snapshots:
        """The snapshots of a training as they were saved last. Cheap as long as they have not changed.

        Raises InputError: code trained_unknown where none are kept, or one of `load` for a damaged file.
        """
        try:
            path = self.folder(id) / TRAINING
            told = path.stat()
            found = _load(path, told.st_mtime_ns, told.st_ino)
            os.utime(path.parent)
        except (KeyError, OSError) as error:
            raise unknown(id) from error
        return found

    def evict(self, keep: Collection[str] = ()) -> list[str]:
        """Remove the folders used least recently until the bounds hold, but for those in `keep`; their ids."""
        paths = [path for path in self.root.iterdir() if ID.fullmatch(path.name)]
        found = sorted((path.stat().st_mtime, path, _bytes(path)) for path in paths)
        count, size, gone = len(found), sum(size for *_, size in found), []
        for used, path, size_here in found:
            if count < self.most_jobs and size <= self.most_bytes:
                break
            if path.name not in keep and time.time() - used > IN_USE:
                shutil.rmtree(path, ignore_errors=True)
                count, size = count - 1, size - size_here
                gone.append(path.name)
        return gone


@lru_cache(maxsize=8)
def _load(path: Path, changed: int, inode: int) -> Snapshots:
    return load(path.read_bytes())


def replace(path: Path, data: bytes) -> None:
    """Write a file that is there as a whole or as it was before."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        new.write_bytes(data)
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)


def table_in(folder: Path) -> Table | None:
    """The table that a training reads, if it reads one."""
    if not (folder / TABLE).exists():
        return None
    with np.load(folder / TABLE, allow_pickle=False) as found:
        return Table(found["values"], tuple(str(name) for name in found["names"]))


def default_root(settings: Mapping[str, str]) -> Path:
    """GATESCOPE_JOBS, or a folder in the user's cache, or a fresh one where that cannot be written."""
    if given := settings.get("GATESCOPE_JOBS"):
        return Path(given)
    root = Path(settings.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gatescope" / "jobs"
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=root):
            return root
    except OSError:
        return Path(tempfile.mkdtemp(prefix="gatescope-"))


def _bytes(folder: Path) -> int:
    with os.scandir(folder) as entries:
        return sum(entry.stat().st_size for entry in entries)
