"""Messages arrive as they were sent, and what is none is refused."""

import io
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from jobs import messages

ARRAYS = st.dictionaries(
    st.text(min_size=1, max_size=5),
    arrays(np.float32, array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)),
    max_size=3,
)


def sent(kind="progress", arrays=None, **values):
    pipe = io.BytesIO()
    messages.write(pipe, kind, arrays, **values)
    return pipe.getvalue()


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(), ARRAYS, st.integers())))
def test_what_is_written_is_read(told):
    pipe = io.BytesIO(b"".join(sent(kind, arrays, update=number) for kind, arrays, number in told))
    read = list(messages.read(pipe))
    assert [(one["kind"], one["update"]) for one in read] == [(kind, number) for kind, _, number in told]
    for one, (_, before, _) in zip(read, told, strict=True):
        assert list(one["arrays"]) == list(before)
        for name, array in before.items():
            np.testing.assert_array_equal(one["arrays"][name], array)
            assert one["arrays"][name].shape == array.shape


def test_numbers_that_are_none_pass():
    array = np.array([np.nan, np.inf, -0.0], np.float32)
    (read,) = messages.read(io.BytesIO(sent(arrays={"x": array})))
    assert read["arrays"]["x"].tobytes() == array.tobytes()


def header(*listed):
    return json.dumps({"kind": "progress", "arrays": listed}).encode() + b"\n"


@pytest.mark.parametrize(
    "data",
    [
        b"hello\n",
        b"[]\n",
        b"{}\n",
        b'{"kind": 3}\n',
        b'{"kind": "done"}',  # cut off
        b"x" * (messages.LONGEST_LINE + 1) + b"\n",
        header(["x", [3]]) + b"1234",
        header(["x", [-1]]),
        header(["x", [-1, -1]]) + b"1234",
        header(["x", [messages.LARGEST]]),
        header(["x", [messages.LARGEST // 4]], ["y", [1]]) + bytes(messages.LARGEST + 4),
        sent(arrays={"x": np.zeros(5)})[:-1],
    ],
)
def test_what_is_no_message_is_refused(data):
    with pytest.raises(ValueError, match=r"expected|Expecting"):
        list(messages.read(io.BytesIO(data)))


@pytest.mark.parametrize(
    ("arrays", "values"),
    [({"x": np.zeros(messages.LARGEST // 4 + 1)}, {}), ({}, {"error": "x" * messages.LONGEST_LINE})],
)
def test_what_would_be_refused_is_not_sent(arrays, values):
    pipe = io.BytesIO()
    with pytest.raises(ValueError, match="at most"):
        messages.write(pipe, "progress", arrays, **values)
    assert pipe.getvalue() == b""
