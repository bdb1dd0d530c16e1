"""The page Learning: every task in words, and a reader's own training from Start to its end, with fake processes."""

import re
from pathlib import Path

import numpy as np
import pytest
from states import session_of, state_of
from streamlit.testing.v1 import AppTest

import jobs
from recurrent_core import CELLS, Experiment, simulate
from recurrent_core.container import pack
from recurrent_core.lab.training import of_query
from recurrent_core.learn.length_100 import Reached, length_100
from recurrent_core.learn.snapshots import Curves, History, Snapshots, shipped
from recurrent_core.learn.tasks import TASKS
from store import files
from tests.jobs.fakes import World
from ui.changes import with_values
from ui.parts import message
from ui.recordings import trained
from ui.session import Session
from ui.settings import State, opened
from ui.views import VIEWS
from ui.views.learning import curves as learning
from ui.views.learning import length_100 as reach
from ui.views.learning import training
from ui.views.learning import words as said
from ui.views.learning.training import Watch
from ui.words.text import text

ROOT = Path(__file__).parents[3]
EN = text("en")
languages = pytest.mark.parametrize("t", [EN, text("ko")], ids=["en", "ko"])
OWNER = "o" * 22


@pytest.fixture
def world(tmp_path, monkeypatch) -> World:
    """An office whose processes do nothing by themselves."""
    world = World(tmp_path / "jobs")
    monkeypatch.setattr(jobs, "_office", world.office)
    return world


def press(session: Session, watch: Watch, name: str, owner: str = OWNER) -> bool:
    """A browser that shows the stage reports that a button was pressed; whether there are news of the stage."""
    return report(session, watch, owner, watch.stage, {"seq": watch.seq + 1, "name": name})


def beat(session: Session, watch: Watch, owner: str = OWNER) -> bool:
    return report(session, watch, owner, watch.stage)


def report(session: Session, watch: Watch, owner: str, stage: int, action: dict | None = None) -> bool:
    state = {"seq": watch.seq + 1, "owner": owner, "stage": stage, "action": action}
    training.receive(session, watch, state)
    return training.news(watch)


def shown(session: Session, watch: Watch, t=EN):
    return training.progress(session.state, t, watch, *training.look(session.state, watch))


def asked(session: Session) -> str:
    """The name of the training that the settings ask for."""
    return session.state.experiment.trained


def seen_by(session: Session) -> trained.Shown:
    return seen_of(session.state)


def seen_of(here: State) -> trained.Shown:
    return trained.shown(here.experiment, here.training.task)


def move(session: Session, **fields) -> None:
    session.state = with_values(session.state, **fields)


def started(world: World, **settings) -> tuple[Session, Watch]:
    session, watch = session_of(page="learning", **{"updates": 100} | settings), Watch()
    assert press(session, watch, "start")
    return session, watch


def put_snapshots(world: World, name: str, count: int) -> None:
    """What a process would have saved: the first snapshots of the training that comes along."""

    def cut(history: History) -> History:
        last = int(history.updates[count - 1])
        curves = Curves(
            *(part[:last] for part in history.curves[:3]), np.zeros(0, int), history.curves.by_step[:0]
        )
        return history._replace(
            updates=history.updates[:count], weights=history.weights[:count], curves=curves
        )

    kept, query = shipped("adding"), world.trainings.about(name).query
    cuts = Snapshots(query, {network: cut(history) for network, history in kept.networks.items()})
    world.trainings.save(name, cuts)


# What is shown


@languages
@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("network", CELLS)
def test_every_task_and_network_in_whole_sentences(world, task, network, t):
    for update in (0, 20, 20_000):
        here = state_of(lang=t.lang, task=task, network=network, update=update)
        drawn = [*VIEWS["learning"].parts(here, t), *training.parts(here, t)]
        assert [p.name for p in drawn] == ["learning", "lives", "loss", "accuracy", "learning_maps"]
        for picture in drawn:
            assert pack(message(picture, here.query, settled=True))
            assert re.fullmatch(r"[^{}]*\.", picture.words.sentence) and "nan" not in picture.words.sentence
            assert picture.words.notices == ()


def test_the_answer_is_the_readout_of_the_last_hidden_state():
    seen = seen_of(state_of(task="adding"))
    simulation = simulate(trained.as_experiment(Experiment(), seen), "lstm")
    inputs = seen.task.probe.inputs[:, 0]
    answer = trained.answer(seen, simulation)
    assert (inputs[:, 0] @ inputs[:, 1]) == pytest.approx(seen.task.probe.targets.item())
    assert answer == pytest.approx(inputs[:, 0] @ inputs[:, 1], abs=0.2)
    sentence = said.sentence(EN, seen, simulation, answer)
    assert f"{answer.item():.2f}" in sentence and f"{seen.task.probe.targets.item():.2f}" in sentence


