"""The words of the Saturation page: which gates are stuck, and what that means. Units count from 0 in the arguments
and from 1 in the words."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from figures import colours
from recurrent_core import CELLS, Simulation, analysis
from recurrent_core.analysis import Saturation
from recurrent_core.cell import GATES, Cell
from ui.words.numbers import percent
from ui.words.sentences import Row
from ui.words.text import Text

STUCK = 0.9  # a gate that is saturated on one side in more than this share of the steps is said to be stuck
TOLD = 2  # how many kinds of stuck gates the sentence names; the panels count them all
UNITS_NAMED = 8  # where a dot stands for more units, the rest are dots


class Stuck(NamedTuple):
    """How many units of a gate are stuck on a side, "high" or "low"."""

    units: int
    letter: str
    side: str


def name(t: Text, network: str, letter: str) -> str:
    return t(f"vectors.{network}.{letter}.short")


def words(t: Text, network: str) -> dict[str, str]:
    """The titles of the axes."""
    return {side: t(f"saturation.{side}{_form(network)}") for side in ("right", "left")}


def hover(t: Text, network: str, letter: str, units: Sequence[int], shares: Saturation, select: int) -> str:
    """What a dot is, in lines: its gate, its units, their two shares, and which of several units a click chooses."""
    high, low = (_range(t, side[0, list(units)]) for side in (shares.high, shares.low))
    lines = [
        name(t, network, letter),
        _units(t, units),
        t(f"saturation.hover{_form(network)}", high=high, low=low),
    ]
    return "\n".join(lines + ([t("saturation.next", unit=select + 1)] if len(units) > 1 else []))


def _range(t: Text, shares: np.ndarray) -> str:
    """The one share of all units, or the least and the largest."""
    ends = dict.fromkeys(percent(t, float(share)) for share in (shares.min(), shares.max()))
    return "–".join(ends)


def panel_note(t: Text, network: str, shares: Saturation) -> str:
    """How many units of a gate are stuck on either side; nothing where there is no gate."""
    if _form(network):
        return ""
    opened, closed = (int((side[0] > STUCK).sum()) for side in (shares.high, shares.low))
    return t("saturation.panel", opened=opened, closed=closed)


def _units(t: Text, units: Sequence[int]) -> str:
    named = t.join([str(unit + 1) for unit in units[:UNITS_NAMED]]) + (
        " …" if len(units) > UNITS_NAMED else ""
    )
    return (
        t("saturation.some", count=len(units), units=named)
        if len(units) > 1
        else t("saturation.one", unit=named)
    )


def stuck(cell: Cell, shares: Mapping[str, Saturation]) -> list[Stuck]:
    """The kinds of stuck gates there are, the most frequent first; among equals those that keep."""
    found = [
        Stuck(int((getattr(shares[letter], side)[0] > STUCK).sum()), letter, side)
        for letter in sorted(shares, key=lambda letter: GATES.index(cell.role(letter)))
        for side in Saturation._fields
    ]
    return sorted((kind for kind in found if kind.units), key=lambda kind: -kind.units)


def sentence(t: Text, simulation: Simulation) -> str:
    """Which gates are stuck, and what it means; of a network without gates, how many of its units are saturated."""
    recording = simulation.recording
    units = recording.final.h.shape[-1]
    shares = analysis.saturations(recording)
    if _form(recording.cell.name):
        (of_h,) = shares.values()
        count = int(((of_h.low + of_h.high)[0] > STUCK).sum())
        return t("saturation.no_gates", count=count, units=units)
    told = [
        t(f"saturation.stuck.{recording.cell.name}.{letter}.{side}", count=count, units=units)
        for count, letter, side in stuck(recording.cell, shares)[:TOLD]
    ]
    return " ".join(told) or t("saturation.free")


def rows(t: Text, simulation: Simulation) -> tuple[Row, ...]:
    """A row a gate: shares of all steps and units."""
    cell = simulation.recording.cell
    return tuple(
        Row(colours.vector(cell, letter), name(t, cell.name, letter), _row(t, cell.name, shares))
        for letter, shares in analysis.saturations(simulation.recording).items()
    )


def _row(t: Text, network: str, shares: Saturation) -> str:
    high, low = (percent(t, float(np.mean(side))) for side in (shares.high, shares.low))
    return t(f"saturation.row{_form(network)}", high=high, low=low)


def unit_sentence(t: Text, simulation: Simulation, unit: int) -> str:
    """How often each gate of one unit is saturated, on the side where it is so more often."""
    cell = simulation.recording.cell
    values = [
        _unit_value(t, cell.name, letter, float(shares.high[0, unit]), float(shares.low[0, unit]))
        for letter, shares in analysis.saturations(simulation.recording).items()
    ]
    units = simulation.recording.final.h.shape[-1]
    return t("saturation.unit", unit=unit + 1, units=units, values=t.join(values))


def _unit_value(t: Text, network: str, letter: str, high: float, low: float) -> str:
    gate = name(t, network, letter)
    if high == low == 0:
        return t("saturation.unit_never", gate=gate)
    key = "saturation.unit_high" if high >= low else f"saturation.unit_low{_form(network)}"
    return t(key, gate=gate, share=percent(t, max(high, low)))


def note(t: Text, network: str, *, pinned: bool) -> str:
    """What a dot is, and a circle; the convention where z stands."""
    gates = not _form(network)
    parts = [
        ("saturation.what", True),
        ("saturation.stuck_means", gates),
        ("saturation.ghosts", pinned),
        ("marks.convention", bool(CELLS[network].named("replace"))),
    ]
    return " ".join(t(key) for key, said in parts if said)


def _form(network: str) -> str:
    """The ending of the keys for a network without gates, whose hidden state is shown."""
    return "" if CELLS[network].named(*GATES) else "_h"
