"""From the core's numbers to words: the sentence above a picture, the readouts below it, what sliders mean.

Pure functions of a Text and core values; what is computed, `recurrent_core.analysis` computes. Steps count
from 0 in the arguments and from 1 in the words.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from figures.colours import VECTORS
from recurrent_core import CELLS, FIELDS, Clamp, Experiment, InputError, Notice, Simulation, first_nonfinite
from recurrent_core import analysis as numbers
from recurrent_core.experiment import FRESH
from recurrent_core.wiring import parameter_count
from ui.text import Text

VANISHED = 0.01  # a smaller share of the last step's signal is said to vanish
EXPLODED = 10.0  # a larger one to explode
GROWN = 1.1  # a memory that exceeds what was written by more than this is said to grow
LATER = 10  # steps after a write at which a sentence looks again
CHANNELS_SHOWN = 4
NOTEBOOK = {"write": 8, "ignore": 20, "erase": 40}  # as signals.notebook plays them
BY_HAND = ("notebook", "count", "worked", "trained")  # wirings in which biases and scale have no effect
NAMED_BY_READER = ("text", "stocks", "data")  # signals whose channels have names that are not ours
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Row(NamedTuple):
    """One readout below the picture: a coloured mark, a name and a sentence; `key` is its block's."""

    colour: str
    name: str
    text: str
    key: str = ""


# Numbers


def percent(t: Text, share: float) -> str:
    """A share (0..1) as "95.3 %": two digits of what is kept or of what is lost, whichever is smaller; below
    0.1 % as "1 in 75,000", below 1e-9 as a power of ten."""
    if not math.isfinite(share) or share < 0:
        return t("numbers.none")
    if share == 0 or abs(1 - share) < 1e-9:
        return t("numbers.percent", value=round(100 * share))
    if share < 0.001:
        return t("numbers.one_in", count=_rounded(1 / share)) if share >= 1e-9 else power(t, share)
    smaller = min(share, abs(1 - share)) * 100
    decimals = max(0, 1 - math.floor(math.log10(smaller)))
    return t("numbers.percent", value=f"{100 * share:.{decimals}f}")


def relative_size(t: Text, ratio: float) -> str:
    """A ratio as a share up to 2 ("13 %", "1 in 75,000"), above as "× 60"; infinite as a word."""
    return percent(t, ratio) if not ratio >= 2 else factor(t, ratio)


def factor(t: Text, value: float) -> str:
    """A factor, "× 0.80": two decimals, more beside 1, two significant digits when small or large."""
    if not math.isfinite(value):
        return t("numbers.endless")
    if 0.1 <= value < 10:
        decimals = next((d for d in (2, 3, 4) if value == 1 or f"{value:.{d}f}" != f"{1:.{d}f}"), 2)
        return t("numbers.times", value=f"{value:.{decimals}f}")
    return t("numbers.times", value=_rounded(value) if 10 <= value < 1e9 else _small(t, value))


def steps(t: Text, count: float) -> str:
    """A number of steps, "14 steps", below 10 with one decimal; infinite as a word."""
    if not math.isfinite(count):
        return t("numbers.endless")
    shown = _step_count(t, count)
    return t("numbers.step") if shown == "1" else t("numbers.steps", count=shown)


def size(t: Text, value: float) -> str:
    """The size of a state or an input: "0.65", "10.8", "0.0023", with a true minus sign."""
    if not math.isfinite(value):
        return t("rows.missing")
    large = abs(value)
    if value == round(value) and large < 1e4:
        shown = f"{value:.0f}"
    elif large >= 1e6 or large < 1e-3:
        return power(t, value)
    elif large < 0.1:
        shown = f"{float(f'{value:.1e}'):g}"
    else:
        shown = f"{value:,.{0 if large >= 100 else 1 if large >= 10 else 2}f}"
    return shown.replace("-", "−")


