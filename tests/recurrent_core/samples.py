"""Small random runs, and how to compare them, for the tests of the core."""

import sys
from dataclasses import replace
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

import recurrent_core as rc

ADDING_A_CELL = Path(__file__).parents[2] / "docs" / "adding_a_cell.md"


def documented_source() -> str:
    """The file that docs/adding_a_cell.md tells its reader to write: its blocks marked as Python."""
    text = ADDING_A_CELL.read_text("utf-8")
    blocks = [block.split("```")[0] for block in text.split("```python\n")[1:]]
    return "\n".join(blocks)


def documented_module() -> ModuleType:
    """That file, run as a module of recurrent_core, so that its relative imports and pickles work."""
    module = module_from_spec(ModuleSpec("recurrent_core.documented_cell", None))
    sys.modules[module.__name__] = module
    exec(compile(documented_source(), ADDING_A_CELL, "exec"), module.__dict__)
    return module


DOCUMENTED = documented_module()
TABLE = {DOCUMENTED.MGU.name: DOCUMENTED.MGU} | rc.ALL_CELLS  # what every test of cells runs through


class Sample(NamedTuple):
    """A cell with parameters, inputs, an initial state and derivatives of a loss, all random."""

    cell: rc.Cell
    params: Any
    inputs: np.ndarray
    initial: Any
    d_h: np.ndarray
    d_final: Any

    def run(self, clamps=()):
        return rc.run(self.cell, self.params, self.inputs, self.initial, clamps)

    def loss(self, clamps=()):
        """The scalar whose derivatives are d_h and d_final."""
        recording = self.run(clamps)
        ends = (np.sum(d * end) for d, end in zip(self.d_final, recording.final, strict=True))
        return np.sum(self.d_h * recording.vectors.h) + sum(ends)

    def gradients(self, clamps=()):
        return rc.backprop(self.run(clamps), self.d_h, self.d_final)


def make_sample(cell, steps=7, batch=2, units=3, input_size=2, seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    params = cell.init(rng, input_size, units, gain=1.3, recurrent="gaussian")
    params = rc.tree_map(lambda array: (array + 0.3 * rng.standard_normal(array.shape)).astype(dtype), params)

    def normal(*shape):
        return rng.standard_normal(shape).astype(dtype)

    def state():
        return cell.State(*(normal(batch, units) for _ in cell.State._fields))

    inputs, initial = normal(steps, batch, input_size), state()
    return Sample(cell, params, inputs, initial, normal(steps, batch, units), state())


def clamps_of(cell):
    """Clamps of every vector: single units, single steps, all units, an overlap, the last step."""
    single = [rc.Clamp(name, 0.4, k, k + 3, k % 3) for k, name in enumerate(cell.Vectors._fields)]
    return (
        *single,
        rc.Clamp(cell.gates[0], 0.7, 4, 5),
        rc.Clamp("h", -0.2, 3, 4),
        rc.Clamp("h", 0.1, 3, 5, 0),
        rc.Clamp(cell.memory, 0.25, -1, None, 1),
    )


def leaves(tree):
    """All arrays of nested NamedTuples, in order."""
    found = []
    rc.tree_map(found.append, tree)
    return found


def difference(actual, expected):
    """Largest absolute difference over the largest absolute value expected, for the worst array of a tree."""
    pairs = zip(leaves(actual), leaves(expected), strict=True)
    return max(np.abs(a - b).max() / (np.abs(b).max() or 1.0) for a, b in pairs)


def preset(name: str, network: str = "lstm", **changes: Any) -> rc.Simulation:
    """A preset with some settings changed, simulated."""
    return rc.simulate(replace(rc.PRESETS[name], **changes), network)