def test_training_moves_half_lives_and_the_words_say_so():
    seen = seen_of(state_of(task="adding"))
    before, now = (trained.lives(seen, "lstm", update) for update in (seen.updates[0], seen.update))
    assert now.max() > 4 * before.max()
    assert f"{before.max():.1f} steps before" in said.lives(EN, seen, "lstm")
    assert "no gate" in said.lives(EN, seen, "rnn")


def test_an_update_between_two_snapshots_shows_the_one_before():
    seen = seen_of(state_of(task="adding", update=3))
    assert seen.update == max(update for update in seen.updates if update <= 3)


def test_smoothing_is_the_mean_of_the_last_values_and_what_is_drawn_stays():
    values = np.arange(10.0)
    assert learning.smoothed(values, 4).tolist() == [0, 0.5, 1, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5]
    assert learning.smoothed(values[:6], 4).tolist() == learning.smoothed(values, 4)[:6].tolist()
    assert learning.smoothed(np.zeros(0)).tolist() == []


def test_a_map_is_relative_to_the_strongest_step_and_clear_where_nothing_happened_yet():
    norms = np.array([[0.01, 0.1, 1.0], [2.0, 0.0, 0.2]])
    assert learning.relative(norms) == pytest.approx(np.array([[-2, -1, 0], [0, -np.inf, -1]]))
    zeros = np.zeros(40)
    found = {"lstm": Curves(zeros, zeros, zeros, np.array([0, 20]), norms)}
    (block,), columns = learning.maps(EN, found, 100)
    reached = np.array(columns) < 40
    assert np.isnan(block.values[~reached]).all() and not np.isnan(block.values[reached]).any()
    assert block.values[0] == pytest.approx([-2, -1, 0])


def test_a_training_that_is_gone_is_said_and_the_one_that_comes_along_shown(world):
    here = session_of(trained="0123456789abcdef")
    notices = VIEWS["learning"].parts(here.state, EN)[0].words.notices
    assert len(notices) == 1 and "0123456789abcdef" in notices[0]
    assert seen_by(here).name == "adding"
    assert shown(here, Watch()).state == "gone"


# Start, pause, continue, reset


def test_start_queues_what_the_settings_say(world):
    here, _ = started(
        world, task="first", length=20, units=8, rate=0.02, updates=100, memory=5.0, signal="noise"
    )
    about = world.trainings.about(asked(here))
    learning, run = of_query(about.query)
    assert (learning.task, learning.length, learning.rate, about.updates) == ("first", 20, 0.02, 100)
    assert learning == here.state.training and run == Experiment(units=8)
    assert about.owner == OWNER


def test_the_buttons_follow_the_state(world):
    here, watch = session_of(updates=100), Watch()
    names = lambda: [button.name for button in shown(here, watch).buttons]  # noqa: E731
    assert names() == ["start"] and shown(here, watch).share is None
    press(here, watch, "start")
    worker = world.worker_of(asked(here))
    worker.begin()
    worker.train(30)
    assert (
        names() == ["pause", "reset"] and shown(here, watch).share == 0.3 and shown(here, watch).beat == 1000
    )
    press(here, watch, "pause")
    worker.end()
    assert names() == ["continue", "reset"]
    press(here, watch, "continue")
    worker = world.worker_of(asked(here))
    worker.begin(30)
    worker.train(70)
    worker.save()
    worker.say("done")
    worker.end()
    assert names() == ["start", "reset"] and shown(here, watch).state == "done"
    press(here, watch, "reset")
    assert names() == ["start"] and asked(here) == Experiment().trained


def test_an_action_is_taken_once_however_often_it_is_reported(world):
    here, watch = started(world)
    first = asked(here)
    again = {"seq": watch.seq + 1, "owner": OWNER, "action": {"seq": watch.acted, "name": "start"}}
    training.receive(here, watch, again)
    assert asked(here) == first and len(world.hired) == 1


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"seq": "1"},
        {"seq": 1, "owner": 5, "action": 7},
        {"seq": 1, "owner": "<script>", "action": {"seq": 1, "name": "__class__"}},
        {"seq": 1, "owner": "a/../" * 9, "action": {"seq": None, "name": "start"}},
    ],
)
def test_reports_that_make_no_sense_change_nothing(world, state):
    here, watch = Session(), Watch()
    watch.seen = training.present(here.state)
    before, owner = here.state, watch.owner
    assert not training.receive(here, watch, state)
    assert (here.state, watch.owner, world.hired) == (before, owner, [])


