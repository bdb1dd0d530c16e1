"""How fast does a picture follow the slider? This app, a naive Streamlit page, a Bokeh server, side by side.

All three compute the same vectors (LSTM, 32 units, 100 steps) and are driven by the same script in the page
(driver.js). In turn, round after round, each page is loaded anew; trusted presses of the right arrow key give
the time from key to picture, then a drag of sixty inputs a second gives the pictures a second. What counts is
a picture whose value differs from that of the picture before. The figures are medians over the rounds.

    python benchmarks/slider.py [--rounds 5] [--pages gatescope streamlit bokeh] [--chromium PATH]
"""

import argparse
import math
import statistics
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, TimeoutError, sync_playwright

if __package__:
    from . import chromium, processes
else:
    import chromium
    import processes

DRIVER = (Path(__file__).parent / "driver.js").read_text()
FLAGS = ["--headless=new", *chromium.FLAGS]
VIEWPORT = {"width": 1440, "height": 900}
START = 80  # memory 3.0, the default of the other pages, in steps of the slider from -5; ours tell theirs
WARM_UP = 3  # key presses that are not counted
PAUSE = 150  # milliseconds without a new picture before the next key press


class Contestant(NamedTuple):
    """A page to measure: its server, its path there, the name under which driver.js knows it, and the slider's field
    where it is one of ours."""

    label: str
    server: Callable[[], AbstractContextManager[processes.Server]]
    path: str
    kind: str
    field: str = "memory"


class Round(NamedTuple):
    """What one round found: milliseconds from each key press to its picture, and the drag."""

    keys: list[float]
    pictures: float  # a second, while dragging
    inputs: float  # a second, that the page took
    settled: float  # milliseconds from the release to the last picture
    size: tuple[int, int]  # of the picture, pixels


class Summary(NamedTuple):
    """Medians over the rounds."""

    key: float
    key95: float
    pictures: float
    inputs: float
    settled: float
    size: tuple[int, int]


CONTESTANTS = {
    "gatescope": Contestant("Gatescope", processes.gatescope, "/gates?v=1&lang=en&n=32&T=100", "gatescope"),
    "streamlit": Contestant("naive page", processes.streamlit, "/", "streamlit"),
    "bokeh": Contestant("Bokeh", processes.bokeh, "/bokeh_server", "bokeh"),
    "large": Contestant(
        "Gatescope 128 x 500", processes.gatescope, "/gates?v=1&lang=en&n=128&T=500", "gatescope"
    ),
    **{
        name: Contestant(name, processes.gatescope, f"/{path}v=1&lang=en&n=32&T=100", "gatescope", field)
        for name, path, field in (
            ("far", "gradients?", "memory"),
            ("why", "gradients?tab=why&", "memory"),
            ("directions", "gradients?tab=directions&", "memory"),
            ("steps", "gradients?tab=steps&", "memory"),
            ("remedy", "gradients?tab=remedy&", "horizon"),
            ("saturation", "saturation?", "memory"),
            ("conventions", "conventions?src=keras&", "steps"),
        )
    },
}
USUAL = ("gatescope", "streamlit", "bokeh", "large")


