"""Sentences and readouts: their numbers are the core's, and every setting gives one."""

import re
from dataclasses import replace

import numpy as np
import pytest
from states import state_of

from recurrent_core import (
    CELLS,
    PRESETS,
    SHIPPED,
    Clamp,
    Experiment,
    InputError,
    Notice,
    Simulation,
    Table,
    address,
    analysis,
    learning_signal,
    parse_table,
    simulate,
)
from ui.changes import with_values
from ui.settings import FIELDS, opened
from ui.views.gates import words as gates_words
from ui.views.gradients import words as gradients_words
from ui.views.home import words as home_words
from ui.words import numbers, sentences
from ui.words.text import text

EN, KO = text("en"), text("ko")
languages = pytest.mark.parametrize("t", [EN, KO], ids=["en", "ko"])
networks = pytest.mark.parametrize("network", CELLS)
DEFAULT = PRESETS["write_once"]


def of_numbers(table: Table) -> Simulation:
    """The default settings with a reader's own numbers as input."""
    named = replace(DEFAULT, signal="data", data=f"sha:{'0' * 64}")
    return simulate(named, shelf=SHIPPED._replace(table={named.data: table}.get))


def curves(experiment: Experiment) -> dict[str, np.ndarray]:
    """Norms (time,) of the memory's gradient, by network."""
    found = {}
    for network, cell in CELLS.items():
        gradients = learning_signal(simulate(experiment, network))
        found[network] = analysis.norms(getattr(gradients.vectors, cell.memory))[:, 0]
    return found


def sentence(t, experiment: Experiment, network: str | None = None) -> str:
    return gates_words.gates_sentence(t, [simulate(experiment, network)])


def is_whole(said: str) -> bool:
    return bool(said) and not re.search(r"[{}]|nan|\binf\b|None", said) and said[-1] in ".)"


class TestMeanings:
    def test_memory_says_what_it_keeps_in_both_gated_networks(self):
        said = "keeps 95.3 % per step, half-life 14 steps, on average 20 steps old"
        assert sentences.memory_meaning(EN, DEFAULT) == said
        assert sentences.memory_meaning(EN, replace(DEFAULT, network="gru")) == said
        assert sentences.memory_meaning(EN, replace(DEFAULT, network="gru", update_bias=0.0)) != said
        assert "no gate" in sentences.memory_meaning(EN, replace(DEFAULT, network="rnn"))
        assert sentences.memory_meaning(EN, replace(DEFAULT, network="rnn"), "lstm") == said

    @pytest.mark.parametrize("preset", ["notebook", "count"])
    def test_memory_has_no_effect_on_wirings_made_by_hand(self, preset):
        assert "no effect" in sentences.memory_meaning(EN, PRESETS[preset])

    def test_biases_and_scale(self):
        assert sentences.meaning(EN, DEFAULT, "input_bias") == "4.7 % open without input"
        assert sentences.meaning(EN, DEFAULT, "update_bias") == "replaces 4.7 % per step, half-life 14 steps"
        assert sentences.meaning(EN, replace(DEFAULT, forget_bias=0.0), "forget_bias").startswith(
            "keeps 50 %"
        )
        assert "0.46" in sentences.meaning(EN, replace(DEFAULT, candidate_bias=0.5), "candidate_bias")
        assert "80 %" in sentences.meaning(EN, DEFAULT, "scale")
        assert "× 1.50" in sentences.meaning(EN, replace(DEFAULT, scale=1.5), "scale")
        assert sentences.meaning(EN, DEFAULT, "seed") == ""

    @languages
    @pytest.mark.parametrize("preset", PRESETS)
    def test_every_field_of_every_preset(self, t, preset):
        for name, settings in FIELDS.items():
            for value in {settings.low, settings.high} if settings.kind == "number" else ():
                here = with_values(state_of(preset), **{name: value})
                said = sentences.meaning(t, here.experiment, name)
                assert not re.search(r"[{}]|nan|None", said)
                assert said or not (name in ("memory", "scale") or name.endswith("_bias"))

    @languages
    def test_clamps(self, t):
        said = sentences.clamp(t, Clamp("f", 1.0, 6, 12, 2))
        assert all(part in said for part in ("f = 1", "7", "12", "3"))
        assert "7" in sentences.clamp(t, Clamp("c", -0.5, 6)) and "−0.50" in sentences.clamp(
            t, Clamp("c", -0.5, 6)
        )


