"""Files of trained networks as they were written before the container: .npz, which is read for ever.

Every size is known to be small before anything is unpacked, and nothing is unpickled.
"""

import io
import re
import zipfile
import zlib
from typing import Any

import numpy as np

from recurrent_core.container import TooLarge

MAGIC = b"PK"  # what a zip archive begins with
LONGEST_NAME = 40

_HEADER = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '(\|u1|<i8|<f[248])', 'fortran_order': False, "
    rb"'shape': \(([0-9, ]{0,40})\), \} *\n",
    re.DOTALL,
)


def read(data: bytes, most: int) -> dict[str, Any]:
    """The message that `snapshots.save` writes now, of such a file.

    Raises TooLarge beyond `most` bytes, packed or unpacked, ValueError for what is no such file.
    """
    if len(data) > most:
        raise TooLarge(len(data), most)
    try:
        arrays = _arrays(data, most)
    except (
        KeyError,
        EOFError,
        OSError,
        RuntimeError,
        NotImplementedError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        raise ValueError(f"expected an .npz file, got {error}") from error
    query = arrays.pop("query", np.zeros(0, np.uint8)).tobytes().decode()
    networks: dict[str, dict[str, Any]] = {}
    for name, array in arrays.items():
        network, _, part = name.partition(".")
        networks.setdefault(network, {})[part] = array.tolist() if part == "sizes" else array
    return {"kind": "snapshots", "query": query, "networks": networks}


def _arrays(data: bytes, most: int) -> dict[str, np.ndarray]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        names = [member.filename.removesuffix(".npy") for member in members]
        if len(names) != len(set(names)) or "query" not in names or max(map(len, names)) > LONGEST_NAME:
            raise ValueError("repeated or missing arrays, or names too long")
        if (size := sum(member.file_size for member in members)) > most:
            raise TooLarge(size, most)
        return {name: _array(archive.read(member)) for name, member in zip(names, members, strict=True)}


def _array(member: bytes) -> np.ndarray:
    """An array from the bytes of an .npy file, version 1, in C order, of one of the types that were written."""
    header = _HEADER.match(member, 0, 1024)
    if header is None:
        raise ValueError("not an array of numbers")
    shape = tuple(int(size) for size in header[2].decode().split(",") if size.strip())
    return np.frombuffer(member, header[1].decode(), offset=header.end()).reshape(shape)
