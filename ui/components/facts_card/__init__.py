"""facts_card: equations, a table, lines of code, which follow the controls as a picture does."""

from typing import Any, NamedTuple

import streamlit as st

from recurrent_core.container import pack
from ui.components.assets import loader

_mount = st.components.v2.component("facts_card", js=loader("facts_card.js"), isolate_styles=False)


class Lines(NamedTuple):
    """Equations, one a line; "_" begins a subscript, which ends with the word."""

    title: str
    lines: tuple[str, ...]
    note: str = ""


class Pairs(NamedTuple):
    """Names, each with what is said of it."""

    title: str
    pairs: tuple[tuple[str, str], ...]


class Arrays(NamedTuple):
    """A table, rows below a head; the last one is the sum."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Code(NamedTuple):
    """Lines of Python, with a sentence below."""

    title: str
    code: str
    note: str = ""


class Card(NamedTuple):
    name: str
    sections: tuple[Lines | Pairs | Arrays | Code, ...]


def message(card: Card) -> dict[str, Any]:
    """What the browser gets for a card: texts alone, which it never reads as HTML."""
    sections = [{"kind": type(section).__name__.lower()} | section._asdict() for section in card.sections]
    return {"name": card.name, "sections": sections}


def facts_card(sent: dict[str, Any]) -> None:
    """Show a message, under its name."""
    _mount(key=sent["name"], data=pack(sent))
