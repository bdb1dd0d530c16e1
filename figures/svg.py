"""A figure as a still picture: SVG from the same arrays, drawn without Plotly and without a browser.

It knows what our builders use of Plotly's figures and leaves out what only moves, such as labels beside the pointer.
It has a height but no width of its own: lengths across are shares of the room that it gets, sizes of letters are not,
so that at any width it looks as Plotly would draw it there.
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from typing import Any, NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import numpy as np

from figures.colours import THEMES
from figures.escape import legible
from figures.png import png
from figures.standalone import resolved

ACROSS = 1000  # of a path, whose room is stretched to the width
LINE = 1.3  # heights of letters from a line of text to the next
FALL = 0.27  # heights of letters below the foot of a line, in which g and y hang
RISE = 0.8  # from there to the top of capital letters
MIDDLE = 0.35  # from the foot of a line to the middle of its letters
DASHES = {"solid": (), "dot": (1, 1), "dash": (3, 3), "longdash": (5, 5), "dashdot": (3, 1, 1, 1)}
DASHES |= {"longdashdot": (5, 2, 1, 2)}
COLUMN = 0.52  # heights of letters across one; the wide ones of East Asia, from WIDE on, are two
WIDE = 0x1100
CLOSE = 1.0  # pixels between an axis and its texts
HATCH = "hatch"  # the id of the pattern
STYLES = {  # of a span of text, what may be set and how it may read
    "color": re.compile(r"#[0-9A-Fa-f]{3,8}"),
    "font-size": re.compile(r"\d{1,2}px"),
    "fill-opacity": re.compile(r"[\d.]{1,5}"),
}


class _Frame(NamedTuple):
    """Where the axes lie: margins and the height between them in pixels, ranges in their own units."""

    left: float
    right: float
    top: float
    height: float
    x: tuple[float, float]
    y: tuple[float, float]

    def across(self, value: Any) -> Any:
        """Shares of the width, 0 to 1."""
        low, high = self.x
        return (np.asarray(value, dtype=float) - low) / (high - low)

    def down(self, value: Any) -> Any:
        """Pixels from the top of the plot."""
        low, high = self.y
        return (high - np.asarray(value, dtype=float)) / (high - low) * self.height


def svg(figure: Mapping[str, Any], theme: str = "light", title: str = "") -> str:
    """A figure of our builders as the text of an SVG, `title` being its text for those who do not see it.

    Raises KeyError for another theme than "light" and "dark".
    """
    shown = resolved(dict(figure), THEMES[theme])
    data, layout = shown["data"], shown["layout"]
    font, margin, height = layout["font"], layout["margin"], layout["height"]
    frame = _Frame(
        margin["l"], margin["r"], margin["t"], height - margin["t"] - margin["b"],
        tuple(layout["xaxis"]["range"]), tuple(layout["yaxis"]["range"]),
    )  # fmt: skip
    root = _element(
        None, "svg", xmlns="http://www.w3.org/2000/svg", width="100%", height=height, role="img",
        font_family=font["family"], font_size=font["size"], fill=font["color"],
    )  # fmt: skip
    _element(root, "title").text = legible(title)
    # What holds the plot is wider or narrower with the picture, but its margins are not: no attribute of an SVG in
    # all browsers can say that, only a style, and that on few elements.
    style = f"width:calc(100% - {_number(frame.left + frame.right)}px)"
    room = _element(
        root, "foreignObject", x=frame.left, y=frame.top, height=frame.height, style=style, overflow="visible"
    )
    plot = _element(room, "svg", width="100%", height=frame.height, overflow="visible", style="display:block")
    _grid(plot, layout, frame)
    for trace in data:
        if trace["type"] == "heatmap":
            draw = _bars if "bars" in trace.get("meta", {}) else _squares
            draw(plot, trace, frame)
    for trace in data:
        if trace["type"] == "scatter" and trace.get("visible", True) and len(trace["x"]):
            _scatter(plot, trace, frame, font)
    _axes(plot, layout, frame)
    for trace in data:
        if trace.get("showscale"):
            _scale(plot, trace, frame, height)
    for note in layout.get("annotations", ()):
        _annotation(plot, note, frame, font)
    return ElementTree.tostring(root, encoding="unicode")


def _element(parent: Element | None, tag: str, **attributes: object) -> Element:
    """An element with attributes, `_` standing for the `-` of their names; None for one that it does not have."""
    written = {
        name.replace("_", "-"): _number(value) if isinstance(value, int | float) else legible(str(value))
        for name, value in attributes.items()
        if value is not None
    }
    return Element(tag, written) if parent is None else SubElement(parent, tag, written)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _percent(share: float) -> str:
    return f"{100 * share:.3f}".rstrip("0").rstrip(".") + "%"


# Squares


def _squares(plot: Element, trace: Mapping[str, Any], frame: _Frame) -> None:
    """A heatmap as an image with a pixel a square."""
    z = np.asarray(trace["z"], dtype=float)
    rows, columns = z.shape
    left, right = frame.across([trace["x0"] - trace["dx"] / 2, trace["x0"] + (columns - 0.5) * trace["dx"]])
    top, bottom = frame.down([trace["y0"] - trace["dy"] / 2, trace["y0"] + (rows - 0.5) * trace["dy"]])
    file = png(_levels(z, trace["zmin"], trace["zmax"]), _palette(trace["colorscale"]))
    _element(
        plot, "image", href=f"data:image/png;base64,{b64encode(file).decode()}", x=_percent(left), y=top,
        width=_percent(right - left), height=bottom - top, preserveAspectRatio="none",
        style="image-rendering:pixelated",
    )  # fmt: skip


def _bars(plot: Element, trace: Mapping[str, Any], frame: _Frame) -> None:
    """Shares and running totals as bars that climb, with a tint of their colour below them and a line along their
    heads."""
    meta, (shares, totals) = trace["meta"], np.asarray(trace["z"], dtype=float)
    foot, top = (float(frame.down(meta["top"] + share * meta["height"])) for share in (1, 0))
    steps = np.flatnonzero(np.isfinite(totals))
    edges = (ACROSS * frame.across(np.arange(len(totals) + 1) + trace["x0"] - 0.5)).tolist()
    room = _element(
        plot, "svg", width="100%", height=frame.height, viewBox=f"0 0 {ACROSS} {_number(frame.height)}",
        preserveAspectRatio="none",
    )  # fmt: skip
    _element(
        room, "rect", x=edges[0], y=top, width=edges[-1] - edges[0], height=foot - top, fill=meta["ground"]
    )
    tint: list[str] = []
    solid: list[str] = []
    line: list[str] = []
    for k in steps.tolist():
        left, right = _number(edges[k]), _number(edges[k + 1])
        head, begins = (foot - share * (foot - top) for share in (totals[k], totals[k] - shares[k]))
        tint.append(f"M{left},{_number(foot)}V{_number(begins)}H{right}V{_number(foot)}Z")
        solid.append(f"M{left},{_number(begins)}V{_number(head)}H{right}V{_number(begins)}Z")
        line.append(f"{'L' if line else 'M'}{left},{_number(head)}H{right}")
    _element(room, "path", d="".join(tint), fill=meta["bars"], fill_opacity=meta["tint"])
    _element(room, "path", d="".join(solid), fill=meta["bars"])
    _element(
        room, "path", d="".join(line), fill="none", stroke=meta["edge"], vector_effect="non-scaling-stroke"
    )


def _levels(z: np.ndarray, low: float, high: float) -> np.ndarray:
    """For each square one of 255 colours, and 255 for what is unknown (NaN)."""
    share = np.clip((z - low) / (high - low), 0, 1)
    return np.where(np.isnan(share), 255, np.nan_to_num(share) * 254.999).astype(np.uint8)


def _palette(scale: Sequence[Sequence[Any]]) -> np.ndarray:
    """255 colours (255, 4) of a scale and a clear one: red, green, blue, alpha."""
    places = [place for place, _ in scale]
    anchors = np.array([[int(colour[k : k + 2], 16) for k in (1, 3, 5)] for _, colour in scale])
    at = np.linspace(0, 1, 255)
    channels = [np.interp(at, places, anchors[:, k]) for k in range(3)]
    solid = np.column_stack([*channels, np.full(255, 255)]).round().astype(np.uint8)
    return np.vstack([solid, np.zeros((1, 4), np.uint8)])


def _scale(plot: Element, trace: Mapping[str, Any], frame: _Frame, height: float) -> None:
    """The colour bar of a heatmap, at the foot of the picture, with the words at its ends below it."""
    bar = trace["colorbar"]
    foot = height - frame.top - bar["ypad"]
    size = bar["tickfont"]["size"]
    top = foot - LINE * size - bar["thickness"] + 1
    left = bar["x"] - bar["len"] / 2
    name = f"scale-{_number(1000 * bar['x'])}"
    gradient = _element(_element(plot, "defs"), "linearGradient", id=name)
    for place, colour in trace["colorscale"]:
        _element(gradient, "stop", offset=place, stop_color=colour)
    _element(
        plot, "rect", x=_percent(left), y=top, width=_percent(bar["len"]), height=bar["thickness"],
        fill=f"url(#{name})",
    )  # fmt: skip
    span = trace["zmax"] - trace["zmin"]
    for value, text in zip(bar["tickvals"], bar["ticktext"], strict=True):
        share = left + bar["len"] * (value - trace["zmin"]) / span
        _write(plot, text, share, foot + 1, size, bar["tickfont"]["color"], "middle")


# Lines, marks and letters


def _scatter(plot: Element, trace: Mapping[str, Any], frame: _Frame, font: Mapping[str, Any]) -> None:
    overflow = "hidden" if trace.get("cliponaxis", True) else "visible"
    opacity = trace.get("opacity")
    mode = trace["mode"]
    if "lines" in mode:
        room = _element(
            plot, "svg", width="100%", height=frame.height, opacity=opacity, overflow=overflow,
            viewBox=f"0 0 {ACROSS} {_number(frame.height)}", preserveAspectRatio="none",
        )  # fmt: skip
        _lines(room, trace, frame)
    if mode != "lines":
        room = _element(plot, "svg", width="100%", height=frame.height, opacity=opacity, overflow=overflow)
        if "markers" in mode:
            _marks(room, trace, frame)
        if "text" in mode:
            _labels(room, trace, frame, font)
    if "fillpattern" in trace:
        _hatched(plot, trace, frame)


def _runs(trace: Mapping[str, Any], frame: _Frame) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The places of a trace between its gaps: shares across, pixels down."""
    x, y = (np.array([np.nan if v is None else v for v in trace[axis]], dtype=float) for axis in "xy")
    known = np.isfinite(x) & np.isfinite(y)
    if trace.get("connectgaps"):
        x, y, known = x[known], y[known], known[known]
    edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(np.int8)))
    for start, stop in edges.reshape(-1, 2).tolist():
        yield frame.across(x[start:stop]), frame.down(y[start:stop])


