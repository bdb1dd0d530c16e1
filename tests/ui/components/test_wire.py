"""What the server packs is what the browser unpacks, and only squares are repainted alone."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from recurrent_core.container import Exact, pack
from ui.parts import signature

WIRE_JS = Path(__file__).parents[3] / "ui" / "components" / "wire.js"
NODE = shutil.which("node")


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


@pytest.mark.skipif(NODE is None, reason="no node on PATH; the browser tests run the same script")
def test_the_browsers_own_reader_agrees(rng, tmp_path):
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
    (tmp_path / "wire.mjs").write_bytes(WIRE_JS.read_bytes())
    (tmp_path / "buffer").write_bytes(b"\x01" * 3 + pack(message))  # so that it begins at no multiple of four
    (tmp_path / "read.mjs").write_text("""
        import { readFileSync } from "node:fs";
        import { unpack } from "./wire.mjs";
        const bytes = new Uint8Array(readFileSync(new URL("buffer", import.meta.url)));
        const plain = (_, value) => {
          if (ArrayBuffer.isView(value)) return [...value].map((x) => (Number.isFinite(x) ? x : String(x)));
          return value;
        };
        console.log(JSON.stringify(unpack(bytes.subarray(3)), plain));
    """)
    command = [NODE, str(tmp_path / "read.mjs")]
    out = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)

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
