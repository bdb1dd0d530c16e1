"""A reader's state: what it takes from the browser, what it leaves, and that its address holds all of it."""

from dataclasses import replace
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recurrent_core import FIELDS, PRESETS, Clamp, Experiment, InputError
from ui.session import TABLES, Session


def from_address(query: str, tables=None) -> Session:
    """A session that opens with this address."""
    session = Session(tables=dict(tables or {}))
    session.read(dict(parse_qsl(query, keep_blank_values=True)))
    return session


def report(session: Session, settled: bool = True, **values) -> None:
    """What the controls send when something has been moved."""
    session.receive(
        {"seq": session.seq + 1, "revision": session.revision, "values": values, "settled": settled}
    )


def act(session: Session, name: str, value=True) -> None:
    action = {"name": name, "value": value, "number": session.acted + 1}
    session.receive({"seq": session.seq + 1, "revision": session.revision, "values": {}, "action": action})


def table_text(rows: int, columns: int = 2) -> str:
    return "\n".join(",".join(f"{row + column / 10}" for column in range(columns)) for row in range(rows))


def test_values_are_taken_and_numbered():
    session = Session()
    report(session, memory=5.5, units=7)
    assert (session.experiment.memory, session.experiment.units, session.seq) == (5.5, 7, 1)


@pytest.mark.parametrize("seq", [3, 4, None, "9", 9.0])
def test_a_number_that_is_not_higher_is_old_news(seq):
    session = Session(seq=4)
    session.receive({"seq": seq, "revision": session.revision, "values": {"memory": 5.0}})
    assert session.experiment == Experiment() and session.seq == 4


def test_values_from_before_a_preset_are_left_out_but_answered():
    session = Session()
    before = session.revision
    act(session, "preset", "forget")
    session.receive({"seq": 2, "revision": before, "values": {"memory": 6.0}, "settled": False})
    assert session.experiment == PRESETS["forget"]
    assert session.seq == 2 and session.revision > before and not session.settled


@pytest.mark.parametrize("state", [{}, {"seq": 1, "values": [1]}, {"seq": 1, "action": "preset"}])
def test_a_report_of_another_shape_changes_nothing(state):
    session = Session()
    session.receive(state)
    assert session.experiment == Experiment()


def test_unknown_names_are_ignored_and_numbers_clipped():
    session = Session()
    report(session, memory=99, nonsense=3, __class__="x")
    assert session.experiment == Experiment(memory=7.0)


def test_a_value_of_the_wrong_kind_becomes_a_notice_until_something_else_is_moved():
    session = Session()
    report(session, network="transformer")
    assert session.experiment == Experiment() and [n.code for n in session.notices] == ["choice"]
    report(session, memory=4.0)
    assert session.notices == []


def test_memory_takes_both_biases_back():
    session = Session(experiment=Experiment(forget_bias=1.0, update_bias=2.0))
    report(session, memory=4.0)
    assert (session.experiment.forget_bias, session.experiment.update_bias) == (None, None)


def test_dragging_and_letting_go():
    session = Session()
    report(session, settled=False, memory=4.0)
    assert not session.settled
    report(session, settled=True, memory=4.1)
    assert session.settled


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_can_be_chosen_and_come_back_to(name):
    session = Session()
    act(session, "preset", name)
    assert session.experiment == PRESETS[name]
    report(session, memory=-2.5, units=3)
    act(session, "reset")
    assert session.experiment == PRESETS[name]


@pytest.mark.parametrize("name", ["preset", "clamp_remove", "nothing"])
def test_an_action_that_means_nothing_changes_nothing(name):
    session = Session(experiment=PRESETS["remember"])
    act(session, name, "nonsense")
    assert session.experiment == PRESETS["remember"]


def test_a_report_that_comes_twice_acts_once():
    """Without an answer in time the browser reports again: the report has another number, its action the same."""
    session = Session(experiment=PRESETS["remember"])
    revision, action = session.revision, {"name": "clamp_remove", "value": 0, "number": 1}
    for seq in (1, 2, 3):
        session.receive({"seq": seq, "revision": revision, "values": {"memory": 1.0}, "action": action})
    assert [clamp.name for clamp in session.experiment.clamps] == ["i", "o"]
    assert (session.seq, session.acted, session.revision) == (3, 1, revision + 1)
    session.receive({"seq": 4, "revision": session.revision, "values": {}, "action": action | {"number": 2}})
    assert [clamp.name for clamp in session.experiment.clamps] == ["o"]


