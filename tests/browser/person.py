"""What a person sees and does on a page."""

from urllib.parse import parse_qsl, urlsplit

from ui.views import VIEWS

FIGURE = '[data-testid="live-figure"]'
TIMEOUT = 60_000  # milliseconds; generous, for a machine that is busy
# What a browser complains of while there is no server.
LOST = (
    r"WebSocket|ERR_(CONNECTION|EMPTY|SOCKET|INCOMPLETE)|Failed to fetch|when disconnected|not responding"
    r"|reaching server endpoint"
)


ARRIVED = """(stages) => {
    const shown = [...document.querySelectorAll('[class*="st-key-gs-page-"]')];
    const parts = [...document.querySelectorAll('[data-testid="live-figure"], [data-testid="step-cell"]')];
    return shown.length === stages.length && stages.every((name, k) => shown[k].classList.contains(name))
        && parts.length >= stages.length
        && parts.every(({ dataset: { drawn, value } }) => drawn !== "0" && `?${value}` === location.search);
}"""


def travel(page, path: str) -> None:
    """Go to another address on the page that is open, as Back does, and wait until its parts show what it says.

    A tenth of the work of loading the page. The address names its settings, for others stay as they are.
    """
    page.mouse.move(0, 0)
    page.evaluate(
        """(path) => {
            document.activeElement?.blur();
            scrollTo(0, 0);
            history.pushState({}, "", path);
            dispatchEvent(new PopStateEvent("popstate", { state: {} }));
        }""",
        path,
    )
    name = urlsplit(path).path.strip("/") or "home"
    page.wait_for_function(ARRIVED, arg=[f"st-key-gs-page-{name}"] if name in VIEWS else [])


def settings(page, name: str | None = None) -> dict[str, str]:
    """The settings that a picture was drawn from; of the address where no picture is named."""
    query = urlsplit(page.url).query if name is None else figure(page, name).get_attribute("data-value")
    return dict(parse_qsl(query, keep_blank_values=True))


def figure(page, name: str):
    return page.locator(f'{FIGURE}[data-name="{name}"]')


def drawn(page, name: str) -> int:
    """How many pictures have been drawn under this name."""
    return int(figure(page, name).get_attribute("data-drawn"))


def wait_for_picture(page, name: str, **wanted: str | None) -> None:
    """Wait for a picture, with these settings in its address; None for a setting that must not be there."""
    page.wait_for_function(
        """([name, wanted]) => {
            const root = document.querySelector(`[data-testid="live-figure"][data-name="${name}"]`);
            if (!root || root.dataset.drawn === "0") return false;
            const query = new URLSearchParams(root.dataset.value);
            return Object.entries(wanted).every(([key, value]) => query.get(key) === value);
        }""",
        arg=[name, wanted],
    )


def wait_for_address(page, **wanted: str | None) -> None:
    """Wait until the address bar holds these settings."""
    page.wait_for_function(
        """(wanted) => {
            const query = new URLSearchParams(location.search);
            return Object.entries(wanted).every(([key, value]) => query.get(key) === value);
        }""",
        arg=wanted,
    )


def wait_for_more(page, name: str, before: int) -> None:
    """Wait until more than `before` pictures have been drawn."""
    page.wait_for_function(
        """([name, before]) => {
            const root = document.querySelector(`[data-testid="live-figure"][data-name="${name}"]`);
            return Number(root?.dataset.drawn) > before;
        }""",
        arg=[name, before],
    )


def slider(page, name: str):
    """The range input of a field."""
    return page.locator(f'[data-testid="live-slider"][data-name="{name}"] input[type="range"]')


def control(page, name: str):
    return page.locator(f'.gs-control[data-name="{name}"]')


def thumb(page, name: str, value: float | None = None) -> tuple[float, float]:
    """Where the thumb of a slider stands, or would stand at `value`, in the window."""
    handle = slider(page, name)
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    low, high, now = handle.evaluate("(input) => [input.min, input.max, input.value].map(Number)")
    half = 10 if name == "memory" else 8
    share = ((now if value is None else value) - low) / (high - low)
    return box["x"] + half + share * (box["width"] - 2 * half), box["y"] + box["height"] / 2


def take(page, name: str) -> None:
    """Put the pointer on the thumb and press."""
    page.mouse.move(*thumb(page, name))
    page.mouse.down()


def drag_to(page, name: str, value: float, moves: int = 10) -> None:
    """Move the pressed pointer to where `value` is."""
    page.mouse.move(*thumb(page, name, value), steps=moves)


def open_settings(page, *groups: str) -> None:
    """Open "More settings" and groups in it."""
    for name in ("more", *groups):
        group = page.locator(f'details.gs-group[data-name="{name}"]')
        if group.get_attribute("open") is None:
            group.locator("summary").first.click()


def choose(page, name: str, value: str) -> None:
    control(page, name).locator("select").select_option(value)


def press_button(page, name: str) -> None:
    control(page, name).locator("button").click()


def sentence(page, name: str) -> str:
    return figure(page, name).locator(".gs-sentence").inner_text()
