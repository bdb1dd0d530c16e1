"""Saturation: a dot stands where its shares say, coincident ones are counted, and the chosen unit is ringed."""

import json

import numpy as np
import pytest

from figures.colours import VECTORS
from figures.saturation import COMPACT, WIDE, Dot, GateDots, Lane, dot_width, ink, saturation_dots, unit_lanes

WORDS = {"right": "right", "left": "left <b>"}
PANELS = [
    GateDots(
        "input gate i",
        VECTORS["write"],
        [Dot(0.25, 0.5, (0,), "alone", 0), Dot(0.0, 1.0, (1, 2, 3), "a\n<b>", 2)],
    ),
    GateDots(
        "forget gate f", VECTORS["keep"], [Dot(1.0, 0.0, (0, 1, 2, 3), "all", 3)], [Dot(0.5, 0.5, (0,))]
    ),
]


def draw(panels=PANELS, unit=1, **settings) -> dict:
    return saturation_dots(panels, WORDS, unit=unit, **settings)


def dots(figure: dict) -> dict:
    return figure["data"][2]


def lane(values, **settings) -> Lane:
    return Lane("forget gate f", "1 = keep", VECTORS["keep"], np.asarray(values, dtype=float), **settings)


def test_dots_stand_at_their_shares():
    drawn = dots(draw())
    assert sorted(zip(drawn["x"].tolist(), drawn["y"].tolist(), strict=True)) == [
        (0.0, 1.0),
        (0.25, 0.5),
        (WIDE.apart + 1.0, 0.0),
    ]


def test_units_at_one_place_are_a_larger_dot_with_their_number():
    drawn = dots(draw())
    assert drawn["text"] == ["4", "3", ""]  # the largest first, so that it hides none
    assert drawn["marker"]["size"] == [dot_width(count, WIDE) for count in (4, 3, 1)]
    assert dot_width(4, WIDE) > dot_width(3, WIDE) > WIDE.dot == dot_width(1, WIDE)
    assert drawn["customdata"] == [3, 2, 0] and drawn["meta"] == {"select": "unit"}


@pytest.mark.parametrize(("unit", "places"), [(0, 2), (1, 2), (9, 0)])
def test_the_dots_of_the_unit_are_ringed(unit, places):
    assert len(draw(unit=unit)["data"][3]["x"]) == places


@pytest.mark.parametrize("look", [WIDE, COMPACT])
def test_the_corners_of_neighbours_have_room_for_their_dots(look):
    ring = 5
    assert (look.apart - 1) * look.across >= dot_width(32, look) + ring


def test_the_counts_stand_below_the_name():
    noted = [panel._replace(note="3 <open>") for panel in PANELS]
    assert "3 &lt;open&gt;" in draw(noted)["layout"]["annotations"][0]["text"]


def test_a_text_is_no_markup():
    figure = draw()
    assert "a<br>&lt;b&gt;" in dots(figure)["hovertext"]
    assert "left &lt;b&gt;" in [note["text"] for note in figure["layout"]["annotations"]]


def test_no_range_depends_on_the_dots():
    moved = [panel._replace(dots=[Dot(0.1, 0.2, (0,))]) for panel in PANELS]
    assert json.dumps(draw()["layout"]) == json.dumps(draw(moved)["layout"])


def test_numbers_on_dots_stand_out():
    assert ink("#F0E442") == "#000000" and ink("#0072B2") == "#ffffff"


def test_a_lane_runs_from_its_foot_to_its_top_and_not_beyond():
    figure = unit_lanes([lane([0, 0.5, 1, 2])], pixels=50)
    line = figure["data"][2]
    assert (line["y"] - line["y"].min()).tolist() == [50, 25, 0, 0]
    assert line["x"].tolist() == [1, 2, 3, 4]
    assert "t = 4<br>2.000" in line["text"][3]


def test_a_signed_lane_has_limits_of_its_own():
    figure = unit_lanes([lane([-1, 1], low=-1.0, limits=(-0.9, 0.9))], pixels=100)
    axis = figure["layout"]["yaxis"]
    assert axis["ticktext"] == ["−0.9", "0.9"]
    assert np.diff(axis["tickvals"]) == pytest.approx(-90)
    assert figure["data"][1]["y"][0] == pytest.approx(axis["tickvals"][0])
