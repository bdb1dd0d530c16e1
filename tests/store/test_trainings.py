"""What is kept on disk is found again, bounded, and nowhere else."""

import os
import stat
from pathlib import Path

import numpy as np
import pytest

from recurrent_core import InputError, Table
from recurrent_core.learn.snapshots import load, shipped
from store import trainings
from store.trainings import IN_USE, About, Trainings

ABOUT = About("owner", "v=1&lang=en", 100)


FIXTURES = Path(__file__).parents[1] / "recurrent_core" / "fixtures"


def id_of(k):
    return f"{k:016x}"


@pytest.fixture
def kept(tmp_path):
    return Trainings(tmp_path / "store", most_bytes=10_000, most_trainings=5)


def fill(kept, k, age, size=10):
    kept.create(id_of(k), ABOUT)
    folder = kept.folder(id_of(k))
    (folder / trainings.TRAINING).write_bytes(bytes(size))
    used = folder.stat().st_mtime - age
    os.utime(folder, (used, used))


def test_what_was_asked_for_is_kept(kept):
    kept.create(id_of(1), ABOUT)
    assert kept.about(id_of(1)) == ABOUT
    assert kept.about(id_of(2)) is None
    assert kept.table(id_of(1)) is None


def test_a_table_is_kept_exactly(kept):
    table = Table(np.random.default_rng(0).random((7, 2)), ("GOOG", "값"))
    kept.create(id_of(1), ABOUT, table)
    found = kept.table(id_of(1))
    assert found.names == table.names
    np.testing.assert_array_equal(found.values, table.values)


def test_a_training_of_old_is_found_and_saved_anew(kept):
    kept.create(id_of(1), ABOUT)
    folder, data = kept.folder(id_of(1)), (FIXTURES / "training.npz").read_bytes()
    (folder / "training.npz").write_bytes(data)
    np.savez(folder / "table.npz", values=np.array([[1.5], [2.5]]), names=np.array(["값"], str))
    assert kept.saved(id_of(1))
    found, table = kept.find(id_of(1)), kept.table(id_of(1))
    assert found.query == load(data).query
    np.testing.assert_array_equal(found.networks["lstm"].weights, load(data).networks["lstm"].weights)
    assert (table.values.tolist(), table.names) == ([[1.5], [2.5]], ("값",))
    kept.save(id_of(1), found)
    assert sorted(path.name for path in folder.iterdir()) == ["job.json", "table.npz", trainings.TRAINING]
    np.testing.assert_array_equal(kept.find(id_of(1)).networks["rnn"].first, found.networks["rnn"].first)


def test_what_is_saved_is_found(kept):
    kept.create(id_of(1), ABOUT)
    assert not kept.saved(id_of(1))
    kept.save(id_of(1), shipped("first"))
    assert kept.saved(id_of(1)) and kept.find(id_of(1)).query == shipped("first").query
    assert kept.find(id_of(1)) is kept.find(id_of(1))
    kept.save(id_of(1), shipped("sine"))
    assert kept.find(id_of(1)).query == shipped("sine").query


def test_what_cannot_be_written_leaves_nothing(kept, monkeypatch):
    def full(path, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        kept.create(id_of(1), ABOUT)
    assert list(kept.root.iterdir()) == []


def test_a_folder_that_is_not_there_holds_nothing(kept):
    assert kept.evict() == [] and kept.about(id_of(1)) is None


@pytest.mark.parametrize(
    "id", ["", "..", "../store", "/etc", "x" * 16, "0" * 15, "0" * 17, "0" * 15 + "/", "A" * 16]
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
    (kept.folder(id_of(1)) / trainings.ABOUT).write_text(text)
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
    (kept.root / "a photograph").mkdir(parents=True)
    for k in range(8):
        fill(kept, k, IN_USE + 100)
    kept.evict()
    assert (kept.root / "a photograph").is_dir()


def test_others_cannot_look(kept):
    kept.create(id_of(1), ABOUT)
    for path in (kept.root, kept.folder(id_of(1))):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
