"""Conventions: what is said of each source is computed, and the five lines run as they stand."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest
from states import state_of

import server
from recurrent_core import SOURCES
from recurrent_core.exchange import check as parity
from ui.changes import acted, changed
from ui.parts import message
from ui.settings import opened
from ui.views import VIEWS
from ui.views.conventions import source as conventions
from ui.words.text import LANGUAGES, text

ROOT = Path(__file__).parents[3]
FIXTURES = ROOT / "tests" / "recurrent_core" / "fixtures"
CHOICES = [(source, network) for source, described in SOURCES.items() for network in described.networks]
every = pytest.mark.parametrize(("source", "network"), CHOICES)


@pytest.mark.parametrize("network", ["rnn", "lstm", "gru"])
def test_the_five_lines_give_the_numbers_of_pytorch_itself(network, tmp_path, monkeypatch):
    """state_dict, input and output of a torch.nn module as PyTorch computed them, from the state it began with."""
    prefix = f"{network}.one."
    with np.load(FIXTURES / "torch_modules.npz", allow_pickle=False) as file:
        stored = {name.removeprefix(prefix): file[name] for name in file if name.startswith(prefix)}
    weights = {n.removeprefix("weights."): a for n, a in stored.items() if n.startswith("weights.")}
    start = [stored[f"initial.{letter}"][0] for letter in "hc" if f"initial.{letter}" in stored]
    names = {"state_dict": weights, "x": stored["inputs"], "h": stored["out"], "start": start}
    code = conventions.practice_code("pytorch", network, "0")
    assert "rc.run(cell, params, x)" in code  # from zeros, as a module does that is given no state
    monkeypatch.chdir(tmp_path)
    exec(code.replace("params, x)", "params, x, cell.State(*start))"), names)
    assert names["difference"] < 1e-9


@every
@pytest.mark.parametrize("lang", LANGUAGES)
def test_card_and_check_follow_the_choice(source, network, lang):
    here, t = state_of(lang=lang, source=source, of=network, units=7, signal="notebook"), text(lang)
    picture, facts, practice = VIEWS["conventions"].parts(here, t)
    of = SOURCES[source].networks[network]
    equations, pairs, arrays, code = facts.body["sections"]
    assert equations["lines"] == of.equations and equations["title"].endswith(of.label)
    assert [row[0] for row in arrays["rows"][:-1]] == [p.name for p in of.parameters]
    assert arrays["rows"][-1][-1] == f"{of.parameter_count(4, 7):,}"
    assert sum(int(row[-1].replace(",", "")) for row in arrays["rows"][:-1]) == of.parameter_count(4, 7)
    assert code["code"] == of.code and "return" not in code["code"]
    assert (t("conventions.card.reset") in dict(pairs["pairs"])) == bool(of.reset)
    found = conventions.check(here)
    assert f"# {found.error:.1e}" in practice.body["sections"][0]["code"]
    assert len(picture.words.rows) == len(parity.slips(of))
    assert [trace["meta"]["key"] for trace in picture.body["data"] if trace["type"] == "heatmap"] == [
        "theirs",
        "converted",
        "unconverted",
    ]


def test_the_sentence_says_how_much():
    here = state_of(source="keras", of="gru", seed=4)
    found = conventions.check(here)
    sentence = conventions.sentence(text("en"), here.view, found)
    assert found.error < 1e-14 and found.miss > 0.1
    assert f"{found.miss:.2f}" in sentence and "× 10⁻¹⁶" in sentence
    same = state_of(source="keras", of="lstm")
    assert "nothing to convert" in conventions.sentence(text("en"), same.view, conventions.check(same))


def test_sign_order_and_reset_of_the_gru():
    said = {
        source: dict(conventions.differences(text("en"), SOURCES[source].networks["gru"]))
        for source in SOURCES
    }
    assert {source: pairs["Sign of z"][:16] for source, pairs in said.items()} == {
        "cho": "share of the OLD",
        "chung": "share of the NEW",
        "pytorch": "share of the OLD",
        "keras": "share of the OLD",
        "onnx": "share of the OLD",
    }
    assert said["keras"]["Gate order"].startswith("z r h") and said["pytorch"]["Gate order"].startswith(
        "r z n"
    )
    assert [s for s, pairs in said.items() if pairs["Reset"].startswith("after")] == ["pytorch", "keras"]


def test_the_parameters_of_facts():
    """Input 10, units 20: PyTorch's RNN, GRU and LSTM, Keras's, and its GRU with the reset before."""
    counts = {
        (source, network): of.parameter_count(10, 20)
        for source in ("pytorch", "keras")
        for network, of in SOURCES[source].networks.items()
    }
    assert counts == {
        ("pytorch", "rnn"): 640, ("pytorch", "gru"): 1920, ("pytorch", "lstm"): 2560,
        ("keras", "rnn"): 620, ("keras", "gru"): 1920, ("keras", "lstm"): 2480, ("keras", "gru_before"): 1860,
    }  # fmt: skip


def test_the_choice_travels_in_the_address():
    here = changed(state_of(), {"source": "onnx", "of": "lstm_peephole"})
    assert "src=onnx" in here.query and "of=lstm_peephole" in here.query
    assert opened("src=onnx&of=lstm_peephole") == here


def test_a_source_without_the_network_shows_its_nearest_and_keeps_the_choice():
    here, t = state_of(source="onnx", of="lstm_peephole"), text("en")
    here = changed(here, {"source": "keras"})
    assert conventions.network(here.view) == "lstm"
    here = changed(here, {"source": "cho"})
    assert conventions.network(here.view) == "gru"
    here = changed(here, {"source": "onnx"})
    assert conventions.network(here.view) == "lstm_peephole"
    source, network = VIEWS["conventions"].panel(here, t)[:2]
    assert source["value"] == "onnx"
    assert [name for name, _ in network["options"]] == ["gru", "rnn", "lstm", "lstm_peephole", "gru_after"]


def test_a_preset_leaves_the_source():
    here = acted(state_of(source="cho"), "preset", "noise")
    assert (here.preset, here.view.source) == ("noise", "cho")


def test_cards_follow_a_drag():
    """The answer without a script run brings the table for the units under the finger."""
    question = {"page": "conventions", "query": "src=keras&of=lstm&lang=en&v=1", "values": {"units": 9}}
    answer = server.answered(json.dumps(question))
    (length,) = struct.unpack("<I", answer[:4])
    header = json.loads(answer[4 : 4 + length])
    facts = next(part for part in header["parts"] if part["name"] == "facts")
    arrays = next(section for section in facts["body"]["sections"] if section["kind"] == "arrays")
    assert ["kernel", "1 × 36", "36"] in arrays["rows"]


def test_numbers_that_overflow_are_said_not_raised():
    here, t = (
        state_of(signal="data", data="1e308\n-1e308\n1e308", standardise=False, source="keras"),
        text("en"),
    )
    picture, *cards = VIEWS["conventions"].parts(here, t)
    assert picture.words.sentence and cards


def test_a_card_is_texts_alone():
    here = state_of(signal="text", text="<img src=x onerror=alert(1)>")
    for card in VIEWS["conventions"].parts(here, text("en"))[1:]:
        assert "<img" not in json.dumps(message(card, "", settled=True))
