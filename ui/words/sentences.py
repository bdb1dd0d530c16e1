"""Sentences that several pages say: meanings of sliders, readouts of a step, errors and notices.

Pure functions of a Text and core values; what is computed, `recurrent_core.analysis` computes. Steps count
from 0 in the arguments and from 1 in the words.
"""

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from figures import colours
from recurrent_core import CELLS, Clamp, Experiment, InputError, Notice, Simulation, analysis
from recurrent_core.cell import KEEPERS
from recurrent_core.lab.experiment import FRESH
from ui.settings import FIELDS
from ui.words.numbers import factor, percent, size, steps
from ui.words.text import Text, text

LATER = 10  # steps after a write at which a sentence looks again
CHANNELS_SHOWN = 4
BY_HAND = ("notebook", "count", "worked", "trained")  # wirings in which biases and scale have no effect
NAMED_BY_READER = ("text", "stocks", "data")  # signals whose channels have names that are not ours


class Row(NamedTuple):
    """One readout below the picture: a coloured mark, a name and a sentence; `key` is its block's."""

    colour: str
    name: str
    text: str
    key: str = ""


def memory_meaning(t: Text, experiment: Experiment, network: str | None = None) -> str:
    """What Memory does to `network` (default: the experiment's): "keeps 95.3 % per step, half-life 14 steps, on
    average 20 steps old"."""
    cell = CELLS[network or experiment.network]
    if experiment.wiring in BY_HAND:
        return _given(t, experiment)
    if not (keepers := cell.named(*KEEPERS)):
        return t(f"meaning.{cell.name}")
    if experiment.wiring in FRESH:
        return t("meaning.fresh")
    bias = experiment.biases_of(cell)[keepers[0]]
    return _of_bias(t.lang, "forget_bias", bias if cell.role(keepers[0]) == "keep" else -bias)


def meaning(t: Text, experiment: Experiment, name: str) -> str:
    """What the value of a field means, for the line below its slider; empty where the value says it all."""
    if name == "memory":
        return memory_meaning(t, experiment)
    if name == "scale":
        return _scale_meaning(t, experiment)
    if not name.endswith("_bias"):
        return ""
    if experiment.wiring in BY_HAND + FRESH:
        return _given(t, experiment) if experiment.wiring in BY_HAND else t("meaning.fresh")
    return _of_bias(t.lang, name, experiment.bias(name))


@lru_cache(maxsize=512)  # while one slider moves the others stand still
def _of_bias(lang: str, name: str, bias: float) -> str:
    t, share, life = text(lang), analysis.share_kept(bias), analysis.half_life_of_bias(bias)
    if name == "forget_bias":
        age = steps(t, analysis.mean_age_of_bias(bias))
        return t("meaning.keeps", share=percent(t, share), half_life=steps(t, life), age=age)
    if name == "update_bias":
        life = analysis.half_life_of_bias(-bias)
        return t("meaning.keeps_old", share=percent(t, share), half_life=steps(t, life))
    if name == "candidate_bias":
        return t("meaning.candidate", value=size(t, math.tanh(bias)))
    return t("meaning.opens", share=percent(t, share))


def _given(t: Text, experiment: Experiment) -> str:
    """Why a slider has no effect on weights that are given."""
    return t("meaning.trained" if experiment.wiring == "trained" else "meaning.by_hand")


def _scale_meaning(t: Text, experiment: Experiment) -> str:
    scale = experiment.scale
    if experiment.wiring in BY_HAND + FRESH:
        return t("meaning.unused") if experiment.wiring in FRESH else _given(t, experiment)
    if scale == 0:
        return t("meaning.scale_zero")
    if experiment.recurrent == "gaussian":
        return t("meaning.scale_gaussian")
    if scale == 1:
        return t("meaning.scale_keeps")
    if scale < 1:
        return t("meaning.scale_shrinks", share=percent(t, scale))
    return t("meaning.scale_grows", factor=factor(t, scale))


def clamp(t: Text, held: Clamp) -> str:
    """A clamp in words: "f = 1, t = 7 to 12", "f = 1, unit 3, from t = 7"."""
    values = {"name": held.name, "value": size(t, held.value), "start": (held.start or 0) + 1}
    key = "all" if held.unit is None else "unit"
    unit = {} if held.unit is None else {"unit": held.unit + 1}
    if held.stop is None:
        return t(f"clamp.{key}_open", **values, **unit)
    return t(f"clamp.{key}", stop=held.stop, **values, **unit)


def heatmap_words(t: Text) -> dict[str, str]:
    """The words of `figures.recording_heatmaps`."""
    return t.under("heatmap")


def curve_words(t: Text) -> dict[str, str]:
    """The words of `figures.gradient_curves`, some with fields that the figure fills."""
    return t.under("curves") | {"percent": t.words["numbers.percent"]}


