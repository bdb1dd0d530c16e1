"""Does a picture follow the slider as well while a network is being trained?

Gates is measured as in slider.py, on one server, idle and while its training process runs, in turn within each
round. What counts is the ratio of the medians.

    python benchmarks/busy.py [--rounds 4] [--presses 20] [--seconds 5] [--chromium PATH]
"""

import argparse
import json
import urllib.request

from playwright.sync_api import sync_playwright

if __package__:
    from . import chromium, processes, slider, wanted
else:
    import chromium
    import processes
    import slider
    import wanted


def switch(url: str, what: str) -> dict:
    """Start or stop the training of benchmarks/busy_server.py; its status."""
    with urllib.request.urlopen(f"{url}/benchmark/{what}", timeout=60) as answer:
        return json.load(answer)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--presses", type=int, default=20, help="key presses a round (at most 35)")
    parser.add_argument("--seconds", type=float, default=5.0, help="length of a drag")
    parser.add_argument("--chromium", default=chromium.path(), help="path of the browser")
    options = parser.parse_args()
    contestant = slider.CONTESTANTS["gatescope"]
    rounds: dict[str, list[slider.Round]] = {"idle": [], "training": []}
    with processes.gatescope("benchmarks.busy_server:app") as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=slider.FLAGS)
        for number in range(options.rounds):
            for name in sorted(rounds, reverse=number % 2 == 1):
                if name == "training":
                    switch(server.url, "start")
                found = slider.measure(browser, contestant, server, options.presses, options.seconds)
                rounds[name].append(found)
                if name == "training":
                    status = switch(server.url, "stop")
                    print(f"round {number + 1}: {status['rate']:.0f} updates a second at its end", flush=True)
        browser.close()
    idle, busy = (slider.summarise(rounds[name]) for name in ("idle", "training"))
    for name, one in (("idle", idle), ("training", busy)):
        print(
            f"{name:<10} key {one.key:.1f} ms, p95 {one.key95:.0f} ms, {one.pictures:.1f} pictures a second"
        )
    print(wanted.at_most("key to picture while a network is trained, to idle", busy.key / idle.key, 1.5))
    print(f"pictures a second while a network is trained, to idle {busy.pictures / idle.pictures:.2f}")


if __name__ == "__main__":
    main()
