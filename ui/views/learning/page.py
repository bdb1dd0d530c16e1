"""Learning: the gates of a trained network at any update of its training, and what became of its half-lives."""

from dataclasses import fields

from figures import recording_heatmaps
from figures.learning import half_lives
from recurrent_core import Experiment
from ui import blocks, controls
from ui.parts import Part, TimeCursor, Words
from ui.recordings import cached, trained
from ui.recordings.trained import Shown
from ui.session import Session
from ui.views.learning import curves as learning
from ui.views.learning import training
from ui.views.learning import words as said
from ui.views.learning.progress import SLOT
from ui.views.view import View
from ui.words import sentences
from ui.words.text import Text

RATES = (1e-4, 2e-4, 5e-4, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


def panel(here: Session, t: Text) -> list[dict]:
    e = here.experiment
    return [
        controls.choice(t, e, "task") | {"meaning": t(f"tasks.{e.task}")},
        _update(t, trained.shown(e)),
        controls.segments(t, e, "network"),
        {"kind": "slot", "name": SLOT, "label": t("training.label")},
        controls.toggle(t, e, "all_rows"),
        controls.group("more", t("training.settings"), _settings(here, t), _changed(t, e)),
    ]


def _update(t: Text, seen: Shown) -> dict:
    """The slider through the training: a place for each snapshot."""
    return {
        "kind": "slider", "name": "update", "label": t("fields.update.label"), "help": t("fields.update.help"),
        "min": 0, "max": seen.updates[-1], "step": 1, "value": seen.update, "main": True,
        "stops": list(seen.updates), "labels": [f"{update:,}" for update in seen.updates],
    }  # fmt: skip


def _settings(here: Session, t: Text) -> list[dict]:
    e = here.experiment
    names = (*training.DATA.get(e.task, ()), *training.SETTINGS)
    items = {name: controls.item(t, e, name, here.drafts) for name in names}
    stops = sorted({*RATES, e.rate})
    items["rate"] |= {"stops": stops, "labels": [f"{rate:g}" for rate in stops]}
    items["optimiser"] |= {"kind": "segments"}
    return list(items.values())


def _changed(t: Text, e: Experiment) -> str:
    start = {field.name: field.default for field in fields(Experiment)}
    count = sum(getattr(e, name) != start[name] for name in training.SETTINGS)
    return t("controls.changed", count=count) if count else ""


def networks(e: Experiment) -> tuple[str, ...]:
    return (e.network,)


def parts(here: Session, t: Text) -> list[Part]:
    """Every vector over the probe, and the half-lives of all units."""
    e, seen = here.experiment, trained.shown(here.experiment)
    simulation = cached.simulation(trained.as_experiment(e, seen), e.network)
    rows = [
        blocks.input_block(t, simulation),
        *blocks.vector_blocks(t, simulation, None, full_name=False),
    ]
    few = rows if e.all_rows else blocks.essential(rows)
    words, ticks = sentences.heatmap_words(t), simulation.signal.ticks
    steps = len(simulation.signal.inputs)
    step = min(e.cursor, steps - 1)
    answer = said.sentence(t, seen, simulation, trained.answer(seen, simulation))
    life_words = {
        "x": t("learning.lives_x"),
        "lag": t("learning.lives_lag", lag=said.lag(t, seen.task.lag)),
        "endless": t("learning.endless"),
    }
    return [
        Part(
            "figure",
            "learning",
            recording_heatmaps(rows, words, ticks=ticks, pixels=blocks.row_pixels(rows, 336)),
            compact=recording_heatmaps(few, words, ticks=ticks, pixels=blocks.row_pixels(few, 140)),
            hover={"unit": t("gates.unit")},
            words=Words(
                f"{answer} {said.lives(t, seen, e.network)}",
                sentences.step_rows(t, [simulation], step),
                controls.notices(t, here, seen.lost),
                said.note(t, seen, e.network, waiting=training.differs(seen.run, e)),
            ),
            cursor=TimeCursor(step + 1, 1, steps, t("a11y.time_cursor")),
        ),
        Part(
            "figure",
            "lives",
            half_lives(learning.half_lives(t, seen), lag=seen.task.lag.low, words=life_words),
            words=Words(said.lives_sentence(t, seen)),
        ),
    ]


def recorded(e: Experiment) -> Experiment:
    """The trained network on the probe. Raises InputError as `parts` does."""
    return trained.as_experiment(e, trained.shown(e))


VIEW = View(panel, parts, networks, recorded=recorded)
