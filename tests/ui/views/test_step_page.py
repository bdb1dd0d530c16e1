"""The page Step: its numbers are the recording's, what a person does in the drawing arrives, any address is drawn."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from states import state_of
from streamlit.testing.v1 import AppTest

import server
from recurrent_core import CELLS, PRESETS, Clamp, InputError, address, learning_signal, simulate
from recurrent_core.analysis.anatomy import anatomy
from recurrent_core.container import pack, unpack
from ui.changes import acted, changed
from ui.parts import message
from ui.render import render
from ui.settings import State, opened
from ui.shell.reader import KEY
from ui.views import VIEWS
from ui.views.step import drawing as step
from ui.views.step.page import words
from ui.words.text import text

ROOT = Path(__file__).parents[3]
EN, KO = text("en"), text("ko")
WORKED = PRESETS["worked_example"]
networks = pytest.mark.parametrize("network", CELLS)


def drawn(here: State) -> dict:
    """What the browser draws, unpacked as it unpacks it."""
    return sent_for(here)["body"]


def sent_for(here: State) -> dict:
    (drawing,) = VIEWS["step"].parts(here, text(here.lang))
    return unpack(pack(message(drawing, here.query, settled=True)))


def ask(query: str, **values) -> dict:
    return unpack(server.answered(json.dumps({"page": "step", "query": query, "values": values})))


def drawing_of(query: str, **values) -> dict:
    (part,) = ask(query, **values)["parts"]
    return part["body"]


def worked(preset: str = "worked_example", **fields) -> State:
    return state_of(preset, "step", **fields)


def run(**query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.switch_page("pages/step.py")
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception
    return app


@networks
@pytest.mark.parametrize("preset", ["write_once", "notebook", "remember", "worked_example", "second_pulse"])
def test_every_number_is_the_recordings_to_the_last_bit(preset, network):
    here = worked(preset, network=network, step_mode="backward")
    sent, simulation = drawn(here), simulate(here.experiment)
    gradients = learning_signal(simulation)
    for name, vector in simulation.recording.vectors._asdict().items():
        np.testing.assert_array_equal(sent["values"][name], vector[:, 0])
        np.testing.assert_array_equal(sent["gradients"][name], getattr(gradients.vectors, name)[:, 0])
    opened = anatomy(simulation.recording, gradients)
    for place, array in opened.values.items():
        np.testing.assert_array_equal(sent["values"][place], array)
        np.testing.assert_array_equal(sent["gradients"][place], opened.gradients[place])
    for gate, affine in simulation.recording.params._asdict().items():
        for part, array in affine._asdict().items():
            np.testing.assert_array_equal(sent["params"][gate][part], np.atleast_2d(array))
    np.testing.assert_array_equal(sent["values"]["x"], simulation.signal.inputs)


@pytest.mark.parametrize("mode", ["watch", "edit", "clamp"])
def test_gradients_are_sent_where_they_are_shown_alone(mode):
    assert drawn(worked(step_mode=mode))["gradients"] is None


def test_the_worked_example_gives_its_numbers():
    values = drawn(worked())["values"]
    first = {"f": 0.6225, "i": 0.6457, "g": 0.6044, "c": 0.3902, "o": 0.69, "h": 0.2564}
    assert {place: round(float(values[place][0, 0]), 4) for place in first} == first
    assert [round(float(values[place][2, 0]), 4) for place in "ch"] == [1.6721, 0.8707]
    sent = drawn(worked())
    assert (sent["step"], sent["unit"], sent["editable"], sent["data"]) == (2, 0, True, "1\n2\n3")


def test_held_places_are_marked_and_the_others_are_not():
    sent = drawn(worked("noise", clamps=(Clamp("f", 0.5, 2, 4, 1), Clamp("z", 0.0))))
    assert list(sent["held"]) == ["f"]
    assert np.argwhere(sent["held"]["f"]).tolist() == [[2, 1], [3, 1]]
    assert np.all(sent["values"]["f"][2:4, 1] == 0.5)


@networks
def test_a_large_network_is_sent_in_part_around_the_chosen_unit(network):
    large = worked("noise", network=network, units=128, steps=500, step_mode="backward", unit=100)
    part, simulation = sent_for(large), simulate(large.experiment)
    sent = part["body"]
    first, count = sent["first"], sent["values"][f"a_{simulation.recording.cell.gates[0]}"].shape[1]
    assert 0 < first <= 100 < first + count <= 128
    size = sum(array.size for part in ("values", "gradients") for array in sent[part].values())
    assert size <= step.LARGEST
    whole = anatomy(simulation.recording, learning_signal(simulation))
    for place, array in whole.values.items():
        cut = array if place in step.whole(simulation.recording.cell) else array[:, first : first + count]
        np.testing.assert_array_equal(sent["values"][place], cut)
    for gate, affine in simulation.recording.params._asdict().items():
        np.testing.assert_array_equal(sent["params"][gate]["U"], affine.U[:, first : first + count])
    assert part["words"]["notices"] == [EN("step.window", first=first + 1, last=first + count, count=128)]


def test_ordinary_networks_are_sent_whole():
    part = sent_for(worked("noise", units=32, steps=200, step_mode="backward"))
    sent = part["body"]
    assert sent["first"] == 0 and part["words"]["notices"] == []
    assert all(array.shape == (200, 32) for place, array in sent["values"].items() if place != "x")


@pytest.mark.parametrize("lang", ["en", "ko"])
@networks
@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_is_drawn_with_numbers_within_their_places(preset, network, lang):
    here = worked(preset, lang=lang, network=network, step_mode="backward", unit=127, cursor=499)
    sent = drawn(here)
    assert sent["step"] == sent["steps"] - 1 and sent["unit"] == sent["units"] - 1
    assert sent["values"].keys() == sent["gradients"].keys() == sent["ranges"].keys()
    for place, array in sent["values"].items():
        assert array.shape[0] == sent["steps"] and np.isfinite(array).all(), place
    assert sent["channels"] and sent["short"] == {"cursor": "t", "unit": "u"}


# What a person does in the drawing


def test_an_edited_number_changes_the_drawing_and_only_its_own_network():
    answer = ask("preset=worked_example&lang=en&v=1", edits="lfW00:-0.5,gzb0:1")
    (part,) = answer["parts"]
    sent = part["body"]
    assert answer["notices"] == [] and part["kind"] == "drawing"
    assert sent["params"]["f"]["W"].tolist() == [[-0.5]]
    assert sent["values"]["f"][0, 0] == pytest.approx(1 / (1 + np.exp(0.5)), abs=1e-15)
    assert sent["edited"] == ["lfW00"] and sent["edits"] == "gzb0:1,lfW00:-0.5"
    assert "w=gzb0:1,lfW00:-0.5" in part["value"]


def test_inputs_are_edited_as_numbers_that_are_not_standardised():
    sent = drawing_of("lang=en&v=1&n=2", inputs="1\n2.5\n-3")
    assert sent["values"]["x"].tolist() == [[1.0], [2.5], [-3.0]] and sent["data"] == "1\n2.5\n-3"
    e = changed(state_of(), {"inputs": "1,0\n0.5,1"}).experiment
    assert (e.signal, e.data, e.standardise) == ("data", "1,0\n0.5,1", False)


def test_inputs_come_back_as_they_were_sent():
    for preset in ("write_once", "notebook", "count", "worked_example"):
        here = worked(preset, units=2)
        given = drawn(here)
        if not given["data"]:
            assert preset == "notebook"  # four channels
            continue
        again = drawing_of(here.query, inputs=given["data"])
        np.testing.assert_array_equal(again["values"]["x"], given["values"]["x"])


def test_inputs_that_cannot_be_typed_are_not_offered():
    assert drawn(worked("noise", units=2))["data"] == ""  # too long for an address
    assert drawn(worked(signal="text", text="aabb"))["data"] == ""
    assert drawn(worked(units=5))["data"] == "" and not drawn(worked(units=5))["editable"]


def test_a_place_is_held_from_the_drawing_at_one_step_or_all_and_let_go():
    held = {"vector": "f", "value": 0.5, "start": 2, "stop": 3, "unit": 0}
    here = acted(acted(worked(), "step_clamp", held), "step_clamp", held | {"value": 0.25})
    assert here.experiment.clamps == (Clamp("f", 0.25, 2, 3, 0),)
    here = acted(here, "step_clamp", {"vector": "f", "value": 1})
    here = acted(here, "step_clamp", {"vector": "i", "value": 7})
    assert here.experiment.clamps == (Clamp("f", 0.25, 2, 3, 0), Clamp("f", 1.0, 0), Clamp("i", 1.0, 0))
    here = acted(here, "step_release", {"vector": "f"})
    assert here.experiment.clamps == (Clamp("i", 1.0, 0),)


def test_while_the_value_of_a_held_place_is_dragged_the_drawing_follows():
    held = {"vector": "f", "value": 0.75, "start": 1, "stop": None, "unit": None}
    sent = drawing_of("preset=worked_example&lang=en&v=1", step_clamp=held)
    assert sent["values"]["f"][1:, 0].tolist() == [0.75, 0.75]
    assert sent["held"]["f"].ravel().tolist() == [0, 1, 1]


@pytest.mark.parametrize("value", [None, [], "f", {}, {"vector": "q", "value": 1}, {"vector": "f"}])
def test_what_is_no_place_cannot_be_held(value):
    here = acted(acted(worked(), "step_clamp", value), "step_release", value)
    assert here.experiment == WORKED


def test_edits_are_undone_by_one_button():
    here = worked(edits=(("lfb0", 2.0),))
    buttons = next(item for item in VIEWS["step"].panel(here, EN) if item["name"] == "actions")["items"]
    assert buttons[0]["action"] == "edits_reset" and "1" in buttons[0]["label"]
    here = acted(here, "edits_reset", True)
    assert here == worked()
    assert "edits_reset" not in json.dumps(VIEWS["step"].panel(here, EN))


# Coming to the page


@pytest.mark.parametrize("query", [{}, {"lang": "ko"}, {"lang": "en", "v": "1"}, {"lec": "1"}])
def test_without_settings_the_page_opens_on_the_worked_example_to_watch(query):
    here = run(**query).session_state[KEY].state
    assert here == worked(lang=query.get("lang", "en"), lecture="lec" in query)
    assert here.view.step_mode == "watch" and "preset=worked_example" in here.query


@pytest.mark.parametrize(
    "query", [{"m": "1"}, {"t": "12"}, {"net": "gru"}, {"preset": "noise"}, {"preset": "write_once"}]
)
def test_settings_that_come_along_are_kept(query):
    here = run(**query, lang="en", v="1").session_state[KEY].state
    fields = {"m": {"memory": 1.0}, "t": {"cursor": 12}, "net": {"network": "gru"}}
    assert here == worked(query.get("preset", "write_once"), **fields.get(next(iter(query)), {}))


EDITS = st.lists(
    st.tuples(st.from_regex(r"[rlg][ifgorznh][WUb][0-9]{1,2}", fullmatch=True), st.floats() | st.text(max_size=5)),
    max_size=6,
).map(lambda pairs: ",".join(f"{name}:{value}" for name, value in pairs))  # fmt: skip


@settings(max_examples=60)
@given(
    st.sampled_from(list(PRESETS)),
    st.one_of(EDITS, st.text(max_size=30)),
    st.integers(1, 4),
    st.sampled_from(["watch", "edit", "backward", "clamp"]),
)
def test_whatever_an_address_says_of_edits_is_drawn_or_named(preset, edits, units, mode):
    query = address.join({"preset": preset, "w": edits, "n": str(units), "mode": mode}.items())
    reply = render("step", query)
    (drawing,) = reply.parts
    assert drawing.body["mode"] == mode
    assert all(np.isfinite(exact.array).all() for exact in drawing.body["values"].values())
    wrong = [notice for notice in opened(query, "step").notices if notice.code in ("edit", "edit_count")]
    assert bool(reply.notices) == bool(wrong)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
HELD = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("vector", "value", "start", "stop", "unit"), st.sampled_from("fgc") | ANY)
)


@settings(max_examples=100)
@given(
    st.dictionaries(st.sampled_from(["edits", "inputs", "step_clamp", "cursor", "unit"]), ANY | HELD | EDITS)
)
def test_any_values_from_the_drawing_are_answered(values):
    answer = ask("preset=worked_example&lang=en&v=1", **values)
    assert "failed" not in answer
    assert bool(answer["parts"]) != bool(answer["notices"])


# Words


def test_the_drawing_gets_the_words_of_its_network_in_both_languages():
    for network, cell in CELLS.items():
        for mode in ("watch", "edit", "backward", "clamp"):
            assert f"step.sentence.{network}.{mode}" in words(EN, network)
        simulation = simulate(WORKED, network)
        places = [
            place for place in anatomy(simulation.recording).values if not re.match("(xW|hU|pU|a)_", place)
        ]
        said = words(EN, network)
        assert {f"step.why.{network}.{place}" for place in places} <= said.keys()
        assert f"vectors.{network}.{cell.memory}.short" in said
        assert words(KO, network).keys() == said.keys()


@pytest.mark.parametrize(("network", "states"), [("rnn", ["h"]), ("lstm", ["c", "h"]), ("gru", ["h"])])
def test_states_are_offered_in_the_order_of_flow_gates_in_the_order_of_the_drawing(network, states):
    graph = drawn(worked(network=network))["graph"]
    assert list(graph["states"]) == states
    assert [gate for gate in graph["gates"] if gate not in states] == list(
        {"lstm": "figo", "gru": "zrn"}.get(network, "")
    )


@networks
def test_the_fields_of_every_sentence_are_numbers_of_the_drawing(network):
    """What the browser can fill in: places, their shares, their gradients, and where it stands."""
    values = anatomy(simulate(WORKED, network).recording).values
    known = {"t", "before", "unit", *values, *(f"d_{place}" for place in values)}
    known |= {f"{place}_{share}" for place in values for share in ("percent", "rest")}
    for key, word in words(EN, network).items():
        if key.startswith((f"step.sentence.{network}", f"step.why.{network}")):
            assert set(re.findall(r"{(\w+)}", word)) <= known, key


def test_an_input_that_is_not_here_is_an_error_for_the_page():
    with pytest.raises(InputError):
        VIEWS["step"].parts(worked(signal="data", data="sha:00000000"), EN)
