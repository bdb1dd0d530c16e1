"""A dot is chosen by a click: the unit is in the address, the slider follows, and the second picture shows it."""

import pytest
from person import figure, sentence, slider, wait_for_address, wait_for_picture

from ui.words.text import text

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

DOTS = """() => {
    const view = document.querySelector('[data-testid="live-figure"][data-name="saturation"]').gatescope;
    const { xaxis, yaxis } = view.graph._fullLayout;
    const frame = view.stage.getBoundingClientRect();
    const { customdata, x, y } = view.figure.data.find(({ meta }) => meta?.select);
    return customdata.map((unit, k) => ({
        unit, x: frame.left + xaxis._offset + xaxis.d2p(x[k]), y: frame.top + yaxis._offset + yaxis.d2p(y[k]),
    }));
}"""


def test_a_click_on_a_dot_shows_its_unit(visit):
    page = visit("/saturation?preset=noise&u=3&lang=en&v=1")
    wait_for_picture(page, "saturation_unit", u="3")
    dot = next(dot for dot in reversed(page.evaluate(DOTS)) if dot["unit"] not in (0, 3))
    page.mouse.click(dot["x"], dot["y"])
    wait_for_picture(page, "saturation_unit", u=str(dot["unit"]))
    wait_for_address(page, u=str(dot["unit"]))
    assert sentence(page, "saturation_unit").startswith(f"Unit {dot['unit'] + 1} of 16")
    assert slider(page, "unit").input_value() == str(dot["unit"])


def test_a_tap_goes_on_to_the_next_unit_of_the_dot(visit):
    page = visit("/saturation?lang=en&v=1", **PHONE)
    for unit in ("1", "2"):
        dot = page.evaluate(DOTS)[0]  # all sixteen units stand there
        page.touchscreen.tap(dot["x"], dot["y"])
        wait_for_picture(page, "saturation_unit", u=unit)
        wait_for_address(page, u=unit)


def test_the_arrow_keys_choose_too(visit):
    page = visit("/saturation?lang=en&v=1")
    slider(page, "unit").focus()
    page.keyboard.press("ArrowRight")
    wait_for_picture(page, "saturation_unit", u="1")
    assert sentence(page, "saturation_unit").startswith("Unit 2 of 16")


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_sentence_both_pictures_and_slider_are_on_a_phones_first_screen(visit, lang):
    page = visit(f"/saturation?lang={lang}&v=1", **PHONE)
    assert page.locator("h1").inner_text() == text(lang)("pages.saturation.title")
    dots, unit = (
        figure(page, name).locator(".gs-graph").bounding_box() for name in ("saturation", "saturation_unit")
    )
    memory = slider(page, "memory").bounding_box()
    assert dots["y"] + dots["height"] < unit["y"] < unit["y"] + unit["height"] <= memory["y"]
    assert memory["y"] + memory["height"] <= 844
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