def _lines(room: Element, trace: Mapping[str, Any], frame: _Frame) -> None:
    filled = trace.get("fill") == "toself" and "fillpattern" not in trace
    paths = []
    for across, down in _runs(trace, frame):
        points = " ".join(
            f"{_number(a)},{_number(d)}"
            for a, d in zip((ACROSS * across).tolist(), down.tolist(), strict=True)
        )
        paths.append(f"M{points}" + ("Z" if filled else ""))
    line = trace["line"]
    width = line.get("width", 2)
    reach = max(width, 3)
    dash = [part * reach for part in DASHES[line.get("dash", "solid")]]
    _element(
        room, "path", d="".join(paths), fill=trace["fillcolor"] if filled else "none",
        stroke=line["color"] if width else None, stroke_width=width or None, stroke_linejoin="round",
        stroke_dasharray=" ".join(map(_number, dash)) or None, vector_effect="non-scaling-stroke",
    )  # fmt: skip


def _hatched(plot: Element, trace: Mapping[str, Any], frame: _Frame) -> None:
    """Rectangles under a pattern of slanted lines, which a stretched path would stretch too."""
    pattern = trace["fillpattern"]
    size = pattern["size"]
    tile = _element(
        _element(plot, "defs"), "pattern", id=HATCH, width=size, height=size, patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )  # fmt: skip
    width = pattern["solidity"] * size
    _element(tile, "rect", width=width, height=size, fill=pattern["fgcolor"])
    for across, down in _runs(trace, frame):
        left, right, top, bottom = across.min(), across.max(), down.min(), down.max()
        _element(
            plot, "rect", x=_percent(left), y=top, width=_percent(right - left), height=bottom - top,
            fill=f"url(#{HATCH})",
        )  # fmt: skip


