"""A recording's figure stands by itself: Plotly takes it, and no name of a colour is left."""

import json

import numpy as np
import plotly.graph_objects as go
import pytest

import recurrent_core as rc
from figures import recording_figure


@pytest.fixture
def recording():
    cell = rc.CELLS["lstm"]
    inputs = np.random.default_rng(0).standard_normal((20, 2, 3))
    return rc.run(cell, cell.init(np.random.default_rng(1), 3, 5), inputs)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_plotly_takes_it_and_no_colour_is_only_named(recording, theme):
    figure = go.Figure(recording_figure(recording, theme=theme))
    assert [trace.meta["key"] for trace in figure.data if trace.type == "heatmap"] == list("ifgoch")
    assert "@" not in json.dumps(figure.to_plotly_json(), default=str)


def test_it_shows_the_sequence_that_is_asked_for(recording):
    figure = recording_figure(recording, batch=1)
    cell_state = next(trace for trace in figure["data"] if trace.get("meta", {}).get("key") == "c")
    np.testing.assert_allclose(cell_state["z"], recording.vectors.c[:, 1].T, rtol=1e-6)
    with pytest.raises(IndexError):
        recording_figure(recording, batch=2)
