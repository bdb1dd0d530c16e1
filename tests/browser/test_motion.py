"""Whoever asks for less motion gets none: steps are played as values that change, without a flow."""

import pytest
from playwright.sync_api import expect

PHASES = """() => {
    const svg = document.querySelector(".gs-cell-svg");
    window.phases = new Set();
    window.flowed = false;
    const look = () => {
        if (svg.dataset.phase) window.phases.add(svg.dataset.phase);
        window.flowed ||= svg.getAnimations({ subtree: true }).some(({ animationName }) => animationName === "gs-flow")
            && [...svg.querySelectorAll(".gs-flow")].some((path) => getComputedStyle(path).visibility === "visible");
        requestAnimationFrame(look);
    };
    look();
}"""


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_a_step_is_played_with_the_motion_that_is_wanted(visit, motion):
    page = visit("/step?preset=worked_example&lang=en&v=1", picture=False, reduced_motion=motion)
    cell = page.locator('[data-testid="step-cell"]')
    page.wait_for_selector('[data-testid="step-cell"]:not([data-drawn="0"])')
    page.get_by_test_id("step-slider").focus()
    page.keyboard.press("Home")
    expect(cell).to_have_attribute("data-step", "0")
    before = page.locator('.gs-node[data-place="h"] .gs-number').text_content()
    page.evaluate(PHASES)
    page.locator(".gs-play").click()
    expect(cell).to_have_attribute("data-step", "1")
    page.locator(".gs-play").click()
    assert page.locator('.gs-node[data-place="h"] .gs-number').text_content() != before
    phases, flowed = page.evaluate("[[...window.phases], window.flowed]")
    if motion == "reduce":
        assert (phases, flowed) == ([], False)
    else:
        assert {"affine", "squash", "forget", "write", "state", "output"} <= set(phases) and flowed


@pytest.mark.parametrize("path", ["/gates", "/step", "/learning"])
def test_nothing_moves_for_long(visit, path):
    page = visit(f"{path}?lang=en&v=1", picture=False, reduced_motion="reduce")
    page.wait_for_selector(
        ':is([data-testid="live-figure"], [data-testid="step-cell"]):not([data-drawn="0"])'
    )
    longest = page.evaluate("""() => Math.max(...[...document.querySelectorAll("*")].flatMap((node) => {
        const { animationName, animationDuration, transitionDuration } = getComputedStyle(node);
        const times = animationName === "none" ? transitionDuration : `${transitionDuration}, ${animationDuration}`;
        return times.split(", ").map(parseFloat);
    }))""")
    assert longest <= 0.001
