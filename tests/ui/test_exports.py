"""Files: what is read back is what was recorded, whatever names the reader's data brings."""

import csv
import io

import numpy as np
import pytest
import segno
from states import state_of

from recurrent_core import PRESETS, Experiment, address, change, simulate
from ui import exports

LINK = "http://127.0.0.1:8501/gates?m=2.5&lang=en&v=1"


def both(experiment):
    return {name: simulate(experiment, name) for name in ("lstm", "gru")}


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.fixture(scope="module")
def pair():
    return both(change(PRESETS["notebook"], steps=20, units=3, clamps=(("f", 0.5, 3),)))


def test_npz_holds_every_vector_and_parameter_exactly(pair):
    with np.load(io.BytesIO(exports.recording_npz(pair)), allow_pickle=False) as arrays:
        for name, simulation in pair.items():
            for letter, vector in simulation.recording.vectors._asdict().items():
                stored = arrays[f"{name}.{letter}"]
                assert stored.shape == (20, 3) and stored.dtype == np.float64
                np.testing.assert_array_equal(stored, vector[:, 0])
            for gate, affine in simulation.recording.params._asdict().items():
                for part, array in affine._asdict().items():
                    np.testing.assert_array_equal(arrays[f"{name}.params.{gate}.{part}"], array)
        np.testing.assert_array_equal(arrays["inputs"], pair["lstm"].signal.inputs)
        assert arrays["channels"].tolist() == ["value", "write", "read", "erase"]
        read = address.read(str(arrays["query"]), Experiment)
        assert read.records == (pair["lstm"].experiment,) and read.notices == ()
        assert "ticks" not in arrays


def test_npz_of_a_text_names_its_characters():
    typed = {"lstm": simulate(Experiment(signal="text", text="가나가=", units=2))}
    with np.load(io.BytesIO(exports.recording_npz(typed)), allow_pickle=False) as arrays:
        assert arrays["channels"].tolist() == ["가", "나", "="]
        assert arrays["ticks"].tolist() == ["가", "나", "가", "="]


def test_csv_is_tidy_and_keeps_all_digits(pair):
    head, *lines = read_csv(exports.recording_csv(pair))
    assert head == ["network", "vector", "unit", "t", "value"]
    assert len(lines) == 20 * 4 + 20 * 3 * (6 + 4)  # inputs; i f g o c h and r z n h
    values = {tuple(line[:4]): float(line[4]) for line in lines}
    assert len(values) == len(lines)
    for name, simulation in pair.items():
        for letter, vector in simulation.recording.vectors._asdict().items():
            for (t, _, unit), value in np.ndenumerate(vector):
                assert values[name, letter, str(unit + 1), str(t + 1)] == value
    for t, row in enumerate(pair["lstm"].signal.inputs, 1):
        for channel, value in zip(("value", "write", "read", "erase"), row, strict=True):
            assert values["input", "x", channel, str(t)] == value


def test_files_hold_what_the_memory_at_a_step_is_made_of(pair):
    """What each step wrote of it adds up to the memory there; the RNN has no such columns."""
    trio = pair | {"rnn": simulate(pair["lstm"].experiment, "rnn")}
    with np.load(io.BytesIO(exports.recording_npz(trio, 14)), allow_pickle=False) as arrays:
        np.testing.assert_allclose(arrays["lstm.c15"].sum(axis=0), arrays["lstm.c"][14], atol=1e-14)
        np.testing.assert_allclose(arrays["gru.h15"].sum(axis=0), arrays["gru.h"][14], atol=1e-14)
        assert arrays["gru.h15"].shape == (15, 3) and "rnn.h15" not in arrays
        lines = read_csv(exports.recording_csv(trio, 14))
        wrote = [float(line[4]) for line in lines if line[:3] == ["lstm", "c15", "2"]]
        np.testing.assert_array_equal(wrote, arrays["lstm.c15"][:, 1])
    assert "c20" in {
        line[1] for line in read_csv(exports.recording_csv(pair, 99))
    }  # beyond the end: the last step


def test_csv_opens_in_excel_with_korean_names():
    content = exports.recording_csv({"rnn": simulate(Experiment(network="rnn", signal="text", text="기억"))})
    assert content.startswith(b"\xef\xbb\xbf")
    assert {line[2] for line in read_csv(content) if line[0] == "input"} == {"기", "억"}


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "＝1", '=cmd|" /C calc"!A0'])
def test_csv_never_gives_a_spreadsheet_a_formula(name):
    simulation = simulate(Experiment(units=1, steps=20))
    named = simulation._replace(signal=simulation.signal._replace(channels=(name,)))
    cells = {line[2] for line in read_csv(exports.recording_csv({"lstm": named})) if line[0] == "input"}
    assert cells == {f"'{name}"}


