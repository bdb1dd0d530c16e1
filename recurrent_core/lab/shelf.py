"""The shelf: where prices, tables and trained networks come from that settings only name."""

from collections.abc import Callable
from typing import NamedTuple

from recurrent_core.learn.snapshots import Snapshots, shipped
from recurrent_core.tables import Table


class Shelf(NamedTuple):
    """Three ways to what is not in the settings themselves."""

    prices: Callable[[], Table | None]  # a column for each ticker, if there are any
    table: Callable[[str], Table | None]  # by its name, "sha:" and the hash of its content, if it is kept
    snapshots: Callable[
        [str], Snapshots
    ]  # by name; raises InputError, code trained_unknown, where none are kept


def nothing(*name: str) -> None:
    """For a shelf without prices or tables."""
    return None


SHIPPED = Shelf(nothing, nothing, shipped)  # what comes along with this package
