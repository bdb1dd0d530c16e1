"""A page for a frame in somebody's course page: question, sentence, pictures and controls, without a Streamlit session.

All that it says stands in it before any script has run, with still pictures, and without a script it stays so. The
script (embed.js) puts live parts in their place, which ask the live socket.

Settings and language come from the query, like those of any page. Beside them it may hold `controls` (one of CONTROLS)
and `theme` (one of THEMES; without it the browser's own). The writer escapes every text: there is no other way into
the page.
"""

from collections.abc import Sequence
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from figures.colours import THEMES
from figures.escape import legible
from figures.svg import svg
from recurrent_core import address
from ui.changes import arrived, with_values
from ui.components.assets import imports, plotly_name, plotly_styles, publish
from ui.parts import Part
from ui.render import stage
from ui.settings import State, opened
from ui.views import VIEWS
from ui.words.text import Text, joined, language, text

CONTROLS = ("main", "0", "all")  # which controls are shown: those of the first screen, none, all
NARROW = (
    552  # pixels of the frame, below which the compact picture has its place; see NARROW in live_figure.js
)
STYLES = ("theme.css", "live_figure.css", "live_controls.css", "embed.css")
DRAWN_LATER = {  # by page, what draws parts that are no figures
    "step": ("step_cell.js", "step_cell.css"),
    "conventions": ("facts_card.js", "facts_card.css"),
}
POLICY = {  # Content-Security-Policy: nothing but what this page needs, from its own server
    "default-src": "'none'",
    "script-src": "'self'",
    # Plotly writes its rules into a <style> that is empty at first, whose hash this is. Styles of maps, which would be
    # whole, it leaves out where it finds their id. And it sets attributes `style` of letters that it lays out.
    "style-src-elem": "'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    "style-src-attr": "'unsafe-inline'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
}
# Of a still picture, which is no page: its own styles, and squares that it holds as images.
PICTURE = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:"}


class Wanted(NamedTuple):
    """What an address says of the page beside its settings."""

    controls: str = CONTROLS[0]
    theme: str = ""  # the browser's own

    @property
    def query(self) -> str:
        """As it stands in an address, without what goes without saying."""
        said = {"controls": self.controls if self.controls != CONTROLS[0] else "", "theme": self.theme}
        return address.join((name, value) for name, value in said.items() if value)


def headers(ancestors: str = "") -> dict[str, str]:
    """What the browser is told with every answer. `ancestors` are the pages that may hold the frame, as in
    frame-ancestors of a Content-Security-Policy, such as "*.example.edu 'self'"; empty for any.

    Raises ValueError where they would end the rule.
    """
    if any(sign in ancestors for sign in ";,\r\n") or not ancestors.isascii():
        raise ValueError(f"expected sources of pages, separated by spaces, got {ancestors!r}")
    policy = POLICY | ({"frame-ancestors": ancestors} if ancestors.strip() else {})
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-cache",
        "Vary": "Accept-Language",
    }


def wanted(query: str) -> Wanted:
    """What a query says beside the settings; what cannot be is left out."""
    said = address.parse(query)
    controls, theme = said.get("controls", ""), said.get("theme", "")
    return Wanted(controls if controls in CONTROLS else CONTROLS[0], theme if theme in THEMES else "")


def state(page: str, query: str, languages: str = "") -> State:
    """The state of an embedded page; `languages` as the browser prefers them ("ko-KR,ko;q=0.9"), where the query names
    none of ours. Raises KeyError for a page that cannot be embedded."""
    if page not in VIEWS:
        raise KeyError(page)
    here = opened(query, lang=_first(languages))
    here = with_values(here, lecture=False)  # a frame is as large as it is
    return here._replace(page=page) if "preset" in address.parse(query) else arrived(here, page)


def html(page: str, query: str, languages: str = "") -> str:
    """The page. Raises KeyError for one that cannot be embedded."""
    here, how = state(page, query, languages), wanted(query)
    return _written(_page(here, how, text(here.lang)))


def unknown(languages: str = "") -> str:
    """What is said where there is no such page: those that there are."""
    t = text(_first(languages))
    root, body = _frame(t, t("app.name"), Wanted(), ("theme.css", "embed.css"))
    main = _put(body, "main", class_="gs-embed")
    _put(main, "h1", t("embed.unknown"), class_="gs-question")
    names = _put(main, "ul")
    for name in VIEWS:
        _put(
            _put(names, "li"),
            "a",
            t(f"pages.{name}.title"),
            href=f"./{name}?{address.join([('lang', t.lang)])}",
        )
    return _written(root)


def picture(page: str, part: str, query: str) -> str:
    """A picture of the page as SVG: in the query's `theme`, else light; with `narrow=1` the compact one.

    Raises KeyError for a page that cannot be embedded, and for a picture that it has not at these settings.
    """
    said = address.parse(query)
    parts, _ = stage(state(page, query))
    figures = {shown.name: shown for shown in parts if shown.kind == "figure"}
    found = figures[part]
    body = found.compact if said.get("narrow") == "1" and found.compact else found.body
    if body is None:
        raise KeyError(part)
    return svg(body, wanted(query).theme or "light", found.words.sentence)


