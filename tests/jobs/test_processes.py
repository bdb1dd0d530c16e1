"""Real training processes: what they compute, and how they end."""

import os
import signal
import subprocess
import sys
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from fakes import Clock
from helpers import HERE, LIMIT, alive, kill, pid_of, small, troubled, until, workers_of

from jobs import messages
from jobs.log import watched
from jobs.office import LAPSE, Office
from jobs.process import ROOT, Order, Process
from recurrent_core import CELLS, SHIPPED, Table
from recurrent_core.lab.training import of_query, plan
from recurrent_core.learn import train
from store import leases
from store.trainings import About, Trainings

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture
def open_office(tmp_path):
    """open_office(hire, **settings) gives an office with real processes; none outlives the test."""
    opened = []

    def make(hire=Process, **settings) -> Office:
        opened.append(Office(hire, Trainings(tmp_path / "jobs"), **settings))
        return opened[-1]

    yield make
    for office in opened:
        office.close(0.0)
        until(lambda office=office: not any(job.worker for job in office._jobs.values()))


def is_in(office, id, *states):
    return lambda: office.status(id).state in states


def made(office, id, count):
    return lambda: office.status(id).update >= count


def assert_trained(snapshots, curves, query, updates):
    """Snapshots and curves are those of a training in one go, to the last bit."""
    chosen = watched(updates).tolist()
    assert tuple(snapshots.networks) == tuple(CELLS) == tuple(curves)
    for network, history in snapshots.networks.items():
        run = plan(*of_query(query), network)
        passed = list(islice(train.train(run, chosen=chosen), updates))
        states = [train.start(run), *(state for state, _ in passed)]
        assert history.updates.tolist() == list(train.chosen_updates(updates, 40))
        for number, weights in zip(history.updates, history.weights, strict=True):
            np.testing.assert_array_equal(weights, states[number].weights)
        np.testing.assert_array_equal(history.first, states[-1].first)
        np.testing.assert_array_equal(history.second, states[-1].second)
        for found in (curves[network], history.curves):
            for k, name in enumerate(("loss", "accuracy", "norm")):
                expected = np.array([measured[k] for _, measured in passed], np.float32)
                np.testing.assert_array_equal(getattr(found, name), expected)
            np.testing.assert_array_equal(found.watched, chosen)
            np.testing.assert_array_equal(found.by_step, [passed[k][1].by_step for k in chosen])


def test_a_job_trains_what_the_core_trains(open_office):
    office = open_office()
    query, updates = small(300)
    id = office.submit("a", query, updates)
    until(is_in(office, id, "done"), office, a=id)
    status = office.status(id)
    assert (status.update, status.updates, status.reason) == (300, 300, None)
    assert office.find(id).query == query
    assert_trained(office.find(id), office.curves(id), query, updates)


def test_pauses_leave_no_trace(open_office):
    office = open_office()
    query, updates = small(1500)
    id = office.submit("a", query, updates)
    for count in (1, 300, 600):
        until(made(office, id, count), office, a=id)
        assert office.pause(id, "a").state == "paused"
        until(lambda: pid_of(office, id) is None, office)
        status = office.status(id)
        assert status.state == "paused" and count <= status.update == status.saved < updates
        assert office.find(id).networks["lstm"].updates[-1] == status.update
        office.resume(id, "a")
    until(is_in(office, id, "done"), office, a=id)
    assert_trained(office.find(id), office.curves(id), query, updates)


def test_a_killed_process_is_told_and_leaves_no_trace(open_office):
    office = open_office()
    query, updates = small(1500)
    id = office.submit("a", query, updates)
    until(made(office, id, 100), office, a=id)
    office.pause(id, "a")  # saves
    until(lambda: pid_of(office, id) is None, office)
    office.resume(id, "a")
    until(made(office, id, office.status(id).saved + 1), office, a=id)
    first = pid_of(office, id)
    kill(first)
    until(lambda: pid_of(office, id) not in (first, None), office, a=id)
    status = office.status(id)
    assert status.reason.code == "crashed" and 100 <= status.reason.values["update"] < updates
    until(is_in(office, id, "done"), office, a=id)
    assert_trained(office.find(id), office.curves(id), query, updates)


