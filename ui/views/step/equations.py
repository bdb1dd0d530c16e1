"""A step's equations and symbols, written from the cell's table of places (recurrent_core.cells.graph).

Symbols and equations are lists, so that they travel to the browser as they are. A symbol is [text, below]: below it
stands a gate, a time ("t", "t−1") or nothing. In an equation

    "text"                        is an operator or a function
    [text, below, place, phase]   a symbol that leads to a place; phase is its part of the step, an index of PHASES
    [[...], place]                several of these that are one place together
"""

from collections.abc import Iterable
from typing import Any

from recurrent_core.cell import Cell, Place
from recurrent_core.cells.graph import SQUASHES, is_parameter, pre_activations, users

NOW, BEFORE = "t", "t−1"
DRAWN = (
    "keep",
    "replace",
    "write",
    "reset",
    "candidate",
    "show",
    "state",
)  # gates from left to right, by role
PHASES = ("affine", "squash", "forget", "write", "state", "output")
AFFINE, SQUASH, FORGET, WRITE, STATE, OUTPUT = range(len(PHASES))
NAMES = {"sigmoid": "σ", "tanh": "tanh"}

Symbol = list[str]
Equation = list[Any]


def drawn(cell: Cell) -> tuple[str, ...]:
    """The gates in the order in which they are drawn and written: LSTM f i g o, GRU z r n."""
    return tuple(sorted(cell.gates, key=lambda gate: DRAWN.index(cell.role(gate))))


def parameters(cell: Cell) -> dict[str, tuple[str, str]]:
    """The vectors among the parameters by the name of their place: {"b_f": ("f", "b")}."""
    return {
        f"{part}_{gate}": (gate, part)
        for gate, kind in zip(cell.gates, cell.kinds, strict=True)
        for part in kind._fields[2:]
    }


def phases(cell: Cell) -> dict[str, int]:
    """The part of the step to which each place belongs, in the order of flow."""
    affine, memory, found = pre_activations(cell.graph), cell.memory, {}
    for place in cell.graph:
        name, operation, inputs = place
        if name in affine:
            found[name] = AFFINE
        elif operation in SQUASHES and inputs[0] in affine:
            found[name] = SQUASH
        elif name == memory:
            found[name] = STATE
        elif memory in found:
            found[name] = OUTPUT
        elif all(user.name in affine for user in users(cell.graph, name)):
            found[name] = AFFINE
        else:
            found[name] = FORGET if f"{memory}_before" in inputs else WRITE
    return found


def vectors(cell: Cell) -> dict[str, str]:
    """The vector whose colour a place has that is none and belongs to no gate: that of its last input."""
    found: dict[str, str] = {f"{name}_before": name for name in cell.State._fields}
    found |= {name: name for name in ("x", *cell.Vectors._fields)}
    for place in cell.graph:
        if place.name not in found and place.name.rpartition("_")[2] not in cell.gates:
            found[place.name] = found[place.inputs[-1]]
    return found


# Symbols


def symbols(cell: Cell) -> dict[str, list[Symbol]]:
    """What stands for what a step is given, for each place and, as "f.W", for each parameter."""
    names = ["x", *(f"{name}_before" for name in cell.State._fields), *(place.name for place in cell.graph)]
    names += [
        f"{gate}.{part}" for gate, kind in zip(cell.gates, cell.kinds, strict=True) for part in kind._fields
    ]
    return {name: _symbol(cell, name) for name in names}


def captions(cell: Cell) -> dict[str, list[Symbol]]:
    """What stands in a place's box: as `symbols`, but shorter, for gate and time stand beside it."""
    affine = pre_activations(cell.graph)
    found = {name: _timeless(symbol) for name, symbol in symbols(cell).items() if not is_parameter(name)}
    for place in cell.graph:
        if (
            place.name in affine
            and place.operation in ("weighted", "product")
            and any(map(is_parameter, place.inputs))
        ):
            found[place.name] = [[" ".join(_letters(cell, place)), ""]]
    return found | {name: [[*part.split("_"), ""][:2]] for name, (_, part) in parameters(cell).items()}


def _timeless(symbol: list[Symbol]) -> list[Symbol]:
    """A symbol of several parts without their times."""
    return [[text, ""] for text, _ in symbol] if len(symbol) > 1 else symbol


def _symbol(cell: Cell, name: str) -> list[Symbol]:
    if is_parameter(name):
        return [_parameter(name)]
    if name == "x" or name in cell.Vectors._fields:
        return [[name, NOW]]
    if name.endswith("_before"):
        return [[name.removesuffix("_before"), BEFORE]]
    _, operation, inputs = place = _place(cell, name)
    if operation == "sum":
        base, _, gate = name.partition("_")
        return [[base, gate]]
    if operation == "weighted":
        met = _symbol(cell, inputs[0])
        inner = met if len(met) == 1 else [[f"({''.join(text for text, _ in met)})", ""]]
        return [*inner, _parameter(inputs[1])]
    if operation in SQUASHES:
        return [[f"{NAMES[operation]} ", ""], *_symbol(cell, inputs[0])]
    first, second = (_symbol(cell, one) for one in inputs)
    if operation == "complement":
        return [[f"(1−{''.join(text for text, _ in first)})⊙", ""], *second]
    assert operation == "product", place
    return [*first, ["⊙", ""], *second]


