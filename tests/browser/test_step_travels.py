"""The step and the unit that the Step page keeps in the browser go along to the other pages, and come from them."""

import pytest
from person import figure, settings, wait_for_address, wait_for_picture

CELL = '[data-testid="step-cell"]'


def follow(page, label: str) -> None:
    page.locator('[data-testid="stPageLink-NavLink"]', has_text=label).first.click()


def wait_for_step(page, step: int, unit: int = 0) -> None:
    page.wait_for_selector(f'{CELL}[data-step="{step}"][data-unit="{unit}"]')


@pytest.fixture
def page(visit):
    page = visit("/step?v=1&preset=write_once&lang=en&net=lstm&t=5", picture=False)
    wait_for_step(page, 5)
    return page


def test_a_step_of_the_drawing_arrives_at_gates_and_one_of_gates_at_the_drawing(page):
    page.keyboard.press("Shift+ArrowRight")
    page.locator(".gs-unit-step").last.click()
    wait_for_step(page, 15, 1)
    wait_for_address(page, t="15", u="1")
    follow(page, "Gates")
    wait_for_picture(page, "gates", t="15", u="1")
    wait_for_address(page, t="15", u="1")
    cursor = figure(page, "gates").get_by_test_id("time-cursor")
    assert cursor.get_attribute("aria-valuenow") == "16"
    cursor.focus()
    page.keyboard.press("ArrowRight")
    wait_for_picture(page, "gates", t="16")
    wait_for_address(page, t="16")
    follow(page, "Step")
    wait_for_step(page, 16, 1)
    assert settings(page)["t"] == "16"


def test_a_link_right_after_a_key_takes_the_step_along(page):
    page.keyboard.press("ArrowRight")
    follow(page, "Gates")
    wait_for_picture(page, "gates", t="6")


def test_back_from_gates_leads_to_the_step(page):
    page.keyboard.press("Shift+ArrowRight")
    wait_for_address(page, t="15")
    follow(page, "Gates")
    wait_for_picture(page, "gates", t="15")
    page.go_back()
    wait_for_step(page, 15)
