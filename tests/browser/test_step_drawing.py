"""Step, "How is one number made?": every number of the drawing, where it comes from, and moving through steps."""

import math

import numpy as np
import pytest
from person import settings, slider, wait_for_address
from playwright.sync_api import expect
from states import state_of

from recurrent_core import PRESETS, Experiment, learning_signal, simulate
from recurrent_core.analysis.anatomy import anatomy
from ui.changes import with_values
from ui.words.numbers import chosen, computed

CELL = '[data-testid="step-cell"]'
WORKED = "/step?v=1&lang=en&preset=worked_example"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
ALL_STEPS = """(root) => {
    const view = root.gatescope;
    const seen = Array.from({length: view.message.steps}, (_, t) => {
        view.move(t, false);
        return Object.fromEntries([...root.querySelectorAll(".gs-node")].map((node) => [
            node.dataset.place, [Number(node.dataset.value), node.querySelector(".gs-number").textContent]
        ]));
    });
    clearTimeout(view.rest);  // the address need not hear of it
    return seen;
}"""
COUNT = """() => {
    window.sent = 0;
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (...all) { window.sent += 1; return send.apply(this, all); };
    const fetched = window.fetch;
    window.fetch = (...all) => { window.sent += 1; return fetched(...all); };
}"""


@pytest.fixture
def look(visit):
    """look(address, **options) opens the page and waits for the drawing."""

    def enter(path: str, **options):
        page = visit(path, picture=False, **options)
        page.wait_for_selector(f'{CELL}:not([data-drawn="0"])')
        return page

    return enter


def cell(page):
    return page.locator(CELL)


def box(page, place: str):
    return page.locator(f'{CELL} .gs-node[data-place="{place}"]')


def formula(page):
    return page.locator('[data-testid="step-formula"]')


def wait_for(page, script: str, arg=None) -> None:
    page.wait_for_function(
        f"(arg) => {{ const root = document.querySelector('{CELL}'); return {script}; }}", arg=arg
    )


def opened(experiment: Experiment, backward: bool):
    simulation = simulate(experiment)
    return simulation, anatomy(simulation.recording, learning_signal(simulation) if backward else None)


@pytest.mark.parametrize("backward", [False, True], ids=["forward", "backward"])
@pytest.mark.parametrize("network", ["lstm", "gru", "rnn"])
@pytest.mark.parametrize(
    "given",
    [
        state_of("worked_example", "step"),
        state_of(page="step", units=4, steps=20),
        state_of("noise", "step", units=32, steps=100, unit=17),
        state_of("noise", "step", units=3, clamps=(("h", 0.25, 3, 6, None),)),
    ],
    ids=["worked", "four units", "thirty-two units", "clamped"],
)
def test_every_number_is_the_recordings(look, given, network, backward):
    here = with_values(given, network=network, step_mode="backward" if backward else "watch")
    page = look(f"/step?{here.query}", stay=True)
    wait_for(
        page,
        f"root.dataset.network === '{network}' && Boolean(root.gatescope.message.gradients) === arg",
        backward,
    )
    simulation, parts = opened(here.experiment, backward)
    unit = min(here.view.unit, parts.values["h"].shape[1] - 1)
    expected = parts.gradients if backward else parts.values
    seen = cell(page).evaluate(ALL_STEPS)
    assert len(seen) == len(parts.values["h"])
    for t, numbers in enumerate(seen):
        boxes = {place: pair for place, pair in numbers.items() if not place.startswith("b_")}
        assert boxes.keys() == expected.keys()
        for place, (value, shown) in boxes.items():
            wanted = float(expected[place][t, 0 if place == "x" else unit])
            assert value == pytest.approx(wanted, rel=0, abs=0), (t, place)
            assert shown == (chosen(wanted) if place == "x" and not backward else computed(wanted)), (
                t,
                place,
            )
    for gate, affine in simulation.recording.params._asdict().items():
        if not backward:
            assert seen[0][f"b_{gate}"][0] == affine.b[unit]


def worth(shown: dict) -> float:
    """A formula's right side, from the full digits of its factors."""
    forms = {
        "plain": lambda a: a,
        "one_minus": lambda a: 1 - a,
        "one_minus_square": lambda a: 1 - a * a,
        "slope": lambda a: a * (1 - a),
    }
    total = sum(
        float(term["sign"]) * math.prod(forms[form](float(value)) for value, form in term["factors"])
        for term in shown["terms"]
    )
    return {"": total, "tanh": np.tanh(total), "sigmoid": 1 / (1 + np.exp(-total))}[shown["squash"]]


