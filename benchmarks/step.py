"""How fast does the Step page follow: moving through the steps, and dragging a weight?

A script in the page (step_driver.js) moves the step slider in every animation frame, to and fro, over a recording
that is in the browser (LSTM, 32 units, 100 steps, bars of all units), and counts the pictures of another step and
the messages to the server, of which there must be none. Beside it stand the frames a second of an empty page in
the same run: more than these no page can have. Then it drags a weight sixty times a second; the server computes the
network anew for each picture. The figures are medians over the rounds.

    python benchmarks/step.py [--rounds 3] [--seconds 3] [--chromium PATH]
"""

import argparse
import os
import statistics
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

if __package__:
    from . import chromium, processes, wanted
    from .slider import FLAGS, VIEWPORT
else:
    import chromium
    import processes
    import wanted
    from slider import FLAGS, VIEWPORT

DRIVER = (Path(__file__).parent / "step_driver.js").read_text()
CELL = '[data-testid="step-cell"]'
QUIET = 2500  # milliseconds for the page's first messages to end
SCRUB = "/step?v=1&lang=en&preset=write_once&net=lstm&n=32&T=100"
EDITS = {
    "edit drag, worked example": "/step?v=1&lang=en&preset=worked_example&mode=edit&t=2",
    "edit drag, 4 units x 3 inputs": "/step?v=1&lang=en&preset=worked_example&wire=random&n=4&mode=edit&t=2"
    "&data=1,0,2%0A0,1,1%0A2,1,0%0A1,1,1%0A0,2,0%0A1,0,1",
}


class Rate(NamedTuple):
    """One round of one part: pictures a second, and the frames or inputs a second that there were for them."""

    pictures: float
    offered: float


def open_page(browser: Browser, url: str) -> Page:
    """Load the page and wait until its drawing has come and it has nothing more to say."""
    page = browser.new_page(viewport=VIEWPORT)
    page.set_default_timeout(60_000)
    page.add_init_script(DRIVER)
    page.goto(url)
    page.wait_for_selector(f'{CELL}:not([data-drawn="0"])')
    page.wait_for_timeout(QUIET)
    return page


def ceiling(browser: Browser, seconds: float) -> float:
    """Return the frames a second of an empty page."""
    page = browser.new_page(viewport=VIEWPORT)
    try:
        page.add_init_script(DRIVER)
        page.goto("data:text/html,<title>empty</title>")
        return page.evaluate(f"frames_alone({seconds})")
    finally:
        page.close()


def scrub(browser: Browser, address: str, seconds: float) -> Rate:
    """Move through the steps. Raises RuntimeError on a message to the server or a number of another step."""
    page = open_page(browser, address + SCRUB)
    try:
        found = page.evaluate(f"scrub({seconds})")
    finally:
        page.close()
    if found["sent"] or found["mistakes"]:
        raise RuntimeError(f"{found['sent']} messages to the server, {found['mistakes']} wrong numbers")
    return Rate(found["pictures"], found["frames"])


def drag(browser: Browser, address: str, seconds: float) -> Rate:
    """Drag the first weight of the editor."""
    page = open_page(browser, address)
    try:
        name = page.locator(f"{CELL} .gs-field").first.get_attribute("data-edit")
        found = page.evaluate(f"drag_weight('{name}', {seconds})")
    finally:
        page.close()
    return Rate(found["pictures"], found["inputs"])


def measure(browser: Browser, address: str, seconds: float) -> dict[str, Rate]:
    """Return one round's rates by name."""
    frames = ceiling(browser, seconds)
    rates = {"empty page": Rate(frames, frames), "scrub": scrub(browser, address, seconds)}
    return rates | {name: drag(browser, address + path, seconds) for name, path in EDITS.items()}


def report(rounds: list[dict[str, Rate]]) -> str:
    """Return a table of medians over rounds, and what scrubbing reaches of the machine's frames."""
    lines = [f"{'':<32}{'pictures':>10}{'frames or inputs':>18}   a second"]
    medians = {name: statistics.median(one[name].pictures for one in rounds) for name in rounds[0]}
    for name, pictures in medians.items():
        offered = statistics.median(one[name].offered for one in rounds)
        lines.append(f"{name:<32}{pictures:>10.1f}{offered:>18.1f}")
    share = medians["scrub"] / medians["empty page"]
    lines.append(f"scrub / empty page {share:.2f}, messages to the server while scrubbing 0")
    lines += [
        "",
        wanted.at_least("pictures a second while scrubbing, none asked for", medians["scrub"], 50, 1),
    ]
    return "\n".join(lines)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3.0, help="length of a part")
    parser.add_argument("--chromium", default=chromium.path(), help="path of the browser")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    with processes.gatescope() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=FLAGS)
        rounds = []
        for number in range(options.rounds):
            rounds.append(measure(browser, server.url, options.seconds))
            rates = ", ".join(f"{name} {rate.pictures:.1f}" for name, rate in rounds[-1].items())
            print(f"round {number + 1} (load {os.getloadavg()[0]:.1f}): {rates}", flush=True)
        browser.close()
    print("\n" + report(rounds))


if __name__ == "__main__":
    main()
