"""What the server packs is what the browser unpacks, and only squares are repainted alone."""

import numpy as np
import pytest
from node import node

from recurrent_core.container import Exact, pack
from ui.parts import places, sent

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


def drawn(z, y=(0.0, 1.0), title="t"):
    return {
        "data": [
            {"type": "heatmap", "z": z, "zmin": -1.04, "zmax": 1.04},
            {"type": "scatter", "y": np.asarray(y)},
        ],
        "layout": {"title": title},
    }


def test_the_signature_overlooks_the_squares_and_nothing_else(rng):
    z = rng.standard_normal((3, 4))
    same = sent(drawn(z))["signature"]
    assert same == sent(drawn(z + 1))["signature"] == sent(drawn(z), exact=False)["signature"]
    assert same != sent(drawn(z[:2]))["signature"]
    assert same != sent(drawn(z, y=(0.0, 1.5)))["signature"]
    assert same != sent(drawn(z, title="other"))["signature"]


def test_what_the_browser_has_of_a_figure_is_not_sent_again(rng):
    z = rng.standard_normal((3, 4))
    first = sent(drawn(z))
    again, other = (sent(drawn(z), held=held) for held in (first["signature"], 1))
    assert first["still"] == other["still"] and again["still"] is None
    assert all(np.array_equal(one["squares"], [z]) for one in (first, again, other))


def test_places_are_the_colours_that_the_browser_takes_for_numbers(rng):
    """`render` of live_figure.js, longhand: float32 numbers, all else in float64, cut off to whole numbers."""
    low, high = -1.04, 1.04
    edges = low + np.arange(257) * (high - low) / 255.999
    near = [
        edges,
        np.nextafter(np.float32(edges), np.float32(2)),
        np.nextafter(np.float32(edges), np.float32(-2)),
    ]
    z = np.concatenate([*near, rng.uniform(-1.2, 1.2, 1000), [np.inf, -np.inf, 0.0]]).reshape(2, -1)

    def place(value: float) -> int:
        level = (float(np.float32(value)) - low) * (255.999 / (high - low))
        return int(min(max(level, 0), 255))

    found = places({"z": z, "zmin": low, "zmax": high})
    assert found.array.dtype == np.uint8
    assert found.array.tolist() == [[place(value) for value in row] for row in z.tolist()]


def test_squares_of_which_one_is_unknown_stay_numbers():
    z = np.array([[0.5, np.nan]])
    np.testing.assert_array_equal(places({"z": z, "zmin": 0.0, "zmax": 1.0}), z)


def test_the_browsers_own_reader_agrees(rng):
    message = {
        "text": "가 <img src=x>\u2028",
        "none": None,
        "line": rng.standard_normal(5),
        "squares": rng.standard_normal((3, 2)),
        "gaps": np.array([1.5, np.nan, -np.inf]),
        "file": b"\x00\xff\x80ab",
        "exact": Exact(rng.standard_normal(4)),
        "bytes": Exact(np.array([[0, 127], [128, 255]], np.uint8)),
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
