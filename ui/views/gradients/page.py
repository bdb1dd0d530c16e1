"""Gradients: one question at a time, each a tab with controls and a picture of its own.

How far back (the learning signal of the three networks), why (the routes it takes), which directions (singular
values), which steps taught U (contributions), and what to do (biases for a horizon, clipping).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from figures import gradient_curves, recording_heatmaps
from figures.curves import LOG_SPAN, NARROW_SPAN, Curve, singular_fan
from recurrent_core import CELLS, Experiment
from recurrent_core.analysis.horizon import SIGNS
from recurrent_core.analysis.products import Products, log10_bound
from recurrent_core.analysis.routes import route_shares
from ui import blocks, controls
from ui.components.live_figure import Picture, Words
from ui.recordings import cached
from ui.session import Session
from ui.views.gradients import curves
from ui.views.gradients import words as said
from ui.views.view import View
from ui.words import sentences
from ui.words.text import Text

HEIGHT, COMPACT = 520, 360


class Tab(NamedTuple):
    """One question: the controls of the first screen, those under More settings, and the pictures."""

    first: Callable[[Session, Text], list[dict]]
    more: Callable[[Session, Text], list[dict]]
    pictures: Callable[[Session, Text], list[Picture]]


def panel(here: Session, t: Text) -> list[dict]:
    e, tab = here.experiment, TABS[here.experiment.tab]
    more = [
        *tab.more(here, t),
        *controls.inputs(t, here),
        *controls.weights(t, e, networks=tuple(CELLS)),
        *controls.clamps(t, e, here.table),
    ]
    return [
        controls.segments(t, e, "tab") | {"vertical": True},
        controls.preset(t, e),
        *tab.first(here, t),
        controls.actions(t, here),
        controls.more(t, here, more),
        controls.notes(t, e),
    ]


def pictures(here: Session, t: Text) -> list[Picture]:
    return TABS[here.experiment.tab].pictures(here, t)


def _picture(name: str, words: Words, draw: Callable[[int], dict]) -> Picture:
    """The picture and the lower one for narrow places; `draw` takes the height."""
    return Picture(name, draw(HEIGHT), compact=draw(COMPACT), words=words)


# How far


def _far_first(here: Session, t: Text) -> list[dict]:
    e = here.experiment
    return [
        controls.slider(t, e, "memory", main=True),
        controls.slider(t, e, "scale"),
        controls.slider(t, e, "distance", table=here.table),
    ]


def _far_more(here: Session, t: Text) -> list[dict]:
    e = here.experiment
    of = [controls.choice(t, e, "network", name_label=t("gradients.heatmaps_of"))] if e.maps else []
    return [
        controls.segments(t, e, "axis"),
        controls.toggle(t, e, "log"),
        controls.choice(t, e, "curve"),
        controls.toggle(t, e, "maps"),
        *of,
    ]


def _far(here: Session, t: Text) -> list[Picture]:
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
        "words": sentences.curve_words(t),
        "ghosts": curves.pinned(t, here.pinned, e, here.table_of),
    }
    words = Words(
        said.gradients_sentence(t, norms, e.distance, e.axis),
        said.network_rows(t, [cached.simulation(e, network, here.table) for network in CELLS]),
        controls.notices(t, here),
        said.gradients_note(t, e, curves.SEEDS, settled=here.settled),
    )
    pictures = [
        _picture("gradients", words, lambda height: gradient_curves(drawn, height=height, **settings))
    ]
    if e.maps:
        rows = curves.blocks(t, e, here.table)
        figure = recording_heatmaps(rows, sentences.heatmap_words(t), pixels=blocks.row_pixels(rows, 336))
        pictures.append(Picture("gradient_maps", figure, hover={"unit": t("gates.unit")}))
    return pictures


# Why


def _one_network(here: Session, t: Text) -> list[dict]:
    """The network, the handle that moves its gradient most, and the distance."""
    e = here.experiment
    handle = "scale" if e.network == "rnn" else "memory"
    return [
        controls.segments(t, e, "network"),
        controls.slider(t, e, handle, main=True),
        controls.slider(t, e, "distance", table=here.table),
    ]


def _one_network_more(here: Session, t: Text) -> list[dict]:
    e = here.experiment
    handle = "memory" if e.network == "rnn" else "scale"
    return [controls.slider(t, e, handle), controls.toggle(t, e, "log")]


def _routes(here: Session, t: Text, e: Experiment) -> list[Curve]:
    """The curves of some settings, the present or the pinned ones."""
    table = here.table_of(e)
    U = cached.simulation(e, e.network, table).recording.params.h.U if e.network == "rnn" else None
    asked = curves.distances(e, e.network, table, settled=here.settled)
    return curves.routes(t, e, cached.routes(e, e.network, asked, table), U)


def _why(here: Session, t: Text) -> list[Picture]:
    """Total derivative of the memory, its own route and the rest; for the RNN total and bound."""
    e = here.experiment
    recording = cached.simulation(e, e.network, here.table).recording
    asked = curves.distances(e, e.network, here.table, settled=here.settled)
    found = cached.routes(e, e.network, asked, here.table)
    distance = min(e.distance, asked[-1])
    if e.network == "rnn":
        total = float(found.total[asked.index(distance)])
        bound = float(log10_bound(recording.params.h.U, [distance])[0])
        sentence = said.bound_sentence(t, total, recording.params.h.U, distance, bound)
    else:
        shares = route_shares(recording, cached.gradients(e, e.network, here.table), [distance])
        sentence = said.routes_sentence(t, e, shares)
    note = said.routes_note(t, e, len(asked), asked[-1] + 1)
    return [_curves("why", here, t, _routes, Words(sentence, (), controls.notices(t, here), note))]


def _behind(here: Session) -> Experiment:
    """The pinned settings, asked as the present ones are."""
    e = here.experiment
    return replace(here.pinned, network=e.network, distance=e.distance, horizon=e.horizon)


def _curves(
    name: str,
    here: Session,
    t: Text,
    make: Callable[[Session, Text, Experiment], Sequence[Curve]],
    words: Words,
    distance: int | None = None,
    span: tuple[float, float] = LOG_SPAN,
) -> Picture:
    """Curves of the present settings, those of the pinned ones behind them, on the axis of the question."""
    e = here.experiment
    drawn = make(here, t, e)
    settings = {
        "log": e.log,
        "relative": True,
        "distance": distance or e.distance,
        "words": sentences.curve_words(t) | {"y_relative": t(f"{name}.y")},
        "ghosts": [] if here.pinned is None else make(here, t, _behind(here)),
        "span": span,
    }
    return _picture(name, words, lambda height: gradient_curves(drawn, height=height, **settings))


# Which directions


def _singular_values(here: Session, e: Experiment) -> Products:
    table = here.table_of(e)
    asked = curves.distances(e, e.network, table, settled=here.settled)
    return cached.products(e, e.network, asked, table)


def _directions(here: Session, t: Text) -> list[Picture]:
    """The singular values of the state's Jacobian product, by distance; of the pinned ones the largest."""
    e, found = here.experiment, _singular_values(here, here.experiment)
    thin, thick, last = curves.others(found), curves.largest(t, e, found), int(found.distances[-1])
    pinned = [_behind(here)] if here.pinned is not None else []
    settings = {
        "log": e.log,
        "distance": e.distance,
        "words": sentences.curve_words(t) | {"y_relative": t("directions.y")},
        "ghosts": [curves.largest(t, pin, _singular_values(here, pin)) for pin in pinned],
    }
    words = Words(
        said.directions_sentence(t, e.network, found, min(e.distance, last)),
        (),
        controls.notices(t, here),
        said.directions_note(t, e.network, found, thin.shape[1] + 1, last + 1),
    )

    def draw(height: int) -> dict:
        return singular_fan(thin, found.distances, thick, height=height, **settings)

    return [_picture("directions", words, draw)]