@pytest.mark.parametrize("name", ["a,b", 'say "hi"', "two\nlines", " ", "1-2", "가격"])
def test_csv_keeps_every_other_name(name):
    simulation = simulate(Experiment(units=1, steps=20))
    named = simulation._replace(signal=simulation.signal._replace(channels=(name,)))
    cells = {line[2] for line in read_csv(exports.recording_csv({"lstm": named})) if line[0] == "input"}
    assert cells == {name}


@pytest.mark.parametrize("write", [exports.recording_npz, exports.recording_csv])
def test_files_hold_simulations_of_one_input(write):
    with pytest.raises(ValueError, match="at least one"):
        write({})
    pulse, noise = simulate(Experiment(steps=20)), simulate(Experiment(steps=20, signal="noise"))
    with pytest.raises(ValueError, match="one input"):
        write({"pulse": pulse, "noise": noise})


@pytest.mark.parametrize("length", [len(LINK), 400, exports.MAX_LINK])
def test_qr_is_the_code_of_the_link(length):
    link = LINK.ljust(length, "x")
    rows = exports.qr_rows(link)
    code = segno.make(link, micro=False, error="m")
    assert [[int(square) for square in row] for row in rows] == [list(row) for row in code.matrix]
    assert len(rows) == 17 + 4 * code.version and code.error in "MQH"
    finder = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]
    assert [row[:7] for row in rows[:7]] == finder


@pytest.mark.parametrize("link", ["", LINK.ljust(exports.MAX_LINK + 1, "x"), "http://예시.kr", "\ud800"])
def test_no_qr_for_what_does_not_fit_or_is_no_link(link):
    assert exports.qr_rows(link) == []


def test_files_are_named_by_networks_and_preset():
    assert exports.file_stem(state_of()) == "gatescope-lstm-write_once"
    assert exports.file_stem(state_of("second_pulse")) == "gatescope-lstm-gru-second_pulse"
    assert exports.file_stem(state_of(), "rnn", "lstm", "gru") == "gatescope-rnn-lstm-gru-write_once"


def test_answer_gives_each_wish_its_file_and_runs_only_for_recordings(monkeypatch):
    query = "preset=second_pulse&lang=en&v=1"
    shown = {name: simulate(PRESETS["second_pulse"], name) for name in ("lstm", "gru")}

    def ask(want):
        return exports.answer({"want": want, "link": LINK}, "gates", query)

    stem = "gatescope-lstm-gru-second_pulse"
    assert ask("csv") == {"name": f"{stem}.csv", "file": exports.recording_csv(shown, 35)}
    assert ask("npz")["name"] == f"{stem}.npz"
    monkeypatch.setattr(exports, "cached", None)  # nothing to run for these
    assert ask("link") == {"qr": exports.qr_rows(LINK)}
    assert ask("png") == {"name": f"{stem}.png"}
    assert ask("html") == {"name": f"{stem}.html"}
    assert ask("slide") == {"name": f"{stem}-slide.png", "qr": exports.qr_rows(LINK)}
    with pytest.raises(ValueError, match="npz"):
        ask("pdf")


def test_files_are_of_what_the_page_records():
    def names(page, query=""):
        return exports.answer({"want": "png"}, page, query)["name"]

    assert names("gates", "net=gru") == "gatescope-gru-write_once.png"
    assert names("home", "net=gru") == names("proof") == "gatescope-rnn-lstm-gru-write_once.png"
    arrays = np.load(io.BytesIO(exports.answer({"want": "npz"}, "learning", "net=gru&task=memory")["file"]))
    assert {name.split(".")[0] for name in arrays} >= {"gru"} and "lstm.f" not in arrays


@pytest.mark.parametrize("want", ["worksheet", "key"])
def test_a_worksheet_is_of_the_step_and_unit_of_the_link(want):
    file = exports.answer({"want": want}, "step", "preset=worked_example&t=1&lang=ko&v=1")
    assert file["name"] == f"gatescope-lstm-worked_example-{want}.html"
    again = exports.answer({"want": want}, "step", "preset=worked_example&t=2&lang=ko&v=1")
    assert file["file"] != again["file"]
