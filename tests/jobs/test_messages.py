"""Messages arrive as they were sent, and what is none is refused."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from jobs import messages
from recurrent_core.container import pack

ARRAYS = st.dictionaries(
    st.text(max_size=5).filter(lambda name: not name.startswith("$")),
    arrays(np.float32, array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)),
    max_size=3,
)


def sent(kind="progress", arrays=None, **values):
    pipe = io.BytesIO()
    messages.write(pipe, kind, arrays, **values)
    return pipe.getvalue()


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


def after_its_length(data):
    return len(data).to_bytes(4, "little") + data


@pytest.mark.parametrize(
    "data",
    [
        b"no message at all\n",
        b"abc",
        after_its_length(b"hello"),
        after_its_length(pack({})),
        after_its_length(pack({"kind": 3, "arrays": {}})),
        after_its_length(pack({"kind": "done"})),
        after_its_length(pack({"kind": "done", "arrays": [1]})),
        after_its_length(pack({"kind": "done", "arrays": {}}))[:-1],  # cut off
        after_its_length(bytes(messages.LARGEST + 1)),
        sent(arrays={"x": np.zeros(5)})[:-1],
    ],
)
def test_what_is_no_message_is_refused(data):
    with pytest.raises(ValueError, match="expected"):
        list(messages.read(io.BytesIO(data)))


@pytest.mark.parametrize(
    ("arrays", "values"),
    [({"x": np.zeros(messages.LARGEST // 4 + 1)}, {}), ({}, {"error": "x" * messages.LARGEST})],
)
def test_what_would_be_refused_is_not_sent(arrays, values):
    pipe = io.BytesIO()
    with pytest.raises(ValueError, match="at most"):
        messages.write(pipe, "progress", arrays, **values)
    assert pipe.getvalue() == b""
