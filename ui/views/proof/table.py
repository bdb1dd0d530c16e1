"""The table of facts: what came out of each, group by group, each row with a link to its own settings."""

import logging
import math
import re
import time
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from recurrent_core.lab.facts import FACTS, Checked, Expected, Fact, check
from ui.changes import with_values
from ui.settings import State, of_preset
from ui.words.numbers import fixed, significant
from ui.words.text import Text

LOG = logging.getLogger("gatescope")
COLUMNS = ("claim", "source", "expected", "accepted", "computed", "result", "open")


class Group(NamedTuple):
    """The facts of one group, what came out, and how long that took."""

    facts: tuple[Fact, ...]
    checked: tuple[Checked, ...]
    seconds: float

    @property
    def passed(self) -> int:
        return sum(result.passed for result in self.checked)


def group(name: str) -> Group:
    """Compute the facts of a group."""
    facts = tuple(fact for fact in FACTS if fact.group == name)
    began = time.perf_counter()
    checked = tuple(map(_checked, facts))
    return Group(facts, checked, time.perf_counter() - began)


def _checked(fact: Fact) -> Checked:
    try:
        return check(fact)
    except Exception:
        LOG.exception("the fact %s cannot be computed", fact.name)
        return Checked(math.nan, False)


def count(t: Text, groups: Sequence[Group]) -> str:
    """How many facts hold, and how long they took."""
    passed, total = sum(g.passed for g in groups), sum(len(g.facts) for g in groups)
    seconds = fixed(sum(g.seconds for g in groups), 1)
    return t("proof.count", passed=passed, total=total, seconds=seconds)


def head(sentence: str) -> str:
    """The line above the groups."""
    return f'<p class="gs-proof-count" role="status">{escape(sentence)}</p>'


def table(t: Text, name: str, group: Group) -> str:
    """One group as a table, which the style sheet lays out as cards on a phone."""
    names = "".join(f'<th scope="col" role="columnheader">{escape(t(f"proof.{c}"))}</th>' for c in COLUMNS)
    rows = "".join(_row(t, fact, result) for fact, result in zip(group.facts, group.checked, strict=True))
    hold = t("proof.of_group", passed=group.passed, total=len(group.facts))
    return (
        f'<section class="gs-proof"><h2>{escape(t(f"proof.groups.{name}"))} <small>{escape(hold)}</small></h2>'
        f'<table role="table"><thead role="rowgroup"><tr role="row">{names}</tr></thead>'
        f'<tbody role="rowgroup">{rows}</tbody></table></section>'
    )


def _plain(text: str) -> str:
    """Text as HTML; a power of ten and "b = 3" stay in one line."""
    return escape(re.sub(" ([×=]) ", "\u00a0\\1\u00a0", text))


def _row(t: Text, fact: Fact, result: Checked) -> str:
    mark, word = ("✓", "holds") if result.passed else ("✗", "fails")
    cells = {
        "claim": _plain(t(f"facts.{fact.name}.claim")),
        "source": _plain(t(f"proof.sources.{fact.source}")),
        "expected": _plain(expected(t, fact.expected)),
        "accepted": _plain(accepted(t, fact.expected)),
        "computed": _plain(computed(t, fact.expected, result)),
        "result": f'<span aria-hidden="true">{mark}</span> {escape(t(f"proof.{word}"))}',
        "open": _link(t, fact),
    }
    tds = "".join(
        f'<td role="cell" class="gs-proof-{name}" data-label="{escape(t(f"proof.{name}"))}">{cell}</td>'
        for name, cell in cells.items()
    )
    return f'<tr role="row" class="gs-{word}" data-fact="{fact.name}">{tds}</tr>'


def _link(t: Text, fact: Fact) -> str:
    if fact.opened is None:
        return ""
    page, claim = t(f"pages.{fact.page}.nav"), t(f"facts.{fact.name}.claim")
    return (
        f'<a href="{escape(address(t, fact))}" aria-label="{escape(f"{page}: {claim}")}">{escape(page)} →</a>'
    )


def address(t: Text, fact: Fact) -> str:
    """Where the fact can be seen, from the page of facts: the page on the very setting, in this language."""
    return f"{fact.page}?{opened(fact)._replace(lang=t.lang).query}"


def opened(fact: Fact) -> State:
    """The page that shows the fact."""
    seen = fact.opened
    if seen is None:
        raise ValueError(f"expected a fact that a page shows, got {fact.name}")
    start = of_preset(State(fact.page), seen.preset)._replace(experiment=seen.experiment)
    return with_values(start, cursor=seen.cursor, distance=seen.distance, **seen.shown)


# Numbers


def expected(t: Text, wanted: Expected) -> str:
    """What the source states: a value, or a range."""
    if wanted.value is None:
        return _span(t, wanted)
    return significant(t, wanted.value, _digits(wanted))


def accepted(t: Text, wanted: Expected) -> str:
    """How far from it may lie what is computed."""
    if wanted.value is None:
        return t("proof.range")
    below, above = wanted.value - wanted.low, wanted.high - wanted.value
    if below == above == 0:
        return t("proof.exact")
    if math.isclose(below, above, rel_tol=1e-3):
        return t("proof.plus_minus", value=significant(t, above, 2))
    return _span(t, wanted)


def computed(t: Text, wanted: Expected, result: Checked) -> str:
    """What came out, with as many digits as the comparison needs."""
    if math.isnan(result.value):
        return t("proof.failed")
    return significant(t, result.value, _digits(wanted))


def _span(t: Text, wanted: Expected) -> str:
    return t("proof.span", low=significant(t, wanted.low, 3), high=significant(t, wanted.high, 3))


def _digits(wanted: Expected) -> int:
    """Significant digits that tell a value inside from one outside: 3 to 15."""
    size, width = max(abs(wanted.low), abs(wanted.high)), wanted.high - wanted.low
    if wanted.value == 0 and width:
        return 3
    return 15 if width == 0 else min(15, max(3, math.ceil(math.log10(2 * size / width)) + 1))