class TestGates:
    @languages
    @networks
    @pytest.mark.parametrize("preset", PRESETS)
    def test_every_preset_has_a_sentence_and_a_row_for_each_vector(self, t, network, preset):
        simulation = simulate(PRESETS[preset], network)
        said = gates_words.gates_sentence(t, [simulation])
        assert is_whole(said) and len(said) <= 215
        rows = sentences.step_rows(t, [simulation], 8)
        assert [row.key for row in rows] == ["x", *(f"{network}.{x}" for x in CELLS[network].Vectors._fields)]
        assert all(row.text and row.name and not re.search("[{}]|nan|None", row.text) for row in rows)
        assert all(re.fullmatch("#[0-9A-F]{6}", row.colour) for row in rows)

    def test_the_numbers_are_the_cores(self):
        simulation = simulate(DEFAULT)
        recording = simulation.recording
        said = gates_words.gates_sentence(EN, [simulation])
        start, stop = analysis.lull(simulation.signal.inputs)
        assert (start, stop) == (5, 60)
        shares = analysis.mean_share(recording, 6, 60)
        low, median, high = analysis.spread(analysis.half_life(shares))
        assert f"keep {100 * analysis.spread(shares).median:.1f} % per step" in said
        assert f"predicted {median:.0f} steps ({low:.0f} to {high:.0f})" in said
        seen = analysis.seen_half_life(analysis.memory_size(recording)[:, 0], start, stop)
        assert f"seen in |c| {seen.steps:.0f} steps" in said
        saturated = analysis.saturated_share(recording)
        assert f"{100 * (saturated.low + saturated.high):.0f} % of all gate values" in said

    def test_the_sentence_follows_memory(self):
        assert "keep 50 % per step" in sentence(EN, replace(DEFAULT, memory=0.0))
        assert "half-life predicted 1 step," in sentence(EN, replace(DEFAULT, memory=0.0))
        assert sentence(EN, replace(DEFAULT, memory=5.0)) != sentence(EN, DEFAULT)

    def test_the_rnn_has_no_gate_and_no_half_life_is_promised(self):
        said = sentence(EN, DEFAULT, "rnn")
        curve = analysis.memory_size(simulate(DEFAULT, "rnn").recording)[:, 0]
        assert said.startswith("No gate holds h") and f"{curve[5]:.2f}" in said and "predicted" not in said
        assert f"{100 * curve[15] / curve[5]:.1f} % of it 10 steps later" in said

    @networks
    def test_new_input_at_every_step_hides_the_half_life(self, network):
        said = sentence(EN, PRESETS["noise"], network)
        assert "new input at every step" in said.lower() and "seen" not in said

    def test_held_gates_are_named_and_a_memory_that_loses_nothing_is_endless(self):
        said = sentence(EN, PRESETS["remember"])
        assert (
            "predicted endless" in said and "over 54 steps" in said and "Held: f = 1, i = 0, o = 1." in said
        )

    def test_the_notebooks_sentence_holds_its_three_moments(self):
        simulation = simulate(PRESETS["notebook"])
        inputs, channels, _ = simulation.signal
        assert gates_words.NOTEBOOK["write"] == inputs[:, channels.index("write")].argmax()
        assert gates_words.NOTEBOOK["erase"] == inputs[:, channels.index("erase")].argmax()
        assert inputs[gates_words.NOTEBOOK["ignore"], 0] == -1
        said = gates_words.gates_sentence(EN, [simulation])
        curve = analysis.memory_size(simulation.recording)[:, 0]
        assert (
            f"{curve[8]:.2f} at the write (t = 9)" in said and f"{curve[40]:.4f} after erase (t = 41)" in said
        )
        assert "keep" in sentence(EN, replace(PRESETS["notebook"], steps=30))

    def test_the_counter_counts_and_the_gru_does_not(self):
        peak = analysis.memory_size(simulate(PRESETS["count"]).recording).max()
        assert f"c counts up to {peak:.1f} after 11 pulses" in sentence(EN, PRESETS["count"])
        assert "cannot count" in sentence(EN, PRESETS["count"], "gru")

    def test_a_curve_that_grows_has_no_half_life(self):
        growing = replace(DEFAULT, memory=7.0, input_bias=5.0, candidate_bias=5.0)
        assert "seen in |c| none, it grows" in sentence(EN, growing)

    @languages
    def test_one_unit_has_no_range(self, t):
        said = sentence(t, replace(DEFAULT, units=1))
        assert is_whole(said) and "(" not in said
        rows = sentences.step_rows(t, [simulate(replace(DEFAULT, units=1))], 5)
        assert all(t("rows.units", low="", high="")[:3] not in row.text for row in rows)

    @languages
    def test_an_overflow_is_told_with_its_step(self, t):
        huge = Table(np.array([[0.0], [1.0], [1e308], [-1e308], [1e308]]), ("x",))
        wired = replace(DEFAULT, signal="data", standardise=False, candidate_bias=0.0)
        simulation = simulate(wired, "rnn", huge)
        broken = simulation.recording._replace(
            vectors=simulation.recording.vectors._replace(h=np.full((5, 1, 16), np.nan))
        )
        said = gates_words.gates_sentence(t, [simulation._replace(recording=broken)])
        assert is_whole(said) and "t = 1" in said
        assert sentences.step_rows(t, [simulation._replace(recording=broken)], 2)[1].text == t("rows.missing")
        for network in CELLS:
            assert is_whole(gates_words.gates_sentence(t, [simulate(wired, network, huge)]))

    @languages
    def test_two_networks_have_a_sentence_each(self, t):
        shown = [simulate(PRESETS["second_pulse"], network) for network in ("lstm", "gru")]
        said = gates_words.gates_sentence(t, shown)
        assert said.startswith("LSTM: ") and " GRU: " in said and len(said) <= 260
        for simulation in shown:
            share = analysis.pulse_share(simulation.recording, 5, 35)
            assert (
                numbers.relative_size(t, share.before) in said
                and numbers.relative_size(t, share.after) in said
            )
        rows = sentences.step_rows(t, shown, 3)
        assert rows[1].name.startswith("LSTM · ") and rows[-1].key == "gru.h" and len(rows) == 11

    def test_rows_say_what_the_step_does(self):
        simulation = simulate(DEFAULT)
        vectors = simulation.recording.vectors
        rows = {row.key: row.text for row in sentences.step_rows(EN, [simulation], 5)}
        assert rows["x"] == "pulse 1"
        assert rows["lstm.f"].startswith(f"keeps {100 * vectors.f[5].mean():.1f} % of the cell state (units ")
        size = np.abs(vectors.c[5]).mean()
        assert rows["lstm.c"] == f"mean size {size:.2f}, up {size:.2f} from the step before"
        chosen = sentences.step_rows(EN, [simulation], 500, letters=("f", "c"))
        assert [row.key for row in chosen] == ["x", "lstm.f", "lstm.c"]

    def test_the_convention_stands_where_z_stands(self):
        rows = {row.key: row.text for row in sentences.step_rows(EN, [simulate(DEFAULT, "gru")], 5)}
        assert "share of the NEW (Chung). PyTorch and Keras: share of the OLD" in rows["gru.z"]

    def test_held_and_clipped_values_are_marked(self):
        held = {row.key: row.text for row in sentences.step_rows(EN, [simulate(PRESETS["remember"])], 6)}
        before = {row.key: row.text for row in sentences.step_rows(EN, [simulate(PRESETS["remember"])], 5)}
        assert held["lstm.f"].endswith("(held)") and not before["lstm.f"].endswith("(held)")
        count = {row.key: row.text for row in sentences.step_rows(EN, [simulate(PRESETS["count"])], 50)}
        assert count["lstm.c"].endswith("(1 of 1 units outside −1..1)")

    @languages
    def test_typed_characters_come_as_they_are(self, t):
        typed = simulate(replace(DEFAULT, signal="text", text="가{0}<img>"))
        assert "“가”" in sentences.step_rows(t, [typed], 0)[0].text
        assert "“{”" in sentences.step_rows(t, [typed], 1)[0].text
        assert is_whole(gates_words.gates_sentence(t, [typed]))

    @languages
    def test_dates_and_many_columns(self, t):
        table = parse_table("date,a,b,c,d,{e}\n2018-01-01,1,2,3,4,5\n2018-01-08,2,3,4,5,7")
        row = sentences.step_rows(t, [of_numbers(table)], 1)[0]
        assert row.text.startswith("2018-01-08: a 1, b 1") and "{e}" not in row.text

    def test_channels_have_our_names_or_the_readers(self):
        assert sentences.channel_names(KO, simulate(PRESETS["notebook"])) == ("값", "쓰기", "읽기", "지우기")
        table = parse_table("step,pulse\n1,2\n2,4")
        assert sentences.channel_names(KO, of_numbers(table)) == ("step", "pulse")


