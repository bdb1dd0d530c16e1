"""Whatever link brings somebody, in both launch modes, there is a page with a picture and nothing else is asked."""

import pytest
from person import FIGURE, drawn, figure, sentence, settings, wait_for_picture
from playwright.sync_api import expect

PAGES = {
    "/": ("home", "What is inside a recurrent network?"),
    "/gates": ("gates", "What is remembered?"),
    "/gradients": ("gradients", "How far back does learning reach?"),
}
# Under `streamlit run` the browser looks for the server below the page's own path first. server.py cures that.
PROBE = r"status of 404 .*/(gates|gradients)/_stcore/(health|host-config)$"


@pytest.mark.parametrize("mode", ["uvicorn", "streamlit"])
@pytest.mark.parametrize("path", PAGES)
def test_a_cold_deep_link_shows_its_page(visit, path, mode):
    name, question = PAGES[path]
    probe = PROBE if mode == "streamlit" and path != "/" else ""
    page = visit(f"{path}?m=1.5&lang=en&v=1", mode, tolerate=probe, cold=True)
    expect(page.locator("h1")).to_have_text(question)
    assert drawn(page, name) >= 1
    assert settings(page, name) == {"m": "1.5", "lang": "en", "v": "1"}
    assert len(sentence(page, name)) > 40


def test_all_scripts_come_from_our_own_server(visit):
    page = visit("/gates", cold=True)
    urls = page.visitor.asked
    assert any("/app/static/plotly-" in url for url in urls)
    assert any("_stcore/stream" in url for url in urls)


@pytest.mark.parametrize("path", PAGES)
def test_any_query_gives_a_page_with_a_picture_and_a_sentence(visit, path):
    query = (
        "m=abc&n=999999&text=<img src=x onerror=alert(1)>&sig=text&preset=nope&lang=xx&pin=%00&clamp=q:1&v=9"
    )
    page = visit(f"{path}?{query}")
    name = PAGES[path][0]
    assert drawn(page, name) >= 1
    notices = figure(page, name).locator(".gs-notice").all_inner_texts()
    assert any("abc" in notice for notice in notices) and any("999999" in notice for notice in notices)
    assert page.locator("img[src=x]").count() == 0


def test_the_browsers_language_is_taken(visit):
    page = visit("/gates", locale="ko-KR")
    expect(page.locator("h1")).to_have_text("무엇을 기억하나요?")
    assert page.evaluate("document.documentElement.lang") == "ko"
    assert "망각 게이트" in figure(page, "gates").inner_text()
    assert "기억" in page.locator('[data-testid="live-controls"]').inner_text()


def test_the_address_says_the_language_louder(visit):
    page = visit("/gradients?lang=ko", locale="en-US")
    expect(page.locator("h1")).to_have_text("학습은 얼마나 과거까지 닿나요?")
    assert page.evaluate("document.documentElement.lang") == "ko"
    page = visit("/gates?lang=en", locale="ko-KR")
    expect(page.locator("h1")).to_have_text("What is remembered?")
    assert page.evaluate("document.documentElement.lang") == "en"


def test_the_language_is_switched_in_place_and_kept(visit):
    page = visit("/gates?m=1.5")
    page.click("[data-name=language-ko]")
    expect(page.locator("h1")).to_have_text("무엇을 기억하나요?")
    wait_for_picture(page, "gates", lang="ko", m="1.5")
    page.wait_for_function("location.search.includes('lang=ko')")
    page.reload()
    wait_for_picture(page, "gates", lang="ko", m="1.5")
    expect(page.locator("h1")).to_have_text("무엇을 기억하나요?")


def lightness(page, selector: str, style: str) -> float:
    """0 for black to 1 for white."""
    colour = page.locator(selector).first.evaluate(f"(node) => getComputedStyle(node).{style}")
    red, green, blue = (float(part) for part in colour.split("(")[1].strip(")").split(",")[:3])
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


@pytest.mark.parametrize("path", ["/gates", "/gradients"])
def test_dark_is_dark_and_light_is_light(visit, path):
    dark = visit(path, color_scheme="dark")
    light = visit(path, color_scheme="light")
    text = f"{FIGURE} .annotation-text, {FIGURE} .xtick text"
    assert lightness(dark, ".stApp", "backgroundColor") < 0.2 < 0.6 < lightness(dark, text, "fill")
    assert lightness(light, ".stApp", "backgroundColor") > 0.9 > 0.4 > lightness(light, text, "fill")
    assert lightness(dark, f"{FIGURE} .gs-sentence", "color") > 0.7
