"""Learning in a real browser: scrub, start, pause, leave, come back, crash, wait, and take the network elsewhere."""

import os
import signal
import time

import pytest
from person import (
    choose,
    control,
    drag_to,
    drawn,
    figure,
    open_settings,
    sentence,
    settings,
    slider,
    take,
    wait_for_address,
    wait_for_more,
    wait_for_picture,
)  # fmt: skip
from playwright.sync_api import expect

from tests.jobs.helpers import workers_of

SMALL = "len=20&n=4&lang=en&v=1"
LONG = f"/learning?all=20000&{SMALL}"  # half a minute or more: it does not end while a test looks at it
JOB = '[data-testid="training-job"]'
SQUARES = """() => {
    const { figure } = document.querySelector('[data-testid=live-figure][data-name=learning]').gatescope;
    const vectors = figure.data.filter(({ type, meta }) => type === "heatmap" && !meta.bars);
    return vectors.map(({ z }) => z.map((row) => [...row]));
}"""


def job(page):
    return page.locator(JOB)


def press(page, name: str) -> None:
    job(page).locator(f'button[data-name="{name}"]').click()


def expect_state(page, *states: str) -> None:
    page.wait_for_function(
        "([job, states]) => states.includes(document.querySelector(job)?.dataset.state)",
        arg=[JOB, list(states)],
    )


UPDATES = """(() => {
    const loss = document.querySelector('[data-testid=live-figure][data-name=loss]')?.gatescope?.figure;
    return Math.max(0, ...(loss?.data ?? []).flatMap(({ name, x }) => (name ? [...x] : [])));
})()"""


def updates(page) -> int:
    """Updates of the curves that are drawn."""
    return page.evaluate(UPDATES)


def wait_for_updates(page, more_than: int) -> None:
    page.wait_for_function(f"{UPDATES} > {more_than}")


def workers(server) -> list[int]:
    """Process ids of the trainings of a server."""
    return workers_of(server.process.pid)


