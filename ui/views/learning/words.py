"""What Learning says in words: what a trained network answers, what became of its half-lives, how a training goes."""

from collections.abc import Mapping

import numpy as np

from jobs import Reason, Status
from recurrent_core import Simulation
from recurrent_core.learn.snapshots import Curves
from recurrent_core.learn.tasks import Lag, Task
from ui.recordings import trained
from ui.recordings.trained import Shown
from ui.views.learning import curves as learning
from ui.words import numbers
from ui.words.text import Text


def sentence(t: Text, seen: Shown, simulation: Simulation, answer: np.ndarray) -> str:
    """What the network answers to the probe, beside what is right."""
    values = {"network": simulation.recording.cell.label, "update": numbers.whole(seen.update)}
    when = t("learning.after" if seen.update else "learning.before", **values)
    target = seen.task.probe.targets[-1, 0]
    if seen.task.classes:
        shares = np.exp(answer - answer.max())
        share = numbers.percent(t, float(shares[target] / shares.sum()))
        said = t("learning.answer_class", target=seen.task.answers[target], share=share)
    else:
        said = t(
            "learning.answer",
            answer=_value(t, answer[0]),
            target=_value(t, target[0]),
        )
    return f"{when} {said}"


def _value(t: Text, value: float) -> str:
    """An answer; what is only a rounding error away from 0 is 0."""
    return numbers.size(t, 0.0 if abs(value) < 1e-6 else float(value))


def note(t: Text, seen: Shown, network: str, *, waiting: bool) -> str:
    """What input is shown, how often the network is right, and `waiting` settings that count from the next start."""
    accuracy = t("learning.accurate", share=numbers.percent(t, trained.accuracy(seen, network)))
    parts = [t("learning.note", accuracy=accuracy)]
    if waiting:
        values: dict[str, dict[str, object]] = {
            "length": {"length": seen.training.length},
            "units": {"units": seen.run.units},
            "rate": {"rate": numbers.short(seen.training.rate)},
        }
        settings = t.join([t(f"learning.of_{name}", **value) for name, value in values.items()])
        parts.append(t("learning.other", settings=settings))
    return " ".join(parts)


def lives(t: Text, seen: Shown, network: str) -> str:
    """What training did to the longest half-life of a network's units, beside the lag of the task."""
    before, now = (trained.lives(seen, network, update) for update in (seen.updates[0], seen.update))
    asked = lag(t, seen.task.lag)
    if before is None or now is None:
        return t("learning.no_gate", lag=asked)
    longest = [numbers.steps(t, float(steps.max())) for steps in (before, now)]
    if seen.update == seen.updates[0]:
        return t("learning.lives_untrained", before=longest[0], lag=asked)
    return t("learning.lives", before=longest[0], now=longest[1], lag=asked)


def lives_sentence(t: Text, seen: Shown) -> str:
    """How many units keep for as long as the task asks, before training and now, of every network with such a gate."""
    least, parts = seen.task.lag.low, []
    for network in learning.KEEPING:
        before, now = (trained.lives(seen, network, update) for update in (seen.updates[0], seen.update))
        if before is None or now is None:
            continue
        counts = {"before": int((before >= least).sum()), "now": int((now >= least).sum()), "units": len(now)}
        parts.append(t("learning.keeping", network=t.choice("network", network), **counts))
    return t("learning.lives_sentence", values=t.join(parts), least=numbers.steps(t, least))


def lag(t: Text, asked: Lag) -> str:
    """Over how many steps something must be kept: "25 to 49 steps"."""
    if asked.low == asked.high:
        return numbers.steps(t, asked.high)
    return t("learning.lag", low=asked.low, high=asked.high)


def loss_sentence(t: Text, task: Task, found: Mapping[str, Curves]) -> str:
    """Where the networks' losses stand, and what the answer without learning costs."""
    ends = {
        network: learning.smoothed(curves.loss)[-1] for network, curves in found.items() if len(curves.loss)
    }
    trivial = numbers.size(t, task.trivial)
    if not ends:
        return t("learning.loss_none", trivial=trivial)
    values = t.join(
        [
            t("learning.value", network=t.choice("network", n), value=numbers.size(t, float(v)))
            for n, v in ends.items()
        ]
    )
    update = max(len(curves.loss) for curves in found.values())
    return t("learning.loss", update=numbers.whole(update), values=values, trivial=trivial)


def right_sentence(t: Text, task: Task, found: Mapping[str, Curves]) -> str:
    """How often the networks have been right lately, and how often the answer without learning is."""
    ends = {n: learning.smoothed(curves.accuracy)[-1] for n, curves in found.items() if len(curves.accuracy)}
    chance = numbers.percent(t, task.chance)
    if not ends:
        return t("learning.right_none", chance=chance)
    shares = [(t.choice("network", n), numbers.percent(t, float(share))) for n, share in ends.items()]
    values = t.join([t("learning.value", network=network, value=share) for network, share in shares])
    return t("learning.right", count=learning.WINDOW, values=values, chance=chance)


def map_sentence(t: Text, task: Task, found: Mapping[str, Curves]) -> str:
    """What is left of the learning signal at the first step, in the last update that was watched."""
    if task.probe.start == 0:
        return t("learning.map_every")
    values = []
    for network, curves in found.items():
        if len(curves.by_step):
            last = curves.by_step[-1]
            share = float(last[0] / last.max()) if last.max() > 0 else 0.0
            values.append(
                t("learning.value", network=t.choice("network", network), value=numbers.percent(t, share))
            )
    return t("learning.map", values=t.join(values)) if values else t("learning.map_none")


def status(t: Text, told: Status | None, mine: bool) -> tuple[str, str]:
    """How a training goes, and how long it will take."""
    if told is None or told.state in ("cancelled", "gone"):
        return t("training.idle"), ""
    values = {
        "update": numbers.whole(told.update),
        "updates": numbers.whole(told.updates),
        "place": told.place,
    }
    said = t(f"training.{told.state}", **values)
    detail = ""
    if told.state == "running" and told.seconds_left is not None:
        detail = t("training.left", time=duration(t, told.seconds_left), rate=numbers.fixed(told.rate, 0))
    if not mine and told.state != "done":
        detail = t("training.foreign")
    return said, detail


def duration(t: Text, seconds: float) -> str:
    """A time to wait, "40 s" or "3 min"."""
    if seconds < 90:
        return t("training.seconds", count=max(1, round(seconds)))
    return t("training.minutes", count=round(seconds / 60))


def notice(t: Text, found: Reason) -> str:
    """Why a training is in its state, in a sentence."""
    return t(f"training.notices.{found.code}", **found.values)
