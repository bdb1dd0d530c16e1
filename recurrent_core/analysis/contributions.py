"""Which steps teach the recurrent weights: each step's contribution to dL/dU, and clipping of what they sum to."""

from typing import NamedTuple

import numpy as np

from recurrent_core.analysis.curves import norms
from recurrent_core.analysis.jacobians import cut_held, steps_of
from recurrent_core.arrays import Affine, Tree, leaves, tree_map
from recurrent_core.cell import Gradients
from recurrent_core.clamp import Held, lay_out
from recurrent_core.run import Recording


class Contributions(NamedTuple):
    """What each step (time,) adds to dL/dU, the recurrent weights of all gates taken as one vector.

    norms      Euclidean length of the step's contribution
    share      cumulative sum of these lengths from the first step on, as a share of all: 0..1. The shares of
               the first k steps are share[k - 1], of the last k steps 1 - share[-k - 1]. NaN where all are 0.
    along      its part in the direction of the sum, as a share of the sum: these add up to 1, and a step that
               works against the others has a negative one. NaN where the sum is 0.
    """

    norms: np.ndarray
    share: np.ndarray
    along: np.ndarray


@np.errstate(all="ignore")
def contributions(recording: Recording, gradients: Gradients, batch: int = 0) -> Contributions:
    """Contributions of every step of one sequence to dL/dU; their sum is the U of `gradients.params`.

    Lengths do not add up like the contributions: where directions differ, the sum is shorter.
    """
    pairs = factors(recording, gradients, batch)
    if pairs is None:
        steps = step_gradients(recording, gradients, batch)
        total, lengths = steps.sum(axis=0), norms(steps.reshape(len(steps), -1))
        direction = total / np.abs(total).max()
        parts = np.einsum("tgij,gij->t", steps / np.abs(total).max(), direction)
    else:  # the length of an outer product is the product of the lengths
        total = np.stack([met.T @ back for met, back in pairs])
        lengths = norms(np.stack([norms(met) * norms(back) for met, back in pairs], axis=-1))
        direction = total / np.abs(total).max()
        sizes = ((met @ U) * back for (met, back), U in zip(pairs, direction, strict=True))
        parts = sum(sizes).sum(axis=-1) / np.abs(total).max()
    share = np.cumsum(lengths / lengths.max())
    return Contributions(lengths, share / share[-1], parts / np.square(direction).sum())


def clip_by_norm(gradient: Tree, threshold: float) -> Tree:
    """g * threshold / |g| where |g| is at least the threshold, else g: an array or a tree, taken as one vector.

    Its direction stays. A gradient that is not finite has none, and is returned as it is. Pascanu, Mikolov &
    Bengio 2013, Algorithm 1.

    Raises ValueError for a threshold that is not positive.
    """
    if not threshold > 0:
        raise ValueError(f"expected a positive threshold, got {threshold}")
    length = global_norm(gradient)
    if not threshold <= length < np.inf:
        return gradient
    return tree_map(lambda array: (array * (threshold / length)).astype(array.dtype), gradient)


def global_norm(gradient: Tree) -> float:
    """Euclidean norm of an array or of all arrays of a tree as one vector; infinite if not all is finite."""
    return float(norms(np.array([float(norms(np.ravel(array))) for array in leaves(gradient)])))


class _Factored(NamedTuple):
    """Stands in for an Affine: in place of its U, `back` gives the two arrays whose product that is."""

    affine: Affine

    def __call__(self, x: np.ndarray, h: np.ndarray) -> np.ndarray:
        return self.affine(x, h)

    def back(self, x: np.ndarray, h: np.ndarray, da: np.ndarray) -> tuple[tuple, np.ndarray, np.ndarray]:
        return ((h, da), *self.affine.back(x, h, da)[1:])


def factors(
    recording: Recording, gradients: Gradients, batch: int = 0
) -> tuple[tuple[np.ndarray, np.ndarray], ...] | None:
    """What the recurrent weights met and what came back, both (time, unit), for each gate in order.

    Step t's own dL/dU is the outer product of their rows t. None for a cell whose gates are more than affine.
    """
    cell = recording.cell
    if any(kind is not Affine for kind in cell.kinds):
        return None
    time, _, units = recording.vectors.h.shape
    held = lay_out(recording.clamps, time, units, recording.inputs.dtype)
    params = cell.Params(*map(_Factored, recording.params))
    entering = _entering(recording, gradients, held, batch)

    def cut(name: str, gradient: np.ndarray) -> np.ndarray:
        return cut_held(held, gradient, name)

    state, x, vectors = steps_of(recording, batch)
    return tuple(cell.step_back(params, state, x, vectors, entering, cut).params)


def step_gradients(recording: Recording, gradients: Gradients, batch: int = 0) -> np.ndarray:
    """Each step's own dL/dU (time, gate, unit, unit), gates in the order of the parameters."""
    cell, params = recording.cell, recording.params
    time, _, units = recording.vectors.h.shape
    held = lay_out(recording.clamps, time, units, recording.inputs.dtype)
    state, x, vectors = steps_of(recording, batch)
    entering = _entering(recording, gradients, held, batch)

    def back(t: int) -> np.ndarray:
        def at(tree: Tree) -> Tree:
            return tree_map(lambda rows: rows[t : t + 1], tree)

        def cut(name: str, gradient: np.ndarray) -> np.ndarray:
            return held.cut(t, name, gradient)

        dparams = cell.step_back(params, at(state), at(x), at(vectors), at(entering), cut).params
        return np.stack([affine.U for affine in dparams])

    return np.stack([back(t) for t in range(time)])


def _entering(recording: Recording, gradients: Gradients, held: Held, batch: int) -> NamedTuple:
    """Derivative by the State that leaves each step (time, unit), from those by its vectors.

    They are the same but for what the hidden state of the same step adds: for the LSTM dc holds what came
    back from h = o tanh(c). One `step_back` over all steps with dh alone says how much that is.
    """
    cell = recording.cell
    total = cell.State(*(getattr(gradients.vectors, name)[:, batch] for name in cell.State._fields))
    if len(total) == 1:
        return total
    state, x, vectors = steps_of(recording, batch)
    from_h = cell.step_back(
        recording.params,
        state,
        x,
        vectors,
        tree_map(np.zeros_like, total)._replace(h=total.h),
        lambda name, gradient: cut_held(held, gradient, name),
    ).vectors
    others = {name: array - getattr(from_h, name) for name, array in total._asdict().items() if name != "h"}
    return total._replace(**others)
