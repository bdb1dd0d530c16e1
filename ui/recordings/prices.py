"""The price series that comes along."""

from functools import lru_cache

import plotly.data

from recurrent_core import Table


@lru_cache(maxsize=1)
def stocks() -> Table:
    """Weekly prices of six companies, 2018 and 2019, relative to the first week, as Plotly ships them."""
    frame = plotly.data.stocks()
    names = tuple(name for name in frame.columns if name != "date")
    return Table(frame[list(names)].to_numpy(), names, tuple(map(str, frame["date"])))
