"""What to do: biases for a horizon, and clipping."""

from figures.curves import NARROW_SPAN, Curve
from recurrent_core import CELLS, Experiment
from recurrent_core.analysis.horizon import SIGNS
from ui import controls
from ui.parts import Part, Words
from ui.recordings import cached
from ui.session import Session
from ui.views.gradients import curves
from ui.views.gradients import words as said
from ui.views.gradients.tab import Tab, curve_picture
from ui.words import sentences
from ui.words.text import Text

REMEDIED = tuple(name for name, cell in CELLS.items() if cell.named(*SIGNS))  # the RNN has no bias to choose


def _gated(e: Experiment) -> str:
    """The network whose biases are chosen."""
    return e.network if e.network in REMEDIED else REMEDIED[0]


def first(here: Session, t: Text) -> list[dict]:
    e = here.experiment
    network = controls.segments(t, e, "network")
    options = [option for option in network["options"] if option[0] in REMEDIED]
    unused = e.wiring in sentences.BY_HAND
    return [
        network | {"options": options, "value": _gated(e)},
        controls.slider(t, e, "horizon", main=True),
        controls.bar("recipe", controls.button("use_horizon", t("remedy.use"), disabled=unused)),
        controls.slider(t, e, "clip"),
    ]


def more(here: Session, t: Text) -> list[dict]:
    e = here.experiment
    return [controls.slider(t, e, "memory"), controls.slider(t, e, "scale"), controls.toggle(t, e, "log")]


def _remedies(here: Session, t: Text, e: Experiment) -> list[Curve]:
    return curves.remedies(t, e, _gated(here.experiment), here.table_of(e))


def parts(here: Session, t: Text) -> list[Part]:
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
    return [curve_picture("remedy", here, t, _remedies, words, distance=e.horizon, span=NARROW_SPAN)]


TAB = Tab(first, more, parts)
