"""The table of facts, as the page shows it: every row holds, and every row can fail."""

from itertools import groupby

import numpy as np
import pytest

from recurrent_core import Experiment, negate_update, run
from recurrent_core.lab.facts import FACTS, GROUPS, of_experiments
from recurrent_core.lab.facts.fact import Expected, Seen, about, between, check, within
from recurrent_core.lab.fields import differing

rows = pytest.mark.parametrize("fact", FACTS, ids=[fact.name for fact in FACTS])
shown = pytest.mark.parametrize("fact", [fact for fact in FACTS if fact.page], ids=lambda fact: fact.name)
experiments = pytest.mark.parametrize(
    "fact", [fact for fact in FACTS if isinstance(fact.given, Seen)], ids=lambda fact: fact.name
)


@rows
def test_it_holds(fact):
    value, passed = check(fact)
    assert passed, (value, fact.expected)


@rows
def test_it_fails_once_its_input_is_changed(fact):
    """The same computation from another bias, sign, order or factor: what is compared stays as it is."""
    value, passed = check(fact._replace(given=fact.wrong))
    assert np.isfinite(value) and not passed, (value, fact.expected)


@experiments
def test_only_one_setting_is_changed(fact):
    different = differing(fact.given.experiment, fact.wrong.experiment)
    assert len(different) == 1 and different != ("seed",)
    assert fact.wrong == fact.given._replace(experiment=fact.wrong.experiment)


@rows
def test_what_is_expected_is_a_range_around_what_is_stated(fact):
    value, low, high = fact.expected
    assert -np.inf < low <= high < np.inf
    assert value is None or low <= value <= high


def test_there_are_enough_and_none_comes_twice():
    assert len(FACTS) >= 40
    assert len({fact.name for fact in FACTS}) == len(FACTS)
    computed = [(fact.compute, repr(fact.given), fact.expected) for fact in FACTS]
    assert len(set(map(repr, computed))) == len(FACTS)


def test_each_group_has_facts_side_by_side():
    assert tuple(dict.fromkeys(fact.group for fact in FACTS)) == GROUPS
    assert len(list(groupby(FACTS, key=lambda fact: fact.group))) == len(GROUPS)


@shown
def test_what_is_opened_is_the_setting_itself(fact):
    assert fact.page in ("gates", "gradients", "conventions", "step")
    assert fact.opened == fact.given or fact.page in ("conventions", "step")


def test_a_fact_without_a_page_has_no_setting_to_open():
    assert any(not fact.page for fact in FACTS)
    assert all((fact.opened is None) == (not fact.page) for fact in FACTS)


def test_the_ends_pass_and_what_lies_beyond_does_not():
    fact = FACTS[0]._replace(expected=Expected(None, 1.0, 2.0), compute=float)
    values = [1.0, 2.0, np.nextafter(1.0, 0), np.nextafter(2.0, 3), np.nan, np.inf]
    assert [check(fact._replace(given=value)).passed for value in values] == [True, True] + [False] * 4


def test_expected():
    assert about(2, 0.5) == (2, 1.5, 2.5)
    assert within(6, 2) == (6, 3, 12)
    assert between(1, 2) == (None, 1, 2)


def test_the_median_is_taken_over_the_seeds_from_the_given_one():
    median = of_experiments.over_seeds(lambda seen: seen.experiment.seed, count=5)
    assert median(Seen(Experiment(seed=7))) == 9


MISTAKES = {
    "lstm": (
        lambda params: params._replace(i=params.f, f=params.i),
        {"gate", "fifty_steps_3", "kept_lstm", "lstm_3", "count_lstm", "route_1"},
    ),
    "gru": (negate_update, {"kept_gru", "gru_3", "second_gru"}),
    "rnn": (
        lambda params: params._replace(h=params.h._replace(U=0.9 * params.h.U)),
        {"rnn", "rnn_factor", "rnn_keeps"},
    ),
}


@pytest.mark.parametrize("network", MISTAKES)
def test_a_mistake_in_one_network_shows_in_its_rows_and_in_no_other(network, monkeypatch):
    """LSTM with f and i exchanged, GRU with z the share of the old, RNN with weaker recurrent weights."""
    mistake, rows = MISTAKES[network]
    simulate = of_experiments.simulate

    def mistaken(experiment):
        simulation = simulate(experiment)
        cell, params, inputs, initial, *_ = simulation.recording
        if cell.name != network:
            return simulation
        recording = run(cell, mistake(params), inputs, initial, simulation.recording.clamps)
        return simulation._replace(recording=recording)

    monkeypatch.setattr(of_experiments, "simulate", mistaken)
    of_experiments.gradient_norms.cache_clear()
    failed = {fact.name: fact for fact in FACTS if not check(fact).passed}
    of_experiments.gradient_norms.cache_clear()
    assert rows <= failed.keys()
    own = {
        n for n, fact in failed.items() if getattr(fact.given, "experiment", Experiment()).network == network
    }
    others = failed.keys() - own
    assert others <= {"one_step_jacobian", "thirty_steps"}