class TestGradients:
    @languages
    @pytest.mark.parametrize("preset", PRESETS)
    @pytest.mark.parametrize("axis", ["relative", "absolute"])
    def test_every_preset(self, t, preset, axis):
        norms = curves(PRESETS[preset])
        assert is_whole(gradients_words.gradients_sentence(t, norms, 50, axis))
        for norm in norms.values():
            assert "×" in gradients_words.curve_factor(t, norm, 50)

    def test_the_default(self):
        norms = curves(DEFAULT)
        said = gradients_words.gradients_sentence(EN, norms, 50)
        lstm = float(analysis.back(analysis.relative(norms["lstm"]), 50))
        assert re.match(r"50 steps back: RNN 1 in 7[4-7],000, LSTM ", said)
        assert f"LSTM {100 * lstm:.0f} %" in said
        assert said.endswith("Vanishes: RNN. Holds: LSTM, GRU.")

    def test_verdicts(self):
        assert gradients_words.gradients_sentence(EN, curves(PRESETS["fresh_torch"]), 50).endswith(
            "All vanish."
        )
        assert gradients_words.gradients_sentence(EN, curves(PRESETS["rnn_keeps"]), 50).endswith("All hold.")
        assert "Explodes: RNN." in gradients_words.gradients_sentence(
            EN, curves(PRESETS["exploding_rnn"]), 50
        )

    def test_a_sequence_that_is_too_short_says_so(self):
        norms = curves(replace(DEFAULT, steps=20))
        said = gradients_words.gradients_sentence(EN, norms, 50)
        assert said.startswith("19 steps back: ") and said.endswith(
            "The input has only 19 steps before the last."
        )

    @languages
    def test_underflow_overflow_a_cut_and_no_signal(self, t):
        falling = 10.0 ** np.linspace(-320, 0, 60)
        falling[0] = 0.0
        cut = np.where(np.arange(60) < 30, 0.0, 1.0)
        rising = np.where(np.arange(60) < 7, np.inf, 1.0)
        for curve, at, key in ((falling, 1, "underflow"), (cut, 30, "cut"), (rising, 7, "overflow")):
            said = gradients_words.gradients_sentence(t, {"rnn": curve}, 59)
            assert t(f"gradients.{key}", network="RNN", step=at) in said
        silent = gradients_words.gradients_sentence(t, {"lstm": np.zeros(60), "gru": np.ones(60)}, 50)
        assert t("gradients.no_signal", network="LSTM") in silent and "GRU 100" in silent

    def test_absolute_says_both_ends(self):
        norms = curves(PRESETS["full_cell"])
        said = gradients_words.gradients_sentence(EN, norms, 50, "absolute")
        assert f"LSTM {numbers.size(EN, norms['lstm'][-1])} → {numbers.size(EN, norms['lstm'][-51])}" in said

    def test_factor_per_step(self):
        assert gradients_words.curve_factor(EN, 0.8 ** np.arange(60)[::-1], 50) == "× 0.80 per step"

    @languages
    def test_parameters(self, t):
        said = gradients_words.parameters(t, simulate(DEFAULT))
        assert "16" in said and "1,152" in said

    @languages
    def test_figures_get_their_words(self, t):
        assert {"closed", "open", "signed_low", "signed_high", "time"} <= sentences.heatmap_words(t).keys()
        assert sentences.curve_words(t)["hover"].format(network="RNN", back=5, t=55, value="13 %")


