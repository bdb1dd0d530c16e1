"""Files that are there as a whole or as they were before, also where others read them at the same time."""

import os
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

PATIENCE = 40  # times that a file is tried which another process holds open
PAUSE = 0.025  # seconds between two of them
SHARED = os.name != "nt"  # whether a file that is being read can be replaced

T = TypeVar("T")


def write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; folders that are missing are made, for this user only.

    Raises OSError, with what to do in a sentence, where the disk is full or cannot be written.
    """
    try:
        _make(path.parent)
        replace(path, data)
    except OSError as error:
        raise _told(path.parent, error) from error


def replace(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, in a folder that is there. Raises OSError where that cannot be."""
    draft = path.with_name(f".draft-{secrets.token_hex(8)}")
    try:
        draft.write_bytes(data)
        _patiently(lambda: os.replace(draft, path))
    finally:
        draft.unlink(missing_ok=True)


def read(path: Path) -> bytes:
    """The bytes of a file. Raises OSError where there is none."""
    return _patiently(path.read_bytes)


def remove(path: Path) -> None:
    """Remove a file, if it is there and nobody holds it open."""
    with suppress(FileNotFoundError, PermissionError):
        path.unlink()


def _make(folder: Path) -> None:
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def _patiently(act: Callable[[], T]) -> T:
    """Do it again for a second while the file is held open by another, where the system does not share files."""
    for _ in range(0 if SHARED else PATIENCE):
        try:
            return act()
        except PermissionError:
            time.sleep(PAUSE)
    return act()


def _told(folder: Path, error: OSError) -> OSError:
    reason = error.strerror or type(error).__name__
    sentence = (
        f"expected to write in {folder}, got: {reason}. Make room, or name another folder in GATESCOPE_STORE"
    )
    return OSError(error.errno, sentence)
