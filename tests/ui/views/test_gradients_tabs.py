"""The questions about gradients: every setting is answered, and the numbers said and drawn are the core's."""

import re
from dataclasses import replace

import numpy as np
import pytest
from states import state_of

from figures.colours import DASHES, THEMES
from recurrent_core import (
    CELLS,
    PRESETS,
    InputError,
    analysis,
    learning_signal,
    simulate,
)
from recurrent_core.analysis.contributions import clip_by_norm, contributions, global_norm
from recurrent_core.analysis.horizon import chrono_biases, horizon_biases, time_constants
from recurrent_core.analysis.jacobians import state_jacobians
from recurrent_core.analysis.products import jacobian_products, largest_singular_value
from recurrent_core.analysis.routes import route_shares, routes
from recurrent_core.container import pack
from ui.changes import acted
from ui.recordings import cached
from ui.settings import FIELDS
from ui.views import VIEWS
from ui.views.gradients import curves
from ui.words import numbers, sentences
from ui.words.text import LANGUAGES, text

EN = text("en")
TABS = FIELDS["tab"].choices
NOISE = PRESETS["noise"]
parts, panel = VIEWS["gradients"].parts, VIEWS["gradients"].panel


def picture(preset: str = "noise", settled: bool = True, **values):
    return parts(state_of(preset, **values)._replace(settled=settled), EN)[0]


def sentence(**values) -> str:
    return picture(**values).words.sentence


def lines(figure: dict) -> dict[str, dict]:
    return {trace["name"]: trace for trace in figure["data"] if "customdata" in trace}


def fan(figure: dict) -> dict:
    return next(t for t in figure["data"] if t.get("opacity") == 0.5)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("tab", TABS)
def test_every_setting_has_an_answer(tab, preset, lang):
    for network in CELLS:
        here = state_of(preset, tab=tab, network=network)
        for shown in parts(here, text(lang)):
            words = shown.words
            assert words.sentence or shown.name == "gradient_maps"
            for part in (words.sentence, words.note, *(row.text for row in words.rows)):
                assert not re.search(r"[{}]|\bnan\b|\binf\b|None", part), part
            for figure in (shown.body, shown.compact):
                assert pack({"figure": figure})


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("written", ["a", "ab", "abcdefghijkl"])
def test_a_short_input_is_answered_too(tab, written):
    for network in CELLS:
        shown = picture("write_once", tab=tab, network=network, signal="text", text=written)
        assert shown.words.sentence and "nan" not in shown.words.sentence


@pytest.mark.parametrize("tab", TABS)
def test_the_question_comes_first_and_few_controls_follow(tab):
    for network in CELLS:
        items = panel(state_of("noise", tab=tab, network=network), EN)
        assert items[0]["name"] == "tab" and items[0]["value"] == tab and items[0]["vertical"]
        assert [label for _, label in items[0]["options"]] == [EN.choice("tab", name) for name in TABS]
        assert len([i for i in items if i["kind"] in ("slider", "choice", "segments", "toggle")]) <= 5


def test_a_preset_keeps_the_question():
    here = acted(state_of(tab="why"), "preset", "noise")
    assert here == acted(here, "reset", True) == state_of("noise", tab="why")


def test_new_curves_have_colours_and_dashes_of_their_own():
    together = [("total", "cell", "rest"), ("total", "bound")]
    together.append(("now", "recipe", "forgotten", "chrono", "predicted"))
    for names in together:
        assert len({DASHES[name] for name in names}) == len(names)
        for theme in THEMES.values():
            assert len({theme[name] for name in names}) == len(names)


@pytest.mark.parametrize("theme", THEMES)
def test_new_colours_can_be_read(theme):
    for name in DASHES:
        high, low = sorted((luminance(THEMES[theme][name]), luminance(THEMES[theme]["paper"])), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5, name


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2)."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


