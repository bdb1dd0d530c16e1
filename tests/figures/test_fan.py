"""The fan of singular values: drawn as given, on the axes of the gradient curves, ending where nothing is known."""

import numpy as np
import pytest

from figures.curves import LOG_SPAN, NARROW_SPAN, Curve, gradient_curves, singular_fan

WORDS = {
    "x_axis": "steps back",
    "y_relative": "factor of a change",
    "y_absolute": "",
    "loss": "loss",
    "float32": "float32 ends here",
    "distance": "{distance} steps back",
    "hover": "{network}, {back} steps back (t = {t}): {value}",
    "one_in": "1 in {count}",
    "times": "× {count}",
    "percent": "{value} %",
    "zero": "underflow",
    "overflow": "overflow",
}
STEPS = 40
SETTINGS = {"log": True, "distance": 30, "words": WORDS, "height": 420}


def values(count: int = 3) -> np.ndarray:
    """Straight lines by distance, each steeper than the one before; the last ends half way."""
    fan = -np.arange(STEPS)[:, None] * 0.1 * np.arange(1.0, count + 1)
    fan[STEPS // 2 :, -1] = np.nan
    return fan


def largest(log10: np.ndarray | None = None) -> Curve:
    over_time = np.linspace(-2.0, 0.0, STEPS) if log10 is None else log10
    return Curve("lstm", "largest", over_time, "× 0.90 per step", joined=True)


def draw(fan=None, distances=range(STEPS), curve=None, **settings) -> dict:
    fan = values() if fan is None else fan
    return singular_fan(fan, distances, curve or largest(), **SETTINGS | settings)


def thin(figure: dict) -> dict:
    return next(trace for trace in figure["data"] if trace.get("opacity") == 0.5)


def thick(figure: dict) -> dict:
    return next(trace for trace in figure["data"] if "customdata" in trace)


def test_every_line_is_drawn_as_given_with_a_gap_after_it():
    drawn = thin(draw())
    x, y = drawn["x"].reshape(3, STEPS + 1), drawn["y"].reshape(3, STEPS + 1)
    assert np.array_equal(y[:, :-1].T, values(), equal_nan=True)
    assert np.isnan(y[:, -1]).all() and np.isnan(x[:, -1]).all()
    assert all(np.array_equal(row[:-1], np.arange(STEPS)) for row in x)


def test_lines_end_where_they_are_not_resolved():
    drawn = thin(draw())
    assert np.isnan(drawn["y"].reshape(3, -1)[2, STEPS // 2 :]).all()
    assert not drawn.get("connectgaps")


def test_the_largest_is_thicker_named_and_read():
    figure = draw()
    assert thick(figure)["name"] == "largest"
    assert thick(figure)["line"]["width"] >= 3 * thin(figure)["line"]["width"]
    assert thick(figure)["line"]["color"] == thin(figure)["line"]["color"] == "@lstm"
    dots, _, labels = figure["data"][-3:]
    assert dots["x"].tolist() == [30] and dots["y"].tolist() == [largest().log10[-31]]
    assert "largest" in labels["text"][0] and "× 0.90 per step" in labels["text"][0]


def test_axes_are_those_of_the_gradient_curves():
    curves = gradient_curves([largest()], relative=True, **SETTINGS)
    assert draw()["layout"] == curves["layout"]


def test_float32_has_no_part_in_it():
    limit, _, labels = draw()["data"][:3]
    assert limit["visible"] is False
    assert not any("float32" in text for text in labels["text"])


def test_some_distances_are_enough():
    some = np.array([0, 1, 5, 39])
    over_time = np.full(STEPS, np.nan)
    over_time[STEPS - 1 - some] = -0.1 * some
    figure = draw(values()[some], some, largest(over_time))
    assert np.array_equal(thin(figure)["x"][:4], some)
    assert thick(figure)["connectgaps"] is True
    assert np.array_equal(np.flatnonzero(~np.isnan(thick(figure)["y"])), np.sort(STEPS - 1 - some))


def test_a_single_direction_has_no_fan():
    figure = draw(np.empty((STEPS, 0)))
    assert thin(figure)["x"].size == thin(figure)["y"].size == 0
    assert len(thick(figure)["y"]) == STEPS


def test_linear_axis_shows_the_values():
    drawn = thin(draw(log=False))["y"].reshape(3, -1)[0, :-1]
    np.testing.assert_allclose(drawn, 10.0 ** values()[:, 0])


def test_lines_run_across_unknown_values_only_where_asked():
    for joined in (False, True):
        curve = largest()._replace(joined=joined)
        figure = gradient_curves([curve], relative=True, **SETTINGS)
        assert thick(figure)["connectgaps"] is joined


@pytest.mark.parametrize("span", [LOG_SPAN, NARROW_SPAN])
def test_a_span_sets_axis_ticks_and_what_is_off_scale(span):
    figure = gradient_curves([largest()], relative=True, span=span, **SETTINGS)
    axis = figure["layout"]["yaxis"]
    assert axis["range"] == list(span)
    assert 0.0 in axis["tickvals"] and 5 <= len(axis["tickvals"]) <= 8
    assert all(span[0] < tick < span[1] for tick in axis["tickvals"])
    assert figure["data"][0]["visible"] is bool(span[0] < np.log10(1.2e-7))
    assert np.array_equal(np.float32(span), span)
