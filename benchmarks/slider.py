"""How fast does a picture follow the slider? This app, a naive Streamlit page, a Bokeh server, side by side.

All three compute the same vectors (LSTM, 32 units, 100 steps) and are driven by the same script in the page
(driver.js). In turn, round after round, each page is loaded anew; trusted presses of the right arrow key give
the time from key to picture, then a drag of sixty inputs a second gives the pictures a second, their bytes, and where
their time goes in the browser and on the server (shares.py). What counts is a picture whose value differs from that
of the picture before. The figures are medians over the rounds. Another checkout of ours can stand beside this one.

    python benchmarks/slider.py [--rounds 5] [--pages gatescope streamlit bokeh] [--busy] [--against FOLDER]
"""

import argparse
import math
import os
import statistics
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, TimeoutError, sync_playwright

if __package__:
    from . import chromium, processes, shares, wanted
else:
    import chromium
    import processes
    import shares
    import wanted

DRIVER = (Path(__file__).parent / "driver.js").read_text()
FLAGS = ["--headless=new", *chromium.FLAGS]
VIEWPORT = {"width": 1440, "height": 900}
START = 80  # memory 3.0, the default of the other pages, in steps of the slider from -5; ours tell theirs
WARM_UP = 3  # key presses that are not counted
PAUSE = 150  # milliseconds without a new picture before the next key press
TRACED = 2  # seconds of a drag of its own for the share of painting, for tracing slows the page


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
    bytes: float  # a picture, through the page's websockets
    settled: float  # milliseconds from the last input to the last picture
    spent: shares.Spent  # a picture, while dragging
    paint: float  # milliseconds a picture
    size: tuple[int, int]  # of the picture, pixels


class Summary(NamedTuple):
    """Medians over the rounds; times are milliseconds, those from `script` on a picture's."""

    key: float
    key95: float
    pictures: float
    inputs: float
    bytes: float
    settled: float
    script: float
    style: float
    layout: float
    paint: float
    other: float  # of the main thread: parsing, garbage collection, handling of events, messages
    style_layout: float
    browser: float  # all of the main thread
    server: float
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
OTHER = "_other"  # ends the name of a page of ours that another checkout serves


def of_checkout(folder: Path, names: Iterable[str]) -> dict[str, Contestant]:
    """Our pages among `names` as another checkout serves them."""
    server = partial(processes.gatescope, root=folder.resolve())
    ours = {name: CONTESTANTS[name] for name in names if CONTESTANTS[name].kind == "gatescope"}
    return {
        name + OTHER: one._replace(label=f"{one.label}, other", server=server) for name, one in ours.items()
    }


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
    browser: Browser,
    contestant: Contestant,
    server: processes.Server,
    presses: int,
    seconds: float,
    shot: Path | None = None,
) -> Round:
    """Play one round on a freshly loaded page."""
    page = open_page(browser, server.url + contestant.path, contestant.kind, contestant.field)
    try:
        keys = [press(page) for _ in range(WARM_UP + presses)][WARM_UP:]
        counters = shares.Counters(page, server.pid)
        before = counters.read()
        drag = page.evaluate(f"driver.drag({seconds}, {START + WARM_UP + presses})")
        spent = counters.read().since(before, drag["drawn"])
        settled = page.evaluate("driver.release()")
        if shot:
            page.screenshot(path=shot)
        size = tuple(page.evaluate("driver.size()"))
        paint = shares.painting(browser, page, f"driver.drag({TRACED}, {START})")
        weight = shares.each(drag["bytes"], drag["drawn"])
        return Round(keys, drag["pictures"], drag["inputs"], weight, settled, spent, paint, size)
    finally:
        page.close()


