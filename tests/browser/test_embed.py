"""A course page of another origin with one of our pages in a frame: live, as high as it is, and closed to the rest."""

import re
import threading
from html import escape
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from person import (
    FIGURE,
    LOST,
    choose,
    control,
    drawn,
    open_settings,
    press_button,
    sentence,
    settings,
    slider,
    thumb,
    wait_for_picture,
)
from playwright.sync_api import expect
from servers import Server
from visitor import Visitor

FRAME = "iframe[data-gatescope]"
SNIPPET = "textarea[data-name=snippet]"
LOUD = """<iframe style="height: 100px; border: 0"
    srcdoc="<script>parent.postMessage({gatescope: {height: 9}}, '*')</script>"></iframe>"""
PLACES = {"step": '[data-testid="step-cell"]'}


class Course:
    """A page of somebody else, at another port and under another name."""

    def __init__(self):
        self.body = ""
        course = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                page = f"<!doctype html><title>Course</title><link rel=icon href='data:,'><h1>Week 5</h1>{course.body}"
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(page.encode())

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"localhost:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def course():
    course = Course()
    yield course
    course.server.shutdown()
    course.server.server_close()


def height(page) -> float:
    return page.locator("main").bounding_box()["height"]


def in_course(page, course):
    """The frame of the course page, once its picture is drawn."""
    page.visitor.own.append(course.host)
    page.goto(f"http://{course.host}/")
    frame = page.locator(FRAME).element_handle().content_frame()
    frame.wait_for_selector(f'{FIGURE}:not([data-drawn="0"])')
    return frame


def fits(page, frame) -> None:
    """Wait until the frame is as high as what stands in it."""
    outer = page.locator(FRAME)
    expect(outer).not_to_have_css("height", "760px")
    expect(outer).to_have_css("height", re.compile(f"^{height(frame) + 1:.0f}px$|^{height(frame):.0f}px$"))


def test_what_share_offers_works_in_a_page_of_another_origin(visit, course):
    page = visit("/gates?m=1&n=6&lang=en&v=1")
    page.click("button[data-name=share]")
    page.click("details[data-name=embed] summary")
    course.body = page.input_value(SNIPPET)
    assert f'src="{page.visitor.server.address}/embed/gates?m=1&amp;n=6&amp;lang=en&amp;v=1"' in course.body
    page.focus(SNIPPET)
    chosen = page.evaluate(
        "() => document.activeElement.selectionEnd - document.activeElement.selectionStart"
    )
    assert chosen == len(course.body)  # to be copied by hand, where the clipboard is closed

    course.body += LOUD
    frame = in_course(page, course)
    assert frame.locator("details.gs-group").count() == 0  # the main controls alone
    assert settings(frame, "gates") == {"m": "1", "n": "6", "lang": "en", "v": "1"}
    fits(page, frame)
    assert page.locator("iframe").last.bounding_box()["height"] == 100  # a stranger's words move nothing
    before = drawn(frame, "gates")
    page.mouse.move(*thumb(frame, "memory"))
    page.mouse.down()
    page.mouse.move(*thumb(frame, "memory", 4.0), steps=8)
    wait_for_picture(frame, "gates", m=slider(frame, "memory").input_value())
    assert drawn(frame, "gates") > before and "m=1&" in frame.url  # the address waits for the release
    page.mouse.up()
    value = slider(frame, "memory").input_value()
    assert 3.5 < float(value) < 4.5
    expect(frame.locator(".gs-embed-open")).to_have_attribute("href", re.compile(rf"/gates\?.*m={value}\b"))
    assert f"m={value}&" in frame.url and "n=6" in frame.url


def test_the_frame_follows_what_stands_in_it(visit, course):
    page = visit("/gates?lang=en&v=1")
    address = f"{page.visitor.server.address}/embed/saturation?lang=en&controls=all"
    page.click("button[data-name=share]")
    script = page.input_value(SNIPPET).partition("</iframe>")[2]
    course.body = f'<iframe data-gatescope src="{escape(address)}" style="width: 700px"></iframe>{script}'
    frame = in_course(page, course)
    assert frame.locator("details.gs-group").count() > 1
    fits(page, frame)
    before = height(frame)
    open_settings(frame)
    expect(page.locator(FRAME)).not_to_have_css("height", f"{before:.0f}px")
    fits(page, frame)
    page.locator(FRAME).evaluate("(frame) => (frame.style.width = '380px')")
    frame.wait_for_selector(".gs-compact")
    fits(page, frame)
    assert frame.evaluate("() => document.documentElement.scrollWidth") <= 380


@pytest.mark.parametrize("name", ["home", "step", "learning", "conventions"])
def test_every_page_can_be_embedded(visit, name):
    page = visit(f"/embed/{name}?lang=en&v=1&controls=all", picture=False)
    page.wait_for_selector(f'{PLACES.get(name, FIGURE)}:not([data-drawn="0"])')
    assert page.locator("picture").count() == 0  # Plotly has drawn over the still one
    assert page.locator("[data-name=upload], .gs-slot").count() == 0


def test_there_may_be_no_controls(visit):
    page = visit("/embed/gates?lang=en&controls=0")
    expect(page.locator(".gs-controls > *")).to_have_count(0)
    cursor = page.locator('[data-testid="time-cursor"]')
    cursor.press("ArrowRight")
    wait_for_picture(page, "gates", t="6")


