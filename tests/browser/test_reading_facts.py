"""Proof as a person reads it: a table or cards, a count, and links that open the very setting."""

import re

import pytest
from person import TIMEOUT, settings, wait_for_address, wait_for_picture
from playwright.sync_api import expect

from recurrent_core.lab.facts import FACTS

COUNT = re.compile(rf"^{len(FACTS)} of {len(FACTS)} facts hold, computed by this server in \d+\.\d s\.$")


def read(visit, query: str = "lang=en&v=1", mode: str = "uvicorn", **options):
    """The page, once all rows are there."""
    probe = r"status of 404 .*/proof/_stcore/(health|host-config)$" if mode == "streamlit" else ""
    page = visit(f"/proof?{query}", mode, picture=False, tolerate=probe, **options)
    expect(page.locator("[data-fact]")).to_have_count(len(FACTS), timeout=TIMEOUT)
    return page


@pytest.mark.parametrize("mode", ["uvicorn", "streamlit"])
def test_a_cold_link_shows_that_all_facts_hold(visit, mode):
    page = read(visit, mode=mode)
    expect(page.locator(".gs-proof-count")).to_have_text(COUNT, timeout=TIMEOUT)
    expect(page.locator(".gs-fails")).to_have_count(0)
    expect(page.get_by_role("row").filter(has_text="✓ holds")).to_have_count(len(FACTS))


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_phone_shows_cards_without_scrolling_sideways(visit, lang):
    page = read(visit, f"lang={lang}&v=1", viewport={"width": 390, "height": 844})
    widths = page.locator("[data-fact]").evaluate_all(
        "rows => rows.map((row) => row.getBoundingClientRect())"
    )
    assert all(card["left"] >= 0 and card["right"] <= 390 for card in widths)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    inside = (
        "rows => rows.filter((row) => row.scrollWidth > row.clientWidth + 1).map((row) => row.dataset.fact)"
    )
    assert page.locator("[data-fact]").evaluate_all(inside) == []


def test_a_row_opens_its_setting_and_back_returns(visit):
    page = read(visit, "lang=ko&v=1")
    page.locator('[data-fact="rnn_keeps"] a').click()
    wait_for_picture(page, "gradients", preset="rnn_keeps", lang="ko")
    page.go_back()
    expect(page.locator("[data-fact]")).to_have_count(len(FACTS), timeout=TIMEOUT)
    page.locator('[data-fact="half_open"] a').click()
    wait_for_picture(page, "gates", clamp="f:0.5:0", t="7")
    assert settings(page)["lang"] == "ko"


def test_the_readers_own_settings_and_language_pass_through(visit):
    page = read(visit, "m=5&lang=en&v=1")
    page.get_by_text("한국어").click()
    wait_for_address(page, m="5", lang="ko")
    expect(page.locator("h1")).to_have_text("맞는지 어떻게 아나요?", timeout=TIMEOUT)
    page.get_by_role("link", name="게이트", exact=True).first.click()
    wait_for_picture(page, "gates", m="5", lang="ko")
