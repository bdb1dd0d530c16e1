"""Heatmaps: what is drawn is what was given, each in its place, and nothing moves but the squares."""

import copy

import numpy as np
import pytest

from figures.heatmaps import BARS, OVERFLOW, Block, recording_heatmaps, rectangles, time_axis
from figures.learning import gradient_maps
from ui.parts import sent

WORDS = {"closed": "closed", "open": "open", "signed_low": "−1", "signed_high": "+1", "time": "time"}
STEPS = 12


def signature(drawn) -> int:
    return sent(drawn)["signature"]


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def block(values, key="lstm.f", **parts) -> Block:
    return Block(**{"key": key, "name": key, "note": "", "colour": "#123456", "values": values} | parts)


def some(rng, **parts) -> list[Block]:
    """An input, a gate and a signed vector of five units."""
    return [
        block(rng.random((STEPS, 1)), "x", scale="signed", labels=("pulse",)),
        block(rng.random((STEPS, 5)), "lstm.f", **parts),
        block(rng.uniform(-1, 1, (STEPS, 5)), "lstm.c", scale="signed"),
    ]


def squares(figure) -> list[dict]:
    return [trace for trace in figure["data"] if trace["type"] == "heatmap"]


def draw(blocks, **settings) -> dict:
    return recording_heatmaps(blocks, WORDS, **settings)


def test_values_are_drawn_as_given_units_down_and_time_across(rng):
    blocks = some(rng)
    for trace, given in zip(squares(draw(blocks)), blocks, strict=True):
        np.testing.assert_array_equal(trace["z"], given.values.T)
        assert (trace["x0"], trace["dx"]) == (1, 1)  # the screen counts from 1


def test_unknown_and_infinite_values_stay_what_they_are():
    values = np.full((STEPS, 4), np.nan)
    values[3, 1], values[4, 2] = np.inf, -np.inf
    np.testing.assert_array_equal(squares(draw([block(values)]))[0]["z"], values.T)


def test_blocks_follow_each_other_without_touching(rng):
    figure = draw(some(rng), pixels=60)
    end = 0
    for trace, name in zip(squares(figure), figure["layout"]["annotations"], strict=True):
        top, height = trace["meta"]["top"], trace["meta"]["height"]
        units = len(trace["z"])
        assert top > end and end < name["y"] <= top  # its name stands between
        assert trace["dy"] * units == pytest.approx(height)
        assert trace["y0"] - trace["dy"] / 2 == pytest.approx(top)
        end = top + height
    assert figure["layout"]["yaxis"]["range"] == [end, 0]
    assert figure["layout"]["height"] > end


def test_ranges_do_not_depend_on_the_values(rng):
    ends = [(t["zmin"], t["zmax"]) for t in squares(draw(some(rng)))]
    assert ends == [(-OVERFLOW, OVERFLOW), (0, 1), (-OVERFLOW, OVERFLOW)]
    wild = [given._replace(values=given.values * 50) for given in some(rng)]
    assert [(t["zmin"], t["zmax"]) for t in squares(draw(wild))] == ends


def test_gates_and_signed_vectors_have_scales_of_their_own_once_each(rng):
    traces = squares(draw([*some(rng), block(rng.random((STEPS, 5)), "lstm.i")]))
    assert [trace["colorscale"] for trace in traces] == ["@signed", "@gate", "@signed", "@gate"]
    assert [trace["showscale"] for trace in traces] == [False, True, True, False]
    assert traces[1]["colorbar"]["ticktext"][::2] == ["closed", "open"]
    assert traces[2]["colorbar"]["ticktext"][::2] == ["−1", "+1"]


def test_only_squares_differ_when_only_values_change(rng):
    one, other = draw(some(rng)), draw(some(rng))
    assert one["layout"] == other["layout"] and signature(one) == signature(other)
    assert signature(one) != signature(draw(some(rng)[:2]))