def test_who_only_knows_the_link_may_look_but_not_touch(world):
    here, _ = started(world)
    guest, other = Session(here.state), Watch()
    for name in ("pause", "reset"):
        press(guest, other, name, owner="g" * 22)
        guest.state = here.state
    assert world.office.status(asked(here)).state == "running"
    job = shown(guest, other)
    assert [button.name for button in job.buttons] == ["start"] and job.detail == EN("training.foreign")


def test_a_look_is_a_heartbeat_and_a_training_that_was_saved_meanwhile_goes_on(world):
    here, watch = started(world)
    name = asked(here)
    worker = world.worker_of(name)
    worker.begin()
    worker.train(40)
    world.later(9)
    assert shown(here, watch).state == "running"
    world.later(9)
    assert world.office.status(name).state == "running"
    world.later(3)
    worker.end()
    assert world.office.status(name).state == "saved"
    fresh, guest = (
        Watch(),
        Session(here.state),
    )  # after a reload: a session that must prove itself
    assert shown(guest, fresh).state == "saved"
    beat(guest, fresh)
    job = shown(guest, fresh)
    assert job.state in ("queued", "running") and job.notices == (
        EN("training.notices.resumed", update="40"),
    )


def test_what_is_paused_stays_paused(world):
    here, watch = started(world)
    press(here, watch, "pause")
    world.worker_of(asked(here)).end()
    beat(here, watch)
    assert shown(here, watch).state == "paused"


def test_who_looks_at_the_last_snapshot_is_taken_to_the_next_and_nobody_else(world):
    here, watch = started(world)
    name = asked(here)
    put_snapshots(world, name, 3)
    assert beat(here, watch) and not beat(here, watch)
    assert seen_by(here).name == name
    move(here, update=seen_by(here).updates[-1])
    put_snapshots(world, name, 5)
    assert beat(here, watch)
    assert seen_by(here).update == seen_by(here).updates[-1]
    move(here, update=1)
    put_snapshots(world, name, 7)
    assert beat(here, watch)
    assert seen_by(here).update == 1


def test_who_looks_at_the_network_before_training_stays(world):
    here, watch = started(world)
    name = asked(here)
    move(here, update=0)
    for count in (1, 3):
        put_snapshots(world, name, count)
        assert beat(here, watch)
        assert seen_by(here).update == 0


def test_news_come_until_the_browser_shows_them(world):
    here, watch = started(world)
    name = asked(here)
    before = watch.stage - 1
    for _ in range(3):  # a control is held
        assert report(here, watch, OWNER, before)
    assert not beat(here, watch)
    put_snapshots(world, name, 3)
    world.worker_of(name).say("done")
    assert report(here, watch, OWNER, watch.stage) and shown(here, watch).state == "done"
    assert shown(here, watch).beat  # it is asked again, though nothing goes on any more
    assert not beat(here, watch) and not shown(here, watch).beat


def test_another_task_shows_its_own_training_and_the_reader_s_goes_on(world):
    here, watch = started(world, task="adding")
    put_snapshots(world, asked(here), 3)
    move(here, task="first")
    seen = seen_by(here)
    assert (seen.name, seen.job) == ("first", "")
    assert shown(here, watch).state == "running"


def test_a_training_without_numbers_is_a_picture_without_curves(world):
    here, _ = started(world)
    loss, accuracy, maps = training.parts(here.state, EN)
    assert loss.words.sentence.startswith("The losses appear here")
    assert accuracy.words.sentence and maps.words.sentence
    assert np.isnan(maps.body["data"][0]["z"]).all()


# What is refused


def test_hours_of_training_are_refused_in_words(world):
    here, watch = session_of(length=200, units=128, updates=20_000), Watch()
    press(here, watch, "start")
    (notice,) = shown(here, watch).notices
    assert "30 min" in notice and world.hired == []
    move(here, units=16, length=50, updates=500)
    press(here, watch, "start")
    assert shown(here, watch).notices == () and len(world.hired) == 1


def test_a_text_of_one_character_is_refused_in_words(world):
    here, watch = session_of(task="text", text="a"), Watch()
    press(here, watch, "start")
    (notice,) = shown(here, watch).notices
    assert "2 characters" in notice and world.hired == []


