"""A table is found again by the hash of its content, by any process, and by nothing else."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from recurrent_core import Table
from store import files, opening
from store.tables import ABANDONED, Tables

ROOT = Path(__file__).parents[2]
TABLE = Table(np.array([[1.5, -0.0], [1 / 3, 2e-300], [3.0, 4.0]]), ("GOOG", "값"), ("월", "화", "수"))


@pytest.fixture
def tables(tmp_path):
    return Tables(tmp_path / "tables", most_tables=3)


def one(value):
    return Table(np.array([[value]]), ("x",))


def test_a_table_comes_back_to_the_last_bit(tables):
    for table in (TABLE, TABLE._replace(ticks=None), one(0.1)):
        found = tables.find(tables.keep(table))
        assert found.values.tobytes() == table.values.tobytes() and found.values.shape == table.values.shape
        assert found[1:] == table[1:]


def test_the_name_is_the_content(tables, tmp_path):
    name = tables.keep(TABLE)
    assert len(name) == 68 and name == tables.keep(TABLE) == Tables(tmp_path / "other").keep(TABLE)
    others = [
        TABLE._replace(values=TABLE.values + 1),
        TABLE._replace(values=np.asfortranarray(TABLE.values) * 2),
        TABLE._replace(names=("GOOG", "x")),
        TABLE._replace(ticks=None),
        TABLE._replace(values=np.abs(TABLE.values)),
    ]
    assert len({name, *map(tables.keep, others)}) == 6
    assert tables.keep(TABLE._replace(values=np.asfortranarray(TABLE.values))) == name


def test_what_is_shared_cannot_be_written(tables):
    found = tables.find(tables.keep(TABLE))
    with pytest.raises(ValueError, match="read-only"):
        found.values[0, 0] = 3


def test_another_process_finds_it(tables):
    name = tables.keep(TABLE)
    script = (
        "import sys; from store.tables import Tables; print(Tables(sys.argv[1]).find(sys.argv[2]).names[0])"
    )
    command = [sys.executable, "-c", script, str(tables.root), name]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout == "GOOG\n"


@pytest.mark.parametrize(
    "name",
    ["", "sha:", "sha:..", "0" * 64, f"sha:{'0' * 63}", f"sha:{'0' * 65}", f"sha:{'A' * 64}", f"sha:{'0' * 64}\n",
     f"sha:../{'0' * 61}", "sha:/etc/passwd", f"sha:{'0' * 64}"],
)  # fmt: skip
def test_names_from_addresses_lead_nowhere_else(tables, name):
    assert tables.find(name) is None
    tables.keep(TABLE)
    assert tables.find(name) is None


def age(tables, name, seconds):
    path = tables.root / name.removeprefix("sha:")
    used = path.stat().st_mtime - seconds
    os.utime(path, (used, used))


def test_the_least_recently_used_go_first(tables):
    names = [tables.keep(one(k)) for k in range(3)]
    for k, name in enumerate(names):
        age(tables, name, 100 - k)
    assert tables.find(names[0])  # which is a use
    newest = tables.keep(one(3))
    assert [tables.find(name) is not None for name in (*names, newest)] == [True, False, True, True]


def test_size_counts(tmp_path):
    rng = np.random.default_rng(0)
    tables = Tables(tmp_path, most_bytes=30_000)
    names = []
    for _ in range(5):
        names.append(tables.keep(Table(rng.random((500, 3)), ("a", "b", "c"))))
        for name in names:
            if tables.find(name):
                age(tables, name, 10)
    assert [tables.find(name) is not None for name in names] == [False, False, False, True, True]


def test_a_damaged_file_is_none_and_is_mended(tables):
    name = tables.keep(TABLE)
    path = tables.root / name.removeprefix("sha:")
    whole = path.read_bytes()
    other = tables.root / tables.keep(one(1)).removeprefix("sha:")
    for damaged in (b"", whole[:-1], whole + b"x", b"x" * 2_000_000, other.read_bytes()):
        path.write_bytes(damaged)
        fresh = Tables(tables.root.parent / "link")  # which has not read it yet
        if not fresh.root.exists():
            fresh.root.symlink_to(tables.root)
        assert fresh.find(name) is None
    assert fresh.keep(TABLE) == name and path.read_bytes() == whole
    assert fresh.find(name).names == TABLE.names


def test_what_a_killed_process_left_is_cleared_away(tables):
    tables.keep(TABLE)
    old, new = tables.root / ".draft-1", tables.root / ".draft-2"
    for path in (old, new):
        path.touch()
    used = old.stat().st_mtime - ABANDONED - 1
    os.utime(old, (used, used))
    tables.keep(one(1))
    assert not old.exists() and new.exists()


def test_others_cannot_look(tables):
    tables.keep(TABLE)
    assert stat.S_IMODE(tables.root.stat().st_mode) == 0o700


def test_a_disk_that_cannot_be_written_is_told_in_a_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r"expected to write in .*GATESCOPE_STORE"):
        Tables(tmp_path / "file" / "tables").keep(TABLE)
    tables = Tables(tmp_path / "tables")
    name = tables.keep(one(1))

    def full(path, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match=r"No space left.*Make room") as caught:
        tables.keep(TABLE)
    assert caught.value.errno == 28
    assert tables.keep(one(1)) == name  # which is there already


# Files


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "file"
    files.write(path, b"old")

    def fail(*given):
        raise OSError(28, "disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        files.write(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.fixture
def unshared(monkeypatch):
    """A system that does not replace a file while it is read: how long was waited for it, in seconds."""
    waited = []
    monkeypatch.setattr(files, "SHARED", False)
    monkeypatch.setattr(files.time, "sleep", waited.append)
    return waited


def test_a_file_that_is_being_read_is_replaced_a_little_later(tmp_path, monkeypatch, unshared):
    path, replace = tmp_path / "file", os.replace

    def held(*given):
        if len(unshared) < 3:
            raise PermissionError(13, "held by another process")
        replace(*given)

    files.write(path, b"old")
    monkeypatch.setattr(os, "replace", held)
    files.write(path, b"new")
    assert (path.read_bytes(), unshared) == (b"new", [files.PAUSE] * 3)


def test_a_file_that_is_never_let_go_is_told(tmp_path, monkeypatch, unshared):
    def held(*given):
        raise PermissionError(13, "held by another process")

    monkeypatch.setattr(os, "replace", held)
    with pytest.raises(OSError, match="held by another process"):
        files.write(tmp_path / "file", b"new")
    assert 0.5 < sum(unshared) < 2 and list(tmp_path.iterdir()) == []


# Where


def test_where_it_is_kept(tmp_path):
    root = opening.default_root
    assert root({"GATESCOPE_JOBS": "/a/b"}).as_posix() == "/a/b"
    assert root({"GATESCOPE_JOBS": "/a/b", "GATESCOPE_STORE": "/c"}).as_posix() == "/c"
    assert root({"XDG_CACHE_HOME": str(tmp_path)}) == tmp_path / "gatescope" / "jobs"
    (tmp_path / "file").touch()
    elsewhere = root({"XDG_CACHE_HOME": str(tmp_path / "file")})
    assert elsewhere.is_dir()
    elsewhere.rmdir()


def test_a_process_opens_one_store_and_touches_no_disk_for_it(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "_opened", None)
    monkeypatch.setenv("GATESCOPE_STORE", str(tmp_path / "store"))
    assert opening.opened() is opening.opened()
    assert not (tmp_path / "store").exists()
    assert opening.opened().tables.find(opening.opened().tables.keep(TABLE)).names == TABLE.names
