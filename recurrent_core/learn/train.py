"""Training as a pure sequence of states: every update follows from the state before it and the run's settings.

The batch of update k is drawn from (seed, k) alone, so a run can be left at any state and taken up again, and
gives the same weights to the last bit. Forward and backward are `run` and `backprop`; numbers are float32.
"""

from collections.abc import Callable, Container, Iterator
from typing import NamedTuple

import numpy as np

from recurrent_core.analysis import predicted_half_lives
from recurrent_core.analysis.contributions import clip_by_norm, global_norm
from recurrent_core.arrays import tree_map
from recurrent_core.cell import Cell, Gradients, Role
from recurrent_core.learn.snapshots import Model, flatten, model_like, unflatten
from recurrent_core.learn.tasks import Batch, Score, Task, score
from recurrent_core.run import Recording, backprop, run

BATCH = 32
FRESH_BIASES: dict[Role, float] = {
    "keep": 1.0,
    "replace": -1.0,
}  # keep .73 of the memory a step, LSTM and GRU alike
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8


class Plan(NamedTuple):
    """What stays the same through a training run of one network."""

    cell: Cell
    units: int
    task: Task
    seed: int
    optimiser: str  # a name in OPTIMISERS
    rate: float
    clip_at: float  # threshold of the gradient's norm; 0 for no clipping

    @property
    def model(self) -> Model:
        """A model of the right sizes, all zeros: the shape of this run's weights."""
        return model_like(self.cell, len(self.task.channels), self.units, len(self.task.answers))


class TrainState(NamedTuple):
    """All that the next update needs: flat arrays (parameter,) in the order of `Plan.model`.

    `first` and `second` are Adam's moments; with SGD they stay 0.
    """

    update: int  # updates made so far
    weights: np.ndarray
    first: np.ndarray
    second: np.ndarray


class Measured(NamedTuple):
    """What was seen on the batch of an update, before the weights moved."""

    loss: float
    accuracy: float  # share of right answers
    norm: float  # of the gradient by all weights, before clipping
    by_step: np.ndarray | None  # norm of a sequence's dL/d(memory) at each step (time,), mean over the batch


def start(plan: Plan, dtype: type = np.float32) -> TrainState:
    """The state before the first update, drawn from the seed.

    Input and readout weights are Glorot uniform, recurrent ones orthogonal, biases 0, as Keras starts, and the
    memory is biased to keep: forget bias 1 (Jozefowicz, Zaremba & Sutskever 2015) and, which is the same share
    in the GRU, update bias -1.
    """
    for_cell, for_readout = np.random.default_rng((plan.seed, 4)).spawn(2)
    biases = {gate: FRESH_BIASES[plan.cell.role(gate)] for gate in plan.cell.named(*FRESH_BIASES)}
    shape = plan.model
    bound = np.sqrt(6 / sum(shape.readout.W.shape))
    fresh = Model(
        plan.cell.init(for_cell, len(plan.task.channels), plan.units, biases),
        shape.readout._replace(W=for_readout.uniform(-bound, bound, shape.readout.W.shape)),
    )
    weights: np.ndarray = flatten(fresh).astype(dtype)
    return TrainState(0, weights, np.zeros_like(weights), np.zeros_like(weights))


def keep_memory() -> None:
    """Have the process keep the memory that an update frees for the next one, instead of handing it back.

    Else the operating system clears the same pages again for every update, which can take longer than the
    arithmetic. glibc raises its limits to the largest piece that was ever freed, up to 32 MB; on other systems
    nothing happens.
    """
    np.empty(16_000_000, np.uint8)


def train(
    plan: Plan, state: TrainState | None = None, chosen: Container[int] = ()
) -> Iterator[tuple[TrainState, Measured]]:
    """States after one more update each, without end, with what was measured on the way.

    It goes on from `state`, or from the start. At updates in `chosen` (counted from 0) the gradient is also
    measured step by step.
    """
    keep_memory()
    state = state or start(plan)
    while True:
        state, measured = update(plan, state, state.update in chosen)
        yield state, measured


@np.errstate(all="ignore")
def update(plan: Plan, state: TrainState, by_step: bool = False) -> tuple[TrainState, Measured]:
    """One update: draw the batch, run, backpropagate, clip, step. What diverges becomes infinite or NaN."""
    batch = draw(plan, state.update)
    scored, gradient, back = gradients(plan, state.weights, batch)
    norm = global_norm(gradient)
    if 0 < plan.clip_at <= norm:
        gradient = clip_by_norm(gradient, plan.clip_at)
    step = OPTIMISERS[plan.optimiser](plan.rate, state, gradient)
    return step, Measured(
        scored.loss, scored.accuracy, norm, memory_norms(plan.cell, back) if by_step else None
    )


def draw(plan: Plan, k: int) -> Batch:
    """The batch of update k, the same for all networks."""
    return plan.task.draw(np.random.default_rng((plan.seed, 5, k)), BATCH)


