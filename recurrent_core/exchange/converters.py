"""Weights from PyTorch, Keras and ONNX into our cells and back: pure functions on arrays, none is imported.

The libraries differ from us in three ways, and each function here undoes them:

    order   they keep all gates in one matrix, each in an order of its own
    shape   PyTorch and ONNX have W (gates * unit, input) and U (gates * unit, unit); Keras, like us, transposed
    sign    their z is the share of the old, ours of the new; sigmoid(-a) = 1 - sigmoid(a), so z's weights and
            bias change sign

Two biases that only add up become one. Numbers keep their type, float32 or float64 (half precision becomes
float32), and are copies. A layer that runs backward in time has the parameters of one that runs forward: give
`run` the inputs in reverse. Sources: torch.nn.RNN, LSTM and GRU; keras.layers.SimpleRNN, LSTM and GRU; the
operators RNN, LSTM and GRU of ONNX, opset 22. All with their default activations, which no array tells.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from recurrent_core.arrays import outline, tree_map
from recurrent_core.cell import Cell, P
from recurrent_core.cells import ALL_CELLS

# Our gate letters in the order in which each library puts its blocks side by side.
TORCH = {"rnn": "h", "lstm": "ifgo", "gru_after": "rzn"}
KERAS = {"rnn": "h", "lstm": "ifgo", "gru": "zrn", "gru_after": "zrn"}
ONNX = {"rnn": "h", "lstm": "iofg", "lstm_peephole": "iofg", "gru": "zrn", "gru_after": "zrn"}
PEEPHOLES = "iof"  # ONNX's P

BY_BLOCKS = {1: "rnn", 3: "gru", 4: "lstm"}  # by the number of blocks


def negate_update(params: P) -> P:
    """The same GRU with the other sign of z: Cho et al. (2014), the share of the old, and Chung et al. (2014).

    W_z, U_z and b_z are negated, so that z becomes 1 - z. It is its own inverse.

    Raises ValueError for parameters without an update gate.
    """
    if "z" not in getattr(params, "_fields", ()):
        raise ValueError(f"expected parameters with an update gate z, got {outline(params)}")
    return params._replace(z=tree_map(np.negative, params._asdict()["z"]))


def from_torch(
    state_dict: Mapping[str, ArrayLike], layer: int = 0, reverse: bool = False, prefix: str | None = None
) -> tuple[Cell, NamedTuple]:
    """One layer of a torch.nn.RNN (tanh), LSTM or GRU, or a cell such as LSTMCell: (our cell, its params).

        cell, params = rc.from_torch(model.state_dict())
        recording = rc.run(cell, params, inputs)            # inputs (time, batch, input)

    `state_dict` maps names to tensors or to anything else that np.asarray reads: weight_ih_l0, weight_hh_l0,
    bias_ih_l0, bias_hh_l0; with _l1, ... for another `layer`, with _reverse for its `reverse` direction.
    Biases may be missing. Names may begin with a prefix, as in "encoder.weight_ih_l0"; `prefix` says which
    where there are several. What it is, shapes tell: the rows of weight_hh are 1, 3 or 4 times its columns.
    A GRU is our "gru_after". The inputs of layer 1 are the hidden states of layer 0.

    Raises ValueError for missing or ambiguous names, shapes that do not fit, and LSTMs with a projection.
    """
    if not isinstance(state_dict, Mapping):
        raise ValueError(f"expected a state_dict of names and arrays, got {type(state_dict).__name__}")
    start, end = _torch_affixes(state_dict, layer, reverse, prefix)
    if f"{start}weight_hr{end}" in state_dict:
        raise ValueError(f"expected an LSTM without projection (proj_size=0), got weight_hr{end}")
    W, U = (_find(state_dict, f"{start}{name}{end}") for name in ("weight_ih", "weight_hh"))
    layout = f"{start}weight_ih{end} (g * units, input) and {start}weight_hh{end} (g * units, units)"
    gates, units = _sizes(layout, W, U, stacked=0)
    names = [f"{start}{name}{end}" for name in ("bias_ih", "bias_hh")]
    biases = [
        _shaped(name, _find(state_dict, name), (gates * units,))
        if any(bias in state_dict for bias in names)
        else np.zeros(gates * units, W.dtype)
        for name in names
    ]
    cell = ALL_CELLS[{"gru": "gru_after"}.get(BY_BLOCKS[gates], BY_BLOCKS[gates])]
    return cell, _params(cell, TORCH[cell.name], W.T, U.T, *biases)


def to_torch(
    cell: Cell, params: NamedTuple, layer: int = 0, reverse: bool = False, prefix: str = ""
) -> dict[str, np.ndarray]:
    """The parameters of "rnn", "lstm" or "gru_after" under PyTorch's names, in its order, shapes and sign.

        model.load_state_dict({name: torch.from_numpy(a) for name, a in rc.to_torch(cell, params).items()})

    bias_hh is 0, but for the candidate of the GRU, whose second bias it holds.

    Raises ValueError for other cells: PyTorch's GRU resets after the product, and its LSTM has no peepholes.
    """
    W, U, b, b_h = _fused("PyTorch", TORCH, cell, params)
    end = f"_l{layer}" + ("_reverse" if reverse else "")
    arrays = {"weight_ih": W.T, "weight_hh": U.T, "bias_ih": b, "bias_hh": b_h}
    return {f"{prefix}{name}{end}": np.ascontiguousarray(array) for name, array in arrays.items()}


def from_keras(
    kernel: ArrayLike,
    recurrent_kernel: ArrayLike,
    bias: ArrayLike | None = None,
    reset_after: bool | None = None,
) -> tuple[Cell, NamedTuple]:
    """A keras.layers.SimpleRNN, LSTM or GRU: (our cell, its params).

        cell, params = rc.from_keras(*layer.get_weights())

    kernel (input, g * units), recurrent_kernel (units, g * units), bias (g * units,), or None with
    use_bias=False. Of a Bidirectional layer's weights the first half runs forward, the second backward. A GRU
    with reset_after=True, the default of Keras, has a bias (2, 3 * units) and is our "gru_after"; with False
    it is (3 * units,) and our "gru". So `reset_after` matters only where there is no bias; None stands for
    Keras's default.

    Raises ValueError for shapes that do not fit and for a `reset_after` that contradicts the bias.
    """
    W, U = _array("kernel", kernel), _array("recurrent_kernel", recurrent_kernel)
    layout = "kernel (input, g * units) and recurrent_kernel (units, g * units)"
    gates, units = _sizes(layout, W, U, stacked=1)
    name, one, two = BY_BLOCKS[gates], (gates * units,), (2, gates * units)
    if name == "gru":
        shapes = (one, two) if reset_after is None else (two,) if reset_after else (one,)
    elif reset_after is None:
        shapes = (one,)
    else:
        raise ValueError(f"expected reset_after with a GRU (3 blocks) only, got {gates} and {reset_after}")
    b = np.zeros(shapes[-1], W.dtype) if bias is None else _shaped("bias", _array("bias", bias), *shapes)
    cell = ALL_CELLS["gru_after" if b.shape == two else name]
    return cell, _params(cell, KERAS[cell.name], W, U, *(b if b.shape == two else (b, np.zeros_like(b))))


def to_keras(cell: Cell, params: NamedTuple) -> list[np.ndarray]:
    """[kernel, recurrent_kernel, bias] for `layer.set_weights`, in Keras's order, shapes and sign.

    "gru_after" goes into a GRU with reset_after=True, "gru" into one with reset_after=False.

    Raises ValueError for LSTMs with peepholes, which Keras has not.
    """
    W, U, b, b_h = _fused("Keras", KERAS, cell, params)
    return [W, U, np.stack([b, b_h]) if cell.name == "gru_after" else b]


def from_onnx(
    W: ArrayLike,
    R: ArrayLike,
    B: ArrayLike | None = None,
    P: ArrayLike | None = None,
    direction: int = 0,
    linear_before_reset: int = 0,
) -> tuple[Cell, NamedTuple]:
    """An RNN, LSTM or GRU operator of ONNX by its inputs: (our cell, its params).

    W (directions, g * units, input), R (directions, g * units, units), B (directions, 2 * g * units) and for
    LSTMs P (directions, 3 * units). `direction` counts from 0: of a bidirectional operator 0 is forward, 1
    reverse. With P the cell is "lstm_peephole"; a GRU is "gru", with `linear_before_reset` "gru_after".

    Raises ValueError for shapes that do not fit, a direction that is not there, peepholes of anything but an
    LSTM and linear_before_reset of anything but a GRU.
    """
    W, R = _array("W", W), _array("R", R)
    layout = "W (directions, g * units, input) and R (directions, g * units, units)"
    if W.ndim != 3 or R.ndim != 3 or len(W) != len(R):
        raise ValueError(f"expected {layout}, got {W.shape} and {R.shape}")
    if direction not in range(len(W)):
        raise ValueError(f"expected a direction from 0 to {len(W) - 1}, got {direction}")
    gates, units = _sizes(layout, W[direction], R[direction], stacked=0)
    name, directions = BY_BLOCKS[gates], len(W)
    if linear_before_reset and name != "gru":
        raise ValueError(f"expected linear_before_reset with a GRU (3 blocks) only, got {gates} blocks")
    if P is not None and name != "lstm":
        raise ValueError(f"expected peepholes P with an LSTM (4 blocks) only, got {gates} blocks")
    shape = (directions, 2 * gates * units)
    b = np.zeros(shape, W.dtype) if B is None else _shaped("B", _array("B", B), shape)
    p = None if P is None else _shaped("P", _array("P", P), (directions, 3 * units))[direction]
    cell = ALL_CELLS["gru_after" if linear_before_reset else "lstm_peephole" if P is not None else name]
    order, (b, b_h) = ONNX[cell.name], np.split(b[direction], 2)
    return cell, _params(cell, order, W[direction].T, R[direction].T, b, b_h, p)


def to_onnx(cell: Cell, *directions: NamedTuple) -> dict[str, np.ndarray]:
    """The inputs W, R, B and, with peepholes, P of ONNX's operator, from the params of one or two directions.

    The second one, where there is one, is the reverse direction. "gru_after" needs linear_before_reset=1.

    Raises ValueError for no or more than two directions.
    """
    if len(directions) not in (1, 2):
        raise ValueError(f"expected the params of one or two directions, got {len(directions)}")
    fused = [_fused("ONNX", ONNX, cell, params) for params in directions]
    arrays = {
        "W": [W.T for W, _, _, _ in fused],
        "R": [U.T for _, U, _, _ in fused],
        "B": [np.concatenate([b, b_h]) for _, _, b, b_h in fused],
    }
    if cell.name == "lstm_peephole":
        arrays["P"] = [np.concatenate([getattr(p, gate).p for gate in PEEPHOLES]) for p in directions]
    return {name: np.stack(each) for name, each in arrays.items()}


def _params(
    cell: Cell,
    order: str,
    W: np.ndarray,
    U: np.ndarray,
    b: np.ndarray,
    b_h: np.ndarray,
    peepholes: np.ndarray | None = None,
) -> NamedTuple:
    """Our params from blocks side by side: W (input, g * unit), U (unit, g * unit), two biases, ONNX's P."""
    blocks = zip(*(np.split(array, len(order), axis=-1) for array in (W, U, b, b_h)), strict=True)
    further = {} if peepholes is None else dict(zip(PEEPHOLES, np.split(peepholes, 3), strict=True))
    gates = {}
    for gate, (W_gate, U_gate, b_gate, b_h_gate) in zip(order, blocks, strict=True):
        kind = cell.kinds[cell.gates.index(gate)]
        if "b_h" in kind._fields:
            vectors = (b_gate, b_h_gate)
        else:
            vectors = (b_gate + b_h_gate, *([further[gate]] if "p" in kind._fields else ()))
        gates[gate] = kind._make(np.array(array, order="C") for array in (W_gate, U_gate, *vectors))
    params = cell.Params(**gates)
    return negate_update(params) if "z" in gates else params