def _letters(cell: Cell, place: Place) -> list[str]:
    """The letters that make a place, without those between them: x W, r h U."""
    symbols = [text for one in place.inputs for text, _ in _symbol(cell, one)]
    return [letter for text in symbols for letter in text.strip("()").split("⊙") if letter]


def _parameter(name: str) -> Symbol:
    """W_f of "f.W"; b_hn of "n.b_h"."""
    gate, part = name.split(".")
    text, _, below = part.partition("_")
    return [text, below + gate]


def _place(cell: Cell, name: str) -> Place:
    return next(place for place in cell.graph if place.name == name)


# Equations of the step


def forward(cell: Cell) -> list[Equation]:
    """An equation for each vector: the gates, then the states in the order of flow."""
    order = dict.fromkeys((*drawn(cell), *(place.name for place in cell.graph)))
    return [_forward(cell, name) for name in order if name in cell.Vectors._fields]


def _forward(cell: Cell, name: str) -> Equation:
    place, phase = _place(cell, name), phases(cell)[name]
    return [[name, NOW, name, phase], "=", *_made(cell, place, phase)]


def _made(cell: Cell, place: Place, phase: int) -> Equation:
    """The right side of a place: its inputs spelled out down to vectors, states and parameters."""
    first, *others = place.inputs
    if place.operation in SQUASHES:
        return [NAMES[place.operation], "(", *_operand(cell, first, place, phase), ")"]
    if place.operation == "sum":
        parts = [_operand(cell, first, place, phase)]
        parts += [["+", *_operand(cell, one, place, phase)] for one in others]
        return [item for part in parts for item in part]
    left, right = _operand(cell, first, place, phase), _operand(cell, others[0], place, phase)
    if place.operation == "weighted":
        return [*left, *right]
    if place.operation == "complement":
        left = ["(", "1", "−", *left, ")"]
    return [*left, "⊙", *right]


def _operand(cell: Cell, name: str, user: Place, phase: int) -> Equation:
    """An input as a part of its user's formula."""
    if is_parameter(name):
        text, below = _parameter(name)
        gate, part = name.split(".")
        return [[text, below, user.name if user.operation == "weighted" else f"{part}_{gate}", AFFINE]]
    if name in cell.Vectors._fields or name == "x" or name.endswith("_before"):
        leads_to = user.name if user.operation in SQUASHES and user.name not in cell.Vectors._fields else name
        ((text, below),) = _symbol(cell, name)
        return [[text, below, leads_to, phase]]
    place = _place(cell, name)
    inner = _made(cell, place, phases(cell)[name])
    if place.operation in SQUASHES or (place.operation == "sum" and user.operation in SQUASHES):
        return inner
    group = [[inner, name]]
    return ["(", *group, ")"] if user.operation == "weighted" or place.operation == "sum" else group


# Equations of the way back. ∂v stands for the loss's derivative by v.


def backward(cell: Cell) -> list[Equation]:
    """An equation for each derivative that a reader meets on the way back from h, the state before the step last."""
    lines = []
    if not [gate for gate in cell.gates if gate not in cell.State._fields]:
        lines += [[*_d(cell, f"a_{gate}"), "=", *_back(cell, f"a_{gate}")] for gate in drawn(cell)]
    for name in _met(cell):
        line = [*_d(cell, name), "=", *_back(cell, name)]
        if lines and _together(cell, name, lines[-1]):
            lines[-1] += [" , ", *line]
        else:
            lines.append(line)
    return lines


def _met(cell: Cell) -> tuple[str, ...]:
    """What is met on the way back from h, states before gates, what goes to one place before what goes to more."""
    found: list[str] = []

    def visit(name: str) -> None:
        fresh = [one for one in _leaves(cell, name) if one not in found and one != "h"]
        fresh.sort(key=lambda one: (not one.endswith("_before"), len(users(cell.graph, one))))
        found.extend(fresh)
        for one in fresh:
            if one in cell.Vectors._fields:
                visit(one)

    visit("h")
    return (*found, "h_before")


def _leaves(cell: Cell, name: str) -> list[str]:
    """The vectors and states, but for the last hidden one, that a place is made of."""
    found = []
    for one in _place(cell, name).inputs:
        if one in cell.Vectors._fields or (one.endswith("_before") and one != "h_before"):
            found.append(one)
        elif not is_parameter(one) and one not in ("x", "h_before"):
            found += _leaves(cell, one)
    return list(dict.fromkeys(found))


def _together(cell: Cell, name: str, line: Equation) -> bool:
    """Whether two derivatives share a line: those of a product of two vectors that go nowhere else."""
    uses = users(cell.graph, name)
    other = line[1][2]
    return (
        len(uses) == 1 and uses[0].operation == "product" and uses == users(cell.graph, other)
        and {name, other} <= set(cell.Vectors._fields)
    )  # fmt: skip


