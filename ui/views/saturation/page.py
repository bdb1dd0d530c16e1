"""Saturation: a dot a unit and gate, and the gates of the chosen unit over time."""

from figures import saturation_dots, unit_lanes
from figures.saturation import COMPACT, WIDE, Look
from ui import controls
from ui.parts import Part, Words
from ui.recordings import cached
from ui.settings import State
from ui.views.saturation import dots as saturation
from ui.views.saturation import words as said
from ui.views.view import View, figure
from ui.words.text import Text


def panel(here: State, t: Text) -> list[dict]:
    return [
        controls.preset(t, here),
        controls.slider(t, here, "memory", main=True),
        controls.segments(t, here, "network"),
        controls.slider(t, here, "scale"),
        *([controls.slider(t, here, "unit")] if here.experiment.units > 1 else []),
        controls.actions(t, here),
        controls.more(
            t,
            here,
            [*controls.inputs(t, here), *controls.weights(t, here), *controls.clamps(t, here)],
        ),
        controls.notes(t, here),
    ]


def networks(here: State) -> tuple[str, ...]:
    return (here.experiment.network,)


def parts(here: State, t: Text) -> list[Part]:
    """The dots of all units, and below them the gates of one."""
    e, pin = here.experiment, here.pinned
    simulation = cached.simulation(e, e.network)
    ghost = None if pin is None else cached.simulation(pin, e.network)
    unit = min(here.view.unit, simulation.recording.final.h.shape[-1] - 1)
    words = said.words(t, e.network)

    def dots(look: Look) -> dict:
        return saturation_dots(
            saturation.panels(t, simulation, unit, ghost, look), words, unit=unit, look=look
        )

    lanes, ticks = saturation.lanes(t, simulation, unit), simulation.signal.ticks
    return [
        figure(
            here,
            "saturation",
            lambda: dots(WIDE),
            lambda: dots(COMPACT),
            words=Words(
                said.sentence(t, simulation),
                said.rows(t, simulation),
                said.note(t, e.network, pinned=pin is not None),
            ),
        ),
        figure(
            here,
            "saturation_unit",
            lambda: unit_lanes(lanes, ticks=ticks, pixels=54),
            lambda: unit_lanes(lanes, ticks=ticks, pixels=26),
            words=Words(said.unit_sentence(t, simulation, unit)),
        ),
    ]


VIEW = View(panel, parts, networks)
