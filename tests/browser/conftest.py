"""Servers in both launch modes, and visitors whose every request and error is noted."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from person import FIGURE, TIMEOUT, travel
from playwright.sync_api import expect
from servers import Server

_running: dict[str, Server] = {}
FAILED = pytest.StashKey[bool]()
expect.set_options(timeout=TIMEOUT)


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Below a failed test stands what the servers wrote."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
        for mode, server in _running.items():
            lines = server.log.read_text("utf-8", "replace").splitlines(keepends=True)
            told = "".join(line for line in lines if '"GET /' not in line)
            report.sections.append((f"log of {mode}", told[-3000:]))
    return report


@pytest.fixture(scope="session")
def serve(tmp_path_factory):
    """serve(mode) gives the server of a launch mode, started at its first use."""

    def start(mode: str) -> Server:
        if mode not in _running:
            _running[mode] = Server(mode, tmp_path_factory.mktemp(mode) / "log.txt")
            _running[mode].start()
        return _running[mode]

    yield start
    for server in _running.values():
        server.stop()
    _running.clear()


@pytest.fixture
def server(serve):
    """The server as `make run` starts it."""
    return serve("uvicorn")


class Visitor:
    """Somebody with a browser context; what goes wrong there and where it asks is noted until the end."""

    def __init__(self, context, server: Server):
        self.context, self.server = context, server
        self.errors: list[str] = []
        self.asked: list[str] = []
        self.tolerated: list[str] = []
        self.own = [
            "",
            f"127.0.0.1:{server.port}",
        ]  # hosts that may be asked; data: and blob: addresses have none
        self.listeners = {
            "request": lambda request: self.asked.append(request.url),
            "weberror": lambda error: self.errors.append(f"page error: {error.error}"),
            "console": self._console,
            "page": self._page,
        }
        for event, listener in self.listeners.items():
            context.on(event, listener)

    def _page(self, page) -> None:
        page.on("websocket", lambda socket: self.asked.append(socket.url))
        page.on("dialog", self._dialog)

    def _dialog(self, dialog) -> None:
        self.errors.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _console(self, message) -> None:
        if message.type == "error":
            self.errors.append(f"console: {message.text} {message.location.get('url', '')}")

    def tolerate(self, pattern: str) -> None:
        """Errors in which `pattern` is found are no reason to fail."""
        self.tolerated.append(pattern)

    def open(self, path: str = "/", picture: bool = True, stay: bool = False):
        """A new page at `path`, with its picture; with `stay` the one that is there goes to `path`."""
        if stay and self.context.pages:
            page = self.context.pages[0]
            page.visitor = self
            travel(page, path)
            return page
        page = self.context.new_page()
        page.visitor = self
        page.goto(self.server.address + path)
        if picture:
            page.wait_for_selector(f'{FIGURE}:not([data-drawn="0"])')
        return page

    def leave(self, stay: bool = False) -> None:
        """Close all pages, with `stay` all but the first."""
        for page in self.context.pages[1 if stay else 0 :]:
            page.close()
        for event, listener in self.listeners.items():
            self.context.remove_listener(event, listener)

    def check(self) -> None:
        """No error, and no request to a host of others."""
        assert [url for url in self.asked if urlsplit(url).netloc not in self.own] == []
        errors = [e for e in self.errors if not any(re.search(known, e) for known in self.tolerated)]
        assert errors == []


@pytest.fixture(scope="session")
def context_for(browser):
    """context_for(**options) gives a browser context, kept with its cache for the next who wants the same."""
    kept = {}

    def find(cold: bool = False, stay: str = "", **options):
        name = stay + repr(sorted(options.items()))
        if cold or name not in kept:
            options = {"viewport": {"width": 1280, "height": 900}, "locale": "en-US", **options}
            context = browser.new_context(**options)
            context.set_default_timeout(TIMEOUT)
            if cold:
                return context
            kept[name] = context
        return kept[name]

    yield find
    for context in kept.values():
        context.close()


@pytest.fixture(scope="module")
def staying():
    """Contexts whose page is left open for the next test of a file."""
    contexts = set()
    yield contexts
    for context in contexts:
        for page in context.pages:
            page.close()


@pytest.fixture
def visit(context_for, serve, staying, request):
    """visit(path, mode, **options of the context) opens a page; what goes wrong on any fails the test at its end.

    With `cold` the browser has nothing in its cache. With `stay` the page stays open for the next test of the file that
    says so, too, which then travels instead of loading it: for tests that only look.
    """
    visitors: dict = {}

    def enter(
        path: str = "/",
        mode: str = "uvicorn",
        picture: bool = True,
        tolerate: str = "",
        stay=False,
        **options,
    ):
        context = context_for(stay="stay" if stay else "", **options)
        if stay:
            staying.add(context)
        if context not in visitors:
            visitors[context] = Visitor(context, serve(mode))
        if tolerate:
            visitors[context].tolerate(tolerate)
        return visitors[context].open(path, picture, stay)

    yield enter
    for context, visitor in visitors.items():
        visitor.leave(stay=context in staying and not request.node.stash.get(FAILED, False))
    for visitor in visitors.values():
        visitor.check()
