"""What is remembered: the time cursor, pins, held vectors, a second network, and the reader's own input."""

import re

import pytest
from person import (
    choose,
    control,
    drag_to,
    drawn,
    figure,
    open_settings,
    press_button,
    sentence,
    settings,
    slider,
    take,
    wait_for_address,
    wait_for_more,
    wait_for_picture,
)  # fmt: skip
from playwright.sync_api import expect

FIGURE_OF = "document.querySelector('[data-testid=live-figure][data-name=gates]').gatescope.figure"
ROWS = f"{FIGURE_OF}.data.filter((trace) => trace.meta?.height).map((trace) => trace.meta.key)"
LINES = (  # points of scatter traces that are lines: [dash, count]
    f"{FIGURE_OF}.data.filter((trace) => trace.type === 'scatter' && trace.mode === 'lines' && !trace.fill)"
    ".map((trace) => [trace.line.dash, trace.x.length])"
)
HELD = f"{FIGURE_OF}.data.filter((trace) => trace.fill === 'toself').map((trace) => trace.x.length)[0]"


def at_square(page, key: str, step: int, unit: int = 0) -> tuple[float, float]:
    """Where a square is, in the window."""
    x, y = page.evaluate(
        """([key, step, unit]) => {
            const view = document.querySelector('[data-testid=live-figure][data-name=gates]').gatescope;
            const { meta, z } = view.figure.data.find((trace) => trace.meta?.key === key);
            const { xaxis, yaxis } = view.graph._fullLayout;
            view.stage.scrollIntoView({ block: "center" });
            const box = view.stage.getBoundingClientRect();
            const depth = meta.top + ((unit + 0.5) * meta.height) / z.length;
            return [box.left + xaxis._offset + xaxis.d2p(step), box.top + yaxis._offset + yaxis.d2p(depth)];
        }""",
        [key, step, unit],
    )
    return x, y


def readouts(page) -> list[str]:
    return figure(page, "gates").locator(".gs-rows li").all_inner_texts()


def notices(page):
    return figure(page, "gates").locator(".gs-notice")


def test_the_cursor_is_moved_by_keys_and_by_the_pointer(visit):
    page = visit("/gates?lang=en&v=1")
    line = page.locator('[data-testid="time-cursor"]')
    before = readouts(page)
    line.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    wait_for_picture(page, "gates", t="8")
    wait_for_address(page, t="8")
    expect(line).to_be_focused()
    expect(line).to_have_attribute("aria-valuenow", "9")
    assert len(readouts(page)) == len(before) and readouts(page) != before
    page.keyboard.press("End")
    wait_for_picture(page, "gates", t="59")
    page.mouse.click(*at_square(page, "lstm.c", 30))
    wait_for_picture(page, "gates", t="29")
    wait_for_address(page, t="29")
    expect(line).to_have_attribute("aria-valuenow", "30")
    page.mouse.move(*at_square(page, "lstm.c", 30))
    page.mouse.down()
    page.mouse.move(*at_square(page, "lstm.f", 40), steps=5)
    wait_for_picture(page, "gates", t="39")
    assert settings(page)["t"] == "29"  # while the pointer is down
    page.mouse.up()
    wait_for_address(page, t="39")


def test_a_square_says_what_it_is(visit):
    page = visit("/gates?net=gru&lang=en&v=1")
    page.mouse.move(*at_square(page, "gru.z", 12, unit=3))
    label = figure(page, "gates").locator(".gs-hover")
    expect(label).to_contain_text("update gate z")
    expect(label).to_contain_text("unit 4 · t = 12 · 0.")


PAINTED = """() => {
    const { canvas, figure } = document.querySelector('[data-testid=live-figure][data-name=gates]').gatescope;
    return [figure.data[1].z[0].constructor.name, canvas.toDataURL()];
}"""


def test_squares_are_bytes_while_they_move_and_look_the_same_as_numbers(visit):
    page = visit("/gates?n=8&T=40&lang=en&v=1")
    take(page, "memory")
    drag_to(page, "memory", 0.5, moves=4)
    held = slider(page, "memory").input_value()
    wait_for_picture(page, "gates", m=held)
    kind, picture = page.evaluate(PAINTED)
    assert kind == "Uint8Array"
    page.mouse.up()
    page.wait_for_function(f"() => ({PAINTED})()[0] === 'Float32Array'")
    assert page.evaluate(PAINTED)[1] == picture and settings(page, "gates")["m"] == held
    page.mouse.move(*at_square(page, "lstm.f", 12, unit=3))
    expect(figure(page, "gates").locator(".gs-hover")).to_contain_text("unit 4 · t = 12 · 0.")


PLOTTED = """() => {
    window.plotted = 0;
    const { react } = window.Plotly;
    window.Plotly.react = (...given) => { window.plotted += 1; return react(...given); };
}"""
BARS = f"[...{FIGURE_OF}.data.find(({{ meta }}) => meta?.bars).z[1]].map((total) => Math.round(100 * total) / 100)"


