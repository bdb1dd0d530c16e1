"""What the Gates page says: the sentence above its picture and the note below it."""

from collections.abc import Sequence

import numpy as np

from recurrent_core import Simulation, analysis, first_nonfinite
from ui.words.numbers import half_life, percent, relative_size, size, spread_of_steps, steps
from ui.words.sentences import LATER, vector_name
from ui.words.text import Text

GROWN = 1.1  # a memory that exceeds what was written by more than this is said to grow
NOTEBOOK = {"write": 8, "ignore": 20, "erase": 40}  # as signals.notebook plays them


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
    curve = analysis.memory_size(recording)[:, 0]
    overflow = first_nonfinite(curve)
    if overflow is not None:
        return t("gates.overflow", vector=vector_name(t, recording.cell.name, memory), step=overflow + 1)
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
    share = analysis.pulse_share(simulation.recording, first, second)
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
    shares = analysis.mean_share(recording)
    if shares is None or recording.cell.quantity(recording.cell.memory).bounded:
        return t("gates.counts_h", **values)
    if curve.max() < 1:
        return t("gates.counts_off", **values)
    return t("gates.counts_c", share=_share(t, shares), **values)


def _general(t: Text, simulation: Simulation, curve: np.ndarray, form: str) -> str:
    recording, quiet = simulation.recording, analysis.lull(simulation.signal.inputs)
    name, (start, stop) = recording.cell.name, quiet or (0, len(curve))
    saturated = analysis.saturated_share(recording)
    shares = analysis.mean_share(recording, start + 1, stop)
    if saturated is None or shares is None:
        return _without_gates(t, name, curve, quiet)
    values = {
        "share": _share(t, shares),
        "predicted": spread_of_steps(t, analysis.half_life(shares)),
        "saturated": percent(t, float(saturated.low + saturated.high)),
    }
    if quiet is None:
        return t(f"gates.{form}{name}_busy", end=size(t, curve[-1]), **values)
    return t(f"gates.{form}{name}", seen=_seen(t, curve, start, stop), **values)


def _without_gates(t: Text, name: str, curve: np.ndarray, quiet: tuple[int, int] | None) -> str:
    if quiet is None:
        return t(f"gates.{name}_busy", end=size(t, curve[-1]))
    start, stop = quiet
    later = min(LATER, stop - 1 - start)
    return t(
        f"gates.{name}",
        peak=size(t, curve[start]),
        step=start + 1,
        share=percent(t, analysis.left_after(curve, start, later)),
        later=steps(t, later),
        seen=_seen(t, curve, start, stop),
    )


def _seen(t: Text, curve: np.ndarray, start: int, stop: int) -> str:
    """The half-life after a write at `start`; none where what is there grows well beyond what was written."""
    if curve[start:stop].max() > GROWN * curve[start]:
        return t("numbers.growing")
    return half_life(t, analysis.seen_half_life(curve, start, stop))


def _share(t: Text, shares: np.ndarray) -> str:
    return percent(t, analysis.spread(shares).median)


def gates_note(t: Text, simulations: Sequence[Simulation], *, pinned: bool) -> str:
    """What the lines over the squares and the special squares are."""
    held = any(s.recording.clamps for s in simulations)
    beyond = any(analysis.beyond(s.recording) for s in simulations)
    parts = [
        ("controls.pinned", pinned),
        ("controls.unclamped", held and not pinned),
        ("marks.held", held),
        ("marks.clipped", beyond),
    ]
    return " ".join(t(key) for key, said in parts if said)