def test_prices_reach_the_process(open_office):
    office = open_office()
    prices = np.cumsum(np.random.default_rng(0).standard_normal((60, 2)), axis=0)
    query, updates = small(20, task="stocks", tick="AAPL")
    id = office.submit("a", query, updates, Table(prices, ("GOOG", "AAPL")))
    until(is_in(office, id, "done", "failed"), office, a=id)
    shelf = SHIPPED._replace(prices=lambda: Table(prices, ("GOOG", "AAPL")))
    *_, (state, _) = islice(train.train(plan(*of_query(query), "gru", shelf)), 20)
    np.testing.assert_array_equal(office.find(id).networks["gru"].weights[-1], state.weights)


def test_without_a_heartbeat_the_process_saves_and_ends(open_office):
    clock = Clock()
    office = open_office(clock=clock)
    id = office.submit("a", *small())
    until(made(office, id, 10), office, a=id)
    process = pid_of(office, id)
    clock.now += LAPSE + 1
    until(lambda: not alive(process) and pid_of(office, id) is None, office)
    status = office.status(id)
    assert status.state == "saved" and status.reason == ("lapsed", {"update": status.saved})
    assert office.find(id).networks["rnn"].updates[-1] == status.saved >= 10
    office.resume(id, "a")
    until(made(office, id, status.saved + 1), office, a=id)


def test_cancelled_is_gone_at_once(open_office):
    office = open_office()
    id = office.submit("a", *small())
    until(made(office, id, 1), office, a=id)
    process = pid_of(office, id)
    assert office.cancel(id, "a").state == "cancelled"
    until(lambda: not alive(process), office)


@pytest.mark.parametrize(
    ("what", "code"),
    [("raises", "error"), ("starves", "memory"), ("dies", "crashed_again"), ("babbles", "crashed_again")],
)
def test_trouble_is_told(open_office, what, code, caplog):
    office = open_office(troubled(what))
    id = office.submit("a", *small())
    until(is_in(office, id, "failed", "done"), office, a=id)
    until(lambda: pid_of(office, id) is None, office)
    status = office.status(id)
    assert (status.state, status.reason.code) == ("failed", code)
    assert status.saved <= 20


def test_printing_does_no_harm(open_office):
    office = open_office(troubled("chats"))
    id = office.submit("a", *small(30))
    until(is_in(office, id, "failed", "done"), office, a=id)
    assert office.status(id).state == "done"


def test_a_process_that_hangs_ends_all_the_same(open_office):
    office = open_office(troubled("hangs"))
    id = office.submit("a", *small())
    until(lambda: office.curves(id), office, a=id)
    process = pid_of(office, id)
    office.pause(id, "a")
    until(lambda: not alive(process) and pid_of(office, id) is None, office)
    assert office.status(id).state == "paused"


def test_a_command_that_cannot_be_run_is_told(open_office, caplog):
    def hire(*given):
        return Process(*given, command=("/nowhere/python",))

    office = open_office(hire)
    id = office.submit("a", *small())
    until(is_in(office, id, "failed"), office, a=id)
    assert office.status(id).reason.code == "crashed_again"


def test_twenty_readers_press_start(open_office):
    office = open_office(workers=2)
    ids = {f"reader{k}": office.submit(f"reader{k}", *small(40)) for k in range(20)}
    waiting = [id for id in ids.values() if office.status(id).state == "queued"]
    assert [office.status(id).place for id in waiting] == list(range(1, 19))
    for owner in ("reader1", "reader7", "reader19"):
        office.cancel(ids.pop(owner), owner)
    until(lambda: all(office.status(id).state == "done" for id in ids.values()), office, **ids)
    assert {office.status(id).update for id in ids.values()} == {40}
    until(lambda: not office.busy, office)


