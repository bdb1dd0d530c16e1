"""Run a cell over time and back: the only loops over time, the same for every cell."""

from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from recurrent_core.arrays import Affine, flip, leaves, outline, tree_map
from recurrent_core.cell import Arrays, Backward, Cell, Derivatives, Fast, Forward, Gradients, P, S, V
from recurrent_core.clamp import Clamp, Held, lay_out


class Recording(NamedTuple, Generic[P, S, V]):
    """Everything that happened in one run."""

    cell: Cell[P, S, V]
    params: P
    inputs: np.ndarray  # (time, batch, input)
    initial: S  # (batch, unit), before the first step
    vectors: V  # (time, batch, unit)
    final: S  # (batch, unit), after the last step
    clamps: tuple[Clamp, ...]
    states: S  # (time + 1, batch, unit): step t found row t and left row t + 1
    cache: Arrays  # what the cell's own backward pass wants to find again

    def __repr__(self) -> str:
        time, batch, units = next(leaves(self.vectors)).shape
        size, clamps = self.inputs.shape[-1], len(self.clamps)
        return (
            f"Recording({self.cell.label}, {time} steps x {batch} x {units} units, "
            f"{size} input{'s' * (size != 1)}, {clamps} clamp{'s' * (clamps != 1)})"
        )


@np.errstate(all="ignore")
def run(
    cell: Cell[P, S, V],
    params: P,
    inputs: ArrayLike,
    initial: S | None = None,
    clamps: Sequence[Clamp] = (),
) -> Recording[P, S, V]:
    """Run a cell over inputs (time, batch, input) and record every vector of every step.

    `initial` is a State of arrays (batch, unit); None, as a whole or for a part, stands for zeros. The inputs
    decide the type of all numbers: float32 is computed in float32, anything else in float64. Of clamps that
    overlap the last wins. A number too large for its type becomes an infinity or NaN without a warning;
    `first_nonfinite` says at which step.

    Raises ValueError for arrays of a wrong shape and for clamps of an unknown vector, unit or value.
    """
    inputs = _numbers("inputs", inputs)
    if inputs.ndim != 3 or 0 in inputs.shape:
        raise ValueError(f"expected inputs (time, batch, input), at least one of each, got {inputs.shape}")
    time, batch, input_size = inputs.shape
    params = _params(cell, params, input_size, inputs.dtype)
    units = _units(params)
    initial = _state(cell, "initial", initial, (batch, units), inputs.dtype)
    clamps = _clamps(cell, clamps, units)
    held = lay_out(clamps, time, units, inputs.dtype) if clamps else None

    forward = (cell.fast or _plain(cell)).forward(params, inputs, initial, held)
    for t in range(time):
        forward.advance(t)
    vectors, states = cell.Vectors._make(forward.vectors), cell.State._make(forward.states)
    final = tree_map(np.copy, _at(states, time))
    return Recording(cell, params, inputs, initial, vectors, final, clamps, states, forward.cache)


@np.errstate(all="ignore")
def backprop(
    recording: Recording[P, S, V], d_h: ArrayLike | None = None, d_final: S | None = None
) -> Gradients[P, S, V]:
    """Backpropagate a loss through a recorded run, to everything that the run recorded or was given.

    The loss enters by its derivatives: `d_h` by the hidden state of each step (time, batch, unit), `d_final`
    by the final State, arrays (batch, unit), None for a part that it does not depend on. Where both are given
    they add.

    `vectors` of the result are total derivatives, all later steps included: how much the loss changes with
    the value that a clamp would put there. That holds at a clamped place too, and nothing flows on from it to
    what would have produced the value. A gradient too large for its type becomes an infinity or NaN without a
    warning, at `last_nonfinite` and before.

    Raises ValueError for arrays of a wrong shape and if neither derivative is given.
    """
    if d_h is None and d_final is None:
        raise ValueError(
            "expected the loss's derivative by h (d_h) or by the final state (d_final), got neither"
        )
    cell, states = recording.cell, recording.states
    time, batch, units = next(leaves(recording.vectors)).shape
    dtype = recording.inputs.dtype
    d_final = _state(cell, "d_final", d_final, (batch, units), dtype)
    held = lay_out(recording.clamps, time, units, dtype) if recording.clamps else None

    dstates = tree_map(lambda rows: flip(np.zeros((time + 1, units, batch), rows.dtype)), states)
    if d_h is not None:
        dstates[cell.State._fields.index("h")][1:] = _shaped("d_h", d_h, (time, batch, units), dtype)
    for rows, last in zip(dstates, d_final, strict=True):
        rows[time] += last
    backward = (cell.fast or _plain(cell)).backward(recording.params, recording.cache, dstates, held)
    for t in reversed(range(time)):
        backward.retreat(t)
    by_vectors, by_params, by_inputs, by_initial = backward.finish()
    return Gradients(
        cell.Vectors._make(by_vectors), cell.Params._make(by_params), by_inputs, cell.State._make(by_initial)
    )