# Which steps


def _steps_more(here: Session, t: Text) -> list[dict]:
    return [controls.toggle(t, here.experiment, "log")]


def _contributions(here: Session, t: Text, e: Experiment) -> list[Curve]:
    table = here.table_of(e)
    return [curves.contribution(t, e, network, table) for network in CELLS]


def _steps(here: Session, t: Text) -> list[Picture]:
    """What each step contributes to dL/dU, for the three networks."""
    e = here.experiment
    found = {network: cached.contributions(e, network, here.table) for network in CELLS}
    words = Words(said.steps_sentence(t, found), (), controls.notices(t, here), t("steps.note"))
    return [_curves("steps", here, t, _contributions, words)]


# What to do


def _gated(e: Experiment) -> str:
    """The network whose biases are chosen: the RNN has none."""
    return e.network if set(SIGNS) & set(CELLS[e.network].gates) else "lstm"


def _remedy_first(here: Session, t: Text) -> list[dict]:
    e = here.experiment
    network = controls.segments(t, e, "network")
    options = [option for option in network["options"] if set(SIGNS) & set(CELLS[option[0]].gates)]
    unused = e.wiring in sentences.BY_HAND
    return [
        network | {"options": options, "value": _gated(e)},
        controls.slider(t, e, "horizon", main=True),
        controls.bar("recipe", controls.button("use_horizon", t("remedy.use"), disabled=unused)),
        controls.slider(t, e, "clip"),
    ]


def _remedy_more(here: Session, t: Text) -> list[dict]:
    e = here.experiment
    return [controls.slider(t, e, "memory"), controls.slider(t, e, "scale"), controls.toggle(t, e, "log")]


def _remedies(here: Session, t: Text, e: Experiment) -> list[Curve]:
    return curves.remedies(t, e, _gated(here.experiment), here.table_of(e))


def _remedy(here: Session, t: Text) -> list[Picture]:
    """The memory's gradient with biases for a horizon, and clipping of the parameters' gradients."""
    e, network = here.experiment, _gated(here.experiment)
    simulations = [cached.simulation(e, name, here.table) for name in CELLS]
    gradients = [cached.gradients(e, name, here.table) for name in CELLS]
    units = cached.simulation(e, network, here.table).recording.final.h.shape[-1]
    words = Words(
        said.remedy_sentence(t, e, network, _remedies(here, t, e)),
        said.clip_rows(t, simulations, gradients, e.clip),
        controls.notices(t, here),
        f"{said.trap(t, network, units, e.horizon, lambda: cached.chrono_rng(e))} {t('remedy.note')}",
    )
    return [_curves("remedy", here, t, _remedies, words, distance=e.horizon, span=NARROW_SPAN)]


TABS = {
    "far": Tab(_far_first, _far_more, _far),
    "why": Tab(_one_network, _one_network_more, _why),
    "directions": Tab(_one_network, _one_network_more, _directions),
    "steps": Tab(_far_first, _steps_more, _steps),
    "remedy": Tab(_remedy_first, _remedy_more, _remedy),
}
VIEW = View(panel, pictures)
