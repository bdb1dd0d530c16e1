"""Where a picture's time goes: Chromium's own counters and trace of the page, and the server's time on a processor."""

import json
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page

PAINT = {"PrePaint", "Paint", "Layerize", "Commit"}  # of the renderer's main thread, as the trace names them
TICK = 10.0  # milliseconds, of /proc


def each(total: float, pictures: int) -> float:
    """Return what falls to one of `pictures`, nan if there are none."""
    return total / pictures if pictures else float("nan")


class Spent(NamedTuple):
    """Milliseconds of the page's main thread since it was loaded, by what it did, and of the server's processes."""

    script: float
    style: float
    layout: float
    tasks: float  # all that the main thread did, these three included
    server: float

    @property
    def other(self) -> float:
        """Of the main thread: what is neither script nor style nor layout."""
        return self.tasks - self.script - self.style - self.layout

    def since(self, before: "Spent", pictures: int) -> "Spent":
        """What was spent after `before`, a picture; nan where there was none."""
        pairs = zip(self, before, strict=True)
        return Spent(*(each(late - early, pictures) for late, early in pairs))


class Counters:
    """Reads what a page and its server have spent. Chromium counts style and layout apart from the script that asks
    for them, so nothing is in two shares."""

    def __init__(self, page: Page, server: int) -> None:
        self.session = page.context.new_cdp_session(page)
        self.session.send("Performance.enable")
        self.server = server

    def read(self) -> Spent:
        metrics = self.session.send("Performance.getMetrics")["metrics"]
        seconds = {one["name"]: one["value"] for one in metrics}
        names = ("ScriptDuration", "RecalcStyleDuration", "LayoutDuration", "TaskDuration")
        return Spent(*(1000 * seconds[name] for name in names), processor(self.server))

    def memory(self) -> float:
        """Megabytes of the page's scripts, of its documents and of the arrays they hold, after garbage is collected."""
        self.session.send("HeapProfiler.collectGarbage")
        used = self.session.send("Runtime.getHeapUsage")
        names = ("usedSize", "embedderHeapUsedSize", "backingStorageSize")
        return sum(used[name] for name in names) / 2**20


def resident(pid: int) -> float:
    """Return the resident memory of a process, megabytes; nan without /proc."""
    with suppress(OSError):
        status = Path(f"/proc/{pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024
    return float("nan")


def processor(group: int) -> float:
    """Return the milliseconds on a processor of all processes of a group, threads included; nan without /proc."""
    ticks, found = 0, False
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[2]) == group:
                ticks += int(fields[11]) + int(fields[12])
                found = True
    return TICK * ticks if found else float("nan")


def painting(browser: Browser, page: Page, drag: str) -> float:
    """Return the milliseconds of painting a picture during a drag: from a trace, for Chromium has no counter of it."""
    browser.start_tracing(page=page, categories=["devtools.timeline"])
    try:
        pictures = page.evaluate(drag)["drawn"]
    finally:
        trace = browser.stop_tracing()
    events = json.loads(trace)["traceEvents"]
    paints = [one for one in events if one["ph"] == "X" and one["name"] in PAINT]
    spent, end = 0.0, 0.0  # microseconds; one paint can lie within another, all are the one page's
    for one in sorted(paints, key=lambda one: one["ts"]):
        spent += max(0.0, one["ts"] + one["dur"] - max(end, one["ts"]))
        end = max(end, one["ts"] + one["dur"])
    return each(spent / 1000, pictures)
