"""Every page for everybody: no violation that axe-core finds, enough contrast, and all of it by keyboard alone.

axe looks at whole pages. What it leaves to people, because something lies over a text, is measured here.
"""

import re
from pathlib import Path

import pytest
from person import slider, wait_for_address, wait_for_picture
from playwright.sync_api import expect

from recurrent_core.lab.facts import GROUPS
from ui.settings import TABS
from ui.shell.page import PAGES

HERE = Path(__file__).parent
AXE = HERE.parents[1] / "node_modules" / "axe-core" / "axe.min.js"
FAINT, STOP = (
    (HERE / name).read_text("utf-8").strip().removesuffix(";") for name in ("contrast.js", "focus.js")
)
# Parts of Streamlit's page that we cannot change, each with the reason. None has a violation now.
CHROME: dict[str, str] = {}
RUN = """async (chrome) => {
    const rules = { "target-size": { enabled: true } };
    const found = await axe.run({ include: [document], exclude: chrome.map((part) => [part]) }, { rules });
    return {
        passes: found.passes.length,
        violations: found.violations.filter(({ impact }) => ["serious", "critical"].includes(impact))
            .flatMap(({ id, nodes }) => nodes.map(({ target, html }) => `${id}: ${target} ${html.slice(0, 120)}`)),
    };
}"""
REACHABLE = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
    .filter((node) => node.checkVisibility() && !node.disabled && node.tabIndex >= 0 && node.type !== "radio").length"""
# The summary: what stands before it in the order of reading, how much room it takes, and whether it shows.
SUMMARY = """() => {
    const summary = document.querySelector("main .gs-summary");
    const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    let before;
    while (walker.nextNode() && !summary.contains(walker.currentNode)) {
        if (walker.currentNode.data.trim()) before = walker.currentNode;
    }
    const { width, height } = summary.getBoundingClientRect();
    const style = getComputedStyle(summary);
    return {
        after: before.parentElement.tagName, heading: summary.firstElementChild.tagName, text: summary.textContent,
        room: summary.closest('[data-testid="stElementContainer"]').getBoundingClientRect().height,
        seen: width > 1 || height > 1 || style.clipPath === "none",
        read: summary.checkVisibility({ visibilityProperty: true }),
    };
}"""
SHOWN = ':is([data-testid="live-figure"], [data-testid="step-cell"]):not([data-drawn="0"])'
ADDRESSES = {
    **{name: "/" if name == "home" else f"/{name}" for name in PAGES},
    **{f"gradients_{tab}": f"/gradients?tab={tab}" for tab in TABS if tab != "far"},
}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def opened(visit, address: str, query: str = "&lang=en", **options):
    """A page whose pictures are drawn and whose terms are marked."""
    start = address + ("&" if "?" in address else "?") + f"v=1{query}"
    page = visit(start, picture=False, **options)
    expect(page.locator("h1")).to_have_count(1)
    if address == "/proof":
        page.wait_for_selector(f".gs-proof >> nth={len(GROUPS) - 1}")
        page.wait_for_selector('.stApp[data-test-script-state="notRunning"]')
    else:
        page.wait_for_selector(SHOWN)
    if address != "/proof" or "lec=1" not in query:  # there Proof shows no text with a term
        page.wait_for_selector(".gs-entry", state="attached")
    return page


def check(page) -> None:
    assert AXE.exists(), "axe-core is missing: `make test` installs it"
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(RUN, list(CHROME))
    assert found["violations"] == []
    assert found["passes"] > 20
    read = page.evaluate(FAINT)
    assert read["faint"] == []
    assert read["count"] > 10


def test_what_is_wrong_is_found(visit):
    page = opened(visit, "/gates")
    page.evaluate("""() => document.querySelector(".gs-sentence").insertAdjacentHTML("afterend",
        '<button></button><p style="color: #888">faint</p>')""")
    with pytest.raises(AssertionError, match="button-name"):
        check(page)
    assert page.evaluate(FAINT)["faint"] == ["3.54: faint"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ADDRESSES)
def test_no_violation(visit, name, scheme):
    page = opened(visit, ADDRESSES[name], stay=True, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((details) => (details.open = true))")
    check(page)


@pytest.mark.parametrize("name", ADDRESSES)
def test_no_violation_in_korean(visit, name):
    page = opened(visit, ADDRESSES[name], "&lang=ko", stay=True, locale="ko-KR")
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    check(page)
    here = page.evaluate(SUMMARY)
    assert here["after"] == "H1" and here["heading"] == "H2" and here["text"]
    assert here["room"] == 0 and here["seen"] is False
    assert here["read"], "the summary is not among what a screen reader reads"


@pytest.mark.parametrize("name", PAGES)
def test_no_violation_on_a_phone(visit, name):
    check(opened(visit, ADDRESSES[name], stay=True, **PHONE))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_no_violation_in_lecture_mode(visit, name, scheme):
    page = opened(visit, ADDRESSES[name], "&lang=en&lec=1", stay=True, color_scheme=scheme)
    expect(page.locator("html.gs-lecture")).to_have_count(1)
    check(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("button", ["keys", "glossary", "share", "download"])
def test_no_violation_in_what_the_head_opens(visit, button, scheme):
    page = opened(visit, "/gates", color_scheme=scheme)
    page.locator(f'[data-testid="share-menu"] [data-name="{button}"]').click()
    check(page)


@pytest.mark.parametrize("name", PAGES)
def test_the_keyboard_reaches_everything_shows_where_it_is_and_gets_out_again(visit, name):
    """Tab goes through the page and comes back to its beginning; each stop on the way looks different with focus."""
    page = opened(visit, ADDRESSES[name])
    stops, unseen = [], []
    for _ in range(400):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None or not stop["first"]:
            break
        stops.append(stop["name"])
        if not stop["seen"]:
            unseen.append(stop["name"])
    else:
        pytest.fail(f"the focus does not come out again: {stops[-5:]}")
    assert unseen == []
    wanted = page.evaluate(REACHABLE)
    assert len(stops) >= wanted > 5, stops


def test_single_keys_can_be_switched_off_for_good(visit):
    """What they do is not done, no control tells them, and the next page knows it; until they are on again."""
    page = opened(visit, "/gates", "&lang=en")
    told = page.locator("[aria-keyshortcuts]")
    menu = page.locator('[data-testid="share-menu"]')
    preset = page.locator("#gs-preset")
    switch = menu.get_by_role("switch", name="Single-key shortcuts")
    expect(preset).to_have_attribute("aria-keyshortcuts", "1 2 3 4 5 6 7 8")
    expect(menu.locator('[data-name="lecture"]')).to_have_attribute("aria-keyshortcuts", "L")
    before = told.count()
    menu.locator('[data-name="keys"]').click()
    expect(switch).to_be_focused()
    expect(switch).to_be_checked()
    page.keyboard.press("Space")
    expect(switch).not_to_be_checked()
    expect(told).to_have_count(0)
    expect(page.locator('[data-name="keys-panel"]')).to_contain_text("Single keys are off.")
    page.keyboard.press("Escape")

    def nothing_happens() -> None:
        for key in "2l":
            page.keyboard.press(key)
        slider(page, "memory").focus()
        page.keyboard.press("ArrowRight")  # on a control that has the focus it is no shortcut
        wait_for_picture(page, "gates", preset=None)
        expect(page.locator("html")).not_to_have_class(re.compile("gs-lecture"))

    nothing_happens()
    wait_for_address(page, m="3.1")
    page.reload()
    page.wait_for_selector(SHOWN)
    expect(told).to_have_count(0)
    nothing_happens()
    wait_for_address(page, m="3.2", preset=None)
    menu.locator('[data-name="lecture"]').click()
    expect(page.locator("html.gs-lecture")).to_have_count(1)
    page.keyboard.press("Escape")  # no character: it always leads out
    expect(page.locator("html.gs-lecture")).to_have_count(0)

    menu.locator('[data-name="keys"]').click()
    switch.click()
    expect(switch).to_be_checked()
    expect(told).to_have_count(before)
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    wait_for_picture(page, "gates", preset="noise")


def test_without_single_keys_arrows_move_the_step_on_its_slider_alone(visit):
    page = opened(visit, "/step", "&lang=en")
    scrub = page.get_by_test_id("step-slider")
    expect(scrub).to_have_attribute("aria-keyshortcuts", re.compile("ArrowRight"))
    page.keyboard.press("ArrowLeft")
    expect(scrub).to_have_value("1")
    try:
        page.locator('[data-name="keys"]').click()
        page.keyboard.press("Space")
        page.keyboard.press("Escape")  # the focus is on the button that opened it
        page.keyboard.press("ArrowLeft")
        scrub.focus()
        page.keyboard.press("ArrowLeft")
        expect(scrub).to_have_value("0")
        page.keyboard.press("ArrowRight")
        expect(scrub).to_have_value("1")
    finally:
        page.evaluate("localStorage.clear()")  # other tests have the same browser
