"""Parameters with a purpose: random ones, some that do a nameable job, and those a framework starts from.

Every wiring is a function (cell, seed, input_size, units, biases, scale, recurrent) -> the cell's Params, in
float64. It finds its gates by their roles (cell.Quantity), so a new cell is wired too. Random numbers come from
the seed alone, and each matrix draws from its own child of it: no setting but seed, units and input size
changes a draw, so a slider changes what it names and nothing else.

    biases     {gate: number}; gates that the cell does not have are left out
    scale      recurrent weight scale, the largest singular value of an orthogonal U
    recurrent  "orthogonal" or "gaussian"
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from recurrent_core.arrays import split, tree_map
from recurrent_core.cell import Cell, P, affine_of

WRITTEN = ("candidate", "state")  # what is written: LSTM g, GRU n, RNN h
WRITERS = ("write", "replace")  # the gate that lets it in: LSTM i, GRU z

# Input weight from each channel, and bias, of the wirings that are written by hand, by the gate's role.
NOTEBOOK = {
    "write": ((0, 10, 0, 0), -5),  # sigmoid(10 write - 5)
    "keep": ((0, 0, 0, -10), 5),  # sigmoid(5 - 10 erase)
    "show": ((0, 0, 10, 0), -5),  # sigmoid(10 read - 5)
    "replace": ((0, 10, 0, 10), -5),  # sigmoid(10 write + 10 erase - 5)
}
COUNT = {
    "write": ((10,), -5),
    "keep": ((0,), 8),
    "show": ((0,), 8),
    "replace": ((10,), -8),
    "candidate": ((10,), 0),
    "state": ((10,), 0),
}
# (input weight, recurrent weight) of a worked example; what plays the same part has the same weights.
WORKED = {
    "write": (0.6, 0.2),
    "keep": (0.5, 0.1),
    "show": (0.8, 0.4),
    "reset": (0.5, 0.1),
    "replace": (0.6, 0.2),
    "candidate": (0.7, 0.3),
    "state": (0.7, 0.3),
}
# The order in which Keras has gates side by side: i f c o, z r h.
KERAS = ("write", "keep", "replace", "reset", "candidate", "show", "state")


def random(
    cell: Cell,
    seed: int,
    input_size: int,
    units: int,
    biases: Mapping[str, float] | None = None,
    scale: float = 1.0,
    recurrent: str = "orthogonal",
) -> NamedTuple:
    """The cell's own `init`: Glorot uniform W, orthogonal or Gaussian U times `scale`."""
    drawn = _drawn(cell, seed, input_size, units, recurrent)
    given = _of(cell, biases)
    return cell.Params._make(
        affine_of(kind, affine.W.copy(), scale * affine.U, np.full(units, given.get(gate, 0.0), dtype=float))
        for gate, kind, affine in zip(cell.gates, cell.kinds, drawn, strict=True)
    )


def write_once(
    cell: Cell,
    seed: int,
    input_size: int,
    units: int,
    biases: Mapping[str, float] | None = None,
    scale: float = 1.0,
    recurrent: str = "orthogonal",
) -> NamedTuple:
    """Random, but the first input channel writes: it opens i (GRU: z) and sets the candidate.

    Its weight is 6 into the gate of every unit and linspace(-2, 2, units) into the candidate, so that heatmap
    rows come out sorted. The RNN has no gate to open.
    """
    params = random(cell, seed, input_size, units, biases, scale, recurrent)
    for gate, affine in zip(cell.gates, params, strict=True):
        if cell.role(gate) in WRITERS:
            affine.W[0] = 6.0
        if cell.role(gate) in WRITTEN:
            affine.W[0] = np.linspace(-2, 2, units)
    return params


