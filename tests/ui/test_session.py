"""One reader: which reports count, which addresses are read, and that the browser's newer values hold."""

import pytest
from states import session_of, state_of

from recurrent_core import Experiment
from ui.session import Session
from ui.settings import State


def report(session: Session, settled: bool = True, **values) -> None:
    """What the controls send when something has been moved."""
    session.receive(
        {"seq": session.seq + 1, "revision": session.revision, "values": values, "settled": settled}
    )


def act(session: Session, name: str, value=True) -> None:
    action = {"name": name, "value": value, "number": session.acted + 1}
    session.receive({"seq": session.seq + 1, "revision": session.revision, "values": {}, "action": action})


def test_values_are_taken_and_numbered():
    session = Session()
    report(session, memory=5.5, units=7)
    assert session.state == state_of(memory=5.5, units=7) and session.seq == 1


def test_a_report_to_a_session_that_was_lost_is_none():
    """It counts further than the new one, whose own reports would be taken for old news."""
    session = Session()
    session.receive({"session": "another", "seq": 11, "revision": 0, "values": {"memory": 5.0}})
    assert (session.state, session.seq) == (State(), 0)
    session.receive({"session": session.token, "seq": 1, "revision": 0, "values": {"memory": 5.0}})
    assert session.state == state_of(memory=5.0)


@pytest.mark.parametrize("seq", [3, 4, None, "9", 9.0])
def test_a_number_that_is_not_higher_is_old_news(seq):
    session = Session(seq=4)
    session.receive({"seq": seq, "revision": session.revision, "values": {"memory": 5.0}})
    assert session.state == State() and session.seq == 4


def test_values_from_before_a_preset_are_left_out_but_answered():
    session = Session()
    before = session.revision
    act(session, "preset", "forget")
    session.receive({"seq": 2, "revision": before, "values": {"memory": 6.0}, "settled": False})
    assert session.state == state_of("forget")._replace(settled=False)
    assert session.seq == 2 and session.revision > before


@pytest.mark.parametrize("state", [{}, {"seq": 1, "values": [1]}, {"seq": 1, "action": "preset"}])
def test_a_report_of_another_shape_changes_nothing(state):
    session = Session()
    session.receive(state)
    assert session.state == State()


def test_dragging_and_letting_go():
    session = Session()
    report(session, settled=False, memory=4.0)
    assert not session.state.settled
    report(session, settled=True, memory=4.1)
    assert session.state.settled


def test_a_report_that_comes_twice_acts_once():
    """Without an answer in time the browser reports again: the report has another number, its action the same."""
    session = session_of("remember")
    revision, action = session.revision, {"name": "clamp_remove", "value": 0, "number": 1}
    for seq in (1, 2, 3):
        session.receive({"seq": seq, "revision": revision, "values": {"memory": 1.0}, "action": action})
    assert [clamp.name for clamp in session.state.experiment.clamps] == ["i", "o"]
    assert (session.seq, session.acted, session.revision) == (3, 1, revision + 1)
    session.receive({"seq": 4, "revision": session.revision, "values": {}, "action": action | {"number": 2}})
    assert [clamp.name for clamp in session.state.experiment.clamps] == ["o"]


def test_an_action_that_failed_is_not_tried_again():
    session = Session()
    act(session, "clamp_add", "q")
    assert session.revision == 0 and [notice.code for notice in session.state.notices] == ["clamp"]
    session.receive({"seq": 2, "action": {"name": "clamp_add", "value": "f", "number": 1}})
    assert session.state.experiment == Experiment()


@pytest.mark.parametrize("number", [None, "1", 0, 1.0])
def test_an_action_without_a_number_of_its_own_is_not_ours(number):
    session = Session()
    session.receive({"seq": 1, "action": {"name": "preset", "value": "noise", "number": number}})
    assert session.state == State()


def test_a_language_that_we_do_not_have_changes_nothing():
    session = Session()
    session.speak("ko")
    revision = session.revision
    session.speak("xx")
    assert (session.state.lang, session.revision) == ("ko", revision)


def test_a_new_session_takes_the_settings_that_the_browser_still_knows():
    session = Session()
    session.read("lang=en&v=1")
    known = state_of("noise", lang="ko", pinned=state_of("forget").experiment)
    state = {"seq": 1, "revision": session.revision, "values": {"memory": -2.0}, "address": known.query}
    before = session.revision
    session.receive(state)
    assert session.revision == before  # or the browser would drop what was moved meanwhile
    expected = state_of("noise", lang="ko", pinned=known.pinned, memory=-2.0)
    assert session.state == expected


def test_an_address_that_comes_twice_does_not_undo_what_the_session_has_set_since():
    session = Session()
    report = {"values": {}, "address": state_of("noise").query, "revision": session.revision}
    session.receive(report | {"seq": 1})
    session.receive({"seq": 2, "revision": 0, "action": {"number": 1, "name": "preset", "value": "forget"}})
    session.receive(report | {"seq": 3})  # its answer was late
    assert session.state.preset == "forget"


def test_an_address_that_the_browser_did_not_get_from_us_is_read():
    session = Session()
    session.come("gates", "m=2&lang=en&v=1", named=False)
    assert session.state == state_of(page="gates", memory=2.0) and session.revision == 1
    report(session, memory=1.0)
    session.come("gates", session.query, named=False)  # which it got from us
    assert session.state.experiment.memory == 1.0 and session.revision == 1
    session.come("gates", "preset=forget&lang=en&v=1", named=True)  # Back, or a typed link
    assert session.state == state_of("forget", "gates") and session.revision == 2


def test_an_address_is_not_read_again_before_the_browser_has_written_the_next():
    session = Session()
    session.come("gates", "m=2&lang=en&v=1", named=False)
    report(session, settled=False, memory=1.0)
    session.come("gates", "m=2&lang=en&v=1", named=False)
    assert session.state.experiment.memory == 1.0
    session.speak("ko")
    session.come("gates", "m=1&lang=en&v=1", named=False)  # still in the old language
    assert session.state.lang == "ko"


def test_what_an_address_could_not_give_is_said_until_something_is_moved():
    session = Session()
    session.come("gates", "m=99&net=x&lang=en&v=1", named=False)
    assert [notice.code for notice in session.state.notices] == ["choice", "clipped"]
    session.come("gates", "m=99&net=x&lang=en&v=1", named=False)
    assert len(session.state.notices) == 2
    report(session, memory=1.0)
    assert session.state.notices == ()


def test_a_page_with_a_preset_of_its_own_opens_with_it_unless_another_is_named():
    for query, named in (("", False), ("lang=en&v=1", False)):
        session = Session()
        session.come("step", query, named=named)
        assert session.state == state_of("worked_example", "step")
    session = Session()
    session.come("step", "preset=write_once&lang=en&v=1", named=True)
    assert session.state == state_of(page="step")
