"""Somebody who visits the app, and what goes wrong meanwhile."""

import re
from urllib.parse import urlsplit

from person import FIGURE, travel
from servers import Server


class Visitor:
    """Somebody with a browser context; what goes wrong there and where it asks is noted until the end."""

    def __init__(self, context, server: Server):
        self.context, self.server = context, server
        self.errors: list[str] = []
        self.asked: list[str] = []
        self.tolerated: list[str] = []
        self.own = [
            "",
            f"127.0.0.1:{server.port}",
        ]  # hosts that may be asked; data: and blob: addresses have none
        self.listeners = {
            "request": lambda request: self.asked.append(request.url),
            "weberror": lambda error: self.errors.append(f"page error: {error.error}"),
            "console": self._console,
            "page": self._page,
        }
        for event, listener in self.listeners.items():
            context.on(event, listener)

    def _page(self, page) -> None:
        page.on("websocket", lambda socket: self.asked.append(socket.url))
        page.on("dialog", self._dialog)

    def _dialog(self, dialog) -> None:
        self.errors.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _console(self, message) -> None:
        if message.type == "error":
            self.errors.append(f"console: {message.text} {message.location.get('url', '')}")

    def tolerate(self, pattern: str) -> None:
        """Errors in which `pattern` is found are no reason to fail."""
        self.tolerated.append(pattern)

    def open(self, path: str = "/", picture: bool = True, stay: bool = False):
        """A new page at `path`, with its picture; with `stay` the one that is there goes to `path`."""
        if stay and self.context.pages:
            page = self.context.pages[0]
            page.visitor = self
            travel(page, path)
            return page
        page = self.context.new_page()
        page.visitor = self
        page.goto(self.server.address + path)
        if picture:
            page.wait_for_selector(f'{FIGURE}:not([data-drawn="0"])')
        return page

    def leave(self, stay: bool = False) -> None:
        """Close all pages, with `stay` all but the first."""
        for page in self.context.pages[1 if stay else 0 :]:
            page.close()
        for event, listener in self.listeners.items():
            self.context.remove_listener(event, listener)

    def check(self) -> None:
        """No error, and no request to a host of others."""
        assert [url for url in self.asked if urlsplit(url).netloc not in self.own] == []
        errors = [e for e in self.errors if not any(re.search(known, e) for known in self.tolerated)]
        assert errors == []
