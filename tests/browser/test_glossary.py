"""The glossary: terms are marked where they first stand, explained by pointer, key and finger, and listed."""

import pytest
from person import drag_to, figure, slider, take, wait_for_address, wait_for_picture
from playwright.sync_api import expect

from ui.words.text import glossary

MARK = ".gs-entry"
HINT = ".gs-explained"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def mark(page, term: str):
    return page.locator(f'.gs-figure {MARK}[data-term="{term}"]')


def meaning(lang: str, term: str) -> str:
    return next(entry["text"] for entry in glossary(lang) if entry["id"] == term)


def test_a_term_is_marked_once_and_the_text_stays(visit):
    page = visit("/gates?lang=en&v=1")
    expect(mark(page, "forget_gate")).to_have_count(1)
    expect(figure(page, "gates").locator(f".gs-sentence {MARK}").first).to_have_text("forget gates")
    assert figure(page, "gates").locator(".gs-sentence").inner_text().startswith("The forget gates keep")
    ids = page.locator(f".gs-figure {MARK}").evaluate_all(
        "(marks) => marks.map(({ dataset }) => dataset.term)"
    )
    assert len(ids) == len(set(ids)) > 5


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_hover_focus_and_escape(visit, lang):
    page = visit(f"/gates?lang={lang}&v=1")
    mark(page, "forget_gate").hover()
    expect(page.locator(HINT)).to_contain_text(meaning(lang, "forget_gate"))
    page.mouse.move(1, 1)
    expect(page.locator(HINT)).to_be_hidden()
    mark(page, "half_life").focus()
    expect(page.locator(HINT)).to_contain_text(meaning(lang, "half_life"))
    expect(mark(page, "half_life")).to_have_accessible_description(meaning(lang, "half_life"))
    page.keyboard.press("Escape")
    expect(page.locator(HINT)).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator(HINT)).to_be_visible()


def test_escape_closes_what_is_open_before_lecture_mode(visit):
    page = visit("/gates?lang=en&lec=1&v=1")
    mark(page, "forget_gate").hover()
    expect(page.locator(HINT)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(HINT)).to_be_hidden()
    expect(page.locator("html.gs-lecture")).to_have_count(1)


def test_a_finger(visit):
    page = visit("/gates?lang=ko&v=1", **PHONE)
    mark(page, "forget_gate").tap()
    hint = page.locator(HINT)
    expect(hint).to_contain_text(meaning("ko", "forget_gate"))
    box = hint.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    page.touchscreen.tap(380, 600)
    expect(hint).to_be_hidden()


def test_a_text_is_marked_once_it_has_stayed_the_same_from_one_look_to_the_next(visit):
    """The page's looks are made by hand here, so that a busy machine has no say in it."""
    page = visit("/gates?lang=en&v=1")
    page.add_init_script("""
        const later = window.setTimeout;
        window.setTimeout = (act, ...rest) => {
            if (rest[0] !== 300 || !new Error().stack.includes("/marks.js")) return later(act, ...rest);
            window.look = act;
            return 1;
        };
    """)
    page.reload()
    wait_for_picture(page, "gates")
    page.wait_for_function("Boolean(window.look)")
    sentence = page.locator(".gs-sentence").first
    take(page, "memory")
    for value in (2.0, 1.0, 0.0):
        before = sentence.inner_text()
        drag_to(page, "memory", value, moves=20)
        expect(sentence).not_to_have_text(before)
        page.evaluate("window.look()")
        expect(mark(page, "forget_gate")).to_have_count(0)
    page.mouse.up()
    wait_for_address(page, m=slider(page, "memory").input_value())
    page.evaluate("window.look()")
    page.evaluate("window.look()")
    expect(mark(page, "forget_gate")).to_have_count(1)


def test_a_text_that_comes_back_is_marked_again(visit):
    page = visit("/gates?lang=en&v=1")
    expect(mark(page, "forget_gate")).to_have_count(1)
    page.evaluate("""() => {
        const sentence = document.querySelector(".gs-sentence");
        const text = sentence.textContent;
        sentence.textContent = "Something else.";
        sentence.textContent = text;
    }""")
    assert mark(page, "forget_gate").count() == 0
    expect(mark(page, "forget_gate")).to_have_count(1)


def test_the_language_changes_the_terms(visit):
    page = visit("/gates?lang=en&v=1")
    page.click("[data-name=language-ko]")
    wait_for_picture(page, "gates", lang="ko")
    expect(mark(page, "forget_gate")).to_have_text("망각 게이트")


@pytest.mark.parametrize("options", [{}, PHONE], ids=["wide", "phone"])
def test_the_list_of_all_terms(visit, options):
    page = visit("/gates?lang=en&v=1", **options)
    page.click("[data-name=glossary]")
    dialog = page.locator("dialog.gs-glossary")
    expect(dialog.locator("dt")).to_have_count(len(glossary("en")))
    box = dialog.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"]
    search = dialog.locator("input")
    search.fill("gate")
    assert dialog.locator("dt").first.inner_text().startswith("gate")
    search.fill("망각")
    expect(dialog.locator("[data-term]").first).to_have_attribute("data-term", "forget_gate")
    search.fill("zzz")
    expect(dialog.locator("dt")).to_have_count(0)
    expect(dialog.get_by_role("status")).to_have_text("No term like this.")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator("[data-name=glossary]")).to_be_focused()
