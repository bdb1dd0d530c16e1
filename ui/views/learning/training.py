"""A reader's own training: what is asked of the office, what is told of it, and the curves that follow it."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import jobs
from figures.learning import gradient_maps, log_span, training_curves
from jobs import Reason, Refused, Status
from recurrent_core import FIELDS, Experiment, InputError, TrainingSettings, address
from recurrent_core.lab.presets import DEFAULT, start
from recurrent_core.lab.training import task_of
from recurrent_core.learn.tasks import TASKS, Task
from ui.parts import Part, TimeCursor, Words
from ui.recordings import trained
from ui.recordings.shelf import SHELF
from ui.session import Session
from ui.settings import State
from ui.views.learning import curves as learning
from ui.views.learning import words as said
from ui.views.learning.progress import Button, Link, Progress
from ui.words import numbers, sentences
from ui.words.text import Text

BEAT = 1000  # milliseconds
HEIGHT = 230  # pixels of a picture of curves
LONGEST = 1800.0  # seconds that a training may take
OWNER = re.compile(r"[A-Za-z0-9_-]{20,64}")
SETTINGS = ("length", "units", "match", "seed", "optimiser", "rate", "clip_at", "updates")
DATA = {"text": ("text",), "stocks": ("ticker",), "sine": ("period",)}  # what else decides about a task
USES = {"gates": "gates", "gradients": "gradients", "saturation": "saturation", "step": "step"}


@dataclass
class Watch:
    """What one session knows of its training: the token that proves it is ours, and what was taken last."""

    owner: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    seq: int = 0
    stage: int = 0  # how often the stage had something new to show
    shown: int = 0  # of that, what the browser shows
    acted: float = 0
    refused: Reason | InputError | None = None
    resumed: int | None = None
    seen: tuple[str, int] = ("", 0)  # name and last update of the snapshots that `stage` counts


def settings_of(training: TrainingSettings, experiment: Experiment) -> tuple[TrainingSettings, Experiment]:
    """All that a training depends on, and nothing else."""
    names = (name for name in (*SETTINGS, *DATA.get(training.task, ())) if name in FIELDS)
    return training, replace(start(Experiment), **{name: getattr(experiment, name) for name in names})


def differs(seen: trained.Shown, here: State) -> bool:
    """Whether the page sets another training than the one that is shown, other than in how long it goes on."""
    training, run = settings_of(here.training, here.experiment)
    there = settings_of(seen.training, seen.run)
    return (replace(training, updates=seen.training.updates), run) != there


def seconds(here: State) -> float:
    """Roughly how long the three networks' training takes on one core of an ordinary machine."""
    return here.training.updates * here.training.length * (2e-4 + 1e-7 * here.experiment.units**2)


def start_training(here: State, watch: Watch) -> State:
    """Queue a training with the page's settings and show it. Raises Refused or InputError."""
    if seconds(here) > LONGEST:
        raise Refused("long", time=seconds(here), limit=LONGEST)
    training, run = settings_of(here.training, here.experiment)
    task_of(training, run, SHELF)
    table = SHELF.prices() if training.task == "stocks" else None
    query = address.write(DEFAULT, run, training, lang="en")
    name = jobs.office().submit(watch.owner, query, training.updates, table)
    return _showing(here, trained=name, update=int(FIELDS["update"].high))


def _showing(here: State, **snapshot: Any) -> State:
    return here._replace(experiment=replace(here.experiment, **snapshot))


def reset(here: State, watch: Watch) -> State:
    """End the training and show the one that comes along."""
    jobs.office().cancel(here.experiment.trained, watch.owner)
    fresh = start(Experiment)
    return _showing(here, trained=fresh.trained, update=fresh.update)


def pause(here: State, watch: Watch) -> State:
    jobs.office().pause(here.experiment.trained, watch.owner)
    return here


def resume(here: State, watch: Watch) -> State:
    """Go on from what was saved. Raises Refused."""
    jobs.office().resume(here.experiment.trained, watch.owner)
    return here


ACTIONS = {"start": start_training, "pause": pause, "continue": resume, "reset": reset}


