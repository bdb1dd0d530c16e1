"""Lecture mode: large and bare at once, without a new picture from the server, and it goes along everywhere."""

import pytest
from person import figure, settings, slider, wait_for_address, wait_for_picture
from playwright.sync_api import expect

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
ON = "html.gs-lecture"
SIZES = """() => {
    const root = document.querySelector('[data-testid="live-figure"]');
    const text = root.querySelector(".xtick text, .annotation-text").getBoundingClientRect().height;
    return { text, sentence: parseFloat(getComputedStyle(root.querySelector(".gs-sentence")).fontSize) };
}"""
BESIDE = """() => {
    return [...document.querySelectorAll(".gs-graph text")].filter((node) => {
        const frame = node.closest(".gs-frame").getBoundingClientRect();
        const { left, right, top, bottom, width } = node.getBoundingClientRect();
        const across = left < frame.left - 1 || right > frame.right + 1;
        return width && (across || top < frame.top - 2 || bottom > frame.bottom + 1);
    }).map((node) => node.textContent);
}"""
SQUARES = """() => {
    const view = document.querySelector('[data-testid="live-figure"]').gatescope;
    const { x, y } = view.axes();
    const own = view.graph._fullLayout;
    const canvas = view.canvas.getBoundingClientRect();
    return {
        left: x.offset - own.xaxis._offset, width: x.length - own.xaxis._length,
        top: y.offset - own.yaxis._offset, height: y.length - own.yaxis._length,
        canvas: canvas.width - view.frame.clientWidth,
        fine: view.canvas.width / canvas.width / devicePixelRatio,
    };
}"""


def button(page):
    return page.locator('[data-name="lecture"]')