def read(page) -> dict:
    """The formula that is shown, with all terms, and its value."""
    for more in page.locator(".gs-more-terms:not([open]) summary").all():
        more.click()
        page.wait_for_selector(".gs-more-terms[open] li")
    return page.locator('[data-testid="step-trail"]').evaluate(
        """(root) => {
            const line = root.querySelector('[data-testid="step-formula"]');
            const term = (node) => ({
                sign: node.dataset.sign,
                factors: [...node.querySelectorAll(".gs-chip")].map((chip) => [chip.dataset.value, chip.dataset.form]),
            });
            return {
                ...line.dataset,
                result: line.querySelector(".gs-result").textContent,
                terms: [...root.querySelectorAll(".gs-term[data-sign]")].map(term),
            };
        }"""
    )


def follow(page, places: list[str], values: dict, unit: int = 0) -> dict:
    """Click from formula to formula, checking each: its value against the recording and against its own terms."""
    for place in places:
        page.locator(f'[data-testid="step-trail"] .gs-chip[data-place="{place}"]').first.click()
        wait_for(page, "root.querySelector('[data-testid=step-formula]').dataset.place === arg", place)
        shown = read(page)
        step = int(shown["step"])
        assert float(shown["value"]) == values[place][step, unit]
        assert shown["result"] == (chosen if place == "x" else computed)(values[place][step, unit])
        if place == "x":
            assert shown["terms"] == []
        else:
            assert worth(shown) == pytest.approx(float(shown["value"]), rel=1e-12, abs=1e-15), place
    return shown


TO_INPUT = ["squashed", "c", "written", "g", "a_g", "xW_g", "x"]
BACK = ["squashed", "c", "kept", "c_before"]


@pytest.mark.parametrize(
    ("places", "step"),
    [
        (TO_INPUT, 2),
        (["o", "a_o", "xW_o", "x"], 2),
        ([*BACK, "c", "written", "i", "a_i", "xW_i", "x"], 1),
        (["o", "a_o", "hU_o", "h_before", "h", "o", "a_o", "xW_o", "x"], 1),
        ([*BACK, "c", "kept", "c_before", "c", "written", "g", "a_g", "xW_g", "x"], 0),
        (["o", "a_o", "hU_o", "h_before", "h", "o", "a_o", "hU_o", "h_before", "h", *TO_INPUT], 0),
    ],
    ids=["x3 by g", "x3 by o", "x2 by c", "x2 by h", "x1 by c", "x1 by h"],
)
def test_a_chain_of_clicks_leads_from_h3_to_the_inputs(look, places, step):
    page = look(f"{WORKED}&t=2")
    values = opened(PRESETS["worked_example"], False)[1].values
    box(page, "h").click()
    assert worth(read(page)) == pytest.approx(0.8707, abs=5e-5)
    shown = follow(page, places, values)
    assert int(shown["step"]) == step and shown["value"] == str(step + 1)
    assert page.locator(".gs-crumb").count() == len(places) + 1
    assert cell(page).get_attribute("data-step") == str(step)
    page.locator(".gs-crumb").first.click()
    wait_for(page, "root.dataset.step === '2'")
    assert formula(page).get_attribute("data-place") == "h"


def test_c_reaches_the_first_step_and_there_is_nothing_before_it(look):
    page = look(f"{WORKED}&t=0")
    box(page, "c_before").click()
    assert read(page)["terms"] == []
    assert "initial state" in page.locator(".gs-called").inner_text()


@pytest.mark.parametrize("network", ["lstm", "gru", "rnn"])
@pytest.mark.parametrize("backward", [False, True], ids=["forward", "backward"])
def test_every_box_has_a_formula_that_gives_its_number(look, network, backward):
    mode = "backward" if backward else "watch"
    page = look(
        f"/step?v=1&preset=write_once&lang=en&net={network}&units=9&n=9&t=9&u=2&mode={mode}&sig=noise&wire=random",
        stay=True,
    )
    wait_for(page, "Boolean(root.gatescope.message.gradients) === arg", backward)
    places = page.locator(".gs-node").evaluate_all("(nodes) => nodes.map((node) => node.dataset.place)")
    assert len(places) >= 5
    for place in places:
        box(page, place).focus()
        page.keyboard.press("Enter")
        wait_for(page, "root.querySelector('.gs-chosen')?.dataset.place === arg", place)
        page.wait_for_function(
            "(place) => { const d = document.querySelector('[data-testid=step-formula]').dataset;"
            " return d.place === place || d.weight?.startsWith(place[0]); }",
            arg=place,
        )
        shown = read(page)
        if shown["terms"]:
            assert worth(shown) == pytest.approx(float(shown["value"]), rel=1e-9, abs=1e-15), place


