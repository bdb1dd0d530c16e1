"""The words of the interface, by language: `texts/<language>.toml`, looked up by dotted key."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

TEXTS = Path(__file__).parents[2] / "texts"
LANGUAGES = {"en": "English", "ko": "한국어"}
JOINED = re.compile(r"(?<=\d) (?=[%×])|(?<=×) (?=[\d.])")  # within "95.3 %", "× 3.50" and "3 × 10⁻¹⁵"


class Text(NamedTuple):
    """All words of one language: t("gates.title"), t("gates.rest", count=3).

    Raises KeyError for a key or a field that is not there.
    """

    lang: str
    words: Mapping[str, str]

    def __call__(self, key: str, /, **values: Any) -> str:
        return self.words[key].format_map(values)

    def under(self, prefix: str) -> dict[str, str]:
        """The words below a key, by the rest of theirs: t.under("choices.axis") -> {"relative": ..., ...}."""
        return dict(_under(self.lang, prefix))

    def choice(self, field: str, value: str) -> str:
        """The word for one of a field's choices; the empty choice is called none."""
        return self(f"choices.{field}.{value or 'none'}")

    def join(self, parts: list[str]) -> str:
        """Parts of an enumeration, separated as the language does."""
        return self("numbers.separator").join(parts)


@cache
def text(lang: str) -> Text:
    """The words of a language of LANGUAGES. Raises KeyError for another one."""
    if lang not in LANGUAGES:
        raise KeyError(lang)
    return Text(lang, dict(_flat(tomllib.loads((TEXTS / f"{lang}.toml").read_text("utf-8")))))


@cache
def _under(lang: str, prefix: str) -> Mapping[str, str]:
    start = prefix + "."
    return {key.removeprefix(start): word for key, word in text(lang).words.items() if key.startswith(start)}


def joined(word: str) -> str:
    """A text whose numbers no line's end tears apart: no-break spaces before a percent sign and around a times."""
    return JOINED.sub("\u00a0", word)


def glossary(lang: str) -> list[dict[str, Any]]:
    """The terms of a language by their names: {id, term, other (in the other language), forms, text}.

    A form is how a term may stand in a sentence. Raises KeyError for a language that we do not have.
    """
    t = text(lang)
    others = text(next(code for code in LANGUAGES if code != lang))
    ids = dict.fromkeys(key.split(".")[0] for key in t.under("glossary.terms"))
    terms = [
        {
            "id": name,
            "term": t(f"glossary.terms.{name}.term"),
            "other": others(f"glossary.terms.{name}.term"),
            "forms": t(f"glossary.terms.{name}.forms").split("; "),
            "text": t(f"glossary.terms.{name}.text"),
        }
        for name in ids
    ]
    return sorted(terms, key=lambda term: term["term"].casefold())


def language(wanted: str | None) -> str:
    """The language for what a browser or an address asks for, such as "ko-KR"; English where we have none."""
    lang = (wanted or "").lower().replace("_", "-").split("-")[0]
    return lang if lang in LANGUAGES else "en"


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value
