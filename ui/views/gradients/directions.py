"""Which directions: the singular values of the products of the state's Jacobians."""

from figures.curves import singular_fan
from recurrent_core import Experiment
from recurrent_core.analysis.products import Products
from ui import controls
from ui.parts import Part, Words
from ui.recordings import cached
from ui.session import Session
from ui.views.gradients import curves
from ui.views.gradients import words as said
from ui.views.gradients.tab import Tab, behind, one_network, one_network_more, picture
from ui.words import sentences
from ui.words.text import Text


def _singular_values(here: Session, e: Experiment) -> Products:
    table = here.table_of(e)
    asked = curves.distances(e, e.network, table, settled=here.settled)
    return cached.products(e, e.network, asked, table)


def parts(here: Session, t: Text) -> list[Part]:
    """The singular values of the state's Jacobian product, by distance; of the pinned ones the largest."""
    e, found = here.experiment, _singular_values(here, here.experiment)
    thin, thick, last = curves.others(found), curves.largest(t, e, found), int(found.distances[-1])
    pinned = [behind(here)] if here.pinned is not None else []
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

    return [picture("directions", words, draw)]


TAB = Tab(one_network, one_network_more, parts)
