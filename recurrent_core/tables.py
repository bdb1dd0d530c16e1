"""Numbers and texts from outside: what a person typed or uploaded, parsed, or refused in one sentence.

It is untrusted: what cannot be used raises `InputError`, with what was expected, what came and what to do.
"""

import csv
import math
import unicodedata
from typing import NamedTuple

import numpy as np

MAX_ROWS = 500
MAX_COLUMNS = 32
MAX_NAME = 40


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


def parse_table(pasted: str) -> Table:
    """Numbers that somebody pasted or uploaded, as a table.

    One row per step, columns separated by comma, semicolon (then a comma may be the decimal sign), tab or
    white space. A first row that is not numbers names the columns; a first column that is not numbers labels
    the rows (dates, say). A single row without names is read as one column.

    Raises:
        InputError: no numbers, more than 500 rows or 32 columns, rows of different length, a cell that is not
        a finite number.
    """
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
        message = "Expected at most {limit} rows, got {count}: leave some out."
        raise InputError("table_rows", message, limit=MAX_ROWS, count=len(body))
    columns = len(body[0]) - labelled
    if columns > MAX_COLUMNS:
        message = "Expected at most {limit} columns, got {count}: leave some out."
        raise InputError("table_columns", message, limit=MAX_COLUMNS, count=columns)
    values = [[_finite(cell, row, column) for column, cell in enumerate(cells[labelled:], 1)]
              for row, cells in enumerate(body, 1 + named)]  # fmt: skip
    names = tuple(name or f"x{place}" for place, name in enumerate(given or [""] * columns, 1))
    return Table(np.array(values), names, tuple(_name(cells[0]) for cells in body) if labelled else None)


def _rows(pasted: str) -> list[list[str]]:
    """The text's cells, all rows of one length, without empty rows and empty last columns."""
    cleaned = clean(pasted.removeprefix("\ufeff"), keep="\n\t")
    lines = [line for line in cleaned.split("\n") if line.strip()]
    if len(lines) > MAX_ROWS + 1:
        message = "Expected at most {limit} rows, got {count}: leave some out."
        raise InputError("table_rows", message, limit=MAX_ROWS, count=len(lines))
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
    spaced = (
        " " if c.isspace() and c not in keep else c for c in typed.replace("\r\n", "\n").replace("\r", "\n")
    )
    safe = "".join(c for c in spaced if c in keep or unicodedata.category(c) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", safe)


def standardise(values: np.ndarray) -> np.ndarray:
    """(x - mean) / sd per column, population sd; a constant column becomes 0. Never overflows."""
    largest = np.abs(values).max(axis=0)
    scaled = values / np.where(largest > 0, largest, 1.0)
    centred = scaled - scaled.mean(axis=0)
    sd = centred.std(axis=0)
    varies = sd > 1e-13
    return np.where(varies, centred / np.where(varies, sd, 1.0), 0.0)
