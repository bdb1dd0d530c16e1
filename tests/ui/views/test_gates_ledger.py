"""What the memory is made of on the Gates page: bars and words are the core's numbers, at the time cursor."""

import re
from dataclasses import replace

import numpy as np
import pytest

from recurrent_core import PRESETS, Clamp, simulate
from recurrent_core.analysis.ledger import ledger as ledger_of
from recurrent_core.analysis.ledger import sources
from ui.recordings import cached
from ui.render import render
from ui.views.gates import ledger
from ui.words.text import text

EN, KO = text("en"), text("ko")
languages = pytest.mark.parametrize("t", [EN, KO], ids=["en", "ko"])


def made(step=59, preset="write_once", network="lstm", **changes):
    return ledger.made(simulate(replace(PRESETS[preset], **changes), network), step)


def said(t=EN, **asked) -> str:
    return ledger.row(t, made(**asked), False).text


def bars(query: str) -> dict:
    """By network, the bars of the page at some settings."""
    (part,) = render("gates", query).parts
    traces = [trace for trace in part.body["data"] if trace.get("meta", {}).get("bars")]
    return {trace["meta"]["key"].split(".")[0]: trace for trace in traces}


def test_the_bars_are_the_shares_and_climb_to_one():
    found = bars("t=44&lang=en&v=1&cmp=gru&preset=noise")
    assert found.keys() == {"lstm", "gru"}
    for network, trace in found.items():
        shares = sources(ledger_of(simulate(PRESETS["noise"], network).recording, 44))
        share, total = trace["z"]
        np.testing.assert_allclose(share[:45], shares.written, rtol=1e-6)
        np.testing.assert_allclose(total[:45], np.cumsum(shares.written), rtol=1e-6)
        assert total[44] == pytest.approx(1) and np.isnan(trace["z"][:, 45:]).all()


def test_the_rnn_has_none_and_says_why():
    assert bars("net=rnn&t=44&lang=en&v=1") == {}
    row = ledger.row(EN, made(network="rnn"), False)
    assert "no gate keeps a share of h" in row.text and row.key == "rnn.h"


def test_a_second_network_is_named():
    names = [row.name for row in render("gates", "cmp=rnn&lang=en&v=1").parts[0].words.rows]
    assert names[-2:] == ["LSTM · c is made of", "RNN · h is made of"]


def test_the_cursor_moves_without_another_run(monkeypatch):
    """Moving the cursor runs no network: all it needs is kept."""
    render("gates", "t=20&lang=en&v=1")
    monkeypatch.setattr(cached, "simulate", None)
    texts = {
        render("gates", "t=20&lang=en&v=1", {"cursor": k}).parts[0].words.rows[-1].text for k in (30, 59)
    }
    assert len(texts) == 2


def test_write_once():
    assert said() == (
        "written at t = 6: 47 %; leaked in since, as input gate i is still 4.9 % open: 53 %; "
        "on average 39 steps old"
    )
    assert said(step=5) == "written at t = 6: 100 %; just now"
    assert said(step=3) == "nothing has been written yet"
    assert said(network="gru").startswith(
        "written at t = 6: 51 %; leaked in since, as update gate z is still"
    )


def test_inputs_now_and_then():
    assert said(preset="second_pulse").startswith(
        "written at t = 6: 12 %; written at t = 36: 52 %; leaked in"
    )
    assert said(preset="count") == "written at the 11 steps with an input: 100 %; on average 29 steps old"
    assert "came in since, as input gate i is 48 % open" in said(input_bias=0.0)
    assert "leaked in at the other steps" in said(candidate_bias=1.0)


def test_inputs_at_every_step():
    assert said(preset="noise") == (
        "half of it comes from the last 15 steps; no more than 9.4 % from a single step (t = 51); "
        "on average 18 steps old"
    )
    assert said(preset="notebook", step=19).startswith("written at t = 9: 95.9 %; at all other steps: 4.1 %")


def test_what_a_clamp_puts_there():
    held = made(clamps=(Clamp("c", 0.5, 10, 20),))
    assert "put there by holding c: 61 %" in ledger.row(EN, held, False).text
    block = ledger.block(EN, held, False)
    assert np.flatnonzero(block.held).tolist() == [*range(10, 20)]
    assert block.values[19, 0] == pytest.approx(0.61, abs=5e-3) and not block.values[:19, 0].any()


def test_numbers_that_are_too_large():
    found = made(step=9)
    broken = found.simulation.recording.vectors.c.copy()
    broken[9] = np.inf
    recording = found.simulation.recording
    vectors = recording.vectors._replace(c=broken)
    simulation = found.simulation._replace(recording=recording._replace(vectors=vectors))
    nothing = found.sources._replace(age=np.nan)
    assert ledger.row(EN, ledger.Made(simulation, 9, nothing), False).text == EN("rows.missing")


@languages
@pytest.mark.parametrize("network", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_says_something_at_every_step(t, preset, network):
    simulation = simulate(PRESETS[preset], network)
    for step in range(0, len(simulation.signal.inputs), 7):
        row = ledger.row(t, ledger.made(simulation, step), True)
        assert row.text and not re.search(r"[{}]|nan|None", row.text + row.name)
