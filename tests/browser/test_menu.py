"""The menu of a small app of its own: every item gives its file, panels open and close as one expects."""

import csv
import io
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest
from person import TIMEOUT
from servers import ROOT, Server

from ui import exports

EVIL = "</script><script>document.title = 'broken out'</script><img src=x onerror=\"document.title = 'run'\">"

PAGE = """
import sys
sys.path.insert(0, {root!r})
from pathlib import Path
import streamlit as st
from recurrent_core import Experiment, simulate
from ui import exports
from ui.parts import Part, Words, message
from ui.shell.components import part
from ui.shell.share_menu import share_menu
from ui.words.text import LANGUAGES, text

st.set_page_config(layout="wide")
st.html("<style>" + Path({root!r}, "ui/components/share_menu/share_menu.css").read_text() + "</style>")
lang = st.session_state.setdefault("lang", "en")
simulation = simulate(Experiment())

def respond(request):
    if request["want"] == "language":
        st.session_state["lang"] = request["value"]
        return {{}}
    return exports.answer(request, "gates", "v=1")

share_menu(text(lang).words, respond, title="What is <b>kept</b>?", lang=lang, languages=LANGUAGES)
f = simulation.recording.vectors.f[:, 0].T
place = {{"x0": 1, "dx": 1, "y0": 0.5, "dy": 1}}
heatmap = {{"type": "heatmap", "z": f, "zmin": 0, "zmax": 1, "colorscale": "@gate"}} | place
axes = {{"xaxis": {{"title": {{"text": {evil!r}}}, "range": [0.5, 60.5]}}, "yaxis": {{"range": [16, 0]}}}}
layout = {{"height": 300, "margin": {{"l": 40, "r": 20, "t": 20, "b": 60}}, **axes}}
figure = Part("figure", "f", {{"data": [heatmap], "layout": layout}}, words=Words({evil!r}))
part(message(figure, "", settled=True))
"""

WRITE = """async (query) => {
    const { name } = performance.getEntriesByType("resource").find(({ name }) => name.endsWith("/address.js"));
    (await import(name)).address.write(query);
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A small app with one picture and the menu."""
    folder = tmp_path_factory.mktemp("app")
    (folder / "app.py").write_text(PAGE.format(root=str(ROOT), evil=EVIL), "utf-8")
    (folder / "server.py").write_text('import streamlit as st\napp = st.App("app.py")\n')
    shutil.copytree(ROOT / ".streamlit", folder / ".streamlit")
    (ROOT / "static").mkdir(exist_ok=True)
    (folder / "static").symlink_to(ROOT / "static")
    server = Server("uvicorn", folder / "log.txt", folder).start()
    yield server.address
    server.stop()


@pytest.fixture
def page(browser, address):
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(TIMEOUT)
    page = context.new_page()
    page.goto(f"{address}/?m=2&lang=en")
    page.wait_for_selector('[data-testid="live-figure"]:not([data-drawn="0"])')
    yield page
    context.close()


def download(page, want) -> bytes:
    with page.expect_download() as started:
        page.click(f"button[data-name={want}]")
    return Path(started.value.path()).read_bytes()


def expanded(page, name) -> str:
    return page.get_attribute(f"button[data-name={name}]", "aria-expanded")


def test_share_shows_the_address_and_its_code(page):
    page.focus("button[data-name=share]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-name=qr] svg")
    assert page.input_value("input[data-name=link]") == page.url
    rows = exports.qr_rows(page.url)
    drawn = page.get_attribute("[data-name=qr] path", "d")
    dark = np.zeros((len(rows), len(rows)), int)
    for run in drawn.strip("M").split("M"):
        x, rest = run.split(" ")
        y, width = rest.split("v")[0].split("h")
        dark[int(y) - 4, int(x) - 4 : int(x) - 4 + int(width)] = 1
    assert ["".join(map(str, row)) for row in dark] == rows
    assert page.get_attribute("[data-name=qr] svg", "viewBox") == f"0 0 {len(rows) + 8} {len(rows) + 8}"
    box = page.locator("[data-name=share-panel]").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390

    page.evaluate(WRITE, "m=4")
    page.wait_for_function("document.querySelector('input[data-name=link]').value.endsWith('?m=4')")
    page.evaluate(WRITE, "x=" + "y" * 1600)
    page.wait_for_selector("[data-name=qr] p")


