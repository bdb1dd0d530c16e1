"""Text in Plotly's figures is read as HTML of a small kind: this makes any text stand for itself."""

import re

_NO_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, Char
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def plain(text: str) -> str:
    """`text` so that Plotly shows it letter by letter: no tags, no entities, no `%{...}` of templates."""
    return text.translate(_ESCAPES).replace("%{", "%&#123;")


def legible(text: str) -> str:
    """`text` with a replacement for each character that no page and no SVG may hold, escaped or not."""
    return _NO_CHARACTER.sub("\ufffd", text)
