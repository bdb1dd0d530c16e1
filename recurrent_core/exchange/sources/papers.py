"""The GRU as its papers have it: Cho et al. 2014 and Chung et al. 2014, who differ in the sign of z."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from recurrent_core.arrays import Affine, sigmoid
from recurrent_core.cell import Cell
from recurrent_core.cells.gru import GRU
from recurrent_core.exchange.converters import negate_update
from recurrent_core.exchange.sources.convention import Array, Convention, Source, parameters


def cho_gru(
    x: Array,
    h: Array,
    W_z: Array,
    U_z: Array,
    b_z: Array,
    W_r: Array,
    U_r: Array,
    b_r: Array,
    W: Array,
    U: Array,
    b: Array,
) -> Array:
    z = sigmoid(W_z @ x + U_z @ h + b_z)
    r = sigmoid(W_r @ x + U_r @ h + b_r)
    n = np.tanh(W @ x + U @ (r * h) + b)
    h = z * h + (1 - z) * n
    return h


def chung_gru(
    x: Array,
    h: Array,
    W_z: Array,
    U_z: Array,
    b_z: Array,
    W_r: Array,
    U_r: Array,
    b_r: Array,
    W: Array,
    U: Array,
    b: Array,
) -> Array:
    z = sigmoid(W_z @ x + U_z @ h + b_z)
    r = sigmoid(W_r @ x + U_r @ h + b_r)
    n = np.tanh(W @ x + U @ (r * h) + b)
    h = (1 - z) * h + z * n
    return h


_PAPER = parameters(W_z="n m", U_z="n n", b_z="n", W_r="n m", U_r="n n", b_r="n", W="n m", U="n n", b="n")


def _from_chung(arrays: Mapping[str, Array]) -> tuple[Cell, NamedTuple]:
    gates = {"r": ("W_r", "U_r", "b_r"), "z": ("W_z", "U_z", "b_z"), "n": ("W", "U", "b")}
    return GRU, GRU.Params(
        **{gate: Affine(*(np.array(arrays[name].T) for name in names)) for gate, names in gates.items()}
    )


def _from_cho(arrays: Mapping[str, Array]) -> tuple[Cell, NamedTuple]:
    cell, params = _from_chung(arrays)
    return cell, negate_update(params)


CHO = Source(
    label="Cho et al. 2014",
    reference="Learning Phrase Representations using RNN Encoder-Decoder, arXiv:1406.1078v3, eq. 5 to 8",
    networks={
        "gru": Convention(
            label="GRU",
            cell="gru",
            equations=(
                "r = σ(W_r x + U_r h' + b_r)",
                "z = σ(W_z x + U_z h' + b_z)",
                "h̃ = tanh(W x + U (r ⊙ h') + b)",
                "h = z ⊙ h' + (1 − z) ⊙ h̃",
            ),
            order=(),
            update="old",
            reset="before",
            parameters=_PAPER,
            step=cho_gru,
            convert=_from_cho,
        )
    },
)

CHUNG = Source(
    label="Chung et al. 2014",
    reference="Empirical Evaluation of Gated Recurrent Neural Networks on Sequence Modeling, arXiv:1412.3555",
    networks={
        "gru": Convention(
            label="GRU",
            cell="gru",
            equations=(
                "r = σ(W_r x + U_r h' + b_r)",
                "z = σ(W_z x + U_z h' + b_z)",
                "h̃ = tanh(W x + U (r ⊙ h') + b)",
                "h = (1 − z) ⊙ h' + z ⊙ h̃",
            ),
            order=(),
            update="new",
            reset="before",
            parameters=_PAPER,
            step=chung_gru,
            convert=_from_chung,
        )
    },
)
