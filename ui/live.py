"""The short way while a control is being dragged: values in, pictures out, without a run of the page's script.

A script run costs four times what the core takes for a picture. So where `server.py` serves the app, live_controls
asks here until the control is let go, and then reports to Streamlit as ever: the session changes there alone. Where
`streamlit run` serves it, every value takes the long way.
"""

import json
import logging
from collections import OrderedDict
from collections.abc import Mapping
from urllib.parse import parse_qsl

from recurrent_core import InputError, Table
from recurrent_core.container import pack
from ui import controls
from ui.parts import message
from ui.session import Session
from ui.views import VIEWS
from ui.words import text

LOG = logging.getLogger("gatescope")
PATH = "live"
LONGEST = 100_000  # characters of a question
SESSIONS = 64  # whose uploaded tables are within reach

_served = False
_tables: OrderedDict[str, Mapping[str, Table]] = OrderedDict()


def serve() -> None:
    """Say that questions are answered: `address` gives the way from now on."""
    global _served
    _served = True


def address(here: Session) -> str | None:
    """Where the browser may ask, relative to the app; None where nobody answers."""
    if not _served:
        return None
    if here.tables:
        _tables[here.token] = here.tables
        _tables.move_to_end(here.token)
        while len(_tables) > SESSIONS:
            _tables.popitem(last=False)
    return PATH


def answer(question: str) -> bytes:
    """The packed controls and pictures of a page for settings and the values that are being dragged.

    `question` is JSON: {"page", "session", "query" (the settings as in an address), "values" (by field)}. The answer
    has "items" for live_controls, "parts", and "notices" where the values cannot be drawn; or "failed" alone, where the
    long way has to be taken.
    """
    try:
        return pack(_answer(json.loads(question)))
    except Exception:
        LOG.exception("no live answer")
        return pack({"failed": True})


def _answer(asked: dict) -> dict:
    view = VIEWS[asked["page"]]
    tables = dict(_tables.get(str(asked.get("session")), {}))
    here = Session(settled=False, tables=tables, page=asked["page"])
    here.read(dict(parse_qsl(str(asked.get("query", "")), keep_blank_values=True)))
    t = text.text(here.lang)
    here.notices = []
    notices: tuple[str, ...] = ()
    parts = []
    try:
        here.set(asked["values"])
        parts = view.parts(here, t)
    except InputError as error:
        notices = controls.notices(t, here, error)
    return {
        "items": list(view.panel(here, t)),
        "parts": [message(part, here.query, settled=False) for part in parts],
        "notices": notices,
    }
