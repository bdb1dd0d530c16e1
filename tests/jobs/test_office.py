"""The rules of the queue, with workers and time in the test's hand."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from fakes import NETWORKS, World, measured
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from jobs.log import Log
from jobs.office import GRACE, LAPSE, REMEMBERED, SILENCE, TURN, Refused, limits
from recurrent_core import CELLS
from recurrent_core.learn.snapshots import History, Snapshots, parameters
from store import files, leases


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def state(world, id):
    return world.office.status(id).state


def test_jobs_are_taken_in_turn_and_told_their_place(world):
    ids = [world.submit(owner) for owner in "abc"]
    assert [world.office.status(id)[:3] for id in ids] == [
        (ids[0], "running", 0), (ids[1], "queued", 1), (ids[2], "queued", 2),
    ]  # fmt: skip
    world.working[0].begin()
    world.working[0].train(100)
    world.working[0].save()
    world.working[0].say("done")
    world.working[0].end()
    assert [world.office.status(id)[1:3] for id in ids] == [("done", 0), ("running", 0), ("queued", 1)]


def test_as_many_run_as_may(tmp_path):
    world = World(tmp_path, workers=2)
    ids = [world.submit(owner) for owner in "abcd"]
    assert [state(world, id) for id in ids] == ["running", "running", "queued", "queued"]


def test_a_full_queue_refuses_and_leaves_the_old_job_alone(tmp_path):
    world = World(tmp_path, queue=2)
    ids = [world.submit(owner) for owner in "abc"]
    with pytest.raises(Refused, match="queue_full") as refused:
        world.submit("a")
    assert (refused.value.code, refused.value.values) == ("queue_full", {"limit": 2})
    assert [state(world, id) for id in ids] == ["running", "queued", "queued"]
    again = world.submit("c")  # whose old one leaves the place
    assert (state(world, ids[2]), state(world, again)) == ("cancelled", "queued")


def test_a_new_start_cancels_the_owners_old_job(world):
    old = world.submit("a")
    new = world.submit("a")
    assert world.office.status(old).state == "cancelled"
    assert world.office.status(old).reason.code == "replaced"
    assert world.working[0].killed
    assert state(world, new) == "queued"  # until the old process is gone
    world.working[0].end()
    assert state(world, new) == "running"


@pytest.mark.parametrize("updates", [0, -1, 100_001])
def test_a_senseless_number_of_updates_is_refused(world, updates):
    with pytest.raises(ValueError, match="updates"):
        world.submit("a", updates)


def test_only_the_owner_may_act(world):
    id = world.submit("a")
    for act in (world.office.pause, world.office.resume, world.office.cancel):
        assert act(id, "b").state == "running"
    world.later(LAPSE - 1)
    world.office.beat(id, "b")
    world.later(2)
    assert state(world, id) == "saved"


def test_unknown_ids_are_gone(world):
    for id in ("", "0" * 16, "../../etc", "x" * 500):
        status = world.office.beat(id, "a")
        assert (status.state, status.reason.code, status.reason.values) == ("gone", "gone", {"id": id[:40]})
        assert world.office.curves(id) == {}


def test_without_a_heartbeat_a_job_saves_and_stops(world):
    id = world.submit("a")
    world.working[0].begin()
    world.working[0].train(7)
    world.later(60, a=id)
    assert state(world, id) == "running"
    world.working[0].train(1)
    world.later(LAPSE)
    assert not world.working[0].stopped
    world.later(0.5)
    assert world.working[0].stopped and not world.working[0].killed
    world.working[0].end()
    status = world.office.status(id)
    assert (status.state, status.reason) == ("saved", ("lapsed", {"update": 8}))


def test_a_waiting_job_without_a_heartbeat_leaves_the_queue(world):
    first, second, third = (world.submit(owner) for owner in "abc")
    world.later(LAPSE + 1, a=first, c=third)
    assert [state(world, id) for id in (first, second, third)] == ["running", "saved", "queued"]
    assert world.office.status(third).place == 1


def test_who_comes_back_goes_on(world):
    id = world.submit("a")
    world.working[0].begin()
    world.working[0].train(9)
    world.later(LAPSE + 1)
    world.working[0].end()
    assert world.office.beat(id, "a").state == "saved"
    status = world.office.resume(id, "a")
    assert (status.state, status.update, status.reason) == ("running", 9, None)
    assert world.working[0].order.known == 9


def test_a_process_that_does_not_stop_is_killed(world):
    id = world.submit("a")
    world.office.pause(id, "a")
    world.later(GRACE)
    assert not world.working[0].killed
    world.later(1)
    assert world.working[0].killed


def test_a_silent_process_is_killed_and_another_goes_on(world):
    id = world.submit("a")
    world.working[0].begin()
    world.later(SILENCE + 1, a=id)
    assert world.working[0].killed
    world.working[0].end()
    assert (world.office.status(id).state, len(world.hired)) == ("running", 2)


def test_pause_makes_room_and_continue_queues_again(world):
    first, second = world.submit("a"), world.submit("b")
    assert world.office.pause(first, "a").state == "paused"
    assert state(world, second) == "queued"  # until the process has saved and is gone
    world.working[0].end()
    assert state(world, second) == "running"
    assert world.office.resume(first, "a")[1:3] == ("queued", 1)
    world.later(3 * LAPSE, b=second, a=first)
    assert state(world, first) == "queued"


def test_a_paused_job_needs_no_heartbeat(world):
    id = world.submit("a")
    world.office.pause(id, "a")
    world.working[0].end()
    world.later(3 * LAPSE)
    assert state(world, id) == "paused"


def test_continue_before_the_process_has_stopped_waits_for_it(world):
    id = world.submit("a")
    world.office.pause(id, "a")
    assert world.office.resume(id, "a").state == "queued"
    assert len(world.hired) == 1
    world.working[0].end()
    assert (state(world, id), len(world.hired)) == ("running", 2)


def test_done_while_pausing_is_done(world):
    id = world.submit("a")
    worker = world.working[0]
    worker.begin()
    world.office.pause(id, "a")
    worker.train(100)
    worker.save()
    worker.say("done")
    worker.end()
    status = world.office.status(id)
    assert (status.state, status.update, status.reason) == ("done", 100, None)


def test_cancelled_stays_cancelled(world):
    id = world.submit("a")
    worker = world.working[0]
    worker.begin()
    assert world.office.cancel(id, "a").state == "cancelled"
    worker.say("failed", error="ValueError")
    worker.say("done")
    worker.end()
    assert world.office.resume(id, "a").state == "cancelled"
    assert world.working == []


def test_a_crash_is_told_and_the_job_goes_on_from_what_was_saved(world):
    first, second = world.submit("a"), world.submit("b")
    worker = world.working[0]
    worker.begin()
    worker.train(30)
    worker.save()
    worker.train(20)
    worker.end()
    status = world.office.status(first)
    assert (status.state, status.update, status.reason) == ("running", 30, ("crashed", {"update": 30}))
    assert state(world, second) == "queued"  # who crashed keeps the place
    assert world.working[0].order.known == 50
    world.working[0].begin(50)
    world.working[0].train(1)
    assert len(world.office.curves(first)["rnn"].loss) == 51


def test_a_second_crash_at_the_same_place_fails_until_the_reader_says_so(world):
    id = world.submit("a")
    for _ in range(2):
        world.working[0].begin()
        world.working[0].end()
    status = world.office.status(id)
    assert (status.state, status.reason) == ("failed", ("crashed_again", {"update": 0}))
    assert world.working == []
    assert world.office.resume(id, "a").state == "running"
    world.working[0].end()
    assert state(world, id) == "running"


def test_crashes_further_on_do_not_add_up(world):
    id = world.submit("a")
    for update in (10, 20, 30, 40):
        world.working[0].begin(update - 10)
        world.working[0].train(10)
        world.working[0].save()
        world.working[0].end()
    assert state(world, id) == "running"


@pytest.mark.parametrize(("error", "code"), [("MemoryError", "memory"), ("FloatingPointError", "error")])
def test_an_exception_is_told(world, error, code):
    id = world.submit("a")
    world.working[0].say("failed", error=error)
    world.working[0].end()
    status = world.office.status(id)
    assert (status.state, status.reason) == ("failed", (code, {"error": error}))


def test_long_jobs_take_turns_while_others_wait(world):
    first = world.submit("a")
    world.working[0].begin()
    world.working[0].train(5)
    for _ in range(8):
        world.later(TURN / 4, a=first)
        world.working[0].train(1)
    assert not world.working[0].stopped  # nobody waits
    second = world.submit("b")
    world.later(0.5, a=first, b=second)
    assert world.office.status(first)[1:3] == ("queued", 2)
    world.working[0].end()
    assert [world.office.status(id)[1:3] for id in (first, second)] == [("queued", 1), ("running", 0)]


def test_speed_and_time_left(world):
    id = world.submit("a", 100)
    world.working[0].begin()
    for _ in range(5):
        world.later(2, a=id)
        world.working[0].train(4)
    status = world.office.status(id)
    assert (status.update, status.updates) == (20, 100)
    assert status.rate == pytest.approx(2.0)
    assert status.seconds_left == pytest.approx(40.0)


def test_curves_come_in_pieces(world):
    id = world.submit("a", 150)
    world.working[0].begin()
    world.working[0].train(3)
    before = world.office.curves(id)
    world.working[0].train(4)
    after = world.office.curves(id, since=3)
    whole = world.office.curves(id)
    assert tuple(whole) == NETWORKS
    for network in NETWORKS:
        for name in ("loss", "accuracy", "norm", "watched", "by_step"):
            joined = np.concatenate([getattr(before[network], name), getattr(after[network], name)])
            np.testing.assert_array_equal(joined, getattr(whole[network], name))
    assert whole["lstm"].loss.tolist() == [10_000 + k for k in range(7)]
    assert whole["rnn"].norm.tolist() == [2000 + k for k in range(7)]
    assert len(world.office.curves(id, since=99)["rnn"].loss) == 0


def test_a_new_server_knows_what_was_started(world, tmp_path):
    id = world.submit("a")
    later = World(tmp_path)
    later.clock.now += leases.LAPSE + 1  # the old one was killed
    status = later.office.beat(id, "a")
    assert (status.state, status.reason) == ("saved", ("kept", {"update": 0}))
    assert later.office.resume(id, "b").state == "saved"
    assert later.office.resume(id, "a").state == "running" and len(later.hired) == 1


def test_jobs_of_the_past_are_forgotten(world):
    for k in range(REMEMBERED + 20):
        world.submit(f"{k}")
        world.working[0].say("failed", error="ValueError")
        world.working[0].end()
        world.later(0.5)
    assert len(world.office._jobs) == REMEMBERED


def test_nothing_is_started_after_the_end(tmp_path):
    world = World(tmp_path, workers=1)
    ids = [world.submit(owner) for owner in "abc"]
    world.office.close(0.0)
    assert world.working[0].stopped and world.working[0].killed
    world.working[0].end()
    assert [state(world, id) for id in ids] == ["saved"] * 3
    assert world.working == []


def test_limits_come_from_the_environment():
    assert limits({}, 1) == {"workers": 1, "queue": 32}
    assert limits({}, 2)["workers"] == 1
    assert limits({}, 64)["workers"] == 2
    assert limits({"GATESCOPE_WORKERS": "7", "GATESCOPE_QUEUE": "3"}, 1) == {"workers": 7, "queue": 3}
    assert limits({"GATESCOPE_WORKERS": "many"}, 1)["workers"] == 1


# Two servers on one folder


@pytest.fixture
def two(tmp_path):
    """Two servers that share a folder and a clock."""
    first = World(tmp_path)
    return first, World(tmp_path, first.clock)


def save_some(world, id, updates):
    """What the job's process would have saved."""
    log = Log(NETWORKS, 100)
    log.take(0, measured(0, updates))
    moments, numbers = np.zeros(0, np.float32), np.array([updates])
    weights = {
        network: np.zeros((1, parameters(CELLS[network], 1, 1, 1)), np.float32) for network in NETWORKS
    }
    histories = {
        network: History((1, 1, 1), numbers, weights[network], moments, moments, curves)
        for network, curves in log.curves().items()
    }
    world.trainings.save(id, Snapshots("v=1", histories))


