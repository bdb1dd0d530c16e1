"""Conventions as a person uses it: choose a source, drag, reload, on a phone and in Korean."""

import pytest
from person import choose, drag_to, figure, sentence, settings, take, wait_for_address, wait_for_picture

from ui.words.text import text

pytestmark = pytest.mark.browser
FACTS = '[data-testid="facts-card"][data-name="facts"]'


def pick(page, source: str) -> None:
    page.locator('.gs-control[data-name="source"] .gs-option', has_text=source).click()


def wait_for_title(page, title: str) -> None:
    page.wait_for_function(
        "([facts, title]) => document.querySelector(`${facts} h2`)?.textContent === title", arg=[FACTS, title]
    )


def test_a_source_changes_equations_table_code_and_check_at_once(visit):
    page = visit("/conventions")
    wait_for_title(page, "PyTorch: nn.GRU")
    for source, title, parameter in (
        ("Keras", "Keras: GRU, reset_after=True", "recurrent_kernel"),
        ("Cho", "Cho et al. 2014: GRU", "W_z"),
        ("ONNX", "ONNX: GRU, linear_before_reset=0", "R"),
    ):
        pick(page, source)
        wait_for_title(page, title)
        wait_for_picture(page, "parity", src=source.lower())
        wait_for_address(page, src=source.lower())
        assert page.locator(FACTS).get_by_role("rowheader", name=parameter, exact=True).count() == 1
        assert source in sentence(page, "parity")
    choose(page, "of", "lstm_peephole")
    wait_for_title(page, "ONNX: LSTM, P")
    wait_for_address(page, of="lstm_peephole")
    page.reload()
    wait_for_picture(page, "parity", src="onnx", of="lstm_peephole")
    wait_for_title(page, "ONNX: LSTM, P")


def test_the_table_follows_a_drag_before_release(visit):
    page = visit("/conventions?src=keras&of=lstm")
    wait_for_title(page, "Keras: LSTM")
    history = page.evaluate("history.length")
    take(page, "units")
    drag_to(page, "units", 30)
    page.wait_for_function("(facts) => !document.querySelector(`${facts} .gs-arrays h2`).textContent.endsWith(' 16')",
                           arg=FACTS)  # fmt: skip
    assert "n" not in dict(pair.split("=") for pair in page.url.partition("?")[2].split("&"))
    page.mouse.up()
    page.wait_for_function("new URLSearchParams(location.search).has('n')")
    units = int(settings(page)["n"])
    wait_for_picture(page, "parity", n=str(units))
    assert page.locator(FACTS).get_by_text(f"1 × {4 * units}", exact=True).count() == 1
    assert page.evaluate("history.length") == history


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_phone_shows_the_check_first_and_never_scrolls_sideways(visit, lang):
    page = visit(f"/conventions?src=onnx&of=lstm_peephole&lang={lang}", viewport={"width": 390, "height": 844},
                 has_touch=True)  # fmt: skip
    wait_for_title(page, "ONNX: LSTM, P")
    assert page.locator("h1").inner_text() == text(lang)("pages.conventions.title")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    check, facts = figure(page, "parity").bounding_box(), page.locator(FACTS).bounding_box()
    assert check["y"] + check["height"] <= facts["y"]
    assert check["y"] < 300


def test_the_download_offers_pictures_and_no_recording_of_another_network(visit):
    page = visit("/conventions?lang=en")
    page.get_by_role("button", name="Download").click()
    offered = page.locator('[data-testid="share-menu"] [role="menuitem"]:visible')
    offered.first.wait_for()
    names = offered.evaluate_all("(items) => items.map((item) => item.dataset.name)")
    assert names == ["png", "slide", "html"]
    assert page.evaluate("document.activeElement.dataset.name") == "png"
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.dataset.name") == "html"


def test_one_screen_of_a_lecturer(visit):
    page = visit("/conventions?src=pytorch&of=gru&lang=ko", viewport={"width": 1440, "height": 900})
    wait_for_title(page, "PyTorch: nn.GRU")
    for name in ("facts", "practice"):
        box = page.locator(f'[data-testid="facts-card"][data-name="{name}"]').bounding_box()
        assert box["y"] + box["height"] <= 900
