"""Files of trained networks of old, .npz, are read for ever, and as safely as those of today."""

import io
import struct
import zipfile
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import recurrent_core as rc
from recurrent_core.lab.training import of_query, plan
from recurrent_core.learn import snapshots as snaps
from recurrent_core.learn.snapshots import load, model_of
from recurrent_core.learn.train import TrainState, train

DATA = (
    Path(__file__).parents[1] / "fixtures" / "training.npz"
).read_bytes()  # six updates, saved before the container


def code_of(data):
    with pytest.raises(rc.InputError) as caught:
        load(data)
    return caught.value.code


def parts(data=DATA):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def npy(array, **options):
    file = io.BytesIO()
    np.lib.format.write_array(file, np.asarray(array), **options)
    return file.getvalue()


def test_a_training_of_old_is_read_to_the_last_bit():
    found = load(DATA)
    assert list(found.networks) == ["rnn", "lstm"]
    with np.load(io.BytesIO(DATA), allow_pickle=False) as arrays:
        assert found.query == arrays["query"].tobytes().decode()
        for network, history in found.networks.items():
            assert list(history.sizes) == arrays[f"{network}.sizes"].tolist()
            for name, array in (history._asdict() | history.curves._asdict()).items():
                if name not in ("sizes", "curves"):
                    np.testing.assert_array_equal(array, arrays[f"{network}.{name}"], strict=True)


def test_a_training_of_old_goes_on():
    kept = load(DATA)
    history, run = kept.networks["lstm"], plan(*of_query(kept.query), "lstm")
    state = TrainState(int(history.updates[-1]), history.weights[-1], history.first, history.second)
    resumed = list(islice(train(run, state), 5))[-1][0]
    whole = list(islice(train(run), 11))[-1][0]
    assert resumed.update == whole.update == 11
    np.testing.assert_allclose(resumed.weights, whole.weights, rtol=1e-4, atol=1e-6)


@settings(max_examples=300)
@given(st.integers(0, len(DATA) - 1), st.integers(0, 255), st.integers(0, len(DATA)))
def test_a_damaged_file_is_read_or_refused(place, byte, end):
    for data in (DATA[:place] + bytes([byte]) + DATA[place + 1 :], DATA[:end]):
        try:
            assert load(data).networks.keys() <= rc.CELLS.keys()
        except rc.InputError as error:
            assert error.code in ("snapshots_format", "snapshots_large")


@settings(max_examples=200)
@given(
    st.sampled_from(sorted(parts())),
    st.one_of(
        st.binary(max_size=300),
        st.lists(st.integers(-5, 10**6), max_size=4).map(lambda row: npy(np.array(row, np.int64))),
        st.lists(st.floats(width=32), max_size=4).map(lambda row: npy(np.array(row, np.float32))),
        st.lists(st.integers(0, 3), max_size=3).map(lambda shape: npy(np.zeros(shape, np.float16))),
    ),
)
def test_any_array_in_the_place_of_another_is_read_or_refused(name, content):
    try:
        found = load(packed(parts() | {name: content}))
        for network in found.networks:
            model_of(found, network, 3)
    except rc.InputError as error:
        assert error.code == "snapshots_format"


def test_nothing_is_unpickled():
    class Bomb:
        def __reduce__(self):
            return (pytest.fail, ("unpickled",))

    members = parts() | {"query.npy": npy(np.array([Bomb()], object), allow_pickle=True)}
    assert code_of(packed(members)) == "snapshots_format"


def header(text, version=b"\x01\x00"):
    padded = text.encode() + b" " * 10 + b"\n"
    return b"\x93NUMPY" + version + struct.pack("<H", len(padded)) + padded


@pytest.mark.parametrize(
    "content",
    [
        header("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 99999999999), }"),
        header("{'descr': '<f4', 'fortran_order': False, 'shape': (4, -1), }"),
        header("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }") + b"x" * 8,
        header("{'descr': '<f4', 'fortran_order': True, 'shape': (1,), }") + b"x" * 4,
        header("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", b"\x02\x00") + b"x" * 4,
        header("[[[[" * 1000),
        header("__import__('os')"),
        b"\x93NUMPY",
        b"",
    ],
)
def test_headers_that_lie_are_refused(content):
    assert code_of(packed(parts() | {"lstm.weights.npy": content})) == "snapshots_format"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sizes", [2, 3]),
        ("sizes", [2, 3, 0]),
        ("sizes", [2, 3, 10**9]),
        ("sizes", [2, 4, 1]),
        ("updates", [0, 2, 2, 6]),
        ("updates", [-1, 2, 4, 6]),
        ("updates", [0, 2, 4]),
        ("updates", [0, 2, 4, 10**12]),
        ("watched", [4, 0]),
        ("weights", np.zeros((0, 1), np.float32)),
        ("first", np.zeros(3, np.float32)),
        ("loss", np.zeros(5, np.float32)),
        ("loss", np.zeros((), np.float32)),
        ("by_step", np.zeros((), np.float32)),
        ("by_step", np.zeros((2, 2, 2), np.float32)),
        ("updates", np.array([0, 2, 4, 6], np.float32)),
    ],
)
def test_arrays_that_do_not_fit_are_refused(name, value):
    content = npy(np.asarray(value) if isinstance(value, np.ndarray) else np.array(value, np.int64))
    assert code_of(packed(parts() | {f"lstm.{name}.npy": content})) == "snapshots_format"


def test_unknown_and_missing_arrays_are_refused():
    assert code_of(packed(parts() | {"extra.npy": npy(np.zeros(1))})) == "snapshots_format"
    for name in parts():
        assert (
            code_of(packed({key: value for key, value in parts().items() if key != name}))
            == "snapshots_format"
        )
    assert code_of(packed(parts() | {"query.npy": npy(np.full(30_000, 97, np.uint8))})) == "snapshots_format"


def test_a_file_that_grows_when_it_is_unpacked_is_refused(monkeypatch):
    bomb = packed(parts() | {"lstm.weights.npy": b"\0" * 3_000_000})
    assert len(bomb) < 20_000
    monkeypatch.setattr(snaps, "MAX_BYTES", 1_000_000)
    assert code_of(bomb) == "snapshots_large"
    assert code_of(b"x" * 1_000_001) == "snapshots_large"
    lying = bomb.replace(
        struct.pack("<I", 3_000_000), struct.pack("<I", 100)
    )  # the size that the file states
    assert lying != bomb and code_of(lying) == "snapshots_format"
