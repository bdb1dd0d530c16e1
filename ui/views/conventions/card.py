"""Cards: equations, a table and lines of code beside the picture, as texts that the browser never reads as HTML."""

from typing import NamedTuple

from ui.parts import Part


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


def card(name: str, *sections: Lines | Pairs | Arrays | Code) -> Part:
    """A card of some sections, one below the other."""
    body = [{"kind": type(section).__name__.lower()} | section._asdict() for section in sections]
    return Part("card", name, {"sections": body})
