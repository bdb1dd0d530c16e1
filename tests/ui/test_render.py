"""One reply for whoever shows a page: what its functions give, and a sentence for whatever goes wrong."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from states import state_of

from recurrent_core import FIELDS, InputError
from recurrent_core.container import pack
from ui.changes import changed
from ui.parts import message
from ui.render import answer, messages, render
from ui.settings import opened
from ui.views import VIEWS
from ui.words.text import text

EN = text("en")


def defect(*_):
    raise RuntimeError("a defect")


def refusal(*_):
    raise InputError("table_missing", "Expected a table.")


@pytest.mark.parametrize("preset", ["write_once", "remember", "second_pulse", "fresh_keras"])
@pytest.mark.parametrize("page", VIEWS)
def test_a_reply_is_what_the_views_functions_give(page, preset):
    query = state_of(preset, page).query
    here = changed(opened(query, page)._replace(settled=False), {"memory": 1.5})
    reply = render(page, query, {"memory": 1.5}, settled=False)
    expected = [pack(message(part, here.query, settled=False)) for part in VIEWS[page].parts(here, EN)]
    assert [pack(one) for one in answer(reply, settled=False)["parts"]] == expected != []
    assert "m=1.5" in reply.query and reply.notices == ()
    assert list(reply.items) == list(VIEWS[page].panel(here, EN))


def test_the_language_and_the_pinned_picture_come_with_the_address():
    reply = render("gates", "m=2&lang=ko&v=1&pin=m%3D5%26lang%3Dko%26v%3D1", {"memory": 1.0})
    assert "망각 게이트" in reply.parts[0].words.sentence + reply.parts[0].words.note
    assert "pin=" in reply.query


def test_values_that_cannot_be_drawn_are_said_without_a_picture():
    reply = render("gates", "sig=data&data=1,2&lang=en&v=1", {"data": "1,2\n3"}, settled=False)
    assert reply.parts == () and reply.items
    assert reply.notices == (EN("errors.table_ragged", expected=2, count=1, row=2),)


def test_uploaded_numbers_are_found_by_their_content():
    here = changed(state_of(), {"signal": "data", "data": "\n".join(f"{k},{k % 7}" for k in range(300))})
    assert len(render("gates", here.query, {"memory": 1.0}).parts) == 1
    guessed = here.query.replace("sha:", "sha:0")[: -len("&lang=en&v=1") - 1] + "&lang=en&v=1"
    stranger = render("gates", guessed, {"memory": 1.0})
    assert stranger.parts == () and stranger.notices == (EN("errors.table_missing"),)


@pytest.mark.parametrize("page", VIEWS)
@pytest.mark.parametrize(("broken", "code"), [(defect, "errors.unknown"), (refusal, "errors.table_missing")])
def test_what_fails_is_said_and_the_other_half_comes(page, broken, code, monkeypatch):
    whole = render(page, "lang=en&v=1")
    monkeypatch.setitem(VIEWS, page, VIEWS[page]._replace(panel=broken))
    reply = render(page, "lang=en&v=1")
    assert (reply.items, len(reply.parts), reply.notices) == (None, len(whole.parts), (EN(code),))
    monkeypatch.undo()
    monkeypatch.setitem(VIEWS, page, VIEWS[page]._replace(parts=broken))
    reply = render(page, "lang=en&v=1")
    assert (reply.items, reply.parts, reply.notices) == (whole.items, (), (EN(code),))
    monkeypatch.setitem(VIEWS, page, VIEWS[page]._replace(panel=broken, parts=broken))
    assert render(page, "lang=en&v=1").notices == (EN(code),)


def test_an_address_with_mistakes_is_drawn_and_they_stand_beside_the_first_part():
    reply = render("saturation", "m=abc&n=999999&lang=en&v=1")
    assert len(reply.notices) == 2 and len(reply.parts) == 2
    first, second = messages(reply.parts, reply.notices, reply.query, settled=True)
    assert first["words"]["notices"] == reply.notices and second["words"]["notices"] == ()


def test_only_what_waits_for_the_end_of_a_drag_is_rough():
    def rough(page, query):
        while_dragged, settled = (
            render(page, f"{query}&lang=en&v=1", settled=s).parts for s in (False, True)
        )
        assert not any(part.rough for part in settled)
        return any(part.rough for part in while_dragged)

    assert rough("gradients", "tab=far")
    assert rough("gradients", "tab=why&n=64&T=200") and not rough("gradients", "tab=why&n=4&T=40")
    assert rough("gradients", "tab=directions&n=64&T=200") and not rough(
        "gradients", "tab=directions&n=4&T=40"
    )
    assert not any(rough(page, "m=1") for page in VIEWS if page != "gradients")


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(list(VIEWS)),
    st.text(max_size=60),
    st.dictionaries(
        st.sampled_from([*FIELDS, "inputs", "step_clamp"]), st.none() | st.text() | st.floats(), max_size=3
    ),
)
def test_any_query_and_values_get_a_reply(page, query, values):
    reply = render(page, query, values, settled=False)
    assert reply.items and (reply.parts or reply.notices)
    assert EN("errors.unknown") not in reply.notices


def test_a_page_that_we_do_not_have_is_an_error():
    with pytest.raises(KeyError):
        render("none", "")


def test_an_answer_carries_the_reply():
    reply = render("home", "m=1&lang=en&v=1")
    sent = answer(reply, settled=True)
    assert (sent["query"], sent["items"], sent["notices"]) == (reply.query, reply.items, ())
    assert [part["value"] for part in sent["parts"]] == [reply.query]
