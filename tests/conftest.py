"""One Chromium for all tests that need it, after all tests that do not."""

import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session", autouse=True)
def store_folder(tmp_path_factory):
    """Tests leave nothing in the store of the person who runs them."""
    os.environ["GATESCOPE_STORE"] = str(tmp_path_factory.mktemp("store"))


def pytest_collection_modifyitems(items):
    """The quick tests first: Playwright also keeps an event loop running that others could trip over."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def browser():
    """A running Chromium: CHROMIUM or the one on PATH. Without one the test is skipped, or fails where CI is set."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        reason = f"no Chromium: set CHROMIUM, or put one of {', '.join(NAMES)} on PATH"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield chromium
        chromium.close()
