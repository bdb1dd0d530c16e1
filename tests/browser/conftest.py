"""Servers in both launch modes, and visitors whose every request and error is noted."""

from pathlib import Path

import pytest
from person import TIMEOUT
from playwright.sync_api import expect
from servers import Server
from visitor import Visitor

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


@pytest.fixture(scope="session")
def context_for(browser):
    """context_for(**options) gives a browser context, kept with its cache for the next who wants the same."""
    kept = {}

    def find(cold: bool = False, stay: bool = False, **options):
        name = repr((stay, sorted(options.items())))
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
        stay: bool = False,
        **options,
    ):
        context = context_for(stay=stay, **options)
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
