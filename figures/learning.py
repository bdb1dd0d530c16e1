"""What training does: loss and accuracy by update, gradient norms by update and step, half-lives before and after.

All pictures over updates have the same margins, so that they stand on one axis below each other.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import NamedTuple

import numpy as np

from figures.colours import DASHES, FONT
from figures.curves import spread_labels
from figures.escape import plain
from figures.heatmaps import Block, recording_heatmaps

MARGIN = {"l": 46, "r": 92, "t": 26, "b": 40, "pad": 0}
LABEL = 30  # pixels of an end label, two lines
MAP_SPAN = -6.0  # powers of ten that the colours of a map tell apart
ROW = 30  # pixels of a row of half-lives
LIFE_SPAN = (-0.6, 4.0)  # log10 of steps: from a quarter of a step to 10,000
LIFE_SIDE = 92  # pixels for the names of the rows, and for what is said at the other side


class TrainingCurve(NamedTuple):
    """One network's curve over the updates of a training.

    `updates` (n,) rise; `smooth` (n,) is drawn thick; `raw` (n,), where given, thin behind it; `low` and `high` (n,),
    where given, as a band. `end` is said below the name at the curve's end, such as "0.013".
    """

    network: str
    name: str
    updates: np.ndarray
    smooth: np.ndarray
    raw: np.ndarray | None = None
    low: np.ndarray | None = None
    high: np.ndarray | None = None
    end: str = ""


class Lives(NamedTuple):
    """A row of half-lives: a tick a unit, in steps (unit,), endless ones at the border; `mark` is a disc.

    `strong` marks the row of the present snapshot, the others are pale.
    """

    network: str
    name: str
    steps: np.ndarray
    mark: float
    text: str
    strong: bool = True


def training_curves(
    curves: Sequence[TrainingCurve],
    *,
    updates: int,
    span: tuple[float, float],
    log: bool,
    baseline: float | None,
    words: Mapping[str, str],
    height: int,
) -> dict:
    """Loss (`log`, `span` in powers of ten) or accuracy (linear) of the networks against updates 0..`updates`.

    `baseline` is the value of the trivial answer. Traces, in this order: baseline, a band a curve, the raw curves, the
    smooth ones, leaders to the end labels, end labels.

    `words` has "x" and "y", the titles of the axes, "baseline" (the line's label), and "hover"
    ({network}, {update}, {value}); the figure fills the fields.
    """
    words = {key: plain(text) for key, text in words.items()}
    data = [
        _baseline(baseline, updates, span, log),
        *(_band(curve, span, log) for curve in curves),
        *(_raw(curve, span, log) for curve in curves),
        *(_smooth(curve, span, log, words) for curve in curves),
        *_ends(curves, updates, span, log, height),
    ]
    annotations = [_title(words["y"], x=0, xanchor="left", xshift=-MARGIN["l"] + 2, yshift=6)]
    if baseline is not None:
        annotations.append(_title(f"‒ ‒ {words['baseline']}", x=1, xanchor="right", yshift=6))
    return {
        "data": data,
        "layout": _layout(height)
        | {
            "hovermode": "closest",
            "hoverdistance": 60,
            "hoverlabel": {"font": {"size": 12}},
            "xaxis": _updates_axis(updates, words["x"]),
            "yaxis": _level_axis(span, log),
            "annotations": annotations,
        },
    }


def log_span(values: Sequence[np.ndarray], baseline: float) -> tuple[float, float]:
    """Powers of ten that hold all finite positive `values` and the baseline, to half a power: few steps while it grows.

    At least one power lies below the baseline, at most eight in all.
    """
    found = np.concatenate([np.asarray(v, dtype=float).ravel() for v in values] or [np.array([])])
    found = np.log10(found[np.isfinite(found) & (found > 0)])
    middle = float(np.log10(baseline))
    top = max(middle + 0.2, float(found.max()) if found.size else middle)
    bottom = min(middle - 1, float(found.min()) if found.size else middle)
    high = float(np.ceil(4 * top) / 4)
    return max(float(np.floor(2 * bottom) / 2), high - 8), high


def _level(values: np.ndarray, log: bool) -> np.ndarray:
    """Where values stand on the axis; 0 and less have no logarithm."""
    values = np.asarray(values, dtype=float)
    if not log:
        return values
    usable = values > 0
    return np.where(usable, np.log10(np.where(usable, values, 1.0)), np.where(values == 0, -np.inf, np.nan))


def _inside(values: np.ndarray, span: tuple[float, float], log: bool) -> np.ndarray:
    return np.clip(_level(values, log), *span)


def _trace(**values: object) -> dict:
    return {"type": "scatter", "showlegend": False, "hoverinfo": "skip"} | values


def _baseline(baseline: float | None, updates: int, span: tuple[float, float], log: bool) -> dict:
    level = np.nan if baseline is None else float(_level(np.array(baseline), log))
    return _trace(
        mode="lines",
        x=np.array([0.0, updates]),
        y=np.array([level, level]),
        line={"color": "@muted", "width": 1.5, "dash": "longdash"},
    )


def _band(curve: TrainingCurve, span: tuple[float, float], log: bool) -> dict:
    if curve.low is None or curve.high is None:
        x = y = np.array([])
    else:
        x = np.concatenate([curve.updates, curve.updates[::-1]])
        y = _inside(np.concatenate([curve.high, curve.low[::-1]]), span, log)
    return _trace(
        mode="lines",
        visible=bool(x.size),
        x=x.astype(float),
        y=y,
        fill="toself",
        fillcolor=f"@{curve.network}",
        line={"width": 0},
        opacity=0.16,
    )


def _raw(curve: TrainingCurve, span: tuple[float, float], log: bool) -> dict:
    shown = np.array([]) if curve.raw is None else curve.raw
    return _trace(
        mode="lines",
        visible=curve.raw is not None,
        x=curve.updates[: len(shown)].astype(float),
        y=_inside(shown, span, log),
        line={"color": f"@{curve.network}", "width": 1},
        opacity=0.3,
    )


def _smooth(curve: TrainingCurve, span: tuple[float, float], log: bool, words: Mapping[str, str]) -> dict:
    return _trace(
        mode="lines",
        name=plain(curve.name),
        x=curve.updates.astype(float),
        y=_inside(curve.smooth, span, log),
        customdata=np.asarray(curve.smooth, dtype=float),
        hoverinfo="text",
        hovertemplate=words["hover"].format(
            network=plain(curve.name), update="%{x:,}", value="%{customdata:.3g}"
        )
        + "<extra></extra>",
        line={"color": f"@{curve.network}", "width": 3, "dash": DASHES[curve.network]},
    )


def _ends(
    curves: Sequence[TrainingCurve], updates: int, span: tuple[float, float], log: bool, height: int
) -> tuple[dict, dict]:
    """Name and value beside the end of each curve, moved apart where the ends are close, and leaders to them."""
    low, high = span
    known = [curve for curve in curves if len(curve.updates) and np.isfinite(curve.smooth[-1])]
    half = LABEL / 2 * (high - low) / (height - MARGIN["t"] - MARGIN["b"])
    ends = [float(_inside(curve.smooth[-1:], span, log)[0]) for curve in known]
    places = spread_labels(ends, 2 * half, low + half, high - half) if known else np.array([])
    x = np.array([[float(c.updates[-1]), updates, np.nan] for c in known]).ravel()
    y = np.column_stack([ends, places, np.full(len(known), np.nan)]).ravel() if known else np.array([])
    leaders = _trace(mode="lines", x=x, y=y, line={"color": "@muted", "width": 1}, cliponaxis=False)
    labels = _trace(
        mode="text",
        x=np.full(len(known), float(updates)),
        y=places,
        text=[f"\N{NO-BREAK SPACE}<b>{plain(c.name)}</b> {plain(c.end)}" for c in known],
        textposition="middle right",
        textfont={"color": [f"@{c.network}" for c in known], "size": 13},
        cliponaxis=False,
    )
    return leaders, labels


def _layout(height: int, margin: Mapping[str, int] = MARGIN) -> dict:
    return {
        "height": height,
        "autosize": False,
        "margin": dict(margin),
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
        "zeroline": False,
        "gridcolor": "@grid",
        "tickfont": {"size": 11, "color": "@muted"},
        "tickangle": 0,
        "automargin": False,
    }


def _updates_axis(updates: int, title: str) -> dict:
    ticks = update_ticks(updates)
    return _axis([0, updates]) | {
        "tickvals": ticks,
        "ticktext": [f"{tick:,}" for tick in ticks],
        "ticks": "outside",
        "ticklen": 3,
        "tickcolor": "@muted",
        "showgrid": False,
        "showline": True,
        "linecolor": "@grid",
        "title": {"text": title, "standoff": 2, "font": {"size": 12, "color": "@muted"}},
    }


def update_ticks(updates: int) -> list[int]:
    """About five round numbers from 0 to `updates`."""
    space = next((s * 10**k for k in range(7) for s in (1, 2, 5) if updates / (s * 10**k) <= 5.5), updates)
    return list(range(0, updates + 1, space))


def _level_axis(span: tuple[float, float], log: bool) -> dict:
    low, high = span
    if not log:
        ticks = np.linspace(low, high, 5).tolist()
        return _axis([low, high]) | {"tickvals": ticks, "ticktext": [f"{100 * tick:.0f} %" for tick in ticks]}
    decades = [float(d) for d in range(int(np.ceil(low)), int(np.floor(high)) + 1)]
    decades = decades if len(decades) <= 5 else decades[:: -(-len(decades) // 5)]
    texts = [f"{10**d:g}" if -4 < d < 4 else f"10<sup>{d:.0f}</sup>".replace("-", "−") for d in decades]
    return _axis([low, high]) | {"tickvals": decades, "ticktext": texts}


def _title(text: str, **place: object) -> dict:
    font = {"size": 12, "color": "@muted"}
    fixed = {"xref": "paper", "yref": "paper", "y": 1, "yanchor": "bottom", "showarrow": False, "font": font}
    return fixed | {"text": text} | place


# Gradient norms


def gradient_maps(
    blocks: Sequence[Block],
    updates: Sequence[int],
    words: Mapping[str, str],
    pixels: int,
    labels: Sequence[str] | None = None,
) -> dict:
    """Strength of the learning signal by update (across) and steps back from the loss (down), a block a network.

    The `values` of a block have axes (column, step); column k is that of update `updates[k]`, NaN where training has
    not come so far. `words` are those of `recording_heatmaps`, with "x", the title of the axis; `labels` name the
    columns where the pointer rests.
    """
    # A copy, for heatmaps share what stands still.
    figure = deepcopy(recording_heatmaps(blocks, dict(words), pixels=pixels))
    for trace in figure["data"][: len(blocks)]:
        trace["zmin"] = MAP_SPAN
        trace["meta"]["columns"] = labels and [plain(label) for label in labels]
        if trace["showscale"]:
            ends = {
                "tickvals": [0.96 * MAP_SPAN, MAP_SPAN / 2, 0.02 * MAP_SPAN],
                "ticktext": ["10⁻⁶", "10⁻³", "1"],
            }
            trace["colorbar"] |= ends
    ticks, last = update_ticks(int(updates[-1])), max(1, updates[-1])
    places = [1 + tick / last * (len(updates) - 1) for tick in ticks]
    figure["layout"]["xaxis"] |= {"tickvals": places, "ticktext": [f"{tick:,}" for tick in ticks]}
    figure["layout"]["xaxis"]["title"] = {
        "text": plain(words["x"]),
        "standoff": 2,
        "font": {"size": 12, "color": "@muted"},
    }
    return figure


# Half-lives


def half_lives(rows: Sequence[Lives], *, lag: int, words: Mapping[str, str]) -> dict:
    """A tick a unit on a logarithmic axis of steps, a row a snapshot, with the lag of the task as a line.

    `words` has "x", the title of the axis, "lag" (the line's label; {lag}) and "endless" (the axis' end). Traces, in
    this order: the lag's line, the ticks of each row, the discs, and these in words.
    """
    bottom = ROW * len(rows)
    middles = [ROW * (k + 0.5) for k in range(len(rows))]
    texts = _trace(
        mode="text",
        x=np.full(len(rows), LIFE_SPAN[1]),
        y=np.array(middles),
        text=[f"\N{NO-BREAK SPACE}{plain(row.text)}" for row in rows],
        textposition="middle right",
        textfont={"color": [f"@{row.network}" for row in rows], "size": 13},
        cliponaxis=False,
    )
    ticks = [_ticks(row, at) for row, at in zip(rows, middles, strict=True)]
    label = plain(words["lag"]).format(lag=lag)
    line = _trace(
        mode="lines",
        x=np.full(2, float(np.log10(lag))),
        y=np.array([0.0, bottom]),
        line={"color": "@text", "width": 1.5, "dash": "dot"},
    )
    annotations = [
        _title(label, x=float(np.log10(lag)), xref="x", xanchor="center", yshift=1) | {"font": {"size": 12}},
        *(_row_name(row, at) for row, at in zip(rows, middles, strict=True)),
    ]
    decades = [0.0, 1.0, 2.0, 3.0]
    margin = {"l": LIFE_SIDE, "r": LIFE_SIDE, "t": 24, "b": 40, "pad": 0}
    return {
        "data": [line, *ticks, _discs(rows, middles), texts],
        "layout": _layout(bottom + 64, margin)
        | {
            "hovermode": False,
            "xaxis": _axis(list(LIFE_SPAN))
            | {
                "tickvals": [*decades, LIFE_SPAN[1]],
                "ticktext": [*(f"{10**d:,.0f}" for d in decades), plain(words["endless"])],
                "title": {"text": plain(words["x"]), "standoff": 2, "font": {"size": 12, "color": "@muted"}},
            },
            "yaxis": _axis([bottom, 0]) | {"visible": False},
            "annotations": annotations,
        },
    }


def _ticks(row: Lives, at: float) -> dict:
    """The units' ticks of a row as one path."""
    x = _life(row.steps)
    half, gap = ROW * 0.32, np.full(len(x), np.nan)
    return _trace(
        mode="lines",
        x=np.column_stack([x, x, gap]).ravel(),
        y=np.column_stack([np.full(len(x), at - half), np.full(len(x), at + half), gap]).ravel(),
        line={"color": f"@{row.network}", "width": 2},
        opacity=0.75 if row.strong else 0.35,
        cliponaxis=False,
    )


def _discs(rows: Sequence[Lives], middles: Sequence[float]) -> dict:
    """The marks of all rows: filled where the row is strong."""
    return _trace(
        mode="markers",
        x=_life(np.array([row.mark for row in rows])),
        y=np.array(middles),
        marker={
            "color": [f"@{row.network}" if row.strong else "@paper" for row in rows],
            "size": 12,
            "opacity": 1,
            "line": {"color": [f"@{row.network}" for row in rows], "width": 2},
        },
        cliponaxis=False,
    )


def _life(steps: np.ndarray) -> np.ndarray:
    """Where half-lives stand on the axis; those beyond it at its border."""
    with np.errstate(divide="ignore"):
        return np.clip(np.log10(np.asarray(steps, dtype=float)), *LIFE_SPAN)


def _row_name(row: Lives, at: float) -> dict:
    name = plain(row.name)
    return {
        "text": f"<b>{name}</b>" if row.strong else name,
        "x": 0, "xref": "paper", "xanchor": "right", "xshift": -8, "y": at, "yref": "y", "yanchor": "middle",
        "showarrow": False, "font": {"size": 13, "color": f"@{row.network}"}, "align": "right",
    }  # fmt: skip