def step_rows(
    t: Text, simulations: Sequence[Simulation], step: int, letters: Sequence[str] | None = None
) -> tuple[Row, ...]:
    """What happens at `step`: a row for the input and one for each vector of each network, or for those whose
    `letters` are shown."""
    first = simulations[0]
    step = min(max(step, 0), len(first.signal.inputs) - 1)
    rows = [Row(colours.VECTORS["input"], t("vectors.input"), input_text(t, first, step), "x")]
    for simulation in simulations:
        cell = simulation.recording.cell
        for letter in cell.Vectors._fields:
            if letters is None or letter in letters:
                name = vector_name(t, cell.name, letter)
                name = name if len(simulations) == 1 else f"{cell.label} · {name}"
                said = _vector_text(t, simulation, step, letter)
                rows.append(Row(colours.vector(cell, letter), name, said, f"{cell.name}.{letter}"))
    return tuple(rows)


def input_text(t: Text, simulation: Simulation, step: int) -> str:
    """What goes in at `step`: a character, or the values of the first channels by name."""
    inputs, channels, ticks = simulation.signal
    if ticks and simulation.experiment.signal in ("text", "probe") and set(ticks) <= set(channels):
        place = int(inputs[step].argmax()) + 1
        return t("rows.character", character=ticks[step], channel=place, count=len(channels))
    names = channel_names(t, simulation)[:CHANNELS_SHOWN]
    values = zip(names, inputs[step].tolist(), strict=False)
    shown = t.join([t("rows.channel", name=name, value=size(t, value)) for name, value in values])
    if len(channels) > CHANNELS_SHOWN:
        shown += " " + t("rows.more_channels", count=len(channels) - CHANNELS_SHOWN)
    return f"{ticks[step]}: {shown}" if ticks else shown


def channel_names(t: Text, simulation: Simulation) -> tuple[str, ...]:
    """Names of the input channels: our own in the reader's language, the reader's and those of symbols as they are."""
    channels = simulation.signal.channels
    if simulation.experiment.signal in NAMED_BY_READER:
        return channels
    return tuple(t.words.get(f"channels.{name}", name) for name in channels)


def _vector_text(t: Text, simulation: Simulation, step: int, letter: str) -> str:
    recording = simulation.recording
    quantity = recording.cell.quantity(letter)
    at = analysis.at_step(getattr(recording.vectors, letter), quantity, step)
    if not math.isfinite(at.mean):
        return t("rows.missing")
    key = f"rows.{recording.cell.name}.{letter}"
    if quantity.low == 0:
        parts = [t(key, mean=percent(t, at.mean))]
        low, high = percent(t, at.low), percent(t, at.high)
        parts += [t("rows.units", low=low, high=high)] if low != high else []
    else:
        parts = [t(key, size=size(t, at.mean), change=_change(t, at.change))]
    if at.outside:
        parts.append(t("rows.outside", count=at.outside, units=recording.final.h.shape[-1]))
    if any(c.name == letter and _holds(c, step) for c in recording.clamps):
        parts.append(t("rows.held"))
    said = " ".join(parts)
    return f"{said}. {t('marks.convention')}" if quantity.role == "replace" else said


def _holds(held: Clamp, step: int) -> bool:
    return (held.start or 0) <= step and (held.stop is None or step < held.stop)


def _change(t: Text, change: float) -> str:
    if abs(change) < 5e-5:
        return t("rows.same")
    return t("rows.up" if change > 0 else "rows.down", change=size(t, abs(change)))


def vector_name(t: Text, network: str, letter: str) -> str:
    return t(f"vectors.{network}.{letter}.short")


def notice(t: Text, what: InputError | Notice | BaseException) -> str:
    """What was expected, what came, what to do: the sentence of an error or notice; of an unknown one that
    the last picture stays."""
    if not isinstance(what, InputError | Notice):
        return t("errors.unknown")
    values = dict(what.values)
    name = values.get("field", "")
    if name:
        values["field"] = t(f"fields.{name}.label")
        values["expected"] = values.get("expected") and expected(t, name)
    if "choices" in values:
        values["choices"] = _choices(t, name, values["choices"])
    if "value" in values:
        values["value"] = size(t, float(values["value"]))
    return t(f"errors.{what.code}", **values)


def expected(t: Text, name: str) -> str:
    """What a field takes: "a number from 0 to 3"."""
    settings = FIELDS[name]
    if settings.kind == "choice":
        return t("errors.expected.choice", choices=_choices(t, name, settings.choices))
    low, high = size(t, settings.low), size(t, settings.high)
    return t(f"errors.expected.{settings.kind}", low=low, high=high, limit=int(settings.high))


def _choices(t: Text, name: str, values: Iterable[Any]) -> str:
    if name == "preset":
        return t.join([t(f"presets.{value}.label") for value in values])
    return t.join([t.choice(name, value) for value in values])
