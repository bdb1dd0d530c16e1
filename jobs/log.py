"""What was measured while networks were trained: loss, accuracy and gradient norm of every update.

The training process fills one, the server keeps another that follows it. Update k is measured on the weights that
k updates have made, before it changes them.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from recurrent_core.learn.snapshots import Curves
from recurrent_core.learn.train import Measured

WATCHED = 200  # updates of a run of which the gradient is also kept step by step

Rows = Mapping[str, np.ndarray]


def watched(updates: int) -> np.ndarray:
    """The updates whose gradient is kept step by step: evenly spread, first and last among them. (m,)"""
    return np.unique(np.linspace(0, max(updates - 1, 0), min(updates, WATCHED)).astype(np.int64))


class Log:
    """The measured numbers of a run of `updates` updates, of which the first `length` are known."""

    def __init__(self, networks: Sequence[str], updates: int):
        self.networks, self.updates = tuple(networks), updates
        self.length = 0
        self._watched = watched(updates)
        self._numbers = np.zeros((len(self.networks), 3, updates), np.float32)
        self._by_step = np.zeros((len(self.networks), len(self._watched), 0), np.float32)

    def watches(self, update: int) -> bool:
        """Whether the gradient of this update is kept step by step."""
        begin, end = self._between(update, update + 1)
        return bool(end > begin)

    def add(self, measured: Mapping[str, Measured]) -> None:
        """Note the next update, measured for each network."""
        made = [measured[network] for network in self.networks]
        rows = {"numbers": np.array([one[:3] for one in made])[:, :, None]}
        if self.watches(self.length):
            rows["by_step"] = np.array([one.by_step for one in made])[:, None]
        self.take(self.length, rows)

    def rows(self, first: int) -> dict[str, np.ndarray]:
        """All from update `first` on, for `take`: numbers (network, 3, n), by_step (network, m, time)."""
        begin, end = self._between(first, self.length)
        return {"numbers": self._numbers[:, :, first : self.length], "by_step": self._by_step[:, begin:end]}

    def take(self, first: int, rows: Rows) -> None:
        """Put in what `rows(first)` gave elsewhere, at its place.

        Raises ValueError for rows that do not fit.
        """
        numbers, by_step = rows["numbers"], rows.get("by_step")
        stop = first + numbers.shape[-1]
        begin, end = self._between(first, stop)
        if (
            numbers.shape[:2] != self._numbers.shape[:2]
            or not 0 <= first <= self.length
            or stop > self.updates
        ):
            expected = (
                f"rows {self._numbers.shape[:2]} from {self.length} or before, to {self.updates} at most"
            )
            raise ValueError(f"expected {expected}, got {numbers.shape} from {first}")
        if end > begin:
            if by_step is None or by_step.shape[:2] != (len(self.networks), end - begin):
                raise ValueError(
                    f"expected {end - begin} updates step by step, got {None if by_step is None else by_step.shape}"
                )
            if not self._by_step.shape[2]:
                self._by_step = np.zeros((*self._by_step.shape[:2], by_step.shape[2]), np.float32)
            self._by_step[:, begin:end] = by_step
        self._numbers[:, :, first:stop] = numbers
        self.length = max(self.length, stop)

    def curves(self, since: int = 0) -> dict[str, Curves]:
        """Copies of what is known from update `since` on, by network; `loss[0]` is that of `since`."""
        since = min(max(since, 0), self.length)
        begin, end = self._between(since, self.length)
        rows = self.rows(since)
        return {
            network: Curves._make(
                (*rows["numbers"][k].copy(), self._watched[begin:end], rows["by_step"][k].copy())
            )
            for k, network in enumerate(self.networks)
        }

    def take_curves(self, curves: Mapping[str, Curves]) -> None:
        """Put in what `curves()` gave. Raises ValueError as `take`."""
        given = [curves[network] for network in self.networks]
        numbers = np.array([(one.loss, one.accuracy, one.norm) for one in given])
        self.take(0, {"numbers": numbers, "by_step": np.array([one.by_step for one in given])})

    def _between(self, first: int, stop: int) -> tuple[int, int]:
        """Where the watched updates of first:stop stand."""
        begin, end = np.searchsorted(self._watched, (first, stop))
        return int(begin), int(end)