def notebook(cell: Cell, seed: int, input_size: int, units: int, *unused: object) -> NamedTuple:
    """A memory with commands: channels value, write, read, erase, in this order. Nothing in it is random.

        LSTM  i = sigmoid(10 write - 5), f = sigmoid(5 - 10 erase), o = sigmoid(10 read - 5),
              g = tanh(a value), U = 0
        GRU   z = sigmoid(10 write + 10 erase - 5), n = tanh(a value), U = 0: it erases by overwriting,
              and has no output gate to hide what it holds
        RNN   h = tanh(a value + h'): it keeps as well as it can, and can neither ignore, nor erase, nor hide

    with a = linspace(-2, 2, units). Channels that are missing are left out, further ones are ignored.
    """
    return _by_hand(cell, input_size, units, NOTEBOOK, np.linspace(-2, 2, units))


def count(cell: Cell, seed: int, input_size: int, units: int, *unused: object) -> NamedTuple:
    """A counter of pulses on the first channel x. Nothing in it is random.

    LSTM  i = sigmoid(10 x - 5), f = o = sigmoid(8), g = tanh(10 x), U = 0: c grows by almost 1 a pulse
    GRU   z = sigmoid(10 x - 8), n = tanh(10 x), U = 0: h is an average, so it cannot pass 1
    RNN   h = tanh(10 x + h'): squashed at every step, it cannot pass 1 either
    """
    return _by_hand(cell, input_size, units, COUNT)


def worked(cell: Cell, seed: int, input_size: int, units: int, *unused: object) -> NamedTuple:
    """Numbers that are easily followed by hand: one weight for every input, one for a unit's own past, biases 0.

    U is diagonal, so that more units are as many copies of the one, until they are edited.
    """
    return cell.Params._make(
        affine_of(kind, np.full((input_size, units), from_x), from_h * np.eye(units), np.zeros(units))
        for kind, (from_x, from_h) in (
            (kind, WORKED[cell.role(gate)]) for gate, kind in zip(cell.gates, cell.kinds, strict=True)
        )
    )


def fresh_torch(
    cell: Cell,
    seed: int,
    input_size: int,
    units: int,
    biases: Mapping[str, float] | None = None,
    *unused: object,
) -> NamedTuple:
    """PyTorch's initial parameters: W, U and two biases that add up, all uniform in +-1 / sqrt(units).

    `biases` are added to the drawn ones. The cell is ours (GRU: reset before the product, z the share of the
    new); the distribution is the same in either convention. Where a gate keeps a second bias, as in the GRU
    that resets after the product, it is the second one drawn. Source: torch.nn.RNNBase.reset_parameters.
    """
    return _shifted(cell, _fresh_torch(cell, seed, input_size, units), biases)


def fresh_keras(
    cell: Cell,
    seed: int,
    input_size: int,
    units: int,
    biases: Mapping[str, float] | None = None,
    *unused: object,
) -> NamedTuple:
    """Keras's initial parameters: Glorot uniform W, orthogonal U, biases 0 and forget bias 1.

    As in Keras each is drawn once for all gates side by side and then split: W (input, gates * units), so its
    bound is sqrt(6 / (input + gates * units)), and U (units, gates * units) with orthonormal rows, so that
    one gate's U is smaller than an orthogonal one. `biases` are added to these. The cell is ours, as above.
    Source: LSTMCell, GRUCell, SimpleRNNCell and initializers.Orthogonal of Keras 3.
    """
    return _shifted(cell, _fresh_keras(cell, seed, input_size, units), biases)


WIRINGS: dict[str, Callable[..., NamedTuple]] = {
    "write_once": write_once,
    "random": random,
    "notebook": notebook,
    "count": count,
    "worked": worked,
    "fresh_torch": fresh_torch,
    "fresh_keras": fresh_keras,
}


def parameter_count(cell: Cell, input_size: int, units: int) -> int:
    """Number of parameters: one bias per unit and gate, and what vectors a gate has beyond it."""
    return units * (len(cell.gates) * (input_size + units) + _vectors(cell))


