"""What outlives a process, in one folder that several servers may share."""

from store.opening import Store, opened

__all__ = ["Store", "opened"]
