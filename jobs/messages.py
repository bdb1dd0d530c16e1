"""What a training process and the server say to each other: messages of the container, each after its length."""

from collections.abc import Iterator
from typing import IO, Any

import numpy as np

from recurrent_core.container import Message, pack, unpack

LARGEST = 16_000_000  # bytes of a message


def write(pipe: IO[bytes], kind: str, arrays: dict[str, np.ndarray] | None = None, **values: Any) -> None:
    """Send a message of this kind; `arrays` arrive as float32, `values` are what JSON can hold.

    Raises ValueError for one that the other side would refuse, BrokenPipeError where nobody listens.
    """
    data = pack({"kind": kind, **values, "arrays": arrays or {}})
    if len(data) > LARGEST:
        raise ValueError(f"expected a message of at most {LARGEST} bytes, got {len(data)} of kind {kind!r}")
    pipe.write(len(data).to_bytes(4, "little") + data)
    pipe.flush()


def read(pipe: IO[bytes]) -> Iterator[Message]:
    """Every message until the other side closes the pipe; "arrays" holds the arrays by name.

    Raises ValueError for what is no message, or one that is too large or cut off.
    """
    while start := pipe.read(4):
        size = int.from_bytes(start, "little")
        if len(start) < 4 or size > LARGEST:
            raise ValueError(
                f"expected a message of at most {LARGEST} bytes, got one that begins with {start!r}"
            )
        data = pipe.read(size)
        if len(data) != size:
            raise ValueError(f"expected a message of {size} bytes, got {len(data)}")
        message = unpack(data, LARGEST)
        if not isinstance(message.get("kind"), str) or not isinstance(message.get("arrays"), dict):
            raise ValueError(f"expected a message with a kind and arrays, got {str(message)[:60]}")
        yield message
