"""Controls: all of an experiment can be reached, and what a control shows is what the session holds."""

import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from states import state_of

from recurrent_core import CELLS, PRESETS, WIRINGS, Clamp
from ui import controls
from ui.changes import ACTIONS, changed, with_values
from ui.settings import FIELDS, State
from ui.views import VIEWS
from ui.words.text import LANGUAGES, text

PANELS = {name: view.panel for name, view in VIEWS.items()}


def panel(name: str, here: State) -> list[dict]:
    return PANELS[name](here, text(here.lang))


def flat(items):
    """All items, those within groups and bars too."""
    for item in items:
        yield item
        yield from flat(item.get("items", ()))


def named(items) -> dict[str, dict]:
    return {item["name"]: item for item in flat(items)}


def everywhere(here: State) -> set[str]:
    """Names of all controls, of every page and every question."""
    asked = [with_values(here, tab=tab) for tab in FIELDS["tab"].choices]
    return {name for one in asked for page in PANELS for name in named(panel(page, one))}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("page", PANELS)
def test_items_are_plain_json_with_names_of_their_own(page, preset, lang):
    items = panel(page, state_of(preset, page, lang, PRESETS["noise"]))
    assert json.loads(json.dumps(items, allow_nan=False)) == json.loads(json.dumps(items))
    counts = Counter(item["name"] for item in flat(items))
    assert not [name for name, count in counts.items() if count > 1]
    assert all(item["label"] for item in flat(items) if item["kind"] != "bar")


def test_every_field_is_reached_somewhere():
    reached = set()
    chosen = [{"signal": signal} for signal in FIELDS["signal"].choices]
    chosen += [{"wiring": wiring} for wiring in WIRINGS]
    for values in chosen:
        for network in CELLS:
            reached |= everywhere(state_of(**values, network=network, clamps=(Clamp("h", 0.0),)))
    # The cursor is moved and numbers are edited in the picture, lecture mode has a button in the head, and a training
    # is named when it is started.
    assert set(FIELDS) - reached == {"cursor", "edits", "lecture", "trained"}
    assert {
        "clamp_add",
        "clamp_0",
        "clamp_value",
        "clamp_start",
        "clamp_stop",
        "clamp_unit",
        "upload",
    } <= reached


@pytest.mark.parametrize("page", PANELS)
def test_the_first_screen_has_few_controls(page):
    items = panel(page, state_of())
    assert len([item for item in items if item["kind"] in ("slider", "choice", "segments", "toggle")]) <= 5
    assert not [item for item in flat(items) if item["kind"] == "group" and item["open"]]


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("page", PANELS)
def test_a_control_shows_the_value_of_its_field(page, preset):
    here = state_of(preset, page)
    shown = named(panel(page, here))
    for name in (set(shown) & set(FIELDS)) - {"clamps"}:
        value = here.get(name)
        if name in ("forget_bias", "update_bias"):
            value = here.experiment.bias(name)
        if shown[name]["kind"] == "slider":
            low, high = shown[name]["min"], shown[name]["max"]
            assert low < high and shown[name]["value"] == min(max(value, low), high)
        else:
            assert shown[name]["value"] == value
        if "options" in shown[name]:
            assert value in [option for option, _ in shown[name]["options"]]


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("page", PANELS)
def test_what_a_control_may_send_is_taken_as_it_is(page, preset):
    """Each end of each slider, each option of each choice, both sides of each switch."""
    here = state_of(preset, page)
    for name, item in named(panel(page, here)).items():
        if name not in FIELDS or item["kind"] == "group":
            continue
        ends = {
            "slider": [item.get("min"), item.get("max")],
            "toggle": [True, False],
            "choice": [option for option, _ in item.get("options", ())],
            "segments": [option for option, _ in item.get("options", ())],
            "text": ["1,2"],
        }[item["kind"]]
        for value in ends:
            taken = changed(here, {name: value})
            assert taken.get(name) == value and taken.notices == ()


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("page", PANELS)
def test_actions_are_those_that_are_known(page, preset):
    items = panel(page, state_of(preset, page, pinned=PRESETS["noise"]))
    named_actions = {item["action"] for item in flat(items) if item["kind"] == "button"}
    named_actions |= {
        item["name"] for item in flat(items) if item.get("action") is True or item["kind"] == "file"
    }
    assert named_actions <= {*ACTIONS}
    assert {action["name"] for action in controls.KEYS.values()} <= {*ACTIONS}


