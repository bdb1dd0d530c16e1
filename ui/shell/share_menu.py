"""share_menu: in the header, the language, the link with its QR code, and all that can be downloaded."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from recurrent_core.container import pack
from ui.shell import components

_KEY = "share_menu"
_ANSWERED = "share_menu_answered"


@st.fragment
def share_menu(
    words: Mapping[str, str],
    respond: Callable[[dict[str, Any]], dict[str, Any]],
    *,
    title: str,
    lang: str,
    languages: Mapping[str, str],
    recordings: bool = True,
    embed: str = "",
) -> None:
    """Show the menu in the language `lang` of `languages` (code: name in that language).

    `words` are those under share and download, and app.language, by their full keys; `title` is the page's
    question, which heads slides. Without `recordings` the menu offers pictures alone. `embed` names the page where
    others can hold it in theirs (see ui.embed.page).

    The browser asks one thing at a time, {"seq", "want", ...}, and `respond` answers each once:

    - {"want": "language", "value": code}: keep the language; the whole app runs again after it
    - {"want": "link", "link": ...} and {"want": "npz" | "csv" | "png" | "slide" | "html", "link": ...}:
      what `ui.exports.answer` gives, or {"error": a sentence}

    An exception in `respond` goes to the log, and the menu says that it failed.
    """
    request = (st.session_state.get(_KEY) or {}).get("ask") or {}
    seq = request.get("seq", 0)
    answer = None
    if request and seq != st.session_state.get(_ANSWERED):
        try:
            answer = respond(request)
        except Exception:
            logging.getLogger(__name__).exception("no answer to %r", request.get("want"))
            answer = {"error": words["share.failed" if request.get("want") == "link" else "download.failed"]}
        if request.get("want") == "language":
            st.session_state[_ANSWERED] = seq
            st.rerun()
    message = {
        "words": dict(words),
        "title": title,
        "lang": lang,
        "languages": list(languages.items()),
        "recordings": recordings,
        "embed": embed,
        "seq": seq,
        "answer": answer,
    }
    components.share_menu(key=_KEY, data=pack(message), on_ask_change=_nothing)
    st.session_state[_ANSWERED] = seq  # only now: a run that was overtaken has answered nothing


def _nothing() -> None:
    """The answer is given where the menu is drawn."""
