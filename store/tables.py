"""Tables of readers' own numbers, by the hash of what is in them: who knows a table's name has seen the table.

A table is one file. The least recently used go first when room is needed.
"""

import hashlib
import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import numpy as np

from recurrent_core import Table
from recurrent_core.container import Exact, Message, deflate, inflate, pack
from store import files

NAME = re.compile(r"sha:[0-9a-f]{64}")
MOST_BYTES = 50_000_000
MOST_TABLES = 2000
LARGEST = 1_000_000  # bytes of one, as it is read
ABANDONED = 3600.0  # seconds: what is still a draft then was left by a process that was killed


class Tables:
    """The tables in a folder, which is made when it is first needed."""

    def __init__(self, root: Path, most_bytes: int = MOST_BYTES, most_tables: int = MOST_TABLES):
        self.root, self.most_bytes, self.most_tables = Path(root), most_bytes, most_tables

    def keep(self, table: Table) -> str:
        """Keep a table; its name, "sha:" and 64 digits, is the same wherever the same numbers and words are kept.

        Raises OSError, with what to do in a sentence, where the disk is full or cannot be written.
        """
        name = _name(table)
        if self.find(name) is None:
            path = self._path(name)
            files.write(path, deflate(as_message(table)))
            self._make_room(path)
        return name

    def find(self, name: str) -> Table | None:
        """The table of a name, exactly as it was kept; None where none is. Cheap the second time."""
        if not NAME.fullmatch(name) or not _used(path := self._path(name)):
            return None
        try:
            return _load(path, name)
        except (OSError, ValueError):
            return None

    def _path(self, name: str) -> Path:
        return self.root / name.removeprefix("sha:")

    def _make_room(self, newest: Path) -> None:
        found = sorted(self._kept())
        count, size = len(found), sum(size for _, size, _ in found)
        for _, size_here, path in found:
            if count <= self.most_tables and size <= self.most_bytes:
                break
            if path != newest:
                files.remove(path)
                count, size = count - 1, size - size_here

    def _kept(self) -> Iterator[tuple[float, int, Path]]:
        """When each table was used last, its size and its path; abandoned drafts are cleared away."""
        for path in self.root.iterdir():
            with suppress(FileNotFoundError):  # another process makes room too
                told = path.stat()
                if NAME.fullmatch(f"sha:{path.name}"):
                    yield told.st_mtime, told.st_size, path
                elif time.time() - told.st_mtime > ABANDONED:
                    files.remove(path)


def as_message(table: Table) -> Message:
    """What is kept of a table."""
    values = Exact(np.ascontiguousarray(table.values, np.float64))
    return {
        "kind": "table",
        "names": list(table.names),
        "ticks": table.ticks and list(table.ticks),
        "values": values,
    }


def from_message(message: Message) -> Table:
    """The table of such a message. Raises ValueError for what is none."""
    values, names, ticks = (message.get(part) for part in ("values", "names", "ticks"))
    if message.get("kind") != "table" or not isinstance(values, np.ndarray) or values.ndim != 2:
        raise ValueError(f"expected a table, got a message of kind {message.get('kind')!r}")
    rows, columns = values.shape
    return Table(values, _words(names, columns), None if ticks is None else _words(ticks, rows))


def _words(found: object, count: int) -> tuple[str, ...]:
    if not isinstance(found, list) or len(found) != count or not all(isinstance(word, str) for word in found):
        raise ValueError(f"expected {count} words, got {str(found)[:60]}")
    return tuple(found)


def _name(table: Table) -> str:
    return f"sha:{hashlib.sha256(pack(as_message(table))).hexdigest()}"


def _used(path: Path) -> bool:
    """Note that a file is used; whether it is there."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    except OSError:
        return path.exists()  # a folder that can only be read
    return True


@lru_cache(maxsize=32)
def _load(path: Path, name: str) -> Table:
    table = from_message(inflate(files.read(path), LARGEST))
    if _name(table) != name:
        raise ValueError(f"expected {name}, got another table")
    return table
