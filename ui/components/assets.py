"""Publish the browser's files: our modules, our colours and Plotly's own script, under `static/`.

Streamlit serves that folder at `app/static/` in both launch modes. Each version has a folder of its own,
named by its content, so that a browser may keep what it has and never mixes two versions.
"""

import gzip
import hashlib
import json
from collections.abc import Callable
from functools import cache, partial
from importlib import metadata
from pathlib import Path

import plotly

from figures.colours import THEMES
from store import files
from ui.words.text import LANGUAGES, glossary

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"


def _modules() -> dict[str, bytes]:
    """Every module by its published name, and the colour table and the glossaries as modules."""
    files = {path.name: path.read_bytes() for path in sorted((ROOT / "ui").rglob("*.js"))}
    files["colours.js"] = f"export default {json.dumps(THEMES)};\n".encode()
    for lang in LANGUAGES:
        files[f"glossary_{lang}.js"] = (
            f"export default {json.dumps(glossary(lang), ensure_ascii=False)};\n".encode()
        )
    files["plotly_url.js"] = f'export default "../{plotly_name()}";\n'.encode()
    return files


def plotly_name() -> str:
    """The published name of Plotly's script."""
    return f"plotly-{metadata.version('plotly')}.min.js"


@cache
def publish() -> str:
    """Write what is missing in `static/` and return the folder of this version, such as "5f2c01ab".

    Raises OSError if `static/` cannot be written.
    """
    modules = _modules()
    version = hashlib.sha256(b"".join(name.encode() + body for name, body in modules.items())).hexdigest()[:8]
    STATIC.mkdir(exist_ok=True)
    _write(STATIC / plotly_name(), PLOTLY.read_bytes)
    _write(STATIC / f"{plotly_name()}.gz", lambda: gzip.compress(PLOTLY.read_bytes(), 6))
    (STATIC / version).mkdir(exist_ok=True)
    for name, body in modules.items():
        _write(STATIC / version / name, partial(bytes, body))
    return version


def _write(path: Path, read: Callable[[], bytes]) -> None:
    """Write a file once, whole or not at all, whoever else is starting at the same time."""
    if not path.exists():
        files.replace(path, read())


def loader(module: str) -> str:
    """The inline script of a component: all it does is to hand over to the published module.

    Streamlit sends a component's script anew with every update, so it has to be short. The address is
    taken from Streamlit's own script, for that knows under which path the app is served.
    """
    return f"""
const script = document.querySelector('script[src*="static/js/"]');
const base = new URL(script ? script.src.split("static/js/")[0] : "./", document.baseURI);
const ready = import(new URL("app/static/{publish()}/{module}", base));
export default async (component) => (await ready).default(component);
"""
