"""What the stage sends after a drag: nothing of what the browser shows already, and all of it otherwise."""

from contextlib import nullcontext

import pytest
from states import session_of

from recurrent_core.container import pack
from ui.recordings import cached
from ui.render import answer, render
from ui.shell import page
from ui.views import VIEWS
from ui.words.summary import summary
from ui.words.text import text

EN = text("en")
VALUES = {"memory": 1.5}


class Stage:
    """The stage of a page, and the browser's side of it, without Streamlit."""

    def __init__(self, name: str, monkeypatch, **settings):
        self.session = session_of(page=name, **settings)
        self.state = {page.MOUNTED: {}, page.SUMMARY: self}
        self.parts, self.errors, self.report = [], [], {}
        monkeypatch.setattr(page, "components", self)
        monkeypatch.setattr(page, "st", self)
        self.draw = None
        page.stage(name, self.session, EN)

    session_state = property(lambda self: self.state)

    def fragment(self, draw):
        self.draw = draw
        return draw

    def container(self, key):
        return nullcontext()

    def html(self, body):
        self.summary = body

    def error(self, notice):
        self.errors.append(notice)

    def part(self, message):
        self.parts.append(message)

    def live_controls(self, items, *, on_change, **data):
        self.items, self.data, self.hear, self.parts = items, data, on_change, []

    def controls_report(self):
        return self.report

    def let_go(self, values: dict, **more) -> None:
        """A report of the controls, and the run of the fragment that follows it."""
        seq, revision = self.session.seq + 1, self.session.revision
        self.report = {"seq": seq, "revision": revision, "values": values, "settled": True, **more}
        self.hear()
        self.draw()

    def dragged(self, values: dict) -> dict:
        """What the browser says of the last answer while dragging, if it shows all of it."""
        reply = render(self.session.state.page, self.session.query, values, settled=False)
        assert not any(part.rough for part in reply.parts)
        return {"query": reply.query, "parts": [part.name for part in reply.parts]}

    @property
    def bytes(self) -> int:
        return sum(len(pack(message)) for message in self.parts)


@pytest.fixture
def made(monkeypatch):
    """The calls of the pages' own functions and of the core, as they come."""
    calls = []

    def noted(name, call):
        def note(*arguments, **more):
            calls.append(name)
            return call(*arguments, **more)

        return note

    for name, view in VIEWS.items():
        halves = {half: noted(half, getattr(view, half)) for half in ("panel", "parts")}
        monkeypatch.setitem(VIEWS, name, view._replace(**halves))
    monkeypatch.setattr(cached, "simulate", noted("simulate", cached.simulate))
    return calls


@pytest.mark.parametrize("name", [name for name in VIEWS if name != "gradients"])
def test_what_is_shown_is_neither_made_nor_sent_again(name, made, monkeypatch):
    stage = Stage(name, monkeypatch, units=3)
    whole, names = stage.bytes, [part["name"] for part in stage.parts]
    shown = stage.dragged(VALUES)
    made.clear()
    stage.let_go(VALUES, shown=shown)
    assert made == []
    assert stage.items is None and [part["body"] for part in stage.parts] == [None] * len(names)
    assert [part["name"] for part in stage.parts] == names and stage.bytes < 600 * len(names) < whole
    assert stage.data["state"] == shown["query"] == stage.session.query and "m=1.5" in stage.data["state"]
    assert stage.data["settled"] and stage.data["seq"] == 1


def test_how_far_gets_its_band_when_the_drag_has_ended(made, monkeypatch):
    stage = Stage("gradients", monkeypatch)
    assert render("gradients", stage.session.query, VALUES, settled=False).parts[0].rough
    made.clear()
    stage.let_go(VALUES)
    assert made.count("parts") == 1 and stage.parts[0]["body"] and not stage.parts[0]["rough"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"query": "m=1.5&lang=en&v=1", "parts": ["gates", "another"]},
        {"query": "m=1.4&lang=en&v=1", "parts": ["gates"]},
        {"query": "m=1.5&lang=en&v=1"},
        {},
        [],
        "m=1.5",
        None,
    ],
)
def test_whoever_shows_something_else_gets_everything(wrong, made, monkeypatch):
    stage = Stage("gates", monkeypatch)
    made.clear()
    stage.let_go(VALUES, shown=wrong)
    assert made.count("parts") == made.count("panel") == 1
    assert stage.items and stage.parts[0]["body"] and stage.parts[0]["value"] == stage.session.query


def test_the_summary_follows_the_settings(monkeypatch):
    stage = Stage("gates", monkeypatch)
    assert "Shown now: LSTM, with" in stage.summary
    values = {"network": "gru"}
    stage.let_go(values, shown=stage.dragged(values))
    assert "Shown now: GRU, with" in stage.summary
    assert summary(EN, stage.session.state).text in stage.summary


def test_a_report_is_heard_once(made, monkeypatch):
    stage = Stage("gates", monkeypatch)
    stage.let_go(VALUES, shown=stage.dragged(VALUES))
    made.clear()
    stage.draw()  # by whatever else
    assert made.count("parts") == 1 and stage.parts[0]["body"]


def test_a_refused_value_is_said_though_the_settings_are_those_that_are_shown(monkeypatch):
    stage = Stage("gates", monkeypatch)
    here = {"query": stage.session.query, "parts": ["gates"]}
    stage.let_go({"data": "1,2\n3"}, shown=here)
    assert stage.parts[0]["words"]["notices"] == (EN("errors.table_ragged", expected=2, count=1, row=2),)


def test_the_answer_while_dragging_is_the_one_that_would_be_sent():
    """But for who hears of it: so it need not be."""
    dragged, settled = (render("gates", "lang=en&v=1", VALUES, settled=settled) for settled in (False, True))
    one, other = (answer(reply, settled=True) for reply in (dragged, settled))
    assert pack(one) == pack(other)


def test_without_any_part_the_notices_stand_alone(monkeypatch):
    stage = Stage("gates", monkeypatch, signal="data", data="sha:" + "0" * 64)
    assert stage.errors == [EN("errors.table_missing")] and stage.parts == []
    stage.let_go({"signal": "pulse"})
    assert stage.errors == [EN("errors.table_missing")] and stage.parts[0]["body"]


def test_the_controls_let_the_next_report_go_before_the_parts_are_made(monkeypatch):
    order = []
    stage = Stage("gates", monkeypatch)
    parts = VIEWS["gates"].parts
    drawn = VIEWS["gates"]._replace(parts=lambda here, t: order.append("parts") or parts(here, t))
    monkeypatch.setitem(VIEWS, "gates", drawn)
    show = stage.live_controls
    stage.live_controls = lambda items, **data: order.append("controls") or show(items, **data)
    stage.let_go(VALUES)
    assert order == ["controls", "parts"]
