"""A slider under the finger: pictures while it moves, nothing rebuilt, the address only on release."""

import pytest
from person import (
    LOST,
    control,
    drag_to,
    drawn,
    figure,
    press_button,
    sentence,
    settings,
    slider,
    take,
    wait_for_address,
    wait_for_more,
    wait_for_picture,
)  # fmt: skip
from playwright.sync_api import expect

MARK = """() => {
    window.marked = ["gs-graph", "gs-slider", "gs-sentence"].map((name) => document.querySelector(`.${name}`));
    marked.push(document.querySelector(".main-svg"), document.querySelector(".gs-slider input"));
}"""
SAME = """() => marked.every((node) => node.isConnected) && marked[0] === document.querySelector(".gs-graph")
    && document.querySelectorAll(".gs-graph").length === 1 && document.querySelectorAll(".main-svg").length >= 1"""

# Who of us asks for a size, a place or a style, which has the browser lay out the page at once. An observer asks after
# that has been done.
WATCH_READS = """() => {
    window.reads = [];
    let observing = false;
    const own = /app\\/static\\/[0-9a-f]{8}\\//;
    const note = (name) => {
        const caller = new Error().stack.split("\\n")[3] ?? "";
        if (!observing && own.test(caller)) window.reads.push(`${name} ${caller.trim()}`);
    };
    const wrap = (owner, name) => {
        const found = Object.getOwnPropertyDescriptor(owner, name);
        const kind = found.get ? "get" : "value";
        const real = found[kind];
        Object.defineProperty(owner, name, { ...found, [kind](...given) {
            note(name);
            return real.apply(this, given);
        } });
    };
    const sides = (what) => ["Width", "Height", "Left", "Top"].map((side) => what + side);
    for (const name of [...sides("client"), ...sides("scroll"), "getBoundingClientRect", "getClientRects"]) {
        wrap(Element.prototype, name);
    }
    for (const name of sides("offset")) wrap(HTMLElement.prototype, name);
    for (const name of ["innerWidth", "innerHeight", "getComputedStyle"]) wrap(window, name);
}"""
# Move a slider to and fro, each time when its picture is there.
PICTURES = """async ([slider, name, count]) => {
    const input = document.querySelector(slider);
    const picture = document.querySelector(`[data-testid][data-name="${name}"][data-drawn]`);
    for (let k = 0; k < count; k++) {
        const drawn = new Promise((done) => {
            new MutationObserver(done).observe(picture, { attributes: true, attributeFilter: ["data-drawn"] });
        });
        input.value = k % 2 ? 2 : 1;
        input.dispatchEvent(new Event("input", { bubbles: true }));
        await drawn;
        await new Promise(requestAnimationFrame);
    }
}"""


@pytest.mark.parametrize(
    ("path", "name", "mode"),
    [
        ("/", "home", "uvicorn"),
        ("/gates", "gates", "uvicorn"),
        ("/gradients", "gradients", "uvicorn"),
        ("/gates", "gates", "streamlit"),
    ],
)
def test_pictures_follow_while_the_pointer_is_down(visit, path, name, mode):
    tolerate = r"status of 404 .*/_stcore/(health|host-config)$" if mode == "streamlit" else ""
    page = visit(f"{path}?m=3&lang=en&v=1", mode, tolerate=tolerate)
    wait_for_address(page, lang="en")
    page.evaluate(MARK)
    address, history, before = (
        page.evaluate("location.search"),
        page.evaluate("history.length"),
        drawn(page, name),
    )
    words = sentence(page, name)
    take(page, "memory")
    for value in (2.0, 0.5, -1.0, -2.0):
        seen = drawn(page, name)
        drag_to(page, "memory", value, moves=4)
        wait_for_more(page, name, seen)
    page.wait_for_function(
        "(name) => new URLSearchParams(document.querySelector(`[data-name=${name}]`).dataset.value).get('m') < 0",
        arg=name,
    )
    assert drawn(page, name) >= before + 4
    assert sentence(page, name) != words
    assert page.evaluate("location.search") == address
    page.mouse.up()
    final = slider(page, "memory").input_value()
    assert float(final) == pytest.approx(-2.0, abs=0.11)
    wait_for_picture(page, name, m=final)
    wait_for_address(page, m=final)
    assert page.evaluate("history.length") == history
    assert page.evaluate(SAME)
    assert float(control(page, "memory").locator("output").inner_text().replace("−", "-")) == float(final)


@pytest.mark.parametrize(
    ("name", "handle"),
    [("gates", ".gs-slider.gs-main input"), ("gradients", ".gs-slider.gs-main input"), ("step", ".gs-scrub")],
)
def test_a_picture_asks_for_no_size_and_no_style(visit, name, handle):
    page = visit(f"/{name}?lang=en&v=1", picture=False)
    page.wait_for_selector(f'[data-testid][data-name="{name}"]:not([data-drawn="0"])')
    page.wait_for_function("document.querySelector('.gs-entry')")  # the page is at rest
    page.evaluate(PICTURES, [handle, name, 2])
    page.evaluate(WATCH_READS)
    page.evaluate(PICTURES, [handle, name, 20])
    assert page.evaluate("window.reads") == []
    page.locator("[data-name=share]").click()
    assert "getBoundingClientRect" in " ".join(page.evaluate("window.reads"))  # where it does ask, we see it


