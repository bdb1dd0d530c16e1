"""A measured figure with what is wanted of it beside it: one line of a benchmark's end, the same in all of them."""


def at_most(what: str, measured: float, most: float, digits: int = 2) -> str:
    """Return the line of a figure that is to be small."""
    return _line(what, measured, f"{most:g} at most", measured <= most, digits)


def at_least(what: str, measured: float, least: float, digits: int = 2) -> str:
    """Return the line of a figure that is to be large."""
    return _line(what, measured, f"{least:g} at least", measured >= least, digits)


def _line(what: str, measured: float, wanted: str, reached: bool, digits: int) -> str:
    verdict = "" if reached else "   not reached"
    return f"{what:<72}{measured:>9.{digits}f}   wanted {wanted}{verdict}"