def test_a_full_queue_is_said(world):
    for k in range(world.office.queue + world.office.workers):
        world.submit(f"owner {k}")
    here, watch = Session(), Watch()
    press(here, watch, "start")
    assert shown(here, watch).notices == (EN("training.notices.queue_full", limit=world.office.queue),)


def test_a_full_disk_is_said_and_the_last_training_stays(world, monkeypatch, caplog):
    here, watch = started(world)
    before = here.state.experiment

    def full(*given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write", full)
    press(here, watch, "start")
    assert shown(here, watch).notices == (EN("training.notices.disk"),)
    assert here.state.experiment == before and shown(here, watch).state == "running"


def test_the_place_in_the_queue_is_said(world):
    world.submit("first")
    world.submit("second")
    here, watch = started(world)
    assert shown(here, watch).status == EN("training.queued", place=2)


@languages
def test_every_state_and_notice_has_a_sentence(world, t):
    for state in ("queued", "running", "paused", "saved", "done", "failed", "cancelled", "gone"):
        told = jobs.Status("x", state, 1, 10, 100, 5.0, 18.0, 10, None)
        for mine in (True, False):
            assert all("{" not in part for part in said.status(t, told, mine))
    notices = {"crashed": {"update": 3}, "crashed_again": {"update": 3}, "error": {"error": "ValueError"}, "memory": {},
               "lapsed": {"update": 3}, "kept": {"update": 3}, "replaced": {}, "gone": {"id": "x"},
               "disk": {}, "queue_full": {"limit": 3}}  # fmt: skip
    for code, values in notices.items():
        assert said.notice(t, jobs.Reason(code, values))


def test_a_crash_is_told_and_goes_on_from_what_was_saved(world):
    here, watch = started(world)
    worker = world.worker_of(asked(here))
    worker.begin()
    worker.train(50)
    worker.save()
    worker.train(20)
    worker.end()
    job = shown(here, watch)
    assert job.state in ("queued", "running") and "50" in job.notices[0]
    assert world.worker_of(asked(here)).order.known == 70


# What length 100 comes to

REACHED = {
    "rnn": Reached(0.001, 50 * np.arange(3), np.array([[0.3, 0.2, 0.17], [0.3, 0.2, 0.15]]), {0.001: 0.16}),
    "gru": Reached(
        0.003, 50 * np.arange(3), np.array([[0.3, 0.1, 0.001], [0.3, 0.1, 0.001]]), {0.003: 0.001}
    ),
}


@languages
def test_what_length_100_comes_to_is_drawn_as_measured(t):
    (picture,) = reach.parts(t, REACHED)
    drawn = [trace for trace in picture.body["data"] if trace.get("name")]
    assert [trace["name"] for trace in drawn] == ["RNN", "GRU"]
    rnn = drawn[0]
    assert rnn["x"].tolist() == [0, 50, 100] and rnn["customdata"] == pytest.approx([0.3, 0.2, 0.16])
    assert "0.16" in picture.words.sentence and "0.15" in picture.words.sentence
    assert pack(message(picture, "", settled=True))


def test_every_network_is_shown_with_what_it_reached():
    (picture,) = reach.parts(EN, length_100())
    assert [trace["name"] for trace in picture.body["data"] if trace.get("name")] == ["RNN", "LSTM", "GRU"]


# Elsewhere


def test_what_is_downloaded_is_the_trained_network(world):
    here = VIEWS["learning"].recorded(state_of(network="gru", update=50, memory=1.0))
    e, update = here.experiment, seen_of(here).update
    assert (e.wiring, e.signal, e.trained, e.update) == ("trained", "probe", "adding", update)


@pytest.mark.parametrize("network", CELLS)
def test_a_link_to_another_page_shows_the_same_network(world, network):
    here = session_of(network=network, update=50, memory=1.0, steps=30)
    links = shown(here, Watch()).links
    assert [link.href.partition("?")[0] for link in links] == ["gates", "gradients", "saturation", "step"]
    linked = opened(links[0].href.partition("?")[2]).experiment
    h = simulate(trained.as_experiment(here.state.experiment, seen_by(here)), network).recording.vectors.h
    assert np.array_equal(simulate(linked, network).recording.vectors.h, h)


@pytest.mark.parametrize("page", ["gates", "gradients", "saturation", "step"])
def test_the_other_pages_show_a_trained_network(page):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).switch_page(f"pages/{page}.py")
    for key, value in {"wire": "trained", "sig": "probe", "by": "stocks", "up": "100", "v": "1"}.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception and not app.error