def later(worlds, seconds, **watching):
    """Let time pass on all servers; owners look at their jobs on the last of them."""
    for _ in range(round(2 * seconds)):
        *others, last = worlds
        for world in others:
            world.office.tick()
        last.later(0.5, **watching)


def test_what_one_server_trains_no_other_does(two):
    first, second = two
    id = first.submit("a")
    first.working[0].begin()
    first.working[0].train(40)
    second.office.beat(id, "a")
    assert second.office.resume(id, "a").state == "running" and second.hired == []
    save_some(first, id, 40)
    second.office.tick()
    status = second.office.status(id)
    assert (status.state, status.update, status.place) == ("running", 40, 0)
    assert second.office.curves(id)["rnn"].loss.tolist() == list(range(40))
    waiting = second.submit("b")
    assert state(second, waiting) == "running"  # which is kept from nothing


def test_who_goes_to_another_server_goes_on_there(two):
    first, second = two
    id = first.submit("a")
    second.office.beat(id, "a")
    second.office.resume(id, "a")
    later(two, LAPSE + 1, a=id)
    assert first.working[0].stopped and second.hired == []  # until it has saved
    first.working[0].end()
    assert state(first, id) == "saved"
    later(two, 1, a=id)
    assert state(second, id) == "running" and len(second.hired) == 1


