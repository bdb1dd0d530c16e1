"""The words of the questions about gradients: why, which directions, which steps, what to do.

Pure functions of a Text and core values, as in `ui.words`.
"""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from figures.curves import Curve
from recurrent_core import CELLS, Experiment, Gradients, Simulation, analysis
from recurrent_core.analysis.contributions import Contributions, clip_by_norm, global_norm
from recurrent_core.analysis.horizon import chrono_biases, horizon_biases, time_constants
from recurrent_core.analysis.products import Products, largest_singular_value
from recurrent_core.analysis.routes import RouteShares
from recurrent_core.lab.experiment import FRESH
from recurrent_core.lab.wiring import parameter_count
from ui.words.numbers import factor, from_log10, percent, power, relative_size, size, steps, whole
from ui.words.sentences import BY_HAND, Row
from ui.words.text import Text

VANISHED = 0.01  # a smaller share of the last step's signal is said to vanish
EXPLODED = 10.0  # a larger one to explode
LAST = 10  # steps at the end whose share of dL/dU is said
FORGETFUL = 0.9  # a larger share means that the steps before teach next to nothing
ROUNDING = 1e-12  # what is left of a difference of equals, as a share of them


# Why


def routes_sentence(t: Text, experiment: Experiment, shares: RouteShares) -> str:
    """How much of the gradient came back along the memory itself. `shares` hold the distance alone."""
    network, distance = experiment.network, int(shares.distances[0])
    if math.isnan(shares.cell[0]):
        return t("why.nothing", network=t.choice("network", network), distance=distance)
    rest = float(shares.rest[0]) if shares.rest[0] > ROUNDING else 0.0
    cell = relative_size(t, float(shares.cell[0]))
    return t(f"why.routes_{network}", distance=distance, cell=cell, rest=relative_size(t, rest))


def bound_sentence(t: Text, network: str, total: float, U: np.ndarray, distance: int, bound: float) -> str:
    """The bound of a network without gates against what really happens, log10 of both at `distance`."""
    eta = largest_singular_value(U)
    said = t(
        f"why.{network}",
        distance=distance,
        bound=from_log10(t, bound),
        eta=size(t, eta),
        total=from_log10(t, total),
    )
    verdict = "keeps" if math.isclose(eta, 1) else "shrinks" if eta < 1 else "grows"
    return f"{said} {t(f'why.{network}_{verdict}')}"


def routes_note(t: Text, experiment: Experiment, count: int, time: int) -> str:
    """What the curves are, and where not all distances are computed."""
    return _spaced(t, t(f"why.note_{experiment.network}"), count, time)


def _spaced(t: Text, note: str, count: int, time: int) -> str:
    return note if count == time else f"{note} {t('why.spaced', count=count)}"


# Which directions


def directions_sentence(t: Text, network: str, found: Products, distance: int) -> str:
    """The largest, median and smallest singular value that is resolved at a distance among `found`."""
    logs = found.log10[list(found.distances).index(distance)]
    values = np.sort(logs[np.isfinite(logs)])[::-1]
    said = {"network": t.choice("network", network), "distance": distance}
    if not values.size:
        return t("directions.nothing", **said)
    said |= {"count": logs.size, "largest": from_log10(t, float(values[0]))}
    if values.size == 1:
        return t("directions.one", **said)
    said |= {
        "median": from_log10(t, float(np.median(values))),
        "smallest": from_log10(t, float(values[-1])),
    }
    if values.size == logs.size:
        return t("directions.sentence", **said)
    return t("directions.part", resolved=values.size, **said)


def directions_note(t: Text, network: str, found: Products, shown: int, time: int) -> str:
    """What a line is, and which are left out."""
    count = found.log10.shape[1]
    parts = [t("directions.note_states" if len(CELLS[network].State._fields) > 1 else "directions.note_h")]
    if np.isnan(found.log10).any():
        parts.append(t("directions.unresolved"))
    if shown < count:
        parts.append(t("directions.every", count=count, shown=shown))
    return _spaced(t, " ".join(parts), len(found.distances), time)


# Which steps


def steps_sentence(t: Text, found: Mapping[str, Contributions]) -> str:
    """Shares of the last steps and of the first half in the sum of all contributions to dL/dU, per network."""
    time = len(next(iter(found.values())).norms)
    half, shares = time // 2, {name: late_and_early(c) for name, c in found.items()}
    values = [
        t("steps.nothing", network=t.choice("network", name))
        if math.isnan(last)
        else t(
            "steps.value", network=t.choice("network", name), last=percent(t, last), first=percent(t, first)
        )
        for name, (last, first) in shares.items()
    ]
    said = t("steps.sentence", last=min(LAST, time), steps=time, half=half, values=t.join(values))
    forgetful = [t.choice("network", name) for name, (last, _) in shares.items() if last > FORGETFUL]
    if time <= 2 * LAST or not forgetful:
        return said
    return f"{said} {t('steps.verdict', networks=t.join(forgetful))}"


