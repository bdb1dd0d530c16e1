"""How far back learning reaches: three named curves, and a reading that follows the distance."""

from person import (
    control,
    drag_to,
    drawn,
    figure,
    open_settings,
    sentence,
    slider,
    take,
    wait_for_more,
    wait_for_picture,
)
from playwright.sync_api import expect

DATA = "document.querySelector('[data-testid=live-figure][data-name=gradients]').gatescope.figure"


def test_three_curves_stand_there_with_their_names(visit):
    page = visit("/gradients?lang=en&v=1")
    shown = figure(page, "gradients").locator(".gs-graph").inner_text()
    for name in ("RNN", "LSTM", "GRU"):
        assert name in shown
    assert shown.count("per step") >= 3
    assert page.locator(".gs-graph .scatterlayer .js-line").count() >= 3
    assert "1 in 75,000" in sentence(page, "gradients")


def test_the_reading_follows_the_distance(visit):
    page = visit("/gradients?lang=en&v=1")
    words = sentence(page, "gradients")
    assert words.startswith("50 steps back")
    take(page, "distance")
    seen = drawn(page, "gradients")
    drag_to(page, "distance", 10)
    wait_for_more(page, "gradients", seen)
    page.mouse.up()
    final = slider(page, "distance").input_value()
    wait_for_picture(page, "gradients", k=final)
    assert sentence(page, "gradients").startswith(f"{final} steps back")
    assert sentence(page, "gradients") != words


def test_axes_and_curves_are_a_choice(visit):
    page = visit("/gradients?lang=en&v=1")
    open_settings(page)
    log = control(page, "log").locator("input")
    log.click()
    wait_for_picture(page, "gradients", log="0")
    log.click()
    wait_for_picture(page, "gradients", log=None)
    control(page, "axis").locator("input[value=absolute]").check(force=True)
    wait_for_picture(page, "gradients", axis="absolute")
    control(page, "curve").locator("select").select_option("input")
    wait_for_picture(page, "gradients", axis="absolute", curve="input")


def test_a_price_series_has_gradients_too(visit):
    page = visit("/gradients?sig=stocks&lang=en&v=1")
    assert drawn(page, "gradients") >= 1
    expect(figure(page, "gradients").locator(".gs-notice")).to_have_count(0)
    assert "RNN" in sentence(page, "gradients")


def test_maps_of_every_vectors_gradient(visit):
    page = visit("/gradients?lang=en&v=1")
    open_settings(page)
    control(page, "maps").locator("input").click()
    wait_for_picture(page, "gradient_maps")
    keys = page.evaluate(
        "document.querySelector('[data-name=gradient_maps]').gatescope.figure.data"
        ".filter((trace) => trace.meta?.height).map((trace) => trace.meta.key)"
    )
    assert len(keys) == 6
    control(page, "maps").locator("input").click()
    expect(figure(page, "gradient_maps")).to_have_count(0)