def _d(cell: Cell, name: str, place: str | None = None) -> Equation:
    """∂ of a place; `place` is where it leads."""
    ((text, below),) = _symbol(cell, name)
    below = NOW if len(cell.gates) == 1 and text == "a" else below
    return ["∂", [text, below, place or name]]


def _back(cell: Cell, name: str) -> Equation:
    """What comes back to a place from all that it goes into, and from the next step."""
    terms: list[tuple[Equation, str, Equation]] = []
    sums: list[str] = []
    for user in reversed(users(cell.graph, name)):
        if user.operation == "weighted" and _sum_of(cell, user).name == f"a_{_gate_of(user)}":
            sums.insert(0, _gate_of(user))
        else:
            terms.append(_term(cell, name, user))
    parts = _joined(terms)
    if sums:
        parts += ["+", *_matrices(cell, sums)] if parts else _matrices(cell, sums)
    if name in cell.State._fields and name != "h":
        parts += ["+", "∂", [name, "t←t+1", f"{name}_next"]]
    return parts


def _joined(terms: list[tuple[Equation, str, Equation]]) -> Equation:
    """The sum of terms (∂, sign, factor); ∂ stands before a bracket where all have the same."""
    if len(terms) > 1 and len({str([part[:2] for part in d]) for d, _, _ in terms}) == 1:
        (d, (text, below, _), *others), *_ = (d for d, _, _ in terms)
        inner = [part for k, (_, sign, factor) in enumerate(terms) for part in ([sign] if k else []) + factor]
        return [d, [text, below, text], *others, "⊙", "(", *inner, ")"]
    parts: Equation = []
    for d, sign, factor in terms:
        parts += [sign] if parts or sign == "−" else []
        parts += [*d, *(["⊙", *factor] if factor else [])]
    return parts


def _term(cell: Cell, name: str, user: Place) -> tuple[Equation, str, Equation]:
    """What comes back through one place: its ∂, the sign, and the factor it is multiplied by."""
    if user.operation == "weighted":  # by way of something else than the sum before a squash
        d, _, factor = _through(cell, user)
        text, below = _parameter(user.inputs[1])
        came = [*d, "⊙", *factor] if factor else d
        came = ["(", *came, ")"] if "⊙" in came else came
        return [*came, [f"{text}ᵀ", below, user.name]], "+", []
    d, sign, factor = _through(cell, user)
    so_far = [*d, "⊙", *factor] if factor else d
    if user.operation in SQUASHES:
        return so_far, sign, _slope(cell, user)
    if user.operation == "sum":
        return so_far, sign, []
    first, second = user.inputs
    other = _operand(cell, second if name == first else first, user, OUTPUT)
    other = _plain(other)
    if user.operation == "complement" and name == first:
        return so_far, "−", other
    return so_far, "+", ["(", "1", "−", *other, ")"] if user.operation == "complement" else other


def _through(cell: Cell, place: Place) -> tuple[Equation, str, Equation]:
    """∂ of a place that is no vector, in terms of vectors' and sums'."""
    if place.name in cell.Vectors._fields or place.name.startswith("a_"):
        return _d(cell, place.name), "+", []
    (user,) = users(cell.graph, place.name)
    if user.operation == "sum" and (user.name in cell.Vectors._fields or user.name.startswith("a_")):
        return _d(cell, user.name, place.name), "+", []
    if user.operation == "weighted":
        text, below = _parameter(user.inputs[1])
        return [*_d(cell, _sum_of(cell, user).name), [f"{text}ᵀ", below, place.name]], "+", []
    return _term(cell, place.name, user)


def _matrices(cell: Cell, gates: list[str]) -> Equation:
    """What comes back through the recurrent weights of some gates."""
    if len(gates) == 1:
        (gate,) = gates
        below = "" if len(cell.gates) == 1 else gate
        return [*_d(cell, f"a_{gate}"), ["Uᵀ", below, f"hU_{gate}"]]
    first = next(gate for gate in drawn(cell) if gate in gates)
    named = "k" if len(gates) == len(cell.gates) else ", ".join(gates)
    return [["Σ", named, ""], "∂", ["a", "k", f"a_{first}"], ["Uᵀ", "k", f"hU_{first}"]]


def _slope(cell: Cell, place: Place) -> Equation:
    """The slope of a squash that is shown: 1 − h² of a vector, 1 − tanh²(c) of what is none."""
    if place.name in cell.Vectors._fields:
        return ["(", "1", "−", [f"{place.name}²", NOW, place.name], ")"]
    ((text, below),) = _symbol(cell, place.inputs[0])
    return ["(", "1", "−", ["tanh²", "", place.name], [text, below, place.name], ")"]


def _plain(parts: Iterable[Any]) -> Equation:
    """Parts without phases: nothing is played on the way back."""
    return [
        part
        if isinstance(part, str)
        else [_plain(part[0]), part[1]]
        if isinstance(part[0], list)
        else part[:3]
        for part in parts
    ]


def _sum_of(cell: Cell, place: Place) -> Place:
    """The sum that a matrix's product goes into."""
    (user,) = users(cell.graph, place.name)
    return user


def _gate_of(place: Place) -> str:
    """The gate of a matrix's product."""
    return place.inputs[1].split(".")[0]