def late_and_early(found: Contributions) -> tuple[float, float]:
    """Shares of the last LAST steps and of the first half; NaN where no step contributes."""
    share = np.insert(found.share, 0, 0.0 * found.share[-1])
    time = len(found.share)
    return float(share[-1] - share[time - min(LAST, time)]), float(share[time // 2])


# What to do


def remedy_sentence(
    t: Text, experiment: Experiment, network: str, horizon: int, curves: Sequence[Curve]
) -> str:
    """Predicted and measured at the horizon, or at the first step where the input is shorter."""
    distance = min(horizon, len(curves[0].log10) - 1)
    values = {curve.network: from_log10(t, float(curve.log10[-1 - distance])) for curve in curves}
    bias = abs(next(iter(horizon_biases(CELLS[network], horizon).values())))
    parts = [
        t(
            f"remedy.{network}",
            horizon=steps(t, horizon),
            bias=size(t, bias),
            distance=distance,
            **values,
        )
    ]
    parts += [t(f"remedy.{experiment.network}")] if experiment.network != network else []
    parts += [t("remedy.by_hand")] if experiment.wiring in BY_HAND else []
    parts += [t("remedy.fresh")] if experiment.wiring in FRESH else []
    return " ".join(parts)


def trap(t: Text, network: str, units: int, horizon: int, rng: Callable[[], np.random.Generator]) -> str:
    """Time constants of chrono biases, drawn as they should be, and for two bias vectors that add up.

    `rng` gives the generator anew, so that the first draws are those of the curve.
    """
    longest = []
    for draws in (1, 2):
        drawn = chrono_biases(CELLS[network], rng(), units, horizon, draws)
        longest.append(float(time_constants(np.abs(next(iter(drawn.values())))).max()))
    return t("remedy.trap", once=steps(t, longest[0]), twice=steps(t, longest[1]))


def clip_rows(
    t: Text, simulations: Sequence[Simulation], gradients: Sequence[Gradients], threshold: float
) -> tuple[Row, ...]:
    """A row a network: the norm of the gradient of all parameters before and after clipping, and the factor."""
    rows = []
    for simulation, found in zip(simulations, gradients, strict=True):
        cell, before = simulation.recording.cell, global_norm(found.params)
        if math.isfinite(before):
            after = global_norm(clip_by_norm(found.params, threshold))
            shrunk = factor(t, after / before if before else 1.0)
            text = t("remedy.clip", before=_norm(t, before), after=_norm(t, after), factor=shrunk)
        else:
            text = t("remedy.clip_none")
        rows.append(Row(f"@{cell.name}", cell.label, text))
    return tuple(rows)


def _norm(t: Text, value: float) -> str:
    return power(t, value) if value and not 1e-3 <= value < 1e4 else size(t, round(value, 9))


def gradients_sentence(
    t: Text, curves: Mapping[str, np.ndarray], distance: int, axis: str = "relative"
) -> str:
    """The sentence above the gradient curves, absolute norms (time,) by network: what is left of the learning
    signal `distance` steps back, who vanishes and who explodes."""
    available = min(len(curve) for curve in curves.values()) - 1
    chosen = min(distance, available)
    shares = {name: float(analysis.back(analysis.relative(curve), chosen)) for name, curve in curves.items()}
    relative = axis == "relative"
    values = [
        _reading(t, name, curve, shares[name], chosen, relative=relative) for name, curve in curves.items()
    ]
    reading = "gradients.reading" if relative else "gradients.reading_absolute"
    parts = [t(reading, distance=chosen, values=t.join(values))]
    parts += _verdicts(t, {name: share for name, share in shares.items() if not math.isnan(share)})
    if chosen < distance:
        parts.append(t("gradients.short", available=available))
    return " ".join(parts)


def _reading(t: Text, name: str, curve: np.ndarray, share: float, distance: int, *, relative: bool) -> str:
    network, leaves = t.choice("network", name), analysis.log_range(curve)
    if math.isnan(share):
        return t("gradients.no_signal", network=network)
    if leaves.overflow is not None and math.isinf(share):
        return t("gradients.overflow", network=network, step=leaves.overflow + 1)
    if leaves.underflow is not None and share == 0:
        key = "gradients.underflow" if leaves.low < -290 else "gradients.cut"
        return t(key, network=network, step=leaves.underflow + 1)
    if relative:
        return t("gradients.value", network=network, value=relative_size(t, share))
    last, there = size(t, float(curve[-1])), size(t, float(analysis.back(curve, distance)))
    return t("gradients.value_absolute", network=network, last=last, value=there)


def _verdicts(t: Text, shares: Mapping[str, float]) -> list[str]:
    groups: dict[str, list[str]] = {}
    for name, share in shares.items():
        verdict = "vanish" if share < VANISHED else "explode" if share > EXPLODED else "hold"
        groups.setdefault(verdict, []).append(t.choice("network", name))
    if len(groups) == 1 and len(shares) > 1:
        return [t(f"gradients.all_{verdict}") for verdict in groups]
    return [
        t(f"gradients.{verdict}", networks=t.join(groups[verdict]))
        for verdict in ("vanish", "explode", "hold")
        if verdict in groups
    ]


def curve_factor(t: Text, curve: np.ndarray, distance: int | None = None) -> str:
    """What stands at a curve's end: "× 0.80 per step", over `distance` steps back (None: all)."""
    return t("gradients.per_step", factor=factor(t, analysis.per_step_factor(curve, distance).per_step))


def parameters(t: Text, simulation: Simulation) -> str:
    """Units and number of parameters of a network."""
    cell, units = simulation.recording.cell, simulation.recording.final.h.shape[-1]
    count = parameter_count(cell, simulation.recording.inputs.shape[-1], units)
    return t("gradients.parameters", network=cell.label, units=units, count=whole(count))


def network_rows(t: Text, simulations: Sequence[Simulation]) -> tuple[Row, ...]:
    """A row a network: how many units and parameters it has."""
    return tuple(
        Row(f"@{s.recording.cell.name}", s.recording.cell.label, parameters(t, s)) for s in simulations
    )


def gradients_note(t: Text, curve: str, seeds: int, *, settled: bool) -> str:
    """What a curve is, what the filled band is, and what the hidden curve does. `curve` names the vector."""
    hidden = [t("gradients.hidden_curve")] if curve == "hidden" else []
    band = t("gradients.band" if settled else "gradients.band_waiting", count=seeds)
    return " ".join([t("gradients.what"), band, *hidden])
