"""Saturation: shares of steps, counted by hand."""

import numpy as np
import pytest

import recurrent_core as rc
from recurrent_core import analysis


def recording(network="lstm", **changes):
    return rc.simulate(rc.change(rc.PRESETS["write_once"], **changes), network).recording


def test_saturation_counts_steps():
    gate = np.array([0.05, 0.95, 0.99, 0.5])[:, None, None]
    low, high = analysis.saturated_steps(gate)
    assert (low.item(), high.item()) == (0.25, 0.5)
    share = analysis.saturated_share(recording(clamps=(("i", 0.0), ("f", 1.0), ("o", 0.5))))
    assert share == pytest.approx((1 / 3, 1 / 3))
    assert analysis.saturated_share(recording("rnn")) is None
    assert list(analysis.gates(recording("lstm"))) == ["i", "f", "o"]
    assert list(analysis.gates(recording("gru"))) == ["r", "z"]
