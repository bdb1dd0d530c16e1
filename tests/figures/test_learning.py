"""Training: curves stand at their values, ends are named apart, what has not happened yet is not drawn."""

import json

import numpy as np
import pytest

from figures.heatmaps import Block
from figures.learning import (
    LIFE_SPAN,
    Lives,
    TrainingCurve,
    gradient_maps,
    half_lives,
    log_span,
    training_curves,
    update_ticks,
)
from recurrent_core.container import pack
from ui.parts import sent

WORDS = {"x": "updates", "y": "loss <b>", "baseline": "trivial", "hover": "{network} {update} {value}"}
MAP_WORDS = {"closed": "0", "open": "1", "signed_low": "-1", "signed_high": "1", "x": "updates"}
LIFE_WORDS = {"x": "steps", "lag": "lag {lag}", "endless": "endless"}


def curve(network="lstm", values=(0.1, 0.01, 0.001), **settings) -> TrainingCurve:
    values = np.array(values)
    return TrainingCurve(network, network.upper(), np.arange(len(values)), values, **settings)


def draw(curves, **settings) -> dict:
    given = {
        "updates": 100,
        "span": (-4.0, 0.0),
        "log": True,
        "baseline": 0.167,
        "words": WORDS,
        "height": 240,
    }
    return training_curves(curves, **(given | settings))


def smooth(figure: dict, count: int, which: int) -> dict:
    return figure["data"][1 + 2 * count + which]


def test_a_curve_stands_at_the_logarithm_of_its_values():
    figure = draw([curve()])
    line = smooth(figure, 1, 0)
    assert line["x"].tolist() == [0, 1, 2] and line["y"] == pytest.approx([-1, -2, -3])
    assert figure["layout"]["xaxis"]["range"] == [0, 100] and figure["layout"]["yaxis"]["range"] == [-4, 0]


def test_values_off_the_axis_lie_on_its_border_and_unknown_ones_are_gaps():
    line = smooth(draw([curve(values=(1e-9, 0.0, 50.0, np.nan))]), 1, 0)
    assert line["y"][:3].tolist() == [-4, -4, 0] and np.isnan(line["y"][3])


def test_a_linear_curve_stands_at_its_values():
    line = smooth(draw([curve(values=(0.0, 0.5, 1.0))], log=False, span=(0.0, 1.0)), 1, 0)
    assert line["y"].tolist() == [0.0, 0.5, 1.0]


def test_raw_values_and_bands_are_drawn_where_given():
    plain, raw = draw([curve()]), draw([curve(raw=np.array([0.2, 0.02, 0.002]))])
    assert [plain["data"][2]["visible"], raw["data"][2]["visible"]] == [False, True]
    assert raw["data"][2]["y"] == pytest.approx(np.log10([0.2, 0.02, 0.002]))
    band = draw([curve(low=np.full(3, 1e-3), high=np.full(3, 0.1))])["data"][1]
    assert band["visible"] and band["y"] == pytest.approx([-1, -1, -1, -3, -3, -3])


def test_the_baseline_is_a_line_across_with_its_label():
    figure = draw([curve()])
    assert figure["data"][0]["y"] == pytest.approx([np.log10(0.167)] * 2)
    assert any("trivial" in note["text"] for note in figure["layout"]["annotations"])
    none = draw([curve()], baseline=None)
    assert np.isnan(none["data"][0]["y"]).all()
    assert not any("trivial" in note["text"] for note in none["layout"]["annotations"])


def test_equal_ends_are_named_apart():
    figure = draw([curve("rnn"), curve("lstm"), curve("gru")])
    labels = figure["data"][-1]
    gaps = np.diff(np.sort(labels["y"])) * (240 - 66) / 4
    assert (gaps >= 29).all() and ["RNN" in labels["text"][0], "GRU" in labels["text"][2]] == [True, True]