@pytest.mark.parametrize("options", [{}, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("path", ["/", "/gates", "/gradients", "/saturation", "/conventions"])
def test_all_grows_and_nothing_is_cut_off(visit, path, options):
    page = visit(f"{path}?lang=ko&v=1", stay=True, **options)
    before = page.evaluate(SIZES)
    button(page).click()
    after = page.evaluate(SIZES)
    assert after["text"] > 1.05 * before["text"] and after["sentence"] > 1.1 * before["sentence"]
    assert page.evaluate(BESIDE) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    fit = page.evaluate(SQUARES)
    assert fit["fine"] == pytest.approx(1, abs=0.02) and abs(fit["canvas"]) <= 1
    if path in ("/", "/gates", "/conventions"):
        assert [abs(fit[side]) < 1 for side in ("left", "width", "top", "height")] == [True] * 4
    button(page).click()
    assert page.evaluate(SIZES) == before


def test_question_sentence_picture_and_main_controls_are_all_there_is(visit):
    page = visit("/gates?lang=en&v=1")
    page.keyboard.press("l")
    shown = ["h1", ".gs-sentence", ".gs-graph", '[data-name="memory"]', '[data-name="lecture"]']
    gone = [".st-key-gs-nav", '[data-name="share"]', '[data-name="more"]', ".gs-rows", ".gs-bar", ".gs-help"]
    for selector in shown:
        expect(page.locator(selector).first).to_be_visible()
    for selector in gone:
        expect(page.locator(selector).first).to_be_hidden()
    expect(button(page)).to_have_accessible_name("Leave lecture mode")


def test_it_is_there_before_any_answer(visit):
    page = visit("/gates?lang=en&v=1")
    at_once = page.evaluate("""() => {
        document.querySelector('[data-name="lecture"]').click();
        const { scale } = document.querySelector('[data-testid="live-figure"]').gatescope;
        return [document.documentElement.matches(".gs-lecture"), scale > 1];
    }""")
    assert at_once == [True, True]


def test_l_and_escape(visit):
    page = visit("/gates?lang=en&v=1")
    page.keyboard.press("L")
    expect(page.locator(ON)).to_have_count(1)
    wait_for_address(page, lec="1")
    page.keyboard.press("Escape")
    expect(page.locator(ON)).to_have_count(0)
    wait_for_address(page, lec=None)
    page.keyboard.press("l")
    page.keyboard.press("l")
    expect(page.locator(ON)).to_have_count(0)


def test_it_goes_along(visit):
    page = visit("/gates?m=2&lang=en&v=1")
    page.keyboard.press("l")
    wait_for_address(page, lec="1")
    page.locator('[data-testid="stPageLink-NavLink"]', has_text="Gradients").first.evaluate(
        "(a) => a.click()"
    )
    wait_for_picture(page, "gradients", m="2", lec="1")
    expect(page.locator(ON)).to_have_count(1)
    page.reload()
    wait_for_picture(page, "gradients", m="2", lec="1")
    expect(page.locator(ON)).to_have_count(1)
    page.locator("[data-name=language-ko]").evaluate("(button) => button.click()")
    wait_for_picture(page, "gradients", m="2", lec="1", lang="ko")
    expect(page.locator(ON)).to_have_count(1)
    page.keyboard.press("2")  # a preset changes the settings, not the mode
    wait_for_picture(page, "gradients", preset="noise", lec="1")
    expect(page.locator(ON)).to_have_count(1)


def test_pointer_and_picture_agree(visit):
    """In the larger picture a press on a step moves the cursor there, and Plotly's hover finds its curve."""
    page = visit("/gates?lang=en&lec=1&v=1")
    place = page.evaluate("""() => {
        const view = document.querySelector('[data-testid="live-figure"]').gatescope;
        const box = view.stage.getBoundingClientRect();
        return { x: box.left + view.axes().x.at(40) * view.scale, y: box.top + 100 * view.scale };
    }""")
    page.mouse.click(**place)
    wait_for_address(page, t="39")
    expect(figure(page, "gates").locator(".gs-cursor span")).to_have_text("t = 40")
    page = visit("/gradients?lang=en&lec=1&v=1")
    curve = page.evaluate("""() => {
        const view = document.querySelector('[data-testid="live-figure"]').gatescope;
        const { xaxis, yaxis } = view.graph._fullLayout;
        const trace = view.figure.data.find(({ name }) => name === "RNN");
        const box = view.stage.getBoundingClientRect();
        const k = trace.x.indexOf(20);
        const [x, y] = [xaxis._offset + xaxis.d2p(20), yaxis._offset + yaxis.d2p(trace.y[k])];
        return { x: box.left + x * view.scale, y: box.top + y * view.scale };
    }""")
    page.mouse.move(curve["x"] - 30, curve["y"] - 30)
    page.mouse.move(**curve, steps=4)
    expect(figure(page, "gradients").locator(".hoverlayer")).to_contain_text("RNN, 20 steps back")


def test_a_drag_moves_the_large_picture(visit):
    page = visit("/gates?lang=en&lec=1&v=1")
    slider(page, "memory").focus()
    page.keyboard.press("ArrowRight")
    wait_for_picture(page, "gates", m="3.1", lec="1")
    assert settings(page, "gates")["lec"] == "1"


def test_a_window_that_gets_lower_has_a_lower_picture(visit):
    page = visit("/gates?lang=en&lec=1&v=1", viewport={"width": 1440, "height": 1000})
    scale = """document.querySelector('[data-testid="live-figure"]').gatescope.scale"""
    high = page.evaluate(scale)
    page.set_viewport_size({"width": 1440, "height": 640})
    page.wait_for_function(f"{scale} < {high} - 0.1")
    page.set_viewport_size({"width": 1440, "height": 1000})
    page.wait_for_function(f"{scale} === {high}")


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize(
    "options", [{"viewport": {"width": 1440, "height": 900}}, PHONE], ids=["wide", "phone"]
)
def test_the_opened_cell_fills_the_screen(visit, options, lang):
    page = visit(f"/step?lang={lang}&v=1", picture=False, **options)
    page.wait_for_selector('[data-testid="step-cell"]:not([data-drawn="0"])')
    drawing = page.locator(".gs-cell-svg")
    before = drawing.bounding_box()
    expect(page.locator(".gs-trail")).to_be_visible()
    button(page).click()
    for selector in (".gs-trail", ".gs-equations", ".st-key-gs-nav"):
        expect(page.locator(selector).first).to_be_hidden()
    parts = ["h1", ".gs-sentence", ".gs-cell-svg", ".gs-player"]
    boxes = [page.locator(selector).first.bounding_box() for selector in parts]
    bottoms = [box["y"] + box["height"] for box in boxes]
    assert bottoms == sorted(bottoms) and bottoms[-1] <= options["viewport"]["height"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if options is not PHONE:  # there it has the whole width already
        assert boxes[2]["width"] > 1.2 * before["width"]
        panel = page.locator(".gs-controls").bounding_box()
        assert panel["y"] + panel["height"] <= 900


@pytest.mark.parametrize(
    "options", [{"viewport": {"width": 1440, "height": 900}}, PHONE], ids=["wide", "phone"]
)
def test_of_learning_there_remain_sentence_picture_and_slider(visit, options):
    page = visit("/learning?lang=en&lec=1&v=1", **options)
    for name in ("lives", "loss"):
        expect(page.locator(f'[data-testid="live-figure"][data-name="{name}"]')).to_be_hidden()
    expect(page.locator(".gs-job")).to_be_hidden()
    for place in (figure(page, "learning").locator(".gs-graph"), slider(page, "update")):
        box = place.bounding_box()
        assert 0 < box["y"] < box["y"] + box["height"] <= options["viewport"]["height"]