def _fused(library: str, orders: Mapping[str, str], cell: Cell, params: NamedTuple) -> tuple[np.ndarray, ...]:
    """The inverse: W, U, b and b_h with a library's blocks side by side and its sign of z."""
    if cell.name not in orders:
        raise ValueError(f"expected {_either(orders)} for {library}, got {cell.name}")
    if getattr(params, "_fields", None) != cell.gates:
        raise ValueError(f"expected params of {', '.join(cell.gates)}, got {outline(params)}")
    gates = [getattr(negate_update(params) if "z" in cell.gates else params, g) for g in orders[cell.name]]
    W, U, b = (np.concatenate([getattr(gate, part) for gate in gates], axis=-1) for part in "WUb")
    b_h = np.concatenate([getattr(gate, "b_h", np.zeros_like(gate.b)) for gate in gates])
    return W, U, b, b_h


def _torch_affixes(
    state_dict: Mapping[str, ArrayLike], layer: int, reverse: bool, prefix: str | None
) -> tuple[str, str]:
    """What stands before and after "weight_ih" in the name of the layer that is meant."""
    end = f"_l{layer}" + ("_reverse" if reverse else "")
    ends = (end, "") if (layer, reverse) == (0, False) else (end,)  # a single cell has no _l0
    found = [
        (name.removesuffix(f"weight_ih{end}"), end)
        for end in ends
        for name in map(str, state_dict)
        if name.endswith(f"weight_ih{end}")
    ]
    wanted = f"{prefix}." if prefix and not prefix.endswith(".") else prefix
    chosen = [affixes for affixes in found if wanted in (None, affixes[0])]
    if not chosen:
        raise ValueError(
            f"expected the name {wanted or ''}weight_ih{end}, "
            f"got {', '.join(map(str, state_dict)) or 'none':.200}"
        )
    if len(chosen) > 1:
        starts = ", ".join(repr(start) for start, _ in chosen)
        raise ValueError(f"expected a prefix that names one of several layers, got {prefix!r} for {starts}")
    return chosen[0]


