"""Gates: every vector over time, with the means of what it is compared with."""

from dataclasses import replace

from figures import recording_heatmaps
from recurrent_core import Simulation
from ui import blocks, controls
from ui.parts import Part, TimeCursor, Words
from ui.recordings import cached
from ui.settings import State
from ui.views.gates import ledger
from ui.views.gates import words as said
from ui.views.view import View, figure
from ui.words import sentences
from ui.words.text import Text


def panel(here: State, t: Text) -> list[dict]:
    return [
        controls.preset(t, here),
        controls.slider(t, here, "memory", main=True),
        controls.segments(t, here, "network"),
        controls.slider(t, here, "scale"),
        controls.actions(t, here),
        controls.toggle(t, here, "all_rows"),
        controls.more(
            t,
            here,
            [
                controls.choice(t, here, "compare"),
                *controls.inputs(t, here),
                *controls.weights(t, here),
                *controls.clamps(t, here),
            ],
        ),
        controls.notes(t, here),
    ]


def networks(here: State) -> tuple[str, ...]:
    """The network, and the second one below it."""
    return here.networks


def parts(here: State, t: Text) -> list[Part]:
    """Every vector over time, with the means of what it is compared with, and what the memory is made of."""
    shown = [cached.simulation(here.experiment, network) for network in here.networks]
    steps = len(shown[0].signal.inputs)
    step = min(here.view.cursor, steps - 1)
    made = [ledger.made(simulation, step) for simulation in shown]
    rows, several = [blocks.input_block(t, shown[0])], len(shown) > 1
    for simulation, found in zip(shown, made, strict=True):
        ghost = _ghost(here, simulation.recording.cell.name)
        rows += blocks.vector_blocks(t, simulation, ghost, several)
        rows += filter(None, [ledger.block(t, found, several)])
    few = rows if here.view.all_rows else blocks.essential(rows)
    words, ticks = sentences.heatmap_words(t), shown[0].signal.ticks
    return [
        figure(
            here,
            "gates",
            lambda: recording_heatmaps(rows, words, ticks=ticks, pixels=blocks.row_pixels(rows, 336)),
            lambda: recording_heatmaps(few, words, ticks=ticks, pixels=blocks.row_pixels(few, 166)),
            hover={"unit": t("gates.unit")},
            words=Words(
                said.gates_sentence(t, shown),
                (*sentences.step_rows(t, shown, step), *(ledger.row(t, found, several) for found in made)),
                said.gates_note(t, shown, pinned=here.pinned is not None),
            ),
            cursor=TimeCursor(step + 1, 1, steps, t("a11y.time_cursor")),
        )
    ]


def _ghost(here: State, network: str) -> Simulation | None:
    """What the picture is compared with: the pinned settings or, where a vector is held, the free run."""
    if here.pinned is not None:
        return cached.simulation(here.pinned, network)
    if here.experiment.clamps:
        return cached.simulation(replace(here.experiment, clamps=()), network)
    return None


VIEW = View(panel, parts, networks)
