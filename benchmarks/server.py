"""What the server alone takes: websocket clients in place of a browser.

Two ways are measured: the live answers that a dragged control gets, and the runs of the page's script that follow
when it is let go (Streamlit's protocol), which are also the way of a drag under `streamlit run`. Of each: the time of
one update of the Gates page, from a new Memory to the last message that answers it; the pictures a second of one
session, and of thirty that drag at once, each with one update in flight; and the growth of the server's memory over
2,000 updates of one session, once what the server keeps has reached its bound (Linux only: read from /proc).

No two updates have the same settings: every session has seeds of its own, and another whenever Memory has been all the
way up and down. So each picture is computed, none comes from what the server has kept.

    python benchmarks/server.py [--updates 200] [--sessions 30] [--seconds 10] [--long 2000]
"""

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Callable, Iterator
from itertools import chain, count
from typing import NamedTuple

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

if __package__:
    from . import processes, wanted
else:
    import processes
    import wanted

PAGE = "gates"
QUERY = "v=1&lang=en&n=32&T=100"
CONTROLS, FIGURE = "live_controls", "part"
CACHED_RUNS = 2  # for so many runs a browser keeps a message, by Streamlit's default
WARM_UP = 20  # updates that are not counted
_seeds = count(1)


def settings() -> Iterator[dict[str, float]]:
    """Yield what a reader sets who drags Memory up and down without end: no two readers ever set the same."""
    while True:
        up, down = next(_seeds), next(_seeds)
        for step, seed in chain(
            ((step, up) for step in range(121)), ((step, down) for step in range(119, 0, -1))
        ):
            yield {"memory": round(-5 + 0.1 * step, 1), "seed": seed}


class Answer(NamedTuple):
    """What came back from one run of the script."""

    seconds: float
    pictures: int  # messages that held a figure
    acknowledged: int  # the last number that live_controls was told


class Session:
    """One visitor: a websocket connection that has loaded the page and can drag its Memory slider."""

    def __init__(self, socket: ClientConnection, origin: str) -> None:
        self.socket = socket
        self.origin = origin
        self.controls = ""  # the id under which the server knows live_controls
        self.fragment = ""
        self.seq = 0
        self.revision = 0
        self.picture = b""  # the last figure, which names the settings it was drawn from
        self.runs = 0
        self.cached: dict[str, tuple[int, ForwardMsg]] = {}  # hash -> the run that last used it, message
        self.values = settings()

    async def load(self) -> Answer:
        """Open the page, as a browser does after its first connection."""
        return await self._run(BackMsg())

    async def update(self) -> Answer:
        """Report the next Memory of the drag and wait for the end of the run that it causes."""
        message = BackMsg()
        message.rerun_script.fragment_id = self.fragment
        widget = message.rerun_script.widget_states.widgets.add(id=self.controls)
        live = {
            "seq": self.seq + 1,
            "revision": self.revision,
            "values": next(self.values),
            "settled": False,
        }
        widget.json_value = json.dumps({"live": live})
        answer = await self._run(message)
        if answer.acknowledged != self.seq + 1 or not answer.pictures:
            raise RuntimeError(f"expected an answer to update {self.seq + 1} with a picture, got {answer}")
        self.seq += 1
        return answer

    async def _run(self, message: BackMsg) -> Answer:
        state = message.rerun_script
        state.query_string = QUERY
        state.page_name = PAGE
        state.cached_message_hashes.extend(self.cached)
        state.context_info.url = f"{self.origin}/{PAGE}?{QUERY}"
        state.context_info.locale = "en"
        start = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        pictures, acknowledged = 0, -1
        while True:
            answer = ForwardMsg.FromString(await self.socket.recv(decode=False))
            kind = answer.WhichOneof("type")
            if kind == "script_finished":
                break
            if kind == "ref_hash":  # the same message as one of the last runs
                answer = self.cached[answer.ref_hash][1]
                kind = answer.WhichOneof("type")
            if answer.metadata.cacheable:
                self.cached[answer.hash] = (self.runs, answer)
            if kind != "delta" or answer.delta.new_element.WhichOneof("type") != "bidi_component":
                continue
            component = answer.delta.new_element.bidi_component
            if FIGURE in component.component_name:
                pictures += 1
                self.picture = component.bytes
            if CONTROLS in component.component_name:
                data = json.loads(component.json)
                self.controls = component.id
                self.fragment = answer.delta.fragment_id
                self.revision, acknowledged = data["revision"], data["seq"]
        seconds = time.perf_counter() - start
        self.runs += 1
        self.cached = {name: kept for name, kept in self.cached.items() if kept[0] >= self.runs - CACHED_RUNS}
        return Answer(seconds, pictures, acknowledged)


