"""Which units are stuck: a dot a unit and gate, by the shares of steps in which the gate is nearly open and nearly
closed; and the gates of one unit over time.

The plot is that of Karpathy, Johnson and Li, "Visualizing and Understanding Recurrent Networks" (2015), figure 3. All
panels stand on one pair of axes, and so do all lanes: every further pair would cost as much as the whole picture.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from figures.colours import FONT
from figures.escape import plain
from figures.heatmaps import time_axis

LANE_NAME = 19  # pixels for a lane's name
AXIS = 26  # for the time axis
DARK_INK, LIGHT_INK = "#000000", "#ffffff"

_TICKS = (0.0, 0.5, 1.0)
_SIDE = 40  # pixels left of the panels, for percents


class Look(NamedTuple):
    """Pixels: height of the picture, width of a dot that is one unit, the least length of a triangle's two sides; and
    the room on each side of a triangle, in its lengths, for dots at its corners."""

    height: int
    dot: float
    across: float
    up: float
    room: float

    @property
    def apart(self) -> float:
        """From one panel's left edge to the next, in widths of a panel."""
        return 1 + 2 * self.room


WIDE = Look(height=340, dot=11, across=160, up=205, room=0.1)
COMPACT = Look(height=216, dot=8, across=77, up=86, room=0.18)


class Dot(NamedTuple):
    """The units of a gate at one place: right-saturated in `high` of the steps, left-saturated in `low`.

    `text` is shown where the pointer rests, in lines; `select` is the unit that a click chooses.
    """

    high: float
    low: float
    units: tuple[int, ...]
    text: str = ""
    select: int = 0


class GateDots(NamedTuple):
    """One gate's dots; `ghosts` are those of another picture. Units count from 0. `note` stands below the name."""

    name: str
    colour: str
    dots: Sequence[Dot]
    ghosts: Sequence[Dot] = ()
    note: str = ""


class Lane(NamedTuple):
    """One unit's gate over time (time,), from `low` to `high`; beyond the `limits` it is saturated."""

    name: str
    note: str
    colour: str
    values: np.ndarray
    low: float = 0.0
    high: float = 1.0
    limits: tuple[float, float] = (0.1, 0.9)


Placed = Sequence[tuple[int, Dot]]  # the number of a panel, and a dot on it
Stacked = Sequence[tuple[Lane, float]]  # a lane, and the pixels above it


def saturation_dots(
    panels: Sequence[GateDots], words: Mapping[str, str], *, unit: int, look: Look = WIDE
) -> dict:
    """A triangle a gate, side by side. A dot of several units is larger and bears their number. The dots of `unit` are
    ringed.

    `words` has "right" and "left", the titles of the axes. Traces, in this order: triangles, ghosts, dots, rings.
    """
    return {
        "data": [
            _triangles(len(panels), look),
            _ghosts(panels, look),
            _dots(panels, look),
            _rings(panels, unit, look),
        ],
        "layout": _dots_layout(panels, words, look),
    }


def dot_width(units: int, look: Look) -> float:
    """Pixels across a dot of so many units: room for their number where they are several."""
    return look.dot if units == 1 else round(look.dot + 4 + 1.8 * units**0.5, 1)


def _triangles(count: int, look: Look) -> dict:
    """Where x + y <= 1, for no gate is open and closed at once."""
    x: list[float | None] = []
    y: list[float | None] = []
    for panel in range(count):
        x += [*(look.apart * panel + high for high in (0, 1, 0, 0)), None]
        y += [0, 0, 1, 0, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "fill": "toself",
        "fillcolor": "rgba(138,148,160,0.12)",
        "line": {"color": "@muted", "width": 1},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _ghosts(panels: Sequence[GateDots], look: Look) -> dict:
    placed = [(panel, dot) for panel, one in enumerate(panels) for dot in one.ghosts]
    return _markers(placed, "circle-open", _widths(placed, look), "@muted", look) | {"hoverinfo": "skip"}


def _dots(panels: Sequence[GateDots], look: Look) -> dict:
    """The dots, larger ones first, so that none lies under another of its size or more."""
    placed = [(panel, dot) for panel, one in enumerate(panels) for dot in one.dots]
    placed.sort(key=lambda place: -len(place[1].units))
    colours = [panels[panel].colour for panel, _ in placed]
    marks = _markers(placed, "circle", _widths(placed, look), colours, look)
    marks["marker"]["line"] = {"color": "@halo", "width": 1}
    return marks | {
        "mode": "markers+text",
        "text": [str(len(dot.units)) if len(dot.units) > 1 else "" for _, dot in placed],
        "textposition": "middle center",
        "textfont": {"size": 11, "color": [ink(colour) for colour in colours]},
        "hovertext": [plain(dot.text).replace("\n", "<br>") for _, dot in placed],
        "hoverinfo": "text",
        "customdata": [dot.select for _, dot in placed],
        "meta": {"select": "unit"},
    }


def _rings(panels: Sequence[GateDots], unit: int, look: Look) -> dict:
    placed = [(panel, dot) for panel, one in enumerate(panels) for dot in one.dots if unit in dot.units]
    marks = _markers(placed, "circle-open", [w + 5 for w in _widths(placed, look)], "@text", look)
    marks["marker"]["line"] = {"width": 2}
    return marks | {"hoverinfo": "skip"}


def _markers(placed: Placed, symbol: str, widths: list[float], colour: str | list[str], look: Look) -> dict:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": np.array([look.apart * panel + dot.high for panel, dot in placed]),
        "y": np.array([dot.low for _, dot in placed]),
        "marker": {"symbol": symbol, "size": widths, "color": colour, "opacity": 1},
        "cliponaxis": False,
    }


