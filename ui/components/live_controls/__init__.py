"""live_controls: all controls of a page in one component, which report while they are dragged."""

from collections.abc import Callable, Sequence

import streamlit as st

from ui.assets import loader

KEY = "live_controls"
_mount = st.components.v2.component(KEY, js=loader("live_controls.js"), isolate_styles=False)


def live_controls(
    items: Sequence[dict],
    *,
    session: str,
    seq: int,
    revision: int,
    query: str | None,
    lang: str,
    keys: dict[str, dict],
    offline: str,
    on_change: Callable[[], None],
) -> None:
    """Show `items` (see ui.controls) and report what is moved.

    `session` tells this session from one after a restart of the server. `seq` is the number of the last report
    that was taken, `revision` rises with every value that the server sets by itself. `query` goes into the address
    bar, and is None while a slider is dragged. `keys` are actions by keyboard key;
    `offline` is what the browser says while no answer comes.
    The report arrives in `st.session_state[KEY]["live"]` before `on_change` is called.
    """
    data = {
        "items": list(items),
        "session": session,
        "seq": seq,
        "revision": revision,
        "query": query,
        "lang": lang,
        "keys": keys,
        "offline": offline,
    }
    _mount(key=KEY, data=data, on_live_change=on_change)


def report() -> dict:
    """What the browser has reported last."""
    state = st.session_state.get(KEY) or {}
    return state.get("live") or {}