async def opened(url: str) -> Session:
    """Return a session that has loaded the page. Raises RuntimeError if the page has no live_controls."""
    socket = await connect(
        url.replace("http:", "ws:") + "/_stcore/stream",
        origin=url,
        subprotocols=["streamlit"],
        max_size=None,
    )
    session = Session(socket, url)
    await session.load()
    if not session.controls:
        raise RuntimeError(f"{url}/{PAGE} has no {CONTROLS}")
    if not all(setting.encode() in session.picture for setting in QUERY.split("&")):
        raise RuntimeError(f"expected a picture of {QUERY}, got {session.picture[4:2000]!r}")
    for _ in range(WARM_UP):
        await session.update()
    return session


class Drag:
    """One visitor who drags Memory and gets live answers, without a run of the page's script."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.values = settings()
        self.has: dict = {}

    async def update(self) -> Answer:
        """Ask for the picture of the next Memory of the drag; what stands still is sent once, as to a browser."""
        question = {"page": PAGE, "query": QUERY, "values": next(self.values), "has": self.has}
        start = time.perf_counter()
        await self.socket.send(json.dumps(question))
        answer = await self.socket.recv(decode=False)
        seconds = time.perf_counter() - start
        header = json.loads(answer[4 : 4 + int.from_bytes(answer[:4], "little")])
        if [part["kind"] for part in header.get("parts", ())] != ["figure"]:
            raise RuntimeError(f"expected one picture, got {json.dumps(header)[:500]}")
        parts = {part["name"]: {"figure": part["body"]["signature"]} for part in header["parts"]}
        self.has = {"items": header["items"]["signature"], "parts": parts}
        return Answer(seconds, 1, 0)


async def dragging(url: str) -> Drag:
    """Return a visitor who is connected for live answers."""
    socket = await connect(url.replace("http:", "ws:") + "/live", origin=url, max_size=None)
    drag = Drag(socket)
    for _ in range(WARM_UP):
        await drag.update()
    return drag


WAYS = {"live answers": dragging, "script runs": opened}


async def share(opened: Callable, url: str, updates: int) -> list[float]:
    """Return the seconds of each of `updates` updates of one session."""
    session = await opened(url)
    times = [(await session.update()).seconds for _ in range(updates)]
    await session.socket.close()
    return times


async def crowd(opened: Callable, url: str, sessions: int, seconds: float) -> list[float]:
    """Return the pictures a second of each of `sessions` that drag at once."""
    visitors = await asyncio.gather(*(opened(url) for _ in range(sessions)))

    async def drag(session: Session | Drag) -> float:
        pictures, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds:
            await session.update()
            pictures += 1
        return pictures / (time.perf_counter() - start)

    rates = await asyncio.gather(*(drag(session) for session in visitors))
    await asyncio.gather(*(session.socket.close() for session in visitors))
    return rates


def resident(pid: int) -> float:
    """Return the resident memory of a process, megabytes."""
    with open(f"/proc/{pid}/status") as status:
        kilobytes = next(line.split()[1] for line in status if line.startswith("VmRSS"))
    return int(kilobytes) / 1024


async def growth(opened: Callable, server: processes.Server, first: int, last: int) -> tuple[float, float]:
    """Return the server's memory after `first` and after `last` updates of one session, megabytes."""
    session = await opened(server.url)
    for _ in range(first):
        await session.update()
    early = resident(server.pid)
    for _ in range(last - first):
        await session.update()
    late = resident(server.pid)
    await session.socket.close()
    return early, late


async def measure(server: processes.Server, options: argparse.Namespace) -> None:
    """Measure and print, one after the other."""
    for way, opened in WAYS.items():
        times = sorted(1000 * seconds for seconds in await share(opened, server.url, options.updates))
        p95 = times[int(0.95 * (len(times) - 1))]
        median = statistics.median(times)
        print(f"{way}: one update: median {median:.1f} ms, p95 {p95:.1f} ms, of {len(times)}")
        alone = sum(await crowd(opened, server.url, 1, options.seconds))
        print(f"{way}: one session: pictures a second: {alone:.1f}")
        rates = await crowd(opened, server.url, options.sessions, options.seconds)
        print(
            f"{way}: {len(rates)} sessions at once: pictures a second, each: min {min(rates):.1f}, "
            f"median {statistics.median(rates):.1f}, together {sum(rates):.0f}, of one session {sum(rates) / alone:.2f}"
        )
        if opened is dragging:
            what = f"{way}: of {len(rates)} readers in all, to one alone"
            print(wanted.at_least(what, sum(rates) / alone, 1))
        last = options.fill + options.long
        early, late = await growth(opened, server, options.fill, last)
        print(
            f"{way}: server's memory: {early:.1f} MB after {options.fill} updates, {late:.1f} MB after {last}"
        )
        what = f"{way}: growth over {options.long} updates, MB"
        print(wanted.at_most(what, late - early, 20, 1), flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--updates", type=int, default=200, help="updates of one session that are timed")
    parser.add_argument("--sessions", type=int, default=30, help="sessions that drag at once")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long they drag")
    parser.add_argument("--fill", type=int, default=1000, help="updates that fill what the server keeps")
    parser.add_argument("--long", type=int, default=2000, help="updates for the growth of memory")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    with processes.gatescope() as server:
        asyncio.run(measure(server, options))


if __name__ == "__main__":
    main()
