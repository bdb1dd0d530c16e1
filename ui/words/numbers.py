"""Every format of a number: digits, shares, factors, steps, sizes, powers of ten, in the words of a language.

What the browser writes by itself, it writes as the functions of the first part do (ui/components/numbers.js). All round
to the nearest, a tie to the even digit; a minus is a true one, and nothing that is shown as zero has one.
"""

import math
import re

import numpy as np

from recurrent_core import analysis
from ui.words.text import Text

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


# Digits, as in ui/components/numbers.js


def fixed(value: float, decimals: int) -> str:
    """A finite number with so many decimals, "−0.50"."""
    shown = f"{abs(value):.{decimals}f}"
    return f"−{shown}" if value < 0 and re.search("[1-9]", shown) else shown


def whole(count: int) -> str:
    """A whole number, thousands separated: "75,000"."""
    return f"{count:,}".replace("-", "−")


def percents(share: float, most: int = 9) -> str:
    """A share in percent, "95.3": two digits of what is kept or of what is lost, whichever is smaller, with `most`
    decimals at most. Above 1, where nothing is lost, whole percents."""
    smaller = 100 * (min(abs(share), 1 - share) if share < 1 else share)
    decimals = 0 if share in (0, 1) else 1 - _exponent(smaller, 2)
    return fixed(100 * share, min(max(decimals, 0), most))


def computed(value: float) -> str:
    """A number in a drawing, "0.6225" or "−1.0000"; where four decimals say nothing, "3.2×10⁻¹²"; exactly 0, "0"."""
    if not math.isfinite(value):
        return "–" if math.isnan(value) else "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    if 0.00005 <= abs(value) < 100000:
        return fixed(value, 4 if abs(value) < 1000 else 1)
    mantissa, exponent = _scientific(value, 2)
    return f"{mantissa}×10{exponent}"


def chosen(value: float) -> str:
    """A number that somebody chose (an input, a weight), as `computed`, but without zeros at its end."""
    shown = computed(value)
    return _without_zeros(shown) if "×" not in shown else shown


def hovered(value: float) -> str:
    """A number beside the pointer: three decimals; three significant digits where these say nothing, "1.23e−5"."""
    if value == 0 or 0.001 <= abs(value) < 1000:
        return fixed(value, 3)
    if not math.isfinite(value):
        return computed(value)
    mantissa, exponent = f"{value:.2e}".split("e")
    return f"{mantissa}e{int(exponent):+d}".replace("-", "−")


# Digits on the page alone


def on_paper(value: float) -> str:
    """Four decimals without zeros at the end, to calculate with: "0.5", "−2"."""
    return _without_zeros(fixed(value, 4))


def signed(value: float) -> str:
    """A number on paper as it stands after a sign: a negative one in brackets."""
    shown = on_paper(value)
    return f"({shown})" if shown.startswith("−") else shown


def short(value: float) -> str:
    """A round number with the digits that it has: "0.003", "20"."""
    return f"{value:g}".replace("-", "−")


def in_code(value: float) -> str:
    """As Python writes it, "1.1e-16"."""
    return f"{value:.1e}"


def rounded(value: float) -> str:
    """Two significant digits, thousands separated."""
    return f"{float(f'{value:.1e}'):,.0f}"


def _without_zeros(shown: str) -> str:
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _exponent(value: float, digits: int) -> int:
    """The power of ten of the first of so many significant digits."""
    return int(f"{value:.{digits - 1}e}".partition("e")[2])


def _scientific(value: float, digits: int) -> tuple[str, str]:
    """So many significant digits of a number, and the power of ten that goes with them, raised."""
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    return mantissa.replace("-", "−"), _raised(int(exponent))


def _raised(exponent: int) -> str:
    return str(exponent).translate(_SUPERSCRIPT)


# In words


def percent(t: Text, share: float) -> str:
    """A share as "95.3 %": two digits of what is kept or of what is lost, whichever is smaller; below 0.1 % as
    "1 in 75,000", below 1e-9 as a power of ten. Above 1, where nothing is lost, whole percents."""
    if not math.isfinite(share) or share < 0:
        return t("numbers.none")
    if 0 < share < 0.001:
        return t("numbers.one_in", count=rounded(1 / share)) if share >= 1e-9 else power(t, share)
    return t("numbers.percent", value=percents(share if abs(1 - share) >= 1e-9 else 1))


