"""A cell without a drawing of its own is drawn from its table: readable, nothing on anything, its formulas right."""

from pathlib import Path

import pytest
from person import TIMEOUT, travel
from planted import plant
from servers import Server
from test_step_formulas import ALL_FORMULAS

CELL = '[data-testid="step-cell"]'
CLAMPS = {
    "mgu": "z:0.5:3:6,h:0.25:8:10:1,n:-0.5:11:13",
    "gru_after": "r:0.5:3:6,z:0.5:5:9:1,h:0.25:8:10,n:-0.5:11:13:0",
    "lstm_peephole": "f:0.5:2:5,i:0.5:9:12:0,c:0.5:8:10:1,o:1:12:20:2,h:0.25:3:6,g:-0.5:9:12:1",
}
SCREENS = {
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
}
FLAWS = (Path(__file__).parent / "drawing_flaws.js").read_text("utf-8")


@pytest.fixture(scope="module")
def planted_server(tmp_path_factory):
    """The app with three more networks."""
    folder = tmp_path_factory.mktemp("planted")
    tree = plant(folder / "app", {"gru_after": "gru", "lstm_peephole": "lstm"})
    server = Server("uvicorn", folder / "log.txt", tree).start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def look(planted_server, context_for):
    """look(query, **options of the context) opens Step; errors in the browser are told at the end of the file."""
    errors, pages = [], {}

    def enter(query: str, **options):
        path = f"/step?v=1&{query}"
        if repr(options) in pages:
            page = pages[repr(options)]
            travel(page, path)
            return page
        page = pages[repr(options)] = context_for(**options).new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: message.type == "error" and errors.append(message.text))
        page.goto(planted_server.address + path)
        page.wait_for_selector(f'{CELL}:not([data-drawn="0"])', timeout=TIMEOUT)
        return page

    yield enter
    for page in pages.values():
        page.close()
    assert errors == []


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("network", CLAMPS)
def test_boxes_lines_and_texts_keep_apart(look, network, screen):
    for mode in ("watch", "backward"):
        page = look(
            f"lang=en&preset=noise&net={network}&n=9&t=7&mode={mode}&clamp={CLAMPS[network]}",
            **SCREENS[screen],
        )
        cell = page.locator(f'{CELL}[data-network="{network}"][data-mode="{mode}"]')
        cell.wait_for()
        assert cell.evaluate(FLAWS) == []
        places = cell.evaluate("(root) => root.gatescope.message.graph.places.map(([name]) => name)")
        shown = cell.locator(".gs-node").evaluate_all("(nodes) => nodes.map((node) => node.dataset.place)")
        assert len(shown) == len(set(shown)) and set(places) <= set(shown)
        assert page.evaluate("document.documentElement.scrollWidth") <= SCREENS[screen]["viewport"]["width"]


@pytest.mark.parametrize("network", CLAMPS)
@pytest.mark.parametrize("mode", ["watch", "backward"])
def test_every_formula_gives_its_number(look, network, mode):
    query = f"lang=en&preset=noise&net={network}&n=3&T=20&mode={mode}&bi=0&m=1&clamp={CLAMPS[network]}"
    page = look(query)
    cell = page.locator(f'{CELL}[data-network="{network}"][data-mode="{mode}"]')
    cell.wait_for()
    found = cell.evaluate(ALL_FORMULAS)
    assert len({place for place, *_ in found}) > 10
    notes = set()
    for place, step, unit, note, right, value in found:
        notes.add(note)
        if right is None:
            assert note == "held" or value == 0 or note in ("loss", "input", "start"), (
                place,
                step,
                unit,
                note,
            )
        else:
            assert right == pytest.approx(value, rel=1e-9, abs=1e-15), (place, step, unit, note)
    assert {"cut", "loss"} <= notes if mode == "backward" else {"held", "input", "start"} <= notes


@pytest.mark.parametrize("network", CLAMPS)
def test_each_box_leads_to_its_formula_and_a_weight_is_edited(look, network):
    page = look(f"lang=en&preset=worked_example&net={network}&n=2&mode=edit&t=1")
    for box in page.locator(f"{CELL} .gs-node").all():
        box.focus()
        page.keyboard.press("Enter")
        place = box.get_attribute("data-place")
        page.wait_for_function(
            "(place) => document.querySelector('.gs-chosen')?.dataset.place === place", arg=place
        )
        assert page.locator(".gs-called b").inner_text().strip(), place
    field = page.locator(".gs-field").first
    name = field.get_attribute("data-edit")
    field.fill("1.5")
    field.press("Enter")
    page.wait_for_function("(name) => new URL(location).searchParams.get('w') === `${name}:1.5`", arg=name)