def test_what_the_memory_is_made_of_follows_cursor_and_slider(visit):
    """Bars and sentence move with both, while they are dragged, and Plotly is not asked."""
    page = visit("/gates?t=9&lang=en&v=1")
    assert page.evaluate(BARS)[9] == 1 and readouts(page)[-1].startswith("c is made of")
    page.evaluate(PLOTTED)
    page.mouse.move(*at_square(page, "lstm.ledger", 10))
    expect(figure(page, "gates").locator(".gs-hover")).to_contain_text("share · t = 10 · 0.")
    page.mouse.down()
    page.mouse.move(*at_square(page, "lstm.ledger", 60), steps=5)
    wait_for_picture(page, "gates", t="59")
    assert "written at t = 6: 47\u00a0%" in readouts(page)[-1]
    climbing = page.evaluate(BARS)
    assert climbing[4:6] == [0, 0.47] and climbing[-1] == 1
    page.mouse.up()
    wait_for_address(page, t="59")
    take(page, "memory")
    seen = drawn(page, "gates")
    drag_to(page, "memory", 0.0)
    wait_for_more(page, "gates", seen)
    wait_for_picture(page, "gates", m="0")
    assert "written at t = 6: 26\u00a0%" in readouts(page)[-1] and page.evaluate(BARS)[5] == 0.26
    assert page.evaluate("window.plotted") == 0
    page.mouse.up()


def test_a_pinned_picture_stays_as_lines_while_one_drags_on(visit):
    page = visit("/gates?lang=en&v=1")
    assert all(count == 0 for _, count in page.evaluate(LINES))
    traces = page.evaluate(f"{FIGURE_OF}.data.length")
    press_button(page, "pin")
    wait_for_picture(page, "gates", pin="v=1")
    take(page, "memory")
    seen = drawn(page, "gates")
    drag_to(page, "memory", 0.0)
    wait_for_more(page, "gates", seen)
    lines = page.evaluate(LINES)
    assert any(dash == "dash" and count > 60 * 5 for dash, count in lines)
    assert any(dash == "solid" and count > 60 * 5 for dash, count in lines)
    assert page.evaluate(f"{FIGURE_OF}.data.length") == traces
    assert page.locator(".gs-graph .scatterlayer .js-line").count() >= 2
    page.mouse.up()
    press_button(page, "unpin")
    wait_for_picture(page, "gates", pin=None)
    assert all(count == 0 for _, count in page.evaluate(LINES))


def test_a_vector_is_held_hatched_changed_and_let_go(visit):
    page = visit("/gates?t=9&lang=en&v=1")
    open_settings(page, "clamps")
    assert page.evaluate(HELD) == 0
    choose(page, "clamp_add", "f")
    wait_for_picture(page, "gates", clamp="f:0:9")
    assert page.evaluate(HELD) == 6
    assert page.locator(".gs-graph pattern").count() >= 1
    assert "(held)" in " ".join(readouts(page))
    assert "Held" in figure(page, "gates").inner_text()
    handle = control(page, "clamp_value").locator("input")
    handle.focus()
    page.keyboard.press("End")
    wait_for_picture(page, "gates", clamp="f:1:9")
    control(page, "clamp_stop").locator("input").focus()
    page.keyboard.press("Home")
    for _ in range(19):
        page.keyboard.press("ArrowRight")
    wait_for_picture(page, "gates", clamp="f:1:9:20")
    control(page, "clamp_unit").locator("input").focus()
    page.keyboard.press("ArrowRight")
    wait_for_picture(page, "gates", clamp="f:1:9:20:0")
    wait_for_address(page, clamp="f:1:9:20:0")
    press_button(page, "clamp_0")
    wait_for_picture(page, "gates", clamp=None)
    assert page.evaluate(HELD) == 0
    assert "(held)" not in " ".join(readouts(page))


def test_a_second_network_stands_below_the_first(visit):
    page = visit("/gates?lang=en&v=1")
    alone = page.evaluate(ROWS)
    open_settings(page)
    choose(page, "compare", "gru")
    wait_for_picture(page, "gates", cmp="gru")
    assert page.evaluate(ROWS) == [*alone, "gru.r", "gru.z", "gru.n", "gru.h", "gru.ledger"]
    assert {"LSTM", "GRU"} <= set(sentence(page, "gates").replace(":", " ").split())
    choose(page, "compare", "")
    wait_for_picture(page, "gates", cmp=None)
    assert page.evaluate(ROWS) == alone