def test_scrubbing_and_playing_ask_nothing_of_the_server(look):
    page = look("/step?v=1&preset=write_once&lang=en&net=lstm")
    page.wait_for_timeout(500)
    page.evaluate(COUNT)
    handle = page.get_by_test_id("step-slider")
    handle.scroll_into_view_if_needed()
    area = handle.bounding_box()
    middle = area["y"] + area["height"] / 2
    before = int(cell(page).get_attribute("data-drawn"))
    page.mouse.move(area["x"] + 20, middle)
    page.mouse.down()
    page.mouse.move(area["x"] + area["width"] - 20, middle, steps=40)
    page.mouse.up()
    wait_for(page, "Number(root.dataset.drawn) > arg + 20", before)
    step = cell(page).get_attribute("data-step")
    wait_for_address(page, t=step)
    link = page.locator('a[data-testid="stPageLink-NavLink"]').nth(1).get_attribute("href")
    assert f"t={step}" in link
    page.locator(".gs-speed").select_option("60")
    page.locator(".gs-play").click()
    wait_for(page, "root.dataset.step === '59'")
    page.locator(".gs-unit-step").last.click()
    wait_for_address(page, t="59", u="1")
    assert page.evaluate("window.sent") == 0


def test_arrow_keys_move_the_step_but_not_while_a_slider_has_them(look):
    page = look(f"{WORKED}&t=1")
    page.keyboard.press("ArrowRight")
    wait_for(page, "root.dataset.step === '2'")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    wait_for(page, "root.dataset.step === '1'")
    page.get_by_test_id("step-slider").focus()
    page.keyboard.press("Home")
    wait_for(page, "root.dataset.step === '0'")
    wait_for_address(page, t="0")


def test_the_step_goes_along_with_the_next_report_and_survives_it(look):
    page = look("/step?v=1&preset=write_once&lang=en&net=lstm&t=5")
    page.keyboard.press("Shift+ArrowRight")
    wait_for(page, "root.dataset.step === '15'")
    box(page, "a_f").click()
    page.locator('.gs-control[data-name="network"] .gs-option').last.click()
    wait_for(page, "root.dataset.network === 'gru'")
    assert cell(page).get_attribute("data-step") == "15"
    wait_for_address(page, net="gru", t="15")
    page.reload()
    page.wait_for_selector(f'{CELL}:not([data-drawn="0"])')
    assert cell(page).get_attribute("data-step") == "15"


def test_a_message_that_comes_again_keeps_the_way(look):
    page = look(f"{WORKED}&t=2")
    box(page, "h").click()
    page.locator('.gs-chip[data-place="o"]').click()
    page.locator('.gs-chip[data-place="a_o"]').click()
    before = page.locator(".gs-crumb").all_inner_texts()
    cell(page).evaluate(
        """({ gatescope: part, dataset: { name, value } }) =>
            part.show({ name, body: part.message, words: { notices: [] }, value, settled: true })"""
    )
    assert page.locator(".gs-crumb").all_inner_texts() == before and len(before) == 3
    assert formula(page).get_attribute("data-place") == "a_o"


