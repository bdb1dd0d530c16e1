"""The words of the interface: the same keys and fields in every language, and a text for all there is."""

import ast
import re
import string
from pathlib import Path

import pytest

from recurrent_core import CELLS, PRESETS
from recurrent_core.lab.signals import NOTEBOOK_CHANNELS
from ui.parts import Part, Words, message
from ui.settings import FIELDS
from ui.words.sentences import Row
from ui.words.text import LANGUAGES, joined, language, text

ROOT = Path(__file__).parents[3]
ENGLISH, KOREAN = text("en").words, text("ko").words
SEPARATORS = ("numbers.separator", "numbers.clauses")
languages = pytest.mark.parametrize("words", [ENGLISH, KOREAN], ids=["en", "ko"])


def places(word: str) -> set[str]:
    """Names of the fields of a template."""
    return {name for _, name, _, _ in string.Formatter().parse(word) if name is not None}


def raised() -> dict[str, set[str]]:
    """Codes of InputError and Notice in the core's source, with the values that come along each time."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "recurrent_core").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(call, ast.Call) or getattr(call.func, "id", "") not in ("InputError", "Notice"):
                continue
            if not isinstance(call.args[0], ast.Constant):
                continue
            given = {keyword.arg for keyword in call.keywords if keyword.arg}
            for argument in call.args[1:]:
                keys = argument.keys if isinstance(argument, ast.Dict) else []
                given |= {key.value for key in keys if isinstance(key, ast.Constant)}
            code = call.args[0].value
            found[code] = found[code] & given if code in found else given
    return found


def used() -> set[tuple[str, str]]:
    """Keys in the interface's code, as patterns with their file: t("gates.unit"), t(f"rows.{key}")."""
    sources = [*ROOT.glob("ui/**/*.py"), *ROOT.glob("ui/**/*.js"), *ROOT.glob("pages/*.py"), ROOT / "app.py"]
    asked = re.compile(r"""\b(?:t\(f?|words\[)["'`]([\w.{}\[\]' ()$]+?)["'`][]),]""")
    return {
        (r"[\w.]+".join(map(re.escape, re.split(r"\$?\{.*?\}", key))), path.name)
        for path in sources
        if path.name != "text.py"
        for key in asked.findall(path.read_text("utf-8"))
    }


def named() -> set[str]:
    """Patterns of all that the sources could name: texts and f-strings with a dot, each f-string's field free."""
    found = set()
    for path in [
        *ROOT.glob("ui/**/*.py"),
        *ROOT.glob("pages/*.py"),
        *ROOT.glob("recurrent_core/**/*.py"),
        ROOT / "app.py",
    ]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(re.escape(node.value))
            elif isinstance(node, ast.JoinedStr):
                found.add("".join(map(_pattern, node.values)))
            elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "under":
                (key,) = node.args
                parts = key.values if isinstance(key, ast.JoinedStr) else [key]
                found.add("".join(map(_pattern, parts)) + r"\.[\w.]+")
    for path in ROOT.glob("ui/**/*.js"):
        for key in re.findall(r"""["'`]([\w.]+(?:\$\{[^}]*\}[\w.]*)*)["'`]""", path.read_text("utf-8")):
            found.add(r"[\w.]+".join(map(re.escape, re.split(r"\$\{[^}]*\}", key))))
    # A key's first part is free only in one like f"{name}.y", whose rest is not.
    return {pattern for pattern in found if re.match(r"\w+\\\.|\[\\w\.\]\+\\\.\w+$", pattern)}


def _pattern(part: ast.expr) -> str:
    return re.escape(part.value) if isinstance(part, ast.Constant) else r"[\w.]+"


def test_every_key_is_named_in_the_code():
    patterns = re.compile("|".join(sorted(named())))
    assert patterns.fullmatch("gates.unit") and not patterns.fullmatch("a11y.navigation")
    assert [key for key in ENGLISH if not patterns.fullmatch(key)] == []


def test_both_languages_have_the_same_keys():
    assert ENGLISH.keys() == KOREAN.keys()


def test_both_languages_have_the_same_fields():
    assert {key: places(word) for key, word in ENGLISH.items()} == {
        key: places(word) for key, word in KOREAN.items()
    }


@languages
def test_no_text_is_empty_or_has_space_at_its_ends(words):
    assert [
        key
        for key, word in words.items()
        if not word.strip() or (word != word.strip() and key not in SEPARATORS)
    ] == []


@languages
def test_every_field_and_choice_has_its_words(words):
    for name, settings in FIELDS.items():
        assert words[f"fields.{name}.label"] and words[f"fields.{name}.help"]
        for choice in settings.choices:
            assert words[f"choices.{name}.{choice or 'none'}"]
    assert words["fields.preset.label"]


@languages
def test_every_preset_has_its_words(words):
    for name in PRESETS:
        for part in ("label", "look", "notes"):
            assert words[f"presets.{name}.{part}"]
        assert len(words[f"presets.{name}.look"]) <= 160