def test_a_server_that_is_killed_loses_its_jobs_when_the_lease_lapses(two):
    first, second = two
    id = first.submit("a")
    second.office.beat(id, "a")
    second.office.resume(id, "a")
    later([second], leases.LAPSE, a=id)
    assert second.hired == []
    later([second], 1, a=id)
    assert len(second.hired) == 1
    first.office.beat(id, "a")  # it was asleep, and is heard of again
    first.office.tick()
    assert first.working[0].killed
    first.working[0].end()
    assert state(first, id) == "running" and len(first.hired) == 1
    later([first], 1, a=id)
    second.office.tick()
    assert not second.working[0].killed


def test_what_another_server_has_trained_to_the_end_is_done(two):
    first, second = two
    id = first.submit("a")
    second.office.beat(id, "a")
    second.office.resume(id, "a")
    save_some(first, id, 100)
    first.working[0].say("done")
    first.working[0].end()
    second.office.tick()
    assert state(second, id) == "done" and second.hired == []


def test_a_disk_that_cannot_be_written_is_told(world, monkeypatch, caplog):
    old = world.submit("a")

    def full(*given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write", full)
    with pytest.raises(Refused, match="disk"):
        world.submit("a")
    assert state(world, old) == "running"
    monkeypatch.setattr(leases.Lease, "take", full)
    world.office.pause(old, "a")
    world.working[0].end()
    status = world.office.resume(old, "a")
    assert (status.state, status.reason) == ("failed", ("disk", {}))


def test_a_process_that_cannot_save_is_told(world):
    id = world.submit("a")
    world.working[0].say("failed", error="OSError")
    assert world.office.status(id).reason.code == "disk"


class TwoServers(RuleBasedStateMachine):
    """Readers go from one server to the other as they like: no job has two processes."""

    OWNERS, SERVERS = st.sampled_from("ab"), st.integers(0, 1)

    def __init__(self):
        super().__init__()
        self.folder = TemporaryDirectory()
        first = World(Path(self.folder.name))
        self.worlds = first, World(Path(self.folder.name), first.clock)
        self.ids: dict[str, str] = {}

    def teardown(self):
        self.folder.cleanup()

    @rule(owner=OWNERS, server=SERVERS)
    def submit(self, owner, server):
        self.ids[owner] = self.worlds[server].submit(owner)

    @rule(owner=OWNERS, server=SERVERS, act=st.sampled_from(["pause", "resume", "resume", "cancel", "beat"]))
    def act(self, owner, server, act):
        office, id = self.worlds[server].office, self.ids.get(owner, "0" * 16)
        getattr(office, act)(id, owner)

    @precondition(lambda self: any(world.working for world in self.worlds))
    @rule(data=st.data(), what=st.sampled_from(["begin", "save", "end", "done"]))
    def work(self, data, what):
        worker = data.draw(st.sampled_from([worker for world in self.worlds for worker in world.working]))
        if what == "done":
            worker.say(what)
            worker.end()
        else:
            getattr(worker, what)()

    @rule(seconds=st.sampled_from([1, 5, 12]), server=SERVERS, owners=st.sets(OWNERS))
    def later(self, seconds, server, owners):
        watching = {owner: self.ids[owner] for owner in owners if owner in self.ids}
        later((self.worlds[1 - server], self.worlds[server]), seconds, **watching)

    @invariant()
    def no_job_has_two_processes(self):
        ids = [worker.order.id for world in self.worlds for worker in world.working]
        assert len(set(ids)) == len(ids)


TwoServers.TestCase.settings = settings(max_examples=25, stateful_step_count=30)
TestTwoServers = TwoServers.TestCase


class Anything(RuleBasedStateMachine):
    """Readers, workers and time do what they like; what must hold, holds."""

    OWNERS = st.sampled_from("abcde")

    def __init__(self):
        super().__init__()
        self.folder = TemporaryDirectory()
        self.world = World(Path(self.folder.name), workers=2, queue=3)
        self.ids: dict[str, list[str]] = {}

    def teardown(self):
        self.folder.cleanup()

    def last(self, owner):
        return self.ids.get(owner, ["0" * 16])[-1]

    @rule(owner=OWNERS)
    def submit(self, owner):
        try:
            self.ids.setdefault(owner, []).append(self.world.submit(owner))
        except Refused:
            assert sum(self.status(id).state == "queued" for id in self.everyone()) >= 3
            if not self.ids[owner]:
                del self.ids[owner]

    @rule(owner=OWNERS, act=st.sampled_from(["pause", "resume", "cancel", "beat"]))
    def act(self, owner, act):
        try:
            getattr(self.world.office, act)(self.last(owner), owner)
        except Refused:
            assert act == "resume"

    @precondition(lambda self: self.world.working)
    @rule(data=st.data(), what=st.sampled_from(["train", "save", "end", "done", "failed"]))
    def work(self, data, what):
        worker = data.draw(st.sampled_from(self.world.working))
        if what == "train" and worker.update < 90:
            worker.begin(worker.update)
            worker.train(5)
        elif what in ("save", "end"):
            getattr(worker, what)()
        elif what in ("done", "failed"):
            worker.say(what, error="ValueError")
            worker.end()

    @rule(seconds=st.sampled_from([1, 5, 12]), owners=st.sets(OWNERS))
    def later(self, seconds, owners):
        self.world.later(seconds, **{owner: self.last(owner) for owner in owners})

    def everyone(self):
        return [id for ids in self.ids.values() for id in ids]

    def status(self, id):
        return self.world.office.status(id)

    @invariant()
    def no_more_processes_than_may(self):
        assert len(self.world.working) <= 2
        ids = [worker.order.id for worker in self.world.working]
        assert len(set(ids)) == len(ids)

    @invariant()
    def places_are_counted(self):
        places = sorted(
            status.place for id in self.everyone() if (status := self.status(id)).state == "queued"
        )
        assert places == list(range(1, len(places) + 1))

    @invariant()
    def an_owner_has_one_live_job(self):
        for ids in self.ids.values():
            assert sum(self.status(id).state in ("queued", "running") for id in ids) <= 1

    @invariant()
    def nobody_waits_beside_an_empty_place(self):
        waiting = [id for id in self.everyone() if self.status(id).state == "queued"]
        ids = {worker.order.id for worker in self.world.working}
        if len(self.world.working) < 2:
            assert set(waiting) <= ids

    @invariant()
    def who_runs_has_a_process(self):
        ids = {worker.order.id for worker in self.world.working}
        assert all(id in ids for id in self.everyone() if self.status(id).state == "running")


Anything.TestCase.settings = settings(max_examples=30, stateful_step_count=40)
TestAnything = Anything.TestCase
