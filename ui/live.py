"""The short way while a control is being dragged: values in, pictures out, without a run of the page's script.

A script run costs four times what the core takes for a picture. So where `server.py` serves the app, live_controls
asks here until the control is let go, and then reports to Streamlit as ever: the session changes there alone. Where
`streamlit run` serves it, every value takes the long way.
"""

import json
import logging

from recurrent_core import InputError
from recurrent_core.container import pack
from ui import controls
from ui.changes import changed
from ui.parts import message
from ui.settings import opened
from ui.views import VIEWS
from ui.words import text

LOG = logging.getLogger("gatescope")
PATH = "live"
LONGEST = 100_000  # characters of a question

_served = False


def serve() -> None:
    """Say that questions are answered: `address` gives the way from now on."""
    global _served
    _served = True


def address() -> str | None:
    """Where the browser may ask, relative to the app; None where nobody answers."""
    return PATH if _served else None


def answer(question: str) -> bytes:
    """The packed controls and pictures of a page for settings and the values that are being dragged.

    `question` is JSON: {"page", "query" (the settings as in an address), "values" (by field)}. The answer
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
    here = opened(str(asked.get("query", "")), asked["page"])._replace(settled=False, notices=())
    here, t = changed(here, asked["values"]), text.text(here.lang)
    notices: tuple[str, ...] = ()
    parts = []
    try:
        for refused in here.notices:
            if isinstance(refused, InputError):
                raise refused
        parts = view.parts(here, t)
    except InputError as error:
        notices = controls.notices(t, here, error)
    return {
        "items": list(view.panel(here, t)),
        "parts": [message(part, here.query, settled=False) for part in parts],
        "notices": notices,
    }