def receive(session: Session, watch: Watch, state: Mapping[str, Any]) -> None:
    """Take what the browser reports, and count what is new to the stage."""
    seq, owner, action = state.get("seq"), state.get("owner"), state.get("action")
    if not isinstance(seq, int) or seq <= watch.seq:
        return
    watch.seq = seq
    if isinstance(state.get("stage"), int):
        watch.shown = state["stage"]
    if isinstance(owner, str) and OWNER.fullmatch(owner):
        watch.owner = owner
    before = session.state.experiment
    if isinstance(action, Mapping) and action.get("name") in ACTIONS and _newer(action.get("seq"), watch):
        watch.refused = watch.resumed = None
        try:
            session.state = ACTIONS[action["name"]](session.state, watch)
        except (Refused, InputError) as error:
            watch.refused = error if isinstance(error, InputError) else Reason(error.code, error.values)
    watch.stage += _follow(session, watch) or session.state.experiment != before


def drawn(here: State, watch: Watch) -> None:
    """The whole stage has been drawn. Of a training that may have gone on meanwhile, the next report tells."""
    if here.experiment.trained in TASKS:
        watch.seen = present(here)


def news(watch: Watch) -> bool:
    """Whether the stage has something that the browser does not show yet."""
    return watch.shown != watch.stage


def _newer(seq: Any, watch: Watch) -> bool:
    if not isinstance(seq, int | float) or seq <= watch.acted:
        return False
    watch.acted = seq
    return True


def _follow(session: Session, watch: Watch) -> bool:
    """Whether there are new snapshots; who looks at the last one goes on to the next, but not from before training."""
    here = session.state
    now, (name, last) = present(here), watch.seen
    if now == watch.seen:
        return False
    watch.seen = now
    if name == now[0] and 0 < last == here.experiment.update:
        session.state = _showing(here, update=int(FIELDS["update"].high))
    return True


def look(here: State, watch: Watch) -> tuple[Status | None, bool]:
    """How the training goes, and whether it is this reader's, to whom a look is a heartbeat.

    A training that was saved while its reader was away goes on.
    """
    name, office = here.experiment.trained, jobs.office()
    about = None if name in TASKS else office.trainings.about(name)
    if about is None:
        return (None if name in TASKS else office.status(name)), False
    if not secrets.compare_digest(about.owner, watch.owner):
        return office.status(name), False
    told = office.beat(name, watch.owner)
    if told.state == "saved" and told.reason and told.reason.code in ("lapsed", "kept"):
        try:
            watch.resumed = told.update
            told = office.resume(name, watch.owner)
        except Refused as refused:
            watch.refused, watch.resumed = Reason(refused.code, refused.values), None
    return told, True


def progress(here: State, t: Text, watch: Watch, told: Status | None, mine: bool) -> Progress:
    """How the training goes, in words and buttons."""
    status, detail = said.status(t, told, mine)
    state = "idle" if told is None else told.state
    live = state in ("queued", "running")
    if state in ("idle", "cancelled", "gone"):
        detail = t("training.estimate", time=said.duration(t, seconds(here)))
    share = None
    if told is not None and told.updates and state not in ("cancelled", "gone"):
        share = told.update / told.updates
    seen = trained.shown(here.experiment, here.training.task)
    return Progress(
        state,
        status,
        _buttons(t, state, mine),
        share=share,
        detail=detail,
        notices=_notices(t, watch, told, mine),
        links_label=t("training.use"),
        links=_links(here, t, seen),
        label=t("training.label"),
        beat=BEAT if live or news(watch) or watch.seen != present(here) else 0,
    )


def _buttons(t: Text, state: str, mine: bool) -> tuple[Button, ...]:
    anew = Button("start", t("training.again" if state == "done" else "training.start"), main=True)
    ended = Button("reset", t("training.reset"))
    if not mine or state in ("idle", "cancelled", "gone"):
        return (anew,)
    if state == "done":
        return anew, ended
    if state in ("queued", "running"):
        return Button("pause", t("training.pause"), main=True), ended
    return Button("continue", t("training.continue"), main=True), ended


