"""What a training process and the server say to each other: a line of JSON, and float32 arrays as they are.

A message is one line of JSON. Its "arrays" lists name and shape of the arrays that follow the line as raw float32,
little-endian, in that order. Nothing is ever unpickled, and both parts have a largest size.
"""

import json
import math
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np

LONGEST_LINE = 65_536  # bytes
LARGEST = 16_000_000  # bytes of all arrays of a message
FLOAT = np.dtype("<f4")

Message = dict[str, Any]


def write(pipe: BinaryIO, kind: str, arrays: dict[str, np.ndarray] | None = None, **values: Any) -> None:
    """Send a message of this kind; `values` are what JSON can hold.

    Raises ValueError for one that the other side would refuse, BrokenPipeError where nobody listens.
    """
    arrays = {name: np.asarray(array, FLOAT) for name, array in (arrays or {}).items()}
    shapes = [[name, list(array.shape)] for name, array in arrays.items()]
    line = json.dumps({"kind": kind, **values, "arrays": shapes}).encode() + b"\n"
    if len(line) > LONGEST_LINE or sum(array.nbytes for array in arrays.values()) > LARGEST:
        raise ValueError(f"expected a message of at most {LARGEST} bytes, got a larger one of kind {kind!r}")
    pipe.write(b"".join([line, *(array.tobytes() for array in arrays.values())]))
    pipe.flush()


def read(pipe: BinaryIO) -> Iterator[Message]:
    """Every message until the other side closes the pipe; "arrays" holds the arrays by name.

    Raises ValueError for what is no message, or one that is too large or cut off.
    """
    while line := pipe.readline(LONGEST_LINE + 1):
        if not line.endswith(b"\n"):
            raise ValueError(f"expected a line of at most {LONGEST_LINE} bytes, got {line[:60]!r}...")
        message = json.loads(line)
        if not isinstance(message, dict) or not isinstance(message.get("kind"), str):
            raise ValueError(f"expected a message with a kind, got {line[:60]!r}")
        yield message | {"arrays": dict(_arrays(pipe, message.get("arrays", [])))}


def _arrays(pipe: BinaryIO, listed: list) -> Iterator[tuple[str, np.ndarray]]:
    left = LARGEST
    for name, shape in listed:
        size = math.prod(int(n) for n in shape) * FLOAT.itemsize
        if size > left or any(n < 0 for n in shape):
            raise ValueError(f"expected arrays of at most {LARGEST} bytes, got {name!r} with shape {shape}")
        left -= size
        data = pipe.read(size)
        if len(data) != size:
            raise ValueError(f"expected {size} bytes of {name!r}, got {len(data)}")
        yield name, np.frombuffer(data, FLOAT).reshape(shape)
