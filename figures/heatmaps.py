"""All vectors of a recording over time in one picture: one block of squares a vector, units down, time across.

A block of shares is drawn as bars, in the same place of the same trace: the browser paints both.

All blocks stand on one pair of axes, for a pair of axes of its own each would be drawn three times slower.
The vertical axis counts pixels from the top, so that names find their place between the blocks.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import count
from typing import NamedTuple

import numpy as np

from figures.colours import FONT
from figures.escape import plain

NAME = 19  # pixels for a block's name
AXIS = 26  # for the time axis
SCALES = 44  # for the colour bars
MARGIN = 10  # left and right
OVERFLOW = 1.04  # signed values beyond -1..1 have the colours beyond the ends of the scale
FEWEST_PIXELS = 14  # of a block
BARS = 54  # pixels of a block of bars
TINT = 0.25  # of a bar's colour, below it
STRENGTH = (
    -12.0,
    0.0,
)  # powers of ten of a gradient: fixed, so that colours mean the same while a slider moves


class Block(NamedTuple):
    """One vector over time.

    values has axes (time, unit). `scale` names its colours: "gate" from 0 to `largest`, "signed" from -`largest` to
    `largest`, "strength" for powers of ten from STRENGTH[0] to STRENGTH[1]. With "share" there are no squares, but a
    bar a step: the values are shares (time, 0) and running totals (time, 1), each bar ends at its total, and 1 is the
    block's upper edge; NaN draws none. `labels` names the units (channels of the input; the two values of a bar),
    where they have names. `held` marks the squares that a clamp holds (time, unit). `mean` and `ghost` are lines
    (time,) drawn over the block, 0 at its lower and 1 at its upper edge.
    """

    key: str
    name: str
    note: str
    colour: str
    values: np.ndarray
    scale: str = "gate"
    largest: float = 1.0
    labels: tuple[str, ...] | None = None
    held: np.ndarray | None = None
    mean: np.ndarray | None = None
    ghost: np.ndarray | None = None


def recording_heatmaps(
    blocks: Sequence[Block],
    words: dict[str, str],
    *,
    ticks: Sequence[str] | None = None,
    pixels: int = 56,
) -> dict:
    """Blocks below each other, `pixels` high each (a block of few rows lower), on one time axis t = 1..T.

    Pictures that differ in squares and lines alone share the rest: whoever changes it changes a copy.

    `ticks` gives a label a step (characters, dates) instead of the number. `words` holds "closed", "open",
    "signed_low", "signed_high" (ends of the colour bars) and "time" (title of the axis).
    """
    steps = len(blocks[0].values)
    looks = tuple(
        Look(*block[:4], block.values.shape[1], block.scale, block.largest, block.labels) for block in blocks
    )
    frame = _frame(looks, steps, tuple(sorted(words.items())), ticks and tuple(ticks), pixels)
    places = list(zip(blocks, frame.tops, frame.heights, strict=True))
    traces = [trace | {"z": block.values.T} for trace, block in zip(frame.traces, blocks, strict=True)]
    return {"data": [*traces, _hatching(places), *_lines(places, steps)], "layout": frame.layout}


class Look(NamedTuple):
    """What decides about a block's place and axes, by its name in a Block; `units` are its rows."""

    key: str
    name: str
    note: str
    colour: str
    units: int
    scale: str
    largest: float
    labels: tuple[str, ...] | None


class Frame(NamedTuple):
    """A picture without squares and lines."""

    tops: list[int]
    heights: list[int]
    traces: list[dict]  # of the heatmaps, without z
    layout: dict


