"""What is kept on disk is found again, bounded, and nowhere else."""

import os
import stat

import numpy as np
import pytest

from jobs import store
from jobs.store import IN_USE, About, Store
from recurrent_core import InputError, Table

ABOUT = About("owner", "v=1&lang=en", 100)


def id_of(k):
    return f"{k:016x}"


@pytest.fixture
def kept(tmp_path):
    return Store(tmp_path / "jobs", most_bytes=10_000, most_jobs=5)


def fill(kept, k, age, size=10):
    kept.create(id_of(k), ABOUT)
    folder = kept.folder(id_of(k))
    (folder / store.TRAINING).write_bytes(bytes(size))
    used = folder.stat().st_mtime - age
    os.utime(folder, (used, used))


def test_what_was_asked_for_is_kept(kept):
    kept.create(id_of(1), ABOUT)
    assert kept.about(id_of(1)) == ABOUT
    assert kept.about(id_of(2)) is None
    assert store.table_in(kept.folder(id_of(1))) is None


def test_a_table_is_kept_exactly(kept):
    table = Table(np.random.default_rng(0).random((7, 2)), ("GOOG", "값"))
    kept.create(id_of(1), ABOUT, table)
    found = store.table_in(kept.folder(id_of(1)))
    assert found.names == table.names
    np.testing.assert_array_equal(found.values, table.values)


@pytest.mark.parametrize(
    "id", ["", "..", "../jobs", "/etc", "x" * 16, "0" * 15, "0" * 17, "0" * 15 + "/", "A" * 16]
)
def test_ids_from_addresses_lead_nowhere_else(kept, id):
    with pytest.raises(KeyError):
        kept.folder(id)
    assert kept.about(id) is None
    with pytest.raises(InputError) as error:
        kept.find(id)
    assert error.value.code == "trained_unknown"


@pytest.mark.parametrize(
    "text", ["", "[]", "3", '{"owner": "a"}', '{"owner": "a", "query": "", "updates": 1, "more": 2}']
)
def test_a_damaged_description_is_none(kept, text):
    kept.create(id_of(1), ABOUT)
    (kept.folder(id_of(1)) / store.ABOUT).write_text(text)
    assert kept.about(id_of(1)) is None


def test_damaged_snapshots_are_told(kept):
    fill(kept, 1, 0)
    with pytest.raises(InputError) as error:
        kept.find(id_of(1))
    assert error.value.code == "snapshots_format"


def test_the_least_recently_used_go_first(kept):
    for k in range(8):
        fill(kept, k, IN_USE + 100 - k)
    assert kept.evict() == [id_of(k) for k in range(4)]  # and there is room for one more
    assert kept.evict() == []
    assert kept.about(id_of(3)) is None and kept.about(id_of(4)) == ABOUT


def test_size_counts(kept):
    for k, size in enumerate((10, 6000, 10, 6000)):
        fill(kept, k, IN_USE + 100 - k, size)
    assert kept.evict() == [id_of(0), id_of(1)]


def test_what_is_in_use_stays(kept):
    for k in range(8):
        fill(kept, k, IN_USE + 100 - k if k < 3 else IN_USE - 20)
    assert kept.evict(keep=[id_of(0)]) == [id_of(1), id_of(2)]


def test_what_is_not_ours_stays(kept):
    (kept.root / "a photograph").mkdir()
    for k in range(8):
        fill(kept, k, IN_USE + 100)
    kept.evict()
    assert (kept.root / "a photograph").is_dir()


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "file"
    store.replace(path, b"old")

    def fail(*given):
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        store.replace(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_others_cannot_look(kept):
    kept.create(id_of(1), ABOUT)
    for path in (kept.root, kept.folder(id_of(1))):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_where_it_is_kept(tmp_path):
    assert store.default_root({"GATESCOPE_JOBS": "/a/b"}).as_posix() == "/a/b"
    assert store.default_root({"XDG_CACHE_HOME": str(tmp_path)}) == tmp_path / "gatescope" / "jobs"
    (tmp_path / "file").touch()
    elsewhere = store.default_root({"XDG_CACHE_HOME": str(tmp_path / "file")})
    assert elsewhere.is_dir()
    elsewhere.rmdir()
