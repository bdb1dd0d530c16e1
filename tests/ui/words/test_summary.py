"""The summary of every page: a few sentences in both languages, with what is set, and nothing that a reader typed."""

import re

import pytest
from states import state_of

from recurrent_core import PRESETS
from ui.settings import TABS
from ui.shell.page import PAGES
from ui.words.summary import NOW, summary
from ui.words.text import LANGUAGES, text

PLACES = [*(page for page in PAGES if page != "gradients"), *(f"gradients.{tab}" for tab in TABS)]


def said(place: str, lang: str = "en", preset: str = "write_once", **settings) -> str:
    page, _, tab = place.partition(".")
    return summary(text(lang), state_of(preset, page, lang, tab=tab or "far", **settings)).text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("place", PLACES)
def test_it_has_a_few_sentences_of_its_own(place, lang):
    sentences = re.findall(r"[^.]+[.](?=\s|$)", said(place, lang))
    assert 3 <= len(sentences) <= 6
    assert "".join(sentences) == said(place, lang)
    assert summary(text(lang), state_of(page="home", lang=lang)).title
    assert len({said(other, lang) for other in PLACES}) == len(PLACES)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("place", [place for place, now in NOW.items() if now in ("shown", "preset")])
def test_it_tells_the_preset_that_the_settings_started_from(place, lang):
    for preset in PRESETS:
        assert f"“{text(lang)(f'presets.{preset}.label')}”" in said(place, lang, preset, memory=1.5)


def test_it_tells_what_is_shown():
    assert NOW.keys() < set(PLACES)
    assert "Shown now: GRU," in said("step", network="gru")
    assert "Shown now: GRU, RNN, with" in said("gates", network="gru", compare="rnn")
    assert "Shown now: GRU, with" in said("saturation", network="gru", compare="rnn")
    assert said("learning", network="rnn", task="adding").endswith("RNN, task “Add two marked numbers”.")
    assert said("conventions", source="keras").endswith("Shown now: Keras.")


def test_nothing_typed_is_in_it():
    for place in PLACES:
        assert "<b>" not in said(place, signal="text", text="<b>")


def test_a_page_that_we_do_not_have_is_an_error():
    with pytest.raises(KeyError):
        summary(text("en"), state_of(page="nothing"))
