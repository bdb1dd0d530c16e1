"""Saturation: a dot a unit and gate, and the gates of the chosen unit over time."""

from figures import saturation_dots, unit_lanes
from figures.saturation import COMPACT, WIDE, Look
from recurrent_core import Experiment
from ui import controls
from ui.parts import Part, Words
from ui.recordings import cached
from ui.session import Session
from ui.views.saturation import dots as saturation
from ui.views.saturation import words as said
from ui.views.view import View
from ui.words.text import Text


def panel(here: Session, t: Text) -> list[dict]:
    e = here.experiment
    return [
        controls.preset(t, e),
        controls.slider(t, e, "memory", main=True),
        controls.segments(t, e, "network"),
        controls.slider(t, e, "scale"),
        *([controls.slider(t, e, "unit", table=here.table)] if e.units > 1 else []),
        controls.actions(t, here),
        controls.more(
            t,
            here,
            [*controls.inputs(t, here), *controls.weights(t, e), *controls.clamps(t, e, here.table)],
        ),
        controls.notes(t, e),
    ]


def networks(e: Experiment) -> tuple[str, ...]:
    return (e.network,)


def parts(here: Session, t: Text) -> list[Part]:
    """The dots of all units, and below them the gates of one."""
    e, pin = here.experiment, here.pinned
    simulation = cached.simulation(e, e.network, here.table)
    ghost = None if pin is None else cached.simulation(pin, e.network, here.table_of(pin))
    unit = min(e.unit, simulation.recording.final.h.shape[-1] - 1)
    words = said.words(t, e.network)

    def dots(look: Look) -> dict:
        return saturation_dots(
            saturation.panels(t, simulation, unit, ghost, look), words, unit=unit, look=look
        )

    lanes, ticks = saturation.lanes(t, simulation, unit), simulation.signal.ticks
    return [
        Part(
            "figure",
            "saturation",
            dots(WIDE),
            compact=dots(COMPACT),
            words=Words(
                said.sentence(t, simulation),
                said.rows(t, simulation),
                controls.notices(t, here),
                said.note(t, e.network, pinned=pin is not None),
            ),
        ),
        Part(
            "figure",
            "saturation_unit",
            unit_lanes(lanes, ticks=ticks, pixels=54),
            compact=unit_lanes(lanes, ticks=ticks, pixels=26),
            words=Words(said.unit_sentence(t, simulation, unit)),
        ),
    ]


VIEW = View(panel, parts, networks)