def _each(value: Any, count: int) -> list[Any]:
    """A value for each point: the same one, or those of a sequence."""
    return list(value) if isinstance(value, list | tuple | np.ndarray) else [value] * count


def _places(trace: Mapping[str, Any], frame: _Frame) -> list[tuple[int, float, float]]:
    """Number, share across and pixels down of each point that has a place."""
    across, down = frame.across(trace["x"]).tolist(), frame.down(trace["y"]).tolist()
    return [
        (k, a, d)
        for k, (a, d) in enumerate(zip(across, down, strict=True))
        if np.isfinite(a) and np.isfinite(d)
    ]


def _marks(room: Element, trace: Mapping[str, Any], frame: _Frame) -> None:
    marker, count = trace["marker"], len(trace["x"])
    edge = marker.get("line", {})
    sizes, colours = _each(marker["size"], count), _each(marker["color"], count)
    symbols = _each(marker.get("symbol", "circle"), count)
    edges = _each(edge.get("color"), count)
    for k, across, down in _places(trace, frame):
        radius, colour, symbol = sizes[k] / 2, colours[k], symbols[k]
        drawn: dict[str, Any] = {"fill": colour, "stroke": edges[k], "stroke_width": edge.get("width")}
        if symbol.endswith("-open"):
            drawn |= {"fill": "none", "stroke": colour, "stroke_width": edge.get("width", 1)}
        if symbol.startswith("circle"):
            _element(room, "circle", cx=_percent(across), cy=down, r=radius, **drawn)
        else:
            sign = 1 if symbol == "triangle-up" else -1
            half, foot, tip = radius * 2 / 3**0.5, sign * radius / 2, -sign * radius
            corners = f"M{_number(-half)},{_number(foot)}H{_number(half)}L0,{_number(tip)}Z"
            at = _element(room, "svg", x=_percent(across), y=down, overflow="visible")
            _element(at, "path", d=corners, **drawn)