class TestNotes:
    @languages
    def test_what_the_curves_and_the_band_are(self, t):
        waiting = gradients_words.gradients_note(t, "memory", 8, settled=False)
        assert waiting != gradients_words.gradients_note(t, "memory", 8, settled=True) and "8" in waiting
        hidden = gradients_words.gradients_note(t, "hidden", 8, settled=True)
        assert hidden.endswith(t("gradients.hidden_curve"))

    @languages
    def test_what_the_dashed_lines_and_the_special_squares_are(self, t):
        free, held, counting = simulate(DEFAULT), simulate(PRESETS["remember"]), simulate(PRESETS["count"])
        assert gates_words.gates_note(t, [free], pinned=False) == ""
        assert gates_words.gates_note(t, [free], pinned=True) == t("controls.pinned")
        both = f"{t('controls.unclamped')} {t('marks.held')}"
        assert gates_words.gates_note(t, [free, held], pinned=False) == both
        assert gates_words.gates_note(t, [held], pinned=True).startswith(t("controls.pinned"))
        assert gates_words.gates_note(t, [counting], pinned=False) == t("marks.clipped")

    @languages
    def test_a_row_a_network(self, t):
        shown = [simulate(replace(DEFAULT, match=True), network) for network in CELLS]
        rows = gradients_words.network_rows(t, shown)
        assert [row.name for row in rows] == ["RNN", "LSTM", "GRU"]
        for row, simulation in zip(rows, shown, strict=True):
            assert str(simulation.recording.final.h.shape[-1]) in row.text