def _notices(t: Text, watch: Watch, told: Status | None, mine: bool) -> tuple[str, ...]:
    found = []
    if isinstance(watch.refused, InputError):
        found.append(sentences.notice(t, watch.refused))
    elif watch.refused:
        values = watch.refused.values
        if watch.refused.code == "long":
            values = {name: said.duration(t, value) for name, value in values.items()}
        found.append(said.notice(t, Reason(watch.refused.code, values)))
    if told is not None and told.reason and (mine or told.state == "gone"):
        found.append(said.notice(t, told.reason))
    elif watch.resumed is not None:
        found.append(said.notice(t, Reason("resumed", {"update": numbers.whole(watch.resumed)})))
    return tuple(found)


def _links(here: State, t: Text, seen: trained.Shown) -> tuple[Link, ...]:
    shown = here._replace(experiment=trained.as_experiment(here.experiment, seen), pinned=None, page="")
    query = shown._replace(view=replace(here.view, compare="")).query
    return tuple(Link(t(f"pages.{page}.nav"), f"{path}?{query}") for page, path in USES.items())


# The curves


def parts(here: State, t: Text) -> list[Part]:
    """Loss, accuracy and gradient norms of the training so far."""
    seen = trained.shown(here.experiment, here.training.task)
    found, updates = trained.curves(seen), max(1, trained.length(seen))
    asked = trained.asked_for(here.experiment, here.training.task)
    task = task_of(*asked, SHELF) if asked else seen.task
    losses = learning.losses(t, found)
    fields = {name: f"{{{name}}}" for name in ("network", "update", "value")}
    axes = {"x": t("learning.updates"), "hover": t("learning.hover", **fields)}
    trivial, chance = numbers.size(t, task.trivial), numbers.percent(t, task.chance)
    loss = training_curves(
        losses,
        updates=updates,
        span=log_span([curve.smooth for curve in losses], task.trivial),
        log=True,
        baseline=task.trivial,
        words=axes
        | {
            "y": t("learning.loss_nats" if task.classes else "learning.loss_mse"),
            "baseline": t("learning.trivial", value=trivial),
        },
        height=HEIGHT,
    )
    accuracy = training_curves(
        learning.accuracies(t, found),
        updates=updates,
        span=(0.0, 1.0),
        log=False,
        baseline=task.chance,
        words=axes | {"y": t("learning.accuracy"), "baseline": t("learning.trivial", value=chance)},
        height=HEIGHT,
    )
    cursor, note = _cursor(t, seen, updates), t("learning.smoothing", count=learning.WINDOW)
    return [
        Part(
            "figure", "loss", loss, words=Words(said.loss_sentence(t, task, found), note=note), cursor=cursor
        ),
        Part("figure", "accuracy", accuracy, words=Words(said.right_sentence(t, task, found)), cursor=cursor),
        _maps(t, task, found, updates),
    ]


def _cursor(t: Text, seen: trained.Shown, updates: int) -> TimeCursor:
    """The update that the stage shows, on the axis of the curves."""
    stops = tuple(update for update in seen.updates if update <= updates)
    flag = t("learning.map_update", update="{step}")
    return TimeCursor(min(seen.update, updates), 0, updates, t("learning.cursor"), "update", 0, flag, stops)


def _maps(t: Text, task: Task, found: Mapping, updates: int) -> Part:
    words = sentences.heatmap_words(t) | {"x": t("learning.updates")}
    blocks, columns = learning.maps(t, found, updates)
    labels = [t("learning.map_update", update=numbers.whole(column)) for column in columns]
    full, compact = (gradient_maps(blocks, columns, words, pixels, labels) for pixels in (88, 60))
    return Part(
        "figure",
        "learning_maps",
        full,
        compact=compact,
        hover={"unit": t("gates.unit")},
        words=Words(said.map_sentence(t, task, found), note=t("learning.map_what")),
    )


def present(here: State) -> tuple[str, int]:
    """Name and last update of the snapshots that there are."""
    seen = trained.shown(here.experiment, here.training.task)
    return seen.name, seen.updates[-1]