def test_the_number_of_traces_is_that_of_the_blocks_alone(rng):
    plain = draw(some(rng))
    line = rng.random(STEPS)
    held = rng.random((STEPS, 5)) > 0.5
    full = draw(some(rng, mean=line, ghost=line, held=held))
    assert [t["type"] for t in plain["data"]] == [t["type"] for t in full["data"]]


def test_names_notes_and_ticks_are_taken_letter_by_letter(rng):
    evil = "<img src=x> & <b>bold</b> %{x}"
    figure = draw(
        [block(rng.random((3, 2)), name=evil, note=evil, labels=(evil, "ㄱ"))], ticks=(evil, "나", "<")
    )
    name = figure["layout"]["annotations"][0]["text"]
    assert "<img" not in name and "<b>bold" not in name and "&lt;img src=x&gt; &amp;" in name
    assert (
        figure["layout"]["xaxis"]["ticktext"][-1] == "&lt;"
        or "<" not in figure["layout"]["xaxis"]["ticktext"]
    )
    trace = squares(figure)[0]
    assert "<img" not in trace["name"] and "%{x} " not in trace["hovertemplate"].replace("t = %{x}", "")
    assert trace["meta"]["labels"] == (evil, "ㄱ")  # shown with textContent, so as it is


@pytest.mark.parametrize("steps", [20, 60, 123, 200, 500])
def test_the_axis_has_a_few_numbers_that_lie_within(steps, rng):
    axis = draw([block(rng.random((steps, 2)))])["layout"]["xaxis"]
    assert axis["range"] == [0.5, steps + 0.5]
    assert 3 <= len(axis["tickvals"]) <= 15
    assert axis["tickvals"][0] == 1 and max(axis["tickvals"]) <= steps
    assert [int(name.removeprefix("t = ")) for name in axis["ticktext"]] == axis["tickvals"]


@pytest.mark.parametrize("steps", [1, 4, 5, 14, 1_299, 1_300, 1_301, 12_345, 999_999, 1_000_000])
def test_any_number_of_steps_has_an_axis(steps):
    axis = time_axis(steps, None)
    assert 1 <= len(axis["tickvals"]) <= 14 and np.all(np.diff(axis["tickvals"]) > 0)
    assert axis["tickvals"][0] == 1 and axis["tickvals"][-1] <= steps


@pytest.mark.parametrize("steps", [3, 59, 120, 500])
def test_characters_stand_at_their_steps(steps, rng):
    ticks = [chr(ord("가") + k) for k in range(steps)]
    axis = draw([block(rng.random((steps, 2)))], ticks=ticks)["layout"]["xaxis"]
    assert len(axis["tickvals"]) <= 60
    assert [ticks[value - 1] for value in axis["tickvals"]] == axis["ticktext"]


def covered(found, shape) -> np.ndarray:
    """How many rectangles lie on each square."""
    count = np.zeros(shape, int)
    for first, last, start, stop in found:
        count[start:stop, first:last] += 1
    return count


def test_rectangles_cover_what_is_held_once_and_nothing_else(rng):
    for _ in range(50):
        held = rng.random((9, 6)) > 0.6
        np.testing.assert_array_equal(covered(rectangles(held), held.shape), held)


def test_a_block_of_held_squares_is_one_rectangle():
    held = np.zeros((10, 6), bool)
    held[2:7, 1:4] = True
    assert rectangles(held) == [(1, 4, 2, 7)]
    assert rectangles(np.zeros((10, 6), bool)) == []
    assert rectangles(np.ones((10, 6), bool)) == [(0, 6, 0, 10)]


