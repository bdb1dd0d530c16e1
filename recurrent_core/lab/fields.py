"""Fields of settings: what each may hold, declared once beside it, and how what came from outside becomes its value.

A `Record` is a frozen dataclass whose fields are made by `choice`, `number`, `integer`, `switch`, `text`, `data`,
`clamps` and `edits`. Sliders, addresses and constructors all read a field's limits from there.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple, TypeVar

from recurrent_core.cell import Quantity
from recurrent_core.cells import CELLS
from recurrent_core.clamp import Clamp
from recurrent_core.lab import edits as editing
from recurrent_core.lab.edits import Edit
from recurrent_core.tables import MAX_CHARACTERS, InputError, Table, clean, parse_table

MAX_CLAMPS = 32
LARGEST = 10.0  # of a clamp, where a vector is unbounded: c may be held outside the range it is drawn in


class Field(NamedTuple):
    """What one field of a Record may hold."""

    short: str  # its name in an address
    kind: str  # "choice", "number", "integer", "switch", "text", "data", "clamps" or "edits"
    choices: tuple[str, ...] = ()
    low: float = 0
    high: float = 0  # of a text: its greatest length
    step: float = 1
    slider_high: float = (
        0  # where the slider ends on a page's first screen; `high` holds under "More settings"
    )
    optional: bool = False  # None is allowed
    within: str = ""  # "steps" of the input or "units" of the network: a value beyond the last means the last
    name: str = ""  # in its Record


D = TypeVar("D")  # the type of a field's default


def choice(default: str, short: str, choices: Iterable[str]) -> str:
    return _declared(default, Field(short, "choice", tuple(choices)))


def number(default: D, short: str, low: float, high: float, step: float = 0.1, optional: bool = False) -> D:
    return _declared(default, Field(short, "number", (), low, high, step, high, optional))


def integer(
    default: int, short: str, low: int, high: int, slider_high: int | None = None, within: str = ""
) -> int:
    return _declared(default, Field(short, "integer", (), low, high, 1, slider_high or high, within=within))


def switch(default: bool, short: str) -> bool:
    return _declared(default, Field(short, "switch"))


def text(default: str, short: str, high: int = MAX_CHARACTERS) -> str:
    return _declared(default, Field(short, "text", high=high))


def data(short: str) -> str:
    """Numbers as they were typed, or the name of a table that is kept elsewhere: "sha:" and its content's hash."""
    return _declared("", Field(short, "data", high=MAX_CHARACTERS))


def clamps(short: str) -> tuple[Clamp, ...]:
    return _declared((), Field(short, "clamps"))


def edits(short: str) -> tuple[Edit, ...]:
    return _declared((), Field(short, "edits"))


def _declared(default: D, declared: Field) -> D:
    return field(default=default, metadata={"field": declared})


class Version(NamedTuple):
    """What a link of one version takes for granted of one kind of record."""

    defaults: Mapping[str, Any]  # where they are others than those beside the fields
    presets: Mapping[str, Mapping[str, Any]]  # what each preset sets beyond the defaults


@dataclass(frozen=True)
class Record:
    """Settings that belong together, checked when they are made.

    Raises InputError, a ValueError, where a field does not hold what is declared beside it. Clamps and edits may be
    plain tuples; a clamp's value is clipped to the vector's range, an edit's as `edits.edit` says.
    """

    versions: ClassVar[Mapping[str, Version]] = {}

    def __post_init__(self) -> None:
        for declared in fields_of(type(self)).values():
            given = getattr(self, declared.name)
            value = coerce(declared, given)
            if value != given and declared.kind not in ("clamps", "edits"):
                message = "Expected {field} as {expected}, got {got}: change it."
                raise InputError(
                    "range", message, field=declared.name, expected=_expected(declared), got=excerpt(given)
                )
            object.__setattr__(self, declared.name, value)


R = TypeVar("R", bound=Record)


_FIELDS: dict[type[Record], dict[str, Field]] = {}


def fields_of(kind: type[Record]) -> dict[str, Field]:
    """The fields of a kind of record by name, in the order in which they are declared."""
    if kind not in _FIELDS:
        _FIELDS[kind] = {f.name: f.metadata["field"]._replace(name=f.name) for f in fields(kind)}
    return _FIELDS[kind]


def coerced(record: R, values: Mapping[str, object]) -> R:
    """The record with some fields changed to what `coerce` makes of `values`. Raises InputError as `coerce`."""
    known = fields_of(type(record))
    return with_checked(record, {name: coerce(known[name], value) for name, value in values.items()})


def with_checked(record: R, values: Mapping[str, Any]) -> R:
    """The record with some fields changed to values that `coerce` gave: nothing is checked a second time."""
    changed = object.__new__(type(record))
    vars(changed).update(vars(record), **values)
    return changed


def differing(record: Record, start: Record) -> tuple[str, ...]:
    """Names of the fields in which two records of a kind differ."""
    usual = vars(start)
    return tuple([name for name, value in vars(record).items() if value != usual[name]])


def coerce(declared: Field, value: object) -> Any:
    """What a slider, a text box or an address gave, as a field's value: numbers are clipped, text is cut.

    Raises:
        InputError: it cannot be read as the field's kind; the code is number, choice, switch, clamp,
            clamp_count, edit, edit_count, data_long or one of `parse_table`.
    """
    if declared.optional and value in (None, ""):
        return None
    return _COERCE[declared.kind](declared, value)


def in_range(declared: Field, value: float | str) -> bool:
    """Whether `coerce` leaves a number as it is; of other kinds always."""
    return declared.kind not in ("number", "integer") or declared.low <= float(value) <= declared.high


