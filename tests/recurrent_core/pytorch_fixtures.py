"""Numbers of PyTorch's autograd that are kept as files (fixtures/make_pytorch_fixtures.py)."""

from pathlib import Path

import numpy as np

import recurrent_core as rc

FIXTURES = Path(__file__).parent / "fixtures"


class Fixture:
    """One file of named arrays, as the types of a cell."""

    def __init__(self, cell, kind):
        with np.load(FIXTURES / f"pytorch_{cell.name}_{kind}.npz", allow_pickle=False) as arrays:
            self.arrays = dict(arrays)
        self.cell = cell

    def __getitem__(self, name):
        return self.arrays[name]

    def params(self, prefix=""):
        gates = {
            gate: kind(*(self[f"{prefix}params.{gate}.{part}"] for part in kind._fields))
            for gate, kind in zip(self.cell.gates, self.cell.kinds, strict=True)
        }
        return self.cell.Params(**gates)

    def named(self, kind, prefix):
        return kind(**{name: self[f"{prefix}.{name}"] for name in kind._fields})

    def clamps(self):
        rows = zip(self["clamps.names"], self["clamps.values"], self["clamps.places"].tolist(), strict=True)
        return [
            rc.Clamp(str(name), value, start, stop, None if unit == -1 else unit)
            for name, value, (start, stop, unit) in rows
        ]