def relative_size(t: Text, ratio: float) -> str:
    """A ratio as a share up to 2 ("13 %", "1 in 75,000"), above as "× 60"; infinite as a word."""
    return percent(t, ratio) if not ratio >= 2 else factor(t, ratio)


def factor(t: Text, value: float) -> str:
    """A factor, "× 0.80": two decimals, more beside 1, two significant digits when small or large."""
    if not math.isfinite(value):
        return t("numbers.endless")
    if 0.1 <= value < 9.995:
        decimals = next((d for d in (2, 3, 4) if value == 1 or f"{value:.{d}f}" != f"{1:.{d}f}"), 2)
        return t("numbers.times", value=f"{value:.{decimals}f}")
    return t("numbers.times", value=rounded(value) if 9.995 <= value < 1e9 else _small(t, value))


def steps(t: Text, count: float) -> str:
    """A number of steps, "14 steps", below 10 with one decimal; infinite and next to nothing in words."""
    if not math.isfinite(count):
        return t("numbers.endless")
    if 0 < count < 0.05:
        return t("numbers.hardly")
    shown = _step_count(t, count)
    return t("numbers.step") if shown == "1" else t("numbers.steps", count=shown)


def size(t: Text, value: float) -> str:
    """The size of a state or an input: "0.65", "10.8", "0.0023", with a true minus sign."""
    if not math.isfinite(value):
        return t("rows.missing")
    large = abs(value)
    if value == round(value) and large < 1e4:
        return fixed(value, 0)
    elif large >= 1e6 or large < 1e-3:
        return power(t, value)
    elif large < 0.1:
        shown = f"{float(f'{value:.1e}'):g}"
    else:
        shown = f"{value:,.{max(0, 2 - max(0, _exponent(large, 3)))}f}"
    return shown.replace("-", "−")


def power(t: Text, value: float) -> str:
    """A number as a power of ten with two digits, "3.2 × 10⁻¹²"."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else t("numbers.endless")
    mantissa, exponent = _scientific(value, 2)
    return t("numbers.power", value=mantissa, exponent=exponent)


def from_log10(t: Text, log10: float) -> str:
    """A ratio, known by its log10, as `relative_size` says it; also far outside float64's range."""
    if math.isnan(log10):
        return t("numbers.none")
    if math.isinf(log10):
        return relative_size(t, 0.0 if log10 < 0 else math.inf)
    if -9 <= log10 <= 9:
        return relative_size(t, 10**log10)
    exponent = math.floor(log10)
    mantissa = f"{10 ** (log10 - exponent):.1f}"
    if mantissa == "10.0":
        mantissa, exponent = "1.0", exponent + 1
    return t("numbers.power", value=mantissa, exponent=_raised(exponent))


def significant(t: Text, value: float, digits: int) -> str:
    """A number with some significant digits, without zeros at the end; very small and very large ones as powers of
    ten."""
    if value == 0 or 1e-3 <= abs(value) < 1e6:
        return f"{float(f'{value:.{digits}g}'):.15g}".replace("-", "−")
    mantissa, exponent = _scientific(value, digits)
    return t("numbers.power", value=_without_zeros(mantissa), exponent=exponent)


def half_life(t: Text, seen: analysis.HalfLife) -> str:
    """A half-life as seen in a curve: "14 steps", "over 54 steps"."""
    if not seen.over:
        return steps(t, seen.steps)
    return t("numbers.over", steps=steps(t, seen.steps)) if seen.steps else t("numbers.none")


def _small(t: Text, value: float) -> str:
    return f"{float(f'{value:.1e}'):g}" if 1e-4 <= value < 0.1 else power(t, value)


def _step_count(t: Text, count: float) -> str:
    if count >= 999.5:
        return rounded(count) if count < 1e9 else power(t, count)
    return f"{count:.0f}" if count >= 9.95 else f"{count:.1f}".removesuffix(".0")


def spread_of_steps(t: Text, values: np.ndarray) -> str:
    """Half-lives over units, "14 steps (12 to 16)"; the range only where it differs from the median."""
    low, median, high = analysis.spread(values)
    shown = [t("numbers.endless") if math.isinf(x) else _step_count(t, x) for x in (low, high)]
    middle = steps(t, median)
    return middle if shown[0] == shown[1] else t("numbers.range", middle=middle, low=shown[0], high=shown[1])
