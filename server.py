"""ASGI entry point: `uvicorn server:app` serves Gatescope with low latency.

`streamlit run app.py` serves the same pages. What this adds is a faster first picture: the page that the browser
loads says where the server is, so that a deep link needs no search for it; Plotly's script comes beside Streamlit's
own instead of after it, compressed; and the published files, whose names change with their content, are kept. And it
answers the browser while a control is being dragged (see ui.live).
"""

from contextlib import suppress
from pathlib import Path

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.status import WS_1009_MESSAGE_TOO_BIG
from starlette.types import Scope
from starlette.websockets import WebSocket, WebSocketDisconnect

from ui import live
from ui.components.assets import STATIC, plotly_name, publish
from ui.views import VIEWS

ROOT = Path(__file__).parent
INDEX = Path(st.__file__).parent / "static" / "index.html"
NAMES = {"/": "home"} | {f"/{page.stem}": page.stem for page in sorted((ROOT / "pages").glob("*.py"))}
MODULES = (
    "part.js",
    "live_controls.js",
    "parts.js",
    "conversation.js",
    "address.js",
    "dom.js",
    "lecture.js",
    "wire.js",
)
FIGURE = ("live_figure.js", "theme.js", "colours.js", "plotly_url.js")


def _page(figures: bool) -> str:
    """Streamlit's own page with our head. Its addresses are relative, as Streamlit's are."""
    version = publish()
    links = [
        f'<link rel="modulepreload" href="./app/static/{version}/{m}">'
        for m in (*MODULES, *(FIGURE if figures else ()))
    ]
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


async def page(request: Request) -> HTMLResponse:
    return HTMLResponse(HTML[request.url.path], headers={"Cache-Control": "no-cache"})


class Published(StaticFiles):
    """The published files: compressed where the browser can read that, and never asked for twice."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        accepted = dict(scope["headers"]).get(b"accept-encoding", b"")
        compressed = b"gzip" in accepted and (STATIC / f"{path}.gz").is_file()
        response = await super().get_response(f"{path}.gz" if compressed else path, scope)
        if compressed:
            response.headers["Content-Encoding"] = "gzip"
            response.headers["Content-Type"] = "text/javascript; charset=utf-8"
        if response.status_code == 200:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
            response.headers["Vary"] = "Accept-Encoding"
        return response


async def answer(socket: WebSocket) -> None:
    """Pictures while a control is being dragged: one question, one answer, in turn."""
    await socket.accept()
    with suppress(WebSocketDisconnect):
        while True:
            question = await socket.receive_text()
            if len(question) > live.LONGEST:
                await socket.close(WS_1009_MESSAGE_TOO_BIG)
                return
            await socket.send_bytes(await run_in_threadpool(live.answer, question))


live.serve()
HTML = {path: _page(figures=name in VIEWS and VIEWS[name].figures) for path, name in NAMES.items()}
app = st.App(
    ROOT / "app.py",
    routes=[
        *(Route(path, page) for path in NAMES),
        WebSocketRoute(f"/{live.PATH}", answer),
        Mount("/app/static", Published(directory=STATIC)),
    ],
)