@linux
def test_processes_give_way_and_use_one_thread(open_office):
    office = open_office()
    id = office.submit("a", *small())
    until(made(office, id, 1), office, a=id)
    process = pid_of(office, id)
    assert os.getpriority(os.PRIO_PROCESS, process) > os.getpriority(os.PRIO_PROCESS, 0)
    variables = dict(
        one.split(b"=", 1)
        for one in Path(f"/proc/{process}/environ").read_bytes().split(b"\0")
        if b"=" in one
    )
    assert variables[b"OPENBLAS_NUM_THREADS"] == variables[b"OMP_NUM_THREADS"] == b"1"
    assert variables[b"VECLIB_MAXIMUM_THREADS"] == b"1"


@pytest.fixture
def server(tmp_path):
    """A server in a process of its own that trains: (process, id of the job, id of its process)."""
    environment = os.environ | {"GATESCOPE_STORE": str(tmp_path / "jobs"), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, str(HERE / "a_server.py")],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    id, worker = process.stdout.readline().split()
    yield process, id, int(worker)
    process.kill()
    process.communicate()


@linux
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_job_outlives_a_server_that_is_killed(server, number, tmp_path):
    process, id, worker = server
    assert alive(worker)
    process.send_signal(number)
    until(lambda: not alive(worker))
    assert Trainings(tmp_path / "jobs").find(id).networks["gru"].updates[-1] >= 0


@linux
def test_a_server_that_ends_saves_and_the_next_one_goes_on(server, open_office):
    process, id, worker = server
    process.stdin.write("\n")
    process.stdin.flush()
    assert process.wait(LIMIT) == 0
    until(lambda: not alive(worker))
    office = open_office()
    status = office.beat(id, "owner")
    assert (status.state, status.reason.code) == ("saved", "kept")
    assert status.update == len(office.curves(id)["lstm"].loss) > 0
    office.resume(id, "owner")
    until(made(office, id, status.update + 1), office, owner=id)


@linux
def test_two_servers_on_one_folder_train_a_job_once(server, open_office, monkeypatch):
    process, id, worker = server
    monkeypatch.setattr(leases, "LAPSE", 5.0)
    office = open_office()
    office.beat(id, "owner")
    assert office.resume(id, "owner").state == "running"
    until(made(office, id, 1), office, owner=id)
    assert pid_of(office, id) is None and alive(worker) and workers_of(os.getpid()) == []
    process.kill()
    until(lambda: pid_of(office, id) is not None, office, owner=id)
    until(lambda: not alive(worker))
    until(made(office, id, office.status(id).saved + 1), office, owner=id)


def test_a_process_whose_server_has_gone_saves_and_ends(tmp_path):
    """Where the system does not tell of the parent's end, the closed input does."""
    kept, query = Trainings(tmp_path), small()[0]
    kept.create("0" * 16, About("a", query, 20000))
    ended = []
    process = Process(
        Order(str(tmp_path), "0" * 16, query, 20000), lambda message: None, lambda: ended.append(1)
    )
    until(lambda: kept.saved("0" * 16))
    before = kept.find("0" * 16).networks["lstm"].updates[-1]
    process.stop()
    process.join(LIMIT)
    assert ended == [1] and process._popen.returncode == 0
    assert kept.find("0" * 16).networks["lstm"].updates[-1] >= before


def test_a_finished_process_ends_in_good_order(tmp_path):
    """With its input still open, as the server leaves it, and with nothing to complain of."""
    order = Order(str(tmp_path), "0" * 16, small()[0], updates=2)._asdict() | {"parent": os.getpid()}
    command = [sys.executable, "-m", "jobs.worker"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as worker:
        messages.write(worker.stdin, "order", **order)
        said, complaints = worker.stdout.read(), worker.stderr.read()
    assert (worker.returncode, complaints) == (0, b"")
    assert b"done" in said