@lru_cache(maxsize=64)
def _frame(
    looks: tuple[Look, ...],
    steps: int,
    words: tuple[tuple[str, str], ...],
    ticks: tuple[str, ...] | None,
    pixels: int,
) -> Frame:
    """Made once, for nothing in it moves while a slider does. Nobody may change it."""
    heights = [_height(look, pixels) for look in looks]
    tops = np.cumsum([NAME] + [height + NAME for height in heights[:-1]]).tolist()
    bottom = tops[-1] + heights[-1]
    traces = [_squares(look, top, height) for look, top, height in zip(looks, tops, heights, strict=True)]
    _show_scales(traces, dict(words))
    layout = {
        "height": bottom + AXIS + SCALES,
        "autosize": False,
        "margin": {"l": MARGIN, "r": MARGIN, "t": 0, "b": AXIS + SCALES, "pad": 0, "autoexpand": False},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": "@text", "size": 13, "family": FONT},
        "dragmode": False,
        "hovermode": False,
        "showlegend": False,
        "xaxis": time_axis(steps, ticks),
        "yaxis": {"range": [bottom, 0], "visible": False, "fixedrange": True},
        "annotations": [_name(look, top) for look, top in zip(looks, tops, strict=True)],
    }
    return Frame(tops, heights, traces, layout)


def _height(look: Look, pixels: int) -> int:
    if look.scale == "share":
        return BARS
    return pixels if look.units > 3 else max(FEWEST_PIXELS, min(pixels, round(pixels * look.units / 4)))


def _squares(block: Look, top: int, height: int) -> dict:
    units = block.units
    low, high = {
        "gate": (0.0, block.largest),
        "signed": (-block.largest * OVERFLOW, block.largest * OVERFLOW),
        "strength": STRENGTH,
        "share": (0.0, 1.0),
    }[block.scale]
    bars = {"bars": block.colour, "tint": TINT, "ground": "@ground", "edge": "@line"}
    return {
        "type": "heatmap",
        "name": plain(block.name),
        "x0": 1,
        "dx": 1,
        "y0": top + height / units / 2,
        "dy": height / units,
        "zmin": low,
        "zmax": high,
        "colorscale": f"@{block.scale}",
        "showscale": False,
        "hovertemplate": f"{plain(block.name)}<br>t = %{{x}}<br>%{{z:.3f}}<extra></extra>",
        "meta": {"key": block.key, "name": block.name, "labels": block.labels, "top": top, "height": height}
        | (bars if block.scale == "share" else {}),
    }


def _show_scales(traces: list[dict], words: dict[str, str]) -> None:
    """One colour bar a kind, below the time axis, with words at its ends; half of the width each."""
    bar = {
        "orientation": "h", "thickness": 8, "lenmode": "fraction", "len": 0.44, "outlinewidth": 0,
        "xpad": 0, "ypad": 5, "yref": "container", "y": 0, "yanchor": "bottom", "ticks": "",
        "tickfont": {"size": 11, "color": "@muted"},
    }  # fmt: skip
    ends = {
        "@gate": {"tickvals": [0.09, 0.5, 0.91], "ticktext": [words["closed"], "0.5", words["open"]], "x": 0.24},
        "@signed": {"tickvals": [-0.9, 0, 0.9], "ticktext": [words["signed_low"], "0", words["signed_high"]],
                    "x": 0.76},
        "@strength": {"tickvals": [-11.5, -6, -0.5], "ticktext": ["10⁻¹²", "10⁻⁶", "1"], "x": 0.5},
    }  # fmt: skip
    shown = set()
    for trace in traces:
        kind = trace["colorscale"]
        if kind not in shown and _is_of_squares(trace):
            shown.add(kind)
            trace["showscale"] = True
            trace["colorbar"] = bar | ends[kind] | ({"x": 0.5} if not _both(traces) else {})


def _both(traces: list[dict]) -> bool:
    return len({trace["colorscale"] for trace in traces if _is_of_squares(trace)}) == 2


def _is_of_squares(trace: dict) -> bool:
    """Whether its colours mean values: the input's channels differ, and bars have one colour."""
    return trace["meta"]["key"] != "x" and "bars" not in trace["meta"]


def _name(block: Look, top: int) -> dict:
    note = f'  <span style="color:@muted">{plain(block.note)}</span>' if block.note else ""
    return {
        "text": f'<span style="color:{block.colour}">■</span> <b>{plain(block.name)}</b>{note}',
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "y": top - 1,
        "yref": "y",
        "yanchor": "bottom",
        "align": "left",
        "showarrow": False,
        "borderpad": 0,
    }


