"""Why: the routes that the learning signal takes."""

from figures.curves import Curve
from recurrent_core.analysis.products import log10_bound
from recurrent_core.analysis.routes import route_shares
from ui.parts import Part, Words
from ui.recordings import cached
from ui.settings import State
from ui.views.gradients import curves
from ui.views.gradients import words as said
from ui.views.gradients.tab import Tab, behind, curve_picture, gated, one_network, one_network_more
from ui.words.text import Text


def _routes(here: State, t: Text) -> list[Curve]:
    """The curves of some settings, the present or the pinned ones."""
    e = here.experiment
    U = None if gated(e) else cached.simulation(e, e.network).recording.params[0].U
    return curves.routes(t, here, cached.routes(e, e.network, curves.distances(here)), U)


def parts(here: State, t: Text) -> list[Part]:
    """Total derivative of the memory, its own route and the rest; for the RNN total and bound."""
    e = here.experiment
    recording = cached.simulation(e, e.network).recording
    asked = curves.distances(here)
    found = cached.routes(e, e.network, asked)
    distance = min(here.view.distance, asked[-1])
    shares = route_shares(recording, cached.gradients(e, e.network), [distance]) if gated(e) else None
    if shares is None:
        (affine,) = recording.params
        total = float(found.total[asked.index(distance)])
        bound = float(log10_bound(affine.U, [distance])[0])
        sentence = said.bound_sentence(t, e.network, total, affine.U, distance, bound)
    else:
        sentence = said.routes_sentence(t, e, shares)
    note = said.routes_note(t, e, len(asked), asked[-1] + 1)
    words = Words(sentence, (), note)
    return [curve_picture("why", here, t, _routes, words, rough=curves.few(here, *behind(here)))]


TAB = Tab(one_network, one_network_more, parts)
