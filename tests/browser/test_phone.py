"""On a phone: nothing beside the screen, sentence, picture and slider on it, room for a finger."""

import pytest
from person import FIGURE, control, drawn, figure, slider, wait_for_address, wait_for_picture
from playwright.sync_api import expect

from ui.shell.page import PAGES

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
TITLES = """(name) => {
    const root = document.querySelector(`[data-testid="live-figure"][data-name="${name}"]`);
    return root.gatescope.figure.data.filter(({ meta }) => meta?.height).map(({ meta }) => meta.key);
}"""


@pytest.mark.parametrize(("path", "lang"), [("/", "en"), ("/gates", "ko"), ("/gradients", "en")])
def test_nothing_stands_beside_the_screen(visit, path, lang):
    page = visit(f"{path}?preset=second_pulse&lang={lang}", **PHONE)
    page.evaluate("document.querySelectorAll('details').forEach((details) => (details.open = true))")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    wide = page.evaluate("""() => [...document.querySelectorAll('[data-testid="stMain"], [data-testid="stApp"]')]
        .filter((node) => node.scrollWidth > node.clientWidth).map((node) => node.dataset.testid)""")
    assert wide == []
    box = page.locator(FIGURE).first.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390


@pytest.mark.parametrize("step", [5, 59])
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_sentence_picture_and_slider_are_on_the_first_screen(visit, lang, step):
    page = visit(f"/gates?t={step}&lang={lang}&v=1", **PHONE)
    for network in ("lstm", "rnn", "gru"):
        control(page, "network").locator(f"input[value={network}]").evaluate("(input) => input.click()")
        wait_for_picture(page, "gates", net=None if network == "lstm" else network)
        page.evaluate("scrollTo(0, 0)")
        sentence = figure(page, "gates").locator(".gs-sentence").bounding_box()
        graph = figure(page, "gates").locator(".gs-graph").bounding_box()
        memory = slider(page, "memory").bounding_box()
        assert 0 < sentence["y"] < graph["y"] < graph["y"] + graph["height"] <= memory["y"] + 1
        assert memory["y"] + memory["height"] <= 844


def test_the_thumb_has_room_for_a_finger_and_follows_it(visit):
    page = visit("/gates?lang=en&v=1", **PHONE)
    handle = slider(page, "memory")
    box = handle.bounding_box()
    assert box["height"] >= 44
    rules = page.evaluate("""() => [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
        .filter((rule) => rule.media?.mediaText === "(pointer: coarse)" && matchMedia(rule.media.mediaText).matches)
        .flatMap((rule) => [...rule.cssRules]).filter((rule) => /webkit-slider-thumb/.test(rule.selectorText))
        .map((rule) => [rule.style.width, rule.style.height])""")
    assert ["44px", "44px"] in rules
    page.touchscreen.tap(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    final = handle.input_value()
    assert -3.5 < float(final) < -1
    wait_for_picture(page, "gates", m=final)
    wait_for_address(page, m=final)


def test_four_rows_until_all_are_wanted(visit):
    page = visit("/gates?lang=en&v=1", **PHONE)
    assert page.evaluate(TITLES, "gates") == ["x", "lstm.f", "lstm.c", "lstm.ledger"]
    assert figure(page, "gates").locator(".gs-rows li").count() <= 4
    page.evaluate("document.querySelector('.gs-control[data-name=all_rows]').scrollIntoView()")
    control(page, "all_rows").locator("input").tap()
    wait_for_picture(page, "gates", rows="1")
    assert page.evaluate(TITLES, "gates") == ["x", *(f"lstm.{letter}" for letter in "ifgoch"), "lstm.ledger"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_turning_the_phone_redraws_the_picture_as_wide_as_it_is(visit):
    page = visit("/gates?lang=en&v=1", **PHONE)
    page.set_viewport_size({"width": 844, "height": 390})
    page.wait_for_function("""() => {
        const graph = document.querySelector(".gs-graph");
        return graph.clientWidth > 500 && Math.abs(graph._fullLayout.width - graph.clientWidth) <= 1;
    }""")
    assert page.evaluate(TITLES, "gates")[0] == "x"
    assert page.evaluate("document.documentElement.scrollWidth") <= 844
    assert drawn(page, "gates") >= 1


@pytest.mark.parametrize("width", [360, 390, 1024])
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_every_page_link_is_on_the_screen(visit, lang, width):
    page = visit(f"/gates?lang={lang}&v=1", **(PHONE | {"viewport": {"width": width, "height": 844}}))
    links = page.locator(".st-key-gs-nav a")
    expect(links).to_have_count(len(PAGES))
    for k in range(len(PAGES)):
        seen = links.nth(k).evaluate("""(link) => {
            const { left, right, top, bottom } = link.getBoundingClientRect();
            const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
            const inside = left >= 0 && right <= innerWidth && top >= 0;
            return { inside, hit: link.contains(hit), height: bottom - top };
        }""")
        assert seen["inside"] and seen["hit"] and seen["height"] >= 24, k
