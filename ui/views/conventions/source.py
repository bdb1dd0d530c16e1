"""What Conventions says of a source: its equations, what differs from ours, its parameters and code."""

import math

from figures.colours import VECTORS
from figures.heatmaps import Block
from recurrent_core import ALL_CELLS, SOURCES, Experiment, Signal
from recurrent_core.exchange.check import Parity, slips
from recurrent_core.exchange.sources import Convention, nearest
from recurrent_core.lab.simulate import input_signal
from ui.parts import Part
from ui.recordings import cached
from ui.recordings.shelf import SHELF
from ui.settings import State, ViewSettings
from ui.views.conventions.card import Arrays, Code, Lines, Pairs, card
from ui.words import numbers, sentences
from ui.words.text import Text

LIBRARIES = ("pytorch", "keras", "onnx")  # the papers come without weights
COLOURS = {
    "sign": VECTORS["replace"],
    "order": VECTORS["input"],
    "turn": VECTORS["show"],
    "reset": VECTORS["reset"],
}
PRACTICE = """\
import plotly.graph_objects as go
import recurrent_core as rc
from figures import recording_figure

cell, params = {convert}
recording = rc.run(cell, params, x)
difference = abs(recording.vectors.h - h).max()  # {error}
figure = go.Figure(recording_figure(recording))
figure.write_html("recording.html")"""


def network(v: ViewSettings) -> str:
    """The network that is shown: the one chosen, or what the source has nearest to it."""
    return nearest(SOURCES[v.source], v.of)


def convention(v: ViewSettings) -> Convention:
    return SOURCES[v.source].networks[network(v)]


def signal(e: Experiment) -> Signal:
    """The experiment's input. Raises InputError as `input_signal` does."""
    return input_signal(e, SHELF)


def check(here: State) -> Parity:
    """The live check of the chosen convention on the experiment's input, units and seed."""
    return cached.conversion(here.experiment, here.view.source, network(here.view))


def facts(t: Text, v: ViewSettings, input_size: int, units: int) -> Part:
    """Equations, differences, parameters and one step of the chosen convention."""
    source, of = SOURCES[v.source], convention(v)
    rows = [
        (p.name, _shape(p.shape(input_size, units)), numbers.whole(math.prod(p.shape(input_size, units))))
        for p in of.parameters
    ]
    total = (t("conventions.card.sum"), "", numbers.whole(of.parameter_count(input_size, units)))
    head = tuple(t(f"conventions.card.{name}") for name in ("name", "shape_of", "count"))
    title = t("conventions.card.parameters", inputs=input_size, units=units)
    return card(
        "facts",
        Lines(f"{source.label}: {of.label}", of.equations, t("conventions.card.letters")),
        Pairs(t("conventions.card.facts"), differences(t, of)),
        Arrays(title, head, (*rows, total)),
        Code(t("conventions.card.code"), of.code),
    )


def differences(t: Text, of: Convention) -> tuple[tuple[str, str], ...]:
    """What stands where, beside ours: sign of z, order of gates, reset, shapes."""
    ours = " ".join(ALL_CELLS[of.cell].gates)
    if not of.order:
        order = t("conventions.card.apart")
    elif len(of.order) == 1:
        order = t("conventions.card.only")
    else:
        order = t("conventions.card.in_one", theirs=" ".join(of.order), ours=ours)
    pairs = [("sign", t(f"conventions.card.{of.update or 'no_z'}")), ("order", order)]
    if of.reset:
        pairs.append(("reset", t(f"conventions.card.{of.reset}")))
    pairs.append(("shape", t(f"conventions.card.{'turned' if 'turn' in slips(of) else 'same'}")))
    return tuple((t(f"conventions.card.{name}"), text) for name, text in pairs)


def practice(t: Text, v: ViewSettings, found: Parity) -> Part:
    """The lines that take a reader's own weights of this source to a recording, a parity number and a figure."""
    note = v.source if v.source in LIBRARIES else "paper"
    code = Code(
        t("conventions.card.practice"),
        practice_code(v.source, network(v), numbers.in_code(found.error)),
        t(f"conventions.card.practice_note_{note}"),
    )
    return card("practice", code)


def practice_code(source: str, network: str, error: str) -> str:
    """Those lines as Python; `error` is the comment behind the largest difference."""
    of = SOURCES[source].networks[network]
    onnx = ", ".join(p.name for p in of.parameters)
    after = ", linear_before_reset=1" if of.reset == "after" else ""
    convert = {
        "pytorch": "rc.from_torch(state_dict)",
        "keras": "rc.from_keras(*weights)",
        "onnx": f"rc.from_onnx({onnx}{after})",
    }.get(source, f'rc.SOURCES["{source}"].networks["{network}"].convert(weights)')
    return PRACTICE.format(convert=convert, error=error)


def sentence(t: Text, v: ViewSettings, found: Parity) -> str:
    """Whether the weights agree, in numbers."""
    of, name = convention(v), t.choice("source", v.source)
    error, miss = numbers.size(t, found.error), numbers.size(t, found.miss)
    if not found.slips:
        return t("conventions.sentence_same", source=name, network=of.label, error=error)
    return t("conventions.sentence", source=name, error=error, miss=miss)


def rows(t: Text, found: Parity) -> tuple[sentences.Row, ...]:
    """What each slip alone does to h."""
    return tuple(
        sentences.Row(
            COLOURS.get(name, VECTORS["state"]),
            t(f"conventions.slips.{name}"),
            t("conventions.alone", off=numbers.size(t, off)),
        )
        for name, off in found.slips.items()
    )


def blocks(t: Text, v: ViewSettings, found: Parity) -> list[Block]:
    """The three runs: the source's step, ours with converted weights, ours with the weights as they stand."""
    last = "unconverted_note" if found.slips else "nothing"
    notes = {"theirs": "theirs_note", "converted": "converted_note", "unconverted": last}
    return [
        Block(
            key,
            t(f"conventions.{key}", source=t.choice("source", v.source)),
            t(f"conventions.{note}"),
            VECTORS["hidden"],
            getattr(found, key).astype("float32"),
            "signed",
        )
        for key, note in notes.items()
    ]


def _shape(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape))
