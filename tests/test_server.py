"""What the server answers on routes of its own, asked without a network."""

import asyncio
import gzip
import json
import re
import threading
from typing import NamedTuple

import pytest
from starlette.websockets import WebSocketDisconnect

import server
from recurrent_core.container import pack, unpack
from ui.components import assets
from ui.render import answer, render
from ui.shell import served


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


def get(path: str, encoding: str = "gzip", root: str = "", query: str = "", language: str = "en") -> Answer:
    """What the ASGI app answers under a path `root` of the server."""
    sent = []

    requests = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive():
        return next(requests, None) or await asyncio.Event().wait()  # the client stays and says nothing

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": root + path, "raw_path": (root + path).encode(), "root_path": root, "query_string": query.encode(),
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
        "headers": [(b"host", b"127.0.0.1"), (b"accept-encoding", encoding.encode()),
                    (b"accept-language", language.encode())],
    }  # fmt: skip
    asyncio.run(server.app(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], headers, b"".join(part.get("body", b"") for part in sent[1:]))


@pytest.mark.parametrize("root", ["", "/teaching/gatescope"])
@pytest.mark.parametrize("path", ["/", "/gates", "/gradients"])
def test_each_page_says_where_the_server_is(path, root):
    answer = get(path, encoding="identity", root=root)
    page = answer.body.decode()
    assert answer.status == 200 and answer.headers["cache-control"] == "no-cache"
    assert "window.__streamlit" in page.split("<title>")[0]
    addresses = re.findall(r'(?:href|src)="\./(app/static/[^"]+)"', page)
    assert len(addresses) > 3
    assert {get(f"/{address}", root=root).status for address in addresses} == {200}


def test_plotly_comes_compressed_and_is_kept():
    path = f"/app/static/{assets.plotly_name()}"
    answer, plain = get(path), get(path, encoding="identity")
    assert answer.headers["content-encoding"] == "gzip" and "immutable" in answer.headers["cache-control"]
    assert gzip.decompress(answer.body) == plain.body == assets.PLOTLY.read_bytes()
    assert "content-encoding" not in plain.headers
    assert "javascript" in answer.headers["content-type"] and "javascript" in plain.headers["content-type"]


@pytest.mark.parametrize("path", ["/app/static/../app.py", "/app/static/none.js", "/app/static/"])
def test_nothing_else_is_published(path):
    assert get(path).status in (400, 404)


def test_a_question_gets_what_the_page_shows():
    question = {"page": "gates", "query": "lang=en&v=1", "values": {"memory": 1.0}}
    asked = "gates", "lang=en&v=1", {"memory": 1.0}, False
    whole = answer(render(*asked), settled=False)
    assert server.answered(json.dumps(question | {"exact": True})) == pack(whole)
    quick = answer(render(*asked, narrow={}), settled=False, exact=False)
    assert server.answered(json.dumps(question)) == pack(quick)
    figure, items = whole["parts"][0]["compact"]["signature"], whole["items"]["signature"]
    has = {"items": items, "parts": {"gates": {"figure": figure, "narrow": True}, "none": {}}}
    rest = answer(
        render(*asked, narrow={"gates": True}),
        settled=False,
        exact=False,
        held={"gates": figure},
        held_items=items,
    )
    assert rest["items"]["still"] is None and rest["parts"][0]["body"]["still"] is None
    assert server.answered(json.dumps(question | {"has": has})) == pack(rest)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"page":"none","values":{}}',
        '{"page":"gates","values":[1]}',
        '{"page":["gates"]}',
        '{"page":"gates","values":{},"has":[1]}',
        '{"page":"gates","values":{},"has":{"parts":{"gates":1}}}',
    ],
)
def test_a_question_of_another_form_fails_and_says_so(question, caplog):
    assert unpack(server.answered(question)) == {"failed": True}
    assert "no live answer" in caplog.text


def test_a_question_may_hold_an_action_and_say_that_things_have_settled():
    preset = ("preset", "remember")
    question = {"page": "gates", "query": "lang=en&v=1", "values": {}, "settled": True, "exact": True}
    asked = json.dumps(question | {"action": {"name": preset[0], "value": preset[1]}})
    reply = render("gates", "lang=en&v=1", {}, preset)
    assert reply.query.startswith("preset=remember")
    assert server.answered(asked) == pack(answer(reply, settled=True))
    unknown = json.dumps(question | {"action": {"name": "sing"}})
    assert server.answered(unknown) == pack(answer(render("gates", "lang=en&v=1"), settled=True))


