"""The state of a page: its address holds all of it, in every version of defaults and presets."""

import json
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from states import state_of

from recurrent_core import PRESETS, Clamp
from recurrent_core.lab import presets
from recurrent_core.lab.address import join
from recurrent_core.lab.fields import Version, fields_of
from ui import settings as of_page
from ui.settings import FIELDS, HOME, RECORDS, State, ViewSettings, opened

LINKS = json.loads(
    (Path(__file__).parents[1] / "recurrent_core" / "fixtures" / "links.json").read_text("utf-8")
)


def same(one: State, other: State) -> bool:
    return one._replace(notices=()) == other._replace(notices=())


def test_every_field_is_in_one_record_and_has_a_name_of_its_own():
    assert sum(len(fields_of(kind)) for kind in RECORDS.values()) == len(FIELDS) == len(HOME) == 50
    shorts = [field.short for field in FIELDS.values()]
    assert len({*shorts}) == len(shorts) and not {*shorts} & {"preset", "lang", "v", "pin"}
    assert [*fields_of(ViewSettings)] == [field.name for field in fields(ViewSettings)]


def test_a_value_is_found_whichever_record_it_is_in():
    state = state_of(memory=1.0, rate=0.5, cursor=7)
    assert (state.get("memory"), state.get("rate"), state.get("cursor")) == (1.0, 0.5, 7)


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("name", PRESETS)
def test_the_address_of_every_preset_holds_all_of_it_and_is_short(name, lang):
    state = state_of(name, lang=lang)
    assert opened(state.query) == state
    assert len(state.query) < 80 and opened(state.query).query == state.query


CHANGED = [
    state_of("remember", clamps=()),
    state_of("second_pulse", compare=""),
    state_of("remember", clamps=(Clamp("f", 0.5, 2, 9, 3), Clamp("c", -2.5))),
    state_of(signal="text", text="가나다 <b>&m=1&pin=2#%3D+"),
    state_of(signal="text", text="안녕하세요" * 100),
    state_of(signal="data", data="1,2\n3,4\n5,6"),
    state_of(memory=-0.1, forget_bias=0.0, seed=9999, all_rows=True, log=False, task="sine", rate=0.25),
]


@pytest.mark.parametrize("pinned", CHANGED)
@pytest.mark.parametrize("state", CHANGED[:3])
def test_the_address_holds_the_pinned_settings_too(state, pinned):
    state = state._replace(pinned=pinned.experiment)
    assert opened(state.query) == state


@pytest.mark.parametrize("state", CHANGED)
def test_the_address_holds_changed_settings(state):
    assert opened(state.query) == state and opened(f"?{state.query}") == state


def test_the_language_is_one_of_ours():
    assert opened("lang=ko").lang == "ko" and opened("lang=xx").lang == "en"
    assert opened("lang=xx", lang="ko").lang == opened("", lang="ko").lang == "ko"


def test_the_default_preset_is_named_where_a_page_opens_with_another():
    assert state_of(page="step").query == "preset=write_once&lang=en&v=1"
    assert state_of(page="gates").query == "lang=en&v=1"


ANY = st.one_of(
    st.text(max_size=60), st.sampled_from(["nan", "inf", "-1e999", "sha:00000000", "f:1:6", "\x00"])
)
KEYS = st.sampled_from([field.short for field in FIELDS.values()] + ["preset", "lang", "v", "pin"])


@settings(max_examples=150)
@given(st.dictionaries(KEYS, ANY, max_size=8))
def test_any_address_gives_a_state_whose_own_address_is_stable(query):
    state = opened(join(query.items()))
    assert same(opened(state.query), state)
    assert opened(state.query).notices == ()


# Versions; what is recorded is pinned in tests/recurrent_core/lab/test_versions.py


def test_every_version_knows_what_the_page_shows():
    assert ViewSettings.versions.keys() == presets.VERSIONS
    assert not ViewSettings.versions[presets.VERSION].defaults
    for version, found in ViewSettings.versions.items():
        assert {*found.presets} <= {*presets.names(version)}


@pytest.mark.parametrize(("version", "link"), [(v, link) for v, links in LINKS.items() for link in links])
def test_a_link_shows_what_it_showed(version, link):
    view = opened(link).view
    assert {name: getattr(view, name) for name in fields_of(ViewSettings)} == LINKS[version][link]["view"]


@pytest.fixture
def second(monkeypatch):
    """A second version: other defaults and presets, recorded and shown."""
    recorded = {**presets.EXPERIMENT["1"].presets, "count": {"scale": 0.1}}
    monkeypatch.setattr(presets, "VERSION", "2")
    monkeypatch.setitem(presets.EXPERIMENT, "2", Version({"memory": 1.0}, recorded))
    monkeypatch.setitem(presets.TRAINING, "2", Version({"rate": 0.5}, {}))
    monkeypatch.setitem(
        of_page.PRESETS, "2", Version({"log": False, "cursor": 30}, {"count": {"tab": "why"}})
    )
    presets._STARTS.clear()
    yield
    presets._STARTS.clear()


@pytest.mark.parametrize("link", LINKS["1"])
def test_an_old_link_is_written_anew_without_losing_anything(link, second):
    state, pinned = opened(link), LINKS["1"][link]
    assert {name: getattr(state.view, name) for name in fields_of(ViewSettings)} == pinned["view"]
    assert state.query.endswith("v=2") and opened(state.query) == state
    both = opened(f"{link}&{join([('pin', link)])}")
    assert both.pinned == both.experiment == state.experiment and opened(both.query) == both


def test_badge_and_reset_go_by_the_present_preset(second):
    from ui.changes import acted

    old = opened("preset=count&v=1")
    assert old.view.compare == "gru" and {"signal", "wiring", "memory", "scale"} <= {*old.changed}
    fresh = acted(old, "reset", True)
    assert fresh.changed == () and (fresh.experiment.memory, fresh.experiment.scale) == (1.0, 0.1)
    assert (fresh.view.log, fresh.view.cursor, fresh.view.compare) == (False, 30, "")
    assert opened("preset=count").view.tab == "why" and opened("").training.rate == 0.5
    assert opened("v=1") == State()  # whose defaults are those of the first version
