"""Why: the routes that the learning signal takes."""

from figures.curves import Curve
from recurrent_core import Experiment
from recurrent_core.analysis.products import log10_bound
from recurrent_core.analysis.routes import route_shares
from ui import controls
from ui.parts import Part, Words
from ui.recordings import cached
from ui.session import Session
from ui.views.gradients import curves
from ui.views.gradients import words as said
from ui.views.gradients.tab import Tab, curve_picture, gated, one_network, one_network_more
from ui.words.text import Text


def _routes(here: Session, t: Text, e: Experiment) -> list[Curve]:
    """The curves of some settings, the present or the pinned ones."""
    table = here.table_of(e)
    U = None if gated(e) else cached.simulation(e, e.network, table).recording.params[0].U
    asked = curves.distances(e, e.network, table, settled=here.settled)
    return curves.routes(t, e, cached.routes(e, e.network, asked, table), U)


def parts(here: Session, t: Text) -> list[Part]:
    """Total derivative of the memory, its own route and the rest; for the RNN total and bound."""
    e = here.experiment
    recording = cached.simulation(e, e.network, here.table).recording
    asked = curves.distances(e, e.network, here.table, settled=here.settled)
    found = cached.routes(e, e.network, asked, here.table)
    distance = min(e.distance, asked[-1])
    if not gated(e):
        (affine,) = recording.params
        total = float(found.total[asked.index(distance)])
        bound = float(log10_bound(affine.U, [distance])[0])
        sentence = said.bound_sentence(t, e.network, total, affine.U, distance, bound)
    else:
        shares = route_shares(recording, cached.gradients(e, e.network, here.table), [distance])
        sentence = said.routes_sentence(t, e, shares)
    note = said.routes_note(t, e, len(asked), asked[-1] + 1)
    return [curve_picture("why", here, t, _routes, Words(sentence, (), controls.notices(t, here), note))]


TAB = Tab(one_network, one_network_more, parts)
