"""Run a cell over time and back: the only loops over time, the same for every cell."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from .arrays import Affine, preceding, tree_map
from .cell import Cell, Fast, Gradients
from .clamp import Clamp, Held, lay_out


class Recording(NamedTuple):
    """Everything that happened in one run."""

    cell: Cell
    params: Any  # Params
    inputs: np.ndarray  # (time, batch, input)
    initial: Any  # State (batch, unit), before the first step
    vectors: Any  # Vectors (time, batch, unit)
    final: Any  # State (batch, unit), after the last step
    clamps: tuple[Clamp, ...] = ()
    cache: Any = None  # what the cell's own backward pass wants to find again


def run(
    cell: Cell, params: Any, inputs: np.ndarray, initial: Any = None, clamps: Sequence[Clamp] = ()
) -> Recording:
    """Run a cell over inputs (time, batch, input) and record every vector of every step.

    `initial` is a State of arrays (batch, unit), all 0 if None. float32 inputs are computed in float32, all others
    in float64. Of clamps that overlap the last wins. Nothing overflows without a trace: a value too large for its
    type is recorded as an infinity or NaN, without a warning; `first_nonfinite` says at which step.

    Raises ValueError for arrays of the wrong shape and for clamps of an unknown vector, unit or value.
    """
    inputs = _numbers("inputs", inputs)
    dtype = inputs.dtype
    if inputs.ndim != 3 or len(inputs) == 0:
        raise ValueError(
            f"expected inputs (time, batch, input) of at least one step, got shape {inputs.shape}"
        )
    time, batch, input_size = inputs.shape
    params = _checked_params(params, input_size, dtype)
    units = len(params[0].b)
    initial = _checked_state(cell, "initial", initial, (batch, units), dtype)
    clamps = _checked_clamps(cell, clamps, units)
    held = lay_out(clamps, time, units, dtype) if clamps else None

    states = tree_map(lambda array: np.empty((time + 1, batch, units), dtype), initial)
    for rows, first in zip(states, initial, strict=True):
        rows[0] = first
    with np.errstate(all="ignore"):
        vectors, cache, advance = (cell.fast or _plain(cell)).forward(params, inputs, states, held)
        for t in range(time):
            advance(t)
    final = tree_map(lambda rows: rows[-1].copy(), states)
    return Recording(cell, params, inputs, initial, vectors, final, clamps, cache)


def backprop(recording: Recording, d_h: np.ndarray | None = None, d_final: Any = None) -> Gradients:
    """Backpropagate a loss through a recorded run, to everything that the run recorded or was given.

    The loss enters by its derivatives: `d_h` by the hidden state at each step (time, batch, unit), `d_final` by the
    final State, arrays (batch, unit) or None for a part that it does not depend on; where both are given they add.

    grads.vectors are total derivatives, all later steps included: by how much the loss changes if the vector is
    clamped to another value at that step. At a clamped place that still holds, and nothing flows on from there to
    what would have produced the value. Gradients too large for their type are infinities or NaN, without a warning.

    Raises ValueError for arrays of the wrong shape and if neither derivative is given.
    """
    cell, time, dtype = recording.cell, len(recording.inputs), recording.inputs.dtype
    shape = recording.vectors.h.shape
    if d_h is None and d_final is None:
        raise ValueError(
            "expected the loss's derivative by h (d_h) or by the final state (d_final), got neither"
        )
    dstates = tree_map(lambda array: np.zeros((time + 1, *array.shape), dtype), recording.initial)
    if d_h is not None:
        dstates.h[1:] = _shaped("d_h", d_h, shape, dtype)
    for rows, last in zip(dstates, _checked_state(cell, "d_final", d_final, shape[1:], dtype), strict=True):
        rows[-1] += last
    held = lay_out(recording.clamps, time, shape[-1], dtype) if recording.clamps else None

    with np.errstate(all="ignore"):
        retreat, finish = (cell.fast or _plain(cell)).backward(recording, dstates, held)
        for t in reversed(range(time)):
            retreat(t)
        return finish()


def _plain(cell: Cell) -> Fast:
    """For a cell without a fast form: its `step` and `step_back`, called once for each step."""

    def forward(params, inputs, states, held):
        recorded = cell.Vectors(*(np.empty_like(states.h[1:]) for _ in cell.Vectors._fields))

        def advance(t):
            def hold(name, vector):
                return held.put(t, name, vector)

            state = tree_map(lambda rows: rows[t], states)
            vectors = (
                cell.step(params, state, inputs[t], hold) if held else cell.step(params, state, inputs[t])
            )
            for rows, vector in zip(recorded, vectors, strict=True):
                rows[t] = vector
            for name, rows in zip(cell.State._fields, states, strict=True):
                rows[t + 1] = getattr(vectors, name)

        return recorded, None, advance

    def backward(recording, dstates, held):
        params, inputs = recording.params, recording.inputs
        states = cell.State(
            *(
                preceding(a, getattr(recording.vectors, n))
                for n, a in zip(cell.State._fields, recording.initial, strict=True)
            )
        )
        dvectors = tree_map(np.empty_like, recording.vectors)
        dinputs = np.empty_like(inputs)
        dparams = tree_map(np.zeros_like, params)

        def retreat(t):
            def cut(name, gradient):
                return held.cut(t, name, gradient)

            nonlocal dparams
            state, vectors, dstate = (
                tree_map(lambda rows: rows[k], tree)
                for k, tree in ((t, states), (t, recording.vectors), (t + 1, dstates))
            )
            args = (params, state, inputs[t], vectors, dstate)
            step = cell.step_back(*args, cut) if held else cell.step_back(*args)
            for rows, vector in zip(dvectors, step.vectors, strict=True):
                rows[t] = vector
            dinputs[t] = step.inputs
            dparams = tree_map(np.add, dparams, step.params)
            for rows, before in zip(dstates, step.initial, strict=True):
                rows[t] += before

        def finish():
            return Gradients(dvectors, dparams, dinputs, tree_map(lambda rows: rows[0], dstates))

        return retreat, finish

    return Fast(forward, backward)


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


def _checked_params(params, input_size, dtype):
    units = len(params[0].b)
    shapes = Affine((input_size, units), (units, units), (units,))
    return type(params)(
        *(
            Affine(
                *(
                    _shaped(f"{gate}.{n}", a, s, dtype)
                    for n, a, s in zip(Affine._fields, affine, shapes, strict=True)
                )
            )
            for gate, affine in zip(params._fields, params, strict=True)
        )
    )


def _checked_state(cell, name, state, shape, dtype):
    if state is None:
        state = cell.State(*(None for _ in cell.State._fields))
    if getattr(state, "_fields", None) != cell.State._fields:
        raise ValueError(
            f"expected {name} as a State of {', '.join(cell.State._fields)}, got {type(state).__name__}"
        )
    return cell.State(
        *(
            np.zeros(shape, dtype) if array is None else _shaped(f"{name}.{field}", array, shape, dtype)
            for field, array in zip(cell.State._fields, state, strict=True)
        )
    )


def _checked_clamps(cell, clamps, units):
    clamps = tuple(clamps)
    for clamp in clamps:
        if clamp.name not in cell.Vectors._fields:
            raise ValueError(f"expected a clamp of {', '.join(cell.Vectors._fields)}, got {clamp.name!r}")
        if not np.isfinite(clamp.value):
            raise ValueError(f"expected a finite value for the clamp of {clamp.name}, got {clamp.value}")
        if clamp.unit is not None and not -units <= clamp.unit < units:
            raise ValueError(f"expected a clamped unit below {units}, got {clamp.unit}")
    return clamps
