"""Open every page, tab and mode with a network, in every language, and take everything along: run by test_new_cell.py.

    python open_everything.py <network>

in the folder of the app. Prints what was opened, a line each; an exception is a failure.
"""

import sys
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
from streamlit.testing.v1 import AppTest

from figures import recording_figure
from recurrent_core import ALL_CELLS, CELLS, PRESETS, WIRINGS, Experiment, learning_signal, simulate
from recurrent_core.container import pack, unpack
from recurrent_core.lab.training import TrainingSettings, plan
from recurrent_core.learn.snapshots import shipped
from recurrent_core.learn.train import train
from ui import exports
from ui.render import answer as message
from ui.render import render
from ui.settings import STEP_MODES, TABS
from ui.views import VIEWS
from ui.views.step.worksheet import worksheet
from ui.words.text import LANGUAGES, text

ROOT = Path.cwd()
NETWORK = sys.argv[1]


def said(*what: object) -> None:
    print(*what, flush=True)


def untrained(lang: str) -> str:
    """The trainings that come along know no new network: Learning says so, until the reader has trained one."""
    known = [text(lang).choice("network", name) for name in shipped("adding").networks]
    return text(lang)("errors.trained_network", choices=text(lang).join(known), got=NETWORK)


def page_of(name: str) -> str:
    return "app.py" if name == "home" else f"pages/{name}.py"


def opened(name: str, **query: str) -> None:
    """A page as Streamlit runs it, controls and all."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    if name != "home":
        app.switch_page(page_of(name))
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, (name, query, app.exception)
    errors = [error.value for error in app.error]
    if name == "learning":
        assert errors == [untrained(query["lang"])], errors
    else:
        assert not errors and (name not in VIEWS or app.session_state["gs-mounted"][name]), (
            name,
            query,
            errors,
        )
    said("page", name, query)


def asked(name: str, **query: str) -> dict:
    """What the browser gets for settings that are being dragged."""
    reply = render(name, urlencode(query), settled=False)
    answer = unpack(pack(message(reply, settled=False)))
    assert answer["items"], (name, query)
    expected = [untrained(query["lang"])] if name == "learning" else []
    assert list(answer["notices"]) == expected and bool(answer["parts"]) != bool(expected), (
        name,
        query,
        answer,
    )
    said("asked", name, query)
    return answer


cell = CELLS[NETWORK]
for lang in LANGUAGES:
    t = text(lang)
    base = {"net": NETWORK, "lang": lang, "v": "1"}
    pages = ["home", *sorted(path.stem for path in (ROOT / "pages").glob("*.py"))]
    for page in pages:
        opened(page, **base)
    for preset in PRESETS:
        for page in ("gates", "saturation", "step"):
            asked(page, preset=preset, **base)
    asked("learning", **base)
    asked("gates", cmp="lstm", rows="1", clamp="z:0.5:3:9", **base)
    asked("gates", **(base | {"net": "lstm", "cmp": NETWORK, "match": "1"}))
    for tab in TABS:
        asked("gradients", tab=tab, maps="1", **base)
    for wiring in WIRINGS:
        asked("gates", wire=wiring, **base)
    for mode in STEP_MODES:
        answer = asked("step", mode=mode, n="2", **base)
        (part,) = answer["parts"]
        assert part["body"]["network"] == NETWORK and part["body"]["graph"]["places"]
    simulation = simulate(PRESETS["worked_example"], NETWORK)
    for key in (False, True):
        assert worksheet(t, simulation, 1, 0, key)
    said("worksheet", lang)

experiment = Experiment(network=NETWORK)
for want in ("npz", "csv", "worksheet", "key"):
    assert exports.answer({"want": want}, "gates", urlencode({"net": NETWORK, "v": "1"}))["file"]
alone = simulate(experiment)
assert recording_figure(alone.recording)["data"] and np.isfinite(learning_signal(alone).inputs).all()
edit = f"{cell.letter}{cell.gates[0]}b0"
changed = simulate(Experiment(network=NETWORK, edits=((edit, 1.0),)))
assert getattr(changed.recording.params, cell.gates[0]).b[0] == 1.0
assert len({one.letter for one in ALL_CELLS.values()}) == len(ALL_CELLS)
state, measured = next(train(plan(TrainingSettings(), experiment, NETWORK)))
assert state.update == 1 and np.isfinite(measured.loss)
said("done", *VIEWS)
