"""What a convention is: equations, order and shapes of the parameters, and one step, as one source has them."""

import inspect
from collections.abc import Callable, Mapping
from textwrap import dedent
from typing import NamedTuple

import numpy as np

from recurrent_core.cell import Cell

Array = np.ndarray


class Parameter(NamedTuple):
    """One array of a layer. `dims` are the lengths of its axes in words: "3n" is 3 * units, "m" the input."""

    name: str
    dims: tuple[str, ...]

    def shape(self, input_size: int, units: int) -> tuple[int, ...]:
        sizes = {"m": input_size, "n": units}
        return tuple(
            int(dim.rstrip("mn") or 1) * sizes.get(dim[-1], 1)  # "2", "n", "3n", "m"
            for dim in self.dims
        )


class Convention(NamedTuple):
    """One network as one source has it."""

    label: str  # as the source calls it: "GRU, reset_after=True"
    cell: str  # the name in ALL_CELLS of our cell that gives the same h with converted parameters
    equations: tuple[str, ...]
    order: tuple[str, ...]  # the source's gate letters as they stand in one matrix; () where each has its own
    update: str  # what z is the share of, "new" or "old"; "" without z
    reset: str  # "before" or "after" the product with the recurrent matrix; "" without r
    parameters: tuple[Parameter, ...]
    # (x, h, **parameters) or (x, h, c, **parameters) -> the new h, or h and c
    step: Callable[..., Array | tuple[Array, Array]]
    # parameters by name -> our cell, its params
    convert: Callable[[Mapping[str, Array]], tuple[Cell, NamedTuple]]

    @property
    def code(self) -> str:
        """The lines of `step`, without its head and its return."""
        lines = inspect.getsource(self.step).splitlines()
        head = next(place for place, line in enumerate(lines) if line.endswith(":"))
        body = [line for line in lines[head + 1 :] if not line.startswith("    return")]
        return dedent("\n".join(body))

    def parameter_count(self, input_size: int, units: int) -> int:
        """Number of parameters."""
        return sum(int(np.prod(p.shape(input_size, units))) for p in self.parameters)


class Source(NamedTuple):
    """A paper or a library, and the networks it has."""

    label: str
    reference: str
    networks: dict[str, Convention]  # by "rnn", "lstm", "gru", and further variants of these


def parameters(**dims: str) -> tuple[Parameter, ...]:
    """Parameters by name, in this order, from the lengths of their axes: W="4n m"."""
    return tuple(Parameter(name, tuple(text.split())) for name, text in dims.items())
