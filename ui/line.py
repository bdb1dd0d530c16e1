"""The line: what the server answers to one question of a browser, while something is being dragged.

The other end is ui/components/conversation/line.js.
"""

import json
import logging

from recurrent_core.container import pack
from ui.render import answer, render

LOG = logging.getLogger("gatescope")


def answered(question: str) -> bytes:
    """The packed reply to a question as JSON: {"page", "query" (the settings as in an address), "values" (by field)}.

    With "exact" squares come as numbers, else as a byte each. "has" is what the browser shows already, {"items",
    "parts": {name: {"figure", "narrow"}}}: the signatures of its controls and figures, which need not come again, and
    whether a figure's place is narrow. Without it an exact reply is whole.

    Two more fields are for pages that have no other way: "action" ({"name", "value"}, done after the values), and
    "settled", true where nothing is being dragged. Where the question has another form the reply is {"failed": True}.
    """
    try:
        asked = json.loads(question)
        exact, has = bool(asked.get("exact", False)), asked.get("has") or {}
        shown = dict(has.get("parts") or {})
        narrow = (
            None if exact and not has else {name: bool(part.get("narrow")) for name, part in shown.items()}
        )
        held = {name: part.get("figure") for name, part in shown.items()}
        query, values = str(asked.get("query", "")), dict(asked["values"])
        settled, action = asked.get("settled") is True, asked.get("action")
        done = (str(action["name"]), action.get("value")) if action else None
        reply = render(asked["page"], query, values, done, settled=settled, narrow=narrow)
        return pack(answer(reply, settled=settled, exact=exact, held=held, held_items=has.get("items")))
    except Exception:
        LOG.exception("no live answer")
        return pack({"failed": True})
