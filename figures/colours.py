"""One colour for each vector and each network, everywhere, in light and in dark."""

from collections.abc import Sequence

from recurrent_core.cell import Cell
from recurrent_core.cells import CELLS

# Fills and marks (Okabe & Ito 2008, distinguishable for colour-blind readers), by what a vector is for.
VECTORS = {
    "keep": "#D55E00",
    "write": "#009E73",
    "replace": "#009E73",
    "reset": "#F0E442",
    "candidate": "#CC79A7",
    "show": "#0072B2",
    "state": "#E69F00",
    "hidden": "#56B4E9",
    "input": "#8A94A0",
}


def vector(cell: Cell, name: str) -> str:
    """The colour of a cell's vector: that of its role, but the hidden state has one of its own."""
    return VECTORS["hidden" if name == "h" else cell.role(name)]


# Lines: a colour of at least 4.5:1 on its ground, and a dash of its own, so that colour never stands alone.
FONT = '"Source Sans", "Source Sans Pro", "Noto Sans KR", "Malgun Gothic", sans-serif'

DASHES = {
    "rnn": "dot", "lstm": "solid", "gru": "dash",
    "total": "solid", "cell": "dash", "rest": "dot", "bound": "longdash",  # routes of a gradient
    "now": "solid", "recipe": "dash", "forgotten": "dot", "chrono": "dashdot", "predicted": "longdash",
}  # fmt: skip

# 0..1, viridis: ten anchors, interpolated linearly.
GATE_SCALE = (
    "#440154", "#482878", "#3E4A89", "#31688E", "#26828E",
    "#1F9E89", "#35B779", "#6DCD59", "#B4DE2C", "#FDE725",
)  # fmt: skip


# Strength of a gradient in powers of ten: from the ground's own end (nothing left) to the other.
STRENGTH_SCALE = ("#10151c", "#3b1f4a", "#7a2a5e", "#b83b5e", "#e8665a", "#f9a66c", "#fbe3a8", "#fffbea")


Scale = list[list[float | str]]  # Plotly's: places from 0 to 1, and the colour at each


def _evenly(colours: Sequence[str]) -> Scale:
    """A colour scale with its anchors at equal distances: [[0, "#..."], ..., [1, "#..."]]."""
    return [[k / (len(colours) - 1), colour] for k, colour in enumerate(colours)]


def _clipped(under: str, colours: Sequence[str], over: str) -> Scale:
    """A scale for -1.04..1.04 whose ends are colours of their own, for what lies beyond -1..1."""
    edge, last = 0.012, len(colours) - 1
    inner: Scale = [[edge + (1 - 2 * edge) * (k / last), colour] for k, colour in enumerate(colours)]
    return [[0, under], [edge, under], *inner, [1 - edge, over], [1, over]]


THEMES = {
    "light": {
        "text": "#14202e",
        "muted": "#5a6775",
        "grid": "#e3e7ec",
        "line": "#14202e",
        "ghost": "#14202e",
        "halo": "#ffffff",
        "paper": "#ffffff",
        "ground": "#f5f5f3",
        "rnn": "#8a3d00",
        "lstm": "#0b5fa5",
        "gru": "#6a3d9a",
        "total": "#14202e",
        "cell": "#8f5f00",
        "rest": "#00695c",
        "bound": "#a3195b",
        "now": "#14202e",
        "recipe": "#0b5fa5",
        "forgotten": "#a3195b",
        "chrono": "#00695c",
        "predicted": "#5a6775",
        "gate": _evenly(GATE_SCALE),
        "strength": _evenly(STRENGTH_SCALE[::-1]),
        "signed": _clipped(
            "#001a33",
            ["#08457e", "#4f93c8", "#b5d3e8", "#f5f5f3", "#f6c79b", "#e0873a", "#a34600"],
            "#421c00",
        ),
    },
    "dark": {
        "text": "#e8edf3",
        "muted": "#a3afbc",
        "grid": "#2a333e",
        "line": "#e8edf3",
        "ghost": "#ffffff",
        "halo": "#10151c",
        "paper": "#10151c",
        "ground": "#1f242b",
        "rnn": "#f5a66a",
        "lstm": "#6cb6f5",
        "gru": "#c9a6ee",
        "total": "#e8edf3",
        "cell": "#f0b840",
        "rest": "#4fd1b5",
        "bound": "#f58ac0",
        "now": "#e8edf3",
        "recipe": "#6cb6f5",
        "forgotten": "#f58ac0",
        "chrono": "#4fd1b5",
        "predicted": "#a3afbc",
        "gate": _evenly(GATE_SCALE),
        "strength": _evenly(STRENGTH_SCALE),
        "signed": _clipped(
            "#e9f5ff",
            ["#8cc8f5", "#3f86bd", "#22506f", "#1f242b", "#6e4320", "#c2702a", "#ffb778"],
            "#fff1e2",
        ),
    },
}

# Networks without colours of their own, in the order of CELLS: light, dark, dash.
_OTHERS = (
    ("#4a6b00", "#b7d67a", "dashdot"),
    ("#00677d", "#62c9dd", "longdash"),
    ("#7a4a63", "#dcb0c8", "longdashdot"),
)
for _k, _name in enumerate(name for name in CELLS if name not in DASHES):
    _light, _dark, DASHES[_name] = _OTHERS[_k % len(_OTHERS)]
    THEMES["light"][_name], THEMES["dark"][_name] = _light, _dark