@languages
def test_every_vector_has_its_words(words):
    for cell in CELLS.values():
        for letter in cell.Vectors._fields:
            assert words[f"vectors.{cell.name}.{letter}.name"].endswith(letter)
            assert words[f"vectors.{cell.name}.{letter}.short"].endswith(letter)
            assert words[f"vectors.{cell.name}.{letter}.one"]
            assert places(words[f"rows.{cell.name}.{letter}"]) <= {"mean", "size", "change"}


def test_english_vectors_are_called_as_in_the_core():
    for cell in CELLS.values():
        for letter, label, *_ in cell.quantities:
            assert ENGLISH[f"vectors.{cell.name}.{letter}.name"] == f"{label} {letter}"


@languages
def test_every_channel_of_our_own_has_a_name(words):
    for name in ("pulse", "step", "sine", "noise", *NOTEBOOK_CHANNELS):
        assert words[f"channels.{name}"]


@languages
def test_every_error_and_notice_has_a_sentence_made_of_what_comes_with_it(words):
    codes = raised()
    assert {"range", "text_cut", "table_number", "clipped", "clamp"} <= codes.keys()
    for code, given in codes.items():
        assert places(words[f"errors.{code}"]) <= given, code


@languages
def test_every_key_in_the_code_exists(words):
    patterns = used()
    assert len(patterns) > 40
    missing = {
        (pattern, file) for pattern, file in patterns if not any(re.fullmatch(pattern, key) for key in words)
    }
    assert missing == set()


def test_english_avoids_the_two_words_that_mislead():
    for key, word in ENGLISH.items():
        plain = re.sub(r"\{.*?\}", "", word)
        assert not re.search(r"\bgains?\b", plain, re.I), key
        assert not re.search(r"\bcells?\b(?! states?\b)", plain, re.I), key


def test_korean_is_korean():
    same_in_both = re.compile(
        r"(app\.name|choices\.(network|compare|source|of|optimiser)\..*|numbers\..*|heatmap\.signed_.*|.*\.value(_absolute)?|curves\.times|gates\.network|rows\.channel|clamp\.all|conventions\.theirs)$"
    )
    for key, word in KOREAN.items():
        if not same_in_both.match(key):
            assert re.search("[가-힣]", word), key


def test_korean_sentences_are_polite():
    for key, word in KOREAN.items():
        for sentence in re.findall(r"[^.?!:]*[가-힣]다(?=\.)", re.sub("“.*?”", "", word)):
            assert sentence.endswith("니다"), (key, sentence)


def test_no_particle_stands_behind_a_number_that_may_end_in_any_sound():
    """ "0.8를" reads wrongly: behind a field stands a unit, a noun or a particle that fits all."""
    for key, word in KOREAN.items():
        assert not re.search(r"\}(은|는|이|가|을|를|과|와|으로|로)(?=[\s.,]|$)", word), key


def test_a_text_fills_its_fields():
    assert text("en")("rows.channel", name="pulse", value="1") == "pulse 1"
    assert text("ko")("numbers.steps", count=14) == "14시점"


def test_a_missing_key_or_field_is_an_error():
    with pytest.raises(KeyError):
        text("en")("gates.nothing")
    with pytest.raises(KeyError):
        text("en")("numbers.steps")
    with pytest.raises(KeyError):
        text("fr")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("keeps 95.3 % per step", "keeps 95.3_% per step"),
        ("about × 3.50 over 50 steps", "about ×_3.50 over 50 steps"),
        ("3 × 10⁻¹⁵ is left", "3_×_10⁻¹⁵ is left"),
        ("1 in 75,000, t = 6", "1 in 75,000, t = 6"),
    ],
)
def test_no_lines_end_tears_a_number_apart(word, expected):
    expected = expected.replace("_", "\u00a0")
    words = Words(word, (Row("#000", "f", word),), word, (word,))
    sent = message(Part("figure", "gates", {"data": [], "layout": {}}, words=words), "", settled=True)[
        "words"
    ]
    assert joined(word) == sent["sentence"] == sent["note"] == expected
    assert sent["rows"][0]["text"] == sent["notices"][0] == expected


def test_what_a_reader_typed_is_not_taken_for_a_template():
    assert text("en")("rows.channel", name="{value}", value="{0}") == "{value} {0}"


def test_words_under_a_key():
    assert text("en").under("choices.axis").keys() == {"relative", "absolute"}


def test_the_empty_choice_has_a_word():
    assert text("en").choice("compare", "") == "none"


@pytest.mark.parametrize(
    ("wanted", "lang"),
    [("ko-KR", "ko"), ("KO_kr", "ko"), ("en-GB", "en"), ("fr", "en"), ("", "en"), (None, "en")],
)
def test_the_browser_says_which_language(wanted, lang):
    assert language(wanted) == lang and lang in LANGUAGES
