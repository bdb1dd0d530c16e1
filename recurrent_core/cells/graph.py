"""A step as a table of places: every number between what a step is given and what it leaves, in the order of flow.

    xW_f     weighted    x, f.W            x W_f
    hU_f     weighted    h_before, f.U     h' U_f
    a_f      sum         xW_f, hU_f, f.b   the sum with its bias
    f        sigmoid     a_f               a vector of the recording has its own name
    kept     product     f, c_before       f * c'
    kept     complement  z, h_before       (1 - z) * h'

What a step is given needs no row: the input x, and each part of the state before it, h_before and c_before. A
parameter is named by its gate and part, "f.W". A place of one gate ends in the gate's name, as xW_f does. A cell
declares its table as `graph`; from it come the places' values and gradients (analysis.anatomy), the worksheet,
and on the page Step the drawing, the formula of each number and the equations.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import numpy as np

from recurrent_core.arrays import sigmoid, sigmoid_slope, tanh_slope
from recurrent_core.cell import Cut, Place

Back = tuple[np.ndarray | None, ...]


class Operation(NamedTuple):
    """What makes a place of its inputs, (time, unit) but for the matrix and (unit,) parameters.

    back(d, *inputs) gives the derivative by each input from d, that by the place; None for a matrix.
    """

    value: Callable[..., np.ndarray]
    back: Callable[..., Back]


OPERATIONS: dict[str, Operation] = {
    "weighted": Operation(lambda x, W: x @ W, lambda d, x, W: (d @ W.T, None)),
    "sum": Operation(lambda *parts: _total(parts), lambda d, *parts: (d,) * len(parts)),
    "sigmoid": Operation(sigmoid, lambda d, a: (d * sigmoid_slope(a),)),
    "tanh": Operation(np.tanh, lambda d, a: (d * tanh_slope(a),)),
    "product": Operation(lambda a, b: a * b, lambda d, a, b: (d * b, d * a)),
    "complement": Operation(lambda a, b: (1 - a) * b, lambda d, a, b: (-(d * b), d * (1 - a))),
}
SQUASHES = ("sigmoid", "tanh")


def gate(name: str, squash: str, past: str = "h_before", part: str = "hU") -> tuple[Place, ...]:
    """The places of a gate or candidate squash(x W + past U + b); `part` is what past U is called."""
    return (
        Place(f"xW_{name}", "weighted", ("x", f"{name}.W")),
        Place(f"{part}_{name}", "weighted", (past, f"{name}.U")),
        Place(f"a_{name}", "sum", (f"xW_{name}", f"{part}_{name}", f"{name}.b")),
        Place(name, squash, (f"a_{name}",)),
    )


def forward(
    graph: Iterable[Place], params: NamedTuple, given: Mapping[str, np.ndarray], vectors: NamedTuple
) -> dict[str, np.ndarray]:
    """Values of what is given and of all places, in the order of flow.

    Where a place is a field of `vectors` it has the value that stands there, for that may be held.
    """
    values = dict(given)
    for name, operation, inputs in graph:
        recorded = getattr(vectors, name, None)
        found = (_input(params, values, one) for one in inputs)
        values[name] = OPERATIONS[operation].value(*found) if recorded is None else recorded
    return values


def backward(
    graph: tuple[Place, ...],
    params: NamedTuple,
    values: Mapping[str, np.ndarray],
    totals: NamedTuple,
    cut: Cut,
) -> dict[str, np.ndarray]:
    """Derivatives by all that `forward` gave, in its order.

    `totals` are the derivatives by the vectors, all later steps included. cut(name, derivative) is what flows
    on of one of them. By what enters a step comes what this step alone sends back.
    """
    parts: dict[str, list[np.ndarray]] = {name: [] for name in values}
    found = {}
    for name, operation, inputs in reversed(graph):
        total = getattr(totals, name, None)
        found[name] = _total(parts[name][::-1]) if total is None else total
        back = OPERATIONS[operation].back(
            found[name] if total is None else cut(name, total),
            *(_input(params, values, one) for one in inputs),
        )
        for one, part in zip(inputs, back, strict=True):
            if part is not None and one in parts:
                parts[one].append(part)
    return {name: found[name] if name in found else _total(parts[name][::-1]) for name in values}


def is_parameter(name: str) -> bool:
    """Whether an input is a parameter, "f.W"."""
    return "." in name


def users(graph: Iterable[Place], name: str) -> tuple[Place, ...]:
    """The places that a place, or what is given, goes into."""
    return tuple(place for place in graph if name in place.inputs)


def pre_activations(graph: Iterable[Place]) -> tuple[str, ...]:
    """The places of the affine maps: what is made of parameters, up to the sum that is squashed."""
    found: list[str] = []
    for name, operation, inputs in graph:
        if operation not in SQUASHES and any(is_parameter(one) or one in found for one in inputs):
            found.append(name)
    return tuple(found)


def _input(params: NamedTuple, values: Mapping[str, np.ndarray], name: str) -> np.ndarray:
    if not is_parameter(name):
        return values[name]
    of, part = name.split(".")
    return getattr(getattr(params, of), part)


def _total(parts: Iterable[np.ndarray]) -> np.ndarray:
    first, *others = parts
    for part in others:
        first = first + part
    return first