def clamped_range(quantity: Quantity) -> tuple[float, float]:
    """Lowest and highest value at which a vector may be held."""
    return (quantity.low, quantity.high) if quantity.bounded else (-LARGEST, LARGEST)


def not_a_choice(name: str, value: object, choices: Iterable[str]) -> InputError:
    message = "Expected {field} as one of {choices}, got {got}: choose one of them."
    return InputError("choice", message, field=name, choices=tuple(choices), got=excerpt(value))


def excerpt(value: object) -> str:
    """At most 40 printable characters of what came."""
    return clean(str(value)[:41])[:40]


@lru_cache(maxsize=16)
def parsed(typed: str) -> Table:
    """The numbers of a data field. Raises InputError as `parse_table`."""
    return parse_table(typed)


def _coerce_choice(declared: Field, value: Any) -> str:
    if value not in declared.choices:
        raise not_a_choice(declared.name, value, declared.choices)
    return str(value)


def _coerce_number(declared: Field, value: Any) -> float:
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        found = math.nan
    if not math.isfinite(found):
        message = "Expected {field} as {expected}, got {got}: enter a number."
        raise InputError(
            "number", message, field=declared.name, expected=_expected(declared), got=excerpt(value)
        )
    return min(max(found, declared.low), declared.high) + 0.0


def _coerce_integer(declared: Field, value: Any) -> int:
    return round(_coerce_number(declared, value))


def _coerce_switch(declared: Field, value: Any) -> bool:
    known = {"1": True, "0": False, "true": True, "false": False}.get(str(value).lower())
    if known is None:
        message = "Expected {field} as 1 (on) or 0 (off), got {got}: enter one of them."
        raise InputError("switch", message, field=declared.name, got=excerpt(value))
    return known


def _coerce_text(declared: Field, value: Any) -> str:
    return clean(str(value))[: int(declared.high)]


def _coerce_data(declared: Field, value: Any) -> str:
    limit = int(declared.high)
    data = clean(str(value), keep="\n\t").strip()
    if len(data) > limit:
        message = "Expected at most {limit} characters of numbers, got {count}: upload them as a file."
        raise InputError("data_long", message, limit=limit, count=len(data))
    if data and not re.fullmatch("sha:[0-9a-f]{8,64}", data):
        parsed(data)
    return data


def _coerce_clamps(declared: Field, value: Any) -> tuple[Clamp, ...]:
    given = [part.split(":") for part in value.split(",") if part] if isinstance(value, str) else value
    if not isinstance(given, list | tuple):
        raise _not_a_clamp(given)
    if len(given) > MAX_CLAMPS:
        message = "Expected at most {limit} clamps, got {count}: leave some out."
        raise InputError("clamp_count", message, limit=MAX_CLAMPS, count=len(given))
    return tuple(map(_coerce_clamp, given))


def _coerce_clamp(parts: Any) -> Clamp:
    """A clamp from (name, value, start, stop, unit), numbers or texts, the last three missing or empty."""
    try:
        vector, value, *rest = parts
        start, stop, unit = list(rest) + [None] * (3 - len(rest))
        low, high = _CLAMPED[vector]
        held = min(max(float(value), low), high) + 0.0
        if math.isnan(held):
            raise ValueError
        return Clamp(vector, held, _place(start, 500) or 0, _place(stop, 500), _place(unit, 127))
    except (TypeError, ValueError, KeyError, OverflowError):
        raise _not_a_clamp(parts) from None


def _coerce_edits(declared: Field, value: Any) -> tuple[Edit, ...]:
    """Edits from (name, value) pairs or a text of them, one a place (the last given), in the order of names."""
    given = [part.split(":") for part in value.split(",") if part] if isinstance(value, str) else value
    if not isinstance(given, list | tuple):
        raise _not_an_edit(given)
    if len(given) > editing.MAX_EDITS:
        message = "Expected at most {limit} edited numbers, got {count}: leave some out."
        raise InputError("edit_count", message, limit=editing.MAX_EDITS, count=len(given))
    found = map(_coerce_edit, given)
    return tuple(sorted({edit.name: edit for edit in found}.values()))


def _coerce_edit(pair: Any) -> Edit:
    try:
        name, value = pair
        return editing.edit(name, value)
    except (TypeError, ValueError, OverflowError):
        raise _not_an_edit(pair) from None


def _place(value: Any, high: int) -> int | None:
    return None if value in (None, "") else min(max(int(value), 0), high)


_COERCE = {
    "choice": _coerce_choice,
    "number": _coerce_number,
    "integer": _coerce_integer,
    "switch": _coerce_switch,
    "text": _coerce_text,
    "data": _coerce_data,
    "clamps": _coerce_clamps,
    "edits": _coerce_edits,
}
_CLAMPED = {quantity.name: clamped_range(quantity) for cell in CELLS.values() for quantity in cell.quantities}


def _not_a_clamp(value: Any) -> InputError:
    message = "Expected a clamp as vector:value:start:stop:unit, such as f:1:6, got {got}: correct it."
    return InputError("clamp", message, got=excerpt(value))


def _not_an_edit(value: Any) -> InputError:
    message = "Expected an edited number as place:value, such as liW00:0.65, got {got}: correct it."
    return InputError("edit", message, got=excerpt(value))


def _expected(declared: Field) -> str:
    if declared.kind in ("number", "integer"):
        return f"{declared.kind} from {declared.low:g} to {declared.high:g}"
    return f"text of at most {declared.high} characters" if declared.kind == "text" else declared.kind