def _find(state_dict: Mapping[str, ArrayLike], name: str) -> np.ndarray:
    if name not in state_dict:
        raise ValueError(f"expected the name {name}, got {', '.join(map(str, state_dict)):.200}")
    return _array(name, state_dict[name])


def _array(name: str, value: ArrayLike) -> np.ndarray:
    """Numbers of a tensor or of anything that NumPy reads; float32 stays, half precision becomes float32."""
    for step in ("detach", "cpu"):  # a tensor that a gradient is wanted of, or on another device
        value = getattr(value, step, lambda value=value: value)()
    try:
        array = np.asarray(value)
    except (TypeError, ValueError, RuntimeError) as error:
        raise ValueError(
            f"expected {name} as an array, got {type(value).__name__}, unreadable: {error}"
        ) from error
    if array.dtype.kind not in "fiu":
        raise ValueError(f"expected {name} as real numbers, got an array of {array.dtype}")
    return array.astype(np.float32 if array.dtype.kind == "f" and array.itemsize <= 4 else np.float64)


def _shaped(name: str, array: np.ndarray, *shapes: tuple[int, ...]) -> np.ndarray:
    if array.shape not in shapes:
        raise ValueError(f"expected {name} with shape {_either(shapes)}, got {array.shape}")
    return array


def _sizes(layout: str, W: np.ndarray, U: np.ndarray, stacked: int) -> tuple[int, int]:
    """Number of blocks and of units, from matrices whose blocks are stacked along one of two axes."""
    if W.ndim == U.ndim == 2 and W.shape[stacked] == U.shape[stacked] and W.size and U.size:
        units = U.shape[1 - stacked]
        gates, rest = divmod(U.shape[stacked], units)
        if gates in BY_BLOCKS and not rest:
            return gates, units
    raise ValueError(f"expected {layout}, g being 1 (RNN), 3 (GRU) or 4 (LSTM), got {W.shape} and {U.shape}")


def _either(choices: Sequence | Mapping) -> str:
    return " or ".join(str(choice) for choice in choices)