def test_panels_close_as_one_expects(page):
    page.focus("button[data-name=share]")
    page.keyboard.press("Enter")
    assert expanded(page, "share") == "true"
    assert page.evaluate("document.activeElement.dataset.name") == "copy"
    page.keyboard.press("Escape")
    assert expanded(page, "share") == "false"
    assert page.evaluate("document.activeElement.dataset.name") == "share"
    page.keyboard.press("Enter")
    page.mouse.click(20, 800)
    assert expanded(page, "share") == "false"
    page.click("button[data-name=download]")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.dataset.name") == "key"
    page.click("button[data-name=share]")
    assert (expanded(page, "download"), expanded(page, "share")) == ("false", "true")


@pytest.mark.parametrize("closed", ["", "document.execCommand = () => false"])
def test_copying_works_without_a_clipboard_or_leaves_the_link_selected(page, closed):
    page.evaluate(f"Object.defineProperty(navigator, 'clipboard', {{ value: undefined }}); {closed}")
    page.click("button[data-name=share]")
    page.click("button[data-name=copy]")
    status = page.locator("[data-name=share-panel] [role=status]")
    status.wait_for()
    words = page.evaluate("document.querySelector('[data-testid=share-menu]').textContent")
    assert status.text_content() and status.text_content() in words
    link = page.evaluate("const a = document.activeElement; a.value.slice(a.selectionStart, a.selectionEnd)")
    assert link == page.url


def test_recordings_are_those_of_the_server(page):
    page.click("button[data-name=download]")
    with np.load(io.BytesIO(download(page, "npz")), allow_pickle=False) as arrays:
        assert arrays["lstm.f"].shape == (60, 16)
    table = list(csv.reader(io.StringIO(download(page, "csv").decode("utf-8-sig"), newline="")))
    assert len(table) == 1 + 60 + 60 * 16 * 6 + 6 * 16  # and what c is made of at t = 6


def test_pictures_have_their_sizes(page):
    def size(content):
        assert content.startswith(b"\x89PNG")
        return struct.unpack(">II", content[16:24])

    page.click("button[data-name=download]")
    width = page.evaluate("document.querySelector('[data-testid=live-figure]').clientWidth")
    assert size(download(page, "png")) == (2 * width, 600)
    assert size(download(page, "slide")) == (1920, 1080)


def test_the_html_page_stands_alone_and_runs_no_foreign_text(page, browser, tmp_path):
    page.click("button[data-name=download]")
    saved = tmp_path / "saved.html"
    saved.write_bytes(download(page, "html"))
    context = browser.new_context(offline=True)
    alone = context.new_page()
    asked, wrong = [], []
    alone.on("request", lambda request: asked.append(request.url))
    alone.on("pageerror", lambda error: wrong.append(str(error)))
    alone.goto(saved.as_uri())
    alone.wait_for_selector(".heatmaplayer image")
    assert alone.title() == alone.text_content("h1") == "What is <b>kept</b>?"
    assert alone.text_content("p") == EVIL
    assert alone.get_attribute("a", "href") == page.url
    assert [url for url in asked if not url.startswith("data:")] == [saved.as_uri()]
    assert wrong == []
    context.close()


def test_the_language_is_switched_for_the_whole_page(page):
    label = page.text_content("button[data-name=download]")
    page.click("button[data-name=language-ko]")
    page.wait_for_selector("[data-name=language-ko][aria-pressed=true]")
    assert page.text_content("button[data-name=download]") != label