def time_axis(steps: int, ticks: Sequence[str] | None) -> dict:
    """The axis t = 1..T of a picture over time, with the labels of some steps."""
    axis = {
        "range": [0.5, steps + 0.5],
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "ticks": "outside",
        "ticklen": 3,
        "tickcolor": "@muted",
        "tickfont": {"size": 11, "color": "@muted"},
        "tickangle": 0,
    }
    if ticks is None:
        spacing = next(d for d in _round_numbers() if d >= 5 and steps / d <= 13)
        values = [1, *range(spacing, steps + 1, spacing)]
        names = [f"t = {v}" if v == 1 else str(v) for v in values]
    else:
        every = max(1, -(-steps // (60 if max(map(len, ticks)) == 1 else 6)))
        values = list(range(1, steps + 1, every))
        names = [plain(ticks[v - 1]) for v in values]
    return axis | {"tickmode": "array", "tickvals": values, "ticktext": names}


def _round_numbers() -> Iterator[int]:
    """1, 2, 5, 10, 20, 50, ..."""
    return (digit * 10**power for power in count() for digit in (1, 2, 5))


def _hatching(places: list) -> dict:
    """Hatched rectangles over all squares that a clamp holds."""
    x: list[float | None] = []
    y: list[float | None] = []
    for block, top, height in places:
        if block.held is None:
            continue
        size = height / block.held.shape[1]
        for first, last, start, stop in rectangles(block.held):
            left, right = start + 0.5, stop + 0.5
            above, below = top + first * size, top + last * size
            x += [left, right, right, left, left, None]
            y += [above, above, below, below, above, None]
    return {
        "type": "scatter",
        "x": x,
        "y": y,
        "mode": "lines",
        "line": {"width": 1, "color": "@text"},
        "fill": "toself",
        "fillcolor": "rgba(0,0,0,0)",
        "fillpattern": {"shape": "/", "fgcolor": "@text", "bgcolor": "rgba(0,0,0,0)", "size": 7, "solidity": 0.18},
        "hoverinfo": "skip",
    }  # fmt: skip


def rectangles(held: np.ndarray) -> list[tuple[int, int, int, int]]:
    """The marked squares (time, unit) as rectangles: first and last unit, start and stop step, half open."""
    out: list[tuple[int, int, int, int]] = []
    edges = np.diff(np.pad(held, ((1, 1), (0, 0))).astype(np.int8), axis=0)
    for unit in range(held.shape[1]):
        starts = np.flatnonzero(edges[:, unit] == 1)
        stops = np.flatnonzero(edges[:, unit] == -1)
        for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
            above = next(
                (k for k, r in enumerate(out) if r[1] == unit and r[2:] == (start, stop)),
                None,
            )
            if above is None:
                out.append((unit, unit + 1, start, stop))
            else:
                out[above] = (out[above][0], unit + 1, start, stop)
    return out


def _lines(places: list, steps: int) -> list[dict]:
    """Means of the present picture, solid, and of the ghost, dashed, each on a halo that parts it from the squares."""
    traces, gap = [], np.array([np.nan])
    for kind, dash in (("ghost", "dash"), ("mean", "solid")):
        x: list[np.ndarray] = []
        y: list[np.ndarray] = []
        for block, top, height in places:
            line = getattr(block, kind)
            if line is None:
                continue
            x += [np.arange(1, len(line) + 1, dtype=float), gap]
            y += [top + height * (1 - np.clip(line, 0, 1)), gap]
        points: dict[str, object] = {
            "x": np.concatenate(x)[:-1] if x else [],
            "y": np.concatenate(y)[:-1] if y else [],
        }
        for width, colour, style in ((4.5, "@halo", "solid"), (2, "@line", dash)):
            line = {"width": width, "color": colour, "dash": style}
            traces.append({"type": "scatter", "mode": "lines", "line": line, "hoverinfo": "skip"} | points)
    return traces
