"""What the server packs is what the browser unpacks: by a reader written here and by the real one."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from packed import unpack

from ui.components.wire import Exact, pack, signature

WIRE_JS = Path(__file__).parents[3] / "ui" / "components" / "live_figure" / "wire.js"
NODE = shutil.which("node")


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_numbers_texts_and_nesting_come_through():
    message = {
        "a": 1,
        "b": [0.5, None, True, {"c": "한국어 <b>"}],
        "d": {},
        "e": np.float64(2.5),
        "f": np.int64(3),
    }
    assert unpack(pack(message)) == message


@pytest.mark.parametrize("shape", [(1,), (7,), (3, 5), (1, 1), (0,)])
def test_arrays_come_through_as_float32(rng, shape):
    values = rng.standard_normal(shape)
    np.testing.assert_array_equal(unpack(pack({"z": values}))["z"], values.astype(np.float32))


@pytest.mark.parametrize("shape", [(1,), (7,), (3, 5), (0, 2)])
def test_exact_arrays_come_through_to_the_last_bit_wherever_they_begin(rng, shape):
    values = rng.standard_normal(shape)
    out = unpack(pack({"shift": np.ones(3), "z": Exact(values), "single": values, "t": Exact(values.T)}))
    np.testing.assert_array_equal(out["z"], values)
    np.testing.assert_array_equal(out["single"], values.astype(np.float32))
    np.testing.assert_array_equal(out["t"], values.T)
    assert out["z"].dtype == np.float64


def test_a_view_comes_through_as_it_is_seen(rng):
    values = rng.standard_normal((6, 4))
    message = {"t": values.T, "half": values[::2], "back": values[::-1], "all": values, "head": values[:3]}
    for name, array in unpack(pack(message)).items():
        np.testing.assert_array_equal(array, message[name].astype(np.float32))


def test_what_is_no_number_comes_through_within_arrays():
    values = np.array([np.nan, np.inf, -np.inf, 0.0])
    np.testing.assert_array_equal(unpack(pack({"z": values}))["z"], values.astype(np.float32))


@pytest.mark.parametrize("content", [b"", b"a", b"abc", b"abcd", bytes(range(256))])
def test_bytes_come_through_whatever_their_length(content, rng):
    values = rng.standard_normal(3)
    out = unpack(pack({"file": content, "z": values}))
    assert out["file"] == content
    np.testing.assert_array_equal(out["z"], values.astype(np.float32))


def test_an_array_in_two_places_is_sent_once(rng):
    values = rng.standard_normal((50, 40))
    once, twice = len(pack({"a": values})), len(pack({"a": values, "b": values, "c": values}))
    assert twice - once < 100
    once, twice = len(pack({"a": Exact(values)})), len(pack({"a": Exact(values), "b": Exact(values)}))
    assert twice - once < 100 and once > 8 * values.size


def test_anything_else_is_an_error():
    with pytest.raises(TypeError, match="expected numbers, texts or arrays"):
        pack({"a": {1, 2}})


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
