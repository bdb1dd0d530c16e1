"""The questions of Gradients: each opens by its link and by the control, with a picture and a sentence that follow."""

import pytest
from person import (
    drag_to,
    drawn,
    figure,
    sentence,
    slider,
    take,
    wait_for_address,
    wait_for_more,
    wait_for_picture,
)
from playwright.sync_api import expect

from ui.words.text import text

TABS = {  # the slider that moves it, and the picture
    "far": ("memory", "gradients"),
    "why": ("memory", "why"),
    "directions": ("memory", "directions"),
    "steps": ("memory", "steps"),
    "remedy": ("horizon", "remedy"),
}
CLIPPED = """(name) => {
    const graph = document.querySelector(`[data-testid="live-figure"][data-name="${name}"] .gs-graph`);
    const frame = graph.getBoundingClientRect();
    return [...graph.querySelectorAll("text")].filter((node) => {
        const box = node.getBoundingClientRect();
        return box.width && (box.left < frame.left - 1 || box.right > frame.right + 1);
    }).map((node) => node.textContent);
}"""


@pytest.mark.parametrize("tab", TABS)
def test_a_link_opens_the_tab_which_follows_a_drag(visit, tab):
    handle, name = TABS[tab]
    page = visit(f"/gradients?tab={tab}&lang=en&v=1")
    wait_for_picture(page, name, tab=None if tab == "far" else tab)
    before = sentence(page, name)
    assert len(before) > 40
    take(page, handle)
    seen = drawn(page, name)
    drag_to(page, handle, 20 if handle == "horizon" else 0.5)
    wait_for_more(page, name, seen + 2)
    expect(figure(page, name).locator(".gs-sentence")).not_to_have_text(before)  # before the finger lifts
    page.mouse.up()
    short = {"horizon": "hz", "memory": "m"}[handle]
    wait_for_address(page, **{short: slider(page, handle).input_value()})


def test_the_control_opens_every_tab(visit):
    page = visit("/gradients?lang=en&v=1")
    for tab, (_, name) in [*list(TABS.items())[1:], ("far", TABS["far"])]:
        page.locator(
            '.gs-control[data-name="tab"] .gs-option', has_text=text("en").choice("tab", tab)
        ).click()
        wait_for_picture(page, name)
        wait_for_address(page, tab=None if tab == "far" else tab)
        assert len(sentence(page, name)) > 40
        others = {other for _, other in TABS.values()} - {name}
        for other in others:
            expect(figure(page, other)).to_have_count(0)


@pytest.mark.parametrize(
    ("lang", "options"),
    [
        ("en", {"viewport": {"width": 1920, "height": 1000}, "color_scheme": "dark"}),
        ("ko", {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}),
    ],
    ids=["wide, dark", "phone"],
)
def test_no_word_leaves_a_picture(visit, lang, options):
    for tab, (_, name) in TABS.items():
        page = visit(f"/gradients?tab={tab}&lang={lang}&v=1", stay=True, **options)
        wait_for_picture(page, name)
        assert page.evaluate(CLIPPED, name) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= options["viewport"]["width"]