def _widths(placed: Placed, look: Look) -> list[float]:
    return [dot_width(len(dot.units), look) for _, dot in placed]


def ink(colour: str) -> str:
    """Black or white, whichever stands out more (WCAG's contrast) on "#rrggbb"."""
    channels = np.array([int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return DARK_INK if linear @ (0.2126, 0.7152, 0.0722) > 0.179 else LIGHT_INK


def _dots_layout(panels: Sequence[GateDots], words: Mapping[str, str], look: Look) -> dict:
    count = len(panels)
    right = look.apart * (count - 1) + 1
    spare = max(0.0, 2 - count) * look.apart  # a triangle alone would be drawn out: it stands on the left
    ticks = [look.apart * panel + share for panel in range(count) for share in _TICKS]
    return _layout(look.height, {"l": _SIDE, "r": 12, "t": 54, "b": 40, "pad": 0}) | {
        "hovermode": "closest",
        "hoverdistance": 24,
        "hoverlabel": {"font": {"size": 12}, "align": "left"},
        "xaxis": _axis([-look.room, right + look.room + spare])
        | {"tickvals": ticks, "ticktext": ["0", "50 %", "100"] * count},
        "yaxis": _axis([-look.room, 1 + look.room])
        | {"tickvals": list(_TICKS), "ticktext": [_percent(share) for share in _TICKS]},
        "annotations": [
            *(_panel_name(panel, look.apart * place) for place, panel in enumerate(panels)),
            _title(words["left"], x=0, y=1, xanchor="left", yanchor="bottom", xshift=-_SIDE + 4, yshift=34),
            _title(words["right"], x=right, xref="x", y=0, xanchor="right", yanchor="top", yshift=-20),
        ],
    }


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _panel_name(panel: GateDots, left: float) -> dict:
    named = _named(panel)
    if panel.note:
        named["text"] += f'<br><span style="color:@muted;font-size:11px">{plain(panel.note)}</span>'
    return named | {
        "x": left,
        "xref": "x",
        "xanchor": "left",
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
    }


def _named(what: GateDots | Lane) -> dict:
    return {
        "text": f'<span style="color:{what.colour}">■</span> <b>{plain(what.name)}</b>',
        "showarrow": False,
        "borderpad": 0,
        "align": "left",
    }


def _title(text: str, **place: object) -> dict:
    font = {"size": 12, "color": "@muted"}
    return {"text": plain(text), "xref": "paper", "yref": "paper", "showarrow": False, "font": font} | place


def _layout(height: int, margin: dict) -> dict:
    return {
        "height": height,
        "autosize": False,
        "margin": margin,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": "@text", "size": 13, "family": FONT},
        "dragmode": False,
        "showlegend": False,
    }


def _axis(ends: list[float]) -> dict:
    return {
        "range": ends,
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "tickfont": {"size": 11, "color": "@muted"},
        "tickangle": 0,
        "automargin": False,
    }


# One unit over time


def unit_lanes(lanes: Sequence[Lane], *, ticks: Sequence[str] | None = None, pixels: int = 52) -> dict:
    """One unit's gates below each other, `pixels` high each, on one time axis t = 1..T. Where a gate is saturated its
    line runs in the shaded bands beyond the two limits.

    `ticks` gives a label a step (characters, dates) instead of the number. Traces, in this order: bands, limits, a
    line a lane, and the thin lines within them.
    """
    steps = len(lanes[0].values)
    tops = [LANE_NAME + k * (pixels + LANE_NAME) for k in range(len(lanes))]
    placed = list(zip(lanes, tops, strict=True))
    bottom = tops[-1] + pixels
    return {
        "data": [
            _bands(placed, steps, pixels),
            _limits(placed, steps, pixels),
            *(_line(lane, top, pixels, ticks) for lane, top in placed),
            _core(placed, pixels),
        ],
        "layout": _layout(bottom + AXIS, {"l": _SIDE, "r": 12, "t": 0, "b": AXIS, "pad": 0})
        | {
            "hovermode": "closest",
            "hoverdistance": 40,
            "hoverlabel": {"font": {"size": 12}, "align": "left"},
            "xaxis": time_axis(steps, ticks),
            "yaxis": _axis([bottom, 0]) | _levels(placed, pixels),
            "annotations": [_lane_name(lane, top) for lane, top in placed],
        },
    }


def _depth(lane: Lane, top: float, pixels: int, value: np.ndarray | float) -> np.ndarray:
    """Pixels from the top for a value of the lane; beyond its range it lies on the border."""
    share = (np.clip(value, lane.low, lane.high) - lane.low) / (lane.high - lane.low)
    return top + pixels * (1 - share)


def _bands(placed: Stacked, steps: int, pixels: int) -> dict:
    x: list[float | None] = []
    y: list[float | None] = []
    for lane, top in placed:
        for first, last in ((lane.limits[1], lane.high), (lane.low, lane.limits[0])):
            above, below = (float(_depth(lane, top, pixels, value)) for value in (last, first))
            x += [0.5, steps + 0.5, steps + 0.5, 0.5, 0.5, None]
            y += [above, above, below, below, above, None]
    return {
        "type": "scatter", "mode": "lines", "x": x, "y": y, "line": {"width": 0}, "fill": "toself",
        "fillcolor": "rgba(138,148,160,0.28)", "hoverinfo": "skip",
    }  # fmt: skip


def _limits(placed: Stacked, steps: int, pixels: int) -> dict:
    x: list[float | None] = []
    y: list[float | None] = []
    for lane, top in placed:
        for value in lane.limits:
            x += [0.5, steps + 0.5, None]
            y += [*[float(_depth(lane, top, pixels, value))] * 2, None]
    line = {"color": "@muted", "width": 1, "dash": "dot"}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "hoverinfo": "skip"}


def _line(lane: Lane, top: float, pixels: int, ticks: Sequence[str] | None) -> dict:
    """The gate's line, broad and in its colour: no dots, of which every one is a node that the browser must draw."""
    steps = range(1, len(lane.values) + 1)
    names = [f"t = {step}" for step in steps] if ticks is None else list(map(plain, ticks))
    values = [f"{value:.3f}".replace("-", "−") for value in lane.values.tolist()]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": np.array(steps, dtype=float),
        "y": _depth(lane, top, pixels, lane.values),
        "line": {"color": lane.colour, "width": 4},
        "text": [
            f"{plain(lane.name)}<br>{name}<br>{value}" for name, value in zip(names, values, strict=True)
        ],
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _core(placed: Stacked, pixels: int) -> dict:
    """A thin line within each broad one: some colours are too light to be seen on their own."""
    parts = [[*_depth(lane, top, pixels, lane.values).tolist(), np.nan] for lane, top in placed]
    steps = [*range(1, len(placed[0][0].values) + 1), np.nan]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": np.array(steps * len(placed), dtype=float),
        "y": np.concatenate(parts),
        "line": {"color": "@line", "width": 1},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _levels(placed: Stacked, pixels: int) -> dict:
    marks = [(lane, top, value) for lane, top in placed for value in lane.limits]
    return {
        "tickvals": [float(_depth(lane, top, pixels, value)) for lane, top, value in marks],
        "ticktext": [f"{value:g}".replace("-", "−") for _, _, value in marks],
    }


def _lane_name(lane: Lane, top: float) -> dict:
    named = _named(lane)
    named["text"] += f'  <span style="color:@muted">{plain(lane.note)}</span>'
    return named | {
        "x": 0, "xref": "paper", "xanchor": "left", "y": top - 1, "yref": "y", "yanchor": "bottom"
    }  # fmt: skip
