"""Every format of a number: in both languages, at its edges, and the same in the browser."""

import ast
import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
from node import node

from recurrent_core import analysis
from ui.words import numbers
from ui.words.text import text

EN, KO = text("en"), text("ko")
INFINITE = [math.inf, -math.inf, math.nan]


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.9526, "95.3 %"), (0.13, "13 %"), (0.5, "50 %"), (0.0412, "4.1 %"), (0.0029, "0.29 %"),
        (0.001, "0.10 %"), (0.99909, "99.909 %"), (1.0, "100 %"), (0.0, "0 %"), (1.88, "188 %"),
        (0.0996, "10 %"), (0.9004, "90 %"), (0.099, "9.9 %"), (0.00996, "1.0 %"),
        (1.000011, "100 %"), (1.034, "103 %"), (0.999989, "99.9989 %"),
        (1 / 75_100, "1 in 75,000"), (3.2e-12, "3.2 × 10⁻¹²"), (float("nan"), "none"),
        (float("inf"), "none"),
    ],
)  # fmt: skip
def test_shares(share, said):
    assert numbers.percent(EN, share) == said


def test_shares_in_korean():
    assert numbers.percent(KO, 0.9526) == "95.3%"
    assert numbers.percent(KO, 1 / 75_100) == "75,000분의 1"


def test_a_share_is_never_said_to_be_whole_or_nothing_when_it_is_not():
    for share in (1 - 1e-8, 1 - 1e-4, 1e-8, 1e-300):
        assert numbers.percent(EN, share) not in ("100 %", "0 %")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.8, "× 0.80"), (1, "× 1.00"), (0.998, "× 0.998"), (0.96, "× 0.96"), (35.4, "× 35"),
        (1234567, "× 1,200,000"), (0.026, "× 0.026"), (3e12, "× 3.0 × 10¹²"), (2e-7, "× 2.0 × 10⁻⁷"),
        (9.99, "× 9.99"), (9.996, "× 10"), (float("inf"), "endless"),
    ],
)  # fmt: skip
def test_factors(value, said):
    assert numbers.factor(EN, value) == said


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "1 step"), (14.27, "14 steps"), (2.2, "2.2 steps"), (9.96, "10 steps"), (0.14, "0.1 steps"),
        (2066.6, "2,100 steps"), (999.4, "999 steps"), (999.7, "1,000 steps"),
        (float("inf"), "endless"), (0.0, "0 steps"), (0.0067, "less than 0.1 steps"),
    ],
)  # fmt: skip
def test_steps(count, said):
    assert numbers.steps(EN, count) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.65, "0.65"), (10.83, "10.8"), (0.0841, "0.084"), (-0.5, "−0.50"), (1, "1"), (0, "0"),
        (2.5e-7, "2.5 × 10⁻⁷"), (-2.0, "−2"), (1234.5, "1,234"), (-0.0, "0"),
        (9.994, "9.99"), (9.996, "10.0"), (99.96, "100"),
        (3.2e9, "3.2 × 10⁹"),
        (float("nan"), "too large for float64"),
    ],
)  # fmt: skip
def test_sizes(value, said):
    assert numbers.size(EN, value) == said


def test_half_lives():
    assert numbers.half_life(EN, analysis.HalfLife(14.2, False)) == "14 steps"
    assert numbers.half_life(EN, analysis.HalfLife(54.0, True)) == "over 54 steps"
    assert numbers.half_life(EN, analysis.HalfLife(0.0, True)) == "none"


@pytest.mark.parametrize(
    ("log10", "shown"),
    [
        (0.0, "100 %"), (np.log10(0.13), "13 %"), (2.0, "× 100"), (-400.3, "5.0 × 10⁻⁴⁰¹"),
        (1234.0, "1.0 × 10¹²³⁴"), (-11.00000001, "1.0 × 10⁻¹¹"), (-np.inf, "0 %"), (np.nan, "none"),
    ],
)  # fmt: skip
def test_ratios_far_outside_float64(log10, shown):
    assert numbers.from_log10(EN, float(log10)) == shown


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [
        (0.0, 3, "0"),
        (0.951234, 3, "0.951"),
        (-2.6123, 5, "−2.6123"),
        (500.0, 2, "500"),
        (2560.0, 15, "2560"),
        (2.9e-15, 3, "2.9 × 10⁻¹⁵"),
        (-4e7, 2, "−4 × 10⁷"),
        (0.9999999999, 15, "0.9999999999"),
    ],
)
def test_significant_digits(value, digits, written):
    assert numbers.significant(EN, value, digits) == written


