"""The browser's modules as Streamlit components: every one that a page mounts."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from recurrent_core.container import pack
from ui.components.assets import loader
from ui.views.learning.progress import SLOT, Progress

CONTROLS = "live_controls"


def _declared(name: str) -> Callable[..., Any]:
    return st.components.v2.component(name, js=loader(f"{name}.js"), isolate_styles=False)


_part, _controls, _wake, _training = map(_declared, ("part", CONTROLS, "wake", "training_job"))
share_menu = _declared("share_menu")


def part(message: dict[str, Any]) -> None:
    """Show a part (see `ui.parts.message`), under its name."""
    _part(key=message["name"], data=pack(message))


def live_controls(items: Sequence[dict] | None, *, on_change: Callable[[], None], **data: Any) -> None:
    """Show `items` (see ui.controls), or leave those that stand there, and report what is moved.

    The report is in `controls_report()` before `on_change` is called. `data` are

    - page, session: the page's name, and what tells this session from one after a restart of the server
    - seq: the number of the last report that was taken; acted: that of the last action; revision: rises with every
      value the server sets by itself
    - state: the settings as they stand in an address; settled: False while a control is being dragged, when the
      address bar is left alone
    - live: the address, relative to the app, that answers while a control is being dragged, or None
    - lang and lecture: for the document; keys: actions by keyboard key; offline: what to say while no answer comes
    """
    _controls(
        key=CONTROLS, data=data | {"items": items if items is None else list(items)}, on_live_change=on_change
    )


def controls_report() -> dict:
    """What the controls have reported last."""
    return (st.session_state.get(CONTROLS) or {}).get("live") or {}


def wake() -> None:
    """Let the controls ask for a run of the whole page, should their reports find no answer. Not in a fragment."""
    _wake(key="wake", on_again_change=lambda: None)


def training_job(
    shown: Progress,
    *,
    owner: str,
    seq: int,
    stage: int,
    fresh: dict[str, Any] | None,
    on_change: Callable[[], None],
) -> None:
    """Show a training. The report is in `training_report()` before `on_change` is called.

    `owner` is the token of this reader, which the browser keeps over a reload: it reports the one that it has.
    `seq` is the number of the last report that was taken. `stage` rises when the controls and parts around it have
    something new to show, which is in `fresh` until it is shown: see `ui.render.answer`, with the "seq" of the last
    report of the controls that is in it.
    """
    data = shown._asdict() | {
        "buttons": [button._asdict() for button in shown.buttons],
        "links": [link._asdict() for link in shown.links],
        "owner": owner,
        "seq": seq,
        "stage": stage,
        "fresh": fresh,
    }
    _training(key=SLOT, data=pack(data), on_live_change=on_change)


def training_report() -> dict:
    """What the browser has reported of the training: {seq, owner, stage, action: {seq, name} or None}."""
    return (st.session_state.get(SLOT) or {}).get("live") or {}
