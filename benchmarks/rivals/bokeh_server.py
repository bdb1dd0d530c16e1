"""The fastest peer: the same six heatmaps on a Bokeh server, written as fast as Bokeh allows.

All six are image glyphs of one figure, which redraws faster than six figures; they share one source,
so that an update is one message of float32 arrays; the slider's `value` is not throttled.
"""

import numpy as np
from bokeh.layouts import column
from bokeh.models import ColumnDataSource, LinearColorMapper, Slider
from bokeh.palettes import Viridis256, interp_palette
from bokeh.plotting import curdoc, figure

from recurrent_core import Experiment, simulate

UNITS, STEPS = 32, 100
ROWS = {"i": 0, "f": 1, "g": 2, "o": 3, "c": 4, "h": 5}
KINDS = {"gates": ("i", "f", "o"), "signed": ("g", "c", "h")}
COLORS = {
    "gates": LinearColorMapper(Viridis256, low=0, high=1),
    "signed": LinearColorMapper(interp_palette(["#2166ac", "#f7f7f7", "#b35806"], 256), low=-1, high=1),
}


def columns(memory: float) -> dict:
    """Return the columns of the source: three images (unit, time) for each kind, and their setting."""
    vectors = simulate(Experiment(network="lstm", memory=memory, units=UNITS, steps=STEPS)).recording.vectors
    data = {"memory": [memory] * 3}
    for kind, names in KINDS.items():
        data[kind] = [np.ascontiguousarray(getattr(vectors, name)[:, 0].T, np.float32) for name in names]
        data[f"{kind}_y"] = [-(ROWS[name] + 1) * (UNITS + 2) for name in names]
    return data


slider = Slider(name="memory", title="Memory", start=-5, end=7, value=3, step=0.1, width=1000)
source = ColumnDataSource(columns(slider.value))
plot = figure(
    name="vectors",
    width=1000,
    height=700,
    toolbar_location=None,
    x_range=(0, STEPS),
    y_range=(-6 * (UNITS + 2), 0),
)
for kind, mapper in COLORS.items():
    plot.image(kind, x=0, y=f"{kind}_y", dw=STEPS, dh=UNITS, color_mapper=mapper, source=source)
middles = {name: -(row + 0.5) * (UNITS + 2) for name, row in ROWS.items()}
plot.yaxis.ticker = list(middles.values())
plot.yaxis.major_label_overrides = {middle: name for name, middle in middles.items()}
slider.on_change("value", lambda name, old, new: setattr(source, "data", columns(new)))
curdoc().add_root(column(slider, plot))