class TestWhy:
    @pytest.mark.parametrize("network", ["lstm", "gru"])
    def test_shares_of_the_routes_are_the_cores(self, network):
        simulation = simulate(NOISE, network)
        found = route_shares(simulation.recording, learning_signal(simulation), [30])
        words = sentence(tab="why", network=network, distance=30)
        assert f"carries {numbers.relative_size(EN, found.cell[0])}" in words
        assert f"together {numbers.relative_size(EN, found.rest[0])}" in words

    def test_curves_are_the_routes(self):
        found = routes(simulate(NOISE, "lstm").recording)
        drawn = lines(picture(tab="why", network="lstm").body)
        total, cell, rest = (drawn[EN(f"why.{name}")]["y"] for name in ("total", "cell_lstm", "rest"))
        assert np.array_equal(total[::-1], found.total) and np.array_equal(cell[::-1], found.cell)
        assert np.isnan(rest[-1]) and np.array_equal(rest[::-1][1:], found.rest[1:])

    def test_a_rest_that_is_rounding_is_not_drawn(self):
        """Counter: U is 0, so there is no other route."""
        words = sentence(preset="count", tab="why", network="gru")
        assert words.endswith("0 %.")
        drawn = lines(picture("count", tab="why", network="gru").body)
        assert np.isnan(drawn[EN("why.rest")]["y"]).all()

    def test_the_bound_and_what_really_happens(self):
        """Singular value 1.1, noise: the bound is 117 at 50 steps, and the gradient vanishes."""
        recording = simulate(replace(NOISE, scale=1.1), "rnn").recording
        eta = largest_singular_value(recording.params.h.U)
        assert eta == pytest.approx(1.1)
        shown = picture(tab="why", network="rnn", scale=1.1, distance=50)
        total = float(routes(recording, [50]).total[0])
        assert f"at most {numbers.relative_size(EN, eta**50)} " in shown.words.sentence
        assert f"really it is {numbers.relative_size(EN, 10**total)}." in shown.words.sentence
        bound, real = (lines(shown.body)[EN(f"why.{name}")]["y"] for name in ("bound", "total"))
        assert bound[0] == pytest.approx(59 * np.log10(1.1)) and (real <= bound + 1e-9).all()

    @pytest.mark.parametrize(("scale", "verdict"), [(0.8, "shrinks"), (1.0, "keeps"), (1.5, "grows")])
    def test_what_the_largest_singular_value_says(self, scale, verdict):
        assert EN(f"why.rnn_{verdict}") in sentence(tab="why", network="rnn", scale=scale)


class TestDirections:
    def test_values_are_the_cores(self):
        found = jacobian_products(state_jacobians(simulate(NOISE, "lstm").recording), [20]).log10[0]
        resolved = found[~np.isnan(found)]
        assert 2 < resolved.size < found.size
        words = sentence(tab="directions", network="lstm", distance=20)
        assert f"of {found.size} directions" in words and f" {resolved.size} are resolved" in words
        for value in (resolved[0], np.median(resolved), resolved[-1]):
            assert numbers.from_log10(EN, float(value)) in words

    def test_what_is_not_resolved_is_not_drawn(self):
        found = jacobian_products(state_jacobians(simulate(NOISE, "lstm").recording), range(60)).log10
        shown = picture(tab="directions", network="lstm")
        drawn = fan(shown.body)["y"].reshape(-1, 61).T
        assert np.isnan(found[:, 1:]).any()
        assert np.array_equal(drawn[:-1], found[:, 1:], equal_nan=True) and np.isnan(drawn[-1]).all()
        assert EN("directions.unresolved") in shown.words.note

    def test_of_many_lines_some_are_drawn_and_the_note_says_so(self):
        shown = picture(tab="directions", network="lstm", units=48, steps=20)
        drawn = 1 + fan(shown.body)["x"].size // 21
        assert drawn == curves.LINES
        assert EN("directions.every", count=96, shown=drawn) in shown.words.note


@pytest.mark.parametrize("tab", ["why", "directions"])
def test_while_dragging_something_large_some_distances_do(tab):
    values = {"tab": tab, "network": "gru", "units": 33, "steps": 120, "distance": 77}
    quick, whole = picture(settled=False, **values), picture(**values)
    assert "distances" in quick.words.note and "distances" not in whole.words.note
    assert quick.words.sentence == whole.words.sentence
    few, all_of_them = (next(iter(lines(shown.body).values())) for shown in (quick, whole))
    known = ~np.isnan(few["y"])
    assert few["connectgaps"] and 24 <= known.sum() <= 26 and known[[0, -1, -1 - 77]].all()
    assert not np.isnan(all_of_them["y"]).any()
    np.testing.assert_allclose(few["y"][known], all_of_them["y"][known], rtol=1e-9, atol=1e-9)


class TestSteps:
    def test_shares_are_the_cores(self):
        words = sentence(tab="steps")
        for network in CELLS:
            simulation = simulate(NOISE, network)
            share = contributions(simulation.recording, learning_signal(simulation)).share
            last, first = numbers.percent(EN, 1 - share[-11]), numbers.percent(EN, share[29])
            assert f"{CELLS[network].label} {last} and {first}" in words

    def test_the_rnn_sees_the_last_steps_only(self):
        assert sentence(tab="steps").endswith(EN("steps.verdict", networks="RNN"))

    def test_steps_that_had_nothing_to_learn_from_are_not_drawn(self):
        """Before the pulse at step 5 the hidden state is 0, and after it no step is left out."""
        for trace in lines(picture("write_once", tab="steps").body).values():
            assert np.isnan(trace["y"][:6]).all() and np.isfinite(trace["y"][6:]).all()
            assert trace["y"][-1] == 0


