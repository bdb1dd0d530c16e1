"""The frame of every page: head, navigation, heading, and a stage that is redrawn by itself."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from recurrent_core import CELLS, Experiment, InputError
from ui import cached, controls, exports, session, text
from ui.components.live_figure import keep_figure, live_figure
from ui.components.share_menu import share_menu
from ui.session import Session
from ui.text import Text

LOG = logging.getLogger("gatescope")
PAGES = {"home": "app.py", "gates": "pages/gates.py", "gradients": "pages/gradients.py"}
STYLE = "\n".join(path.read_text("utf-8") for path in sorted(Path(__file__).parent.rglob("*.css")))


def open_page(
    name: str, networks: Callable[[Experiment], Sequence[str]] = lambda e: tuple(CELLS)
) -> tuple[Session, Text]:
    """Head, navigation and question of page `name`: call it first.

    `networks` names those that the page shows for an experiment: what "download the recording" gives.
    """
    here = session.open_page()
    t = text.text(here.lang)
    st.set_page_config(page_title=f"{t(f'pages.{name}.title')} · {t('app.name')}", layout="wide")
    st.html(f"<style>{STYLE}</style>")
    with st.container(key="gs-head", horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(key="gs-nav", horizontal=True, gap=None):
            for page, path in PAGES.items():
                st.page_link(path, label=t(f"pages.{page}.nav"))
        _menu(here, t, t(f"pages.{name}.title"), networks)
    st.html(f'<h1 class="gs-question">{t(f"pages.{name}.title")}</h1>')
    return here, t


def _menu(here: Session, t: Text, title: str, networks: Callable[[Experiment], Sequence[str]]) -> None:
    def respond(request: dict) -> dict:
        if request.get("want") == "language":
            here.speak(str(request.get("value")))
            return {}
        names = networks(here.experiment)
        return exports.answer(
            request,
            exports.file_stem(here.experiment, *names),
            lambda: {name: cached.simulation(here.experiment, name, here.table) for name in names},
        )

    words = {key: word for key, word in t.words.items() if key.startswith(("share.", "download.", "app."))}
    share_menu(words, respond, title=title, lang=here.lang, languages=text.LANGUAGES)


def lead(sentence: str) -> None:
    """What the page is, in a sentence or two, below its question. `sentence` is ours, never a reader's."""
    st.html(f'<p class="gs-lead">{sentence}</p>')


def cards(t: Text, names: Sequence[str]) -> None:
    """A card for each of some pages: its question, what one does there, and the link."""
    with st.container(key="gs-cards", horizontal=True):
        for name in names:
            with st.container(key=f"gs-card-{name}", border=True):
                st.page_link(PAGES[name], label=f"**{t(f'pages.{name}.title')}**")
                st.html(f"<p>{t(f'pages.{name}.line')}</p>")


def stage(
    here: Session,
    t: Text,
    panel: Callable[[Text, Session], Sequence[dict]],
    picture: Callable[[Session, Text], None],
) -> None:
    """The live part of a page: controls and pictures, redrawn together whenever one of them moves.

    `panel(t, session)` gives the items of the controls, `picture(session, t)` draws with `figure`. An error keeps
    the last pictures and says beside the first what happened and what to do.
    """

    @st.fragment
    def draw() -> None:
        controls.show(t, here, panel(t, here))
        try:
            names = st.session_state["gs-figures"] = []
            picture(here, t)
            st.session_state["gs-drawn"] = list(names)
        except InputError as error:
            _keep(here, names, controls.notices(t, here, error))
        except Exception:
            LOG.exception("the page failed at %s", here.query)
            _keep(here, names, (t("errors.unknown"),))

    with st.container(key="gs-stage"):
        draw()


def figure(here: Session, name: str, picture: dict, **parts: Any) -> None:
    """One picture of the stage: live_figure with the session's address, cursor and state of dragging."""
    st.session_state["gs-figures"].append(name)
    live_figure(
        name,
        picture,
        value=here.query,
        settled=here.settled,
        on_cursor=lambda: here.move_cursor(st.session_state[name].get("cursor")),
        **parts,
    )


def _keep(here: Session, drawn: Sequence[str], notices: tuple[str, ...]) -> None:
    """The last pictures, but for those already drawn in this run, with the notices beside the first."""
    kept = [name for name in st.session_state.get("gs-drawn", []) if name not in drawn]
    shown = [keep_figure(name, notices if k == 0 else ()) for k, name in enumerate(kept)]
    if not any(shown):
        for notice in notices:
            st.error(notice)
