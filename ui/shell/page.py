"""The frame of every page: head, navigation, heading, and a stage that is redrawn by itself."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from recurrent_core import InputError
from ui import controls, exports, live
from ui.parts import Part, message
from ui.recordings import cached
from ui.session import Session
from ui.settings import State, opened
from ui.shell import components, reader
from ui.shell.share_menu import share_menu
from ui.views import VIEWS
from ui.views.step.worksheet import worksheet
from ui.views.view import all_networks, as_set
from ui.words import text
from ui.words.text import Text

LOG = logging.getLogger("gatescope")
PAGES = {
    "home": "app.py",
    "gates": "pages/gates.py",
    "gradients": "pages/gradients.py",
    "step": "pages/step.py",
    "saturation": "pages/saturation.py",
    "learning": "pages/learning.py",
    "conventions": "pages/conventions.py",
    "proof": "pages/proof.py",
}
STYLE = "\n".join(path.read_text("utf-8") for path in sorted(Path(__file__).parents[1].rglob("*.css")))


def open_page(name: str) -> tuple[Session, Text]:
    """Head, navigation and question of page `name`: call it first."""
    components.wake()
    session = reader.open_page(name)
    t = text.text(session.state.lang)
    st.set_page_config(page_title=f"{t(f'pages.{name}.title')} · {t('app.name')}", layout="wide")
    st.html(f"<style>{STYLE}</style>")
    with st.container(key="gs-head", horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(key="gs-nav", horizontal=True, gap=None):
            for page, path in PAGES.items():
                st.page_link(path, label=t(f"pages.{page}.nav"))
        networks = VIEWS[name].networks if name in VIEWS else all_networks
        recorded = VIEWS[name].recorded if name in VIEWS else as_set
        recordings = name not in VIEWS or VIEWS[name].recordings
        _menu(session, t, t(f"pages.{name}.title"), networks, recorded, recordings)
    st.html(f'<h1 class="gs-question">{t(f"pages.{name}.title")}</h1>')
    return session, t


def _menu(
    session: Session,
    t: Text,
    title: str,
    networks: Callable[[State], Sequence[str]],
    recorded: Callable[[State], State],
    recordings: bool,
) -> None:
    def respond(request: dict) -> dict:
        if request.get("want") == "language":
            session.speak(str(request.get("value")))
            return {}
        if request.get("want") in ("worksheet", "key"):
            return _sheet(session.state, t, request)
        names, shown = networks(session.state), recorded(session.state)
        return exports.answer(
            request,
            exports.file_stem(shown, *names),
            lambda: {name: cached.simulation(shown.experiment, name) for name in names},
        )

    wanted = ("share.", "download.", "lecture.", "glossary.", "app.")
    words = {key: word for key, word in t.words.items() if key.startswith(wanted) and ".terms." not in key}
    share_menu(
        words, respond, title=title, lang=session.state.lang, languages=text.LANGUAGES, recordings=recordings
    )


def _sheet(here: State, t: Text, request: dict) -> dict:
    """A worksheet or its key, for the step and unit that the browser shows."""
    shown = opened(urlsplit(str(request.get("link", ""))).query).view
    network = here.experiment.network
    simulation = cached.simulation(here.experiment, network)
    key = request["want"] == "key"
    file = worksheet(t, simulation, shown.cursor, shown.unit, key)
    return {"name": exports.file_stem(here, network) + exports.ENDINGS[request["want"]], "file": file}


def lead(sentence: str) -> None:
    """What the page is, in a sentence or two, below its question. `sentence` is ours, never a reader's."""
    st.html(f'<p class="gs-lead">{sentence}</p>')


def cards(t: Text) -> None:
    """A card for each of the other pages: its question, what one does there, and the link."""
    with st.container(key="gs-cards", horizontal=True):
        for name in list(PAGES)[1:]:
            with st.container(key=f"gs-card-{name}", border=True):
                st.page_link(PAGES[name], label=f"**{t(f'pages.{name}.title')}**")
                st.html(f"<p>{t(f'pages.{name}.line')}</p>")


def address(session: Session, t: Text, name: str) -> None:
    """Keep the settings in the address and in the links of a page that has no controls."""
    _controls(name, session, t, (), None)


def stage(name: str, session: Session, t: Text, below: Callable[[], None] | None = None) -> None:
    """The live part of page `name`: its controls and parts, redrawn together whenever one of them moves.

    `below` puts more at its end, such as a fragment within this one.
    An error keeps the last parts and says beside the first what happened and what to do.
    """
    view = VIEWS[name]

    @st.fragment
    def draw() -> None:
        here = session.state
        _controls(name, session, t, view.panel(here, t), live.address())
        for part in drawn(name, here, t, view.parts, settled=here.settled):
            components.part(
                part | {"seq": session.seq}
            )  # shown anew even if it is the last that came this way
        if below:
            below()

    # The outer key tells the style sheets which page this is.
    with st.container(key=f"gs-page-{name}"), st.container(key="gs-stage"):
        draw()


def latest(name: str, session: Session, t: Text) -> dict[str, Any]:
    """What the stage of page `name` shows now, for a browser that shows it without asking.

    `seq` is the number of the last report of the controls that is in it.
    """
    view, here = VIEWS[name], session.state
    items = list(view.panel(here, t))
    parts = drawn(name, here, t, view.parts)
    return {"seq": session.seq, "state": here.query, "items": items, "parts": parts}


def drawn(
    name: str,
    here: State,
    t: Text,
    parts: Callable[[State, Text], Sequence[Part]],
    *,
    settled: bool = True,
    key: str = "gs-last",
) -> list[dict[str, Any]]:
    """The messages of `parts` of page `name`, which are kept under `key`.

    Where they cannot be made, the last ones, with what happened and what to do beside the first.
    """
    try:
        sent = [message(part, here.query, settled=settled) for part in parts(here, t)]
    except InputError as error:
        sent = _kept(name, key, controls.notices(t, here, error))
    except Exception:
        LOG.exception("the page failed at %s", here.query)
        sent = _kept(name, key, (t("errors.unknown"),))
    st.session_state[key] = name, sent
    return sent


def _controls(name: str, session: Session, t: Text, items: Sequence[dict], way: str | None) -> None:
    """Put the panel on page `name`; `way` is the address that answers while a control is dragged."""
    here = session.state
    components.live_controls(
        items,
        session=session.token,
        seq=session.seq,
        acted=session.acted,
        revision=session.revision,
        page=name,
        live=way,
        state=here.query,
        settled=here.settled,
        lang=here.lang,
        keys=controls.KEYS if items else {},  # a page without controls has nothing that they could change
        lecture=here.view.lecture,
        offline=t("app.reconnecting"),
        on_change=lambda: session.receive(components.controls_report()),
    )


def _kept(name: str, key: str, notices: tuple[str, ...]) -> list[dict[str, Any]]:
    """The page's last parts, with the notices beside the first; without, the notices alone."""
    page, sent = st.session_state.get(key, (None, []))
    if page == name and sent:
        first, *others = sent
        return [first | {"words": first["words"] | {"notices": notices}}, *others]
    for notice in notices:
        st.error(notice)
    return []
