"""The worksheet and its key print on one sheet, and the menu gives them for the step that is shown."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from recurrent_core import CELLS, PRESETS, simulate
from ui.views.step.worksheet import worksheet
from ui.words.text import text

CELL = '[data-testid="step-cell"]'
TEXT = "Pack my box with five dozen liquor jugs, 0123456789 times; THE QUICK FOX (and dog) waits!"
GIVEN = {
    "worked": PRESETS["worked_example"],
    "sixteen units": PRESETS["write_once"],
    "notebook": next(e for e in PRESETS.values() if e.signal == "notebook"),
    "many channels": replace(PRESETS["noise"], signal="text", text=TEXT),
}


@pytest.mark.parametrize("name", GIVEN)
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_each_is_one_page(context_for, name, lang):
    page = context_for().new_page()
    for network in CELLS:
        simulation = simulate(GIVEN[name], network)
        for key in (False, True):
            page.set_content(worksheet(text(lang), simulation, 11, 3, key).decode())
            for paper in ("A4", "Letter"):
                sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(format=paper))
                assert len(sheets) == 1, (network, key, paper)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


def test_the_menu_gives_both_for_the_step_in_the_drawing(visit):
    page = visit("/step?v=1&lang=en&preset=worked_example&t=0", picture=False)
    page.wait_for_selector(f'{CELL}:not([data-drawn="0"])')
    page.keyboard.press("ArrowRight")
    page.wait_for_function("new URLSearchParams(location.search).get('t') === '1'")
    page.locator("button[data-name=download]").click()
    simulation = simulate(PRESETS["worked_example"])
    for name, key in {"worksheet": False, "key": True}.items():
        with page.expect_download() as started:
            page.locator(f"button[data-name={name}]").click()
        assert started.value.suggested_filename == f"gatescope-lstm-worked_example-{name}.html"
        assert Path(started.value.path()).read_bytes() == worksheet(text("en"), simulation, 1, 0, key)
