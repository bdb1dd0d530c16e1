"""Every page, run without a browser: no exception whatever the address holds, and the picture it asks for."""

from html import unescape
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages_run import ROOT, controls, parts, run

from recurrent_core import FIELDS, PRESETS
from ui.shell.reader import KEY
from ui.views import VIEWS
from ui.views.learning import training
from ui.words.summary import summary
from ui.words.text import LANGUAGES, text

PAGES = {"app.py": "home"} | {
    f"pages/{path.name}": path.stem for path in sorted((ROOT / "pages").glob("*.py"))
}
STAGES = {page: name for page, name in PAGES.items() if name in VIEWS}
# Every page and every preset in both languages, each pair in one: words in both are for the tests of the words.
TURNS = [
    (page, preset, list(LANGUAGES)[(j + k) % len(LANGUAGES)])
    for j, page in enumerate(STAGES)
    for k, preset in enumerate(PRESETS)
]


def notices(picture: dict) -> list[str]:
    return picture["words"]["notices"]


@pytest.mark.parametrize(("page", "preset", "lang"), TURNS)
def test_every_preset_on_every_page(page, preset, lang):
    app = run(page, preset=preset, lang=lang, v="1")
    drawn = parts(app)
    assert drawn and all(
        picture["body"][{"figure": "still", "drawing": "values", "card": "sections"}[picture["kind"]]]
        for picture in drawn
    )
    for picture in drawn:
        assert dict(parse_qsl(picture["value"])).get("preset", "write_once") == preset
        assert notices(picture) == []
        assert picture["kind"] != "figure" or picture is not drawn[0] or picture["words"]["sentence"]
    here = app.session_state[KEY].state
    assert (here.experiment, here.preset, here.lang) == (PRESETS[preset], preset, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_headed_by_its_question_and_its_summary(page, lang):
    app = run(page, lang=lang)
    question = text(lang)(f"pages.{PAGES[page]}.title")
    bodies = [getattr(block.proto, "body", "") for block in app.get("html")]
    (place,) = [place for place, body in enumerate(bodies) if question in body and "<h1" in body]
    said = summary(text(lang), app.session_state[KEY].state)
    assert all(word in unescape(bodies[place + 1]) for word in said)


def test_what_an_address_says_wrong_is_said_beside_the_picture():
    app = run("pages/gates.py", m="abc", n="999999", net="transformer", lang="xx", preset="nope")
    said = notices(parts(app)[0])
    assert len(said) == 4
    assert any("abc" in notice for notice in said) and any("999999" in notice for notice in said)


@pytest.mark.parametrize("page", [page for page, name in STAGES.items() if name != "learning"])
def test_a_link_to_numbers_that_are_not_here_says_so(page):
    app = run(page, sig="data", data="sha:0123456789abcdef", lang="en")
    said = [error.value for error in app.error]
    assert said == [text("en")("errors.table_missing")] and parts(app) == []


def broken(*_):
    raise RuntimeError("a defect")


@pytest.mark.parametrize("half", ["panel", "parts"])
@pytest.mark.parametrize("page", STAGES)
def test_an_error_keeps_the_last_picture_and_says_what_to_do(page, half, monkeypatch):
    app = run(page, lang="en", m="1")
    before, name = parts(app), STAGES[page]
    monkeypatch.setitem(VIEWS, name, VIEWS[name]._replace(**{half: broken}))
    app.run()
    assert not app.exception
    after = parts(app)
    assert [part["name"] for part in after] == [part["name"] for part in before]
    assert notices(after[0]) == [text("en")("errors.unknown")]
    assert (after[0]["body"] is None) == (half == "parts")
    assert (controls(app)["items"] is None) == (half == "panel")
    monkeypatch.undo()
    app.run()
    assert notices(parts(app)[0]) == [] and parts(app)[0]["body"]


def test_curves_that_fail_say_so_and_the_last_ones_stay(monkeypatch):
    app = run("pages/learning.py", lang="en")
    before = [part["name"] for part in parts(app)]
    monkeypatch.setattr(training, "parts", broken)
    app.run()
    assert not app.exception
    after = {part["name"]: part for part in parts(app)}
    assert list(after) == before
    kept = [name for name, part in after.items() if part["body"] is None]
    assert kept == ["loss", "accuracy", "learning_maps"]
    assert notices(after["loss"]) == [text("en")("errors.unknown")] and notices(after["learning"]) == []


SHORT = [field.short for field in FIELDS.values()] + ["preset", "lang", "v", "pin", "other"]
CHOICES = [choice for field in FIELDS.values() for choice in field.choices] + list(PRESETS)
ANY = st.one_of(
    st.sampled_from(CHOICES),
    st.floats().map(str),
    st.integers().map(str),
    st.text(max_size=40),
    st.sampled_from(
        ["1,2\n3,4", "1,2\n3", "f:1:6::,c:2", "<img src=x onerror=alert(1)>", "안녕하세요", "\x00", ""]
    ),
)


@settings(max_examples=40)
@given(st.sampled_from(list(PAGES)), st.dictionaries(st.sampled_from(SHORT), ANY, max_size=6))
def test_any_address_gives_a_page(page, query):
    app = run(page, **query)
    if page in STAGES:
        said = [error.value for error in app.error]
        assert bool(parts(app)) != bool(said)
        said += [notice for picture in parts(app) for notice in notices(picture)]
        assert text(app.session_state[KEY].state.lang)("errors.unknown") not in said
