"""Trained parameters at several updates, in and out as files of the container, and those that come along.

A file holds the address of the experiment that made it and, for each network, one flat row of numbers per
snapshot. Whoever reads one trusts nothing in it: names, types, shapes and sizes are checked, and what does not fit
raises InputError.
"""

from collections.abc import Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from recurrent_core.arrays import tree_map
from recurrent_core.cell import Cell, affine_of
from recurrent_core.cells import CELLS
from recurrent_core.container import Exact, TooLarge, deflate, inflate
from recurrent_core.learn import npz
from recurrent_core.learn.tasks import TASKS
from recurrent_core.tables import InputError

FOLDER = Path(__file__).parent / "shipped"
ENDING = ".pack"
MAX_BYTES = 100_000_000  # of a file, and of the arrays in it
MAX_SNAPSHOTS, MAX_CURVE, MAX_SIZE, MAX_QUERY = 100, 100_000, 512, 20_000
KIND = "snapshots"


class Readout(NamedTuple):
    """The affine map from the hidden state to the answers, h @ W + b."""

    W: np.ndarray  # (unit, output)
    b: np.ndarray  # (output,)


class Model(NamedTuple):
    """A recurrent network with its readout."""

    params: NamedTuple  # the cell's Params
    readout: Readout


class Curves(NamedTuple):
    """What was measured in training, one number an update; `by_step` at the updates in `watched` only."""

    loss: np.ndarray  # (update,)
    accuracy: np.ndarray  # (update,)
    norm: np.ndarray  # (update,) of the gradient before clipping
    watched: np.ndarray  # (watched,) numbers of updates
    by_step: np.ndarray  # (watched, time) norm of dL/d(memory)


class History(NamedTuple):
    """One network's training: its sizes, its weights at some updates, and what the next update needs."""

    sizes: tuple[int, int, int]  # inputs, units, outputs
    updates: np.ndarray  # (snapshot,) rising
    weights: np.ndarray  # (snapshot, parameter), each a flat Model
    first: np.ndarray  # (parameter,) Adam's moments at the last snapshot, or (0,) where they were left out
    second: np.ndarray
    curves: Curves

    def __repr__(self) -> str:
        inputs, units, outputs = self.sizes
        return f"History({len(self.updates)} snapshots of {inputs} inputs, {units} units, {outputs} outputs)"


class Snapshots(NamedTuple):
    """What a training run left: the query of its experiment and a History for each network by name."""

    query: str
    networks: Mapping[str, History]

    def __repr__(self) -> str:
        return f"Snapshots({', '.join(self.networks)})"


@lru_cache(maxsize=64)
def model_like(cell: Cell, inputs: int, units: int, outputs: int) -> Model:
    """A model of these sizes, all zeros, which are read-only and take no memory."""
    zeros = partial(np.broadcast_to, np.zeros(()))
    affines = (affine_of(k, zeros((inputs, units)), zeros((units, units)), zeros(units)) for k in cell.kinds)
    return Model(cell.Params._make(affines), Readout(zeros((units, outputs)), zeros(outputs)))


def flatten(model: Model) -> np.ndarray:
    """All numbers of a model as one array (parameter,): gate by gate W, U, b, then the readout."""
    return np.concatenate([array.ravel() for affine in (*model.params, model.readout) for array in affine])


def unflatten(weights: np.ndarray, like: Model) -> Model:
    """The model whose `flatten` is `weights`, as views, with the shapes of `like`."""
    at = 0

    def take(array: np.ndarray) -> np.ndarray:
        nonlocal at
        at += array.size
        return weights[at - array.size : at].reshape(array.shape)

    return tree_map(take, like)


def parameters(cell: Cell, inputs: int, units: int, outputs: int) -> int:
    """Numbers in a model of these sizes."""
    model = model_like(cell, inputs, units, outputs)
    return sum(array.size for affine in (*model.params, model.readout) for array in affine)


def at_update(snapshots: Snapshots, network: str, update: int) -> int:
    """Index of the last snapshot of a network at or before an update. Raises InputError as `history_of`."""
    history = history_of(snapshots, network)
    return max(0, int(np.searchsorted(history.updates, update, side="right")) - 1)


def model_of(snapshots: Snapshots, network: str, update: int) -> Model:
    """A network as it was at an update, in float64. Raises InputError as `at_update`."""
    index = at_update(snapshots, network, update)
    history = snapshots.networks[network]
    return unflatten(history.weights[index].astype(np.float64), model_like(CELLS[network], *history.sizes))


def history_of(snapshots: Snapshots, network: str) -> History:
    """A network's training. Raises InputError, code trained_network, where the network was not trained."""
    if network not in snapshots.networks:
        message = "Expected a network of {choices}, got {got}, which was not trained: choose one of them."
        networks = tuple(snapshots.networks)
        raise InputError("trained_network", message, field="network", choices=networks, got=network)
    return snapshots.networks[network]