def test_a_training_that_has_not_begun_is_an_empty_picture():
    empty = TrainingCurve("lstm", "LSTM", np.array([], int), np.array([]), raw=np.array([]))
    figure = draw([empty, empty, empty])
    assert figure["data"][-1]["text"] == []
    assert pack(sent(figure))


def test_the_number_of_traces_does_not_change_while_it_grows():
    assert len({len(draw([curve(values=values)] * 3)["data"]) for values in ((), (0.1,), (0.1, 0.2))}) == 1


def test_a_name_is_text():
    words = json.dumps(draw([curve()._replace(name="<i>x")])["data"][-1]["text"])
    assert "<i>" not in words and "<b>" not in draw([curve()])["layout"]["annotations"][0]["text"]


def test_the_span_holds_all_values_and_the_baseline():
    low, high = log_span([np.array([0.3, 0.004]), np.array([np.nan, 0.0])], 0.167)
    assert low == -2.5 and -0.53 < high <= -0.5
    assert log_span([], 0.1) == (-2.0, -0.75)
    assert log_span([np.array([1e-30])], 1.0) == (0.25 - 8, 0.25)


def test_the_span_moves_seldom_while_the_loss_falls():
    spans = {log_span([np.array([0.3, loss])], 0.167) for loss in np.geomspace(0.3, 1e-3, 200)}
    assert len(spans) <= 5


@pytest.mark.parametrize(
    ("updates", "ticks"),
    [(2000, [0, 500, 1000, 1500, 2000]), (7, [0, 2, 4, 6]), (1, [0, 1]), (500, [0, 100, 200, 300, 400, 500])],
)
def test_ticks_are_round(updates, ticks):
    assert update_ticks(updates) == ticks


def block(columns=50, steps=6) -> Block:
    values = np.full((columns, steps), np.nan, np.float32)
    values[:10] = -3
    return Block("lstm", "LSTM", "", "@lstm", values, "strength")


def test_a_map_has_a_column_an_update_and_leaves_the_future_clear():
    updates = np.linspace(0, 2000, 50).astype(int).tolist()
    figure = gradient_maps([block(), block()], updates, MAP_WORDS, 60)
    z = figure["data"][0]["z"]
    assert z.shape == (6, 50) and (z[:, :10] == -3).all() and np.isnan(z[:, 10:]).all()
    axis = figure["layout"]["xaxis"]
    assert axis["range"] == [0.5, 50.5] and axis["tickvals"][0] == 1 and axis["tickvals"][-1] == 50
    assert axis["ticktext"] == ["0", "500", "1,000", "1,500", "2,000"]


def lives(steps=(1.0, 10.0, np.inf, 0.0), **settings) -> Lives:
    given = {"network": "lstm", "name": "LSTM", "steps": np.array(steps), "mark": 5.5, "text": "5.5 steps"}
    return Lives(**(given | settings))


def test_a_unit_is_a_tick_at_its_half_life():
    figure = half_lives([lives(), lives(strong=False)], lag=50, words=LIFE_WORDS)
    line, ticks, other, discs = figure["data"][:4]
    assert line["x"] == pytest.approx(np.log10([50, 50]))
    assert ticks["x"][::3].tolist() == [0.0, 1.0, LIFE_SPAN[1], LIFE_SPAN[0]]
    assert np.isnan(ticks["x"][2::3]).all()
    assert discs["x"] == pytest.approx([np.log10(5.5)] * 2)
    assert discs["y"][1] > discs["y"][0] and np.nanmin(other["y"]) > np.nanmax(
        ticks["y"]
    )  # rows from the top
    assert any("lag 50" in note["text"] for note in figure["layout"]["annotations"])


def test_every_row_is_named_and_says_its_mark():
    figure = half_lives([lives(), lives(network="gru", name="GRU")], lag=50, words=LIFE_WORDS)
    names = [note["text"] for note in figure["layout"]["annotations"]]
    assert "<b>LSTM</b>" in names and "<b>GRU</b>" in names
    assert all("5.5 steps" in text for text in figure["data"][-1]["text"])