def test_numbers_on_paper_are_short():
    assert [numbers.on_paper(x) for x in (0.0, -0.00001, 1.5, -2.0, 10.0)] == ["0", "0", "1.5", "−2", "10"]
    assert [numbers.signed(x) for x in (0.5, -0.00001, -0.5)] == ["0.5", "0", "(−0.5)"]


def test_no_other_module_formats_a_number():
    """Formats of figures' axes and hover texts are theirs; what stands beside them is written here."""
    root = Path(__file__).parents[3]
    for path in (root / "ui").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        formats = [
            node for node in ast.walk(tree) if isinstance(node, ast.FormattedValue) and node.format_spec
        ]
        assert not formats or path.name == "numbers.py", f"{path}:{formats[0].lineno}"
    own = r"\.toFixed|\.toPrecision|\.toExponential|toLocaleString|\bIntl\."
    scripts = {path for path in (root / "ui").rglob("*.js") if re.search(own, path.read_text("utf-8"))}
    # A path's coordinates, what is sent back to the server, and numbers in a file are not shown as they stand.
    assert {path.name for path in scripts} == {"numbers.js", "step_drawing.js", "step_editor.js", "export.js"}


# The browser's twin

TWIN = """
import { readFileSync } from "node:fs";
import * as numbers from "./numbers.js";
const { rows } = JSON.parse(readFileSync(0));
console.log(JSON.stringify(rows.map(([name, value, ...more]) => numbers[name](Number(value), ...more))));
"""


def values() -> list[float]:
    """Finite numbers where two formats could part: ties of every length, their neighbours, all sizes, edges."""
    rng = np.random.default_rng(0)
    ties = [odd / 2**k for k in range(1, 12) for odd in (1, 3, 5, 7, 9, 11, 13, 61, 125, 2047)]
    ties += [10**k * half for k in range(7) for half in (1.25, 12.5, 1.35, 2.5, 3.5, 0.5, 100.5, 101.5)]
    edges = [0.00005, 0.0005, 0.00095, 0.001, 0.0995, 0.995, 0.9995, 9.95, 9.995, 99.5, 999.5, 999.95, 9999.5]
    edges += [
        1e-9,
        1e-5,
        99999.5,
        1e5,
        999999.5,
        1e6,
        1e9,
        123456789.0,
        0.1,
        0.2,
        0.3,
        1 / 3,
        2 / 3,
        1.0,
        10.0,
    ]
    sizes = (10.0 ** rng.uniform(-12, 9, 2000)).tolist() + rng.uniform(0, 1, 1000).tolist()
    singles = rng.uniform(0, 1, 500).astype(np.float32).astype(float).tolist()
    found = (
        ties
        + edges
        + [math.nextafter(x, away) for x in ties + edges for away in (0, math.inf)]
        + sizes
        + singles
    )
    return [0.0, -0.0, *found, *(-x for x in found)]


def test_the_browser_writes_every_number_alike():
    rows = [("fixed", x, decimals) for x in values() for decimals in (0, 1, 2, 3, 4) if abs(x) < 1e12]
    rows += [(name, x) for x in values() for name in ("computed", "chosen", "hovered")]
    rows += [(name, x) for x in [5e-324, 1e300, -1e-300] for name in ("computed", "chosen", "hovered")]
    rows += [(name, x) for x in INFINITE for name in ("computed", "chosen", "hovered")]
    rows += [("percents", x, *most) for x in values() if abs(x) < 1e6 for most in ((), (3,), (0,))]
    rows += [("percents", 1 - x, 3) for x in values() if 0 < x < 1]
    rows += [
        ("whole", sign * n) for n in (0, 1, 12, 999, 1000, 12345, 999_999, 10**6, 10**9) for sign in (1, -1)
    ]
    given = [[name, str(x), *more] for name, x, *more in rows]
    wanted = [getattr(numbers, name)(x, *more) for name, x, *more in rows]
    found = node(
        TWIN,
        json.dumps({"rows": given}).replace('"inf"', '"Infinity"').replace('"-inf"', '"-Infinity"').encode(),
    )
    assert len(rows) > 50_000
    wrong = [(row, f, w) for row, f, w in zip(rows, found, wanted, strict=True) if f != w]
    assert wrong == []
