"""A copy of the app with more networks: what somebody has who followed docs/adding_a_cell.md.

The minimal gated unit comes as the document says: its file, its name in the tuple, and its texts (new_cell/mgu.*.toml).
Cells that are here already, but are no networks of the pages, are named with the network whose texts they borrow.
"""

import re
import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEXTS = Path(__file__).parent / "new_cell"
DOCUMENT = ROOT / "docs" / "adding_a_cell.md"
LEFT_OUT = shutil.ignore_patterns(
    ".*", "tests", "benchmarks", "docs", "scripts", "static", "node_modules", "__pycache__", "*.md"
)


def plant(target: Path, borrowed: Mapping[str, str] | None = None) -> Path:
    """Make the copy in `target`, a folder that is not there yet; `borrowed` as {"gru_after": "gru"}."""
    shutil.copytree(ROOT, target, ignore=LEFT_OUT)
    shutil.copytree(ROOT / ".streamlit", target / ".streamlit")
    (source,) = DOCUMENT.read_text("utf-8").split("```python\n")[1:]
    (target / "recurrent_core" / "cells" / "mgu.py").write_text(source.split("```")[0], "utf-8")
    table = target / "recurrent_core" / "cells" / "__init__.py"
    before, after = table.read_text("utf-8").split("(RNN, LSTM, GRU)", 1)
    names = ", ".join(name.upper() for name in ("rnn", "lstm", "gru", "mgu", *(borrowed or ())))
    last = "from recurrent_core.cells.rnn import RNN\n"
    imported = before.replace(last, f"from recurrent_core.cells.mgu import MGU\n{last}")
    table.write_text(f"{imported}({names}){after}", "utf-8")
    for path in (target / "texts").glob("*.toml"):
        own = tomllib.loads((TEXTS / f"mgu.{path.name}").read_text("utf-8"))
        text = _with(path.read_text("utf-8"), _tables(own))
        for name, lender in (borrowed or {}).items():
            text = _with(text, _borrowed(_tables(tomllib.loads(text)), name, lender))
        path.write_text(text, "utf-8")
    return target


def _tables(words: Mapping, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], dict[str, str]]:
    """The words of a TOML file by table."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for key, value in words.items():
        if isinstance(value, Mapping):
            found |= _tables(value, (*path, key))
        else:
            found.setdefault(path, {})[key] = value
    return found


def _with(text: str, tables: Mapping[tuple[str, ...], Mapping[str, str]]) -> str:
    """A TOML text with more words in its tables, which stand below the tables' heads, or with new tables."""
    for path, words in tables.items():
        head = f"[{'.'.join(path)}]\n"
        lines = "".join(f"{key} = {value!r}\n" for key, value in words.items() if "'" not in value)
        lines += "".join(f'{key} = """{value}"""\n' for key, value in words.items() if "'" in value)
        text = text.replace(head, head + lines, 1) if head in text else f"{text}\n{head}{lines}"
    return text


def _borrowed(tables: Mapping, name: str, lender: str) -> dict[tuple[str, ...], dict[str, str]]:
    """The words of one network under another's name."""

    def renamed(key: str) -> str:
        return re.sub(rf"(?<![a-z]){lender}(?![a-z])", name, key)

    found: dict[tuple[str, ...], dict[str, str]] = {}
    for path, words in tables.items():
        if path[0] in ("facts", "glossary", "proof") or path == ("choices", "of"):
            continue
        whole = tuple(map(renamed, path))
        for key, value in words.items():
            if whole != path or (
                renamed(key) != key and not re.search(rf"{lender}_(after|before|peephole)", key)
            ):
                found.setdefault(whole, {})[renamed(key)] = value
    return found
