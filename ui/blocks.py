"""From recordings to the blocks of a heatmap picture: names, colours, means, ghosts and clamped squares."""

from collections.abc import Mapping, Sequence

import numpy as np

from figures import colours
from figures.heatmaps import BARS, NAME, Block
from recurrent_core import CELLS, Recording, Simulation
from recurrent_core.analysis import mean_over_units
from recurrent_core.cell import KEEPERS
from recurrent_core.clamp import lay_out
from ui.words import sentences
from ui.words.text import Text

LEDGER = "ledger"  # the key of what a memory is made of, beside those of the vectors


def input_block(t: Text, simulation: Simulation) -> Block:
    """The input on top, its channels named."""
    inputs = simulation.signal.inputs
    channels = sentences.channel_names(t, simulation)
    largest = max(1.0, float(np.abs(inputs).max()))
    note = ", ".join(channels) if len(channels) <= 4 else t("gates.channels", count=len(channels))
    return Block(
        "x",
        t("vectors.input"),
        note,
        colours.VECTORS["input"],
        inputs.astype(np.float32),
        "signed",
        largest,
        channels,
    )


def vector_blocks(t: Text, simulation: Simulation, ghost: Simulation | None, full_name: bool) -> list[Block]:
    """One block a recorded vector, with the network's name where `full_name`; `ghost` adds its means as lines."""
    recording = simulation.recording
    places = held_places(recording)
    network = recording.cell.name
    blocks = []
    for quantity in recording.cell.quantities:
        letter, vector = quantity.name, getattr(recording.vectors, quantity.name)
        name = t(f"vectors.{network}.{letter}.name")
        blocks.append(
            Block(
                key=f"{network}.{letter}",
                name=f"{recording.cell.label} · {name}" if full_name else name,
                note=t(f"vectors.{network}.{letter}.one"),
                colour=colours.vector(recording.cell, letter),
                values=vector[:, 0].astype(np.float32),
                scale="signed" if quantity.low < 0 else "gate",
                held=places.get(letter),
                mean=None if ghost is None else mean_over_units(vector, quantity)[:, 0],
                ghost=None if ghost is None else _mean(ghost.recording, letter),
            )
        )
    return blocks


def memory_block(t: Text, simulation: Simulation) -> Block:
    """The vector that remembers, alone, under the network's name."""
    cell = simulation.recording.cell
    blocks = vector_blocks(t, simulation, None, full_name=True)
    return next(block for block in blocks if block.key == f"{cell.name}.{cell.memory}")


def essential(blocks: Sequence[Block]) -> list[Block]:
    """The rows that a phone shows first: the input, and of each network what keeps its memory, the memory and what it
    is made of."""
    wanted = {"x"}
    for cell in CELLS.values():
        wanted |= {f"{cell.name}.{name}" for name in (*cell.named(*KEEPERS), cell.memory, LEDGER)}
    return [block for block in blocks if block.key in wanted]


def row_pixels(blocks: Sequence[Block], room: int) -> int:
    """Height of a block of squares, so that all but the input together take about `room` pixels, bars with them."""
    bars = sum(block.scale == "share" for block in blocks)
    return int(np.clip((room - bars * (NAME + BARS)) // max(1, len(blocks) - 1 - bars), 34, 130))


def held_places(recording: Recording) -> Mapping[str, np.ndarray]:
    """Which squares a clamp holds, by vector: (time, unit)."""
    time, _, units = recording.vectors.h.shape
    if not recording.clamps:
        return {}
    return {
        name: place[:, 0]
        for name, place in lay_out(recording.clamps, time, units, np.dtype(float)).places.items()
    }


def _mean(recording: Recording, letter: str) -> np.ndarray | None:
    if letter not in recording.vectors._fields:
        return None
    return mean_over_units(getattr(recording.vectors, letter), recording.cell.quantity(letter))[:, 0]
