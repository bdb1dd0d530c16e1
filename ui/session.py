"""One reader's state and the numbers of the conversation with the browser, by which old news is told from new.

The session is the truth. The address is read at a session's first run and whenever the browser comes with one that
we have not written ourselves (Back, a typed link); the browser writes it when a slider is released.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ui import changes
from ui.settings import State, opened
from ui.words.text import LANGUAGES


@dataclass
class Session:
    """What one reader looks at. seq, acted and revision belong to the conversation with live_controls (its script)."""

    state: State = field(default_factory=State)
    token: str = field(
        default_factory=lambda: secrets.token_hex(8)
    )  # of this session: after a restart another
    seq: int = 0
    acted: int = 0
    revision: int = 0
    known: tuple[str, ...] = ()  # addresses that are already in `state`

    @property
    def query(self) -> str:
        """The address of exactly this state, without the question mark."""
        return self.state.query

    def read(self, query: str) -> None:
        """Take the state of an address, whatever stands in it."""
        self.state = opened(query, self.state.page, self.state.lang)
        self.revision += 1

    def come(self, page: str, query: str, *, named: bool) -> None:
        """Come to a page with the address that the browser shows; `named` where it names a preset."""
        if query and query not in self.known and query != self.query:
            self.read(query)
        if not named:
            before = self.state
            self.state = changes.arrived(before, page)
            self.revision += self.state.preset != before.preset
        self.state = self.state._replace(page=page, settled=True)
        self.known = (query,)

    def speak(self, lang: str) -> None:
        """Change the language of the interface; one that we do not have changes nothing."""
        if lang in LANGUAGES:
            self.known = (*self.known, self.query)  # the browser still shows this one
            self.state = self.state._replace(lang=lang)
            self.revision += 1

    def receive(self, report: Mapping[str, Any]) -> None:
        """Take what live_controls reports. Values of an older revision are left out: a preset has replaced them.
        A report to another session, which was lost with its server, is none to this one.

        A report that finds no answer in time comes again, under another number; its action keeps its own, and is
        done once. An "address" comes from a browser that knows more than this session, which is new after a restart.
        """
        seq, values, action = report.get("seq"), report.get("values"), report.get("action")
        if not isinstance(seq, int) or seq <= self.seq or report.get("session", self.token) != self.token:
            return
        self.seq = seq
        current = report.get("revision") == self.revision
        if current and isinstance(report.get("address"), str):
            # Nothing new to the browser, whose newer values still hold: the revision stays.
            self.state = opened(report["address"], self.state.page, self.state.lang)
        self.state = self.state._replace(settled=bool(report.get("settled", True)))
        if isinstance(values, dict) and current:
            self.state = changes.changed(self.state, values)
        if isinstance(action, dict) and self._is_new(action.get("number")):
            self._act(str(action.get("name")), action.get("value"))

    def _act(self, name: str, value: Any) -> None:
        self.state = changes.acted(self.state, name, value)
        self.revision += name in changes.ACTIONS and not self.state.notices

    def _is_new(self, number: Any) -> bool:
        if not isinstance(number, int) or number <= self.acted:
            return False
        self.acted = number
        return True
