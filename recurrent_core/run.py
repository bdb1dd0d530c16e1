"""Run a cell over time and back: the only loops over time, the same for every cell."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from recurrent_core.arrays import Affine, flip, tree_map
from recurrent_core.cell import Backward, Cell, Fast, Forward, Gradients
from recurrent_core.clamp import Clamp, lay_out


class Recording(NamedTuple):
    """Everything that happened in one run."""

    cell: Cell
    params: Any  # Params
    inputs: np.ndarray  # (time, batch, input)
    initial: Any  # State (batch, unit), before the first step
    vectors: Any  # Vectors (time, batch, unit)
    final: Any  # State (batch, unit), after the last step
    clamps: tuple[Clamp, ...] = ()
    states: Any = None  # State (time + 1, batch, unit): step t found row t and left row t + 1
    cache: Any = None  # what the cell's own backward pass wants to find again


@np.errstate(all="ignore")
def run(
    cell: Cell, params: Any, inputs: np.ndarray, initial: Any = None, clamps: Sequence[Clamp] = ()
) -> Recording:
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
    units = len(params[0].b)
    initial = _state(cell, "initial", initial, (batch, units), inputs.dtype)
    clamps = _clamps(cell, clamps, units)
    held = lay_out(clamps, time, units, inputs.dtype) if clamps else None

    forward = (cell.fast or _plain(cell)).forward(params, inputs, initial, held)
    for t in range(time):
        forward.advance(t)
    vectors, states = cell.Vectors(*forward.vectors), cell.State(*forward.states)
    final = tree_map(np.copy, _at(states, time))
    return Recording(cell, params, inputs, initial, vectors, final, clamps, states, forward.cache)


@np.errstate(all="ignore")
def backprop(recording: Recording, d_h: np.ndarray | None = None, d_final: Any = None) -> Gradients:
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
    time, batch, units = recording.vectors.h.shape
    dtype = recording.inputs.dtype
    d_final = _state(cell, "d_final", d_final, (batch, units), dtype)
    held = lay_out(recording.clamps, time, units, dtype) if recording.clamps else None

    dstates = tree_map(lambda rows: flip(np.zeros((time + 1, units, batch), rows.dtype)), states)
    if d_h is not None:
        dstates.h[1:] = _shaped("d_h", d_h, (time, batch, units), dtype)
    for rows, last in zip(dstates, d_final, strict=True):
        rows[time] += last
    backward = (cell.fast or _plain(cell)).backward(recording.params, recording.cache, dstates, held)
    for t in reversed(range(time)):
        backward.retreat(t)
    by_vectors, by_params, by_inputs, by_initial = backward.finish()
    return Gradients(cell.Vectors(*by_vectors), cell.Params(*by_params), by_inputs, cell.State(*by_initial))


def _plain(cell: Cell) -> Fast:
    """The fast form of a cell that has none: its `step` and `step_back`, called once for each step."""

    def forward(params, inputs, initial, held):
        states = tree_map(lambda first: np.empty((len(inputs) + 1, *first.shape), first.dtype), initial)
        _set(states, 0, initial)
        recorded = cell.Vectors(*(np.empty_like(states.h[1:]) for _ in cell.Vectors._fields))

        def advance(t):
            def hold(name, vector):
                return held.put(t, name, vector.copy())

            found = (params, _at(states, t), inputs[t])
            vectors = cell.step(*found, hold) if held else cell.step(*found)
            _set(recorded, t, vectors)
            _set(states, t + 1, (getattr(vectors, name) for name in cell.State._fields))

        return Forward(recorded, states, (inputs, *states, *recorded), advance)

    def backward(params, cache, dstates, held):
        inputs, carried = cache[0], 1 + len(cell.State._fields)
        states, vectors = cell.State(*cache[1:carried]), cell.Vectors(*cache[carried:])
        dvectors, dinputs = tree_map(np.empty_like, vectors), np.empty_like(inputs)
        dparams = tree_map(np.zeros_like, params)

        def retreat(t):
            def cut(name, gradient):
                return held.cut(t, name, gradient)

            found = (
                params,
                _at(states, t),
                inputs[t],
                _at(vectors, t),
                _at(dstates, t + 1),
            )
            back = cell.step_back(*found, cut) if held else cell.step_back(*found)
            _set(dvectors, t, back.vectors)
            dinputs[t] = back.inputs
            tree_map(lambda total, one: np.add(total, one, out=total), dparams, back.params)
            _set(dstates, t, (a + b for a, b in zip(_at(dstates, t), back.initial, strict=True)))

        def finish():
            return Gradients(dvectors, dparams, dinputs, _at(dstates, 0))

        return Backward(retreat, finish)

    return Fast(forward, backward)


def _at(tree, t):
    return tree_map(lambda rows: rows[t], tree)


def _set(tree, t, values):
    for rows, value in zip(tree, values, strict=True):
        rows[t] = value


def _numbers(name, array):
    array = np.asarray(array)
    if array.dtype.kind not in "fiub":
        raise ValueError(f"expected {name} as real numbers, got an array of {array.dtype}")
    return np.ascontiguousarray(array, dtype=np.float32 if array.dtype == np.float32 else np.float64)


def _shaped(name, array, shape, dtype):
    array = _numbers(name, array)
    if array.shape != shape:
        raise ValueError(f"expected {name} with shape {shape}, got {array.shape}")
    return array.astype(dtype, copy=False)


def _params(cell, params, input_size, dtype):
    kinds = dict(zip(cell.gates, cell.kinds, strict=True))
    if getattr(params, "_fields", None) != cell.gates or not all(map(isinstance, params, cell.kinds)):
        others = "".join(f" ({gate}: {kind.__name__})" for gate, kind in kinds.items() if kind is not Affine)
        raise ValueError(
            f"expected params with an Affine for each of {', '.join(cell.gates)}{others}, got {params!r:.80}"
        )
    units = np.size(params[0].b)
    shapes = {"W": (input_size, units), "U": (units, units)}
    return cell.Params(
        *(
            kinds[gate](
                *(
                    _shaped(f"{gate}.{part}", array, shapes.get(part, (units,)), dtype)
                    for part, array in affine._asdict().items()
                )
            )
            for gate, affine in zip(cell.gates, params, strict=True)
        )
    )


def _state(cell, name, state, shape, dtype):
    fields = cell.State._fields
    if state is None:
        state = cell.State(*(None for _ in fields))
    if getattr(state, "_fields", None) != fields:
        raise ValueError(f"expected {name} as a State of {', '.join(fields)}, got {state!r:.80}")
    return cell.State(
        *(
            np.zeros(shape, dtype) if array is None else _shaped(f"{name}.{field}", array, shape, dtype)
            for field, array in zip(fields, state, strict=True)
        )
    )


def _clamps(cell, clamps, units):
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
