"""Settings go along: over reloads, Back, the links to the other pages, and into new tabs and sessions."""

import pytest
from person import LOST, drag_to, figure, settings, slider, take, wait_for_address, wait_for_picture
from playwright.sync_api import expect


def dragged_to(page, value: float, name: str) -> str:
    """Drag Memory there, let go, and give the value that it has then."""
    take(page, "memory")
    drag_to(page, "memory", value)
    page.mouse.up()
    final = slider(page, "memory").input_value()
    wait_for_picture(page, name, m=final)
    wait_for_address(page, m=final)
    return final


def follow(page, label: str) -> None:
    page.locator('[data-testid="stPageLink-NavLink"]', has_text=label).first.click()


def test_reload_keeps_the_settings(visit):
    page = visit("/gates?n=5&lang=en&v=1")
    final = dragged_to(page, 0.0, "gates")
    page.reload()
    wait_for_picture(page, "gates", m=final, n="5")
    expect(slider(page, "memory")).to_have_value(final)


def test_back_leaves_the_page_after_a_drag(visit):
    page = visit("/_stcore/health", picture=False)
    page.goto(page.visitor.server.address + "/gates?lang=en&v=1")
    wait_for_picture(page, "gates")
    dragged_to(page, 0.0, "gates")
    dragged_to(page, 5.0, "gates")
    page.go_back()
    page.wait_for_url("**/_stcore/health")


def test_a_link_carries_the_settings_and_back_restores_the_picture(visit):
    page = visit("/gates?n=5&lang=en&v=1")
    final = dragged_to(page, 0.0, "gates")
    follow(page, "Gradients")
    expect(page.locator("h1")).to_have_text("How far back does learning reach?")
    wait_for_picture(page, "gradients", m=final, n="5")
    wait_for_address(page, m=final, n="5")
    expect(slider(page, "memory")).to_have_value(final)
    page.go_back()
    expect(page.locator("h1")).to_have_text("What is remembered?")
    wait_for_picture(page, "gates", m=final, n="5")
    wait_for_address(page, m=final, n="5")
    expect(figure(page, "gradients")).to_have_count(0)


def test_back_after_changes_on_the_second_page_restores_the_first_ones_settings(visit):
    page = visit("/gates?m=2&lang=en&v=1")
    follow(page, "Gradients")
    wait_for_picture(page, "gradients", m="2")
    final = dragged_to(page, 6.0, "gradients")
    page.go_back()
    wait_for_picture(page, "gates", m="2")
    page.go_forward()
    wait_for_picture(page, "gradients", m=final)


@pytest.mark.parametrize(("label", "name"), [("Gradients", "gradients"), ("Saturation", "saturation")])
def test_a_link_is_the_first_thing_after_the_server_was_restarted(visit, server, label, name):
    page = visit("/gates?m=1.5&n=5&lang=en&v=1", tolerate=LOST)
    server.stop()
    server.start()
    follow(page, label)
    wait_for_picture(page, name, m="1.5", n="5")
    wait_for_address(page, m="1.5", n="5")
    expect(slider(page, "memory")).to_have_value("1.5")


@pytest.mark.parametrize(("label", "name"), [("Gradients", "gradients"), ("Saturation", "saturation")])
def test_a_link_clicked_while_the_server_is_away_is_followed_once_it_is_back(visit, server, label, name):
    page = visit("/gates?m=1.5&n=5&lang=en&v=1", tolerate=LOST)
    server.stop()
    page.wait_for_selector(".stApp:not([data-test-connection-state='CONNECTED'])")
    follow(page, "Proof")  # the last one counts
    follow(page, label)
    server.start()
    wait_for_picture(page, name, m="1.5", n="5")
    wait_for_address(page, m="1.5", n="5")
    expect(slider(page, "memory")).to_have_value("1.5")


@pytest.mark.parametrize("path", ["/", "/gates"])
def test_a_links_address_opens_in_a_new_tab(visit, path):
    page = visit(f"{path}?n=5&lang=ko&v=1")
    name = {"/": "home", "/gates": "gates"}[path]
    final = dragged_to(page, 0.0, name)
    page.wait_for_function(
        """(final) => [...document.querySelectorAll('a[data-testid="stPageLink-NavLink"]')]
            .some((link) => link.href.includes("gradients") && link.href.includes(`m=${final}`))""",
        arg=final,
    )
    links = page.locator('a[data-testid="stPageLink-NavLink"]').evaluate_all(
        "(links) => links.map((a) => a.href)"
    )
    tab = page.context.new_page()
    tab.goto(next(link for link in links if "gradients" in link))
    wait_for_picture(tab, "gradients", m=final, n="5", lang="ko")
    assert settings(tab, "gradients") == settings(page, name)


def test_a_link_that_was_written_anew_has_the_settings_when_it_is_pointed_at(visit):
    page = visit("/gates?m=2&lang=en&v=1")
    link = page.locator('.st-key-gs-nav a[data-testid="stPageLink-NavLink"]', has_text="Gradients")
    for reach in (link.hover, link.focus):
        page.mouse.move(0, 0)
        link.evaluate("(link) => link.setAttribute('href', 'gradients')")
        reach()
        assert link.get_attribute("href") == "gradients?m=2&lang=en&v=1"


def test_home_leads_to_both_pages_with_its_settings(visit):
    page = visit("/?lang=en&v=1")
    final = dragged_to(page, 1.0, "home")
    page.locator(".st-key-gs-cards a", has_text="What is remembered?").click()
    wait_for_picture(page, "gates", m=final)
    follow(page, "Home")
    wait_for_picture(page, "home", m=final)
    page.locator(".st-key-gs-cards a", has_text="How far back").click()
    wait_for_picture(page, "gradients", m=final)


def test_what_is_pinned_or_let_go_survives_a_reload(visit):
    pin = "preset%3Dremember%26clamp%3D%26lang%3Den%26v%3D1"
    page = visit(f"/gates?preset=remember&clamp=&lang=en&v=1&pin={pin}")
    assert settings(page, "gates")["clamp"] == ""
    page.reload()
    wait_for_picture(page, "gates", preset="remember", clamp="")
    assert settings(page, "gates")["pin"] == "v=1"  # remember without its clamps is the default
    expect(page.locator('.gs-control[data-name="unpin"]')).to_be_visible()