class TestRemedy:
    def test_measured_and_predicted_are_the_cores(self):
        horizon = 40
        biases = horizon_biases(CELLS["lstm"], horizon)
        measured = {"now": None, "recipe": biases, "forgotten": biases | {"i": 0.0}}
        drawn = picture(tab="remedy", network="lstm", horizon=horizon)
        by_name = lines(drawn.body)
        names = {"now": "now", "recipe": "recipe_lstm", "forgotten": "forgotten"}
        for name, given in measured.items():
            grads = learning_signal(simulate(NOISE, "lstm", biases=given))
            expected = analysis.relative_log10(analysis.norms(grads.vectors.c)[:, 0])
            np.testing.assert_allclose(by_name[EN(f"remedy.{names[name]}")]["y"], expected)
            assert numbers.from_log10(EN, expected[-1 - horizon]) in drawn.words.sentence
        predicted = by_name[EN("remedy.predicted")]["y"]
        np.testing.assert_allclose(predicted[::-1], np.arange(60) * np.log10(1 - 1 / horizon), atol=1e-12)

    def test_the_trap_names_the_longest_time_constants(self):
        note = picture(tab="remedy", network="lstm", horizon=100).words.note
        for draws in (1, 2):
            rng = cached.chrono_rng(NOISE)
            bias = chrono_biases(CELLS["lstm"], rng, NOISE.units, 100, draws)["f"]
            assert numbers.steps(EN, float(time_constants(bias).max())) in note

    def test_clipping_before_and_after(self):
        rows = picture(tab="remedy", clip=0.5).words.rows
        assert [row.name for row in rows] == [cell.label for cell in CELLS.values()]
        for row, network in zip(rows, CELLS, strict=True):
            found = learning_signal(simulate(NOISE, network)).params
            before, after = global_norm(found), global_norm(clip_by_norm(found, 0.5))
            assert f"{numbers.size(EN, before)} → {numbers.size(EN, round(after, 9))}" in row.text
            assert numbers.factor(EN, after / before) in row.text

    @pytest.mark.parametrize("horizon", [2, 50, 500])
    def test_the_button_sets_the_biases_of_the_recipe(self, horizon):
        here = acted(state_of("noise", tab="remedy", horizon=horizon), "use_horizon", True)
        chosen = here.experiment
        for network in ("lstm", "gru"):
            for gate, bias in horizon_biases(CELLS[network], horizon).items():
                assert chosen.biases_of(CELLS[network])[gate] == pytest.approx(bias, abs=1e-4)
        drawn = lines(parts(here, EN)[0].body)
        now, recipe = drawn[EN("remedy.now")]["y"], drawn[EN("remedy.recipe_lstm")]["y"]
        np.testing.assert_allclose(now, recipe, atol=5e-3)

    def test_the_rnn_has_none_to_choose(self):
        here = state_of("noise", tab="remedy", network="rnn")
        network = next(item for item in panel(here, EN) if item["name"] == "network")
        assert [value for value, _ in network["options"]] == ["lstm", "gru"] and network["value"] == "lstm"
        assert EN("remedy.rnn") in parts(here, EN)[0].words.sentence


def test_the_pinned_settings_stand_behind():
    for tab in ("why", "directions", "steps", "remedy"):
        here = state_of("noise", tab=tab, pinned=replace(NOISE, memory=1.0))
        ghosts = [t for t in parts(here, EN)[0].body["data"] if t.get("opacity") == 0.55]
        assert len(ghosts) == len(lines(parts(here, EN)[0].body))


@pytest.mark.parametrize("tab", ["why", "directions"])
def test_sizes_that_would_stall_the_server_are_refused_in_words(tab):
    here = state_of(tab=tab, units=128, steps=500, network="lstm")
    with pytest.raises(InputError) as refused:
        VIEWS["gradients"].parts(here, text("en"))
    limit = refused.value.values["limit"]
    assert refused.value.code == "jacobians_large" and 30 < limit < 128
    for lang in LANGUAGES:
        assert str(limit) in sentences.notice(text(lang), refused.value)
    fits = replace(here.experiment, units=limit)
    assert cached.products(fits, "lstm", (1,)).log10.shape == (1, 2 * limit)