def test_an_action_that_failed_is_not_tried_again():
    session = Session()
    act(session, "clamp_add", "q")
    session.receive({"seq": 2, "action": {"name": "clamp_add", "value": "f", "number": 1}})
    assert session.experiment == Experiment()


@pytest.mark.parametrize("number", [None, "1", 0, 1.0])
def test_an_action_without_a_number_of_its_own_is_not_ours(number):
    session = Session()
    session.receive({"seq": 1, "action": {"name": "preset", "value": "noise", "number": number}})
    assert session.experiment == Experiment()


def test_pin_keeps_the_picture_and_unpin_lets_it_go():
    session = Session()
    act(session, "pin")
    report(session, memory=-1.0)
    assert session.pinned == Experiment() and session.experiment.memory == -1.0
    act(session, "unpin")
    assert session.pinned is None


def test_a_vector_is_held_from_the_cursor_on_and_its_sliders_change_it():
    session = Session(experiment=Experiment(cursor=9))
    act(session, "clamp_add", "f")
    assert session.experiment.clamps == (Clamp("f", 0.0, 9),)
    report(session, clamp_value=0.25)
    assert session.experiment.clamps == (Clamp("f", 0.25, 9),)
    report(session, clamp_start=3, clamp_stop=12, clamp_unit=2)  # on the screen: t = 3..12, the second unit
    assert session.experiment.clamps == (Clamp("f", 0.25, 2, 12, 1),)
    report(session, clamp_unit=0)
    assert session.experiment.clamps == (Clamp("f", 0.25, 2, 12, None),)


def test_only_the_last_held_vector_has_sliders_and_any_can_be_removed():
    session = Session(experiment=PRESETS["remember"])
    report(session, clamp_value=0.5)
    assert session.experiment.clamps == (*PRESETS["remember"].clamps[:2], Clamp("o", 0.5, 6))
    act(session, "clamp_remove", 0)
    assert [clamp.name for clamp in session.experiment.clamps] == ["i", "o"]


def test_sliders_of_a_held_vector_without_one_change_nothing():
    session = Session()
    report(session, clamp_value=0.5)
    assert session.experiment == Experiment()


def test_a_vector_that_is_none_cannot_be_held():
    session = Session()
    act(session, "clamp_add", "q")
    assert session.experiment == Experiment() and [n.code for n in session.notices] == ["clamp"]


def test_a_short_table_travels_in_the_address_and_a_long_one_stays_in_the_session():
    session = Session()
    act(session, "upload", "1,2\n3,4")
    assert session.experiment.signal == "data" and session.experiment.data == "1,2\n3,4"
    assert session.table is None
    act(session, "upload", table_text(200))
    assert session.experiment.data.startswith("sha:")
    assert session.table.values.shape == (200, 2)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (table_text(501), "table_rows"),
        (table_text(3, 33), "table_columns"),
        ("1,2\n3,inf\n", "table_number"),
        ("1,2\n3\n", "table_ragged"),
        ("\x00\x01\x02 PNG\n\x7f", "table_empty"),
        ("", "table_empty"),
    ],
)
def test_a_bad_table_is_one_notice_and_leaves_everything_as_it_was(text, code):
    session = Session()
    act(session, "upload", table_text(200))
    before = session.experiment
    act(session, "upload", text)
    assert session.experiment == before and session.table is not None
    assert [notice.code for notice in session.notices] == [code]
    assert isinstance(session.notices[0], InputError)


def test_only_the_newest_tables_are_kept():
    session = Session()
    for rows in range(200, 200 + TABLES + 3):
        act(session, "upload", table_text(rows))
    assert len(session.tables) == TABLES
    assert session.table.values.shape == (200 + TABLES + 2, 2)


def test_the_pinned_picture_finds_its_own_table():
    session = Session()
    act(session, "upload", table_text(200))
    act(session, "pin")
    act(session, "upload", table_text(300))
    assert len(session.table_of(session.pinned).values) == 200 and len(session.table.values) == 300


