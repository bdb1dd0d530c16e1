"""training_job: buttons, progress and messages of a reader's training, and the heartbeat that keeps it going."""

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from ui.components.assets import loader

KEY = "training_job"
_mount = st.components.v2.component(KEY, js=loader("training_job.js"), isolate_styles=False)


class Button(NamedTuple):
    """`name` is reported as the action; `main` is the one to press next."""

    name: str
    label: str
    main: bool = False
    disabled: bool = False


class Link(NamedTuple):
    label: str
    href: str


class Job(NamedTuple):
    """What is shown of a training.

    `share` of its updates is done (0 to 1), None where there is nothing to show. `beat` is the time between two
    heartbeats in milliseconds, 0 for none. `links` lead to other pages, under `links_label`.
    """

    state: str
    status: str
    buttons: tuple[Button, ...]
    share: float | None = None
    detail: str = ""
    notices: tuple[str, ...] = ()
    links_label: str = ""
    links: tuple[Link, ...] = ()
    label: str = ""
    beat: int = 0


def training_job(job: Job, *, owner: str, seq: int, stage: int, on_change: Callable[[], None]) -> None:
    """Show a training. Reports arrive in `report()` before `on_change` is called.

    `owner` is the token of this reader, which the browser keeps over a reload: it reports the one that it has.
    `seq` is the number of the last report that was taken. `stage` rises when the controls and pictures around it have
    something new to show.
    """
    data = job._asdict() | {
        "buttons": [button._asdict() for button in job.buttons],
        "links": [link._asdict() for link in job.links],
        "owner": owner,
        "seq": seq,
        "stage": stage,
    }
    _mount(key=KEY, data=data, on_live_change=on_change)


def report() -> dict:
    """What the browser has reported last: {seq, owner, action: {seq, name} or None}."""
    state = st.session_state.get(KEY) or {}
    return state.get("live") or {}
