"""A page of the app run without a browser, and what the browser would get of it."""

import json
from pathlib import Path

from streamlit.testing.v1 import AppTest

from recurrent_core.container import unpack

ROOT = Path(__file__).parents[2]


def run(page: str, **query: str) -> AppTest:
    """The app at a page, "app.py" or "pages/gates.py", with these settings in its address."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    if page != "app.py":
        app.switch_page(page)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception
    return app


def sent(app: AppTest, component: str) -> list:
    """The protocol's messages for a component, in the order of the page."""
    found = [element.proto for element in app.get("bidi_component")]
    return [proto for proto in found if proto.component_name == component]


def parts(app: AppTest) -> list[dict]:
    """The messages of all parts on the page."""
    return [unpack(proto.bytes) for proto in sent(app, "part")]


def controls(app: AppTest) -> dict:
    (proto,) = sent(app, "live_controls")
    return json.loads(proto.json)