def _labels(room: Element, trace: Mapping[str, Any], frame: _Frame, font: Mapping[str, Any]) -> None:
    count = len(trace["x"])
    letters = {**font, **trace.get("textfont", {})}
    colours, positions = _each(letters["color"], count), _each(trace["textposition"], count)
    size = letters["size"]
    anchors = {"left": "end", "center": "middle", "right": "start"}
    for k, across, down in _places(trace, frame):
        height, side = positions[k].split()
        lines = trace["text"][k].count("<br>") + 1
        foot = {"bottom": RISE, "middle": MIDDLE - (lines - 1) / 2 * LINE, "top": -FALL - (lines - 1) * LINE}[
            height
        ]
        _write(room, trace["text"][k], across, down + foot * size, size, colours[k], anchors[side])


# Axes and notes


def _grid(plot: Element, layout: Mapping[str, Any], frame: _Frame) -> None:
    for name in ("xaxis", "yaxis"):
        axis = layout[name]
        if not axis.get("visible", True) or not axis.get("showgrid", True):
            continue
        for value in axis.get("tickvals", ()):
            _rule(plot, name, value, frame, axis["gridcolor"])


def _rule(plot: Element, name: str, value: float, frame: _Frame, colour: str) -> None:
    """A line through the plot at a value of an axis."""
    if name == "xaxis":
        at = _percent(frame.across(value))
        _element(plot, "line", x1=at, x2=at, y1=0, y2=frame.height, stroke=colour)
    else:
        down = float(frame.down(value))
        _element(plot, "line", x1="0%", x2="100%", y1=down, y2=down, stroke=colour)


def _axes(plot: Element, layout: Mapping[str, Any], frame: _Frame) -> None:
    """Lines, ticks and their texts, and the title of the axis across."""
    font = layout["font"]
    across, up = layout["xaxis"], layout["yaxis"]
    letters = {**font, **across.get("tickfont", {})}
    size = letters["size"]
    tick = across["ticklen"] if across.get("ticks") == "outside" else 0
    foot = frame.height + (tick + 2.5 if tick else 0) + 3 + RISE * size
    if across.get("showline"):
        _element(
            plot, "line", x1="0%", x2="100%", y1=frame.height, y2=frame.height, stroke=across["linecolor"]
        )
    for value, text in zip(across["tickvals"], across["ticktext"], strict=True):
        at = float(frame.across(value))
        if tick:
            x = _percent(at)
            _element(
                plot, "line", x1=x, x2=x, y1=frame.height, y2=frame.height + tick, stroke=across["tickcolor"]
            )
        _write(plot, text, at, foot, size, letters["color"], "middle")
    if "title" in across:
        title = across["title"]
        lines = max((text.count("<br>") for text in across["ticktext"]), default=0) + 1
        named = {**font, **title.get("font", {})}
        foot += ((lines - 1) * LINE + FALL) * size + title["standoff"] + RISE * named["size"]
        _write(plot, title["text"], 0.5, foot, named["size"], named["color"], "middle")
    if not up.get("visible", True):
        return
    letters = {**font, **up.get("tickfont", {})}
    at, shift, anchor = (1.0, CLOSE + 3, "start") if up.get("side") == "right" else (0.0, -CLOSE, "end")
    if up.get("showline"):
        x, width = _percent(at), up.get("linewidth", 1)
        _element(plot, "line", x1=x, x2=x, y1=0, y2=frame.height, stroke=up["linecolor"], stroke_width=width)
    for value, text in zip(up.get("tickvals", ()), up.get("ticktext", ()), strict=True):
        foot = float(frame.down(value)) + MIDDLE * letters["size"]
        _write(plot, text, at, foot, letters["size"], letters["color"], anchor, shift)


