"""The app's shelf: prices as Plotly ships them, readers' tables, and trained networks by name."""

import jobs
import store
from recurrent_core import Shelf, Table
from recurrent_core.learn.snapshots import Snapshots, shipped
from recurrent_core.learn.tasks import TASKS
from ui.recordings.prices import stocks


def table(name: str) -> Table | None:
    """A reader's table, if it is still kept."""
    return store.opened().tables.find(name)


def snapshots(name: str) -> Snapshots:
    """Those that come along, named after their task, and those that readers train here.

    Raises InputError, code trained_unknown, where none are kept.
    """
    return shipped(name) if name in TASKS else jobs.office().find(name)


SHELF = Shelf(stocks, table, snapshots)