@pytest.mark.parametrize("root", ["", "/teaching/gatescope"])
def test_a_page_to_embed_is_closed_to_all_but_its_own_server(root):
    answer = get("/embed/gates", encoding="identity", root=root, query="m=1&lang=en")
    assert answer.status == 200 and answer.headers["content-type"].startswith("text/html")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer" and "x-frame-options" not in answer.headers
    page = answer.body.decode()
    for address in re.findall(r'(?:href|src)="\.\./(app/static/[^"]+)"', page):
        assert get(f"/{address}", root=root).status == 200
    picture, asked = re.search(r'<img src="\./([^?"]+)\?([^"]+)"', page).groups()
    still = get(f"/embed/{picture}", encoding="identity", root=root, query=asked.replace("&amp;", "&"))
    assert still.status == 200 and still.headers["content-type"] == "image/svg+xml"
    assert "script" not in still.headers["content-security-policy"] and still.body.startswith(b"<svg")


@pytest.mark.parametrize("path", ["/embed/proof", "/embed/", "/embed/a/b/c", "/embed/%3Cscript%3E"])
def test_where_there_is_no_page_to_embed_a_sentence_says_so(path):
    answer = get(path, encoding="identity", language="ko-KR,ko;q=0.9")
    assert answer.status == 404 and "다음 페이지를" in answer.body.decode()
    assert b"script" not in answer.body and "content-security-policy" in answer.headers
    assert get("/embed/gates/none.svg").status == get("/embed/proof/gates.svg").status == 404


def handshake(origin: str | None) -> dict:
    """What the live socket answers first to a page of `origin`."""
    sent = []
    requests = iter([{"type": "websocket.connect"}, {"type": "websocket.disconnect", "code": 1000}])

    async def receive():
        return next(requests)

    async def send(message):
        sent.append(message)

    scope = {
        "type": "websocket", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "ws", "path": "/live",
        "raw_path": b"/live", "root_path": "", "query_string": b"", "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80), "subprotocols": [],
        "headers": [(b"host", b"gatescope.example.org"), *([(b"origin", origin.encode())] if origin else [])],
    }  # fmt: skip
    asyncio.run(server.app(scope, receive, send))
    return sent[0]


@pytest.mark.parametrize("origin", [None, "https://gatescope.example.org", "http://gatescope.example.org"])
def test_pages_of_this_server_may_use_the_socket(origin):
    assert handshake(origin)["type"] == "websocket.accept"


@pytest.mark.parametrize(
    "origin",
    ["https://elsewhere.org", "null", "https://gatescope.example.org.evil.org", "gatescope.example.org"],
)
def test_pages_of_others_may_not(origin):
    refused = handshake(origin)
    assert (refused["type"], refused["code"]) == ("websocket.close", 1008) and "its own server" in refused[
        "reason"
    ]


class Reader:
    """The server's end of a reader's socket, who asks `count` questions, each when the last is answered."""

    def __init__(self, name: int, count: int):
        self.questions = iter([str(name)] * count)
        self.answers: list[bytes] = []
        self.headers: dict[str, str] = {}

    async def accept(self):
        pass

    async def receive_text(self) -> str:
        question = next(self.questions, None)
        if question is None:
            raise WebSocketDisconnect
        return question

    async def send_bytes(self, answer: bytes):
        self.answers.append(answer)


def test_readers_take_turns_and_one_is_answered_at_a_time(monkeypatch):
    order, answering = [], threading.Semaphore()

    def answered(question: str) -> bytes:
        assert answering.acquire(blocking=False)
        order.append(int(question))
        answering.release()
        return question.encode()

    async def all_at_once():
        await asyncio.gather(*map(server.live, readers))

    monkeypatch.setattr(server, "answered", answered)
    readers = [Reader(name, 3) for name in range(5)]
    asyncio.run(all_at_once())
    assert order == [*range(5)] * 3
    assert [reader.answers for reader in readers] == [[b"%d" % name] * 3 for name in range(5)]


def test_there_is_an_address_where_somebody_answers(monkeypatch):
    monkeypatch.setattr(served, "_answered", False)
    assert served.live() is None
    served.app(server.ROOT / "app.py", [])
    assert served.live() == served.LIVE
