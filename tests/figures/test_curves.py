"""Gradient curves: what is drawn is what was given, nothing moves but the data, nothing overlaps."""

import json
import re

import numpy as np
import pytest

from figures.colours import THEMES
from figures.curves import LOG_SPAN, Curve, gradient_curves, spread_labels
from figures.escape import plain

WORDS = {
    "x_axis": "steps back from the loss",
    "y_relative": "strength of the learning signal, relative to the last step",
    "y_absolute": "strength of the learning signal",
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
NETWORKS = (("rnn", "RNN"), ("lstm", "LSTM"), ("gru", "GRU"))
STEPS = 60


def falling(*decades: float, steps: int = STEPS) -> list[Curve]:
    """One curve a network, straight from 0 decades at the loss to `decades` at the far end."""
    return [
        Curve(*network, np.linspace(end, 0.0, steps), "× 0.80 per step")
        for network, end in zip(NETWORKS, decades, strict=False)
    ]


def draw(curves, **settings) -> dict:
    defaults = {"log": True, "relative": True, "distance": 50, "words": WORDS, "height": 420}
    return gradient_curves(curves, **defaults | settings)


def lines(figure: dict) -> list[dict]:
    return [trace for trace in figure["data"] if "customdata" in trace]


def arrows(figure: dict) -> dict:
    return next(trace for trace in figure["data"] if "hovertext" in trace)


def dots(figure: dict) -> dict:
    return figure["data"][-3]


def label_places(figure: dict) -> np.ndarray:
    return figure["data"][-1]["y"]


def structure(figure: dict) -> list[tuple]:
    return [
        (trace["mode"], trace.get("name"), trace.get("fillcolor") or trace["line"]["color"])
        for trace in figure["data"]
        if "line" in trace
    ]


def texts(value) -> list[str]:
    """Every text in a figure."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts(item)]
    return [text for item in value for text in texts(item)] if isinstance(value, list | tuple) else []


def test_curves_are_drawn_as_given():
    curves = falling(-5.7, -0.9, -0.8)
    figure = draw(curves)
    assert [trace["name"] for trace in lines(figure)] == ["RNN", "LSTM", "GRU"]
    for trace, curve in zip(lines(figure), curves, strict=True):
        assert np.array_equal(trace["y"], curve.log10)
        assert np.array_equal(trace["x"], np.arange(STEPS)[::-1])
        assert np.array_equal(trace["customdata"], np.arange(1, STEPS + 1))


def test_linear_axis_shows_the_values():
    curves = [*falling(-2.0, 400.0), Curve("gru", "GRU", np.full(STEPS, -np.inf))]
    rnn, lstm, gru = lines(draw(curves, log=False))
    assert np.allclose(rnn["y"], 10.0 ** curves[0].log10)
    assert np.isfinite(lstm["y"].astype(np.float32)).all()
    assert gru["y"][0] == 0


@pytest.mark.parametrize("log", [True, False])
def test_ends_of_the_axis_are_exact_in_float32(log):
    ends = draw(falling(-1), log=log)["layout"]["yaxis"]["range"]
    assert np.array_equal(np.float32(ends), ends)


def test_float32_limit_is_named_on_the_logarithmic_axis_alone():
    for log in (True, False):
        limit, _, labels = draw(falling(-1), log=log)["data"][:3]
        assert limit["visible"] is log
        assert any("float32 ends here" in text for text in labels["text"]) is log
    assert 10 ** limit["y"][0] == pytest.approx(1.2e-7)


def test_loss_stands_at_the_right():
    start, stop = draw(falling(-1))["layout"]["xaxis"]["range"]
    assert start > STEPS - 1 and stop == 0


def test_dots_stand_on_the_curves_at_the_distance():
    curves = falling(-5.7, -0.9, -30)
    marks = dots(draw(curves, distance=40))
    assert marks["x"].tolist() == [40, 40, 40]
    assert np.array_equal(marks["y"][:2], [curve.log10[-41] for curve in curves[:2]])
    assert np.isnan(marks["y"][2])


def test_distance_beyond_the_start_reads_the_first_step():
    curves = falling(-5.7)
    marks = dots(draw(curves, distance=400))
    assert marks["x"].tolist() == [STEPS - 1]
    assert marks["y"].tolist() == [curves[0].log10[0]]


@pytest.mark.parametrize("end, symbol", [(-40.0, "triangle-down"), (9.0, "triangle-up")])
def test_off_scale_values_are_marked_at_the_border(end, symbol):
    curves = falling(end)
    marks = arrows(draw(curves))
    low, high = LOG_SPAN
    outside = np.arange(STEPS)[::-1][(curves[0].log10 < low) | (curves[0].log10 > high)]
    assert marks["visible"]
    assert marks["x"][0] == outside.min()
    assert set(marks["x"]) <= set(outside)
    assert set(marks["marker"]["symbol"]) == {symbol}
    assert ((marks["y"] > low) & (marks["y"] < high)).all()


def test_on_scale_curves_have_no_arrows():
    assert arrows(draw(falling(-16.9, 4.9)))["visible"] is False


def test_underflow_and_overflow_are_marked_and_named():
    zero, endless = np.zeros(STEPS), np.zeros(STEPS)
    zero[:3], endless[:3] = -np.inf, np.inf
    marks = arrows(draw([Curve("rnn", "RNN", zero), Curve("lstm", "LSTM", endless)]))
    assert marks["hovertext"] == [
        "RNN, 57 steps back (t = 3): underflow",
        "LSTM, 57 steps back (t = 3): overflow",
    ]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("log", [True, False])
def test_unknown_curve_keeps_its_label_and_nothing_else(log):
    figure = draw([*falling(-1), Curve("gru", "GRU", np.full(STEPS, np.nan))], log=log)
    assert not arrows(figure)["visible"]
    assert np.isfinite(label_places(figure)).all()
    assert np.isnan(figure["data"][-2]["y"][3])


@pytest.mark.parametrize(
    "value, relative, text",
    [
        (0.0, True, "100 % (1.0 × 10⁰)"),
        (np.log10(0.13), True, "13 % (1.3 × 10⁻¹)"),
        (np.log10(0.0013), True, "0.13 % (1.3 × 10⁻³)"),
        (np.log10(1 / 75000), True, "1 in 75,000 (1.3 × 10⁻⁵)"),
        (np.log10(2.9e-15), True, "2.9 × 10⁻¹⁵"),
        (np.log10(35), True, "× 35 (3.5 × 10¹)"),
        (np.log10(0.13), False, "0.13 (1.3 × 10⁻¹)"),
        (-310.0, False, "1.0 × 10⁻³¹⁰"),
        (np.log10(9.99e-13), True, "1.0 × 10⁻¹²"),
    ],
)
def test_hover_says_the_value_in_words(value, relative, text):
    curve = Curve("rnn", "RNN", np.full(20, value))
    assert lines(draw([curve], relative=relative))[0]["text"][0] == text


def test_hover_names_network_distance_and_step():
    template = lines(draw(falling(-1)))[0]["hovertemplate"]
    assert template == "RNN, %{x:d} steps back (t = %{customdata}): %{text}<extra></extra>"


@pytest.mark.parametrize("height", [360, 420, 520])
@pytest.mark.parametrize("ends", [(-0.9, -0.9, -0.9), (-5, -0.9, -0.91), (-40, -17, -30), (5, 4.9, 9)])
def test_end_labels_keep_apart_and_inside(ends, height):
    figure = draw(falling(*ends), height=height)
    layout = figure["layout"]
    low, high = layout["yaxis"]["range"]
    plot = height - layout["margin"]["t"] - layout["margin"]["b"]
    pixels = np.sort((label_places(figure) - low) / (high - low) * plot)
    assert np.diff(pixels).min() >= 35.9
    assert pixels[0] >= 17.9 and pixels[-1] <= plot - 17.9


def test_far_labels_stay_at_their_curves():
    assert np.allclose(label_places(draw(falling(-12, -6, -1))), [-12, -6, -1])


def test_labels_lie_inside_the_axis_after_rounding_to_float32():
    for steps in (20, 33, 60, 199, 500):
        figure = draw(falling(-1, steps=steps))
        assert np.float32(figure["data"][-1]["x"][0]) <= figure["layout"]["xaxis"]["range"][0]


def test_spread_labels_keeps_order_and_distance():
    rng = np.random.default_rng(0)
    for _ in range(50):
        levels = rng.uniform(0, 10, 3)
        places = spread_labels(levels, 2.0, 0.0, 10.0)
        assert np.array_equal(np.argsort(places), np.argsort(levels))
        assert np.diff(np.sort(places)).min() >= 2 - 1e-9
        assert places.min() >= 0 and places.max() <= 10 + 1e-9


def test_spread_labels_narrows_where_there_is_no_room():
    assert spread_labels([1.0, 1.0, 1.0], 5.0, 0.0, 4.0).tolist() == [0.0, 2.0, 4.0]


def test_nothing_but_data_changes_while_dragging():
    first, second = draw(falling(-5.7, -0.9, -0.8), distance=50), draw(falling(-40, 9, -0.1), distance=7)
    assert first["layout"] == second["layout"]
    assert structure(first) == structure(second)
    assert len(first["data"]) == len(second["data"])


def test_a_band_changes_no_order():
    curves = falling(-5.7, -0.9, -0.8)
    banded = [curve._replace(low=curve.log10 - 1, high=curve.log10 + 1) for curve in curves]
    without, figure = draw(curves), draw(banded)
    assert structure(without) == structure(figure)
    bands = [trace for trace in figure["data"] if trace.get("fill")]
    assert [trace["visible"] for trace in bands] == [True] * 3
    assert not any(trace["visible"] for trace in without["data"] if trace.get("fill"))
    assert np.array_equal(bands[1]["y"][:STEPS], banded[1].high)
    assert np.array_equal(bands[1]["y"][STEPS:], banded[1].low[::-1])


def test_ghosts_lie_under_the_curves_and_keep_their_length():
    ghosts = falling(-2, steps=30)
    data = draw(falling(-5.7), ghosts=ghosts)["data"]
    ghost = next(k for k, trace in enumerate(data) if np.array_equal(trace["y"], ghosts[0].log10))
    line = next(k for k, trace in enumerate(data) if "customdata" in trace)
    assert ghost < line
    assert data[ghost]["x"].max() == 29


def test_axis_follows_the_settings():
    layouts = [
        draw(falling(-1), log=log, relative=relative)["layout"]
        for log in (True, False)
        for relative in (True, False)
    ]
    assert len({str(layout) for layout in layouts}) == 4
    ticks = layouts[0]["yaxis"]["tickvals"]
    assert 0 in ticks and len(ticks) <= 7


def test_texts_are_escaped():
    bad = "<img src=x onerror=alert(1)>%{x}&lt;"
    curve = Curve("rnn", bad, np.linspace(-30, 0, STEPS), bad)
    for text in texts(draw([curve], words={key: f"{text}<i>" for key, text in WORDS.items()})):
        assert "<img" not in text and "<i>" not in text
        assert not re.search(r"%\{x\}&lt;", text)


@pytest.mark.parametrize(
    "text, shown", [("a<b>&c", "a&lt;b&gt;&amp;c"), ("%{x}", "%&#123;x}"), ("한글 50 %", "한글 50 %")]
)
def test_plain(text, shown):
    assert plain(text) == shown


@pytest.mark.parametrize("theme", THEMES)
def test_colours_exist_in_every_theme(theme):
    figure = draw(falling(-40, -1, -1), ghosts=falling(-1, -1, -1))
    names = {text[1:] for text in texts(figure) if text.startswith("@")}
    assert {"rnn", "lstm", "gru", "text", "muted"} <= names <= set(THEMES[theme])


def test_figure_holds_arrays_and_plain_values():
    json.dumps(draw(falling(-40, 9, -1)), default=np.ndarray.tolist)
