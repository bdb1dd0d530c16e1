"""What to do: biases for a horizon, and clipping."""

from figures.curves import NARROW_SPAN, Curve
from recurrent_core import CELLS, Experiment
from recurrent_core.analysis.horizon import SIGNS
from ui import controls
from ui.parts import Part, Words
from ui.recordings import cached
from ui.settings import State
from ui.views.gradients import curves
from ui.views.gradients import words as said
from ui.views.gradients.tab import Tab, curve_picture
from ui.words import sentences
from ui.words.text import Text

REMEDIED = tuple(name for name, cell in CELLS.items() if cell.named(*SIGNS))  # the RNN has no bias to choose


def _gated(e: Experiment) -> str:
    """The network whose biases are chosen."""
    return e.network if e.network in REMEDIED else REMEDIED[0]


def first(here: State, t: Text) -> list[dict]:
    e = here.experiment
    network = controls.segments(t, here, "network")
    options = [option for option in network["options"] if option[0] in REMEDIED]
    unused = e.wiring in sentences.BY_HAND
    return [
        network | {"options": options, "value": _gated(e)},
        controls.slider(t, here, "horizon", main=True),
        controls.bar("recipe", controls.button("use_horizon", t("remedy.use"), disabled=unused)),
        controls.slider(t, here, "clip"),
    ]


def more(here: State, t: Text) -> list[dict]:
    return [
        controls.slider(t, here, "memory"),
        controls.slider(t, here, "scale"),
        controls.toggle(t, here, "log"),
    ]


def _remedies(here: State, t: Text) -> list[Curve]:
    return curves.remedies(t, here, _gated(here.experiment))


def parts(here: State, t: Text) -> list[Part]:
    """The memory's gradient with biases for a horizon, and clipping of the parameters' gradients."""
    e, v, network = here.experiment, here.view, _gated(here.experiment)
    simulations = [cached.simulation(e, name) for name in CELLS]
    gradients = [cached.gradients(e, name) for name in CELLS]
    units = cached.simulation(e, network).recording.final.h.shape[-1]
    words = Words(
        said.remedy_sentence(t, e, network, v.horizon, _remedies(here, t)),
        said.clip_rows(t, simulations, gradients, v.clip),
        f"{said.trap(t, network, units, v.horizon, lambda: cached.chrono_rng(e))} {t('remedy.note')}",
    )
    return [curve_picture("remedy", here, t, _remedies, words, distance=v.horizon, span=NARROW_SPAN)]


TAB = Tab(first, more, parts)
