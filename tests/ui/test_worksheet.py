"""The worksheet of a step has blanks, its key the recording's numbers; a reader's text is in neither."""

import re
from dataclasses import replace

import pytest

from recurrent_core import CELLS, PRESETS, simulate
from ui.text import text
from ui.worksheet import number, worksheet

WORKED = PRESETS["worked_example"]


def results(page: bytes) -> list[str]:
    return re.findall('class="answer">(.*?)<', page.decode())


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("network", CELLS)
@pytest.mark.parametrize("preset", ["worked_example", "noise", "remember"])
def test_the_key_has_a_number_for_each_blank_and_ends_with_h(preset, network, lang):
    simulation = simulate(PRESETS[preset], network)
    sheet, key = (worksheet(text(lang), simulation, 2, 0, key) for key in (False, True))
    assert sheet.decode().count('class="blank"') == len(results(key)) > 1
    assert results(key)[-1] == number(simulation.recording.vectors.h[2, 0, 0]) and not results(sheet)
    assert f'lang="{lang}"' in key.decode() and not re.search("src=|href=|<script|nan", key.decode())


def test_the_key_of_the_worked_example():
    found = results(worksheet(text("en"), simulate(WORKED), 0, 0, True))
    assert {"0.6457", "0.6225", "0.6044", "0.69", "0.3902", "0.2564"} <= set(found)
    assert "1.6721" not in worksheet(text("en"), simulate(WORKED), 2, 0).decode()


def test_no_text_of_a_reader_and_places_beyond_the_end():
    typed = replace(WORKED, signal="text", text="<b>&xyz")
    page = worksheet(text("en"), simulate(typed), 499, 127, True).decode()
    assert "<b>" not in page and "t = 7" in page


def test_numbers_are_short():
    assert [number(x) for x in (0.0, -0.00001, 1.5, -2.0, 10.0)] == ["0", "0", "1.5", "−2", "10"]
