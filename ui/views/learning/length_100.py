"""What tuned networks reach on the adding problem of length 100, as benchmarks/length_100.py has measured it."""

from collections.abc import Mapping

import numpy as np

from figures.learning import TrainingCurve, log_span, training_curves
from recurrent_core.learn.length_100 import LENGTH, UNITS, Reached
from recurrent_core.learn.tasks import make_task
from ui.parts import Part, Words
from ui.words import numbers
from ui.words.text import Text

HEIGHT = 280


def parts(t: Text, reached: Mapping[str, Reached]) -> list[Part]:
    """The median of all seeds of each network and a band from the lowest to the highest."""
    trivial = make_task("adding", LENGTH).trivial
    words = {
        "x": t("learning.updates"),
        "y": t("learning.loss_mse"),
        "baseline": t("learning.trivial", value=numbers.size(t, trivial)),
        "hover": t("learning.hover", network="{network}", update="{update}", value="{value}"),
    }
    first = next(iter(reached.values()))
    updates = int(first.updates[-1])
    figure = training_curves(
        [_curve(t, network, own) for network, own in reached.items()],
        updates=updates,
        span=log_span([own.losses for own in reached.values()], trivial),
        log=True,
        baseline=trivial,
        words=words,
        height=HEIGHT,
    )
    ends = [
        t(
            "reach.value",
            network=t.choice("network", network),
            median=numbers.size(t, float(np.median(own.losses[:, -1]))),
            low=numbers.size(t, float(own.losses[:, -1].min())),
            high=numbers.size(t, float(own.losses[:, -1].max())),
            rate=numbers.short(own.rate),
        )
        for network, own in reached.items()
    ]
    seeds = len(first.losses)
    sentence = t(
        "reach.sentence", length=LENGTH, updates=numbers.whole(updates), seeds=seeds, values=t.join(ends)
    )
    return [Part("figure", "reach", figure, words=Words(sentence, note=t("reach.note", units=UNITS)))]


def _curve(t: Text, network: str, own: Reached) -> TrainingCurve:
    median = np.median(own.losses, axis=0)
    return TrainingCurve(
        network,
        t.choice("network", network),
        own.updates,
        median,
        low=own.losses.min(axis=0),
        high=own.losses.max(axis=0),
        end=numbers.size(t, float(median[-1])),
    )
