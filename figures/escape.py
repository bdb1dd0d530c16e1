"""Text in Plotly's figures is read as HTML of a small kind: this makes any text stand for itself."""

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def plain(text: str) -> str:
    """`text` so that Plotly shows it letter by letter: no tags, no entities, no `%{...}` of templates."""
    return text.translate(_ESCAPES).replace("%{", "%&#123;")
