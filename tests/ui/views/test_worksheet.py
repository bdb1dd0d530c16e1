"""The worksheet of a step has blanks, its key the recording's numbers; a reader's text is in neither."""

import re
from dataclasses import replace

import pytest

from recurrent_core import CELLS, PRESETS, Clamp, simulate
from ui.views.step.worksheet import worksheet
from ui.words.numbers import on_paper
from ui.words.text import text

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
    assert results(key)[-1] == on_paper(simulation.recording.vectors.h[2, 0, 0]) and not results(sheet)
    assert f'lang="{lang}"' in key.decode() and not re.search("src=|href=|<script|nan", key.decode())


def test_the_key_of_the_worked_example():
    found = results(worksheet(text("en"), simulate(WORKED), 0, 0, True))
    assert {"0.6457", "0.6225", "0.6044", "0.69", "0.3902", "0.2564"} <= set(found)
    assert "1.6721" not in worksheet(text("en"), simulate(WORKED), 2, 0).decode()


def numbers(page: bytes) -> list[str]:
    return re.findall(r"\d+\.\d{3,}", page.decode())


@pytest.mark.parametrize("network", CELLS)
@pytest.mark.parametrize("preset", ["worked_example", "noise"])
def test_the_exercise_gives_no_result_away(preset, network):
    simulation = simulate(PRESETS[preset], network)
    sheet, key = (worksheet(text("en"), simulation, 4, 0, key) for key in (False, True))
    found = {result.removeprefix("−") for result in results(key) if re.fullmatch(r"−?\d+\.\d{3,}", result)}
    assert len(found) > 1 and not found & set(numbers(sheet))


@pytest.mark.parametrize("network", CELLS)
def test_what_is_held_is_given(network):
    simulation = simulate(replace(PRESETS["noise"], clamps=(Clamp("h", 0.25, 3, 6),)), network)
    for key in (False, True):
        page = worksheet(text("en"), simulation, 4, 0, key).decode()
        assert "h<sub>5</sub> = 0.25 (held)" in page and "a<sub>h</sub>" not in page
    assert "0.25 (held)" not in worksheet(text("en"), simulation, 8, 0, True).decode()


def test_products_are_written_out_where_there_is_one_of_each():
    key = worksheet(text("en"), simulate(WORKED), 1, 0, True).decode()
    assert "2 · 0.5 + 0.2564 · 0.1 + 0 = " in key and text("en")("worksheet.note") not in key
    assert text("en")("worksheet.note") in worksheet(text("en"), simulate(PRESETS["noise"]), 1, 0).decode()


def test_no_text_of_a_reader_and_places_beyond_the_end():
    typed = replace(WORKED, signal="text", text="<b>&xyz")
    page = worksheet(text("en"), simulate(typed), 499, 127, True).decode()
    assert "<b>" not in page and "t = 7" in page
