"""What the server packs, read back in Python."""

import json

import numpy as np


def unpack(buffer: bytes) -> dict:
    """The message in a buffer, read after the description of the layout in wire.py; JSON strictly."""
    size = int.from_bytes(buffer[:4], "little")
    assert size % 4 == 0 and len(buffer) % 4 == 0
    body = buffer[4 + size :]

    def replaced(value):
        if "$" in value:
            offset, *shape = value["$"]
            count = int(np.prod(shape))
            return np.frombuffer(body, "<f4", count, 4 * offset).reshape(shape)
        if "$f8" in value:
            offset, *shape = value["$f8"]
            return np.frombuffer(body, "<f8", int(np.prod(shape)), 4 * offset).reshape(shape)
        if "$bytes" in value:
            offset, count = value["$bytes"]
            return body[4 * offset : 4 * offset + count]
        return value

    def refuse(constant):
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(buffer[4 : 4 + size].decode(), object_hook=replaced, parse_constant=refuse)