class TestHome:
    @languages
    @pytest.mark.parametrize("preset", PRESETS)
    def test_every_preset(self, t, preset):
        assert is_whole(
            home_words.home_sentence(t, [simulate(PRESETS[preset], network) for network in CELLS])
        )

    def test_the_default(self):
        shown = {network: simulate(DEFAULT, network) for network in CELLS}
        said = home_words.home_sentence(EN, shown.values())
        curve = analysis.memory_size(shown["lstm"].recording)[:, 0]
        assert "at t = 6, 10 steps later" in said and f"LSTM {100 * curve[15] / curve[5]:.0f} %" in said
        assert f"At t = 60: RNN 1 in 330,000, LSTM {100 * curve[-1] / curve[5]:.1f} %" in said


def noticed(**query: str):
    return opened(address.join(query.items())).notices


class TestNotices:
    @languages
    @pytest.mark.parametrize(
        "query",
        [
            {"m": "99"}, {"m": "x"}, {"T": "1e9"}, {"net": "{0}"}, {"preset": "<b>"}, {"v": "7"},
            {"std": "maybe"}, {"clamp": "f"}, {"clamp": ",".join(["f:1"] * 40)}, {"text": "a" * 600},
            {"data": "1 2\n3"}, {"data": "a,b\n1,x"}, {"data": "1 " * 400}, {"data": ";"}, {"bf": "-9"},
        ],
    )  # fmt: skip
    def test_whatever_an_address_holds_is_told_in_a_sentence(self, t, query):
        notices = noticed(**query)
        assert notices
        for notice in notices:
            said = sentences.notice(t, notice)
            assert said.endswith(".") and "None" not in said and said != t("errors.unknown")

    def test_a_clipped_value_names_field_and_value(self):
        assert sentences.notice(EN, *noticed(m="99")).startswith(
            "Memory 99 lies outside the range: 7 is used."
        )
        assert "−9" in sentences.notice(EN, *noticed(bf="−9"))

    @languages
    def test_choices_are_told_by_their_labels(self, t):
        said = sentences.notice(t, *noticed(cmp="xyz"))
        assert "RNN, LSTM, GRU" in said and t("choices.compare.none") in said and "xyz" in said
        assert t("presets.noise.label") in sentences.notice(t, *noticed(preset="xyz"))

    @languages
    def test_values_outside_their_range_in_code(self, t):
        for values in ({"units": 0}, {"text": "\n"}, {"network": "x"}, {"log": 3}, {"clamps": ("f",)}):
            with pytest.raises(InputError) as raised:
                state_of(**values)
            assert "{" not in sentences.notice(t, raised.value)

    @languages
    @pytest.mark.parametrize("name", FIELDS)
    def test_every_field_says_what_it_expects(self, t, name):
        assert sentences.expected(t, name)

    def test_an_unknown_error_keeps_the_last_picture(self):
        assert "last picture stays" in sentences.notice(EN, RuntimeError("x"))

    def test_a_notice_of_every_table_error(self):
        for pasted in ("", "a", "1 2\n3", "1\nx", "1\n" * 501, "1 " * 33 + "\n" + "1 " * 33, "1\nnan"):
            with pytest.raises(InputError) as raised:
                parse_table(pasted)
            assert sentences.notice(KO, raised.value) != KO("errors.unknown")
        assert "500" in sentences.notice(EN, Notice("text_cut", {"limit": 500, "count": 600}))
