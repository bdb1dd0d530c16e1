"""Trainings: a folder for each, which holds all that is needed to show it or to go on, within bounds.

A training's folder holds `job.json` (what was asked for), perhaps `table.pack` (the reader's own numbers) and
`training.pack`: snapshots, curves and moments (see recurrent_core.learn.snapshots), written anew every few seconds;
.npz files of the same names, as older versions left them, are read too. Its `lease` says which server trains it. The
least recently used folders go first when room is needed.
"""

import json
import os
import re
import shutil
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from recurrent_core import Table
from recurrent_core.container import deflate, inflate
from recurrent_core.learn import snapshots
from recurrent_core.learn.snapshots import Snapshots, unknown
from store import files
from store.leases import Lease
from store.tables import LARGEST, as_message, from_message

ID = re.compile(r"[0-9a-f]{16}")
ABOUT, TABLE, TRAINING = "job.json", "table.pack", "training.pack"
OLD = ".npz"
MOST_BYTES = 200_000_000
MOST_TRAININGS = 100
IN_USE = 60.0  # seconds: a folder touched since is not removed, it may belong to another server


class About(NamedTuple):
    """What was asked for."""

    owner: str
    query: str
    updates: int


class Trainings:
    """The folders of all trainings, below `root`, which is made when it is first needed."""

    def __init__(
        self,
        root: Path,
        most_bytes: int = MOST_BYTES,
        most_trainings: int = MOST_TRAININGS,
        clock: Callable[[], float] = time.time,
    ):
        self.root, self.most_bytes, self.most_trainings = Path(root), most_bytes, most_trainings
        self._clock = clock

    def create(self, id: str, about: About, table: Table | None = None) -> None:
        """Make the folder of a new training.

        Raises OSError, with what to do in a sentence, where the disk is full or cannot be written.
        """
        folder = self.folder(id)
        try:
            files.write(folder / ABOUT, json.dumps(about._asdict()).encode())
            if table is not None:
                files.write(folder / TABLE, deflate(as_message(table)))
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def about(self, id: str) -> About | None:
        """What was asked for; None where no such training is kept."""
        try:
            return About(**json.loads(files.read(self.folder(id) / ABOUT)))
        except (OSError, KeyError, ValueError, TypeError):
            return None

    def table(self, id: str) -> Table | None:
        """The table that a training reads, if it reads one. Raises ValueError for a damaged file."""
        path = _there(self.folder(id) / TABLE)
        if path is None:
            return None
        if path.suffix != OLD:
            return from_message(inflate(files.read(path), LARGEST))
        with np.load(path, allow_pickle=False) as found:
            return Table(found["values"], tuple(str(name) for name in found["names"]))

    def save(self, id: str, saved: Snapshots) -> None:
        """Keep how far a training has come. Raises OSError as `create`."""
        path = self.folder(id) / TRAINING
        files.write(path, snapshots.save(saved))
        files.remove(path.with_suffix(OLD))

    def saved(self, id: str) -> bool:
        """Whether anything has been saved of a training."""
        return _there(self.folder(id) / TRAINING) is not None

    def find(self, id: str) -> Snapshots:
        """The snapshots of a training as they were saved last. Cheap as long as they have not changed.

        Raises InputError: code trained_unknown where none are kept, or one of `snapshots.load` for a damaged file.
        """
        try:
            path = _there(self.folder(id) / TRAINING)
            if path is None:
                raise unknown(id)
            told = path.stat()
            found = _load(path, told.st_mtime_ns, told.st_ino)
            with suppress(PermissionError):  # a folder that can only be read
                os.utime(path.parent)
        except (KeyError, OSError) as error:
            raise unknown(id) from error
        return found

    def lease(self, id: str) -> Lease:
        """What a server holds while it trains."""
        return Lease(self.folder(id), self._clock)

    def evict(self, keep: Collection[str] = ()) -> list[str]:
        """Remove the folders used least recently until there is room for one more, but those in `keep`; their ids."""
        found = sorted(self._kept())
        count, size, gone = len(found), sum(size for _, size, _ in found), []
        for used, size_here, path in found:
            if count < self.most_trainings and size <= self.most_bytes:
                break
            if path.name not in keep and time.time() - used > IN_USE:
                shutil.rmtree(path, ignore_errors=True)
                count, size = count - 1, size - size_here
                gone.append(path.name)
        return gone

    def folder(self, id: str) -> Path:
        """Where a training is kept, there or not. Raises KeyError for what is no id: they come from addresses."""
        if not ID.fullmatch(id):
            raise KeyError(id)
        return self.root / id

    def _kept(self) -> Iterator[tuple[float, int, Path]]:
        """When each training was used last, its size and its folder."""
        for path in self.root.iterdir() if self.root.is_dir() else ():
            with suppress(FileNotFoundError):  # another process makes room too
                if ID.fullmatch(path.name):
                    yield path.stat().st_mtime, sum(file.stat().st_size for file in path.iterdir()), path


def _there(path: Path) -> Path | None:
    """The file, as it is written now or as it was of old, if it is there."""
    return next((one for one in (path, path.with_suffix(OLD)) if one.exists()), None)


@lru_cache(maxsize=8)
def _load(path: Path, changed: int, inode: int) -> Snapshots:
    return snapshots.load(files.read(path))
