"""What Home says: how much of what was written each network still holds."""

from collections.abc import Iterable, Mapping

from recurrent_core import Simulation, analysis
from ui.words.numbers import relative_size, size, steps
from ui.words.sentences import LATER
from ui.words.text import Text


def home_sentence(t: Text, simulations: Iterable[Simulation]) -> str:
    """How much of what was written each network still holds, some steps later and at the end."""
    simulations = tuple(simulations)
    curves = {s.recording.cell.name: analysis.memory_size(s.recording)[:, 0] for s in simulations}
    quiet = analysis.lull(simulations[0].signal.inputs)
    if quiet is None:
        return t("home.busy", values=_by_network(t, {name: size(t, c[-1]) for name, c in curves.items()}))
    start, stop = quiet
    later, end = min(LATER, stop - 1 - start), stop - 1 - start

    def left(after: int) -> str:
        shares = {name: analysis.left_after(curve, start, after) for name, curve in curves.items()}
        return _by_network(t, {name: relative_size(t, share) for name, share in shares.items()})

    return t(
        "home.holds",
        step=start + 1,
        later=steps(t, later),
        values=left(later),
        last_step=stop,
        last=left(end),
    )


def _by_network(t: Text, values: Mapping[str, str]) -> str:
    return t.join([t("home.value", network=t.choice("network", n), value=v) for n, v in values.items()])
