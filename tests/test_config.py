"""The settings that the speed, the privacy and the plain words of the app hang on."""

import re
import tomllib
from pathlib import Path

import pytest
from streamlit import config

ROOT = Path(__file__).parent.parent
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
SOURCES = sorted(
    path
    for top in ("app.py", "server.py", "pages", "ui", "figures", "recurrent_core", "texts")
    for path in ([ROOT / top] if top.endswith(".py") else (ROOT / top).rglob("*"))
    if path.suffix in {".py", ".js", ".css", ".toml"}
)
EXPECTED = {
    "runner.postScriptGC": False,
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.showSidebarNavigation": False,
    "server.maxUploadSize": 5,
    "server.enableStaticServing": True,
    "server.headless": True,
}


def settings():
    """Every setting of the file, flat: "runner.postScriptGC"; themes have options a level deeper."""
    for section, options in CONFIG.items():
        for name, value in options.items():
            deeper = value.items() if isinstance(value, dict) else [(None, value)]
            yield from ((f"{section}.{name}" + (f".{last}" if last else ""), v) for last, v in deeper)


@pytest.mark.parametrize(("name", "value"), EXPECTED.items())
def test_the_setting_stands_in_our_file_and_streamlit_takes_it(name, value):
    assert dict(settings())[name] == value
    assert config.get_option(name) == value
    assert config.get_where_defined(name).endswith("config.toml")


def test_streamlit_knows_every_setting_of_our_file():
    """A hidden option could vanish from Streamlit, which would then ignore it and be slow in silence."""
    known = config.get_config_options()
    assert not [name for name, _ in settings() if name not in known]


def test_collection_after_each_run_is_on_unless_switched_off():
    assert config.get_config_options()["runner.postScriptGC"].default_val is True


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_source_asks_another_host(path):
    """Names of namespaces are no addresses that are fetched."""
    text = path.read_text("utf-8").replace("http://www.w3.org/", "")
    assert not re.search(r"https?://|['\"(]//\w|(?<!/\*\* )@import\b", text)
    assert "material/" not in text  # Streamlit fetches these icons' font from elsewhere