@np.errstate(all="ignore")
def outputs(model: Model, recording: Recording, start: int = 0) -> np.ndarray:
    """The readout's answers (scored, batch, output) at the steps from `start` on: h W + b."""
    return recording.vectors.h[start:] @ model.readout.W + model.readout.b


def gradients(plan: Plan, weights: np.ndarray, batch: Batch) -> tuple[Score, np.ndarray, Gradients]:
    """Loss on a batch, its gradient by the weights (parameter,), and the recurrent network's own Gradients."""
    batch = _typed(batch, weights.dtype)
    model = unflatten(weights, plan.model)
    recording = run(plan.cell, model.params, batch.inputs)
    scored = score(plan.task, outputs(model, recording, batch.start), batch)
    h, d_outputs = recording.vectors.h[batch.start :], scored.d_outputs
    back = _backprop(recording, d_outputs @ model.readout.W.T, batch.start)
    rows, d_rows = h.reshape(-1, h.shape[-1]), d_outputs.reshape(-1, d_outputs.shape[-1])
    d_readout = type(model.readout)(rows.T @ d_rows, d_rows.sum(axis=0))
    return scored, flatten(Model(back.params, d_readout)), back


def _backprop(recording: Recording, d_h: np.ndarray, start: int) -> Gradients:
    """`backprop` of a loss that reads the hidden states of the steps from `start` on."""
    steps = len(recording.inputs)
    if start == steps - 1:
        nothing = type(recording.final)(*(None for _ in recording.final))
        return backprop(recording, d_final=nothing._replace(h=d_h[0]))
    before = np.zeros((start, *d_h.shape[1:]), d_h.dtype)
    return backprop(recording, np.concatenate((before, d_h)) if start else d_h)


@np.errstate(all="ignore")
def evaluate(plan: Plan, weights: np.ndarray) -> Score:
    """Loss and accuracy on the task's evaluation sequences, which no update draws."""
    batch = _typed(plan.task.evaluation, weights.dtype)
    model = unflatten(weights, plan.model)
    recording = run(plan.cell, model.params, batch.inputs)
    return score(plan.task, outputs(model, recording, batch.start), batch)


def half_lives(plan: Plan, weights: np.ndarray, sequences: int = 64) -> np.ndarray | None:
    """Half-life in steps of each unit (unit,) that the gates promise, over evaluation sequences; None without.

    From the geometric mean of the share kept over all steps and sequences; in the order of the units.
    """
    inputs = plan.task.evaluation.inputs[:, :sequences].astype(np.float64)
    recording = run(plan.cell, unflatten(weights, plan.model).params, inputs)
    joined = tree_map(lambda vector: vector.reshape(-1, 1, vector.shape[-1]), recording.vectors)
    found = predicted_half_lives(recording._replace(vectors=joined))
    return None if found is None else found[0]


def memory_norms(cell: Cell, back: Gradients) -> np.ndarray:
    """Norm of dL/d(memory) at each step (time,) of one sequence, mean over the batch, from a batch's Gradients.

    A batch's loss is the mean over its sequences, so their gradients come divided by the batch.
    """
    return np.sqrt(np.square(getattr(back.vectors, cell.memory)).sum(axis=-1)).sum(axis=-1)


def adam(rate: float, state: TrainState, gradient: np.ndarray) -> TrainState:
    """Adam (Kingma & Ba 2015, Algorithm 1), beta_1 .9, beta_2 .999, epsilon 1e-8."""
    count = state.update + 1
    first = BETA_1 * state.first + (1 - BETA_1) * gradient
    second = BETA_2 * state.second + (1 - BETA_2) * np.square(gradient)
    length = np.sqrt(second / (1 - BETA_2**count)) + EPSILON
    return TrainState(count, state.weights - rate / (1 - BETA_1**count) * first / length, first, second)


def sgd(rate: float, state: TrainState, gradient: np.ndarray) -> TrainState:
    """Stochastic gradient descent, without momentum."""
    return state._replace(update=state.update + 1, weights=state.weights - rate * gradient)


OPTIMISERS: dict[str, Callable[[float, TrainState, np.ndarray], TrainState]] = {"adam": adam, "sgd": sgd}


def chosen_updates(updates: int, count: int = 16) -> tuple[int, ...]:
    """About `count` update numbers from 0 to `updates`, both included, with growing distances between them."""
    spaced = np.geomspace(1, updates + 1, count) - 1
    return tuple(sorted({0, updates, *(int(k) for k in np.round(spaced))}))


def _typed(batch: Batch, dtype: np.dtype) -> Batch:
    if batch.inputs.dtype == dtype:
        return batch
    targets = batch.targets if batch.targets.dtype.kind == "i" else batch.targets.astype(dtype)
    return batch._replace(inputs=batch.inputs.astype(dtype), targets=targets)
