"""What each page shows: its controls and its pictures, as functions of the session alone.

Nothing here draws. A page mounts what comes back (`ui.page`), and while a control is being dragged the same functions
answer the browser without a script run (`ui.live`).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from figures import gradient_curves, recording_heatmaps
from recurrent_core import CELLS, Experiment, Simulation
from ui import blocks, cached, controls, curves, readouts
from ui.components.live_figure import Picture, TimeCursor, Words
from ui.session import Session
from ui.text import Text


class View(NamedTuple):
    """panel(t, session) gives the items of the controls; pictures(session, t) what is drawn, and raises InputError
    where the settings cannot be drawn; networks(experiment) names those whose recordings are on the page."""

    panel: Callable[[Text, Session], Sequence[dict]]
    pictures: Callable[[Session, Text], list[Picture]]
    networks: Callable[[Experiment], tuple[str, ...]]


def home(here: Session, t: Text) -> list[Picture]:
    """The memory of each network, one below the other."""
    shown = [cached.simulation(here.experiment, network, here.table) for network in CELLS]
    rows = [blocks.input_block(t, shown[0]), *(blocks.memory_block(t, simulation) for simulation in shown)]
    words, ticks = readouts.heatmap_words(t), shown[0].signal.ticks
    return [
        Picture(
            "home",
            recording_heatmaps(rows, words, ticks=ticks, pixels=84),
            compact=recording_heatmaps(rows, words, ticks=ticks, pixels=54),
            hover={"unit": t("gates.unit")},
            words=Words(readouts.home_sentence(t, shown), (), controls.notices(t, here)),
        )
    ]


def gates_networks(e: Experiment) -> tuple[str, ...]:
    """The network, and the second one below it."""
    return tuple(dict.fromkeys(filter(None, (e.network, e.compare))))


def gates(here: Session, t: Text) -> list[Picture]:
    """Every vector over time, with the means of what it is compared with."""
    e = here.experiment
    shown = [cached.simulation(e, network, here.table) for network in gates_networks(e)]
    rows = [blocks.input_block(t, shown[0])]
    for simulation in shown:
        ghost = _ghost(here, simulation.recording.cell.name)
        rows += blocks.vector_blocks(t, simulation, ghost, full_name=len(shown) > 1)
    few = rows if e.all_rows else blocks.essential(rows)
    words, ticks = readouts.heatmap_words(t), shown[0].signal.ticks
    steps = len(shown[0].signal.inputs)
    step = min(e.cursor, steps - 1)
    return [
        Picture(
            "gates",
            recording_heatmaps(rows, words, ticks=ticks, pixels=blocks.row_pixels(rows, 336)),
            compact=recording_heatmaps(few, words, ticks=ticks, pixels=blocks.row_pixels(few, 140)),
            hover={"unit": t("gates.unit")},
            words=Words(
                readouts.gates_sentence(t, shown),
                readouts.gates_rows(t, shown, step),
                controls.notices(t, here),
                readouts.gates_note(t, shown, pinned=here.pinned is not None),
            ),
            cursor=TimeCursor(step + 1, 1, steps, t("a11y.time_cursor")),
        )
    ]


def _ghost(here: Session, network: str) -> Simulation | None:
    """What the picture is compared with: the pinned settings or, where a vector is held, the free run."""
    if here.pinned is not None:
        return cached.simulation(here.pinned, network, here.table_of(here.pinned))
    if here.experiment.clamps:
        return cached.simulation(replace(here.experiment, clamps=()), network, here.table)
    return None


def gradients(here: Session, t: Text) -> list[Picture]:
    """The learning signal of the three networks, and below it, where asked for, that of every vector."""
    e = here.experiment
    norms = {network: curves.norms(e, network, here.table) for network in CELLS}
    drawn = [curves.curve(t, e, network, norm) for network, norm in norms.items()]
    if here.settled:
        drawn = [curves.with_band(curve, e, here.table) for curve in drawn]
    settings = {
        "log": e.log,
        "relative": e.axis == "relative",
        "distance": e.distance,
        "words": readouts.curve_words(t),
        "ghosts": curves.pinned(t, here.pinned, e, here.table_of),
    }
    words = Words(
        readouts.gradients_sentence(t, norms, e.distance, e.axis),
        readouts.network_rows(t, [cached.simulation(e, network, here.table) for network in CELLS]),
        controls.notices(t, here),
        readouts.gradients_note(t, e, curves.SEEDS, settled=here.settled),
    )
    pictures = [
        Picture(
            "gradients",
            gradient_curves(drawn, height=520, **settings),
            compact=gradient_curves(drawn, height=360, **settings),
            words=words,
        )
    ]
    if e.maps:
        rows = curves.blocks(t, e, here.table)
        figure = recording_heatmaps(rows, readouts.heatmap_words(t), pixels=blocks.row_pixels(rows, 336))
        pictures.append(Picture("gradient_maps", figure, hover={"unit": t("gates.unit")}))
    return pictures


def _all(e: Experiment) -> tuple[str, ...]:
    return tuple(CELLS)


VIEWS = {
    "home": View(controls.home, home, _all),
    "gates": View(controls.gates, gates, gates_networks),
    "gradients": View(controls.gradients, gradients, _all),
}