def test_keys_move_the_slider_and_the_focus_stays(visit):
    page = visit("/gates?lang=en&v=1")
    page.evaluate(MARK)
    slider(page, "memory").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    wait_for_picture(page, "gates", m="3.3")
    wait_for_address(page, m="3.3")
    page.keyboard.press("ArrowLeft")
    wait_for_picture(page, "gates", m="3.2")
    page.keyboard.press("Home")
    wait_for_picture(page, "gates", m="-5")
    wait_for_address(page, m="-5")
    expect(slider(page, "memory")).to_be_focused()
    assert page.evaluate(SAME)


def test_number_keys_choose_presets_and_0_resets(visit):
    page = visit("/gates?lang=en&v=1")
    page.evaluate(MARK)
    slider(page, "memory").focus()
    page.keyboard.press("4")
    wait_for_picture(page, "gates", preset="forget")
    expect(slider(page, "memory")).to_have_value("-5")
    page.keyboard.press("ArrowRight")
    wait_for_picture(page, "gates", preset="forget", m="-4.9")
    expect(control(page, "reset").locator("button")).to_be_enabled()
    page.keyboard.press("0")
    wait_for_picture(page, "gates", preset="forget", m=None)
    expect(slider(page, "memory")).to_have_value("-5")
    for key, preset in zip("2358", ("noise", "notebook", "remember", "exploding_rnn"), strict=True):
        page.keyboard.press(key)
        wait_for_picture(page, "gates", preset=preset)
        wait_for_address(page, preset=preset)
    page.keyboard.press("1")
    wait_for_picture(page, "gates", preset=None, m=None)
    expect(slider(page, "memory")).to_be_focused()
    assert page.evaluate(SAME)


def test_keys_typed_into_a_text_are_text(visit):
    page = visit("/gates?sig=text&text=ab&lang=en&v=1")
    page.evaluate("document.querySelectorAll('details').forEach((details) => (details.open = true))")
    box = control(page, "text").locator("textarea")
    box.click()
    page.keyboard.press("End")
    page.keyboard.type("4")
    wait_for_picture(page, "gates", text="ab4", preset=None)
    expect(box).to_have_value("ab4")


def test_a_preset_wins_over_a_drag_that_is_under_way(visit):
    page = visit("/gates?lang=en&v=1")
    take(page, "memory")
    drag_to(page, "memory", 0.0)
    page.keyboard.press("4")
    page.mouse.up()
    wait_for_picture(page, "gates", preset="forget")
    press_button(page, "reset") if control(page, "reset").locator("button").is_enabled() else None
    wait_for_picture(page, "gates", preset="forget", m=None)


@pytest.mark.parametrize("preset_first", [False, True])
def test_a_server_that_is_restarted_in_mid_drag_gets_the_drag(visit, server, preset_first):
    """With a preset chosen before, the old server had counted further than the new one has."""
    page = visit("/gates?lang=en&v=1", tolerate=LOST)
    if preset_first:
        slider(page, "memory").focus()
        for key, preset in zip("254", ("noise", "remember", "forget"), strict=True):
            page.keyboard.press(key)
            wait_for_picture(page, "gates", preset=preset)
        page.keyboard.press("2")
        wait_for_picture(page, "gates", preset="noise")
        wait_for_address(page, preset="noise")
    take(page, "memory")
    seen = drawn(page, "gates")
    drag_to(page, "memory", 1.0)
    wait_for_more(page, "gates", seen)
    server.stop()
    try:
        drag_to(page, "memory", -1.0)
    finally:
        server.start()
    page.wait_for_function("Number(document.querySelector('.gs-slider[data-name=memory] input').value) < 0")
    drag_to(page, "memory", -2.0)
    page.mouse.up()
    final = slider(page, "memory").input_value()
    assert float(final) == pytest.approx(-2.0, abs=0.11)
    preset = "noise" if preset_first else None
    wait_for_picture(page, "gates", m=final, preset=preset)
    wait_for_address(page, m=final, preset=preset)
    expect(figure(page, "gates").locator(".gs-notice")).to_have_count(0)
    take(page, "memory")
    drag_to(page, "memory", 4.0)
    page.wait_for_function(
        "Number(new URLSearchParams(document.querySelector('[data-name=gates]').dataset.value).get('m')) > 3"
    )
    page.mouse.up()
    wait_for_address(page, m=slider(page, "memory").input_value())
    assert settings(page)["m"] == slider(page, "memory").input_value()


def test_a_server_that_is_restarted_while_nothing_moves_is_found_again(visit, server):
    page = visit("/gates?m=1.5&n=4&lang=en&v=1", tolerate=LOST)
    server.stop()
    page.wait_for_selector(".stApp:not([data-test-connection-state='CONNECTED'])")
    server.start()
    page.wait_for_selector(".stApp[data-test-connection-state='CONNECTED']")
    expect(page.get_by_test_id("stDialog")).to_have_count(0)  # Streamlit's own, which takes the focus
    slider(page, "memory").focus()
    page.keyboard.press("ArrowRight")
    wait_for_picture(page, "gates", m="1.6", n="4")
    wait_for_address(page, m="1.6", n="4")
