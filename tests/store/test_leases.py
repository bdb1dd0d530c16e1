"""One holder at a time, whoever asks and whenever; a holder that is not heard of is succeeded."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from store.leases import LAPSE, Lease

ROOT = Path(__file__).parents[2]


class Clock:
    def __init__(self):
        self.now = 1e9

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_one_holds_it_until_it_lets_go(tmp_path, clock):
    one, other = (Lease(tmp_path, clock) for _ in range(2))
    assert not one.renew()
    assert one.take() and not other.take() and one.take()
    clock.now += 100 * LAPSE
    one.release()
    assert not one.renew() and other.take() and not one.take()


def test_who_is_heard_of_keeps_it(tmp_path, clock):
    one, other = (Lease(tmp_path, clock) for _ in range(2))
    assert one.take()
    for _ in range(10):
        clock.now += LAPSE / 2
        assert one.renew() and not other.take()


def test_who_is_not_heard_of_loses_it_and_is_told(tmp_path, clock):
    one, other = (Lease(tmp_path, clock) for _ in range(2))
    assert one.take()
    clock.now += LAPSE
    assert not other.take()
    clock.now += 0.1
    assert other.take()
    one.release()  # which takes nothing from the other
    assert other.renew() and not one.renew() and not one.take()
    assert len(os.listdir(tmp_path)) == 1


def test_who_is_late_keeps_it_where_nobody_asked(tmp_path, clock):
    one = Lease(tmp_path, clock)
    assert one.take()
    clock.now += 100 * LAPSE
    assert one.renew() and not Lease(tmp_path, clock).take()


def test_who_looked_before_two_others_had_it_does_not_get_it(tmp_path, clock, monkeypatch):
    """Between its look and its own file, the lease was taken, let go, and taken again."""
    Lease(tmp_path, clock).take()
    clock.now += LAPSE + 1
    late = Lease(tmp_path, clock)
    seen = late._last()
    second, third = (Lease(tmp_path, clock) for _ in range(2))
    assert second.take()
    second.release()
    assert third.take()
    looks = iter([seen])
    monkeypatch.setattr(late, "_last", lambda: next(looks, None) or Lease._last(late))
    monkeypatch.setattr(late, "_lapsed", lambda number: True)
    assert not late.take()
    assert third.renew()


def test_a_folder_that_has_gone_is_told(tmp_path, clock):
    one = Lease(tmp_path / "folder", clock)
    with pytest.raises(FileNotFoundError):
        one.take()
    (tmp_path / "folder").mkdir()
    assert one.take()
    (tmp_path / "folder" / "lease.1").unlink()
    assert not one.renew()
    one.release()


def test_what_another_made_anew_is_not_ours(tmp_path, clock):
    one = Lease(tmp_path, clock)
    assert one.take()
    (tmp_path / "lease.1").unlink()
    assert Lease(tmp_path, clock).take() and (tmp_path / "lease.1").exists()
    assert not one.renew()


def test_of_many_processes_one_gets_it(tmp_path):
    script = (
        "import sys; from pathlib import Path; from store.leases import Lease; sys.stdin.readline(); "
        "print(Lease(Path(sys.argv[1])).take())"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, cwd=ROOT, **pipes) for _ in range(6)]
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    said = sorted(process.communicate()[0] for process in processes)
    assert said == ["False\n"] * 5 + ["True\n"]


class Anybody(RuleBasedStateMachine):
    """Several holders do what they like while time passes."""

    WHO = st.integers(0, 2)

    def __init__(self):
        super().__init__()
        self.folder, self.clock = TemporaryDirectory(), Clock()
        self.leases = [Lease(Path(self.folder.name), self.clock) for _ in range(3)]
        self.heard = [float("-inf")] * 3  # when each held it last, as far as it knows

    def teardown(self):
        self.folder.cleanup()

    @rule(who=WHO, act=st.sampled_from(["take", "renew"]))
    def ask(self, who, act):
        held = getattr(self.leases[who], act)()
        self.heard[who] = self.clock.now if held else float("-inf")

    @rule(who=WHO)
    def release(self, who):
        self.leases[who].release()
        self.heard[who] = float("-inf")

    @rule(seconds=st.sampled_from([1.0, LAPSE / 2, LAPSE, 2 * LAPSE]))
    def later(self, seconds):
        self.clock.now += seconds

    @invariant()
    def one_holds_it(self):
        assert sum(self.clock.now - heard <= LAPSE for heard in self.heard) <= 1


Anybody.TestCase.settings = settings(max_examples=60, stateful_step_count=30)
TestAnybody = Anybody.TestCase
