"""What is packed is what is unpacked, to the last bit, and what was not packed here is refused before it is made."""

import json
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from recurrent_core import container
from recurrent_core.container import DEEPEST, MAGIC, Exact, TooLarge, deflate, inflate, pack, unpack

KINDS = ("<f2", "<f4", "<f8", "<i8", "u1")
KEYS = st.text(max_size=5).filter(lambda key: not key.startswith("$"))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    | st.binary(max_size=9)
    | st.sampled_from(KINDS).flatmap(
        lambda kind: arrays(kind, array_shapes(min_dims=0, min_side=0, max_side=4))
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
MESSAGES = st.dictionaries(KEYS, VALUES, max_size=5)


def exactly(value):
    """The same message with all arrays `Exact`."""
    if isinstance(value, np.ndarray):
        return Exact(value)
    if isinstance(value, dict):
        return {key: exactly(one) for key, one in value.items()}
    return [exactly(one) for one in value] if isinstance(value, list) else value


def assert_same(found, given):
    assert type(found) is type(given)
    if isinstance(given, np.ndarray):
        assert (found.dtype, found.shape) == (given.dtype, given.shape)
        assert found.tobytes() == given.tobytes()
    elif isinstance(given, dict):
        assert list(found) == list(given)
        for key, one in given.items():
            assert_same(found[key], one)
    elif isinstance(given, list):
        assert len(found) == len(given)
        for one, other in zip(found, given, strict=True):
            assert_same(one, other)
    else:
        assert found == given


@given(MESSAGES)
def test_any_message_comes_back_to_the_last_bit(message):
    assert_same(unpack(pack(exactly(message))), message)
    assert_same(inflate(deflate(exactly(message))), message)


@settings(max_examples=30)
@given(MESSAGES)
def test_arrays_lie_where_their_types_want_them(message):
    found = unpack(pack(exactly(message)))
    for one in found.values():
        if isinstance(one, np.ndarray):
            assert one.flags.aligned and not one.flags.writeable


def test_what_is_not_exact_becomes_float32():
    values = np.random.default_rng(0).standard_normal((3, 4))
    found = unpack(pack({"z": values, "count": np.arange(3), "n": np.float64(2.5), "k": np.int64(3)}))
    np.testing.assert_array_equal(found["z"], values.astype(np.float32))
    assert found["z"].dtype == found["count"].dtype == np.float32
    assert (found["n"], found["k"]) == (2.5, 3)


def test_a_view_comes_through_as_it_is_seen():
    values = np.random.default_rng(0).standard_normal((6, 4))
    views = {"t": values.T, "half": values[::2], "back": values[::-1], "all": values, "head": values[:3]}
    found = unpack(pack(views | {"exact": {name: Exact(view) for name, view in views.items()}}))
    for name, view in views.items():
        np.testing.assert_array_equal(found[name], view.astype(np.float32))
        np.testing.assert_array_equal(found["exact"][name], view)


def test_an_array_in_two_places_is_sent_once():
    values = np.random.default_rng(0).standard_normal((50, 40))
    once, twice = len(pack({"a": values})), len(pack({"a": values, "b": values, "c": values}))
    assert twice - once < 100
    once, twice = len(pack({"a": Exact(values)})), len(pack({"a": Exact(values), "b": Exact(values)}))
    assert twice - once < 100 and once > 8 * values.size


def test_the_other_byte_order_is_turned():
    values = np.arange(3, dtype=">f8")
    np.testing.assert_array_equal(unpack(pack({"z": Exact(values)}))["z"], [0.0, 1.0, 2.0])


@pytest.mark.parametrize(
    "value", [{1, 2}, object(), Exact(np.arange(3, dtype=np.int32)), Exact(np.array(["a"])), 1j]
)  # fmt: skip
def test_anything_else_is_an_error(value):
    with pytest.raises(TypeError):
        pack({"a": value})


@pytest.mark.parametrize("message", [{"$": [0, 1]}, {"a": [{"$x": 1}]}, {"a": np.ones(2), "b": {"$f8": 3}}])
def test_keys_that_would_be_taken_for_arrays_are_refused(message):
    with pytest.raises(ValueError, match="keys that do not begin"):
        pack(message)


def test_texts_that_look_like_arrays_are_texts():
    message = {"price": "$", "ticks": ["$f8", '"$bytes"'], "list": ["$", [0, 1]]}
    assert unpack(pack(message)) == message


@pytest.mark.parametrize("value", [np.nan, np.inf, np.float64(-np.inf)])
def test_numbers_that_are_none_are_refused_outside_arrays(value):
    with pytest.raises(ValueError, match="JSON"):
        pack({"a": value})


# From anybody


def buffer(header, body=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    text += b" " * (-(4 + len(text)) % 8)
    return len(text).to_bytes(4, "little") + text + body


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"abc",
        b"\xff\xff\xff\xff",
        b"\x05\0\0\0{}",
        buffer(b"hello"),
        buffer(b"\xff\xfe"),
        buffer([]),
        buffer(b"3"),
        buffer(b'{"a": NaN}'),
        buffer(b'{"a": -Infinity}'),
        buffer(b'{"a": ' + b"9" * 5000 + b"}"),
        buffer(b"[" * 100_000),
        buffer(b'{"a":' * 900 + b"1" + b"}" * 900),
        buffer({"a": {"$": [0, 3]}}, bytes(8)),
        buffer({"a": {"$": [0, -1]}}, bytes(8)),
        buffer({"a": {"$": [-1, 1]}}, bytes(8)),
        buffer({"a": {"$": [0, 10**12, 10**12]}}, bytes(8)),
        buffer({"a": {"$": [0, 0, 10**30]}}, bytes(8)),
        buffer({"a": {"$": [0, True]}}, bytes(8)),
        buffer({"a": {"$": [0, 1.0]}}, bytes(8)),
        buffer({"a": {"$": []}}, bytes(8)),
        buffer({"a": {"$": 3}}, bytes(8)),
        buffer({"a": {"$": [0, 1, 1, 1, 1, 1, 1]}}, bytes(8)),
        buffer({"a": {"$": [0, 1], "b": 3}}, bytes(8)),
        buffer({"a": {"$O": [0, 1]}}, bytes(8)),
        buffer({"a": {"$f8": [1, 1]}}, bytes(16)),
        buffer({"a": {"$f8": [0, 2]}}, bytes(8)),
        buffer({"a": {"$bytes": [0, 9]}}, bytes(8)),
        buffer({"a": {"$bytes": [0, 2, 2]}}, bytes(8)),
        buffer({"$": [0, 1]}, bytes(8)),
        pack({"z": np.ones(5)})[:-8],
    ],
)
def test_what_is_not_packed_here_is_refused(data):
    with pytest.raises(ValueError):
        unpack(data)