def percentile95(values: list[float]) -> float:
    """Return the smallest of `values` that at least 95 % of them do not exceed."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


def open_page(browser: Browser, url: str, kind: str, field: str = "memory") -> Page:
    """Load the page and start the driver once its first picture is complete."""
    page = browser.new_page(viewport=VIEWPORT)
    page.set_default_timeout(60_000)
    page.add_init_script(DRIVER)
    page.goto(url)
    try:
        page.wait_for_function(
            "([kind, query, field]) => window.startDriver(kind, query, field)",
            arg=[kind, url.partition("?")[2], field],
            polling=100,
        )
    except TimeoutError as error:
        raise RuntimeError(
            f"{url} shows no slider and picture, but:\n{page.inner_text('body')[:2000]}"
        ) from error
    page.evaluate("driver.quiet(1000)")
    return page


def press(page: Page) -> float:
    """Press the right arrow key and return the milliseconds until its picture."""
    page.evaluate("() => { window.measured = driver.key() }")
    page.keyboard.press("ArrowRight")
    time = page.evaluate("window.measured")
    page.evaluate(f"driver.quiet({PAUSE})")
    return time


def measure(
    browser: Browser, contestant: Contestant, address: str, presses: int, seconds: float, shot: Path | None
) -> Round:
    """Play one round on a freshly loaded page of the server at `address`."""
    page = open_page(browser, address + contestant.path, contestant.kind, contestant.field)
    try:
        keys = [press(page) for _ in range(WARM_UP + presses)][WARM_UP:]
        drag = page.evaluate(f"driver.drag({seconds}, {START + WARM_UP + presses})")
        if shot:
            page.screenshot(path=shot)
        size = tuple(page.evaluate("driver.size()"))
        return Round(keys, drag["pictures"], drag["inputs"], drag["settled"], size)
    finally:
        page.close()


def heap(browser: Browser, url: str, pictures: int) -> tuple[float, float]:
    """Return the page's JavaScript heap, megabytes, after a tenth of `pictures` and after all of them."""
    page = open_page(browser, url, "gatescope")
    try:
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")

        def used(count: int) -> float:
            while page.evaluate("driver.pictures.length") < count:
                page.evaluate(f"driver.drag(5, {START})")
            session.send("HeapProfiler.collectGarbage")
            metrics = session.send("Performance.getMetrics")["metrics"]
            return next(one["value"] for one in metrics if one["name"] == "JSHeapUsedSize") / 2**20

        return used(pictures // 10), used(pictures)
    finally:
        page.close()


def summarise(rounds: list[Round]) -> Summary:
    """Return the medians over rounds; a round's own keys count by their median and 95th percentile."""
    return Summary(
        statistics.median(statistics.median(one.keys) for one in rounds),
        statistics.median(percentile95(one.keys) for one in rounds),
        statistics.median(one.pictures for one in rounds),
        statistics.median(one.inputs for one in rounds),
        statistics.median(one.settled for one in rounds),
        rounds[-1].size,
    )


def report(summaries: dict[str, Summary]) -> str:
    """Return the table, and below it the ratios of this app to the two others."""
    lines = [
        f"{'':<20}{'key to picture':>18}{'pictures':>11}{'inputs':>10}{'release to':>14}{'picture':>12}",
        f"{'':<20}{'median':>9}{'p95':>6} ms{'a second':>11}{'a second':>10}{'the last':>14}{'pixels':>12}",
    ]
    for name, one in summaries.items():
        size = f"{one.size[0]} x {one.size[1]}"
        key = f"{one.key:>9.1f}{one.key95:>6.0f} ms"
        rates = f"{one.pictures:>11.1f}{one.inputs:>10.1f}"
        lines.append(f"{CONTESTANTS[name].label:<20}{key}{rates}{one.settled:>11.0f} ms{size:>12}")
    ours = summaries.get("gatescope")
    for name in ("streamlit", "bokeh"):
        rival = summaries.get(name)
        if ours and rival:
            pictures = f"{ours.pictures / rival.pictures:.2f}" if rival.pictures else "no picture there"
            label = f"Gatescope / {CONTESTANTS[name].label}"
            lines.append(
                f"{label:<24} key to picture {ours.key / rival.key:.2f}, pictures a second {pictures}"
            )
    return "\n".join(lines)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--presses", type=int, default=20, help="key presses a round (at most 35)")
    parser.add_argument("--seconds", type=float, default=5.0, help="length of a drag")
    parser.add_argument("--pages", nargs="+", choices=CONTESTANTS, default=USUAL)
    parser.add_argument("--heap", type=int, metavar="PICTURES", help="only the heap's growth over so many")
    parser.add_argument("--chromium", default=chromium.path(), help="path of the browser")
    parser.add_argument("--shots", type=Path, help="folder for a screenshot of each page after its last drag")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    pages = ["gatescope"] if options.heap else options.pages
    rounds: dict[str, list[Round]] = {name: [] for name in options.pages}
    with ExitStack() as stack:
        kinds = {CONTESTANTS[name].server for name in pages}
        servers = {server: stack.enter_context(server()) for server in kinds}
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=options.chromium, args=FLAGS)
        if options.heap:
            ours = CONTESTANTS["gatescope"]
            early, late = heap(browser, servers[ours.server].url + ours.path, options.heap)
            print(f"JavaScript heap: {early:.1f} MB after {options.heap // 10} pictures,")
            print(f"{late:.1f} MB after {options.heap}, growth {late - early:+.1f} MB")
            return
        for number in range(options.rounds):
            for name in options.pages:
                contestant = CONTESTANTS[name]
                address = servers[contestant.server].url
                shot = options.shots / f"{name}.png" if options.shots else None
                one = measure(browser, contestant, address, options.presses, options.seconds, shot)
                rounds[name].append(one)
                print(
                    f"round {number + 1}, {contestant.label}: key {statistics.median(one.keys):.1f} ms, "
                    f"{one.pictures:.1f} pictures a second",
                    flush=True,
                )
        browser.close()
    print("\n" + report({name: summarise(found) for name, found in rounds.items()}))


if __name__ == "__main__":
    main()