def test_a_typed_text_stays_text(visit):
    evil = "<img src=x onerror=alert(1)>"
    page = visit("/gates?sig=text&text=ab&lang=en&v=1")
    open_settings(page, "input")
    box = control(page, "text").locator("textarea")
    box.fill(evil)
    wait_for_picture(page, "gates", text=evil)
    box.blur()
    wait_for_address(page, text=evil)
    for step in (1, 4):
        page.mouse.move(*at_square(page, "x", step, unit=step - 1))
        expect(figure(page, "gates").locator(".gs-hover")).to_contain_text(
            f"{evil[step - 1]} · t = {step} · 1"
        )
    ticks = page.locator(".gs-graph .xtick text").all_text_contents()
    assert {"<", "i", "m", "g", ">"} <= set(ticks)
    assert page.locator("img[src=x], .gs-figure img").count() == 0
    page.reload()
    wait_for_picture(page, "gates", text=evil)
    assert page.locator("img[src=x], .gs-figure img").count() == 0


def test_a_korean_text_names_its_channels(visit):
    page = visit("/gates?sig=text&text=가나다나&lang=ko&v=1", locale="ko-KR")
    page.mouse.move(*at_square(page, "x", 3, unit=2))
    expect(figure(page, "gates").locator(".gs-hover")).to_contain_text("다 · t = 3")
    assert {"가", "나", "다"} == set(page.locator(".gs-graph .xtick text").all_text_contents())


def upload(page, name: str, content: bytes) -> None:
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    control(page, "upload").locator("input[type=file]").set_input_files(file)


def table(rows: int, columns: int) -> bytes:
    return "\n".join(
        ",".join(str(row * column % 7) for column in range(columns)) for row in range(rows)
    ).encode()


def test_a_bad_upload_is_a_sentence_beside_the_last_picture(visit):
    page = visit("/gates?sig=data&data=1,2,3,2,1,5,6&lang=en&v=1")
    picture = settings(page, "gates")
    rows = readouts(page)
    for content, said in (
        (table(501, 2), "at most 500 rows, got 501"),
        (table(3, 33), "at most 32 columns, got 33"),
        (b"1,2\n3,inf\n", "finite number in row 2, column 2"),
        (b"1,2\n3\n", "2 columns in every row, got 1 in row 2"),
        (bytes(range(256)) * 8, "Expected"),
        (b"1" * 1_000_001, "at most 1 MB"),
    ):
        upload(page, "numbers.csv", content)
        place = control(page, "upload") if "MB" in said else figure(page, "gates")
        expect(place).to_contain_text(said)
        assert settings(page, "gates") == picture and readouts(page) == rows
        assert drawn(page, "gates") >= 1
    upload(page, "numbers.csv", b"1,2\n3,4\n5,5\n")
    wait_for_picture(page, "gates", data="1,2\n3,4\n5,5")
    expect(notices(page)).to_have_count(0)


def test_an_uploaded_table_is_shown_to_whoever_has_its_link_and_to_nobody_else(visit):
    page = visit("/gates?sig=data&lang=en&v=1")
    upload(page, "numbers.csv", b"<b>first</b>,second\n" + table(400, 2))
    page.wait_for_function(
        "document.querySelector('[data-testid=live-figure]').dataset.value.includes('data=sha:')"
    )
    page.wait_for_function("location.search.includes('data=sha:')")
    page.mouse.move(*at_square(page, "x", 400, unit=1))
    expect(figure(page, "gates").locator(".gs-hover")).to_contain_text("second · t = 400")
    names = page.locator(".gs-graph .annotation-text").all_text_contents()
    assert any("<b>first</b>" in name for name in names)  # letter by letter, not in bold
    take(page, "memory")
    seen = drawn(page, "gates")
    drag_to(page, "memory", 0.0)
    wait_for_more(page, "gates", seen)  # the drag finds the numbers too
    page.mouse.up()
    expect(notices(page)).to_have_count(0)
    address = page.url.removeprefix(page.visitor.server.address)
    other = visit(address)
    assert settings(other, "gates")["data"] == settings(page, "gates")["data"]
    guessed = re.sub("sha:(.)", lambda digit: f"sha:{int(digit[1] == '0')}", address)
    other = visit(guessed, picture=False)
    expect(other.locator('[data-testid="stMain"]')).to_contain_text("this link carries none")


@pytest.mark.parametrize("signal", ["stocks", "noise"])
def test_other_inputs_are_a_choice_away(visit, signal):
    page = visit("/gates?lang=en&v=1")
    open_settings(page, "input")
    choose(page, "signal", signal)
    wait_for_picture(page, "gates", sig=signal)
    wait_for_address(page, sig=signal)
    expect(notices(page)).to_have_count(0)


@pytest.mark.parametrize(
    ("path", "part", "drawn_in"),
    [("/gates", "live-figure", "plotted.split(' ')[0]"), ("/step", "step-cell", "root.dataset.theme")],
)
def test_a_change_of_theme_is_followed_at_once(visit, path, part, drawn_in):
    page = visit(f"{path}?lang=en&v=1", picture=False)
    page.wait_for_selector(f'[data-testid="{part}"]:not([data-drawn="0"])')
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(f"""[...document.querySelectorAll('[data-testid="{part}"]')]
            .every(({{ gatescope }}) => gatescope.{drawn_in} === '{scheme}')""")
