"""One step as an exercise with blanks, or with its key: a page of HTML that prints on one sheet."""

from collections.abc import Callable, Mapping
from html import escape

from recurrent_core import Simulation
from recurrent_core.anatomy import anatomy
from ui.text import Text

STYLE = """@page { size: A4; margin: 18mm } body { font: 12pt/1.7 system-ui, sans-serif; max-width: 174mm }
h1 { font-size: 17pt; margin: 0 } ol { padding-left: 1.4em } li { break-inside: avoid; margin: .25em 0 }
.blank { display: inline-block; min-width: 6em; border-bottom: 1px solid } .answer { font-weight: 700 }
p { margin: .4em 0 } html:lang(ko) { word-break: keep-all }"""
SQUASH = {"g": "tanh", "n": "tanh", "h": "tanh"}
SUBSCRIPT = {"lstm": ("i", "f", "g", "o"), "gru": ("r", "z", "n"), "rnn": ("h",)}


def worksheet(t: Text, simulation: Simulation, step: int, unit: int, key: bool = False) -> bytes:
    """The formulas of one unit at one step with the numbers put in; results are blanks, or written in the `key`.

    What many units add through U stands as one number. A step or unit beyond the last means the last.
    """
    recording = simulation.recording
    network, label = recording.cell.name, recording.cell.label
    values = anatomy(recording).values
    step, unit = min(step, len(values["h"]) - 1), min(unit, values["h"].shape[1] - 1)
    at = {name: float(array[step, unit]) for name, array in values.items() if name != "x"}
    x = ", ".join(map(number, values["x"][step, :8])) + (", …" if values["x"].shape[1] > 8 else "")
    held = {name for name, where in anatomy(recording).held.items() if where[step, unit]}

    def found(place: str) -> str:
        """A result that a later line begins with: in the exercise it is the reader's own."""
        return number(at[place]) if key else "…"

    lines = []
    for gate in SUBSCRIPT[network]:
        bias = float(getattr(recording.params, gate).b[unit])
        if gate == "n":
            lines.append((f"r · h = {found('r')} · {number(at['h_before'])}", at["past"]))
        past = at["pU_n" if gate == "n" else f"hU_{gate}"]
        total = f"{number(at[f'xW_{gate}'])} + {number(past)} + {number(bias)}"
        if gate in held:
            lines.append((f"{gate}: {t('worksheet.held')}", at[gate]))
        else:
            lines.append((f"a_{gate} = xW_{gate} + hU_{gate} + b_{gate} = {total}", at[f"a_{gate}"]))
            lines.append((f"{gate} = {SQUASH.get(gate, 'σ')}(a_{gate})", at[gate]))
    lines += _state(network, at, held, t, found)
    rows = "".join(f"<li>{escape(said)} = {_result(value, key)}</li>" for said, value in lines)
    given = f"x = [{x}], h = {number(at['h_before'])}"
    given += f", c = {number(at['c_before'])}" if network == "lstm" else ""
    name = t("worksheet.key" if key else "worksheet.sheet")
    title = t("worksheet.title", network=label, t=step + 1, unit=unit + 1)
    return (
        f'<!doctype html><html lang="{t.lang}"><meta charset="utf-8"><title>{escape(name)}</title>'
        f"<style>{STYLE}</style><h1>{escape(name)}</h1><p>{escape(title)}</p>"
        f"<p>{escape(t('worksheet.given', values=given))}</p><p>{escape(t('worksheet.task'))}</p>"
        f"<ol>{rows}</ol><p>{escape(t('worksheet.note'))}</p></html>"
    ).encode()


def _state(
    network: str, at: Mapping[str, float], held: set[str], t: Text, found: Callable[[str], str]
) -> list[tuple[str, float]]:
    """The lines after the gates."""
    if network == "rnn":
        return []
    if network == "gru":
        lines = [
            (f"(1 − z) · h = (1 − {found('z')}) · {number(at['h_before'])}", at["kept"]),
            (f"z · n = {found('z')} · {found('n')}", at["written"]),
        ]
        total = f"h = {found('kept')} + {found('written')}"
        return [*lines, (f"h: {t('worksheet.held')}" if "h" in held else total, at["h"])]
    total = f"c = {found('kept')} + {found('written')}"
    shown = f"h = {found('o')} · {found('squashed')}"
    return [
        (f"f · c = {found('f')} · {number(at['c_before'])}", at["kept"]),
        (f"i · g = {found('i')} · {number(at['g'])}", at["written"]),
        (f"c: {t('worksheet.held')}" if "c" in held else total, at["c"]),
        ("tanh(c)", at["squashed"]),
        (f"h: {t('worksheet.held')}" if "h" in held else shown, at["h"]),
    ]


def number(value: float) -> str:
    """Four decimals without zeros at the end, a true minus."""
    return f"{round(value, 4) + 0.0:.4f}".rstrip("0").rstrip(".").replace("-", "−")


def _result(value: float, key: bool) -> str:
    return f'<span class="answer">{number(value)}</span>' if key else '<span class="blank">&nbsp;</span>'
