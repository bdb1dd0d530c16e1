"""Publish the browser's files: our modules, styles and colours and Plotly's own script, under `static/`.

Streamlit serves that folder at `app/static/` in both launch modes. Each version has a folder of its own,
named by its content, so that a browser may keep what it has and never mixes two versions.
"""

import gzip
import hashlib
import json
import re
import tomllib
from collections.abc import Callable
from functools import cache, partial
from importlib import metadata
from pathlib import Path

import plotly

from figures.colours import FONT, THEMES
from store import files
from ui.words.text import LANGUAGES, glossary

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
IMPORT = re.compile(
    r'^(?:import|export)\b[^;"]*"\./([^"]+)"', re.M
)  # at the beginning of a module, not one that waits


@cache
def _files() -> dict[str, bytes]:
    """Every module and style sheet by its published name, and the colour table and the glossaries as modules."""
    sources = [path for ending in ("js", "css") for path in sorted((ROOT / "ui").rglob(f"*.{ending}"))]
    files = {path.name: path.read_bytes() for path in sources}
    files["theme.css"] = _theme().encode()
    files["colours.js"] = f"export default {json.dumps(THEMES)};\n".encode()
    for lang in LANGUAGES:
        files[f"glossary_{lang}.js"] = (
            f"export default {json.dumps(glossary(lang), ensure_ascii=False)};\n".encode()
        )
    files["plotly_url.js"] = f'export default "../{plotly_name()}";\n'.encode()
    return files


def _theme() -> str:
    """The colours that Streamlit gives its pages, under the same names, for a page that it does not serve.

    Light or dark is what the browser prefers, or what the page's root says in `data-theme`.
    """
    themes = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]

    def block(theme: str) -> str:
        named = {
            re.sub("[A-Z]", lambda upper: f"-{upper[0].lower()}", name): value
            for name, value in themes[theme].items()
        }
        lines = [f"--st-{name}: {value};" for name, value in named.items()]
        return f"{{ color-scheme: {theme}; {' '.join(lines)} }}"

    return f""":root {{ --st-font: {FONT}; --st-code-font: ui-monospace, monospace; }}
:root {block("light")}
@media (prefers-color-scheme: dark) {{ :root {block("dark")} }}
:root[data-theme="light"] {block("light")}
:root[data-theme="dark"] {block("dark")}
"""


@cache
def imports(*modules: str) -> tuple[str, ...]:
    """These modules and all that they import, by their published names: what a page fetches before it can begin.

    Modules that are loaded later, when a part of their kind is shown, are not among them. Raises KeyError for a module
    that is not there.
    """
    files, found = _files(), dict.fromkeys(modules)
    waiting = list(modules)
    while waiting:
        for name in IMPORT.findall(files[waiting.pop()].decode()):
            if name not in found:
                found[name] = None
                waiting.append(name)
    return tuple(found)


def plotly_name() -> str:
    """The published name of Plotly's script."""
    return f"plotly-{metadata.version('plotly')}.min.js"


@cache
def plotly_styles() -> tuple[str, ...]:
    """The ids of elements with styles that Plotly's script puts into a page where it finds none of that id: of maps,
    which we have not."""
    return tuple(re.findall(r'getElementById\("([0-9a-f]{64})"\)\)\{', PLOTLY.read_text("utf-8")))


@cache
def publish() -> str:
    """Write what is missing in `static/` and return the folder of this version, such as "5f2c01ab".

    Raises OSError if `static/` cannot be written.
    """
    published = _files()
    version = hashlib.sha256(b"".join(name.encode() + body for name, body in published.items())).hexdigest()[
        :8
    ]
    STATIC.mkdir(exist_ok=True)
    _write(STATIC / plotly_name(), PLOTLY.read_bytes)
    _write(STATIC / f"{plotly_name()}.gz", lambda: gzip.compress(PLOTLY.read_bytes(), 6))
    (STATIC / version).mkdir(exist_ok=True)
    for name, body in published.items():
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
