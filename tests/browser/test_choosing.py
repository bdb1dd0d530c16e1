"""A dot is chosen by a click: the unit is in the address, the slider follows, and the second picture shows it."""

from person import sentence, slider, wait_for_address, wait_for_picture

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