def _annotation(plot: Element, note: Mapping[str, Any], frame: _Frame, font: Mapping[str, Any]) -> None:
    letters = {**font, **note.get("font", {})}
    size, pad = letters["size"], note.get("borderpad", 1)
    across = note["x"] if note["xref"] == "paper" else float(frame.across(note["x"]))
    down = frame.height * (1 - note["y"]) if note["yref"] == "paper" else float(frame.down(note["y"]))
    down -= note.get("yshift", 0)
    lines = note["text"].count("<br>") + 1
    high = lines * LINE * size
    above = {"top": -pad, "middle": high / 2, "bottom": high + pad}[note["yanchor"]]
    foot = down - above + (LINE - FALL) * size
    anchor = {"left": "start", "center": "middle", "right": "end"}[note["xanchor"]]
    shift = note.get("xshift", 0) + {"left": pad + 1, "center": 0, "right": -pad - 1}[note["xanchor"]]
    if "bgcolor" in note:  # letters have the width that the reader's font gives them: this one is near to it
        width = COLUMN * size * sum(1 + (ord(letter) >= WIDE) for letter in note["text"]) + 2 * pad
        left = {"left": -pad, "center": -width / 2, "right": pad - width}[note["xanchor"]] + shift
        _element(
            plot, "rect", x=_percent(across), y=down - above - pad, width=width, height=high + 2 * pad,
            fill=note["bgcolor"], transform=f"translate({_number(left)} 0)",
        )  # fmt: skip
    _write(plot, note["text"], across, foot, size, letters["color"], anchor, shift)


# Texts


def _write(
    parent: Element, text: str, across: float, foot: float, size: float, colour: str, anchor: str,
    shift: float = 0,
) -> None:  # fmt: skip
    """A text as Plotly's figures have it: its first line stands on `foot`, `shift` pixels to the right of its place."""
    node = _element(
        parent, "text", x=_percent(across), y=foot, dx=shift or None, font_size=size, fill=colour,
        text_anchor=None if anchor == "start" else anchor,
    )  # fmt: skip
    _Letters(node, _percent(across), shift, LINE * size).feed(text)


class _Letters(HTMLParser):
    """Puts the few tags that our builders write into spans of a text; what else it meets is left out."""

    def __init__(self, node: Element, across: str, shift: float, line: float) -> None:
        super().__init__()
        self.node, self.across, self.shift, self.line = node, across, shift, line
        self.open: list[tuple[str, dict[str, Any]]] = []  # tags that are not closed yet, with what they set
        self.new = False  # the next letters begin a line
        self.lift = 0.0  # how far the next letters have to rise, in their own heights

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.new = True
        elif tag == "sup":
            self.open.append((tag, {"font_size": "70%"}))
            self.lift = 0.6
        elif tag == "b":
            self.open.append((tag, {"font_weight": 600} | self._styled(attrs)))
        elif tag == "span":
            self.open.append((tag, self._styled(attrs)))

    def handle_endtag(self, tag: str) -> None:
        names = [name for name, _ in self.open]
        if tag in names:
            del self.open[len(names) - 1 - names[::-1].index(tag) :]
            if tag == "sup":
                self.lift = -0.42  # seven tenths of the way up: of letters of full height again

    def handle_data(self, data: str) -> None:
        style = {name: value for _, set_here in self.open for name, value in set_here.items()}
        if self.new:
            style |= {"x": self.across, "dx": self.shift or None, "dy": self.line}
        if self.lift:
            style["dy"] = f"{-self.lift:.2f}em"
        span = _element(self.node, "tspan", **style)
        span.text = legible(data.replace("  ", "\N{NO-BREAK SPACE} "))  # which SVG would take for one
        self.new, self.lift = False, 0.0

    @staticmethod
    def _styled(attrs: Sequence[tuple[str, str | None]]) -> dict[str, Any]:
        pairs = [part.split(":", 1) for part in (dict(attrs).get("style") or "").split(";") if ":" in part]
        taken = {name: value for name, value in pairs if name in STYLES and STYLES[name].fullmatch(value)}
        named = {"color": "fill", "font-size": "font_size", "fill-opacity": "fill_opacity"}
        return {named[name]: value for name, value in taken.items()}
