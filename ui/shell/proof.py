"""The page Proof: the groups of facts, each as soon as it is computed."""

import streamlit as st

from recurrent_core.lab.facts import FACTS, GROUPS
from ui.views.proof import table as proof
from ui.words.text import Text


@st.cache_resource(show_spinner=False)
def group(name: str) -> proof.Group:
    """The facts of a group, computed once a server; who asks meanwhile waits for the same result."""
    return proof.group(name)


def show(t: Text) -> None:
    """All groups, below a line that counts them."""
    head = st.empty()
    done: list[proof.Group] = []
    for name in GROUPS:
        counted = sum(len(g.facts) for g in done)
        head.html(proof.head(t("proof.computing", done=counted, total=len(FACTS))))
        done.append(group(name))
        st.html(proof.table(t, name, done[-1]))
    head.html(proof.head(proof.count(t, done)))
