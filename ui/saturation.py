"""From recordings to the dots and lanes of the Saturation page."""

from figures.colours import VECTORS
from figures.saturation import Dot, Lane, Panel
from recurrent_core import Simulation, analysis
from recurrent_core.analysis import Saturation
from ui import readouts_saturation as said
from ui.text import Text


def panels(t: Text, simulation: Simulation, unit: int, ghost: Simulation | None = None) -> list[Panel]:
    """A panel a gate; of a network without gates one for its memory. `ghost` adds the dots of another run."""
    recording = simulation.recording
    others = {} if ghost is None else analysis.saturations(ghost.recording)
    return [
        Panel(
            said.name(t, recording.cell.name, letter),
            VECTORS[letter],
            dots(t, simulation, letter, shares, unit),
            [Dot(*place, units) for place, units in coincident(others[letter])] if letter in others else (),
        )
        for letter, shares in analysis.saturations(recording).items()
    ]


def dots(t: Text, simulation: Simulation, letter: str, shares: Saturation, unit: int) -> list[Dot]:
    """A dot for the units that share a place. A click on it chooses the first of them, or the one after `unit`."""
    network, found = simulation.recording.cell.name, []
    for place, units in coincident(shares):
        select = after(units, unit)
        found.append(Dot(*place, units, said.hover(t, network, letter, units, place, select), select))
    return found


def coincident(shares: Saturation) -> list[tuple[tuple[float, float], tuple[int, ...]]]:
    """The places (high, low) of the units of batch 0, each with all the units that stand there."""
    places: dict[tuple[float, float], list[int]] = {}
    for unit, place in enumerate(zip(shares.high[0].tolist(), shares.low[0].tolist(), strict=True)):
        places.setdefault(place, []).append(unit)
    return [(place, tuple(units)) for place, units in places.items()]


def after(units: tuple[int, ...], unit: int) -> int:
    """The unit after `unit` in a circle, the first where it is none of them."""
    return units[(units.index(unit) + 1) % len(units)] if unit in units else units[0]


def lanes(t: Text, simulation: Simulation, unit: int) -> list[Lane]:
    """The gates of one unit over time, or its memory where there is no gate."""
    recording = simulation.recording
    found = []
    for letter in analysis.saturations(recording):
        low, high = getattr(recording.cell.quantities, letter)[1:]
        limits = (analysis.SATURATED_LOW if low == 0 else -analysis.SATURATED_HIGH, analysis.SATURATED_HIGH)
        values = getattr(recording.vectors, letter)[:, 0, unit]
        note = t(f"vectors.{recording.cell.name}.{letter}.one")
        found.append(
            Lane(said.name(t, recording.cell.name, letter), note, VECTORS[letter], values, low, high, limits)
        )
    return found