def matched_units(cell: Cell, other: Cell, input_size: int, units: int) -> int:
    """Units with which `cell` comes nearest to the parameter count that `other` has with `units`."""
    target = parameter_count(other, input_size, units)
    linear = input_size + _vectors(cell) / len(cell.gates)  # gates * size * (size + linear) parameters
    below = max(1, int((np.hypot(linear, 2 * np.sqrt(target / len(cell.gates))) - linear) / 2))
    return min((below, below + 1), key=lambda size: abs(parameter_count(cell, input_size, size) - target))


def _vectors(cell: Cell) -> int:
    return sum(len(kind._fields) - 2 for kind in cell.kinds)


# While a slider moves only biases and scale change, so the last draws are kept, in arrays that are read-only.


@lru_cache(maxsize=64)
def _drawn(cell: Cell, seed: int, input_size: int, units: int, recurrent: str) -> NamedTuple:
    return _frozen(cell.init(np.random.default_rng(seed), input_size, units, recurrent=recurrent))


@lru_cache(maxsize=64)
def _fresh_torch(cell: Cell, seed: int, input_size: int, units: int) -> NamedTuple:
    bound = 1 / np.sqrt(units)
    shapes = ((input_size, units), (units, units), (units,), (units,))
    children = iter(np.random.default_rng(seed).spawn(len(shapes) * len(cell.gates)))
    affines = []
    for kind in cell.kinds:
        W, U, b_input, b_hidden = (next(children).uniform(-bound, bound, shape) for shape in shapes)
        apart = "b_h" in kind._fields
        affine = affine_of(kind, W, U, b_input if apart else b_input + b_hidden)
        affines.append(affine._replace(b_h=b_hidden) if apart else affine)
    return _frozen(cell.Params._make(affines))


@lru_cache(maxsize=64)
def _fresh_keras(cell: Cell, seed: int, input_size: int, units: int) -> NamedTuple:
    order = sorted(cell.gates, key=lambda gate: KERAS.index(cell.role(gate)))
    for_W, for_U = np.random.default_rng(seed).spawn(2)
    width = len(order) * units
    bound = np.sqrt(6 / (input_size + width))
    Q, R = np.linalg.qr(for_U.standard_normal((width, units)))
    W = split(for_W.uniform(-bound, bound, (input_size, width)), len(order))
    U = split((Q * np.copysign(1.0, np.diag(R))).T, len(order))
    affines = (
        affine_of(kind, W[k].copy(), U[k].copy(), np.full(units, 1.0 if cell.role(gate) == "keep" else 0.0))
        for gate, kind, k in zip(cell.gates, cell.kinds, map(order.index, cell.gates), strict=True)
    )
    return _frozen(cell.Params._make(affines))


def _frozen(params: P) -> P:
    for affine in params:
        for array in affine:
            array.flags.writeable = False
    return params


def _of(cell: Cell, biases: Mapping[str, float] | None) -> dict[str, float]:
    return {gate: bias for gate, bias in (biases or {}).items() if gate in cell.gates}


def _shifted(cell: Cell, params: P, biases: Mapping[str, float] | None) -> P:
    given = _of(cell, biases)
    copied = tree_map(np.copy, params)
    return copied._replace(**{gate: getattr(copied, gate)._replace(b=getattr(copied, gate).b + bias)
                              for gate, bias in given.items()})  # fmt: skip


def _by_hand(
    cell: Cell, input_size: int, units: int, table: Mapping, candidate: np.ndarray | None = None
) -> NamedTuple:
    """Parameters from a table of weights per channel, the same for all units; the RNN has U = 1."""

    def affine(gate: str, kind: type[NamedTuple]) -> NamedTuple:
        role = cell.role(gate)
        weights, bias = table.get(role, ((), 0))
        W = np.zeros((input_size, units))
        used = min(input_size, len(weights))
        W[:used] = np.array(weights[:used], dtype=float)[:, None]
        if candidate is not None and role in WRITTEN:
            W[0] = candidate
        U = np.eye(units) if role == "state" else np.zeros((units, units))
        return affine_of(kind, W, U, np.full(units, float(bias)))

    return cell.Params._make(map(affine, cell.gates, cell.kinds))
