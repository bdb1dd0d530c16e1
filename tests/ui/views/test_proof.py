"""The page of facts: what it counts, how it writes numbers, where its links lead, and what it says of a failure."""

import logging
import math
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from recurrent_core import simulate
from recurrent_core.lab.facts import FACTS, GROUPS, Checked, Expected
from recurrent_core.lab.facts.fact import about, between, check, within
from ui.settings import opened
from ui.shell import proof as shell
from ui.views.proof import table as proof
from ui.words.numbers import significant
from ui.words.text import text

ROOT = Path(__file__).parents[3]
ENGLISH, KOREAN = text("en"), text("ko")
FACT = {fact.name: fact for fact in FACTS}
languages = pytest.mark.parametrize("t", [ENGLISH, KOREAN], ids=["en", "ko"])


def group_of(*names: str, value: float | None = None) -> proof.Group:
    """Some facts with what they give, or with another value, which is wrong."""
    facts = tuple(FACT[name] for name in names)
    checked = tuple(check(fact) if value is None else Checked(value, False) for fact in facts)
    return proof.Group(facts, checked, 0.25)


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_page_shows_every_fact_and_counts_them(lang):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["lang"] = lang
    app.switch_page("pages/proof.py").run()
    assert not app.exception and not app.error
    html = "".join(element.proto.body for element in app.get("html"))
    t = text(lang)
    for fact in FACTS:
        assert html.count(f'data-fact="{fact.name}"') == 1
    assert html.count('class="gs-holds"') == len(FACTS) and 'class="gs-fails"' not in html
    sentence = t("proof.count", passed=len(FACTS), total=len(FACTS), seconds="#")
    before, after = sentence.split("#")
    assert before in html and after in html
    assert t("pages.proof.title") in html


@languages
def test_every_fact_has_its_words(t):
    for fact in FACTS:
        assert t(f"facts.{fact.name}.claim") and t(f"proof.sources.{fact.source}")
    claims = [t(f"facts.{fact.name}.claim") for fact in FACTS]
    assert len(set(claims)) == len(claims)
    assert t.under("proof.sources").keys() == {fact.source for fact in FACTS}
    assert t.under("proof.groups").keys() == set(GROUPS)
    assert {key.removesuffix(".claim") for key in t.under("facts")} == FACT.keys()


@languages
def test_links_carry_the_setting_and_the_language(t):
    page, query = proof.address(t, FACT["half_open"]).split("?")
    here, fact = opened(query), FACT["half_open"]
    assert (page, here.lang, here.notices) == ("gates", t.lang, ())
    assert (here.experiment, here.view.cursor) == (fact.opened.experiment, fact.opened.cursor)
    linked = proof.table(t, "writing", group_of("half_open", "kept_gru"))
    assert linked.count("<a href=") == 2 and "lang=" + t.lang in linked
    assert "<a " not in proof.table(t, "theorem", group_of("wall_5"))


@languages
def test_the_worked_example_opens_on_step(t):
    for name, step in {"worked_f1": 0, "worked_h3": 2}.items():
        page, query = proof.address(t, FACT[name]).split("?")
        here = opened(query)
        assert (page, here.preset, here.view.cursor, here.notices) == ("step", "worked_example", step, ())
        vector = getattr(simulate(here.experiment).recording.vectors, name[-2])
        assert vector[step, 0, 0] == pytest.approx(FACT[name].expected.value, abs=6e-5)


@pytest.mark.parametrize("fact", [fact for fact in FACTS if fact.opened], ids=lambda fact: fact.name)
def test_a_link_opens_the_setting_itself(fact):
    """All that is recorded, and what the page shows of it."""
    page, query = proof.address(ENGLISH, fact).split("?")
    here, seen = opened(query), fact.opened
    assert (page, here.preset, here.notices) == (fact.page, seen.preset, ())
    assert here.experiment == seen.experiment
    assert (here.view.cursor, here.view.distance) == (seen.cursor, seen.distance)
    assert {name: here.get(name) for name in seen.shown} == seen.shown


@languages
def test_a_failure_is_said_in_a_word_and_counted(t):
    good, bad = group_of("worked_c1", "worked_h1"), group_of("worked_c3", value=9.0)
    table = proof.table(t, "worked", bad)
    assert t("proof.fails") in table and "✗" in table and "gs-fails" in table and ">9<" in table
    assert f"✓</span> {t('proof.holds')}" not in table
    assert proof.count(t, [good, bad]) == t("proof.count", passed=2, total=3, seconds="0.5")


def test_a_fact_that_cannot_be_computed_fails_alone(caplog):
    def broken(given):
        raise ZeroDivisionError

    with caplog.at_level(logging.ERROR):
        result = proof._checked(FACT["gate"]._replace(compute=broken))
    assert math.isnan(result.value) and not result.passed and "gate" in caplog.text
    group = proof.Group((FACT["gate"],), (result,), 0.0)
    table = proof.table(ENGLISH, "keeping", group)
    assert ENGLISH("proof.failed") in table and ENGLISH("proof.fails") in table


def test_facts_are_computed_once(monkeypatch):
    shell.group.clear()
    counted = []
    monkeypatch.setattr(proof, "_checked", lambda fact: counted.append(fact.name) or check(fact))
    first = shell.group("worked")
    assert shell.group("worked") == first and len(counted) == len(first.facts) == first.passed
    shell.group.clear()


def test_texts_are_not_markup():
    words = dict(ENGLISH.words) | {"facts.gate.claim": "<b>&", "proof.sources.sigmoid": "<i>"}
    table = proof.table(ENGLISH._replace(words=words), "keeping", group_of("gate"))
    assert "<b>" not in table and "<i>" not in table and "&lt;b&gt;&amp;" in table


@pytest.mark.parametrize(
    ("wanted", "expected", "accepted"),
    [
        (about(0.4, 0.04), "0.4", "± 0.04"),
        (about(1, 0), "1", "exact"),
        (about(0, 1e-15), "0", "± 1 × 10⁻¹⁵"),
        (within(6e-9, 2), "6 × 10⁻⁹", "3 × 10⁻⁹ to 1.2 × 10⁻⁸"),
        (Expected(60, 20, 500), "60", "20 to 500"),
        (between(0.29, 0.33), "0.29 to 0.33", "the range itself"),
    ],
)
def test_what_is_expected_in_words(wanted, expected, accepted):
    assert proof.expected(ENGLISH, wanted) == expected
    assert proof.accepted(ENGLISH, wanted) == accepted


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.name)
def test_what_is_shown_lies_where_it_was_found(fact):
    """Rounded as on the page, a value that holds still lies within, to half a digit; a wrong one does not."""
    digits, value = proof._digits(fact.expected), check(fact).value
    low, _, high = sorted((fact.expected.low, value, fact.expected.high))
    wrong = float(fact.compute(fact.wrong))
    rounded = float(f"{value:.{digits}g}")
    room = 0.02 * (high - low)
    assert low - room <= rounded <= high + room
    assert significant(ENGLISH, wrong, digits) != significant(ENGLISH, value, digits)
