"""What all tests share: an empty store, patience, one Chromium a process, and an order that keeps two cores busy.

`make test` runs them in a process for each core, a file in one of them (pytest-xdist, --dist loadfile).
"""

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings

from benchmarks import chromium

# No test depends on how fast the machine is, or on what else it does.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(scope="session", autouse=True)
def store_folder(tmp_path_factory):
    """Tests leave nothing in the store of the person who runs them."""
    os.environ["GATESCOPE_STORE"] = str(tmp_path_factory.mktemp("store"))


def pytest_collection_modifyitems(items):
    """The quick tests first, for Playwright keeps an event loop running that others could trip over. Then the files of
    browser tests, the longest first, so that all processes end at about the same time."""
    sizes = Counter(item.path for item in items)

    def place(item) -> int:
        return 0 if item.get_closest_marker("browser") is None else 1 / sizes[item.path]

    items.sort(key=place)


@pytest.fixture(scope="session")
def browser():
    """A running Chromium. Where none is found the test is skipped, or fails where CI is set."""
    path = chromium.path()
    if path is None:
        reason = f"no Chromium: set CHROMIUM, or put one of {', '.join(chromium.NAMES)} on PATH"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=list(chromium.FLAGS))
        yield running
        running.close()