def test_keys_choose_the_first_eight_presets_and_0_resets():
    assert {key: action.get("value") for key, action in controls.KEYS.items()} == {
        **dict(zip("12345678", PRESETS, strict=False)),
        "0": None,
    }


def test_reset_waits_for_a_change_and_more_settings_counts_them():
    shown = named(panel("gates", state_of("noise")))
    assert shown["reset"]["disabled"] and shown["more"]["badge"] == ""
    shown = named(
        panel("gates", state_of("noise", memory=1.0, units=3, cursor=30))
    )  # where one looks counts not
    assert not shown["reset"]["disabled"] and shown["more"]["badge"] == "2 changed"


def test_unpin_is_there_when_something_is_pinned():
    assert "unpin" not in named(panel("gates", state_of()))
    assert "unpin" in named(panel("gates", state_of(pinned=PRESETS["noise"])))


def test_held_vectors_are_listed_with_their_way_out():
    shown = named(panel("gates", state_of("remember")))
    assert [shown[f"clamp_{k}"]["value"] for k in range(3)] == [0, 1, 2]
    assert all(shown[f"clamp_{k}"]["action"] == "clamp_remove" for k in range(3))
    assert shown["clamp_value"]["value"] == 1.0 and shown["clamp_start"]["value"] == 7  # t = 7 on the screen
    assert shown["clamps"]["badge"] == "3"


def test_a_held_cell_state_may_leave_its_usual_range_but_a_gate_may_not():
    def ends(letter):
        item = named(panel("gates", state_of(clamps=(Clamp(letter, 0.0),))))["clamp_value"]
        return item["min"], item["max"]

    assert ends("f") == (0, 1) and ends("h") == (-1, 1) and ends("c") == (-10, 10)


def test_a_hash_is_not_shown_as_numbers():
    here = state_of(signal="data", data="sha:0123456789abcdef")
    assert named(panel("gates", here))["data"]["value"] == ""


def test_a_text_that_could_not_be_taken_stays_in_its_box():
    here = changed(state_of(signal="data", data="1,2"), {"data": "1,2\n3"})
    assert named(panel("gates", here))["data"]["value"] == "1,2\n3"


@settings(max_examples=40)
@given(
    st.fixed_dictionaries(
        {
            "steps": st.integers(20, 500), "units": st.integers(1, 128), "cursor": st.integers(0, 499),
            "distance": st.integers(1, 499), "pulse_at": st.integers(0, 499), "second_at": st.integers(0, 499),
            "signal": st.sampled_from(["pulse", "pulses", "step", "count", "text"]), "text": st.text(max_size=30),
            "clamps": st.lists(
                st.tuples(st.sampled_from("fhc"), st.floats(-1, 1), st.integers(0, 500), st.integers(0, 500)),
                max_size=2,
            ),
        }
    ),
    st.sampled_from(list(PANELS)),
)  # fmt: skip
def test_no_slider_stands_outside_its_ends(values, page):
    for item in flat(panel(page, with_values(state_of(page=page), **values))):
        if item["kind"] == "slider":
            assert item["min"] <= item["value"] <= item["max"], item["name"]


@pytest.mark.parametrize("page", PANELS)
def test_where_there_are_presets_each_key_does_what_a_control_does(page):
    """The browser has the control tell the key (see control.js): by the action's name."""
    items = named(panel(page, state_of(page=page)))
    if "preset" not in items:
        return
    assert items["preset"]["action"] and items["reset"]["action"] == "reset"
    offered = [value for value, _ in items["preset"]["options"]]
    for key, action in controls.KEYS.items():
        assert action == (
            {"name": "preset", "value": offered[int(key) - 1]} if int(key) else {"name": "reset"}
        )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_said_of_the_keys_names_them_all(lang):
    said = text(lang)("keys.on")
    digits = sorted(set(controls.KEYS) - {"0"})
    assert digits[0] in said and digits[-1] in said and "0" in said and "L" in said