def test_a_text_that_is_too_long_is_cut_with_a_notice():
    session = Session()
    report(session, signal="text", text="가" * 501)
    assert session.experiment.text == "가" * 500
    assert [(n.code, n.values["count"]) for n in session.notices] == [("text_cut", 501)]


def test_numbers_that_cannot_be_read_stay_in_their_box_beside_the_last_picture():
    session = Session(experiment=Experiment(signal="data", data="1,2"))
    report(session, data="1,2\n3")
    assert session.experiment.data == "1,2" and [n.code for n in session.notices] == ["table_ragged"]
    assert session.drafts == {"data": "1,2\n3"}
    report(session, data="1,2\n3,4")
    assert session.experiment.data == "1,2\n3,4" and session.notices == [] and session.drafts == {}


def test_many_pasted_numbers_are_kept_as_if_uploaded():
    session = Session()
    report(session, signal="data", data=table_text(200))
    assert session.experiment.data.startswith("sha:") and session.table.values.shape == (200, 2)


def test_a_language_that_we_do_not_have_changes_nothing():
    session = Session()
    session.speak("ko")
    revision = session.revision
    session.speak("xx")
    assert (session.lang, session.revision) == ("ko", revision)


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("name", PRESETS)
def test_the_address_of_every_preset_holds_all_of_it_and_is_short(name, lang):
    session = Session(experiment=PRESETS[name], lang=lang)
    again = from_address(session.query)
    assert (again.experiment, again.lang, again.pinned) == (PRESETS[name], lang, None)
    assert len(session.query) < 80 and again.query == session.query and again.notices == []


CHANGED = [
    replace(PRESETS["remember"], clamps=()),
    replace(PRESETS["second_pulse"], compare=""),
    replace(PRESETS["remember"], clamps=(Clamp("f", 0.5, 2, 9, 3), Clamp("c", -2.5))),
    Experiment(signal="text", text="가나다 <b>&m=1&pin=2#%3D+"),
    Experiment(signal="text", text="안녕하세요" * 100),
    Experiment(signal="data", data="1,2\n3,4\n5;6".replace(";", ",")),
    Experiment(memory=-0.1, forget_bias=0.0, seed=9999, all_rows=True, log=False),
]


@pytest.mark.parametrize("pinned", CHANGED)
@pytest.mark.parametrize("experiment", CHANGED[:3])
def test_the_address_holds_the_pinned_settings_too(experiment, pinned):
    session = Session(experiment=experiment, pinned=pinned)
    again = from_address(session.query)
    assert again.experiment == experiment and again.pinned == pinned and again.notices == []


@pytest.mark.parametrize("experiment", CHANGED)
def test_the_address_holds_changed_settings(experiment):
    assert from_address(Session(experiment=experiment).query).experiment == experiment


ANY = st.one_of(
    st.text(max_size=60), st.sampled_from(["nan", "inf", "-1e999", "sha:00000000", "f:1:6", "\x00"])
)
KEYS = st.sampled_from([field.short for field in FIELDS.values()] + ["preset", "lang", "v", "pin"])


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(KEYS, ANY, max_size=8))
def test_any_address_gives_a_session_whose_own_address_is_stable(query):
    session = Session()
    session.read(query)
    again = from_address(session.query)
    assert (again.experiment, again.pinned) == (session.experiment, session.pinned)


VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20))


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(list(FIELDS)), VALUES, max_size=5))
def test_any_values_from_the_browser_are_taken_or_named(values):
    session = Session()
    report(session, **values)
    assert session.seq == 1
    assert all(isinstance(notice, InputError) for notice in session.notices)


def test_half_a_character_in_a_long_table_does_no_harm():
    session = Session()
    act(session, "upload", table_text(200) + "\ud800")
    assert session.table.values.shape == (200, 2) and session.notices == []


def test_a_new_session_takes_the_settings_that_the_browser_still_knows():
    session = from_address("lang=en&v=1")
    known = Session(experiment=PRESETS["noise"], lang="ko", pinned=PRESETS["forget"])
    state = {"seq": 1, "revision": session.revision, "values": {"memory": -2.0}, "address": known.query}
    before = session.revision
    session.receive(state)
    assert session.revision == before  # or the browser would drop what was moved meanwhile
    assert session.experiment == replace(PRESETS["noise"], memory=-2.0)
    assert (session.lang, session.pinned) == ("ko", PRESETS["forget"])
