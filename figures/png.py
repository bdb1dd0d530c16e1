"""Images of few colours as PNG files, one byte a pixel."""

import struct
import zlib

import numpy as np

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png(pixels: np.ndarray, palette: np.ndarray) -> bytes:
    """The file of an image: `pixels` (row, column) of uint8 are numbers of colours in `palette` (colour, 4) of uint8.

    A colour is red, green, blue and alpha; there are at most 256 of them. See W3C, PNG, third edition.
    """
    rows, columns = pixels.shape
    lines = np.zeros((rows, columns + 1), np.uint8)  # before each line its filter: none
    lines[:, 1:] = pixels
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)),
        (b"PLTE", palette[:, :3].tobytes()),
        (b"tRNS", palette[:, 3].tobytes()),
        (b"IDAT", zlib.compress(lines.tobytes(), 6)),
        (b"IEND", b""),
    )
    return SIGNATURE + b"".join(map(_chunk, *zip(*chunks, strict=True)))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
