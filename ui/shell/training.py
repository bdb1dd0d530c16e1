"""The lower part of the page Learning: a reader's own training and its curves.

It is a fragment of its own within the stage, which runs at every heartbeat: what is being dragged above is left alone.
Where there is a new snapshot, what the stage shows of it goes to the browser in the same message.
"""

from typing import Any

import streamlit as st

from recurrent_core.learn.length_100 import length_100
from ui import render
from ui.parts import message
from ui.session import Session
from ui.shell import components, page
from ui.views.learning import length_100 as reach
from ui.views.learning import training
from ui.views.learning.training import Watch
from ui.words.text import Text

KEY = "gs-training"


def section(session: Session, t: Text) -> None:
    """Buttons and curves, which follow the training."""
    watch: Watch = st.session_state.setdefault(KEY, Watch())

    def hear() -> None:
        training.receive(session, watch, components.training_report())

    @st.fragment
    def draw() -> None:
        here = session.state
        told, mine = training.look(here, watch)
        components.training_job(
            training.progress(here, t, watch, told, mine),
            owner=watch.owner,
            seq=watch.seq,
            stage=watch.stage,
            fresh=_fresh(session) if training.news(watch) else None,
            on_change=hear,
        )
        curves, notices = render.made(training.parts, here)
        for part in page.sendings("training", session, curves or (), notices):
            components.part(part)

    training.drawn(session.state, watch)
    with st.container(key="gs-training"):
        draw()
    for part in reach.parts(t, length_100()):
        components.part(message(part, session.query, settled=True))


def _fresh(session: Session) -> dict[str, Any]:
    """What the stage shows now, with the number of the last report of the controls that is in it."""
    return {"seq": session.seq} | render.answer(render.show(session.state), settled=True)