def power(t: Text, value: float) -> str:
    """A number as a power of ten with two digits, "3.2 × 10⁻¹²"."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else t("numbers.endless")
    mantissa, exponent = f"{value:.1e}".split("e")
    return t(
        "numbers.power",
        value=mantissa.replace("-", "−"),
        exponent=str(int(exponent)).translate(_SUPERSCRIPT),
    )


def half_life(t: Text, seen: numbers.HalfLife) -> str:
    """A half-life as seen in a curve: "14 steps", "over 54 steps"."""
    if not seen.over:
        return steps(t, seen.steps)
    return t("numbers.over", steps=steps(t, seen.steps)) if seen.steps else t("numbers.none")


def _rounded(value: float) -> str:
    """Two significant digits, thousands separated."""
    return f"{float(f'{value:.1e}'):,.0f}"


def _small(t: Text, value: float) -> str:
    return f"{float(f'{value:.1e}'):g}" if 1e-4 <= value < 0.1 else power(t, value)


def _step_count(t: Text, count: float) -> str:
    if count >= 1000:
        return _rounded(count) if count < 1e9 else power(t, count)
    return f"{count:.0f}" if count >= 9.95 else f"{count:.1f}".removesuffix(".0")


def _spread_of_steps(t: Text, values: np.ndarray) -> str:
    """Half-lives over units, "14 steps (12 to 16)"; the range only where it differs from the median."""
    low, median, high = numbers.spread(values)
    shown = [t("numbers.endless") if math.isinf(x) else _step_count(t, x) for x in (low, high)]
    middle = steps(t, median)
    return middle if shown[0] == shown[1] else t("numbers.range", middle=middle, low=shown[0], high=shown[1])


# Meanings of sliders


def memory_meaning(t: Text, experiment: Experiment, network: str | None = None) -> str:
    """What Memory does to `network` (default: the experiment's): "keeps 95.3 % per step, half-life 14
    steps"."""
    gates = CELLS[network or experiment.network].gates
    if experiment.wiring in BY_HAND:
        return _given(t, experiment)
    if not {"f", "z"} & set(gates):
        return t("meaning.rnn")
    if experiment.wiring in FRESH:
        return t("meaning.fresh")
    return _keeps(t, experiment.biases["f"] if "f" in gates else -experiment.biases["z"])


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
    bias = experiment.biases[{"candidate_bias": "g"}.get(name, name[0] if name != "update_bias" else "z")]
    if name == "forget_bias":
        return _keeps(t, bias)
    share = percent(t, numbers.share_kept(bias))
    if name == "update_bias":
        return t("meaning.keeps_old", share=share, half_life=steps(t, numbers.half_life_of_bias(-bias)))
    if name == "candidate_bias":
        return t("meaning.candidate", value=size(t, math.tanh(bias)))
    return t("meaning.opens", share=share)


def _given(t: Text, experiment: Experiment) -> str:
    """Why a slider has no effect on weights that are given."""
    return t("meaning.trained" if experiment.wiring == "trained" else "meaning.by_hand")


def _keeps(t: Text, bias: float) -> str:
    share, life = numbers.share_kept(bias), numbers.half_life_of_bias(bias)
    return t("meaning.keeps", share=percent(t, share), half_life=steps(t, life))


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


# Gates


def gates_sentence(t: Text, simulations: Sequence[Simulation]) -> str:
    """The sentence above the gates, one for each network: share kept, half-life predicted and seen, share of
    saturated gate values; what the notebook holds, how far the counter counts; where the state overflows."""
    if len(simulations) == 1:
        return _gates_sentence(t, simulations[0])
    return " ".join(
        t("gates.network", network=s.recording.cell.label, sentence=_gates_sentence(t, s, "pair_"))
        for s in simulations
    )


def _gates_sentence(t: Text, simulation: Simulation, form: str = "") -> str:
    recording = simulation.recording
    memory = recording.cell.memory
    curve = numbers.memory_size(recording)[:, 0]
    overflow = first_nonfinite(curve)
    if overflow is not None:
        return t("gates.overflow", vector=_name(t, recording.cell.name, memory), step=overflow + 1)
    sentence = (
        _notebook(t, simulation, curve)
        or _count(t, simulation, curve)
        or _general(t, simulation, curve, form)
    )
    first = _first_pulse(t, simulation)
    sentence = first if first and form else " ".join(filter(None, (sentence, first)))
    names = list(dict.fromkeys(f"{c.name} = {size(t, c.value)}" for c in recording.clamps))
    if not names:
        return sentence
    return f"{sentence} {t('gates.held', names=t.join(names[:3]) + (' …' if len(names) > 3 else ''))}"


def _notebook(t: Text, simulation: Simulation, curve: np.ndarray) -> str:
    experiment = simulation.experiment
    if (experiment.signal, experiment.wiring) != ("notebook", "notebook") or len(curve) <= NOTEBOOK["erase"]:
        return ""
    sizes = {
        name: size(t, curve[NOTEBOOK[step]])
        for name, step in (("written", "write"), ("ignored", "ignore"), ("erased", "erase"))
    }
    at = {name: step + 1 for name, step in NOTEBOOK.items()}
    return t(f"gates.notebook_{simulation.recording.cell.memory}", **sizes, **at)


def _first_pulse(t: Text, simulation: Simulation) -> str:
    """What a second pulse does to what is kept of the first."""
    e, last = simulation.experiment, len(simulation.signal.inputs) - 1
    first, second = sorted((min(e.pulse_at, last), min(e.second_at, last)))
    if e.signal != "pulses" or first == second:
        return ""
    share = numbers.pulse_share(simulation.recording, first, second)
    return t(
        "gates.first_pulse",
        before=relative_size(t, share.before),
        after=relative_size(t, share.after),
    )


def _count(t: Text, simulation: Simulation, curve: np.ndarray) -> str:
    experiment, recording = simulation.experiment, simulation.recording
    pulses = int(np.count_nonzero(simulation.signal.inputs))
    if (experiment.signal, experiment.wiring) != ("count", "count") or pulses < 2:
        return ""
    values = {"peak": size(t, curve.max()), "pulses": pulses}
    if recording.cell.memory != "c":
        return t("gates.counts_h", **values)
    if curve.max() < 1:
        return t("gates.counts_off", **values)
    return t("gates.counts_c", share=_share(t, numbers.mean_share(recording)), **values)


def _general(t: Text, simulation: Simulation, curve: np.ndarray, form: str) -> str:
    recording, quiet = simulation.recording, numbers.lull(simulation.signal.inputs)
    name, (start, stop) = recording.cell.name, quiet or (0, len(curve))
    saturated = numbers.saturated_share(recording)
    if saturated is None:
        return _without_gates(t, curve, quiet)
    shares = numbers.mean_share(recording, start + 1, stop)
    values = {
        "share": _share(t, shares),
        "predicted": _spread_of_steps(t, numbers.half_life(shares)),
        "saturated": percent(t, float(saturated.low + saturated.high)),
    }
    if quiet is None:
        return t(f"gates.{form}{name}_busy", end=size(t, curve[-1]), **values)
    return t(f"gates.{form}{name}", seen=_seen(t, curve, start, stop), **values)


def _without_gates(t: Text, curve: np.ndarray, quiet: tuple[int, int] | None) -> str:
    if quiet is None:
        return t("gates.rnn_busy", end=size(t, curve[-1]))
    start, stop = quiet
    later = min(LATER, stop - 1 - start)
    return t(
        "gates.rnn",
        peak=size(t, curve[start]),
        step=start + 1,
        share=percent(t, numbers.left_after(curve, start, later)),
        later=steps(t, later),
        seen=_seen(t, curve, start, stop),
    )


def _seen(t: Text, curve: np.ndarray, start: int, stop: int) -> str:
    """The half-life after a write at `start`; none where what is there grows well beyond what was written."""
    if curve[start:stop].max() > GROWN * curve[start]:
        return t("numbers.growing")
    return half_life(t, numbers.seen_half_life(curve, start, stop))


def _share(t: Text, shares: np.ndarray) -> str:
    return percent(t, numbers.spread(shares).median)


def gates_rows(
    t: Text, simulations: Sequence[Simulation], step: int, letters: Sequence[str] | None = None
) -> tuple[Row, ...]:
    """What happens at `step`: a row for the input and one for each vector of each network, or for those whose
    `letters` are shown."""
    first = simulations[0]
    step = min(max(step, 0), len(first.signal.inputs) - 1)
    rows = [Row(VECTORS["x"], t("vectors.input"), input_text(t, first, step), "x")]
    for simulation in simulations:
        cell = simulation.recording.cell
        for letter in cell.Vectors._fields:
            if letters is None or letter in letters:
                name = _name(t, cell.name, letter)
                name = name if len(simulations) == 1 else f"{cell.label} · {name}"
                text = _vector_text(t, simulation, step, letter)
                rows.append(Row(VECTORS[letter], name, text, f"{cell.name}.{letter}"))
    return tuple(rows)


def input_text(t: Text, simulation: Simulation, step: int) -> str:
    """What goes in at `step`: a character, or the values of the first channels by name."""
    inputs, channels, ticks = simulation.signal
    if simulation.experiment.signal in ("text", "probe") and set(ticks or [None]) <= set(channels):
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
    quantity = getattr(recording.cell.quantities, letter)
    at = numbers.at_step(getattr(recording.vectors, letter), quantity, step)
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
    text = " ".join(parts)
    return f"{text}. {t('marks.convention')}" if letter == "z" else text


def _holds(held: Clamp, step: int) -> bool:
    return (held.start or 0) <= step and (held.stop is None or step < held.stop)


def _change(t: Text, change: float) -> str:
    if abs(change) < 5e-5:
        return t("rows.same")
    return t("rows.up" if change > 0 else "rows.down", change=size(t, abs(change)))


def _name(t: Text, network: str, letter: str) -> str:
    return t(f"vectors.{network}.{letter}.short")


# Gradients


def gradients_sentence(
    t: Text, curves: Mapping[str, np.ndarray], distance: int, axis: str = "relative"
) -> str:
    """The sentence above the gradient curves, absolute norms (time,) by network: what is left of the learning
    signal `distance` steps back, who vanishes and who explodes."""
    available = min(len(curve) for curve in curves.values()) - 1
    chosen = min(distance, available)
    shares = {name: float(numbers.back(numbers.relative(curve), chosen)) for name, curve in curves.items()}
    relative = axis == "relative"
    values = [
        _reading(t, name, curve, shares[name], chosen, relative=relative) for name, curve in curves.items()
    ]
    reading = "gradients.reading" if relative else "gradients.reading_absolute"
    parts = [t(reading, distance=chosen, values=t.join(values))]
    parts += _verdicts(t, {name: share for name, share in shares.items() if not math.isnan(share)})
    if chosen < distance:
        parts.append(t("gradients.short", available=available))
    return " ".join(parts)


def _reading(t: Text, name: str, curve: np.ndarray, share: float, distance: int, *, relative: bool) -> str:
    network, leaves = t.choice("network", name), numbers.log_range(curve)
    if math.isnan(share):
        return t("gradients.no_signal", network=network)
    if leaves.overflow is not None and math.isinf(share):
        return t("gradients.overflow", network=network, step=leaves.overflow + 1)
    if leaves.underflow is not None and share == 0:
        key = "gradients.underflow" if leaves.low < -290 else "gradients.cut"
        return t(key, network=network, step=leaves.underflow + 1)
    if relative:
        return t("gradients.value", network=network, value=relative_size(t, share))
    last, there = size(t, float(curve[-1])), size(t, float(numbers.back(curve, distance)))
    return t("gradients.value_absolute", network=network, last=last, value=there)


def _verdicts(t: Text, shares: Mapping[str, float]) -> list[str]:
    groups: dict[str, list[str]] = {}
    for name, share in shares.items():
        verdict = "vanish" if share < VANISHED else "explode" if share > EXPLODED else "hold"
        groups.setdefault(verdict, []).append(t.choice("network", name))
    if len(groups) == 1 and len(shares) > 1:
        return [t(f"gradients.all_{verdict}") for verdict in groups]
    return [
        t(f"gradients.{verdict}", networks=t.join(groups[verdict]))
        for verdict in ("vanish", "explode", "hold")
        if verdict in groups
    ]


def curve_factor(t: Text, curve: np.ndarray, distance: int | None = None) -> str:
    """What stands at a curve's end: "× 0.80 per step", over `distance` steps back (None: all)."""
    return t("gradients.per_step", factor=factor(t, numbers.per_step_factor(curve, distance).per_step))


def parameters(t: Text, simulation: Simulation) -> str:
    """Units and number of parameters of a network."""
    cell, units = simulation.recording.cell, simulation.recording.final.h.shape[-1]
    count = parameter_count(cell, simulation.recording.inputs.shape[-1], units)
    return t("gradients.parameters", network=cell.label, units=units, count=f"{count:,}")


def network_rows(t: Text, simulations: Sequence[Simulation]) -> tuple[Row, ...]:
    """A row a network: how many units and parameters it has."""
    return tuple(
        Row(f"@{s.recording.cell.name}", s.recording.cell.label, parameters(t, s)) for s in simulations
    )


def gradients_note(t: Text, experiment: Experiment, seeds: int, *, settled: bool) -> str:
    """What a curve is, what the filled band is, and what the hidden curve does."""
    hidden = [t("gradients.hidden_curve")] if experiment.curve == "hidden" else []
    band = t("gradients.band" if settled else "gradients.band_waiting", count=seeds)
    return " ".join([t("gradients.what"), band, *hidden])


def gates_note(t: Text, simulations: Sequence[Simulation], *, pinned: bool) -> str:
    """What the lines over the squares and the special squares are."""
    held = any(s.recording.clamps for s in simulations)
    beyond = any(numbers.beyond(s.recording) for s in simulations)
    parts = [
        ("controls.pinned", pinned),
        ("controls.unclamped", held and not pinned),
        ("marks.held", held),
        ("marks.clipped", beyond),
    ]
    return " ".join(t(key) for key, said in parts if said)


# Home


def home_sentence(t: Text, simulations: Iterable[Simulation]) -> str:
    """How much of what was written each network still holds, some steps later and at the end."""
    simulations = tuple(simulations)
    curves = {s.recording.cell.name: numbers.memory_size(s.recording)[:, 0] for s in simulations}
    quiet = numbers.lull(simulations[0].signal.inputs)
    if quiet is None:
        return t("home.busy", values=_by_network(t, {name: size(t, c[-1]) for name, c in curves.items()}))
    start, stop = quiet
    later, end = min(LATER, stop - 1 - start), stop - 1 - start

    def left(after: int) -> str:
        shares = {name: numbers.left_after(curve, start, after) for name, curve in curves.items()}
        return _by_network(t, {name: relative_size(t, share) for name, share in shares.items()})

    return t(
        "home.holds",
        step=start + 1,
        later=steps(t, later),
        values=left(later),
        last_step=stop,
        last=left(end),
    )


def _by_network(t: Text, values: Mapping[str, str]) -> str:
    return t.join([t("home.value", network=t.choice("network", n), value=v) for n, v in values.items()])


# Errors and notices


def notice(t: Text, what: InputError | Notice | BaseException) -> str:
    """What was expected, what came, what to do: the sentence of an error or notice; of an unknown one that
    the last picture stays."""
    if not isinstance(what, InputError | Notice):
        return t("errors.unknown")
    values = dict(what.values)
    name = values.get("field")
    if name is not None:
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
    label = (lambda v: t(f"presets.{v}.label")) if name == "preset" else (lambda v: t.choice(name, v))
    return t.join([label(value) for value in values])
