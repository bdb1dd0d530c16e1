"""How soon does a page that the browser has never seen show something useful, and what does it fetch for it?

Each load has a browser profile of its own with an empty cache, in a window of 390 x 844; the server has served the
page before. Times are the page's own clock from the navigation: to the first text, to the first complete picture (an
embedded page has a still one first), to the live one, and to "useful": sentence, live picture and the control that
moves it are there. Bytes are all that comes over the network, as it comes (compressed where it is), websockets
included, until two seconds after that. The figures are medians over the rounds.

    python benchmarks/cold.py [--rounds 9] [--chromium PATH]
"""

import argparse
import os
import statistics
import time
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, CDPSession, sync_playwright

if __package__:
    from . import chromium, processes, wanted
    from .slider import FLAGS
else:
    import chromium
    import processes
    import wanted
    from slider import FLAGS

WATCH = (Path(__file__).parent / "cold_watch.js").read_text()
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "locale": "en-US"}
PAGES = {"gates": "/gates", "embed": "/embed/gates"}
QUIET = 2000  # milliseconds after the picture in which bytes still count


class Load(NamedTuple):
    """One load: milliseconds, and what came."""

    text: float
    picture: float
    live: float
    useful: float
    bytes: int
    requests: int


class Traffic:
    """Counts what a page fetches. Chromium tells a websocket's binary frames in base64."""

    def __init__(self, session: CDPSession) -> None:
        self.bytes = self.requests = 0
        session.on("Network.requestWillBeSent", self._request)
        session.on("Network.loadingFinished", self._finished)
        session.on("Network.webSocketFrameReceived", self._frame)
        session.send("Network.enable")

    def _request(self, event: dict) -> None:
        self.requests += 1

    def _finished(self, event: dict) -> None:
        self.bytes += int(event["encodedDataLength"])

    def _frame(self, event: dict) -> None:
        frame = event["response"]
        length = len(frame["payloadData"])
        self.bytes += length if frame["opcode"] == 1 else length * 3 // 4


def load(browser: Browser, url: str) -> Load:
    """Load a page for the first time. Raises RuntimeError where there is nothing useful in a minute."""
    context = browser.new_context(**PHONE)
    try:
        page = context.new_page()
        page.set_default_timeout(60_000)
        until = time.monotonic() + 60
        traffic = Traffic(context.new_cdp_session(page))
        page.add_init_script(WATCH)
        page.goto(url, wait_until="commit")
        # Asked from here: an embedded page forbids the evaluation by which Playwright would wait inside it.
        while not (seen := page.evaluate("window.seen")).get("useful"):
            if time.monotonic() > until:
                raise RuntimeError(f"{url} shows only {seen} in a minute")
            page.wait_for_timeout(100)
        page.wait_for_timeout(QUIET)
        times = (seen[name] for name in ("text", "picture", "live", "useful"))
        return Load(*times, traffic.bytes, traffic.requests)
    finally:
        context.close()


def report(rounds: dict[str, list[Load]]) -> str:
    """Return the table of medians and the lines of what is wanted."""
    names = "".join(f"{name:>9}" for name in ("text", "picture", "live", "useful"))
    lines = [f"{'390 x 844, nothing cached':<28}{names} ms{'KB':>9}{'requests':>10}"]
    medians = {
        name: Load(*map(statistics.median, zip(*found, strict=True))) for name, found in rounds.items()
    }
    for name, one in medians.items():
        times = f"{one.text:>9.0f}{one.picture:>9.0f}{one.live:>9.0f}{one.useful:>9.0f}"
        lines.append(f"{PAGES[name]:<28}{times}   {one.bytes / 1000:>9.0f}{one.requests:>10.0f}")
    whole, embed = medians["gates"], medians["embed"]
    lines += [
        "",
        wanted.at_most("/gates: something useful, seconds", whole.useful / 1000, 1.5),
        wanted.at_most(
            "/embed/gates: time to the first picture, to /gates", embed.picture / whole.picture, 0.4
        ),
        wanted.at_most("/embed/gates: bytes, to /gates", embed.bytes / whole.bytes, 0.5),
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--chromium", default=chromium.path(), help="path of the browser")
    options = parser.parse_args()
    rounds: dict[str, list[Load]] = {name: [] for name in PAGES}
    with processes.gatescope() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=FLAGS)
        for path in PAGES.values():
            load(browser, server.url + path)
        for number in range(options.rounds):
            for name in sorted(PAGES, reverse=number % 2 == 1):
                rounds[name].append(load(browser, server.url + PAGES[name]))
                print(
                    f"round {number + 1} (load {os.getloadavg()[0]:.1f}), {PAGES[name]}: "
                    f"useful after {rounds[name][-1].useful:.0f} ms",
                    flush=True,
                )
        browser.close()
    print("\n" + report(rounds))


if __name__ == "__main__":
    main()