def _page(here: State, how: Wanted, t: Text) -> Element:
    parts, notices = stage(here)
    title = t(f"pages.{here.page}.title")
    later = DRAWN_LATER.get(here.page, ())
    root, body = _frame(t, f"{title} · {t('app.name')}", how, STYLES + later[1:])
    figures = VIEWS[here.page].figures
    _scripts(root[0], ("embed.js", *later[:1], *(("live_figure.js",) if figures else ())), figures)
    main = _put(
        body, "main", class_="gs-embed", data_page=here.page, data_query=here.query, data_controls=how.controls,
        data_beside=how.query, data_offline=t("app.reconnecting"), data_failed=t("errors.unknown"),
    )  # fmt: skip
    head = _put(main, "header", class_="gs-embed-head")
    _put(head, "h1", title, class_="gs-question")
    path = "" if here.page == "home" else here.page
    opening = {"href": f"../{path}?{here.query}", "target": "_blank", "rel": "noopener"}
    _put(head, "a", t("embed.open"), class_="gs-embed-open", **opening)
    if how.controls != "0":  # for those who do not see it: what is here and what to try
        _put(main, "p", t(f"pages.{here.page}.line"), class_="gs-spoken")
    live = _put(main, "div", class_="gs-embed-stage")
    places = [_put(live, "div", class_="gs-embed-part", data_name=part.name) for part in parts]
    for place, part in zip(places, parts, strict=True):
        _part(place, part, here, how)
    live.insert(1, Element("div", {"class": "gs-embed-controls"}))  # below the first picture, or alone
    said = _put(live, "div", class_="gs-embed-notices")
    for notice in notices:
        _put(said, "p", joined(notice), class_="gs-notice")
    if here.page == "learning" and how.controls != "0":
        _put(live, "p", t("embed.training"), class_="gs-remark")
    without = _put(main, "noscript")
    if not all(part.kind == "figure" for part in parts):
        _put(without, "p", t(f"pages.{here.page}.line"))
    _put(without, "p", t("embed.still" if figures else "embed.script"), class_="gs-remark")
    return root


def _part(place: Element, part: Part, here: State, how: Wanted) -> None:
    """What stands in the place of a part until the script has put the live one there."""
    words = part.words
    if part.kind != "figure" or part.body is None:
        return
    _put(place, "p", joined(words.sentence), class_="gs-sentence")
    covered = "squares" if any(trace["type"] == "heatmap" for trace in part.body["data"]) else ""
    shown = _put(place, "picture", class_="gs-picture", data_covered=covered)
    wide, compact = part.body, part.compact
    themes = (how.theme,) if how.theme else ("dark", "light")
    for narrow, body in ((True, compact), (False, wide)):
        if body is None:
            continue
        for theme in themes:
            said = [*([("narrow", "1")] if narrow else []), ("theme", theme)]
            source = f"./{here.page}/{part.name}.svg?{here.query}&{address.join(said)}"
            height = str(body["layout"]["height"])
            if not narrow and theme == themes[-1]:
                _put(shown, "img", src=source, alt=joined(words.sentence), height=height)
                continue
            media = [f"(max-width: {NARROW - 1}px)"] if narrow else []
            media += ["(prefers-color-scheme: dark)"] if len(themes) > 1 and theme == "dark" else []
            _put(shown, "source", srcset=source, media=" and ".join(media), height=height)
    for notice in words.notices:
        _put(place, "p", joined(notice), class_="gs-notice")


def _frame(t: Text, title: str, how: Wanted, styles: Sequence[str]) -> tuple[Element, Element]:
    """A page with its head, and its body."""
    root = Element("html", {"lang": t.lang} | ({"data-theme": how.theme} if how.theme else {}))
    head = _put(root, "head")
    _put(head, "meta", charset="utf-8")
    _put(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    _put(head, "title", title)
    for style in styles:
        _put(head, "link", rel="stylesheet", href=f"../app/static/{publish()}/{style}")
    return root, _put(root, "body")


def _scripts(head: Element, modules: Sequence[str], figures: bool) -> None:
    """What is fetched at once, and the script that begins."""
    static = "../app/static"
    _put(head, "script", type="module", src=f"{static}/{publish()}/{modules[0]}")
    for module in imports(*modules)[1:]:
        _put(head, "link", rel="modulepreload", href=f"{static}/{publish()}/{module}")
    if figures:
        for name in plotly_styles():
            _put(head, "meta", id=name, name="no-maps")
        _put(head, "link", rel="preload", as_="script", href=f"{static}/{plotly_name()}", fetchpriority="low")


def _put(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """An element at the end of another, with a text in it."""
    named = {name.rstrip("_").replace("_", "-"): legible(value) for name, value in attributes.items()}
    node = SubElement(parent, tag, named)
    node.text = legible(text)
    return node


def _first(languages: str) -> str:
    """Of languages in the order of a browser's liking, the first, where it is one of ours."""
    return language(languages.split(",")[0].split(";")[0].strip())


def _written(root: Element) -> str:
    return "<!doctype html>" + ElementTree.tostring(root, encoding="unicode", method="html")