@pytest.mark.parametrize(("scheme", "asked"), [("dark", None), ("light", "dark"), ("dark", "light")])
def test_light_and_dark(visit, scheme, asked):
    page = visit(f"/embed/gates?lang=en{f'&theme={asked}' if asked else ''}", color_scheme=scheme)
    ground = page.locator("body").evaluate("(body) => getComputedStyle(body).backgroundColor")
    ink = page.locator(".gs-graph .xtick text").first.evaluate("(text) => getComputedStyle(text).fill")
    dark = (asked or scheme) == "dark"
    assert (ground, ink) == (
        ("rgb(16, 21, 28)", "rgb(163, 175, 188)") if dark else ("rgb(255, 255, 255)", "rgb(90, 103, 117)")
    )
    still = [url for url in page.visitor.asked if "/gates.svg?" in url][-1]
    assert still.endswith(f"theme={'dark' if dark else 'light'}")


def test_the_browsers_change_of_light_is_followed(visit):
    page = visit("/embed/gates?lang=en", color_scheme="light")
    page.emulate_media(color_scheme="dark")
    expect(page.locator(".gs-graph .xtick text").first).to_have_css("fill", "rgb(163, 175, 188)")
    page.emulate_media(color_scheme="light")
    expect(page.locator(".gs-graph .xtick text").first).to_have_css("fill", "rgb(90, 103, 117)")


def test_in_korean(visit):
    page = visit("/embed/gates?m=1", locale="ko-KR")
    expect(page.locator("h1")).to_have_text("무엇을 기억하나요?")
    assert "망각 게이트" in sentence(page, "gates") and "기억" in control(page, "memory").inner_text()
    expect(page.locator(".gs-embed-open")).to_have_text("Gatescope에서 열기")


def test_presets_pins_and_held_vectors_need_no_session(visit):
    page = visit("/embed/gates?lang=en&controls=all&theme=dark&v=1")
    choose(page, "preset", "remember")
    wait_for_picture(page, "gates", preset="remember")
    press_button(page, "pin")
    page.wait_for_selector('.gs-control[data-name="unpin"]')
    open_settings(page, "clamps")
    choose(page, "clamp_add", "f")
    page.wait_for_selector('.gs-control[data-name="clamp_0"]')
    assert settings(page, "gates")["clamp"].startswith("f:")
    page.wait_for_function(
        "() => location.search.includes('clamp=') && location.search.endsWith('&controls=all&theme=dark')"
    )
    page.reload()
    wait_for_picture(page, "gates", preset="remember")
    assert (
        settings(page, "gates")["clamp"].startswith("f:")
        and page.locator("html").get_attribute("data-theme") == "dark"
    )


def test_another_question_brings_another_picture(visit):
    page = visit("/embed/gradients?lang=en&controls=all")
    control(page, "tab").locator("input[value=why]").evaluate("(input) => input.click()")
    wait_for_picture(page, "why", tab="why")
    assert page.locator(FIGURE).count() == 1


def test_the_still_picture_stays_while_it_is_true(context_for, server):
    """Plotly's script may take long: until it is there, nothing that is shown contradicts what was moved."""
    context, held = context_for(cold=True), []
    visitor = Visitor(context, server)
    context.route("**/plotly-*.js", lambda route: held.append(route))
    for name, stays in (("gates", True), ("gradients", False)):
        page = context.new_page()
        page.goto(
            f"{server.address}/embed/{name}?lang=en&v=1", wait_until="commit"
        )  # "load" waits for Plotly
        still = page.locator(".gs-stage .gs-picture img")
        expect(still).to_be_visible()
        before = page.locator(".gs-sentence").inner_text()
        slider(page, "memory").focus()
        page.keyboard.press("PageDown")
        expect(page.locator(".gs-sentence")).not_to_have_text(before)
        expect(still).to_be_visible() if stays else expect(still).to_have_count(0)
        while held:
            held.pop().continue_()
        page.wait_for_selector(f'{FIGURE}:not([data-drawn="0"])')
        expect(still).to_have_count(0)
    visitor.leave()
    visitor.check()
    context.close()


def test_a_server_that_comes_back_hears_what_was_moved(context_for, tmp_path):
    server = Server("uvicorn", tmp_path / "log.txt").start()
    visitor = Visitor(context_for(cold=True), server)
    visitor.tolerate(LOST)
    try:
        page = visitor.open("/embed/gates?lang=en&v=1")
        server.stop()
        slider(page, "memory").focus()
        page.keyboard.press("ArrowRight")
        moved = slider(page, "memory").input_value()
        expect(page.locator(".gs-offline")).to_be_visible()
        server.start()
        wait_for_picture(page, "gates", m=moved)
        expect(page.locator(".gs-offline")).to_be_hidden()
        visitor.check()
    finally:
        visitor.leave()
        server.stop()


def test_without_javascript_there_are_the_sentence_and_a_still_picture(browser, server):
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 700, "height": 900}, locale="en-US"
    )
    page = context.new_page()
    answers = {}
    page.on("response", lambda answer: answers.update({answer.url.split("?")[0].split("/")[-1]: answer}))
    page.goto(f"{server.address}/embed/gates?m=2&lang=en&v=1")
    expect(page.locator(".gs-sentence")).to_contain_text("The forget gates keep")
    box = page.locator(".gs-picture img").bounding_box()
    assert box["width"] == 700 - 32 and box["height"] > 400
    assert answers["gates.svg"].ok and answers["gates.svg"].headers["content-type"] == "image/svg+xml"
    expect(page.locator("noscript p")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 800})
    expect(page.locator(".gs-picture img")).to_have_css("height", re.compile("^[23][0-9]{2}px"))
    context.close()
