"""A recording as a figure that needs no page: for a notebook, a report, or a first look at trained weights."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from figures import colours
from figures.heatmaps import Block, recording_heatmaps
from recurrent_core import Recording

WORDS = {"closed": "0 closed", "open": "1 open", "signed_low": "−1", "signed_high": "+1", "time": "t"}


def recording_figure(recording: Recording, batch: int = 0, theme: str = "light", pixels: int = 72) -> dict:
    """Every vector of one sequence of a batch over time, as a dict for `plotly.graph_objects.Figure`.

    `theme` is "light" or "dark", `pixels` the height of a vector's block. Signed vectors are drawn from -1 to 1;
    squares beyond have colours of their own.

    Raises IndexError for a sequence that is not there and KeyError for another theme.
    """
    blocks = [
        Block(
            quantity.name,
            f"{quantity.label} {quantity.name}",
            "",
            colours.vector(recording.cell, quantity.name),
            vector[:, batch].astype(np.float32),
            "signed" if quantity.low < 0 else "gate",
        )
        for vector, quantity in zip(recording.vectors, recording.cell.quantities, strict=True)
    ]
    return resolved(recording_heatmaps(blocks, WORDS, pixels=pixels), colours.THEMES[theme])


def resolved(figure: dict[str, Any], colours: Mapping[str, object]) -> dict[str, Any]:
    """The figure with every "@name" replaced by its colour, also within texts ("color:@name"); arrays stay."""
    return {key: _resolved(value, colours) for key, value in figure.items()}


def _resolved(value: Any, colours: Mapping[str, object]) -> Any:
    if isinstance(value, dict):
        return {key: _resolved(item, colours) for key, item in value.items()}
    if isinstance(value, list):
        return [_resolved(item, colours) for item in value]
    if not isinstance(value, str) or "@" not in value:
        return value
    if value.startswith("@"):
        return colours.get(value[1:], value)
    for name, colour in colours.items():
        if isinstance(colour, str):
            value = value.replace(f"color:@{name}", f"color:{colour}")
    return value
