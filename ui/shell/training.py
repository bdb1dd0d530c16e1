"""The lower part of the page Learning: a reader's own training and its curves.

It is a fragment of its own within the stage, which runs at every heartbeat: what is being dragged above is left alone.
Only where there is a new snapshot the browser asks for the stage anew.
"""

import logging

import streamlit as st

from recurrent_core.learn.length_100 import length_100
from ui.parts import message
from ui.session import Session
from ui.shell import components
from ui.views.learning import length_100 as reach
from ui.views.learning import training
from ui.views.learning.training import Watch
from ui.words.text import Text

LOG = logging.getLogger("gatescope")
KEY = "gs-training"


def section(here: Session, t: Text) -> None:
    """Buttons and curves, which follow the training."""
    watch: Watch = st.session_state.setdefault(KEY, Watch())

    def hear() -> None:
        watch.stage += training.receive(here, watch, components.training_report())

    @st.fragment
    def draw() -> None:
        told, mine = training.look(here, watch)
        shown = training.progress(here, t, watch, told, mine)
        components.training_job(shown, owner=watch.owner, seq=watch.seq, stage=watch.stage, on_change=hear)
        try:
            sent = [message(part, here.query, settled=True) for part in training.parts(here, t)]
        except Exception:
            LOG.exception("the curves failed at %s", here.query)
            sent = st.session_state.get("gs-curves", [])
        st.session_state["gs-curves"] = sent
        for part in sent:
            components.part(part)

    watch.seen = watch.seen if watch.seen[0] else training.present(here)
    with st.container(key="gs-training"):
        draw()
    for part in reach.parts(t, length_100()):
        components.part(message(part, here.query, settled=True))
