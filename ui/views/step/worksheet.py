"""One step as an exercise with blanks, or with its key: a page of HTML that prints on one sheet."""

import re
from collections.abc import Mapping, Set
from html import escape
from typing import NamedTuple

import numpy as np

from recurrent_core import Recording, Simulation
from recurrent_core.analysis.anatomy import anatomy
from recurrent_core.cell import Place
from recurrent_core.cells.graph import SQUASHES, is_parameter
from ui.views.step.equations import NAMES
from ui.words.numbers import on_paper, signed
from ui.words.text import Text

STYLE = """@page { size: A4; margin: 18mm } body { font: 12pt/1.8 system-ui, sans-serif; max-width: 174mm }
h1 { font-size: 17pt; margin: 0 } ol { padding-left: 1.4em } li { break-inside: avoid; margin: .3em 0 }
sub, sup { line-height: 0; font-size: .75em }
.blank { display: inline-block; min-width: 6em; border-bottom: 1px solid } .answer { font-weight: 700 }
p { margin: .4em 0 } html:lang(ko) { word-break: keep-all }"""


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
    held = {place for place, where in opened.held.items() if where[step, unit]}
    sheet = _Sheet(recording, at, x, step, unit, set(at) if key else held)
    lines = [sheet.line(place) for place in recording.cell.graph if not _inline(place)]
    unused = {f"a_{gate}" for gate in held}
    rows = "".join(_row(t, line, at, key, held) for line in lines if line.place not in unused)
    inputs = ", ".join(map(on_paper, x[:8])) + (", …" if len(x) > 8 else "")
    given = [f"x_{step + 1} = [{inputs}]", f"h_{step} = {on_paper(at['h_before'])}"]
    given += [f"c_{step} = {on_paper(at['c_before'])}"] if "c_before" in at else []
    name = t("worksheet.key" if key else "worksheet.sheet")
    title = t("worksheet.title", network=recording.cell.label, t=step + 1, unit=unit + 1)
    said = [title, t("worksheet.given", values=", ".join(given)), t("worksheet.task")]
    note = "" if sheet.single else f"<p>{_markup(t('worksheet.note'))}</p>"
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


def _inline(place: Place) -> bool:
    """Whether a place has no line of its own but stands in that of a sum: what a parameter is multiplied with."""
    return place.operation in ("weighted", "product") and any(map(is_parameter, place.inputs))


class _Sheet(NamedTuple):
    """The numbers of one unit at one step, and how the places of the cell's table are written with them."""

    recording: Recording
    at: Mapping[str, float]
    x: np.ndarray  # (input,)
    step: int
    unit: int
    shown: Set[str]  # places whose results stand in later lines; of the others the reader has them

    @property
    def single(self) -> bool:
        """Whether there is one unit and one input, so that each product is written out."""
        return len(self.x) == len(self.recording.params[0].b) == 1

    def line(self, place: Place) -> Line:
        """A place as a line: its symbol and, where that does not say it all, its formula with numbers put in."""
        name, operation, inputs = place
        symbol, formula, numbers = self.symbol(name), self.formula(place), self.numbers(place)
        if operation in SQUASHES:
            return Line(name, symbol, "" if formula == symbol else formula)
        plain = operation == "sum" and not any(map(is_parameter, inputs))  # of results that stand above
        return Line(name, symbol, numbers if plain or formula == symbol else f"{formula} = {numbers}")

    def symbol(self, name: str) -> str:
        """What stands for a place, a parameter or what is given: x_3, W_f, h_2, a_f, f · c_2."""
        cell = self.recording.cell
        if is_parameter(name):
            gate, part = name.split(".")
            text, _, below = part.partition("_")
            return f"{text}_{below}{gate}"
        if name == "x" or name in cell.State._fields:
            return f"{name}_{self.step + 1}"
        if name.endswith("_before"):
            return f"{name.removesuffix('_before')}_{self.step}"
        if name in cell.Vectors._fields:
            return name
        place = self.place(name)
        return name if place.operation == "sum" else self.formula(place)

    def formula(self, place: Place) -> str:
        """What a place is made of, in symbols."""
        parts = [self.symbol(name) for name in place.inputs]
        if place.operation == "weighted":
            met, weight = parts
            return f"({met}) {weight}" if " " in met else f"{met} {weight}"
        return self.joined(place.operation, parts)

    def numbers(self, place: Place) -> str:
        """What a place is made of, in numbers."""
        return self.joined(
            place.operation, [self.number(name, first=k == 0) for k, name in enumerate(place.inputs)]
        )

    def joined(self, operation: str, parts: list[str]) -> str:
        if operation == "sum":
            return " + ".join(parts)
        if operation in SQUASHES:
            return f"{NAMES[operation]}({parts[0]})"
        first, second = parts
        return f"(1 − {first}) · {second}" if operation == "complement" else f"{first} · {second}"

    def number(self, name: str, first: bool = False) -> str:
        """An input of a place as a number, one that a line begins with without brackets."""
        form = on_paper if first else signed
        if is_parameter(name):
            return form(self.weight(name))
        if name.endswith("_before"):
            return signed(self.at[name])
        place = self.place(name)
        if not _inline(place):
            return signed(self.at[name]) if name in self.shown else "…"
        if place.operation == "weighted" and not self.single:
            return form(self.at[name])
        if place.operation == "product":
            return self.numbers(place)
        met, weight = place.inputs
        return f"{on_paper(self.x[0]) if met == 'x' else self.number(met)} · {signed(self.weight(weight))}"

    def weight(self, name: str) -> float:
        """A parameter of this unit: of a matrix the only one there is."""
        gate, part = name.split(".")
        return float(getattr(getattr(self.recording.params, gate), part).reshape(-1)[self.unit])

    def place(self, name: str) -> Place:
        return next(place for place in self.recording.cell.graph if place.name == name)


def _row(t: Text, line: Line, at: Mapping[str, float], key: bool, held: set[str]) -> str:
    """A line as an item of the list: a held value is given, any other is a blank or the answer."""
    if line.place in held:
        return f"<li>{_markup(line.symbol)} = {on_paper(at[line.place])} ({escape(t('worksheet.held'))})</li>"
    formula = f"{line.symbol} = {line.formula}" if line.formula else line.symbol
    return f"<li>{_markup(formula)} = {_result(at[line.place], key)}</li>"


def _markup(said: str) -> str:
    """Text as HTML, "_f" and "^−a" below and above the line."""
    return re.sub(r"\^(−\w)", r"<sup>\1</sup>", re.sub(r"_(\w+)", r"<sub>\1</sub>", escape(said)))


def _result(value: float, key: bool) -> str:
    return f'<span class="answer">{on_paper(value)}</span>' if key else '<span class="blank">&nbsp;</span>'