def test_dragging_a_weight_changes_the_drawing_meanwhile(look):
    page = look(f"{WORKED}&t=2&mode=edit")
    field = page.locator('.gs-field[data-edit="lfW00"]')
    field.scroll_into_view_if_needed()
    area = field.bounding_box()
    x, y = area["x"] + area["width"] / 2, area["y"] + area["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 100, y, steps=20)
    wait_for(page, "Math.abs(root.gatescope.message.params.f.W[0][0] - 1.5) < 1e-9")
    assert settings(page).get("w") is None, "the address waits for the release"
    page.mouse.up()
    wait_for_address(page, w="lfW00:1.5")
    assert box(page, "xW_f").locator(".gs-number").text_content() == "4.5000"
    field.fill("0.5")
    field.press("Enter")
    wait_for(page, "root.gatescope.message.params.f.W[0][0] === 0.5")
    page.locator('.gs-field[data-edit="x0"]').fill("2")
    page.keyboard.press("Tab")
    wait_for(page, "root.gatescope.message.values.x[2][0] === 2")


def test_a_gate_is_held_from_the_drawing(look):
    page = look(f"{WORKED}&t=1&mode=clamp")
    box(page, "i").click()
    page.locator("#gs-clamp-value").fill("0.25")
    wait_for(page, "root.gatescope.message.values.i[1][0] === 0.25")
    assert "gs-is-held" in box(page, "i").get_attribute("class")
    assert "gs-is-held" not in box(page, "f").get_attribute("class")
    expect(page.locator(".gs-called")).to_contain_text("Clamped")  # follows the drawing a moment later
    page.keyboard.press("Escape")
    page.locator(".gs-release").click()
    wait_for(page, "root.gatescope.message.values.i[1][0] !== 0.25")


def test_a_bar_chooses_its_unit(look):
    page = look("/step?v=1&preset=write_once&lang=en&net=lstm&n=16")
    strip = box(page, "c").locator(".gs-strip").bounding_box()
    page.mouse.click(strip["x"] + strip["width"] * 10.5 / 16, strip["y"] + strip["height"] / 2)
    wait_for(page, "root.dataset.unit === '10'")


def test_playing_slowly_shows_part_after_part(look):
    page = look(f"{WORKED}&t=0")
    page.locator(".gs-play").click()
    for part in ("affine", "squash", "forget", "write", "state", "output"):
        page.wait_for_selector(f'.gs-cell-svg[data-phase="{part}"]')
    page.locator(".gs-play").click()
    page.wait_for_selector(".gs-cell-svg:not([data-phase])")


def test_without_motion_only_the_numbers_change(look):
    page = look(f"{WORKED}&t=0", reduced_motion="reduce")
    page.evaluate(
        "() => { window.parts = 0; new MutationObserver(() => (window.parts += 1))"
        ".observe(document.querySelector('.gs-cell-svg'), {attributes: true, attributeFilter: ['data-phase']}); }"
    )
    page.locator(".gs-play").click()
    wait_for(page, "root.dataset.step === '1'")
    assert page.evaluate("window.parts") == 0


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("network", ["lstm", "gru", "rnn"])
@pytest.mark.parametrize(
    "screen", [{"viewport": {"width": 1440, "height": 900}}, PHONE], ids=["desktop", "phone"]
)
def test_drawing_step_control_and_sentence_are_on_the_first_screen(look, network, lang, screen):
    page = look(f"/step?v=1&preset=write_once&lang={lang}&net={network}", stay=True, **screen)
    height = screen["viewport"]["height"]
    for part in (".gs-sentence", ".gs-cell-svg", ".gs-player"):
        area = page.locator(f"{CELL} {part}").bounding_box()
        assert area["y"] >= 0 and area["y"] + area["height"] <= height, part
    assert page.evaluate("document.documentElement.scrollWidth") <= screen["viewport"]["width"]


def test_no_text_leaves_its_box(look):
    for network in ("lstm", "gru", "rnn"):
        for lang in ("en", "ko"):
            for screen in ({"viewport": {"width": 1440, "height": 900}}, PHONE):
                page = look(f"/step?v=1&preset=write_once&lang={lang}&net={network}", stay=True, **screen)
                outside = page.locator(".gs-node").evaluate_all(
                    """(nodes) => nodes.filter((node) => {
                        const box = node.querySelector(".gs-box").getBBox();
                        return [...node.querySelectorAll("text")].some((text) => {
                            const {x, width} = text.getBBox();
                            return x < box.x || x + width > box.x + box.width;
                        });
                    }).map((node) => node.dataset.place)"""
                )
                assert outside == [], (network, lang, screen["viewport"]["width"])


def test_the_unit_slider_of_the_panel_moves_the_drawing(look):
    page = look("/step?v=1&preset=write_once&lang=en&net=lstm")
    slider(page, "unit").fill("3")
    wait_for(page, "root.dataset.unit === '3'")


@pytest.mark.parametrize("place", ["h", "c"])
def test_no_gradient_is_explained_by_itself(look, place):
    page = look("/step?v=1&preset=write_once&lang=en&net=lstm&t=5&mode=backward")
    wait_for(page, "Boolean(root.gatescope.message.gradients)")
    box(page, place).click()
    wait_for(page, "root.querySelector('[data-testid=step-formula]').dataset.place === arg", place)
    symbols = formula(page).locator(".gs-symbol").all_text_contents()
    assert len(symbols) == len(set(symbols)) > 1
    assert f"∂L/∂{place}6→7[1]" in symbols


@pytest.mark.parametrize("network", ["lstm", "gru", "rnn"])
@pytest.mark.parametrize(("units", "says"), [(4, "Type or drag"), (5, "too large")])
def test_only_a_small_network_asks_to_be_edited(look, network, units, says):
    page = look(f"/step?v=1&preset=write_once&lang=en&net={network}&n={units}&mode=edit&t=5", stay=True)
    expect(page.locator(f"{CELL} .gs-sentence")).to_contain_text(says)
    expect(page.locator(".gs-field").first).to_be_visible(visible=units == 4)