@lru_cache(maxsize=len(TASKS))
def shipped(name: str) -> Snapshots:
    """The snapshots that come with this package, by the name of their task.

    Raises InputError, code trained_unknown, for any other name.
    """
    if name not in TASKS:
        raise unknown(name)
    return load((FOLDER / f"{name}{ENDING}").read_bytes())


def unknown(name: str) -> InputError:
    """What to raise where nothing is kept under a name."""
    message = "Expected the name of a trained network, got {got}, which is not kept here: train it or choose another."
    return InputError("trained_unknown", message, got=name[:40])


# Files


def save(snapshots: Snapshots, dtype: type = np.float32) -> bytes:
    """The snapshots as a file, compressed; `dtype` is of all but moments and `by_step`, which stay float32."""
    return deflate({"kind": KIND, "query": snapshots.query, "networks": {
        network: {"sizes": list(history.sizes)} | {
            name: Exact(np.asarray(array).astype(_kind(name, dtype))) for name, array in _arrays(history).items()
        } for network, history in snapshots.networks.items()
    }})  # fmt: skip


def load(data: bytes) -> Snapshots:
    """The snapshots in the bytes of a file, in float32, from whomever it came; .npz files of old are read too.

    Raises InputError: code snapshots_large beyond MAX_BYTES, packed or unpacked; snapshots_format for anything
    else that is not what `save` writes.
    """
    try:
        message = npz.read(data, MAX_BYTES) if data.startswith(npz.MAGIC) else inflate(data, MAX_BYTES)
        query, networks = message.get("query"), message.get("networks")
        if message.get("kind") != KIND or not isinstance(query, str) or len(query) > MAX_QUERY:
            raise ValueError("no snapshots, or a query too long")
        if not isinstance(networks, dict) or not networks.keys() <= CELLS.keys():
            raise ValueError("unknown networks")
        histories = {
            network: _checked(network, networks[network]) for network in CELLS if network in networks
        }
    except TooLarge as error:
        text = "Expected a file of at most {limit} bytes, got {count}: choose another file."
        raise InputError("snapshots_large", text, limit=MAX_BYTES, count=error.size) from error
    except ValueError as error:
        text = "Expected a file of trained networks that was saved here, got something else: choose another file."
        raise InputError("snapshots_format", text) from error
    return Snapshots(query, histories)


_WHOLE, _COARSE = ("updates", "watched"), ("weights", "loss", "accuracy", "norm")
_ARRAYS = (*History._fields[1:-1], *Curves._fields)


def _arrays(history: History) -> dict[str, np.ndarray]:
    found = history._asdict() | history.curves._asdict()
    return {name: found[name] for name in _ARRAYS}


def _kind(name: str, dtype: type) -> type:
    return np.int64 if name in _WHOLE else dtype if name in _COARSE else np.float32


def _checked(network: str, found: object) -> History:
    """One network's sizes and arrays, all there and all of the shapes that its sizes ask for."""
    if not isinstance(found, dict) or found.keys() != {"sizes", *_ARRAYS}:
        raise ValueError("unknown or missing arrays")
    sizes, arrays = found["sizes"], {name: found[name] for name in _ARRAYS}
    if not isinstance(sizes, list) or len(sizes) != 3:
        raise ValueError("no sizes")
    if not all(type(size) is int and 0 < size <= MAX_SIZE for size in sizes):
        raise ValueError("sizes out of range")
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray) or array.dtype.kind != ("i" if name in _WHOLE else "f"):
            raise ValueError("no arrays, or numbers of the wrong kind")
        if not array.ndim:
            raise ValueError("numbers in the place of arrays")
    count = parameters(CELLS[network], *sizes)
    snapshots, updates, watched = (len(arrays[name]) for name in ("updates", "loss", "watched"))
    moments = arrays["first"].size and count
    shapes = {
        "updates": (snapshots,), "weights": (snapshots, count),
        "first": (moments,), "second": (moments,), "loss": (updates,),
        "accuracy": (updates,), "norm": (updates,), "watched": (watched,),
        "by_step": (watched, *arrays["by_step"].shape[1:2]),
    }  # fmt: skip
    if any(arrays[name].shape != shape for name, shape in shapes.items()):
        raise ValueError("shapes that do not fit the sizes")
    if not 0 < snapshots <= MAX_SNAPSHOTS or updates > MAX_CURVE or watched > MAX_CURVE:
        raise ValueError("too many or no snapshots")
    for name in ("updates", "watched"):
        rising = arrays[name]
        if rising.size and (rising[0] < 0 or not (np.diff(rising) > 0).all() or rising[-1] > MAX_CURVE):
            raise ValueError("updates that do not rise")
    whole = {name: array if name in _WHOLE else array.astype(np.float32) for name, array in arrays.items()}
    curves = Curves(*(whole[name] for name in Curves._fields))
    return History._make((tuple(sizes), *(whole[name] for name in History._fields[1:-1]), curves))