def memory(browser: Browser, contestant: Contestant, server: processes.Server, pictures: int) -> str:
    """Return what the page and its server hold after a tenth of `pictures` and after all of them, and the growth."""
    page = open_page(browser, server.url + contestant.path, contestant.kind, contestant.field)
    try:
        counters = shares.Counters(page, server.pid)

        def held(count: int) -> tuple[float, float]:
            while page.evaluate("driver.pictures.length") < count:
                page.evaluate(f"driver.drag(5, {START})")
                page.evaluate("driver.release()")
            return counters.memory(), shares.resident(server.pid)

        early, late = held(pictures // 10), held(pictures)
    finally:
        page.close()
    lines = []
    for name, before, after in zip(("browser", "server"), early, late, strict=True):
        lines.append(
            f"{name}: {before:.1f} MB after {pictures // 10} pictures, {after:.1f} MB after {pictures}"
        )
    for name, before, after in zip(("browser", "server"), early, late, strict=True):
        lines.append(wanted.at_most(f"growth over {pictures} pictures, {name}, MB", after - before, 20, 1))
    return "\n".join(lines)


def summarise(rounds: list[Round]) -> Summary:
    """Return the medians over rounds, of those in which a picture was drawn where the figure is one of a picture.

    A round's own keys count by their median and 95th percentile.
    """

    def median(of: Callable[[Round], float]) -> float:
        found = [value for value in map(of, rounds) if not math.isnan(value)]
        return statistics.median(found) if found else math.nan

    return Summary(
        key=median(lambda one: statistics.median(one.keys)),
        key95=median(lambda one: percentile95(one.keys)),
        pictures=median(lambda one: one.pictures),
        inputs=median(lambda one: one.inputs),
        bytes=median(lambda one: one.bytes),
        settled=median(lambda one: one.settled),
        script=median(lambda one: one.spent.script),
        style=median(lambda one: one.spent.style),
        layout=median(lambda one: one.spent.layout),
        paint=median(lambda one: one.paint),
        other=median(lambda one: one.spent.other - one.paint),
        style_layout=median(lambda one: one.spent.style + one.spent.layout),
        browser=median(lambda one: one.spent.tasks),
        server=median(lambda one: one.spent.server),
        size=rounds[-1].size,
    )


def report(summaries: dict[str, Summary], labels: dict[str, str]) -> str:
    """Return two tables: how the picture follows, and where its time goes."""
    lines = [
        f"{'':<28}{'key to picture':>18}{'pictures':>11}{'inputs':>10}{'release to':>14}{'KB a':>10}{'size':>12}",
        f"{'':<28}{'median':>9}{'p95':>6} ms{'a second':>11}{'a second':>10}{'the last':>14}{'picture':>10}",
    ]
    for name, one in summaries.items():
        size = f"{one.size[0]} x {one.size[1]}"
        key = f"{one.key:>9.1f}{one.key95:>6.0f} ms"
        rates = f"{one.pictures:>11.1f}{one.inputs:>10.1f}{one.settled:>11.0f} ms{one.bytes / 1000:>10.1f}"
        lines.append(f"{labels[name]:<28}{key}{rates}{size:>12}")
    parts = ("script", "style", "layout", "paint", "other", "browser", "server")
    lines += ["", f"{'a picture, ms':<28}" + "".join(f"{part:>9}" for part in parts)]
    for name, one in summaries.items():
        lines.append(f"{labels[name]:<28}" + "".join(f"{getattr(one, part):>9.1f}" for part in parts))
    return "\n".join(lines)


def compared(summaries: dict[str, Summary], busy: bool) -> list[str]:
    """Return the lines of what is wanted, for the pages that were measured."""
    lines = []
    ours, large = summaries.get("gatescope"), summaries.get("large")
    naive, bokeh = summaries.get("streamlit"), summaries.get("bokeh")
    if ours and naive:
        lines.append(wanted.at_most("key to picture, to the naive page's", ours.key / naive.key, 0.25))
    if ours and bokeh:
        key, pictures = (0.8, 1.2) if busy else (0.7, 1.4)
        lines.append(wanted.at_most("key to picture, to Bokeh's", ours.key / bokeh.key, key))
        lines.append(
            wanted.at_least("pictures a second, to Bokeh's", ours.pictures / bokeh.pictures, pictures)
        )
    if ours:
        lines.append(wanted.at_most("KB of a picture while dragging", ours.bytes / 1000, 25, 1))
    if large:
        lines.append(wanted.at_most("128 x 500: KB of a picture while dragging", large.bytes / 1000, 400, 0))
    other, large_other = summaries.get("gatescope" + OTHER), summaries.get("large" + OTHER)
    if ours and other:
        share = ours.style_layout / other.style_layout
        lines.append(wanted.at_most("style and layout a picture, to the other checkout's", share, 0.25))
    if large and large_other:
        share = large.pictures / large_other.pictures
        lines.append(wanted.at_least("128 x 500: pictures a second, to the other checkout's", share, 1.5))
    return lines


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--presses", type=int, default=20, help="key presses a round (at most 35)")
    parser.add_argument("--seconds", type=float, default=5.0, help="length of a drag")
    parser.add_argument("--pages", nargs="+", choices=CONTESTANTS, default=USUAL)
    parser.add_argument("--busy", action="store_true", help="with one core kept busy by another process")
    parser.add_argument("--against", type=Path, metavar="FOLDER", help="another checkout, for our pages")
    parser.add_argument(
        "--memory", type=int, metavar="PICTURES", help="only the growth of memory over so many"
    )
    parser.add_argument("--chromium", default=chromium.path(), help="path of the browser")
    parser.add_argument("--shots", type=Path, help="folder for a screenshot of each page after its last drag")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    contestants = {name: CONTESTANTS[name] for name in options.pages}
    if options.against:
        contestants |= of_checkout(options.against, options.pages)
    if options.memory:
        contestants = {"gatescope": CONTESTANTS["gatescope"]}
    rounds: dict[str, list[Round]] = {name: [] for name in contestants}
    with ExitStack() as stack:
        kinds = {one.server for one in contestants.values()}
        servers = {server: stack.enter_context(server()) for server in kinds}
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=options.chromium, args=FLAGS)
        if options.memory:
            (ours,) = contestants.values()
            print(memory(browser, ours, servers[ours.server], options.memory))
            return
        if options.busy:
            stack.enter_context(processes.busy())
        for number in range(options.rounds):
            for name in sorted(contestants, key=list(contestants).index, reverse=number % 2 == 1):
                contestant = contestants[name]
                shot = options.shots / f"{name}.png" if options.shots else None
                server = servers[contestant.server]
                one = measure(browser, contestant, server, options.presses, options.seconds, shot)
                rounds[name].append(one)
                print(
                    f"round {number + 1} (load {os.getloadavg()[0]:.1f}), {contestant.label}: "
                    f"key {statistics.median(one.keys):.1f} ms, {one.pictures:.1f} pictures a second",
                    flush=True,
                )
        browser.close()
    summaries = {name: summarise(found) for name, found in rounds.items()}
    print("\nwith one core kept busy" if options.busy else "")
    print(report(summaries, {name: one.label for name, one in contestants.items()}))
    if options.against:
        print(f"other: {options.against.resolve()}")
    print("", *compared(summaries, options.busy), sep="\n")


if __name__ == "__main__":
    main()
