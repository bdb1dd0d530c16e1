"""The session of the reader who is being served, and what the browser's address says to it."""

import streamlit as st

from recurrent_core import address
from ui.session import Session
from ui.settings import State

KEY = "gatescope"


def current() -> Session:
    """The session of the reader who is being served."""
    if KEY not in st.session_state:
        korean = (st.context.locale or "").lower().startswith("ko")
        st.session_state[KEY] = Session(State(lang="ko" if korean else "en"))
    return st.session_state[KEY]


def open_page(name: str) -> Session:
    """The session at the beginning of a run of page `name`, after a look at the address."""
    texts = {key: values[-1] for key in st.query_params if (values := st.query_params.get_all(key))}
    session = current()
    session.come(name, address.join(texts.items()), named="preset" in texts)
    return session
