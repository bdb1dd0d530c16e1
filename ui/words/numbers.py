"""Every format of a number: shares, factors, steps, sizes, powers of ten, in the words of a language."""

import math

import numpy as np

from recurrent_core import analysis
from ui.words.text import Text

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def percent(t: Text, share: float) -> str:
    """A share as "95.3 %": two digits of what is kept or of what is lost, whichever is smaller; below 0.1 % as
    "1 in 75,000", below 1e-9 as a power of ten. Above 1, where nothing is lost, whole percents."""
    if not math.isfinite(share) or share < 0:
        return t("numbers.none")
    if share == 0 or abs(1 - share) < 1e-9:
        return t("numbers.percent", value=round(100 * share))
    if share < 0.001:
        return t("numbers.one_in", count=rounded(1 / share)) if share >= 1e-9 else power(t, share)
    smaller = 100 * (min(share, 1 - share) if share < 1 else share)
    decimals = max(0, 1 - math.floor(math.log10(smaller)))
    return t("numbers.percent", value=f"{100 * share:.{decimals}f}")


def relative_size(t: Text, ratio: float) -> str:
    """A ratio as a share up to 2 ("13 %", "1 in 75,000"), above as "× 60"; infinite as a word."""
    return percent(t, ratio) if not ratio >= 2 else factor(t, ratio)


def factor(t: Text, value: float) -> str:
    """A factor, "× 0.80": two decimals, more beside 1, two significant digits when small or large."""
    if not math.isfinite(value):
        return t("numbers.endless")
    if 0.1 <= value < 10:
        decimals = next((d for d in (2, 3, 4) if value == 1 or f"{value:.{d}f}" != f"{1:.{d}f}"), 2)
        return t("numbers.times", value=f"{value:.{decimals}f}")
    return t("numbers.times", value=rounded(value) if 10 <= value < 1e9 else _small(t, value))


def steps(t: Text, count: float) -> str:
    """A number of steps, "14 steps", below 10 with one decimal; infinite as a word."""
    if not math.isfinite(count):
        return t("numbers.endless")
    shown = _step_count(t, count)
    return t("numbers.step") if shown == "1" else t("numbers.steps", count=shown)


def size(t: Text, value: float) -> str:
    """The size of a state or an input: "0.65", "10.8", "0.0023", with a true minus sign."""
    if not math.isfinite(value):
        return t("rows.missing")
    large = abs(value)
    if value == round(value) and large < 1e4:
        shown = f"{value:.0f}"
    elif large >= 1e6 or large < 1e-3:
        return power(t, value)
    elif large < 0.1:
        shown = f"{float(f'{value:.1e}'):g}"
    else:
        shown = f"{value:,.{0 if large >= 100 else 1 if large >= 10 else 2}f}"
    return shown.replace("-", "−")


def power(t: Text, value: float) -> str:
    """A number as a power of ten with two digits, "3.2 × 10⁻¹²"."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else t("numbers.endless")
    mantissa, exponent = f"{value:.1e}".split("e")
    return t(
        "numbers.power",
        value=mantissa.replace("-", "−"),
        exponent=str(int(exponent)).translate(_SUPERSCRIPT),
    )


def half_life(t: Text, seen: analysis.HalfLife) -> str:
    """A half-life as seen in a curve: "14 steps", "over 54 steps"."""
    if not seen.over:
        return steps(t, seen.steps)
    return t("numbers.over", steps=steps(t, seen.steps)) if seen.steps else t("numbers.none")


def rounded(value: float) -> str:
    """Two significant digits, thousands separated."""
    return f"{float(f'{value:.1e}'):,.0f}"


def _small(t: Text, value: float) -> str:
    return f"{float(f'{value:.1e}'):g}" if 1e-4 <= value < 0.1 else power(t, value)


def _step_count(t: Text, count: float) -> str:
    if count >= 1000:
        return rounded(count) if count < 1e9 else power(t, count)
    return f"{count:.0f}" if count >= 9.95 else f"{count:.1f}".removesuffix(".0")


def spread_of_steps(t: Text, values: np.ndarray) -> str:
    """Half-lives over units, "14 steps (12 to 16)"; the range only where it differs from the median."""
    low, median, high = analysis.spread(values)
    shown = [t("numbers.endless") if math.isinf(x) else _step_count(t, x) for x in (low, high)]
    middle = steps(t, median)
    return middle if shown[0] == shown[1] else t("numbers.range", middle=middle, low=shown[0], high=shown[1])
