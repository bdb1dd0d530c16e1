"""What the server packs is what the browser unpacks, and only squares are repainted alone."""

import numpy as np
import pytest
from node import node

from recurrent_core.container import Exact, pack
from ui.parts import signature

READ = """
import { readFileSync } from "node:fs";
import { unpack } from "./wire.js";
const plain = (_, value) => {
  if (ArrayBuffer.isView(value)) return [...value].map((x) => (Number.isFinite(x) ? x : String(x)));
  return value;
};
console.log(JSON.stringify(unpack(new Uint8Array(readFileSync(0)).subarray(3)), plain));
"""


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def figure(z, y=(0.0, 1.0), title="t"):
    return {
        "data": [{"type": "heatmap", "z": z}, {"type": "scatter", "y": np.asarray(y)}],
        "layout": {"title": title},
    }


def test_the_signature_overlooks_the_squares_and_nothing_else(rng):
    z = rng.standard_normal((3, 4))
    same = signature(figure(z))
    assert same == signature(figure(z + 1))
    assert same != signature(figure(z[:2]))
    assert same != signature(figure(z, y=(0.0, 1.5)))
    assert same != signature(figure(z, title="other"))


def test_the_browsers_own_reader_agrees(rng):
    message = {
        "text": "가 <img src=x>\u2028",
        "none": None,
        "line": rng.standard_normal(5),
        "squares": rng.standard_normal((3, 2)),
        "gaps": np.array([1.5, np.nan, -np.inf]),
        "file": b"\x00\xff\x80ab",
        "exact": Exact(rng.standard_normal(4)),
        "all digits": Exact(rng.standard_normal((2, 3))),
        "rows": [{"deep": rng.standard_normal((2, 2))}],
    }
    out = node(READ, b"\x01" * 3 + pack(message))  # so that it begins at no multiple of four

    def plain(value):
        if isinstance(value, Exact):
            return value.array.tolist()
        if isinstance(value, np.ndarray):
            return [plain(row) if value.ndim > 1 else _number(row) for row in value.astype(np.float32)]
        if isinstance(value, bytes):
            return list(value)
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        return [plain(item) for item in value] if isinstance(value, list) else value

    assert out == plain(message)


def _number(x) -> float | str:
    return (
        float(x) if np.isfinite(x) else {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(float(x))]
    )