def _plain(cell: Cell[P, S, V]) -> Fast[P]:
    """The fast form of a cell that has none: its `step` and `step_back`, called once for each step."""

    def forward(params: P, inputs: np.ndarray, initial: Arrays, held: Held | None) -> Forward:
        states = cell.State._make(np.empty((len(inputs) + 1, *first.shape), first.dtype) for first in initial)
        _set(states, 0, initial)
        like = next(leaves(states))[1:]
        recorded = cell.Vectors._make(np.empty_like(like) for _ in cell.Vectors._fields)

        def advance(t: int) -> None:
            def hold(name: str, vector: np.ndarray, /) -> np.ndarray:
                return vector if held is None else held.put(t, name, vector.copy())

            found = (params, _at(states, t), inputs[t])
            vectors = cell.step(*found, hold) if held else cell.step(*found)
            _set(recorded, t, vectors)
            _set(states, t + 1, (getattr(vectors, name) for name in cell.State._fields))

        return Forward(recorded, states, (inputs, *states, *recorded), advance)

    def backward(params: P, cache: Arrays, dstates: Arrays, held: Held | None) -> Backward:
        inputs, carried = cache[0], 1 + len(cell.State._fields)
        states, vectors = cell.State._make(cache[1:carried]), cell.Vectors._make(cache[carried:])
        dvectors, dinputs = tree_map(np.empty_like, vectors), np.empty_like(inputs)
        dparams = tree_map(np.zeros_like, params)
        into = cell.State._make(dstates)

        def retreat(t: int) -> None:
            def cut(name: str, gradient: np.ndarray, /) -> np.ndarray:
                return gradient if held is None else held.cut(t, name, gradient)

            found = (params, _at(states, t), inputs[t], _at(vectors, t), _at(into, t + 1))
            back = cell.step_back(*found, cut) if held else cell.step_back(*found)
            _set(dvectors, t, back.vectors)
            dinputs[t] = back.inputs
            tree_map(lambda total, one: np.add(total, one, out=total), dparams, back.params)
            _set(into, t, (a + b for a, b in zip(_at(into, t), back.initial, strict=True)))

        def finish() -> Derivatives:
            return dvectors, dparams, dinputs, _at(into, 0)

        return Backward(retreat, finish)

    return Fast(forward, backward)


def _at(tree: S, t: int) -> S:
    return tree_map(lambda rows: rows[t], tree)


def _set(tree: NamedTuple, t: int, values: Iterable[np.ndarray]) -> None:
    for rows, value in zip(tree, values, strict=True):
        rows[t] = value


def _units(params: NamedTuple) -> int:
    first: Affine = params[0]
    return int(np.size(first.b))


def _numbers(name: str, value: ArrayLike) -> np.ndarray:
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        raise ValueError(f"expected {name} as real numbers, got an array of {array.dtype}")
    return np.ascontiguousarray(array, dtype=np.float32 if array.dtype == np.float32 else np.float64)


def _shaped(name: str, value: ArrayLike, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    array = _numbers(name, value)
    if array.shape != shape:
        raise ValueError(f"expected {name} with shape {shape}, got {array.shape}")
    return array.astype(dtype, copy=False)


def _params(cell: Cell[P, S, V], params: P, input_size: int, dtype: np.dtype) -> P:
    kinds = dict(zip(cell.gates, cell.kinds, strict=True))
    if getattr(params, "_fields", None) != cell.gates or not all(map(isinstance, params, cell.kinds)):
        others = "".join(f" ({gate}: {kind.__name__})" for gate, kind in kinds.items() if kind is not Affine)
        raise ValueError(
            f"expected params with an Affine for each of {', '.join(cell.gates)}{others}, got {outline(params)}"
        )
    units = _units(params)
    shapes = {"W": (input_size, units), "U": (units, units)}
    return cell.Params._make(
        kinds[gate]._make(
            _shaped(f"{gate}.{part}", array, shapes.get(part, (units,)), dtype)
            for part, array in affine._asdict().items()
        )
        for gate, affine in zip(cell.gates, params, strict=True)
    )


def _state(cell: Cell[P, S, V], name: str, state: S | None, shape: tuple[int, ...], dtype: np.dtype) -> S:
    fields = cell.State._fields
    if state is not None and getattr(state, "_fields", None) != fields:
        raise ValueError(f"expected {name} as a State of {', '.join(fields)}, got {outline(state)}")
    parts = (None,) * len(fields) if state is None else state
    return cell.State._make(
        np.zeros(shape, dtype) if part is None else _shaped(f"{name}.{field}", part, shape, dtype)
        for field, part in zip(fields, parts, strict=True)
    )


def _clamps(cell: Cell, clamps: Sequence[Clamp], units: int) -> tuple[Clamp, ...]:
    if isinstance(clamps, Clamp):
        raise ValueError("expected a sequence of clamps, got a single one")
    clamps = tuple(Clamp(*clamp) for clamp in clamps)
    for name, value, start, stop, unit in clamps:
        if name not in cell.Vectors._fields:
            raise ValueError(f"expected a clamp of {', '.join(cell.Vectors._fields)}, got {name!r}")
        if not isinstance(value, int | float | np.number) or not np.isfinite(value):
            raise ValueError(f"expected a finite number for the clamp of {name}, got {value!r}")
        if not all(place is None or isinstance(place, int | np.integer) for place in (start, stop, unit)):
            raise ValueError(
                f"expected whole numbers or None for the clamp of {name}, got {start}:{stop}, {unit}"
            )
        if unit is not None and not -units <= unit < units:
            raise ValueError(f"expected a clamp of one of {units} units, got unit {unit}")
    return clamps
