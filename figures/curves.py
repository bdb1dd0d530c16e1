"""The learning signal over time: one curve a network, the loss at the right, the past to the left."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from figures.colours import DASHES
from figures.escape import plain

LOG_SPAN = (-17.0, 5.0)  # decades: Memory 0 gives 1e-17 after 60 steps, recurrent scale 3 gives 1e5
NARROW_SPAN = (-5.0, 3.0)  # for curves that are meant to hold
LINEAR_SPAN = (0.0, 1.25)  # exact in float32, as every end has to be
FLOAT32_LEVEL = float(np.log10(1.2e-7))
MARGIN = {"l": 104, "r": 46, "t": 44, "b": 58, "pad": 0}
FONT = '"Source Sans", "Source Sans Pro", "Noto Sans KR", "Malgun Gothic", sans-serif'

_LABEL_PIXELS = 36  # height of an end label, two lines, and some air
_TITLE_COLUMNS = 40  # a longer title of the y axis is broken in two, for a phone
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOG_2 = math.log10(2)
_ARROW_PIXELS = 7  # from the border to the middle of an off-scale arrow


class Curve(NamedTuple):
    """One curve, of a network or of another name that `colours` knows. `log10` (time,) holds log10 of the
    norm, relative or absolute: minus infinity where the norm is 0, infinity where it overflowed, NaN where it
    is unknown; `low` and `high` (time,) the same for a band over seeds. `factor` is shown as it is, such as
    "× 0.80 per step". `joined` draws the line across unknown values, where only some distances were computed.
    """

    network: str
    name: str
    log10: np.ndarray
    factor: str = ""
    low: np.ndarray | None = None
    high: np.ndarray | None = None
    joined: bool = False


class _Scale(NamedTuple):
    """From log10 of a norm to the y axis, whose range is fixed."""

    log: bool
    low: float
    high: float
    pixels: int  # height of the plot
    float32: bool  # float32's limit is drawn

    def level(self, log10: np.ndarray) -> np.ndarray:
        return log10 if self.log else 10.0 ** np.minimum(log10, 30.0)

    def inside(self, level: np.ndarray, inset: float = 0) -> np.ndarray:
        """Levels moved to the border, `inset` pixels within, where they lie outside; NaN stays NaN."""
        border = self.units(inset)
        return np.clip(level, self.low + border, self.high - border)

    def units(self, pixels: float) -> float:
        return pixels * (self.high - self.low) / self.pixels


def _scale(log: bool, span: tuple[float, float], height: int) -> _Scale:
    low, high = span if log else LINEAR_SPAN
    return _Scale(log, low, high, height - MARGIN["t"] - MARGIN["b"], log and low < FLOAT32_LEVEL)


def gradient_curves(
    curves: Sequence[Curve],
    *,
    log: bool,
    relative: bool,
    distance: int,
    words: Mapping[str, str],
    height: int,
    ghosts: Sequence[Curve] = (),
    span: tuple[float, float] = LOG_SPAN,
) -> dict:
    """Norms of the learning signal against steps back from the loss, as a Plotly figure.

    The curves have the same length (time,). `distance` (steps back; the first step where it is longer) gets a
    vertical line with a dot on each curve. `ghosts` are the curves of another picture. The ranges of the axes
    depend on `log`, the `span` of decades and the number of steps alone; what lies outside is marked by
    arrows at the border.

    Traces, in this order: float32's limit, the distance's line, labels of both, a band a curve, the ghosts,
    the curves, off-scale arrows, dots, leaders to the end labels, end labels.

    `words` has "x_axis", "y_relative", "y_absolute", "loss" (the flag), "float32" (the limit's label),
    "distance" (the line's; {distance}), "hover" ({network}, {back}, {t}, {value}), and for values "one_in"
    ({count}), "times" ({count}), "percent" ({value}), "zero" (underflow) and "overflow"; the figure fills the fields.
    """
    steps = len(curves[0].log10)
    back = np.arange(steps - 1.0, -1.0, -1.0)
    scale = _scale(log, span, height)
    words = {key: plain(text) for key, text in words.items()}
    data = [
        _float32_limit(steps, scale),
        _distance_line(min(distance, steps - 1), scale),
        _line_labels(min(distance, steps - 1), steps, scale, words),
        *(_band(curve, back, scale) for curve in curves),
        *(_ghost(curve, scale) for curve in ghosts),
        *(_line(curve, back, scale, relative, words) for curve in curves),
        _arrows(curves, back, scale, relative, words),
        _dots(curves, min(distance, steps - 1), scale),
        *_end_labels(curves, steps, scale),
    ]
    return {"data": data, "layout": _layout(steps, scale, relative, words, height)}


def singular_fan(
    values: np.ndarray,
    distances: Sequence[int] | np.ndarray,
    largest: Curve,
    *,
    log: bool,
    distance: int,
    words: Mapping[str, str],
    height: int,
    ghosts: Sequence[Curve] = (),
) -> dict:
    """Singular values by steps back, on the axes of `gradient_curves`: a thin line each, the largest thick.

    `values` (distance, count) holds log10 of the others, at rising `distances`; a line ends where its value
    is NaN (not resolved). `largest` (time,) is drawn, named, read and marked as a gradient curve is.

    Traces, in this order: float32's limit, the distance's line, labels of both, the ghosts, the fan, the
    largest, off-scale arrows, dots, leaders to the end labels, end labels.
    """
    steps = len(largest.log10)
    back = np.arange(steps - 1.0, -1.0, -1.0)
    scale = _scale(log, LOG_SPAN, height)._replace(float32=False)
    words = {key: plain(text) for key, text in words.items()}
    data = [
        _float32_limit(steps, scale),
        _distance_line(min(distance, steps - 1), scale),
        _line_labels(min(distance, steps - 1), steps, scale, words),
        *(_ghost(curve, scale) for curve in ghosts),
        _fan(values, distances, largest.network, scale),
        _line(largest, back, scale, True, words),
        _arrows([largest], back, scale, True, words),
        _dots([largest], min(distance, steps - 1), scale),
        *_end_labels([largest], steps, scale),
    ]
    return {"data": data, "layout": _layout(steps, scale, True, words, height)}


def spread_labels(levels: Sequence[float], gap: float, low: float, high: float) -> np.ndarray:
    """Places in low..high at least `gap` apart, in the order of `levels` and as near to them as may be.

    Neighbours that would overlap share a block about the mean of their levels (pool adjacent violators).
    The gap is narrowed where so many do not fit.
    """
    order = np.argsort(levels, kind="stable")
    count = len(order)
    gap = min(gap, (high - low) / max(1, count - 1))
    # Less k gaps, labels may share a place: what remains is a fit by a rising sequence.
    wanted = np.asarray(levels, dtype=float)[order] - gap * np.arange(count)
    blocks: list[list[float]] = []
    for level in wanted:
        blocks.append([level])
        while len(blocks) > 1 and np.mean(blocks[-2]) >= np.mean(blocks[-1]):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    fitted = np.concatenate([np.full(len(block), np.mean(block)) for block in blocks])
    places = np.empty(count)
    places[order] = np.clip(fitted, low, high - gap * (count - 1)) + gap * np.arange(count)
    return places


def _value(log10: float, relative: bool, words: Mapping[str, str]) -> str:
    """A value for hovering: "13 % (1.3 × 10⁻¹)"; absolute "0.13 (1.3 × 10⁻¹)"."""
    if not math.isfinite(log10):
        return words["zero" if log10 < 0 else "overflow"]
    exponent = math.floor(log10 + 1e-9)
    digits = f"{10 ** (log10 - exponent):.1f}"
    if digits == "10.0":
        exponent, digits = exponent + 1, "1.0"
    power = f"{digits} × 10{str(exponent).translate(_SUPERSCRIPT)}"
    text = _share(log10, words) if relative else _decimal(log10)
    return f"{text} ({power})" if text else power


def _share(log10: float, words: Mapping[str, str]) -> str:
    """A share in words: "13 %" down to 0.1 %, then "1 in 75,000"; above 2 "× 35"; "" outside 1e-9..1e9."""
    if abs(log10) >= 9:
        return ""
    if log10 < -3:
        return words["one_in"].format(count=_rounded(10**-log10))
    if log10 >= _LOG_2:
        return words["times"].format(count=_rounded(10**log10))
    return words["percent"].format(value=_rounded(100 * 10**log10))


def _decimal(log10: float) -> str:
    return _rounded(10**log10) if -3 <= log10 < 4 else ""


def _rounded(value: float) -> str:
    """Two significant digits, thousands separated; never fewer than a whole number has: "113"."""
    if value >= 100:
        return f"{value:,.0f}" if value < 1000 else f"{float(f'{value:.1e}'):,.0f}"
    return f"{value:.2g}"


def _trace(**values: object) -> dict:
    return {"type": "scatter", "showlegend": False, "hoverinfo": "skip"} | values


def _float32_limit(steps: int, scale: _Scale) -> dict:
    """Below it float32 loses a signal that is added to the last step's; a linear axis has it at its foot."""
    return _trace(
        mode="lines",
        visible=scale.float32,
        x=np.array(_x_range(steps)),
        y=np.array([FLOAT32_LEVEL, FLOAT32_LEVEL]),
        line={"color": "@muted", "width": 1, "dash": "longdash"},
    )


def _distance_line(distance: int, scale: _Scale) -> dict:
    return _trace(
        mode="lines",
        x=np.array([distance, distance], dtype=float),
        y=np.array([scale.low, scale.high]),
        line={"color": "@muted", "width": 1},
    )


def _line_labels(distance: int, steps: int, scale: _Scale, words: Mapping[str, str]) -> dict:
    """What the two lines say: the distance's at its top, on the wider side, float32's below its right end."""
    space = "\N{NO-BREAK SPACE}"
    labels = [
        (
            distance,
            scale.high - scale.units(2 * _ARROW_PIXELS),
            f"{space}{words['distance'].format(distance=distance)}{space}",
            "right" if distance > steps / 2 else "left",
        ),
        (0.0, FLOAT32_LEVEL - scale.units(5), words["float32"] + space, "left"),
    ]
    x, y, texts, sides = zip(*labels[: 1 + scale.float32], strict=True)
    return _trace(
        mode="text",
        x=np.array(x, dtype=float),
        y=np.array(y),
        text=list(texts),
        textposition=[f"bottom {side}" for side in sides],
        textfont={"color": "@muted", "size": 11},
    )


def _band(curve: Curve, back: np.ndarray, scale: _Scale) -> dict:
    if curve.low is None or curve.high is None:
        x = y = np.array([])
    else:
        x = np.concatenate([back, back[::-1]])
        y = scale.inside(scale.level(np.concatenate([curve.high, curve.low[::-1]])), -20)
    return _trace(
        mode="lines",
        visible=bool(x.size),
        x=x,
        y=y,
        fill="toself",
        fillcolor=f"@{curve.network}",
        line={"width": 0},
        opacity=0.16,
    )


def _ghost(curve: Curve, scale: _Scale) -> dict:
    return _trace(
        mode="lines",
        x=np.arange(len(curve.log10) - 1.0, -1.0, -1.0),
        y=scale.level(curve.log10),
        connectgaps=curve.joined,
        line={"color": f"@{curve.network}", "width": 1.5, "dash": "dot"},
        opacity=0.55,
    )


def _line(curve: Curve, back: np.ndarray, scale: _Scale, relative: bool, words: Mapping[str, str]) -> dict:
    return _trace(
        mode="lines",
        name=plain(curve.name),
        x=back,
        y=scale.level(curve.log10),
        connectgaps=curve.joined,
        customdata=len(back) - back,
        text=[_value(value, relative, words) for value in curve.log10.tolist()],
        hoverinfo="text",
        hovertemplate=_hover(words, curve.name) + "<extra></extra>",
        line={"color": f"@{curve.network}", "width": 3, "dash": DASHES[curve.network]},
    )


def _fan(values: np.ndarray, distances: Sequence[int] | np.ndarray, colour: str, scale: _Scale) -> dict:
    """All lines as one trace, NaN between them: Plotly takes its time for each trace."""
    count = values.shape[1]
    gap = np.full((1, count), np.nan)
    x = np.append(np.asarray(distances, dtype=float), np.nan)
    return _trace(
        mode="lines",
        x=np.tile(x, count),
        y=scale.level(np.vstack([values, gap])).T.ravel(),
        line={"color": f"@{colour}", "width": 1},
        opacity=0.5,
    )


def _hover(words: Mapping[str, str], name: str) -> str:
    return words["hover"].format(network=plain(name), back="%{x:d}", t="%{customdata}", value="%{text}")


def _arrows(
    curves: Sequence[Curve], back: np.ndarray, scale: _Scale, relative: bool, words: Mapping[str, str]
) -> dict:
    """Triangles at the border along which a curve is off scale: where it leaves, then at even spaces."""
    steps = len(back)
    space = max(1, steps // 12)
    x, y, symbols, colours, texts = [], [], [], [], []
    for curve in curves:
        level = scale.level(curve.log10)
        side = (level > scale.high).astype(int) - (level < scale.low)
        for step in _spaced(side.tolist(), space):
            above = side[step] > 0
            x.append(back[step])
            y.append(scale.inside(level[step], _ARROW_PIXELS))
            symbols.append("triangle-up" if above else "triangle-down")
            colours.append(f"@{curve.network}")
            value = _value(float(curve.log10[step]), relative, words)
            place = {"back": steps - 1 - step, "t": step + 1}
            texts.append(words["hover"].format(network=plain(curve.name), value=value, **place))
    return _trace(
        mode="markers",
        visible=bool(x),
        x=np.array(x),
        y=np.array(y),
        hovertext=texts,
        hoverinfo="text",
        marker={"symbol": symbols, "color": colours, "size": 10, "opacity": 1},
        cliponaxis=False,
    )


def _spaced(side: Sequence[int], space: int) -> list[int]:
    """Of each run of steps on one side (not 0), the latest step and every `space`-th before it."""
    chosen, run = [], 0
    for step in reversed(range(len(side))):
        run = run + 1 if step + 1 < len(side) and side[step] == side[step + 1] else 0
        if side[step] and run % space == 0:
            chosen.append(step)
    return chosen


def _dots(curves: Sequence[Curve], distance: int, scale: _Scale) -> dict:
    levels = np.array([scale.level(curve.log10)[-1 - distance] for curve in curves])
    on_scale = (levels >= scale.low) & (levels <= scale.high)
    return _trace(
        mode="markers",
        x=np.full(len(curves), float(distance)),
        y=np.where(on_scale, levels, np.nan),
        marker={
            "color": [f"@{curve.network}" for curve in curves],
            "size": 11,
            "opacity": 1,
            "line": {"color": "@halo", "width": 2},
        },
        cliponaxis=False,
    )


def _end_labels(curves: Sequence[Curve], steps: int, scale: _Scale) -> tuple[dict, dict]:
    """Name and factor beside the far end of each curve, moved apart where the ends are close, and leaders."""
    left, _ = _x_range(steps)
    ends = np.array([_end(curve, scale) for curve in curves])
    half = scale.units(_LABEL_PIXELS / 2)
    wanted = np.where(np.isnan(ends), scale.low, ends)
    places = spread_labels(wanted.tolist(), 2 * half, scale.low + half, scale.high - half)
    leaders = _trace(
        mode="lines",
        x=np.tile([steps - 1.0, left, np.nan], len(curves)),
        y=np.column_stack([ends, places, np.full(len(curves), np.nan)]).ravel(),
        line={"color": "@muted", "width": 1},
        cliponaxis=False,
    )
    # A trace of their own: among points without a text Plotly loses labels when it draws anew.
    labels = _trace(
        mode="text",
        x=np.full(len(curves), left),
        y=places,
        text=[
            f'<b style="font-size:14px">{plain(curve.name)}</b><br>{plain(curve.factor)}' for curve in curves
        ],
        textposition="middle left",
        textfont={"color": [f"@{curve.network}" for curve in curves], "size": 12},
        cliponaxis=False,
    )
    return leaders, labels


def _end(curve: Curve, scale: _Scale) -> float:
    """Where a curve's far end is seen, or what is known of it next to there; NaN where nothing is."""
    known = curve.log10[~np.isnan(curve.log10)]
    return float(scale.inside(scale.level(known[0]))) if known.size else math.nan


def _x_range(steps: int) -> tuple[float, float]:
    """From the far end and some room for the leaders to the loss. Exact in float32, for Plotly hides labels
    that lie outside by a rounding error."""
    return steps - 1 + math.ceil(0.08 * (steps - 1)) / 2, 0.0


def _layout(steps: int, scale: _Scale, relative: bool, words: Mapping[str, str], height: int) -> dict:
    return {
        "height": height,
        "autosize": False,
        "margin": MARGIN,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 13, "color": "@text"},
        "hovermode": "closest",
        "hoverdistance": 60,
        "hoverlabel": {"font": {"size": 12}},
        "dragmode": False,
        "xaxis": _x_axis(steps, words),
        "yaxis": _y_axis(scale, relative),
        "annotations": _annotations(relative, words),
    }


def _x_axis(steps: int, words: Mapping[str, str]) -> dict:
    space = next(space for space in (2, 5, 10, 20, 50, 100) if (steps - 1) / space < 6 or space == 100)
    ticks = list(range(0, steps, space))
    return {
        "range": list(_x_range(steps)),
        "fixedrange": True,
        "tickvals": ticks,
        "ticktext": [
            f'{tick}<br><span style="font-size:10px;fill-opacity:.65">t = {steps - tick}</span>'
            for tick in ticks
        ],
        "tickangle": 0,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": "@grid",
        "gridcolor": "@grid",
        "zeroline": False,
        "title": {"text": words["x_axis"], "standoff": 4, "font": {"size": 13}},
        "automargin": False,
    }


def _y_axis(scale: _Scale, relative: bool) -> dict:
    if scale.log:
        space = 4 if scale.high - scale.low > 12 else 1
        ticks = [float(decade) for decade in range(-16, 5, space) if scale.low < decade < scale.high]
        texts = ["1" if tick == 0 else f"10<sup>{int(tick)}</sup>".replace("-", "−") for tick in ticks]
    else:
        ticks = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
        texts = [f"{100 * tick:.0f} %" if relative else f"{tick:.1f}" for tick in ticks]
    return {
        "range": [scale.low, scale.high],
        "fixedrange": True,
        "side": "right",
        "tickvals": ticks,
        "ticktext": texts,
        "gridcolor": "@grid",
        "zeroline": False,
        "showline": True,
        "linecolor": "@text",
        "linewidth": 2,
        "automargin": False,
    }


def _annotations(relative: bool, words: Mapping[str, str]) -> list[dict]:
    above = {"xref": "paper", "yref": "paper", "y": 1, "yanchor": "bottom", "showarrow": False}
    title = above | {
        "text": _two_lines(words["y_relative" if relative else "y_absolute"]),
        "x": 0,
        "xanchor": "left",
        "xshift": 4 - MARGIN["l"],
        "yshift": 8,
        "align": "left",
        "font": {"size": 13},
    }
    flag = above | {
        "text": words["loss"],
        "x": 1,
        "xanchor": "right",
        "bgcolor": "@text",
        "borderpad": 3,
        "font": {"size": 12, "color": "@paper"},
    }
    return [title, flag]


def _two_lines(text: str) -> str:
    """`text` broken at the space nearest to its middle, if it is long; Korean letters are twice as wide."""
    columns = sum(1 + (ord(letter) >= 0x1100) for letter in text)
    spaces = [k for k, letter in enumerate(text) if letter == " "]
    if columns <= _TITLE_COLUMNS or not spaces:
        return text
    middle = min(spaces, key=lambda k: abs(k - len(text) / 2))
    return f"{text[:middle]}<br>{text[middle + 1 :]}"
