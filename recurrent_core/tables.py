"""Numbers and texts from outside: what a person typed or uploaded, parsed, or refused in one sentence.

It is untrusted: what cannot be used raises `InputError`, with what was expected, what came and what to do.
"""

import csv
import math
import re
import unicodedata
from typing import NamedTuple

import numpy as np

MAX_BYTES = 1_000_000  # of a table as text
MAX_ROWS = 500
MAX_COLUMNS = 32
MAX_NAME = 40
MAX_CHARACTERS = 500


class InputError(ValueError):
    """A setting or upload that cannot be used.

    `code` is stable and `values` holds the numbers and words of the sentence, so that it can be said in
    another language; the English sentence is the exception's message.
    """

    def __init__(self, code: str, message: str, **values: object) -> None:
        super().__init__(message.format(**values))
        self.code = code
        self.values = values


class Table(NamedTuple):
    """Numbers from outside: finite values (row, column), a name per column, perhaps a label per row."""

    values: np.ndarray
    names: tuple[str, ...]
    ticks: tuple[str, ...] | None = None

    def __repr__(self) -> str:
        return f"Table({len(self.values)} rows x {len(self.names)} columns)"


class Letters(NamedTuple):
    """A text as inputs: one step per character, one channel per distinct character in order of first appearance."""

    inputs: np.ndarray  # (time, input), one-hot, float64
    channels: tuple[str, ...]
    ticks: tuple[str, ...]  # the character of each step


def parse_table(pasted: str) -> Table:
    """Numbers that somebody pasted or uploaded, as a table.

    One row per step, columns separated by comma, semicolon (then a comma may be the decimal sign), tab or
    white space. A first row that is not numbers names the columns; a first column that is not numbers labels
    the rows (dates, say). A single row without names is read as one column.

    Raises:
        InputError: no numbers, more than MAX_BYTES, 500 rows or 32 columns, rows of different length, a cell that
        is not a finite number. What is too large is refused before it is taken apart.
    """
    _bounded(pasted)
    rows = _rows(pasted)
    labelled = len(rows[0]) > 1 and all(_number(row[0]) is None for row in rows[1:] or rows)
    named = any(_number(cell) is None for cell in rows[0][labelled:])
    given = [_name(cell) for cell in rows[0][labelled:]] if named else []
    body = rows[named:]
    if not body:
        raise InputError(
            "table_empty", "Expected rows of numbers, got only names: add a row of numbers below them."
        )
    if len(body) == 1 and not named and not labelled:
        body = [[cell] for cell in body[0]]
    if len(body) > MAX_ROWS:
        raise _too_many_rows(len(body))
    columns = len(body[0]) - labelled
    if columns > MAX_COLUMNS:
        message = "Expected at most {limit} columns, got {count}: leave some out."
        raise InputError("table_columns", message, limit=MAX_COLUMNS, count=columns)
    values = [[_finite(cell, row, column) for column, cell in enumerate(cells[labelled:], 1)]
              for row, cells in enumerate(body, 1 + named)]  # fmt: skip
    names = tuple(name or f"x{place}" for place, name in enumerate(given or [""] * columns, 1))
    return Table(np.array(values), names, tuple(_name(cells[0]) for cells in body) if labelled else None)


def _bounded(pasted: str) -> None:
    """Raise InputError for a text that is too long to be looked at, or has too many rows."""
    if len(pasted) > MAX_BYTES or len(pasted.encode(errors="replace")) > MAX_BYTES:
        message = "Expected numbers of at most {limit} MB, got more: leave out rows or columns."
        raise InputError("table_large", message, limit=f"{MAX_BYTES / 1e6:g}")
    if pasted.count("\n") + pasted.count("\r") > MAX_ROWS:
        count = sum(1 for _ in _LINE.finditer(pasted))
        if count > MAX_ROWS + 1:
            raise _too_many_rows(count)


_LINE = re.compile(r"\S[^\r\n]*")  # that is not blank


def _too_many_rows(count: int) -> InputError:
    message = "Expected at most {limit} rows, got {count}: leave some out."
    return InputError("table_rows", message, limit=MAX_ROWS, count=count)


