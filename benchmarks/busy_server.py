"""Gatescope with a switch for benchmarks: /benchmark/start begins a training in it, /benchmark/stop ends it.

The training is submitted and kept alive as a page would, so all that it costs the server is there but the drawing
of its curves. Each answers with the training's status as JSON once it has come so far.
"""

import asyncio
import json

import jobs
import server

UPDATES = 20_000  # more than a round lasts
QUERY = f"task=adding&len=50&n=32&all={UPDATES}&v=1"
OWNER = "benchmark"
_beating: dict[str, asyncio.Task] = {}


async def app(scope, receive, send) -> None:
    """The app itself, but for the two addresses."""
    path = scope.get("path", "")
    if scope["type"] != "http" or not path.startswith("/benchmark/"):
        await server.app(scope, receive, send)
        return
    status = await (_start() if path.endswith("start") else _stop())
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]}
    )
    await send({"type": "http.response.body", "body": json.dumps(status._asdict()).encode()})


async def _start() -> jobs.Status:
    office = jobs.office()
    id = office.submit(OWNER, QUERY, UPDATES)
    _beating[id] = asyncio.create_task(_beat(id))
    while not office.status(id).rate:
        await asyncio.sleep(0.1)
    return office.status(id)


async def _stop() -> jobs.Status:
    office = jobs.office()
    id, beating = _beating.popitem()
    beating.cancel()
    status = office.status(id)
    office.cancel(id, OWNER)
    while office.busy:
        await asyncio.sleep(0.1)
    return status


async def _beat(id: str) -> None:
    while True:
        jobs.office().beat(id, OWNER)
        await asyncio.sleep(2)
