"""Which directions: the singular values of the products of the state's Jacobians."""

from typing import Any

from figures.curves import singular_fan
from recurrent_core.analysis.products import Products
from ui.parts import Part, Words
from ui.recordings import cached
from ui.settings import State
from ui.views.gradients import curves
from ui.views.gradients import words as said
from ui.views.gradients.tab import Tab, behind, one_network, one_network_more, picture
from ui.words import sentences
from ui.words.text import Text


def _singular_values(here: State) -> Products:
    return cached.products(here.experiment, here.experiment.network, curves.distances(here))


def parts(here: State, t: Text) -> list[Part]:
    """The singular values of the state's Jacobian product, by distance; of the pinned ones the largest."""
    network, v, found = here.experiment.network, here.view, _singular_values(here)
    thin, thick, last = curves.others(found), curves.largest(t, here, found), int(found.distances[-1])
    settings: dict[str, Any] = {
        "log": v.log,
        "distance": v.distance,
        "words": sentences.curve_words(t) | {"y_relative": t("directions.y")},
        "ghosts": [curves.largest(t, pin, _singular_values(pin)) for pin in behind(here)],
    }
    words = Words(
        said.directions_sentence(t, network, found, min(v.distance, last)),
        (),
        said.directions_note(t, network, found, thin.shape[1] + 1, last + 1),
    )

    def draw(height: int) -> dict:
        return singular_fan(thin, found.distances, thick, height=height, **settings)

    return [picture(here, "directions", words, draw, rough=curves.few(here, *behind(here)))]


TAB = Tab(one_network, one_network_more, parts)
