"""Pictures of recordings and gradients: arrays and labels in, a Plotly figure (a plain dict) out.

Colours that depend on the theme are written as names beginning with "@" (see `colours.THEMES`);
the browser puts in the light or the dark value.
"""

from figures.curves import gradient_curves, singular_fan
from figures.heatmaps import recording_heatmaps
from figures.saturation import saturation_dots, unit_lanes
from figures.standalone import recording_figure

__all__ = [
    "gradient_curves",
    "recording_figure",
    "recording_heatmaps",
    "saturation_dots",
    "singular_fan",
    "unit_lanes",
]
