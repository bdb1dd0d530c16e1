"""live_controls: all controls of a page in one component, which report while they are dragged."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from ui.components.assets import loader

KEY = "live_controls"
_mount = st.components.v2.component(KEY, js=loader("live_controls.js"), isolate_styles=False)
_mount_wake = st.components.v2.component("wake", js=loader("wake.js"), isolate_styles=False)


def live_controls(items: Sequence[dict], *, on_change: Callable[[], None], **data: Any) -> None:
    """Show `items` (see ui.controls) and report what is moved.

    The report arrives in `st.session_state[KEY]["live"]` before `on_change` is called. `data` are

    - page, session: the page's name, and what tells this session from one after a restart of the server
    - seq: the number of the last report that was taken; acted: that of the last action; revision: rises with every
      value the server sets by itself
    - state: the settings as they stand in an address; settled: False while a control is being dragged, when the
      address bar is left alone
    - live: the address, relative to the app, that answers while a control is being dragged, or None (see ui.live)
    - lang and lecture: for the document; keys: actions by keyboard key; offline: what to say while no answer comes
    """
    _mount(key=KEY, data=data | {"items": list(items)}, on_live_change=on_change)


def wake() -> None:
    """Let the controls ask for a run of the whole page, should their reports find no answer. Not in a fragment."""
    _mount_wake(key="wake", on_again_change=lambda: None)


def report() -> dict:
    """What the browser has reported last."""
    state = st.session_state.get(KEY) or {}
    return state.get("live") or {}
