"""A page to embed: small, whole before any script has run, and closed to every text that comes with an address."""

import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, quote, urlencode, urlsplit
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures.colours import THEMES
from ui.components.assets import STATIC
from ui.embed import page
from ui.render import show
from ui.settings import FIELDS, TABS, opened
from ui.views import VIEWS
from ui.words.text import text

EVIL = "\"'></title></p><script>alert(1)</script><img src=x onerror=alert(1)>"
TAGS = {
    "html", "head", "meta", "title", "link", "script", "body", "main", "header", "h1", "a", "div", "p", "picture",
    "source", "img", "noscript", "ul", "li",
}  # fmt: skip
# Texts that an address may bring, put where they are shown: names of columns, letters, a held vector, a preset.
HOSTILE = st.fixed_dictionaries(
    {"data": st.text(max_size=40), "text": st.text(max_size=40), "preset": st.text(max_size=20)},
    optional={
        "sig": st.sampled_from(("data", "text", "pulse")),
        "lang": st.text(max_size=8),
        "theme": st.text(max_size=8),
        "controls": st.text(max_size=8),
        "pin": st.text(max_size=30),
        "clamp": st.text(max_size=20),
    },
)


class Seen(HTMLParser):
    """The tags of a page with their attributes, and its text, as a browser would read them."""

    def __init__(self, source: str):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


def seen(name: str, query: str = "lang=en&v=1", languages: str = "") -> Seen:
    return Seen(page.html(name, query, languages))


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("name", VIEWS)
def test_a_page_says_its_question_and_its_sentences(name, lang):
    t, shown = text(lang), seen(name, f"lang={lang}&v=1")
    assert shown.all("html") == [{"lang": lang}]
    assert t(f"pages.{name}.title") in shown.text and t("embed.open") in shown.text
    for part in show(page.state(name, f"lang={lang}&v=1")).parts:
        if part.kind == "figure":
            assert part.words.sentence.split()[0] in shown.text


@pytest.mark.parametrize("name", VIEWS)
def test_a_page_is_small_and_all_that_it_names_is_published(name):
    source = page.html(name, "lang=en&v=1")
    assert len(source) < 12_000
    shown = Seen(source)
    for address in [
        *(link["href"] for link in shown.all("link")),
        *(script["src"] for script in shown.all("script")),
    ]:
        assert address.startswith("../app/static/")
        assert (STATIC / address.removeprefix("../app/static/")).is_file(), address
    assert all(script["type"] == "module" for script in shown.all("script"))


@pytest.mark.parametrize("theme", ["", *THEMES])
@pytest.mark.parametrize("query", ["lang=en", "lang=ko&n=5", *(f"tab={tab}" for tab in TABS)])
@pytest.mark.parametrize("name", [name for name, view in VIEWS.items() if view.figures])
def test_every_still_picture_that_a_page_names_is_there(name, query, theme):
    shown = seen(name, query + (f"&theme={theme}" if theme else ""))
    stills = [image["src"] for image in shown.all("img")] + [
        source["srcset"] for source in shown.all("source")
    ]
    figures = [part for part in show(page.state(name, query)).parts if part.kind == "figure"]
    layouts = sum(2 if part.compact else 1 for part in figures)
    assert len(stills) == layouts * (1 if theme else 2) and figures
    for address in stills:
        _, of, picture = urlsplit(address).path.split("/")
        assert of == name
        drawn = ElementTree.fromstring(
            page.picture(name, picture.removesuffix(".svg"), urlsplit(address).query)
        )
        assert drawn.find("{http://www.w3.org/2000/svg}title").text


def test_a_still_picture_is_the_one_that_is_asked_for():
    wide, narrow = (page.picture("gates", "gates", f"lang=en&narrow={k}") for k in "01")
    assert wide != narrow and THEMES["light"]["text"] in wide
    dark = page.picture("gates", "gates", "lang=en&theme=dark")
    assert THEMES["dark"]["text"] in dark and THEMES["light"]["text"] not in dark
    assert page.picture("gates", "gates", "m=-3&lang=en") != wide


def test_the_link_leads_to_the_same_settings_on_the_full_page():
    (link,) = seen("gates", "m=1.5&n=5&lang=ko&controls=all&theme=dark&v=1").all("a")
    assert link["target"] == "_blank" and link["rel"] == "noopener"
    assert link["href"].startswith("../gates?") and "controls" not in link["href"]
    assert parse_qs(urlsplit(link["href"]).query) == {"m": ["1.5"], "n": ["5"], "lang": ["ko"], "v": ["1"]}
    (link,) = seen("home").all("a")
    assert link["href"].startswith("../?")


def test_controls_and_theme_are_as_asked_and_kept_beside_the_settings():
    (main,) = seen("gates", "m=1&controls=all&theme=dark").all("main")
    assert (main["data-controls"], main["data-beside"]) == ("all", "controls=all&theme=dark")
    assert "theme" not in main["data-query"]
    assert seen("gates", "theme=dark").all("html")[0]["data-theme"] == "dark"
    (main,) = seen("gates", "controls=some&theme=sepia").all("main")
    assert (main["data-controls"], main["data-beside"]) == ("main", "")
    assert not {"controls", "theme", "narrow"} & {field.short for field in FIELDS.values()}