def test_depth_is_told_before_anything_is_read(monkeypatch):
    deep, flat = {}, {"a": ["[" * 1000, '\\"[[' * 20, "{" * 1000]}
    for _ in range(DEEPEST - 1):
        deep = {"a": deep}
    assert unpack(pack(deep)) == deep and unpack(pack(flat)) == flat
    monkeypatch.setattr(container.json, "loads", lambda *given, **more: pytest.fail("read"))
    with pytest.raises(ValueError, match="within each other"):
        unpack(pack({"a": deep}))


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_garbage_is_read_or_refused(data):
    attempts = (
        (unpack, data),
        (unpack, buffer(data)),
        (inflate, MAGIC + data),
        (inflate, MAGIC + zlib.compress(data)),
    )
    for read, given_ in attempts:
        try:
            assert isinstance(read(given_), dict)
        except ValueError:
            continue


def test_what_is_too_large_is_refused_before_it_is_unpacked():
    bomb = deflate({"z": np.zeros(1_000_000)})
    assert len(bomb) < 10_000
    for read, data in ((inflate, bomb), (inflate, bytes(200_000)), (unpack, bytes(200_000))):
        with pytest.raises(TooLarge, match="100000"):
            read(data, 100_000)
    with pytest.raises(ValueError, match="header"):
        unpack(buffer({"a": "x" * container.LONGEST_HEADER}))


def test_a_file_is_one_whole_message():
    data = deflate({"z": np.ones(3)})
    for damaged in (b"", data[:-1], data + b"x", data[len(MAGIC) :], b"PK" + data):
        with pytest.raises(ValueError):
            inflate(damaged)
