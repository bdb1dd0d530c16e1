"""ASGI entry point: `uvicorn server:app` serves Gatescope with low latency.

`streamlit run app.py` serves the same pages. What this adds is a faster first picture: the page that the browser
loads says where the server is, so that a deep link needs no search for it; Plotly's script comes beside Streamlit's
own instead of after it, compressed; and the published files, whose names change with their content, are kept. It
answers the browser while a control is being dragged. And it gives the pages that others embed in theirs.
"""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.status import WS_1008_POLICY_VIOLATION, WS_1009_MESSAGE_TOO_BIG
from starlette.types import Scope
from starlette.websockets import WebSocket, WebSocketDisconnect

from ui.components.assets import STATIC
from ui.embed import page as embedded
from ui.line import answered
from ui.shell import served
from ui.views import VIEWS

ROOT = Path(__file__).parent
NAMES = {"/": "home"} | {f"/{page.stem}": page.stem for page in sorted((ROOT / "pages").glob("*.py"))}
LONGEST = 100_000  # characters of a question
TURNS = ThreadPoolExecutor(1, thread_name_prefix="live")  # who asks first is answered first
Made = TypeVar("Made")
EMBEDDED = embedded.headers(os.environ.get("GATESCOPE_FRAME_ANCESTORS", ""))


def page(path: str, name: str) -> Route:
    """The route of a page; `path` begins where the app is served."""
    body = served.html(figures=name in VIEWS and VIEWS[name].figures)

    async def send(request: Request) -> HTMLResponse:
        return HTMLResponse(body, headers={"Cache-Control": "no-cache"})

    return Route(path, send)


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


async def turn(make: Callable[..., Made], *given: str) -> Made:
    """What `make` gives, in turn with all other readers.

    Two answers at once would take longer than one after the other, for they would fight for the interpreter.
    """
    return await asyncio.get_running_loop().run_in_executor(TURNS, make, *given)


async def embed(request: Request) -> HTMLResponse:
    """A page for a frame in another page, or a sentence where there is no such page."""
    name, languages = request.path_params["page"], request.headers.get("accept-language", "")
    try:
        body, status = await turn(embedded.html, name, request.url.query, languages), 200
    except KeyError:
        body, status = embedded.unknown(languages), 404
    return HTMLResponse(body, status, EMBEDDED)


async def picture(request: Request) -> Response:
    """A picture of such a page, as SVG."""
    name, part = request.path_params["page"], request.path_params["part"]
    try:
        body = await turn(embedded.picture, name, part, request.url.query)
    except KeyError:
        return Response(status_code=404, headers=EMBEDDED)
    return Response(body, media_type="image/svg+xml", headers=EMBEDDED | embedded.PICTURE)


async def live(socket: WebSocket) -> None:
    """Controls and parts while a control is being dragged: one question, one answer, in turn.

    Pages of other servers are turned away, as Streamlit does it with its own socket.
    """
    if not served.welcome(socket.headers.get("origin"), socket.headers.get("host")):
        await socket.close(WS_1008_POLICY_VIOLATION, "This socket answers the pages of its own server.")
        return
    await socket.accept()
    with suppress(WebSocketDisconnect):
        while True:
            question = await socket.receive_text()
            if len(question) > LONGEST:
                await socket.close(WS_1009_MESSAGE_TOO_BIG)
                return
            await socket.send_bytes(await turn(answered, question))


app = served.app(
    ROOT / "app.py",
    [
        *(page(path, name) for path, name in NAMES.items()),
        WebSocketRoute(f"/{served.LIVE}", live),
        Route("/embed/{page}/{part}.svg", picture),
        Route("/embed/{page:path}", embed),
        Mount("/app/static", Published(directory=STATIC)),
    ],
)