def wait_until(holds, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.fixture(autouse=True)
def nobody_trains(server):
    """Every test begins and ends with an idle machine."""
    yield
    wait_until(lambda: not workers(server), 25)


def begin(visit, path: str = LONG, **options):
    page = visit(path, **options)
    expect_state(page, "idle")
    press(page, "start")
    expect_state(page, "running")
    page.wait_for_function("new URLSearchParams(location.search).has('by')")  # its link is in the address bar
    wait_for_picture(page, "loss", by=settings(page)["by"])
    wait_for_updates(page, 20)
    return page


def test_it_opens_on_a_training_and_update_moves_the_gates(visit):
    page = visit("/learning?lang=en&v=1")
    expect(job(page)).to_contain_text("Start training")
    assert page.locator(f".gs-controls {JOB}").count() == 1  # among the controls, where there is room for it
    last = page.evaluate(SQUARES)
    assert "right is" in sentence(page, "learning") and updates(page) > 100
    take(page, "update")
    seen = drawn(page, "learning")
    drag_to(page, "update", 0)
    wait_for_more(page, "learning", seen)
    page.wait_for_function(
        "(old) => JSON.stringify((" + SQUARES + ")()) !== old", arg=page.evaluate("JSON.stringify", last)
    )
    wait_for_picture(page, "learning", up="0")
    assert settings(page).get("up") is None  # while the pointer is down
    assert sentence(page, "learning").startswith("Before training")
    expect(figure(page, "loss").locator(".gs-cursor span")).to_have_text("update 0")
    page.mouse.up()
    wait_for_address(page, up="0")
    wait_for_picture(page, "lives", up="0")


def test_the_line_on_the_curves_scrubs_too(visit):
    page = visit("/learning?lang=en&v=1")
    line = figure(page, "loss").locator(".gs-cursor")
    before = slider(page, "update").input_value()
    line.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(
        "([of, old]) => document.querySelector(of).value !== old", arg=["#gs-update", before]
    )
    wait_for_picture(page, "learning", up=line.get_attribute("aria-valuenow"))
    page.keyboard.press("Home")
    wait_for_picture(page, "learning", up="0")
    assert slider(page, "update").input_value() == "0"


def test_another_task_is_a_choice_away(visit):
    page = visit("/learning?lang=en&v=1")
    choose(page, "task", "text")
    wait_for_picture(page, "learning", task="text")
    expect(control(page, "task")).to_contain_text("next character")
    assert "which is right" in sentence(page, "learning")


@pytest.mark.parametrize("mode", ["uvicorn", "streamlit"])
def test_start_trains_and_the_curves_grow_until_the_end(visit, mode):
    page = begin(visit, f"/learning?all=600&{SMALL}", mode=mode, tolerate="404")
    expect_state(page, "done")
    wait_for_updates(page, 590)
    page.wait_for_function(
        "document.querySelector('.gs-control[data-name=update] output').textContent === '600'"
    )
    assert sentence(page, "learning").startswith("After 600 updates")
    expect(job(page).locator("[role=progressbar]")).to_have_attribute("aria-valuenow", "100")
    wait_for_address(page, up="20000")


def test_dragging_goes_on_while_it_trains(visit):
    page = begin(visit)
    before = settings(page)["by"]
    control(page, "network").locator("input[value=gru]").check(force=True)
    wait_for_picture(page, "learning", net="gru", by=before)
    handle = slider(page, "update")
    shipped = (
        "document.querySelector('[data-name=learning] .gs-sentence').textContent.startsWith('After 2,000')"
    )
    page.wait_for_function(
        f"!({shipped}) && document.querySelector('#gs-update').value > 2"
    )  # snapshots arrive
    handle.focus()
    page.keyboard.press("Home")
    wait_for_picture(page, "learning", up="0")
    grown = updates(page)
    wait_for_updates(page, grown + 50)
    assert handle.input_value() == "0" and page.evaluate("document.activeElement.id") == "gs-update"
    take(page, "update")  # and what is held is left alone
    drag_to(page, "update", 2)
    wait_for_picture(page, "learning", up="2")
    held, said = handle.input_value(), sentence(page, "learning")
    stops = handle.get_attribute("max")
    grown = updates(page)
    wait_for_updates(page, 2 * grown)
    assert (handle.input_value(), sentence(page, "learning")) == (held, said)
    assert handle.get_attribute("max") == stops
    page.mouse.up()
    page.wait_for_function(
        "([most]) => Number(document.querySelector('#gs-update').max) > most", arg=[int(stops)]
    )
    assert handle.input_value() == held
    press(page, "reset")
    expect_state(page, "idle")


def test_pause_and_continue(visit, server):
    page = begin(visit)
    press(page, "pause")
    expect_state(page, "paused")
    wait_until(lambda: not workers(server), 15)
    held = updates(page)
    expect(job(page)).to_contain_text("Paused after update")
    press(page, "continue")
    expect_state(page, "running")
    wait_for_updates(page, held)
    press(page, "reset")
    expect_state(page, "idle")
    wait_until(lambda: not workers(server), 15)
    wait_for_address(page, by=None)


def test_a_killed_process_is_told_and_it_goes_on(visit, server):
    page = begin(visit)
    reached = updates(page)
    (worker,) = workers(server)
    os.kill(worker, signal.SIGKILL)
    expect(job(page)).to_contain_text("ended unexpectedly")
    expect_state(page, "running")
    wait_for_updates(page, reached + 50)
    assert workers(server) != [worker]
    press(page, "reset")
    expect_state(page, "idle")


def test_a_closed_tab_s_training_is_gone_and_a_reload_goes_on(visit, server):
    page = begin(visit)
    name = settings(page)["by"]
    page.reload()
    expect_state(page, "running", "queued")
    wait_for_picture(page, "loss", by=name)
    wait_for_updates(page, updates(page))
    assert job(page).locator("button").first.get_attribute("data-name") == "pause"  # it is still ours
    left = page.url
    page.goto("about:blank")
    wait_until(lambda: not workers(server), 15)
    page.goto(left)
    expect(job(page)).to_contain_text("goes on from update")
    expect_state(page, "running", "queued")
    press(page, "reset")
    expect_state(page, "idle")
    press(page, "start")
    expect_state(page, "running")
    page.close()
    wait_until(lambda: not workers(server), 15)


def test_who_has_the_link_may_look_but_not_stop_it(visit):
    page = begin(visit)
    guest = visit(page.url.removeprefix(page.visitor.server.address))
    expect(job(guest)).to_contain_text("Another reader trains it")
    assert job(guest).locator("button").count() == 1
    grown = updates(guest)
    wait_for_updates(guest, grown)
    press(page, "reset")
    expect_state(page, "idle")


def test_others_wait_and_see_their_place(visit):
    pages = [begin(visit)]
    for _ in range(2):
        page = visit(LONG)
        press(page, "start")
        expect_state(page, "queued")
        pages.append(page)
    expect(job(pages[1])).to_contain_text("1 in the queue")
    expect(job(pages[2])).to_contain_text("2 in the queue")
    press(pages[0], "reset")
    expect_state(pages[1], "running")
    expect(job(pages[2])).to_contain_text("1 in the queue")
    for page in pages[1:]:
        press(page, "reset")
        expect_state(page, "idle")


def test_use_this_network_arrives(visit):
    page = visit("/learning?net=gru&up=50&lang=en&v=1")
    links = job(page).locator("nav a")
    assert links.count() == 4
    squares = page.evaluate(SQUARES)
    for place, name in enumerate(("gates", "gradients", "saturation")):
        links.nth(place).click()
        wait_for_picture(page, name, wire="trained", sig="probe", net="gru")
        if name == "gates":
            assert page.evaluate(SQUARES.replace("name=learning", "name=gates")) == squares
        page.go_back()
        wait_for_picture(page, "learning", net="gru")
        expect_state(page, "idle")


def test_hours_of_training_are_refused(visit, server):
    page = visit("/learning?len=200&n=128&all=20000&lang=en&v=1")
    press(page, "start")
    expect(job(page)).to_contain_text("30 min are allowed")
    assert workers(server) == []


def test_the_settings_for_training_are_a_click_away(visit):
    page = visit("/learning?lang=en&v=1")
    open_settings(page)
    for name in ("length", "units", "rate", "clip_at", "updates", "seed"):
        expect(slider(page, name)).to_be_visible()
    slider(page, "rate").focus()
    page.keyboard.press("ArrowRight")
    wait_for_address(page, lr="0.02")
    expect(control(page, "rate").locator("output")).to_have_text("0.02")


def test_sentence_picture_and_slider_fit_a_phone(visit):
    options = {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 2,
    }
    for lang in ("en", "ko"):
        page = visit(f"/learning?lang={lang}&v=1", **options)
        box = slider(page, "update").bounding_box()
        assert box["y"] + box["height"] <= 844
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
