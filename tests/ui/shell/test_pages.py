"""Every page, run without a browser: no exception whatever the address holds, and the picture it asks for."""

from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from recurrent_core import FIELDS, PRESETS
from ui.shell.reader import KEY
from ui.views import VIEWS
from ui.views.learning import training
from ui.words.text import LANGUAGES, text

ROOT = Path(__file__).parents[3]
PAGES = {"app.py": "home"} | {
    f"pages/{path.name}": path.stem for path in sorted((ROOT / "pages").glob("*.py"))
}
STAGES = {page: name for page, name in PAGES.items() if name in VIEWS}


def run(page: str, **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    if page != "app.py":
        app.switch_page(page)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception
    return app


def pictures(app: AppTest) -> list[dict]:
    """What is on the page."""
    if "gs-last" not in app.session_state:
        return []
    return app.session_state["gs-last"][1]


def notices(picture: dict) -> tuple[str, ...]:
    return picture["words"]["notices"]


def content(picture: dict):
    """What a part shows, to compare."""
    kind, body = picture["kind"], picture["body"]
    if kind == "figure":
        return body["signature"]
    return (
        {place: exact.array.tolist() for place, exact in body["values"].items()}
        if kind == "drawing"
        else body
    )


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("page", STAGES)
def test_every_preset_on_every_page_in_every_language(page, preset, lang):
    app = run(page, preset=preset, lang=lang, v="1")
    drawn = pictures(app)
    assert drawn and all(
        picture["body"][{"figure": "data", "drawing": "values", "card": "sections"}[picture["kind"]]]
        for picture in drawn
    )
    for picture in drawn:
        assert dict(parse_qsl(picture["value"])).get("preset", "write_once") == preset
        assert notices(picture) == ()
        assert picture["kind"] != "figure" or picture is not drawn[0] or picture["words"]["sentence"]
    here = app.session_state[KEY].state
    assert (here.experiment, here.preset, here.lang) == (PRESETS[preset], preset, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_headed_by_its_question(page, lang):
    app = run(page, lang=lang)
    question = text(lang)(f"pages.{PAGES[page]}.title")
    bodies = [getattr(block.proto, "body", "") for block in app.get("html")]
    assert any(question in body and "<h1" in body for body in bodies)


def test_what_an_address_says_wrong_is_said_beside_the_picture():
    app = run("pages/gates.py", m="abc", n="999999", net="transformer", lang="xx", preset="nope")
    said = notices(pictures(app)[0])
    assert len(said) == 4
    assert any("abc" in notice for notice in said) and any("999999" in notice for notice in said)


@pytest.mark.parametrize("page", [page for page, name in STAGES.items() if name != "learning"])
def test_a_link_to_numbers_that_are_not_here_says_so(page):
    app = run(page, sig="data", data="sha:0123456789abcdef", lang="en")
    said = [error.value for error in app.error]
    assert said == [text("en")("errors.table_missing")] and pictures(app) == []


@pytest.mark.parametrize("page", STAGES)
def test_an_error_keeps_the_last_picture_and_says_what_to_do(page, monkeypatch):
    app = run(page, lang="en", m="1")
    before = pictures(app)

    def broken(*_):
        raise RuntimeError("a defect")

    name = STAGES[page]
    monkeypatch.setitem(VIEWS, name, VIEWS[name]._replace(parts=broken))
    app.run()
    assert not app.exception
    after = pictures(app)
    assert notices(after[0]) == (text("en")("errors.unknown"),)
    assert list(map(content, after)) == list(map(content, before))
    monkeypatch.undo()
    app.run()
    assert notices(pictures(app)[0]) == ()


def test_curves_that_fail_say_so_and_the_last_ones_stay(monkeypatch):
    app = run("pages/learning.py", lang="en")
    before = app.session_state["gs-curves"][1]

    def broken(*_):
        raise RuntimeError("a defect")

    monkeypatch.setattr(training, "parts", broken)
    app.run()
    assert not app.exception
    after = app.session_state["gs-curves"][1]
    assert notices(after[0]) == (text("en")("errors.unknown"),) and notices(pictures(app)[0]) == ()
    assert list(map(content, after)) == list(map(content, before)) and len(after) == 3


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
        assert bool(pictures(app)) != bool(said)
        said += [notice for picture in pictures(app) for notice in notices(picture)]
        assert text(app.session_state[KEY].state.lang)("errors.unknown") not in said
