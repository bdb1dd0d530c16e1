"""Learning: the gates of a trained network at any update of its training, and what became of its half-lives."""

from dataclasses import replace

from figures import recording_heatmaps
from figures.learning import half_lives
from recurrent_core.lab.presets import DEFAULT
from ui import blocks, controls
from ui.parts import Part, TimeCursor, Words
from ui.recordings import cached, trained
from ui.recordings.trained import Shown
from ui.settings import State, of_preset
from ui.views.learning import curves as learning
from ui.views.learning import training
from ui.views.learning import words as said
from ui.views.learning.progress import SLOT
from ui.views.view import View, figure
from ui.words import numbers, sentences
from ui.words.text import Text

RATES = (1e-4, 2e-4, 5e-4, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


def panel(here: State, t: Text) -> list[dict]:
    return [
        controls.choice(t, here, "task") | {"meaning": t(f"tasks.{here.training.task}")},
        _update(t, trained.shown(here.experiment, here.training.task)),
        controls.segments(t, here, "network"),
        {"kind": "slot", "name": SLOT, "label": t("training.label")},
        controls.toggle(t, here, "all_rows"),
        controls.group("more", t("training.settings"), _settings(here, t), _changed(here, t)),
    ]


def _update(t: Text, seen: Shown) -> dict:
    """The slider through the training: a place for each snapshot."""
    return {
        "kind": "slider", "name": "update", "label": t("fields.update.label"), "help": t("fields.update.help"),
        "min": 0, "max": seen.updates[-1], "step": 1, "value": seen.update, "main": True,
        "stops": list(seen.updates), "labels": [numbers.whole(update) for update in seen.updates],
    }  # fmt: skip


def _settings(here: State, t: Text) -> list[dict]:
    names = (*training.DATA.get(here.training.task, ()), *training.SETTINGS)
    items = {name: controls.item(t, here, name) for name in names}
    stops = sorted({*RATES, here.training.rate})
    items["rate"] |= {"stops": stops, "labels": [numbers.short(rate) for rate in stops]}
    items["optimiser"] |= {"kind": "segments"}
    return list(items.values())


def _changed(here: State, t: Text) -> str:
    start = of_preset(here, DEFAULT)
    count = sum(here.get(name) != start.get(name) for name in training.SETTINGS)
    return t("controls.changed", count=count) if count else ""


def networks(here: State) -> tuple[str, ...]:
    return (here.experiment.network,)


def parts(here: State, t: Text) -> list[Part]:
    """Every vector over the probe, and the half-lives of all units."""
    network, seen = here.experiment.network, trained.shown(here.experiment, here.training.task)
    simulation = cached.simulation(trained.as_experiment(here.experiment, seen), network)
    rows = [
        blocks.input_block(t, simulation),
        *blocks.vector_blocks(t, simulation, None, full_name=False),
    ]
    few = rows if here.view.all_rows else blocks.essential(rows)
    words, ticks = sentences.heatmap_words(t), simulation.signal.ticks
    steps = len(simulation.signal.inputs)
    step = min(here.view.cursor, steps - 1)
    answer = said.sentence(t, seen, simulation, trained.answer(seen, simulation))
    life_words = {
        "x": t("learning.lives_x"),
        "lag": t("learning.lives_lag", lag=said.lag(t, seen.task.lag)),
        "endless": t("learning.endless"),
    }
    return [
        figure(
            here,
            "learning",
            lambda: recording_heatmaps(rows, words, ticks=ticks, pixels=blocks.row_pixels(rows, 336)),
            lambda: recording_heatmaps(few, words, ticks=ticks, pixels=blocks.row_pixels(few, 140)),
            hover={"unit": t("gates.unit")},
            words=Words(
                f"{answer} {said.lives(t, seen, network)}",
                sentences.step_rows(t, [simulation], step),
                said.note(t, seen, network, waiting=training.differs(seen, here)),
                () if seen.lost is None else (sentences.notice(t, seen.lost),),
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


def recorded(here: State) -> State:
    """The trained network on the probe. Raises InputError as `parts` does."""
    seen = trained.shown(here.experiment, here.training.task)
    experiment = trained.as_experiment(here.experiment, seen)
    return here._replace(experiment=experiment, view=replace(here.view, compare=""))


VIEW = View(panel, parts, networks, recorded=recorded)
