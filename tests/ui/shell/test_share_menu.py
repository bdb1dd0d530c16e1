"""The share menu: each request is answered once."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from ui.shell import components

SCRIPT = """
import streamlit as st
from ui.shell.share_menu import share_menu

state = st.session_state
state["runs"] = state.get("runs", 0) + 1

def respond(request):
    state["asked"] = [*state.get("asked", []), request["want"]]
    if request["want"] == "language":
        state["lang"] = request["value"]
    if request["want"] == "csv":
        raise RuntimeError("no disk")
    return {"name": "file", "file": bytes(5)}

words = {"share.failed": "no link", "download.failed": "no file"}
lang = state.get("lang", "en")
share_menu(words, respond, title="Why?", lang=lang, languages={"en": "English", "ko": "한국어"})
"""


@pytest.fixture
def mounted(monkeypatch):
    """What was sent to the browser."""
    messages = []

    def mount(*, data, **_):
        length = int.from_bytes(data[:4], "little")
        messages.append(json.loads(data[4 : 4 + length]))

    monkeypatch.setattr(components, "share_menu", mount)
    return messages


@pytest.fixture
def app(mounted):
    app = AppTest.from_string(SCRIPT).run()
    assert not app.exception
    return app


def ask(app, seq, want, **more):
    app.session_state["share_menu"] = {"ask": {"seq": seq, "want": want, **more}}
    return app.run()


def test_nothing_is_answered_before_something_is_asked(app, mounted):
    assert [(m["seq"], m["answer"]) for m in mounted] == [(0, None)]
    assert mounted[0]["languages"] == [["en", "English"], ["ko", "한국어"]]


def test_a_request_is_answered_once(app, mounted):
    ask(app, 1, "npz")
    app.run()
    assert [(m["seq"], m["answer"] and m["answer"]["name"]) for m in mounted] == [
        (0, None),
        (1, "file"),
        (1, None),
    ]
    assert mounted[1]["answer"] == {"name": "file", "file": {"$bytes": [0, 5]}}
    assert app.session_state["asked"] == ["npz"]


def test_a_request_whose_run_was_overtaken_is_answered_by_the_next(app, mounted, monkeypatch):
    def overtaken(**_):
        raise RuntimeError("overtaken")

    with monkeypatch.context() as broken:
        broken.setattr(components, "share_menu", overtaken)
        ask(app, 1, "npz")
    app.run()
    assert mounted[-1]["answer"]["name"] == "file"


def test_a_chosen_language_holds_for_the_whole_page(app, mounted):
    ask(app, 1, "language", value="ko")
    assert (mounted[-1]["lang"], mounted[-1]["seq"], mounted[-1]["answer"]) == ("ko", 1, None)
    assert app.session_state["asked"] == ["language"]
    assert app.session_state["runs"] == 3  # at first, with the request, and once more in the new language


def test_an_error_is_said_and_logged(app, mounted, caplog):
    ask(app, 1, "csv")
    assert mounted[-1]["answer"] == {"error": "no file"}
    assert "no disk" in caplog.text and not app.exception