def test_hatching_lies_on_the_held_squares(rng):
    held = np.zeros((STEPS, 5), bool)
    held[3:8, 2:4] = True
    figure = draw(some(rng, held=held), pixels=50)
    hatching = next(trace for trace in figure["data"] if trace.get("fill") == "toself")
    trace = squares(figure)[1]
    corners = [(x, y) for x, y in zip(hatching["x"], hatching["y"], strict=True) if x is not None]
    assert {x for x, _ in corners} == {3.5, 8.5}  # t = 4..8 on the screen
    assert {y for _, y in corners} == {trace["meta"]["top"] + 20, trace["meta"]["top"] + 40}
    assert hatching["fillpattern"]["shape"]


def lines(figure, dash) -> list[dict]:
    return [
        trace
        for trace in figure["data"]
        if trace["type"] == "scatter"
        and "fill" not in trace
        and trace["line"]["dash"] == dash
        and len(trace["x"])
    ]


def test_means_and_ghosts_run_from_the_lower_to_the_upper_edge_of_their_block(rng):
    mean, ghost = np.linspace(0, 1, STEPS), np.linspace(1.5, -0.5, STEPS)  # clipped at the edges
    figure = draw(some(rng, mean=mean, ghost=ghost), pixels=50)
    top, height = squares(figure)[1]["meta"]["top"], squares(figure)[1]["meta"]["height"]
    (dashed,) = lines(figure, "dash")
    np.testing.assert_allclose(dashed["y"], top + height * (1 - np.clip(ghost, 0, 1)))
    solid = lines(figure, "solid")[-1]
    np.testing.assert_allclose(solid["y"], top + height * (1 - mean))
    np.testing.assert_array_equal(solid["x"], np.arange(1, STEPS + 1))


def test_nothing_else_is_drawn_without_ghosts(rng):
    assert lines(draw(some(rng)), "dash") == lines(draw(some(rng)), "solid") == []


def shares(count=STEPS) -> np.ndarray:
    """Shares of the first steps and their running totals, which end at 1."""
    values = np.full((STEPS, 2), np.nan)
    values[:count, 0] = 1 / count
    values[:count, 1] = np.arange(1, count + 1) / count
    return values


def test_bars_are_a_block_of_their_own_kind(rng):
    """Of one height whatever the others have, with one colour and no colour bar, and a frame of the cursor."""
    bars = block(
        shares(), "lstm.ledger", scale="share", labels=("share", "total"), held=np.eye(STEPS)[:, :1] > 0
    )
    figure = draw([*some(rng), bars], pixels=34)
    *_, trace = squares(figure)
    np.testing.assert_array_equal(trace["z"], bars.values.T)
    assert (trace["meta"]["bars"], trace["meta"]["labels"]) == ("#123456", ("share", "total"))
    assert trace["meta"]["height"] == BARS and not trace["showscale"]
    assert [t["showscale"] for t in squares(draw([bars, *some(rng)]))] == [False, False, True, True]
    assert squares(draw([bars], pixels=70))[0]["meta"]["height"] == BARS


def test_bars_move_without_anything_else():
    """The time cursor moves, and the browser has only to paint."""
    signatures = {signature(draw([block(shares(count), scale="share")])) for count in (3, 7, STEPS)}
    assert len(signatures) == 1
    (squares,) = sent(draw([block(shares(), scale="share")]), exact=False)["squares"]
    np.testing.assert_array_equal(
        squares, shares().T
    )  # numbers, where squares are colours while a control moves


def test_what_pictures_share_stays_as_it_is(rng):
    words = WORDS | {"x": "updates"}

    def drawn() -> dict:
        values = rng.random((STEPS, 5))
        return recording_heatmaps([block(values, scale="strength")], words, pixels=60)

    before = drawn()
    still = copy.deepcopy({"layout": before["layout"], "meta": before["data"][0]["meta"]})
    gradient_maps([block(rng.random((STEPS, 5)), scale="strength")], range(STEPS), words, 60, ["a"] * STEPS)
    after = drawn()
    assert after["layout"] is before["layout"]
    assert still == {"layout": after["layout"], "meta": after["data"][0]["meta"]}
