"""Addresses: the only place where settings are read from the text of a query and written as one.

    preset=noise&net=gru&m=2&lang=en&v=1

holds a preset, what differs from it, and the version of the presets and defaults that it takes for granted; no `v`
means the present one. Whatever stands in it, something is read: fields fall back one by one to what the preset says.
What is written is of the present version.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from recurrent_core.lab import presets
from recurrent_core.lab.fields import (
    Field,
    Record,
    coerce,
    differing,
    excerpt,
    fields_of,
    in_range,
    not_a_choice,
    with_checked,
)
from recurrent_core.lab.presets import start
from recurrent_core.tables import InputError, clean


class Notice(NamedTuple):
    """What an address held that could not be taken as it was: a stable code and the values of its sentence.

    text_cut {limit, count}; clipped {field, got, value}; version {got}; otherwise the code of an InputError
    with its values, after which the field holds what its preset says.
    """

    code: str
    values: dict[str, Any]


class Read(NamedTuple):
    """What stood in an address."""

    preset: str  # a present one, from which the records may differ
    records: tuple[Any, ...]  # one of each kind that was asked for, in that order
    notices: tuple[Notice, ...]
    others: dict[str, str]  # texts under keys that belong to no field, such as the language


def read(query: str, *kinds: type[Record]) -> Read:
    """Records of some kinds from a query, with or without its question mark.

    Of several values under one key the last counts. Keys that belong to nobody are left alone.
    """
    given = parse(query)
    version = given.pop("v", presets.VERSION)
    preset = given.pop("preset", presets.DEFAULT)
    notices = []
    known = presets.names(version if version in presets.VERSIONS else presets.VERSION)
    if preset not in known:
        notices.append(_notice("preset", not_a_choice("preset", preset, known)))
        preset = presets.DEFAULT
    if version not in presets.VERSIONS:
        notices.append(Notice("version", {"got": excerpt(version)}))
        version = presets.VERSION
    records = []
    for kind in kinds:
        values: dict[str, Any] = {}
        for declared in fields_of(kind).values():
            if declared.short in given:
                notices += _take(values, declared, given.pop(declared.short))
        record = start(kind, preset, version)
        records.append(with_checked(record, values) if values else record)
    if preset not in presets.names():
        preset = presets.DEFAULT
    return Read(preset, tuple(records), tuple(notices), given)


def _take(values: dict[str, Any], declared: Field, given: str) -> list[Notice]:
    """Put the value of a field among `values`, if there is one; what had to be changed about it."""
    try:
        value = values[declared.name] = coerce(declared, given)
    except InputError as error:
        return [_notice(declared.name, error)]
    if declared.kind == "text" and (count := len(clean(given))) > declared.high:
        return [Notice("text_cut", {"limit": declared.high, "count": count})]
    if value is not None and not in_range(declared, given):
        return [Notice("clipped", {"field": declared.name, "got": excerpt(given), "value": value})]
    return []


def _notice(name: str, error: InputError) -> Notice:
    return Notice(error.code, {"field": name, **error.values})


def write(preset: str, *records: Record, named: bool = False, **others: str) -> str:
    """The query of some records, without its question mark: the preset, what differs from it, `others`, the version.

    The default preset goes without saying unless `named`.
    """
    query = {"preset": preset} if named or preset != presets.DEFAULT else {}
    for record in records:
        kind = type(record)
        for name in differing(record, start(kind, preset)):
            query[fields_of(kind)[name].short] = as_text(getattr(record, name))
    return join((query | others | {"v": presets.VERSION}).items())


def parse(query: str) -> dict[str, str]:
    """The texts of a query by key."""
    return dict(parse_qsl(query.removeprefix("?"), keep_blank_values=True))


def join(texts: Iterable[tuple[str, str]]) -> str:
    """Pairs of key and text as a query, which `parse` takes apart. Half a character becomes a question mark."""
    return "&".join([_pair(key, text) for key, text in texts])


@lru_cache(maxsize=1024)
def _pair(key: str, text: str) -> str:
    return urlencode([(key, text)], safe=":,", errors="replace")


def as_text(value: object) -> str:
    """The value of a field as it stands in an address."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, tuple):
        return ",".join(":".join(as_text(part) for part in one).rstrip(":") for one in value)
    return str(value)
