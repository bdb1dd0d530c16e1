"""What a touch does: values are taken or named, actions change the state, and nothing is changed in place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from states import state_of

from recurrent_core import PRESETS, Clamp, Experiment, InputError
from store import files
from ui.changes import ACTIONS, acted, arrived, changed
from ui.settings import FIELDS, State, opened

DEFAULT = State()


def table_text(rows: int, columns: int = 2) -> str:
    return "\n".join(",".join(f"{row + column / 10}" for column in range(columns)) for row in range(rows))


def codes(state: State) -> list[str]:
    return [notice.code for notice in state.notices]


def test_values_go_to_the_records_that_have_them():
    found = changed(DEFAULT, {"memory": 5.5, "units": 7, "cursor": 9, "rate": "0.5"})
    assert found == state_of(memory=5.5, units=7, cursor=9, rate=0.5)
    assert State() == DEFAULT


def test_unknown_names_are_ignored_and_numbers_clipped():
    found = changed(DEFAULT, {"memory": 99, "nonsense": 3, "__class__": "x"})
    assert found == state_of(memory=7.0)
    assert changed(DEFAULT, {"nonsense": 3}) is DEFAULT


def test_a_value_of_the_wrong_kind_becomes_a_notice_until_something_else_is_moved():
    wrong = changed(DEFAULT, {"network": "transformer", "memory": 1.0})
    assert wrong.experiment == Experiment() and codes(wrong) == ["choice"]
    assert changed(wrong, {"memory": 4.0}).notices == ()


def test_memory_takes_both_biases_back():
    found = changed(state_of(forget_bias=1.0, update_bias=2.0), {"memory": 4.0})
    assert (found.experiment.forget_bias, found.experiment.update_bias) == (None, None)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_can_be_chosen_and_come_back_to(name):
    chosen = acted(DEFAULT, "preset", name)
    assert chosen == state_of(name) and not chosen.changed and not chosen.differing
    moved = changed(chosen, {"memory": -2.5, "units": 3, "cursor": 17})
    assert {"memory", "units"} <= {*moved.changed} and "cursor" in moved.differing
    assert acted(moved, "reset", True) == chosen


def test_a_preset_keeps_the_question_and_lecture_mode():
    kept = {"tab": "why", "source": "cho", "of": "gru", "lecture": True}
    found = acted(state_of(**kept, cursor=40, rate=0.5), "preset", "notebook")
    assert found == state_of("notebook", **kept)


@pytest.mark.parametrize("name", ["preset", "clamp_remove", "nothing"])
def test_an_action_that_means_nothing_changes_nothing(name):
    assert acted(state_of("remember"), name, "nonsense") == state_of("remember")


def test_pin_keeps_the_picture_and_unpin_lets_it_go():
    pinned = changed(acted(DEFAULT, "pin", True), {"memory": -1.0})
    assert pinned.pinned == Experiment() and pinned.experiment.memory == -1.0
    assert acted(pinned, "unpin", True).pinned is None


def test_a_vector_is_held_from_the_cursor_on_and_its_sliders_change_it():
    held = acted(state_of(cursor=9), "clamp_add", "f")
    assert held.experiment.clamps == (Clamp("f", 0.0, 9),)
    held = changed(held, {"clamp_value": 0.25})
    assert held.experiment.clamps == (Clamp("f", 0.25, 9),)
    on_the_screen = {"clamp_start": 3, "clamp_stop": 12, "clamp_unit": 2}  # t = 3..12, the second unit
    held = changed(held, on_the_screen)
    assert held.experiment.clamps == (Clamp("f", 0.25, 2, 12, 1),)
    assert changed(held, {"clamp_unit": 0}).experiment.clamps == (Clamp("f", 0.25, 2, 12, None),)


def test_only_the_last_held_vector_has_sliders_and_any_can_be_removed():
    held = changed(state_of("remember"), {"clamp_value": 0.5})
    assert held.experiment.clamps == (*PRESETS["remember"].clamps[:2], Clamp("o", 0.5, 6))
    assert [clamp.name for clamp in acted(held, "clamp_remove", 0).experiment.clamps] == ["i", "o"]


def test_sliders_of_a_held_vector_without_one_change_nothing():
    assert changed(DEFAULT, {"clamp_value": 0.5}) == DEFAULT


def test_a_vector_that_is_none_cannot_be_held():
    found = acted(DEFAULT, "clamp_add", "q")
    assert found.experiment == Experiment() and codes(found) == ["clamp"]


def test_a_short_table_stands_in_the_address_and_a_long_one_goes_by_its_content():
    short = acted(DEFAULT, "upload", "1,2\n3,4").experiment
    assert (short.signal, short.data) == ("data", "1,2\n3,4")
    long = acted(DEFAULT, "upload", table_text(200)).experiment
    assert long.signal == "data" and len(long.data) == len("sha:") + 64
    assert acted(state_of("noise"), "upload", table_text(200)).experiment.data == long.data
    assert acted(DEFAULT, "upload", table_text(201)).experiment.data != long.data


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (table_text(501), "table_rows"),
        (table_text(3, 33), "table_columns"),
        ("1,2\n3,inf\n", "table_number"),
        ("1,2\n3\n", "table_ragged"),
        ("\x00\x01\x02 PNG\n\x7f", "table_empty"),
        ("", "table_empty"),
        ("1\n" * 500_001, "table_large"),
        ("가\n" * 250_001, "table_large"),  # of bytes, not of characters
    ],
)
def test_a_bad_table_is_one_notice_and_leaves_everything_as_it_was(text, code):
    before = acted(DEFAULT, "upload", table_text(200))
    after = acted(before, "upload", text)
    assert after.experiment == before.experiment and codes(after) == [code]
    assert isinstance(after.notices[0], InputError)


def test_a_table_that_cannot_be_kept_is_said_and_the_settings_stay(monkeypatch, caplog):
    def full(*given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write", full)
    before = acted(DEFAULT, "upload", "1,2\n3,4")
    after = acted(before, "upload", table_text(202))
    assert after.experiment == before.experiment
    (notice,) = after.notices
    assert notice.code == "table_kept"


def test_half_a_character_in_a_long_table_does_no_harm():
    found = acted(DEFAULT, "upload", table_text(200) + "\ud800")
    assert found.experiment.data == acted(DEFAULT, "upload", table_text(200)).experiment.data
    assert found.notices == ()


def test_a_text_that_is_too_long_is_cut_with_a_notice():
    found = changed(DEFAULT, {"signal": "text", "text": "가" * 501})
    assert found.experiment.text == "가" * 500 and found.drafts == {}
    assert [(n.code, n.values["count"]) for n in found.notices] == [("text_cut", 501)]


def test_numbers_that_cannot_be_read_stay_in_their_box_beside_the_last_picture():
    wrong = changed(state_of(signal="data", data="1,2"), {"data": "1,2\n3"})
    assert wrong.experiment.data == "1,2" and codes(wrong) == ["table_ragged"]
    assert wrong.drafts == {"data": "1,2\n3"}
    mended = changed(wrong, {"data": "1,2\n3,4"})
    assert mended == state_of(signal="data", data="1,2\n3,4")


def test_many_pasted_numbers_are_kept_as_if_uploaded():
    found = changed(DEFAULT, {"signal": "data", "data": table_text(200)})
    assert found.experiment == acted(DEFAULT, "upload", table_text(200)).experiment


def test_a_page_may_open_with_a_preset_of_its_own():
    opens = arrived(state_of(page="gates", lecture=True), "step")
    assert opens == state_of("worked_example", "step", lecture=True)
    moved = state_of(page="gates", cursor=12)
    assert arrived(moved, "step") == moved._replace(page="step")
    here = state_of(page="step")  # chosen on the page itself
    assert arrived(here, "step") == here
    assert arrived(state_of(page="step"), "gates") == state_of(page="gates")


VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20))


@settings(max_examples=150)
@given(st.dictionaries(st.sampled_from(list(FIELDS)), VALUES, max_size=5))
def test_any_values_from_the_browser_are_taken_or_named(values):
    found = changed(DEFAULT, values)
    assert all(isinstance(notice, InputError) for notice in found.notices)
    again = opened(found.query)
    assert (again.experiment, again.training, again.view) == (found.experiment, found.training, found.view)


@settings(max_examples=100)
@given(
    st.lists(
        st.tuples(st.sampled_from(list(ACTIONS)), VALUES | st.dictionaries(st.text(), VALUES)), max_size=6
    )
)
def test_any_actions_leave_a_state_with_an_address(actions):
    state = state_of(page="step", units=4)
    for name, value in actions:
        state = acted(state, name, value)
    assert opened(state.query, state.page).experiment == state.experiment
