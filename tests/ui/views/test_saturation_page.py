"""The page Saturation: its numbers are the core's, every setting gives a picture, a click goes round a place."""

import re
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from states import state_of

from figures.saturation import COMPACT, WIDE, dot_width
from recurrent_core import CELLS, PRESETS, Clamp, analysis, simulate
from recurrent_core.container import pack
from ui.parts import message
from ui.views import VIEWS
from ui.views.saturation import dots as saturation
from ui.views.saturation import words as said
from ui.words.text import text

EN, KO = text("en"), text("ko")
languages = pytest.mark.parametrize("t", [EN, KO], ids=["en", "ko"])
networks = pytest.mark.parametrize("network", CELLS)
NOISE = PRESETS["noise"]
SPREAD = replace(NOISE, memory=0.0, input_bias=0.0, noise_sd=3.0, scale=2.0)  # gates of all kinds


@networks
def test_every_unit_has_one_dot_a_panel_within_the_triangle(network):
    simulation = simulate(NOISE, network)
    panels = saturation.panels(EN, simulation, 0)
    assert len(panels) == max(1, len(analysis.gates(simulation.recording)))
    for panel in panels:
        assert sorted(unit for dot in panel.dots for unit in dot.units) == list(range(NOISE.units))
        assert all(dot.high >= 0 and dot.low >= 0 and dot.high + dot.low <= 1 + 1e-12 for dot in panel.dots)


SHARES = {
    "anywhere": np.random.default_rng(0).uniform(0, 0.5, (2, 1, 32)),
    "row": np.stack([np.linspace(0, 0.17, 16)[None], np.zeros((1, 16))]),  # each overlaps the next
}
looks = pytest.mark.parametrize("look", [WIDE, COMPACT])
spreads = pytest.mark.parametrize("shares", SHARES.values(), ids=SHARES)


def pixels_across(shares, units, look) -> float:
    x, y = shares[:, 0, list(units)] * [[look.across], [look.up]]
    return np.hypot(np.ptp(x), np.ptp(y))


@looks
@spreads
def test_the_units_of_one_dot_are_no_further_apart_than_a_dot_is_wide(look, shares):
    groups = saturation.gathered(analysis.Saturation(high=shares[0], low=shares[1]), look)
    assert 1 < len(groups) < shares.shape[-1]
    assert sorted(unit for _, units in groups for unit in units) == list(range(shares.shape[-1]))
    assert all(pixels_across(shares, units, look) <= look.dot + 1e-9 for _, units in groups)


@looks
@spreads
def test_dots_that_overlap_could_not_be_one(look, shares):
    groups = saturation.gathered(analysis.Saturation(high=shares[0], low=shares[1]), look)
    for (one, units), (other, others) in combinations(groups, 2):
        apart = np.hypot(look.across * (one[0] - other[0]), look.up * (one[1] - other[1]))
        if 2 * apart < dot_width(len(units), look) + dot_width(len(others), look):
            assert pixels_across(shares, units + others, look) > look.dot


def test_a_dot_stands_at_the_mean_share_of_its_units():
    simulation = simulate(SPREAD, "lstm")
    forget = simulation.recording.vectors.f[:, 0]
    panel = saturation.panels(EN, simulation, 0)[1]
    assert {len(dot.units) > 1 for dot in panel.dots} == {True, False}
    for dot in panel.dots:
        units = list(dot.units)
        assert dot.high == pytest.approx(np.mean(forget[:, units] > 0.9))
        assert dot.low == pytest.approx(np.mean(forget[:, units] < 0.1))


def test_a_dot_of_several_units_tells_the_range_of_their_shares():
    shares = analysis.Saturation(high=np.array([[0.25, 0.5, 0.5]]), low=np.array([[0.0, 0.0, 0.0]]))
    told = said.hover(EN, "lstm", "f", (0, 2), shares, 2)
    assert told.splitlines()[1:] == [
        "2 units: 1, 3", "above 0.9 in 25 %–50 % of steps", "below 0.1 in 0 % of steps", "click: unit 3"
    ]  # fmt: skip


def test_each_panel_counts_its_stuck_gates():
    clamps = tuple(Clamp("f", 1.0, 0, None, unit) for unit in range(9))
    panels = saturation.panels(EN, simulate(replace(SPREAD, clamps=clamps), "lstm"), 0)
    assert panels[1].note == "9 open, 0 closed"
    assert saturation.panels(EN, simulate(SPREAD, "rnn"), 0)[0].note == ""


def test_clicks_on_one_place_go_round_its_units():
    assert [saturation.after((2, 5, 7), unit) for unit in (0, 2, 5, 7)] == [2, 5, 7, 2]


def test_the_sentence_counts_what_is_held_open():
    clamps = tuple(Clamp("f", 1.0, 0, None, unit) for unit in range(9))
    simulation = simulate(replace(NOISE, memory=0.0, input_bias=0.0, clamps=clamps), "lstm")
    assert "9 of 16 forget gates" in said.sentence(EN, simulation)
    assert said.stuck(simulation.recording.cell, analysis.saturations(simulation.recording)) == [
        (9, "f", "high")
    ]


def test_nothing_is_stuck_where_all_gates_are_half_open():
    simulation = simulate(replace(NOISE, memory=0.0, input_bias=0.0, scale=0.0, noise_sd=0.0), "lstm")
    assert said.sentence(EN, simulation) == EN("saturation.free")


def test_the_rnn_shows_h_and_says_so():
    simulation = simulate(replace(NOISE, clamps=tuple(Clamp("h", -1.0, 0, None, k) for k in range(3))), "rnn")
    assert "no gates" in said.sentence(EN, simulation) and "3 of 16" in said.sentence(EN, simulation)
    (lane,) = saturation.lanes(EN, simulation, 2)
    assert lane.limits == (-0.9, 0.9) and np.all(lane.values == -1)
    assert "below −0.9 in 100 %" in said.unit_sentence(EN, simulation, 2)


@languages
@networks
@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_gives_pictures_and_whole_sentences(preset, network, t):
    here = state_of(preset, lang=t.lang, pinned=NOISE, network=network, unit=127)
    pictures = VIEWS["saturation"].parts(here, t)
    assert [picture.name for picture in pictures] == ["saturation", "saturation_unit"]
    for picture in pictures:
        assert pack(message(picture, here.query, settled=True))
        assert picture.words.sentence.endswith(".")
        assert not re.search(r"[{}]|nan|None", picture.words.sentence)
    assert len(pictures[0].body["data"][3]["x"]) >= 1  # a unit beyond the last is the last
