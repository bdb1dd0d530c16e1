"""Live answers: the same pictures as the page draws, for settings and values on top of them."""

import json

import numpy as np
import pytest
from states import state_of

from recurrent_core.container import pack, unpack
from ui import live
from ui.changes import changed
from ui.parts import message
from ui.settings import opened
from ui.views import VIEWS
from ui.words.text import text


def ask(page="gates", query="lang=en&v=1", **values) -> dict:
    question = {"page": page, "query": query, "values": values}
    return unpack(live.answer(json.dumps(question)))


def same(one, other) -> bool:
    """Two unpacked messages, arrays and all."""
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and np.array_equal(one, other, equal_nan=True)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


@pytest.mark.parametrize("preset", ["write_once", "remember", "second_pulse", "fresh_keras"])
@pytest.mark.parametrize("page", VIEWS)
def test_an_answer_is_what_the_page_would_draw(page, preset):
    query = state_of(preset, page).query
    here = changed(opened(query, page)._replace(settled=False), {"memory": 1.5})
    expected = [message(part, here.query, settled=False) for part in VIEWS[page].parts(here, text("en"))]
    answer = ask(page, query, memory=1.5)
    sent = answer["parts"]
    assert len(sent) == len(expected) > 0
    assert all(same(one, unpack(pack(other))) for one, other in zip(sent, expected, strict=True))
    assert "m=1.5" in sent[0]["value"] and answer["notices"] == []
    items = json.loads(json.dumps(list(VIEWS[page].panel(here, text("en")))))
    assert answer["items"] == items


def test_the_language_and_the_pinned_picture_come_with_the_address():
    answer = ask(query="m=2&lang=ko&v=1&pin=m%3D5%26lang%3Dko%26v%3D1", memory=1.0)
    assert "망각 게이트" in json.dumps(answer["parts"][0]["words"], ensure_ascii=False)
    assert "pin=" in answer["parts"][0]["value"]


def test_values_that_cannot_be_drawn_are_said_without_a_picture():
    answer = ask(query="sig=data&data=1,2&lang=en&v=1", data="1,2\n3")
    assert answer["parts"] == []
    assert answer["notices"] == [text("en")("errors.table_ragged", expected=2, count=1, row=2)]


def test_uploaded_numbers_are_found_by_their_content():
    here = changed(state_of(), {"signal": "data", "data": "\n".join(f"{k},{k % 7}" for k in range(300))})
    assert len(ask(query=here.query, memory=1.0)["parts"]) == 1
    guessed = here.query.replace("sha:", "sha:0")[: -len("&lang=en&v=1") - 1] + "&lang=en&v=1"
    stranger = ask(query=guessed, memory=1.0)
    assert stranger["parts"] == [] and stranger["notices"] == [text("en")("errors.table_missing")]


def test_there_is_an_address_where_somebody_answers(monkeypatch):
    monkeypatch.setattr(live, "_served", False)
    assert live.address() is None
    live.serve()
    assert live.address() == live.PATH


@pytest.mark.parametrize(
    "question",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"page":"none","values":{}}',
        '{"page":"gates","values":[1]}',
        '{"page":["gates"]}',
    ],
)
def test_a_question_of_another_form_fails_and_says_so(question, caplog):
    assert unpack(live.answer(question)) == {"failed": True}
    assert "no live answer" in caplog.text
