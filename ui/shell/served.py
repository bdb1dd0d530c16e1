"""What of Streamlit a server of our own builds on: its page with our head, and its app beside our routes.

A script run costs four times what the core takes for a picture. So where such a server runs, the browser asks it at
LIVE while a control is being dragged, and reports to Streamlit when it is let go. Where `streamlit run` serves the app,
every value takes the long way.
"""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from starlette.routing import BaseRoute

from ui.components.assets import imports, plotly_name, publish

LIVE = "live"  # the path of the socket, relative to the app
INDEX = Path(st.__file__).parent / "static" / "index.html"
MODULES = ("part.js", "live_controls.js")
FIGURE = "live_figure.js"

_answered = False


def html(figures: bool) -> str:
    """Streamlit's own page, which says where the server is and what the browser is to fetch at once.

    With `figures` that is what draws them, too. Addresses are relative, as Streamlit's are: the app may be served under
    any path.
    """
    version = publish()
    modules = imports(*MODULES, *([FIGURE] if figures else []))
    links = [f'<link rel="modulepreload" href="./app/static/{version}/{module}">' for module in modules]
    if figures:
        links.append(f'<link rel="preload" as="script" href="./app/static/{plotly_name()}">')
    preloads = "\n    ".join(links)
    head = f"""
    <script>
      const base = new URL("./", document.baseURI).href;
      window.__streamlit = {{ BACKEND_BASE_URL: base, MAIN_PAGE_BASE_URL: base }};
    </script>
    {preloads}"""
    before, found, after = INDEX.read_text("utf-8").partition("<title>")
    return f"{before}{head}\n    {found}{after}" if found else before


def app(script: Path, routes: Sequence[BaseRoute]) -> st.App:
    """Streamlit's app of a script, with our routes before its own, one of which answers at LIVE."""
    global _answered
    _answered = True
    return st.App(script, routes=list(routes))


def live() -> str | None:
    """Where the browser may ask while a control is being dragged, or None where nobody answers."""
    return LIVE if _answered else None


def welcome(origin: str | None, host: str | None) -> bool:
    """Whether a page of `origin` may use a socket of ours, which is asked for at `host`.

    As with Streamlit's own: pages of this server may, those that server.corsAllowedOrigins names, all where
    server.enableCORS is off; and who is no browser and names no origin. A proxy may have left out the port.
    """
    if origin is None or not st.get_option("server.enableCORS"):
        return True
    own = urlsplit(origin)
    return host in (own.netloc, own.hostname) or origin in st.get_option("server.corsAllowedOrigins")
