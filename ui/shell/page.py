"""The frame of every page: head, navigation, heading, and a stage that is redrawn by itself."""

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from ui import controls, exports, render
from ui.parts import Part, unchanged
from ui.session import Session
from ui.shell import components, reader, served
from ui.shell.share_menu import share_menu
from ui.views import VIEWS
from ui.words import text
from ui.words.summary import summary
from ui.words.text import Text

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
UI = Path(__file__).parents[1]
STYLE = "\n".join(
    path.read_text("utf-8") for path in sorted({*UI.rglob("*.css")} - {*UI.glob("embed/*.css")})
)
SHOWN = "gs-shown"  # what the browser says that it shows already, for the run after its report
MOUNTED = "gs-mounted"  # by place on the page that is open: kind and name of each part that is there
OPEN = "gs-page"  # the page that is open
SUMMARY = "gs-summary"  # the place of its summary


def open_page(name: str) -> tuple[Session, Text]:
    """Head, navigation and question of page `name`: call it first."""
    components.wake()
    session = reader.open_page(name)
    _begin(name)
    t = text.text(session.state.lang)
    title = t(f"pages.{name}.title")
    st.set_page_config(page_title=f"{title} · {t('app.name')}", layout="wide")
    st.html(f"<style>{STYLE}</style>")
    with st.container(key="gs-head", horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(key="gs-nav", horizontal=True, gap=None):
            for page, path in PAGES.items():
                st.page_link(path, label=t(f"pages.{page}.nav"))
        _menu(name, session, t, title)
    with st.container(key="gs-question", gap=None):
        st.html(f'<h1 class="gs-question">{title}</h1>')
        st.session_state[SUMMARY] = st.empty()
    return session, t


def _summary(session: Session, t: Text) -> None:
    """What the page shows, for a screen reader: right below its question, and unseen. A run of the stage renews it."""
    said = summary(t, session.state)
    st.session_state[SUMMARY].html(
        f'<section class="gs-summary"><h2>{escape(said.title)}</h2><p>{escape(said.text)}</p></section>'
    )


def _begin(name: str) -> None:
    """A run of the whole page: all of it is sent, and of another page nothing is there any more."""
    st.session_state.pop(SHOWN, None)
    if st.session_state.get(OPEN) != name:
        st.session_state[OPEN], st.session_state[MOUNTED] = name, {}


def _menu(name: str, session: Session, t: Text, title: str) -> None:
    def respond(request: dict) -> dict:
        if request.get("want") == "language":
            session.speak(str(request.get("value")))
            return {}
        query = urlsplit(str(request.get("link", ""))).query
        return exports.answer(request, name, query or session.query)

    wanted = ("share.", "download.", "lecture.", "keys.", "glossary.", "app.")
    words = {key: word for key, word in t.words.items() if key.startswith(wanted) and ".terms." not in key}
    share_menu(
        words,
        respond,
        title=title,
        lang=session.state.lang,
        languages=text.LANGUAGES,
        recordings=name not in VIEWS or VIEWS[name].recordings,
        embed=name if name in VIEWS and served.live() else "",
    )


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
    _summary(session, t)
    _controls(name, session, t, (), None)


def stage(name: str, session: Session, t: Text, below: Callable[[], None] | None = None) -> None:
    """The live part of page `name`: its controls and parts, redrawn together whenever one of them moves.

    What the browser shows already is neither made nor sent again. `below` puts more at its end, such as a fragment
    within this one.
    """

    @st.fragment
    def draw() -> None:
        here, stands = session.state, mounted(name)
        _summary(session, t)
        if _is_shown(session, stands):
            _controls(name, session, t, None, served.live())
            sent = [unchanged(kind, part, here.query) for kind, part in stands]
        else:
            items, unmade = render.panel(here)
            _controls(name, session, t, items, served.live())  # before the parts: it lets the next report go
            parts, undrawn = render.stage(here)
            sent = sendings(name, session, parts, (*unmade, *undrawn))
        for part in sent:
            components.part(
                part | {"seq": session.seq}
            )  # shown anew even if it is the last that came this way
        if below:
            below()

    # The outer key tells the style sheets which page this is.
    with st.container(key=f"gs-page-{name}"), st.container(key="gs-stage"):
        draw()


def _is_shown(session: Session, stands: Sequence[tuple[str, str]]) -> bool:
    """Whether the browser has just said that it shows this very state, in every part that it has."""
    told = st.session_state.pop(SHOWN, None)
    here = session.state
    if not stands or here.notices:
        return False
    return told == {"query": here.query, "parts": [name for _, name in stands]}


def mounted(place: str) -> Sequence[tuple[str, str]]:
    """Kind and name of each part that the browser has at a place of the page."""
    return st.session_state[MOUNTED].get(place, ())


def sendings(
    place: str, session: Session, parts: Sequence[Part], notices: Sequence[str]
) -> list[dict[str, Any]]:
    """The messages that bring `parts` to a place of the page, with the notices beside the first.

    Without parts those that are there stay and get the notices; where there are none, the notices stand alone.
    """
    here, stands = session.state, mounted(place)
    notices = tuple(dict.fromkeys(notices))
    if parts:
        st.session_state[MOUNTED][place] = [(part.kind, part.name) for part in parts]
        return render.messages(parts, notices, here.query, settled=here.settled)
    if not stands:
        for notice in notices:
            st.error(notice)
    return [unchanged(kind, name, here.query, () if k else notices) for k, (kind, name) in enumerate(stands)]


def _controls(name: str, session: Session, t: Text, items: Sequence[dict] | None, way: str | None) -> None:
    """Put the panel on page `name`; `way` is the address that answers while a control is dragged."""

    def hear() -> None:
        report = components.controls_report()
        session.receive(report)
        st.session_state[SHOWN] = report.get("shown")

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
        keys={}
        if items == ()
        else controls.KEYS,  # a page without controls has nothing that they could change
        lecture=here.view.lecture,
        offline=t("app.reconnecting"),
        on_change=hear,
    )
