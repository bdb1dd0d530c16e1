"""Who drives what a folder holds: one holder at a time among all servers that share the folder.

A lease is a row of files lease.1, lease.2, ... of which the last counts. It belongs to the process that made it and
holds that process's token; its time is when the holder was heard of last. Who wants a lease that has lapsed makes the
next file, which only one can, on every system. The last file is never removed, so no number comes twice.

The clocks of the servers are taken to agree within a few seconds.
"""

import os
import re
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from store import files

LAPSE = 15.0  # seconds after which a holder that is not heard of has lost it
FILE = re.compile(r"lease\.([0-9]{1,9})")


class Lease:
    """A lease that this process may hold on a folder, which must be there."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time):
        self._folder, self._clock = folder, clock
        self._token = secrets.token_hex(16)
        self._number = 0  # of the file that is ours

    def take(self) -> bool:
        """Hold it from now on, if nobody else does. Raises OSError where the folder cannot be written."""
        if self.renew():
            return True
        last = self._last()
        if last and not self._lapsed(last):
            return False
        try:
            with self._path(last + 1).open("x") as file:
                file.write(self._token)
        except FileExistsError:
            return False
        self._number = last + 1
        if not self.renew():  # others have had it since we looked
            return False
        for number in self._numbers():
            if number < self._number:
                files.remove(self._path(number))
        return True

    def renew(self) -> bool:
        """Say that we still drive; whether we do. Call it several times within LAPSE."""
        if not self._number:
            return False
        path, now = self._path(self._number), self._clock()
        try:
            os.utime(path, (now, now))
            held = self._last() == self._number and files.read(path) == self._token.encode()
        except OSError:
            held = False
        self._number = self._number if held else 0
        return held

    def release(self) -> None:
        """Let another have it at once."""
        if self.renew():
            with suppress(OSError):
                os.utime(self._path(self._number), (0, 0))
        self._number = 0

    def _lapsed(self, number: int) -> bool:
        try:
            return self._clock() - self._path(number).stat().st_mtime > LAPSE
        except FileNotFoundError:
            return False  # another has just taken it

    def _path(self, number: int) -> Path:
        return self._folder / f"lease.{number}"

    def _numbers(self) -> list[int]:
        return [int(found[1]) for name in os.listdir(self._folder) if (found := FILE.fullmatch(name))]

    def _last(self) -> int:
        return max(self._numbers(), default=0)
