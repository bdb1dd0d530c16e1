"""Input sequences and the untrusted text that some of them come from."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recurrent_core import InputError, parse_table, tables
from recurrent_core.lab import signals
from recurrent_core.tables import Table, clean, standardise


def test_pulses_are_one_where_asked_and_clipped_to_the_end():
    assert np.flatnonzero(signals.pulses(60, (5, 35)).inputs[:, 0]).tolist() == [5, 35]
    assert np.flatnonzero(signals.pulses(20, (499,)).inputs[:, 0]).tolist() == [19]
    assert signals.pulses(60, (5,)).inputs.sum() == 1


def test_count_pulses_every_period():
    assert np.flatnonzero(signals.count(60, 5, 5).inputs[:, 0]).tolist() == list(range(5, 60, 5))


def test_step_and_sine():
    assert signals.step(60, 5).inputs[:, 0].tolist() == [0.0] * 5 + [1.0] * 55
    wave = signals.sine(40, 20).inputs[:, 0]
    assert wave[0] == 0 and wave[5] == 1
    np.testing.assert_allclose(wave[:20], wave[20:], atol=1e-14)


def test_a_longer_noise_begins_with_the_shorter_one():
    short, long = (signals.noise(steps, np.random.default_rng(3), 2.0).inputs for steps in (20, 5000))
    assert np.array_equal(short, long[:20])
    assert long.std() == pytest.approx(2.0, rel=0.05)


def test_notebook_commands_come_when_they_should():
    signal = signals.notebook(60, np.random.default_rng(0), 0.3)
    assert signal.channels == ("value", "write", "read", "erase")
    assert [np.flatnonzero(signal.inputs[:, k]).tolist() for k in (1, 2, 3)] == [[8], [30, 50], [40]]
    assert signal.inputs[[8, 20], 0].tolist() == [1.0, -1.0]
    assert signals.notebook(20, np.random.default_rng(0)).inputs.shape == (20, 4)


@pytest.mark.parametrize(
    ("typed", "characters"),
    [
        ("abca", ("a", "b", "c", "a")),
        ("나는 나", ("나", "는", " ", "나")),
        ("\u1112\u1161\u11ab", ("한",)),  # decomposed Hangul
        ("e\u0301e", ("é", "e")),
        ("x\u0323y", ("x\u0323", "y")),
        ("👩‍👩‍👧👍🏽🇰🇷🇩🇪", ("👩‍👩‍👧", "👍🏽", "🇰🇷", "🇩🇪")),
        ("a\x00\ud800b\n", ("a", "b", " ")),
        ("<img src=x>", tuple("<img src=x>")),
    ],
)
def test_text_becomes_one_hot_characters(typed, characters):
    signal = signals.text(typed)
    assert signal.ticks == characters
    assert signal.channels == tuple(dict.fromkeys(characters))
    assert np.array_equal(signal.inputs.sum(axis=1), np.ones(len(characters)))
    assert tuple(signal.channels[k] for k in signal.inputs.argmax(axis=1)) == characters


@given(st.text(st.characters(), max_size=60))
def test_any_text_is_one_hot_or_refused(typed):
    try:
        signal = signals.text(typed)
    except InputError as error:
        assert error.code == "text_empty" and not clean(typed)
    else:
        "".join(signal.ticks).encode()  # no surrogate is left
        assert "".join(signal.ticks) == clean(typed)
        assert np.array_equal(signal.inputs.sum(axis=1), np.ones(len(signal.ticks)))


def test_cleaning_twice_is_cleaning_once_also_after_a_cut():
    @given(st.text(st.characters(), max_size=30), st.integers(0, 30))
    def check(typed, cut):
        once = clean(typed)[:cut]
        assert clean(once) == once

    check()


def test_long_text_is_refused():
    with pytest.raises(InputError, match="at most 500 characters, got 501: shorten") as caught:
        signals.text("x" * 501)
    assert (caught.value.code, caught.value.values) == ("text_long", {"limit": 500, "count": 501})


@pytest.mark.parametrize(
    ("pasted", "values", "names", "ticks"),
    [
        ("1, 2, 3", [[1], [2], [3]], ("x1",), None),
        ("1\n2\n3\n", [[1], [2], [3]], ("x1",), None),
        ("1 2\n3 4", [[1, 2], [3, 4]], ("x1", "x2"), None),
        ("a,b\r\n1,2\r\n\r\n3,4\r\n", [[1, 2], [3, 4]], ("a", "b"), None),
        ("\ufeffa;b\n1,5;2\n3;4,25", [[1.5, 2], [3, 4.25]], ("a", "b"), None),
        ("1\t-2e3\n.5\t4", [[1, -2000], [0.5, 4]], ("x1", "x2"), None),
        ("1,2,\n3,4,", [[1, 2], [3, 4]], ("x1", "x2"), None),
        ("date,가격\n2018-01-01,7\n2018-01-08,9", [[7], [9]], ("가격",), ("2018-01-01", "2018-01-08")),
        ('"a, b",c\n1,2', [[1, 2]], ("a, b", "c"), None),
        ("price\n7\n8", [[7], [8]], ("price",), None),
        ("a,\n1,2", [[1, 2]], ("a", "x2"), None),
    ],
)
def test_tables_are_read_as_people_write_them(pasted, values, names, ticks):
    table = parse_table(pasted)
    assert table.values.tolist() == values
    assert (table.names, table.ticks) == (names, ticks)


@pytest.mark.parametrize(
    ("pasted", "code"),
    [
        ("", "table_empty"),
        (" \n,,\n", "table_empty"),
        ("a,b", "table_empty"),
        ("1,2\n3", "table_ragged"),
        ("1,2\n3,x", "table_number"),
        ("1,2\n3,nan", "table_number"),
        ("1\n1e999", "table_number"),
        ("1,2\n3,", "table_number"),
        ("1\n" * 501, "table_rows"),
        ("1 " * 501, "table_rows"),
        ("x\n" + "1\n" * 501, "table_rows"),
        (",".join(["1"] * 33) + "\n" + ",".join(["2"] * 33), "table_columns"),
        ('a,"' + "x" * 200_000 + "\n1,2", "table_format"),
        ("1" * 1_000_001, "table_large"),
        ("가" * 400_000, "table_large"),
    ],
)
def test_bad_tables_are_refused_in_one_sentence(pasted, code):
    with pytest.raises(InputError) as caught:
        parse_table(pasted)
    assert caught.value.code == code
    sentence = str(caught.value)
    assert sentence.startswith("Expected ") and ", got " in sentence and ": " in sentence
    assert sentence.endswith(".") and len(sentence) < 160


def test_the_largest_table_is_read():
    assert parse_table("\n".join([",".join(["1.5"] * 32)] * 500)).values.shape == (500, 32)


@pytest.mark.parametrize("pasted", ["1\n" * 400_000, "1\r" * 502, "1," * 600_000, "\n".join("1" * 600)])
def test_what_is_too_large_is_refused_before_it_is_taken_apart(pasted, monkeypatch):
    monkeypatch.setattr(tables, "_rows", lambda pasted: pytest.fail("taken apart"))
    with pytest.raises(InputError) as caught:
        parse_table(pasted)
    assert caught.value.code in ("table_large", "table_rows")


def test_blank_lines_are_no_rows():
    assert parse_table("\n \n\r\n".join(["1"] * 500)).values.shape == (500, 1)


def test_an_error_quotes_what_came_and_where():
    with pytest.raises(InputError, match=r"row 3, column 2, got '\{x\}'"):
        parse_table("a,b\n1,2\n3,{x}")


@settings(max_examples=200)
@given(st.text(st.characters(), max_size=60) | st.text("0123456789.,;-+e \t\n\"'ax", max_size=60))
def test_any_pasted_text_is_a_finite_table_or_refused(pasted):
    try:
        table = parse_table(pasted)
    except InputError as error:
        assert error.code.startswith("table_")
    else:
        assert np.isfinite(table.values).all() and table.values.ndim == 2
        assert table.values.shape[1] == len(table.names)
        assert table.ticks is None or len(table.ticks) == len(table.values)


def test_table_columns_are_standardised_unless_refused():
    table = Table(np.array([[700.0, 5.0], [900.0, 5.0], [800.0, 5.0]]), ("price", "constant"))
    signal = signals.from_table(table)
    np.testing.assert_allclose(signal.inputs[:, 0], [-np.sqrt(1.5), np.sqrt(1.5), 0], atol=1e-12)
    assert not signal.inputs[:, 1].any()
    assert np.array_equal(signals.from_table(table, standardised=False).inputs, table.values)
    assert signals.from_table(table, "constant").channels == ("constant",)
    assert signals.from_table(table, "unknown").channels == ("price",)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_standardising_never_overflows(column):
    scores = standardise(np.array(column)[:, None])
    assert np.isfinite(scores).all() and np.abs(scores).max() <= np.sqrt(len(column)) + 1e-6