def _rows(pasted: str) -> list[list[str]]:
    """The text's cells, all rows of one length, without empty rows and empty last columns."""
    cleaned = clean(pasted.removeprefix("\ufeff"), keep="\n\t")
    lines = [line for line in cleaned.split("\n") if line.strip()]
    separator = next((sign for sign in ";\t," if sign in cleaned), None)
    try:
        rows = (
            [line.split() for line in lines]
            if separator is None
            else list(csv.reader(lines, delimiter=separator))
        )
    except csv.Error as error:
        message = (
            "Expected rows of numbers, got text that is not CSV: put commas between numbers, a line per row."
        )
        raise InputError("table_format", message) from error
    rows = [[cell.strip() for cell in row] for row in rows]
    if separator == ";":
        rows = [[cell.replace(",", ".") if _number(cell) is None else cell for cell in row] for row in rows]
    while rows and all(row and not row[-1] for row in rows):
        rows = [row[:-1] for row in rows]
    rows = [row for row in rows if row]
    if not rows:
        raise InputError(
            "table_empty", "Expected rows of numbers, got none: paste numbers, one row per step."
        )
    for place, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            message = "Expected {expected} cells in every row, got {count} in row {row}: fill or shorten it."
            raise InputError("table_ragged", message, expected=len(rows[0]), count=len(row), row=place)
    return rows


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _finite(cell: str, row: int, column: int) -> float:
    value = _number(cell)
    if value is None or not math.isfinite(value):
        message = "Expected a finite number in row {row}, column {column}, got '{cell}': correct it."
        raise InputError("table_number", message, row=row, column=column, cell=_name(cell))
    return value


def _name(cell: str) -> str:
    return clean(cell)[:MAX_NAME].strip()


def clean(typed: str, keep: str = "") -> str:
    """Typed text made safe: NFC, white space as spaces, no control characters, no surrogates.

    Characters in `keep` stay as they are ("\\n\\t" for tables).
    """
    lines = typed.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines.translate({ord(c): _safe(c) for c in {*lines} - {*keep}}))


def _safe(c: str) -> str:
    if c.isspace():
        return " "
    return "" if unicodedata.category(c) in ("Cc", "Cs") else c


def standardise(values: np.ndarray) -> np.ndarray:
    """(x - mean) / sd per column, population sd; a constant column becomes 0. Never overflows."""
    largest = np.abs(values).max(axis=0)
    scaled = values / np.where(largest > 0, largest, 1.0)
    centred = scaled - scaled.mean(axis=0)
    sd = centred.std(axis=0)
    varies = sd > 1e-13
    return np.where(varies, centred / np.where(varies, sd, 1.0), 0.0)


def one_hot(typed: str) -> Letters:
    """A text that somebody typed, character by character.

    Any script: the text is normalised (NFC, so a Korean syllable is one character) and marks, joiners and
    modifiers stay with the character before them.

    Raises:
        InputError: nothing to read, or more than 500 characters.
    """
    cleaned = clean(typed)
    if not cleaned:
        message = "Expected a text of 1 to {limit} characters, got none: type one."
        raise InputError("text_empty", message, limit=MAX_CHARACTERS)
    if len(cleaned) > MAX_CHARACTERS:
        message = "Expected at most {limit} characters, got {count}: shorten the text."
        raise InputError("text_long", message, limit=MAX_CHARACTERS, count=len(cleaned))
    ticks = characters(cleaned)
    channels = tuple(dict.fromkeys(ticks))
    index = {channel: place for place, channel in enumerate(channels)}
    inputs = np.zeros((len(ticks), len(channels)))
    inputs[np.arange(len(ticks)), [index[tick] for tick in ticks]] = 1.0
    return Letters(inputs, channels, ticks)


def characters(cleaned: str) -> tuple[str, ...]:
    """The text's characters as a reader counts them: marks, joiners and modifiers belong to the one before.

    A short form of the extended grapheme clusters of Unicode's Annex 29, which is enough for one-hot inputs.
    """
    out: list[str] = []
    for c in cleaned:
        if out and _joins(out[-1], c):
            out[-1] += c
        else:
            out.append(c)
    return tuple(out)


def _joins(before: str, c: str) -> bool:
    joiner = "\u200d"
    modifier = "\U0001f3fb" <= c <= "\U0001f3ff" or "\U000e0020" <= c <= "\U000e007f"
    flag = _is_flag_letter(c) and _is_flag_letter(before) and len(before) == 1
    return (
        c == joiner
        or before[-1] == joiner
        or unicodedata.category(c) in ("Mn", "Mc", "Me")
        or modifier
        or flag
    )


def _is_flag_letter(c: str) -> bool:
    return "\U0001f1e6" <= c[0] <= "\U0001f1ff"
