"""A run opened up: every value on the way from x and the state before to the state after, and its gradient."""

from typing import Any, NamedTuple

import numpy as np

from recurrent_core.analysis.jacobians import cut_held, steps_of
from recurrent_core.arrays import Affine, sigmoid_slope, tanh_slope, tree_map
from recurrent_core.cell import Gradients
from recurrent_core.clamp import lay_out
from recurrent_core.run import Recording


class Anatomy(NamedTuple):
    """Values of all places by name, in the order of flow, each (time, unit) in float64; x is (time, input).

    LSTM  x, h_before, c_before; xW_k, hU_k, a_k, k for each gate k of i f g o; kept = f * c_before,
          written = i * g, c, squashed = tanh(c), h
    GRU   x, h_before; the same four for r and z; past = r * h_before; xW_n, pU_n = past U_n, a_n, n;
          kept = (1 - z) * h_before, written = z * n, h
    RNN   x, h_before, xW_h, hU_h, a_h, h

    where a_k = xW_k + hU_k + b_k. A clamped place has the value that it is held at; a_k is then what it would
    have come from.
    """

    values: dict[str, np.ndarray]
    gradients: dict[str, np.ndarray] | None  # dL/d(place), by the same names
    held: dict[str, np.ndarray]  # clamped vectors: bool (time, unit)


def anatomy(recording: Recording, gradients: Gradients | None = None, batch: int = 0) -> Anatomy:
    """The places of one sequence of a batch.

    With `gradients` (of `backprop`) also dL/d(place): what a small amount added there, at this step alone,
    adds to the loss, all later steps included. For the vectors of the recording that is `gradients.vectors`.
    For what enters a step, x, h_before and c_before, it is what this step sends back along the line.

    Raises ValueError for a cell other than RNN, LSTM and GRU.
    """
    cell = recording.cell
    if cell.name not in _CELLS:
        raise ValueError(f"expected a recording of {', '.join(_CELLS)}, got {cell.name}")
    forward, back = _CELLS[cell.name]
    time, _, units = recording.vectors.h.shape
    held = lay_out(recording.clamps, time, units, np.dtype(float))
    params, before, x, vectors = (
        tree_map(_double, tree) for tree in (recording.params, *steps_of(recording, batch))
    )
    with np.errstate(all="ignore"):  # a number may be too large for its type, as in `run` and `backprop`
        values = forward(params, x, before, vectors)
    places = {name: at[:, 0] for name, at in held.places.items()}
    if gradients is None:
        return Anatomy(values, None, places)
    d = tree_map(lambda array: _double(array[:, batch]), gradients.vectors)
    with np.errstate(all="ignore"):
        return Anatomy(values, back(params, values, d, lambda k, array: cut_held(held, array, k)), places)


def _double(array: np.ndarray) -> np.ndarray:
    return np.asarray(array, dtype=np.float64)


def _affine(k: str, affine: Affine, x: np.ndarray, h: np.ndarray, of_h: str = "hU") -> dict[str, np.ndarray]:
    xW, hU = x @ affine.W, h @ affine.U
    return {f"xW_{k}": xW, f"{of_h}_{k}": hU, f"a_{k}": xW + hU + affine.b}


def _affine_back(k: str, da: np.ndarray, of_h: str = "hU") -> dict[str, np.ndarray]:
    return {f"xW_{k}": da, f"{of_h}_{k}": da, f"a_{k}": da}


def _rnn(params: Any, x: np.ndarray, before: Any, v: Any) -> dict[str, np.ndarray]:
    return {"x": x, "h_before": before.h} | _affine("h", params.h, x, before.h) | {"h": v.h}


def _rnn_back(params: Any, values: dict, d: Any, cut: Any) -> dict[str, np.ndarray]:
    da = cut("h", d.h) * tanh_slope(values["a_h"])
    return {"x": da @ params.h.W.T, "h_before": da @ params.h.U.T} | _affine_back("h", da) | {"h": d.h}


def _lstm(params: Any, x: np.ndarray, before: Any, v: Any) -> dict[str, np.ndarray]:
    values = {"x": x, "h_before": before.h, "c_before": before.c}
    for k, affine in params._asdict().items():
        values |= _affine(k, affine, x, before.h) | {k: getattr(v, k)}
    kept, written = v.f * before.c, v.i * v.g
    return values | {"kept": kept, "written": written, "c": v.c, "squashed": np.tanh(v.c), "h": v.h}


def _lstm_back(params: Any, values: dict, d: Any, cut: Any) -> dict[str, np.ndarray]:
    dh_on, dc_on = cut("h", d.h), cut("c", d.c)
    slope = {"i": sigmoid_slope, "f": sigmoid_slope, "g": tanh_slope, "o": sigmoid_slope}
    da = {k: cut(k, getattr(d, k)) * slope[k](values[f"a_{k}"]) for k in params._fields}
    found = {
        "x": sum(da[k] @ affine.W.T for k, affine in params._asdict().items()),
        "h_before": sum(da[k] @ affine.U.T for k, affine in params._asdict().items()),
        "c_before": dc_on * values["f"],
    }
    for k in params._fields:
        found |= _affine_back(k, da[k]) | {k: getattr(d, k)}
    return found | {"kept": dc_on, "written": dc_on, "c": d.c, "squashed": dh_on * values["o"], "h": d.h}


def _gru(params: Any, x: np.ndarray, before: Any, v: Any) -> dict[str, np.ndarray]:
    values, past = {"x": x, "h_before": before.h}, v.r * before.h
    for k in ("r", "z"):
        values |= _affine(k, getattr(params, k), x, before.h) | {k: getattr(v, k)}
    values |= {"past": past} | _affine("n", params.n, x, past, "pU") | {"n": v.n}
    return values | {"kept": (1 - v.z) * before.h, "written": v.z * v.n, "h": v.h}


def _gru_back(params: Any, values: dict, d: Any, cut: Any) -> dict[str, np.ndarray]:
    dh_on = cut("h", d.h)
    slope = {"r": sigmoid_slope, "z": sigmoid_slope, "n": tanh_slope}
    da = {k: cut(k, getattr(d, k)) * slope[k](values[f"a_{k}"]) for k in params._fields}
    dpast = da["n"] @ params.n.U.T
    by_gates = da["r"] @ params.r.U.T + da["z"] @ params.z.U.T
    found = {
        "x": sum(da[k] @ affine.W.T for k, affine in params._asdict().items()),
        "h_before": dh_on * (1 - values["z"]) + dpast * values["r"] + by_gates,
    }
    for k in ("r", "z"):
        found |= _affine_back(k, da[k]) | {k: getattr(d, k)}
    found |= {"past": dpast} | _affine_back("n", da["n"], "pU") | {"n": d.n}
    return found | {"kept": dh_on, "written": dh_on, "h": d.h}


_CELLS = {"rnn": (_rnn, _rnn_back), "lstm": (_lstm, _lstm_back), "gru": (_gru, _gru_back)}
