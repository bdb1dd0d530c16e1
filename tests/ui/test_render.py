"""One reply for whoever shows a page: what its functions give, and a sentence for whatever goes wrong."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from states import state_of

from recurrent_core import FIELDS, InputError
from recurrent_core.container import pack, unpack
from ui import controls
from ui.changes import changed
from ui.parts import message
from ui.render import answer, messages, render
from ui.settings import opened
from ui.views import VIEWS
from ui.words.text import LANGUAGES, text

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
    assert (sent["query"], sent["items"], sent["notices"]) == (reply.query, controls.sent(reply.items), ())
    assert [part["value"] for part in sent["parts"]] == [reply.query]


@pytest.mark.parametrize("page", VIEWS)
def test_a_figure_is_drawn_for_its_place_alone_where_that_is_known(page):
    query = "lang=en&v=1"
    for part in render(page, query).parts:
        assert part.narrow is None
        wide, narrow = (
            next(one for one in render(page, query, narrow=shown).parts if one.name == part.name)
            for shown in ({}, {part.name: True})
        )
        two = part.compact is not None
        assert (wide.narrow, narrow.narrow) == ((False, True) if two else (None, None))
        assert wide.compact is None and narrow.compact is None
        for one, body in ((wide, part.body), (narrow, part.compact if two else part.body)):
            assert pack({"body": one.body}) == pack({"body": body})


@pytest.mark.parametrize("page", VIEWS)
def test_what_the_browser_has_is_not_sent_again(page):
    reply = render(page, "m=1&lang=en&v=1")
    whole = answer(reply, settled=False)
    held = {part["name"]: part["body"].get("signature") for part in whole["parts"]}
    rest = answer(reply, settled=False, held=held, held_items=whole["items"]["signature"])
    assert whole["items"]["still"] and rest == unpack(pack(rest)) | rest and rest["items"]["still"] is None
    for part, figure in zip(rest["parts"], reply.parts, strict=True):
        if part["kind"] == "figure":
            assert part["body"]["still"] is None and part["exact"]
            assert len(part["body"]["squares"]) == sum("z" in trace for trace in figure.body["data"])


def test_squares_are_bytes_while_a_control_moves():
    reply = render("gates", "n=32&T=100&lang=en&v=1", {"memory": 1.0}, settled=False, narrow={})
    whole = answer(reply, settled=False)
    held = {"gates": whole["parts"][0]["body"]["signature"]}
    has = {"held": held, "held_items": whole["items"]["signature"]}
    exact, quick = (answer(reply, settled=False, exact=exact, **has) for exact in (True, False))
    assert exact["parts"][0]["exact"] and not quick["parts"][0]["exact"]
    assert len(pack(quick)) < 25_000 < 3 * 6 * 32 * 100 < len(pack(exact))
    assert answer(render("step", "lang=en&v=1"), settled=False, exact=False)["parts"][0]["exact"]


def apart(items):
    """Items by name, those within others too."""
    for item in items:
        yield item["name"], item
        yield from apart(item.get("items", ()))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", VIEWS)
def test_the_items_that_are_sent_are_those_of_the_panel(page, lang):
    here = state_of("remember", page)._replace(lang=lang)
    items = VIEWS[page].panel(here, text(lang))
    sent = unpack(pack(controls.sent(items)))
    still = dict(apart(unpack(sent["still"])["items"]))
    assert list(still) == [name for name, _ in apart(items)]
    for name, item in apart(items):
        rest = json.loads(json.dumps({part: value for part, value in item.items() if part != "items"}))
        assert rest == {part: value for part, value in still[name].items() if part != "items"} | sent[
            "moving"
        ].get(name, {})


def test_an_action_is_done_after_the_values():
    reply = render("gates", "m=2&lang=en&v=1", {"memory": 1.0}, ("pin", True))
    assert reply.query == "m=1&lang=en&pin=m%3D1%26v%3D1&v=1"
    assert render("gates", reply.query, action=("unpin", True)).query == "m=1&lang=en&v=1"
    assert render("gates", "m=2&lang=en&v=1", action=("sing", True)).query == "m=2&lang=en&v=1"


def test_an_action_that_cannot_be_done_is_said_without_a_picture():
    reply = render("gates", "lang=en&v=1", action=("clamp_add", "nothing"))
    assert reply.parts == () and reply.items and reply.query == "lang=en&v=1"
    assert len(reply.notices) == 1
