"""From a training to the curves, maps and half-lives of the Learning page."""

from collections.abc import Mapping

import numpy as np

from figures.heatmaps import Block
from figures.learning import Lives, TrainingCurve
from recurrent_core import CELLS, analysis
from recurrent_core.cell import KEEPERS
from recurrent_core.learn.snapshots import Curves
from ui.recordings import trained
from ui.recordings.trained import Shown
from ui.words import numbers
from ui.words.text import Text

WINDOW = 50  # updates that a smoothed value is the mean of
POINTS = 400  # of a curve, at most
COLUMNS = 120  # of a map of gradient norms
KEEPING = tuple(name for name, cell in CELLS.items() if cell.named(*KEEPERS))


def smoothed(values: np.ndarray, window: int = WINDOW) -> np.ndarray:
    """Mean of each value and those before it, `window` of them where there are so many: what is drawn stays."""
    total = np.concatenate([[0.0], np.cumsum(np.asarray(values, dtype=float))])
    ends = np.arange(1, len(total))
    begins = np.maximum(ends - window, 0)
    return (total[ends] - total[begins]) / (ends - begins)


def thinned(count: int, most: int = POINTS) -> np.ndarray:
    """At most `most` of `count` places, evenly spread, first and last among them."""
    return (
        np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(int))
        if count
        else np.array([], int)
    )


def losses(t: Text, found: Mapping[str, Curves]) -> list[TrainingCurve]:
    """The networks' losses, raw and smoothed."""
    return [_training(t, network, found[network].loss, "size") for network in CELLS if network in found]


def accuracies(t: Text, found: Mapping[str, Curves]) -> list[TrainingCurve]:
    """The networks' shares of right answers, smoothed."""
    curves = (
        _training(t, network, found[network].accuracy, "percent") for network in CELLS if network in found
    )
    return [curve._replace(raw=None) for curve in curves]


def _training(t: Text, network: str, values: np.ndarray, words: str) -> TrainingCurve:
    smooth, places = smoothed(values), thinned(len(values))
    end = getattr(numbers, words)(t, float(smooth[-1])) if len(values) else ""
    name = t.choice("network", network)
    return TrainingCurve(network, name, places, smooth[places], np.asarray(values)[places], end=end)


def maps(t: Text, found: Mapping[str, Curves], updates: int) -> tuple[list[Block], list[int]]:
    """A block a network: powers of ten of the learning signal by update and step, and the updates of the columns.

    Relative to the strongest step of the same update; NaN where training has not come so far.
    """
    columns = np.unique(np.linspace(0, max(updates - 1, 1), COLUMNS).round().astype(int))
    blocks = []
    for network in CELLS:
        if network not in found:
            continue
        curves = found[network]
        steps = curves.by_step.shape[-1] or 1
        values = np.full((len(columns), steps), np.nan, np.float32)
        reached = columns[columns < len(curves.loss)] if len(curves.watched) else columns[:0]
        if len(reached):
            nearest = np.searchsorted(curves.watched, reached, side="right") - 1
            values[: len(reached)] = relative(curves.by_step[np.maximum(nearest, 0)])
        labels = tuple(t("learning.back", count=steps - 1 - step) for step in range(steps))
        name, note = t.choice("network", network), t("learning.map_note")
        blocks.append(Block(network, name, note, f"@{network}", values, "strength", labels=labels))
    return blocks, columns.tolist()


def relative(norms: np.ndarray) -> np.ndarray:
    """log10 of norms (update, step) relative to the largest of their update; minus infinity for 0."""
    largest = norms.max(axis=-1, keepdims=True) if norms.size else norms
    return analysis.log10(np.where(largest > 0, norms / np.where(largest > 0, largest, 1.0), 0.0))


def half_lives(t: Text, seen: Shown) -> list[Lives]:
    """Two rows for each network with a gate that keeps: before training, and at the snapshot that is shown."""
    rows = []
    for network in KEEPING:
        for update, key, strong in ((seen.updates[0], "before", False), (seen.update, "now", True)):
            steps = trained.lives(seen, network, update)
            if steps is None:
                continue
            longest = float(steps.max())
            name = t(f"learning.lives_{key}", network=t.choice("network", network))
            rows.append(Lives(network, name, steps, longest, numbers.steps(t, longest), strong))
    return rows
