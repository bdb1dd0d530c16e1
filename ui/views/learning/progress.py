"""What is shown of a reader's training: buttons, progress and messages, among the controls (see training_job.js)."""

from typing import NamedTuple

SLOT = "training_job"  # the place among the controls


class Button(NamedTuple):
    """`name` is reported as the action; `main` is the one to press next."""

    name: str
    label: str
    main: bool = False
    disabled: bool = False


class Link(NamedTuple):
    label: str
    href: str


class Progress(NamedTuple):
    """How a training goes.

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
