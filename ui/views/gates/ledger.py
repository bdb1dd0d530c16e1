"""What the memory is made of at the time cursor: a bar for each step that wrote it, and a sentence."""

import math
from typing import NamedTuple

import numpy as np

from figures import colours
from figures.heatmaps import Block
from recurrent_core import Cell, Recording, Simulation, analysis
from recurrent_core.analysis.ledger import Sources, ledger, newest_half, sources
from ui import blocks
from ui.words.numbers import percent, steps
from ui.words.sentences import Row, vector_name
from ui.words.text import Text

STANDS_OUT = 0.25  # of what a memory is made of: a step that wrote so much is named
NAMED = 2  # steps with an input, at most, that are named one by one
NEW = 0.05  # steps; what is younger on average was written just now


class Made(NamedTuple):
    """What a network's memory is made of just after `step`; `sources` is None for one without a ledger."""

    simulation: Simulation
    step: int
    sources: Sources | None


def made(simulation: Simulation, step: int) -> Made:
    """The sources of the memory just after a step that was recorded."""
    found = ledger(simulation.recording, step)
    return Made(simulation, step, None if found is None else sources(found))


def block(t: Text, found: Made, full_name: bool) -> Block | None:
    """A bar for each step up to the cursor, as high as its share; None without a ledger."""
    recording, shares = found.simulation.recording, found.sources
    if shares is None:
        return None
    cell = recording.cell
    values = np.full((len(recording.inputs), 2), np.nan, dtype=np.float32)
    by_step = shares.written + shares.held
    values[: found.step + 1, 0] = by_step
    values[: found.step + 1, 1] = shares.initial + np.cumsum(by_step)
    held = blocks.held_places(recording).get(cell.memory)
    return Block(
        key=_key(cell),
        name=_name(t, "name", cell, full_name),
        note=t("ledger.note"),
        colour=colours.vector(cell, cell.memory),
        values=values,
        scale="share",
        labels=(t("ledger.share"), t("ledger.total")),
        held=None if held is None else np.asarray(held.any(axis=1, keepdims=True)),
    )


def row(t: Text, found: Made, full_name: bool) -> Row:
    """The readout: which steps wrote how much, and how old that is on average."""
    cell = found.simulation.recording.cell
    name, colour = _name(t, "row", cell, full_name), colours.vector(cell, cell.memory)
    if found.sources is None:
        return Row(colour, name, t("ledger.none", memory=cell.memory), f"{cell.name}.{cell.memory}")
    return Row(colour, name, _sentence(t, found, found.sources), _key(cell))


def _key(cell: Cell) -> str:
    return f"{cell.name}.{blocks.LEDGER}"


def _name(t: Text, which: str, cell: Cell, full_name: bool) -> str:
    name = t(f"ledger.{which}", memory=cell.memory)
    return f"{cell.label} · {name}" if full_name else name


def _sentence(t: Text, found: Made, shares: Sources) -> str:
    recording = found.simulation.recording
    memory = getattr(recording.vectors, recording.cell.memory)[found.step]
    if not math.isfinite(shares.age):
        return t("ledger.nothing" if np.isfinite(memory).all() else "rows.missing")
    inputs = found.simulation.signal.inputs
    if analysis.lull(inputs) is None:
        parts = _busy(t, shares)
    else:
        parts = _quiet(t, recording, shares, np.flatnonzero(inputs[: found.step + 1].any(axis=1)))
    if (held := float(shares.held.sum())) > 0:
        parts.append(t("ledger.held", memory=recording.cell.memory, share=percent(t, held)))
    parts.append(t("ledger.new") if shares.age < NEW else t("ledger.age", age=steps(t, shares.age)))
    return t("numbers.clauses").join(parts)


def _quiet(t: Text, recording: Recording, shares: Sources, given: np.ndarray) -> list[str]:
    """Where an input comes now and then: what was written with it, and what leaked in without."""
    parts = []
    if given.size > NAMED:
        written = percent(t, float(shares.written[given].sum()))
        parts.append(t("ledger.inputs", count=given.size, share=written))
    else:
        parts += [t("ledger.at", step=k + 1, share=percent(t, float(shares.written[k]))) for k in given]
    without = np.delete(np.arange(len(shares.written)), given)
    leaked = shares.written[without]
    if leaked.sum() > 0:
        (gate,) = recording.cell.named("write", "replace")[:1]
        opened = float(getattr(recording.vectors, gate)[without, 0].mean())
        key = "leaked" if opened < analysis.SATURATED_LOW else "came"
        since = given.size and not shares.written[: given[0]].any()
        values = {"gate": vector_name(t, recording.cell.name, gate), "open": percent(t, opened)}
        share = percent(t, float(leaked.sum()))
        parts.append(t(f"ledger.{key}_since" if since else f"ledger.{key}", share=share, **values))
    return parts


def _busy(t: Text, shares: Sources) -> list[str]:
    """Where there is an input at every step: the step that stands out, or how far back half of it reaches."""
    strongest = int(shares.written.argmax())
    most = float(shares.written[strongest])
    said = {"step": strongest + 1, "share": percent(t, most)}
    if most >= STANDS_OUT:
        rest = float(shares.written.sum()) - most
        return [t("ledger.at", **said), *([t("ledger.others", share=percent(t, rest))] if rest > 0 else [])]
    return [t("ledger.half", steps=steps(t, newest_half(shares))), t("ledger.most", **said)]
