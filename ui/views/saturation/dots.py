"""From recordings to the dots and lanes of the Saturation page."""

import numpy as np

from figures import colours
from figures.saturation import WIDE, Dot, GateDots, Lane, Look, dot_width
from recurrent_core import Simulation, analysis
from recurrent_core.analysis import Saturation
from ui.views.saturation import words as said
from ui.words.text import Text

Group = tuple[tuple[float, float], tuple[int, ...]]  # a place (high, low) and the units there


def panels(
    t: Text, simulation: Simulation, unit: int, ghost: Simulation | None = None, look: Look = WIDE
) -> list[GateDots]:
    """A panel a gate; of a network without gates one for its memory. `ghost` adds the dots of another run."""
    recording = simulation.recording
    others = {} if ghost is None else analysis.saturations(ghost.recording)
    return [
        GateDots(
            said.name(t, recording.cell.name, letter),
            colours.vector(recording.cell, letter),
            dots(t, simulation, letter, shares, unit, look),
            [Dot(*place, units) for place, units in gathered(others[letter], look)]
            if letter in others
            else (),
            said.panel_note(t, recording.cell.name, shares),
        )
        for letter, shares in analysis.saturations(recording).items()
    ]


def dots(
    t: Text, simulation: Simulation, letter: str, shares: Saturation, unit: int, look: Look = WIDE
) -> list[Dot]:
    """A dot for the units that share a place. A click on it chooses the first of them, or the one after `unit`."""
    network, found = simulation.recording.cell.name, []
    for place, units in gathered(shares, look):
        select = after(units, unit)
        found.append(Dot(*place, units, said.hover(t, network, letter, units, shares, select), select))
    return found


def coincident(shares: Saturation) -> list[Group]:
    """The places of the units of batch 0, each with all the units that stand there."""
    places: dict[tuple[float, float], list[int]] = {}
    for unit, place in enumerate(zip(shares.high[0].tolist(), shares.low[0].tolist(), strict=True)):
        places.setdefault(place, []).append(unit)
    return [(place, tuple(units)) for place, units in places.items()]


def gathered(shares: Saturation, look: Look) -> list[Group]:
    """As `coincident`; and dots that would overlap on the screen are one at their mean, the closest first.

    The units of one dot lie no further apart than a single unit's dot is wide. Dots that are further apart stay two,
    even where they overlap.
    """
    groups = dict(enumerate(coincident(shares)))
    scale = np.array([look.across, look.up])
    mean = np.array([place for place, _ in groups.values()]) * scale
    low, high = mean.copy(), mean.copy()
    width = np.array([dot_width(len(units), look) for _, units in groups.values()])

    def spread(k: int) -> np.ndarray:
        """Pixels across group k together with each other group; infinite where the two stay apart."""
        together = np.hypot(*(np.maximum(high, high[k]) - np.minimum(low, low[k])).T)
        overlap = np.hypot(*(mean - mean[k]).T) < (width + width[k]) / 2
        found = np.where(overlap & (together <= look.dot), together, np.inf)
        found[k] = np.inf
        return found

    spreads = np.array([spread(k) for k in groups])
    while spreads.min() < np.inf:
        one, other = sorted(divmod(int(spreads.argmin()), len(spreads)))
        groups[one] = _mean(groups[one], groups.pop(other))
        mean[one] = groups[one][0] * scale
        low[one], high[one] = np.minimum(low[one], low[other]), np.maximum(high[one], high[other])
        width[one] = dot_width(len(groups[one][1]), look)
        mean[other] = np.inf
        spreads[other] = spreads[:, other] = np.inf
        spreads[one] = spreads[:, one] = spread(one)
    return list(groups.values())


def _mean(one: Group, other: Group) -> Group:
    (of_one, units), (of_other, others) = one, other
    share = len(units) / (len(units) + len(others))
    high, low = (share * a + (1 - share) * b for a, b in zip(of_one, of_other, strict=True))
    return (high, low), tuple(sorted(units + others))


def after(units: tuple[int, ...], unit: int) -> int:
    """The unit after `unit` in a circle, the first where it is none of them."""
    return units[(units.index(unit) + 1) % len(units)] if unit in units else units[0]


def lanes(t: Text, simulation: Simulation, unit: int) -> list[Lane]:
    """The gates of one unit over time, or its memory where there is no gate."""
    recording = simulation.recording
    found = []
    for letter in analysis.saturations(recording):
        quantity = recording.cell.quantity(letter)
        limits = (
            analysis.SATURATED_LOW if quantity.low == 0 else -analysis.SATURATED_HIGH,
            analysis.SATURATED_HIGH,
        )
        values = getattr(recording.vectors, letter)[:, 0, unit]
        note = t(f"vectors.{recording.cell.name}.{letter}.one")
        name, colour = said.name(t, recording.cell.name, letter), colours.vector(recording.cell, letter)
        found.append(Lane(name, note, colour, values, quantity.low, quantity.high, limits))
    return found