def test_the_language_is_the_addresss_or_the_browsers():
    assert seen("gates", "", "ko-KR,ko;q=0.9,en;q=0.8").all("html") == [{"lang": "ko"}]
    assert seen("gates", "", "ko,en;q=0.8").all("html") == [{"lang": "ko"}]
    assert seen("gates", "lang=en", "ko").all("html") == [{"lang": "en"}]
    assert seen("gates", "lang=xx", "de").all("html") == [{"lang": "en"}]


def test_step_opens_with_its_own_example_and_lecture_mode_is_left_out():
    assert "preset=worked_example" in seen("step", "").all("main")[0]["data-query"]
    assert "preset=remember" in seen("step", "preset=remember").all("main")[0]["data-query"]
    assert "lec" not in seen("gates", "lec=1&m=1").all("main")[0]["data-query"]


def test_what_needs_a_script_is_said_without_one():
    shown = seen("step")
    assert text("en")("embed.script") in shown.text and text("en")("pages.step.line") in shown.text
    assert not shown.all("img")
    assert text("en")("embed.still") in seen("gates").text
    assert text("en")("embed.training") in seen("learning").text
    assert text("en")("embed.training") not in seen("learning", "controls=0").text


def test_what_cannot_be_shown_is_a_sentence():
    shown = seen("gates", "m=abc&lang=en")
    assert "got abc" in shown.text and shown.all("img")
    shown = seen("gates", f"sig=data&data=sha:{'0' * 64}&lang=en")
    assert text("en")("errors.table_missing") in shown.text and not shown.all("img")


@pytest.mark.parametrize("name", ["proof", "", "gates/gates", "../gates", EVIL])
def test_another_page_is_not_there(name):
    for ask in (page.html, lambda name, query: page.picture(name, "gates", query)):
        with pytest.raises(KeyError):
            ask(name, "")
    with pytest.raises(KeyError):
        page.picture("gates", EVIL, "")
    with pytest.raises(KeyError):
        page.picture("step", "step", "")  # a drawing, which is no figure


def test_where_there_is_no_page_those_are_named_that_there_are():
    shown = Seen(page.unknown("ko"))
    assert [link["href"] for link in shown.all("a")] == [f"./{name}?lang=ko" for name in VIEWS]
    assert text("ko")("embed.unknown") in shown.text


@pytest.mark.parametrize("name", ["gates", "learning", "conventions"])
@given(settings=HOSTILE)
def test_nothing_of_an_address_becomes_markup(name, settings):
    query = urlencode(settings, errors="replace")
    source = page.html(name, query)
    source.encode()
    shown = Seen(source)
    assert {tag for tag, _ in shown.tags} <= TAGS
    for _, attributes in shown.tags:
        assert not [key for key in attributes if key.startswith("on") or key in ("style", "srcdoc")]
        for key in ("href", "src", "srcset"):
            assert attributes.get(key, "./").startswith(("./", "../"))
    for image in shown.all("img"):
        part = urlsplit(image["src"])
        ElementTree.fromstring(page.picture(name, part.path.split("/")[-1].removesuffix(".svg"), part.query))


def test_a_hostile_name_of_a_column_is_a_name():
    table = quote(f'"{EVIL.replace(chr(34), "")}",b\n' + "\n".join(f"{k},{k % 3}" for k in range(8)))
    shown = seen("gates", f"sig=data&data={table}&lang=en")
    assert len(shown.all("script")) == 1 and "onerror" not in str(shown.all("img")[0].keys())
    picture = page.picture("gates", "gates", f"sig=data&data={table}&lang=en")
    tags = {node.tag.split("}")[1] for node in ElementTree.fromstring(picture).iter()}
    assert not tags & {"script", "img"} and "alert(1)" in picture


def test_the_policy_lets_in_nothing_from_elsewhere():
    policy = page.headers()["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "unsafe-eval" not in policy and "http" not in policy and "frame-ancestors" not in policy
    assert re.findall(r"([\w-]+) 'unsafe-inline'", policy) == ["style-src-attr"]
    assert page.headers()["X-Content-Type-Options"] == "nosniff"


def test_who_may_hold_the_frame_can_be_told():
    policy = page.headers("https://moodle.example.org 'self'")["Content-Security-Policy"]
    assert policy.endswith("; frame-ancestors https://moodle.example.org 'self'")
    for evil in ("https://a; script-src *", "https://a\r\nX: 1", "https://a, https://b"):
        with pytest.raises(ValueError, match="expected sources"):
            page.headers(evil)


def test_an_embedded_page_has_the_state_of_its_address():
    assert page.state("gates", "m=2&n=5&lang=en").query == opened("m=2&n=5&lang=en", "gates").query
