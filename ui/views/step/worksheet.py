"""One step as an exercise with blanks, or with its key: a page of HTML that prints on one sheet."""

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import NamedTuple

from recurrent_core import Simulation
from recurrent_core.analysis.anatomy import anatomy
from ui.words.text import Text

STYLE = """@page { size: A4; margin: 18mm } body { font: 12pt/1.8 system-ui, sans-serif; max-width: 174mm }
h1 { font-size: 17pt; margin: 0 } ol { padding-left: 1.4em } li { break-inside: avoid; margin: .3em 0 }
sub, sup { line-height: 0; font-size: .75em }
.blank { display: inline-block; min-width: 6em; border-bottom: 1px solid } .answer { font-weight: 700 }
p { margin: .4em 0 } html:lang(ko) { word-break: keep-all }"""
SQUASH = {"g": "tanh", "n": "tanh", "h": "tanh"}
GATES = {"lstm": ("i", "f", "g", "o"), "gru": ("r", "z", "n"), "rnn": ("h",)}


def worksheet(t: Text, simulation: Simulation, step: int, unit: int, key: bool = False) -> bytes:
    """The formulas of one unit at one step with the numbers put in; results are blanks, or written in the `key`.

    With one unit and one input each product is written out; what more of them add stands as one number. Held
    values are given in both. A step or unit beyond the last means the last.
    """
    recording = simulation.recording
    opened = anatomy(recording)
    steps, units = opened.values["h"].shape
    step, unit = min(step, steps - 1), min(unit, units - 1)
    at = {name: float(array[step, unit]) for name, array in opened.values.items() if name != "x"}
    x = opened.values["x"][step]
    single = len(x) == units == 1
    held = {place for place, where in opened.held.items() if where[step, unit]}

    def found(place: str) -> str:
        """A result that a later line begins with: in the exercise it is the reader's own."""
        return signed(at[place]) if key or place in held else "…"

    def total(gate: str) -> str:
        """x W + h U + b of a gate with its numbers."""
        W, U, b = getattr(recording.params, gate)
        past = ("pU_" if gate == "n" else "hU_") + gate
        if not single:
            return f"{number(at[f'xW_{gate}'])} + {signed(at[past])} + {signed(b[unit])}"
        h = found("past") if gate == "n" else signed(at["h_before"])
        return f"{number(x[0])} · {signed(W[0, 0])} + {h} · {signed(U[0, 0])} + {signed(b[0])}"

    lines = _lines(recording.cell.name, at, step, found, total)
    unused = {f"a_{gate}" for gate in held}
    rows = "".join(_row(t, line, at, key, held) for line in lines if line.place not in unused)
    inputs = ", ".join(map(number, x[:8])) + (", …" if len(x) > 8 else "")
    given = [f"x_{step + 1} = [{inputs}]", f"h_{step} = {number(at['h_before'])}"]
    given += [f"c_{step} = {number(at['c_before'])}"] if "c_before" in at else []
    name = t("worksheet.key" if key else "worksheet.sheet")
    title = t("worksheet.title", network=recording.cell.label, t=step + 1, unit=unit + 1)
    said = [title, t("worksheet.given", values=", ".join(given)), t("worksheet.task")]
    note = "" if single else f"<p>{_markup(t('worksheet.note'))}</p>"
    return (
        f'<!doctype html><html lang="{t.lang}"><meta charset="utf-8"><title>{escape(name)}</title>'
        f"<style>{STYLE}</style><h1>{escape(name)}</h1>{''.join(f'<p>{_markup(one)}</p>' for one in said)}"
        f"<ol>{rows}</ol>{note}</html>"
    ).encode()


class Line(NamedTuple):
    """What is to be computed: the place, its symbol, and its formula, at last with numbers."""

    place: str
    symbol: str
    formula: str


def _lines(
    network: str,
    at: Mapping[str, float],
    step: int,
    found: Callable[[str], str],
    total: Callable[[str], str],
) -> list[Line]:
    """All lines of a step, in the order of flow."""
    now, h_before, lines = step + 1, signed(at["h_before"]), []
    for gate in GATES[network]:
        h = f"h_{step}"
        if gate == "n":
            lines.append(Line("past", f"r · {h}", f"{found('r')} · {h_before}"))
            h = f"(r · {h})"
        symbol = f"h_{now}" if network == "rnn" else gate
        lines.append(
            Line(f"a_{gate}", f"a_{gate}", f"x_{now} W_{gate} + {h} U_{gate} + b_{gate} = {total(gate)}")
        )
        lines.append(Line(gate, symbol, f"{SQUASH.get(gate, 'σ')}(a_{gate})"))
    if network == "rnn":
        return lines
    both = f"{found('kept')} + {found('written')}"
    if network == "gru":
        return [
            *lines,
            Line("kept", f"(1 − z) · h_{step}", f"(1 − {found('z')}) · {h_before}"),
            Line("written", "z · n", f"{found('z')} · {found('n')}"),
            Line("h", f"h_{now}", both),
        ]
    return [
        *lines,
        Line("kept", f"f · c_{step}", f"{found('f')} · {signed(at['c_before'])}"),
        Line("written", "i · g", f"{found('i')} · {found('g')}"),
        Line("c", f"c_{now}", both),
        Line("squashed", f"tanh(c_{now})", ""),
        Line("h", f"h_{now}", f"o · tanh(c_{now}) = {found('o')} · {found('squashed')}"),
    ]


def _row(t: Text, line: Line, at: Mapping[str, float], key: bool, held: set[str]) -> str:
    """A line as an item of the list: a held value is given, any other is a blank or the answer."""
    if line.place in held:
        return f"<li>{_markup(line.symbol)} = {number(at[line.place])} ({escape(t('worksheet.held'))})</li>"
    formula = f"{line.symbol} = {line.formula}" if line.formula else line.symbol
    return f"<li>{_markup(formula)} = {_result(at[line.place], key)}</li>"


def _markup(said: str) -> str:
    """Text as HTML, "_f" and "^−a" below and above the line."""
    return re.sub(r"\^(−\w)", r"<sup>\1</sup>", re.sub(r"_(\w+)", r"<sub>\1</sub>", escape(said)))


def signed(value: float) -> str:
    """A number as it stands after a sign: a negative one in brackets."""
    return f"({number(value)})" if number(value).startswith("−") else number(value)


def number(value: float) -> str:
    """Four decimals without zeros at the end, a true minus."""
    return f"{round(value, 4) + 0.0:.4f}".rstrip("0").rstrip(".").replace("-", "−")


def _result(value: float, key: bool) -> str:
    return f'<span class="answer">{number(value)}</span>' if key else '<span class="blank">&nbsp;</span>'
