"""Published numbers and closed formulas that this package must reproduce, each computed anew when it is asked for.

FACTS is one table for two readers: the page that shows it and the tests that run it. What is expected comes from
outside the code that is checked: a paper, a formula solved by hand, another library, or an independent
implementation with draws of its own, which is why its numbers are medians over seeds and come with a range.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any, NamedTuple

import numpy as np

from recurrent_core import analysis
from recurrent_core.analysis import one_unit
from recurrent_core.analysis.contributions import clip_by_norm, step_gradients
from recurrent_core.analysis.horizon import chrono_biases, horizon_biases, time_constants
from recurrent_core.analysis.jacobians import state_jacobians
from recurrent_core.analysis.products import jacobian_products
from recurrent_core.analysis.routes import RouteShares, route_shares, routes
from recurrent_core.arrays import Affine, sigmoid, tree_map
from recurrent_core.cells.gru import GRU
from recurrent_core.cells.gru_after import GRU_AFTER
from recurrent_core.cells.lstm import LSTM
from recurrent_core.cells.rnn import RNN
from recurrent_core.clamp import Clamp
from recurrent_core.exchange.converters import from_keras, from_onnx, from_torch, negate_update
from recurrent_core.exchange.sources import SOURCES
from recurrent_core.lab.experiment import PRESETS, Experiment, learning_signal, simulate
from recurrent_core.lab.wiring import WIRINGS
from recurrent_core.run import Recording, backprop, run

SEEDS = 11
GROUPS = (
    "keeping",
    "writing",
    "vanishing",
    "theorem",
    "routes",
    "starting",
    "conventions",
    "worked",
    "tasks",
)


class Expected(NamedTuple):
    """The value that the source states, None where it states a range, and the lowest and highest that pass."""

    value: float | None
    low: float
    high: float


def about(value: float, tolerance: float) -> Expected:
    """value - tolerance to value + tolerance."""
    return Expected(value, value - tolerance, value + tolerance)


def within(value: float, factor: float) -> Expected:
    """value / factor to value * factor: for what differs from seed to seed by factors."""
    return Expected(value, value / factor, value * factor)


def between(low: float, high: float) -> Expected:
    """A source that states a range."""
    return Expected(None, low, high)


class Fact(NamedTuple):
    """One claim that can fail: `compute(given)` lies within `expected`, and `compute(wrong)` does not.

    `wrong` is `given` with one thing changed, of the kind that a mistake would change: a bias, a sign, an
    order, a factor left out. The tests hold every fact against it.
    """

    name: str  # of its texts
    group: str  # one of GROUPS
    source: str  # where `expected` comes from: a name of a text
    expected: Expected
    compute: Callable[[Any], float]
    given: Any
    wrong: Any
    page: str = ""  # that shows it: "gates", "gradients", "conventions" or "step"
    experiment: Experiment | None = None  # its settings there; of several seeds the first


class Checked(NamedTuple):
    """What came out, and whether it lies within what is expected."""

    value: float
    passed: bool


def check(fact: Fact) -> Checked:
    """Compute a fact now. A NaN does not pass."""
    value = float(fact.compute(fact.given))
    return Checked(value, fact.expected.low <= value <= fact.expected.high)


# Numbers of an Experiment


def over_seeds(number: Callable[[Experiment], float], count: int = SEEDS) -> Callable[[Experiment], float]:
    """The median of a number over the experiment's seed and the `count` - 1 after it."""

    def median(experiment: Experiment) -> float:
        return np.median([number(replace(experiment, seed=experiment.seed + k)) for k in range(count)])

    return median


@lru_cache(maxsize=64)
def _curve(experiment: Experiment) -> np.ndarray:
    """Norm of the gradient by the memory at each step (time,)."""
    simulation = simulate(experiment)
    gradient = getattr(learning_signal(simulation).vectors, simulation.recording.cell.memory)
    return analysis.norms(gradient)[:, 0]


def reach(experiment: Experiment) -> float:
    """The gradient `distance` steps back, relative to the last step."""
    return analysis.back(analysis.relative(_curve(experiment)), experiment.distance)


def start(experiment: Experiment) -> float:
    """The gradient at the last step, absolute: where the curve starts on its way back."""
    return _curve(experiment)[-1]


def factor(experiment: Experiment) -> float:
    """The gradient's mean factor per step back."""
    return analysis.per_step_factor(_curve(experiment), experiment.distance).per_step


def unevenness(experiment: Experiment) -> float:
    """Largest difference of a relative gradient from 1 after the write."""
    return np.abs(analysis.relative(_curve(experiment))[experiment.pulse_at + 1 :] - 1).max()


def size(experiment: Experiment) -> float:
    """Mean absolute memory at the time cursor."""
    return analysis.memory_size(simulate(experiment).recording)[experiment.cursor, 0]


def largest(experiment: Experiment, name: str) -> float:
    """Largest absolute value over units of a vector at the time cursor."""
    return np.abs(getattr(simulate(experiment).recording.vectors, name)[experiment.cursor]).max()


def left(experiment: Experiment) -> float:
    """Share of the memory at the write that is left at the time cursor."""
    memory = analysis.memory_size(simulate(experiment).recording)[:, 0]
    return memory[experiment.cursor] / memory[experiment.pulse_at]


def forget_gate(experiment: Experiment) -> float:
    """Mean forget gate at the last step."""
    return simulate(experiment).recording.vectors.f[-1].mean()


def seen_half_life(experiment: Experiment) -> float:
    """Steps until half of what was written is left."""
    return analysis.seen_half_life(analysis.memory_size(simulate(experiment).recording)[:, 0]).steps


def time_constant(experiment: Experiment) -> float:
    """1 / (1 - f) at the last step."""
    return analysis.time_constant(simulate(experiment).recording.vectors.f[-1]).mean()


def first_pulse_left(experiment: Experiment) -> float:
    """Share of the first pulse just after the second."""
    recording = simulate(experiment).recording
    return analysis.pulse_share(recording, experiment.pulse_at, experiment.second_at).after


def shown(experiment: Experiment) -> float:
    """Mean absolute hidden state at the time cursor."""
    return np.abs(simulate(experiment).recording.vectors.h[experiment.cursor]).mean()


def lottery(experiment: Experiment) -> float:
    """log10 of the ratio of the best to the worst of the seeds' gradients."""
    reaches = [reach(replace(experiment, seed=seed)) for seed in range(SEEDS)]
    return np.log10(max(reaches) / min(reaches))


def cell_route(experiment: Experiment) -> float:
    """Share of the gradient `distance` steps back that came along the product of the forget gates."""
    simulation = simulate(experiment)
    shares: RouteShares = route_shares(
        simulation.recording, learning_signal(simulation), [experiment.distance]
    )
    return shares.cell[0]


def taught_by_the_last_ten(experiment: Experiment) -> float:
    """Norm of what the last 10 steps give to dL/dU, as a share of the whole."""
    simulation = simulate(experiment)
    steps = step_gradients(simulation.recording, learning_signal(simulation))
    return np.linalg.norm(steps[-10:].sum(axis=0)) / np.linalg.norm(steps.sum(axis=0))


def tanh_slope_at_the_end(experiment: Experiment) -> float:
    """Mean of 1 - tanh(c)^2 at the last step, 4 exp(-2 |c|) for a c as large as here."""
    return (4 * np.exp(-2 * np.abs(simulate(experiment).recording.vectors.c[-1]))).mean()


# Numbers of a theorem


class Theorem(NamedTuple):
    """h = tanh(x + h U), U = scale * orthogonal, noise of standard deviation .1, h_0 = 0, 32 units."""

    scale: float
    steps: int


def rnn_jacobian(theorem: Theorem) -> float:
    """Largest singular value of dh_T/dh_0, median over seeds."""
    values = []
    for seed in range(SEEDS):
        (affine,) = RNN.init(np.random.default_rng(seed), 32, 32, gain=theorem.scale)
        noise = 0.1 * np.random.default_rng((seed, 1)).standard_normal((theorem.steps, 1, 32))
        recording = run(RNN, RNN.Params(affine._replace(W=np.eye(32))), noise)
        values.append(jacobian_products(state_jacobians(recording), [theorem.steps]).log10[0, 0])
    return 10 ** np.median(values)


def steepest(w: float) -> float:
    """The bias at which E after 50 steps is steepest, looked for in -4..-2."""
    b = np.linspace(-4, -2, 20001)
    return b[np.nanargmax(np.abs(one_unit.error(np.full_like(b, w), b).by_b))]


def fold(w: float, which: str) -> float:
    """The bias at which two fixed points meet, the "low" or the "high" one; NaN where none do."""
    found = one_unit.folds(w)
    return np.nan if found is None else getattr(found, which)


def fixed_points(b: float) -> float:
    """How many there are with w = 5."""
    return len(one_unit.fixed_points(5.0, b))


def clipping_error(clip: Callable[[np.ndarray, float], np.ndarray]) -> float:
    """Largest difference from (.6, -.8), which is (3, -4) clipped to norm 1."""
    return np.abs(clip(np.array([3.0, -4.0]), 1.0) - [0.6, -0.8]).max()


def four_terms(recording: Recording, t: int, terms: str = "ifg") -> np.ndarray:
    """dc_t/dc_(t-1) with o_(t-1) held, longhand, acting on columns; `terms` are those that pass a gate."""
    i, f, g, o, c, _ = (vector[:, 0] for vector in recording.vectors)
    local = {"i": g * i * (1 - i), "f": np.roll(c, 1, axis=0) * f * (1 - f), "g": i * (1 - g**2)}
    passed = sum(local[gate][t][:, None] * getattr(recording.params, gate).U.T for gate in terms)
    return np.diag(f[t]) + passed * (o[t - 1] * (1 - np.tanh(c[t - 1]) ** 2))


def missed_in_one_step(terms: str) -> float:
    """Largest difference of backpropagation through one step from the longhand Jacobian, relative."""
    recording = simulate(PRESETS["noise"]).recording
    dc = np.linspace(-1, 1, recording.vectors.c.shape[-1])
    grads = backprop(recording, d_final=LSTM.State(None, dc[None]))
    return np.abs(dc @ four_terms(recording, -1, terms) / grads.vectors.c[-2, 0] - 1).max()


def by_state(recording: Recording) -> float:
    """Norm of dc_T/dc_(T-30) from the Jacobians of h and c together."""
    return 10 ** routes(recording, [30]).total[0]


def by_four_terms(recording: Recording) -> float:
    """The same from products of one-step derivatives of c alone, which is the mistake."""
    product = np.eye(recording.vectors.c.shape[-1])
    for t in range(1, 31):
        product = product @ four_terms(recording, -t)
    return np.linalg.norm(product, 2)


def thirty_steps(product: Callable[[Recording], float]) -> float:
    """Norm of dc_T/dc_(T-30) from a product of Jacobians, relative to what backpropagation gives."""
    recording = simulate(replace(PRESETS["noise"], memory=0.0, input_bias=0.0, scale=1.5)).recording
    units = recording.vectors.c.shape[-1]
    copies = run(LSTM, recording.params, np.repeat(recording.inputs, units, axis=1))
    total = backprop(copies, d_final=LSTM.State(None, np.eye(units))).vectors.c[-31]
    return product(recording) / np.linalg.norm(total, 2)


# Numbers of an initialisation


class Chrono(NamedTuple):
    """Chrono initialisation of many units for a longest horizon, drawn once or, by mistake, twice."""

    longest: float
    draws: int = 1


def _time_constants(chrono: Chrono) -> np.ndarray:
    rng = np.random.default_rng(0)
    return time_constants(chrono_biases(LSTM, rng, 20_000, chrono.longest, chrono.draws)["f"])


def mean_time_constant(chrono: Chrono) -> float:
    return _time_constants(chrono).mean()


def largest_time_constant(chrono: Chrono) -> float:
    return _time_constants(chrono).max()


def median_half_life(chrono: Chrono) -> float:
    return np.median(analysis.half_life(1 - 1 / _time_constants(chrono)))


def half_life_of_mean_gate(chrono: Chrono) -> float:
    return analysis.half_life((1 - 1 / _time_constants(chrono)).mean())


def recurrent_energy(wiring: str) -> float:
    """Mean over the LSTM's gates of |U|^2 / units: 1 for an orthogonal U."""
    params = WIRINGS[wiring](LSTM, 0, 1, 16)
    return np.mean([np.square(affine.U).sum() / len(affine.U) for affine in params])


# Numbers of a convention. Other libraries ran layers of 2 inputs and 3 units over three steps, with the
# number sin(k + j) in place k of array j: k from 0 in rows, j from 1.

STEPS_IN = np.array([[1.0, -0.5], [0.25, 2.0], [-1.5, 0.75]])


def by_formula(*shapes: tuple[int, ...]) -> list[np.ndarray]:
    """Arrays of these shapes, filled as said above."""
    return [np.sin(np.arange(np.prod(shape)) + j).reshape(shape) for j, shape in enumerate(shapes, start=1)]


def last_hidden(layer: tuple[Any, Any]) -> float:
    """The first unit's hidden state after the last step, from a converter's (cell, params)."""
    return run(*layer, STEPS_IN[:, None]).vectors.h[-1, 0, 0]


def _torch_layer(gates: int) -> tuple[Any, Any]:
    rows = 3 * gates
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    return from_torch(dict(zip(names, by_formula((rows, 2), (rows, 3), (rows,), (rows,)), strict=True)))


def _keras_layer(gates: int, biases: int = 1) -> tuple[Any, Any]:
    columns = 3 * gates
    return from_keras(*by_formula((2, columns), (3, columns), (2, columns) if biases == 2 else (columns,)))


def _onnx_layer(gates: int, peepholes: bool = False, **settings: int) -> tuple[Any, Any]:
    shapes = [(1, 3 * gates, 2), (1, 3 * gates, 3), (1, 6 * gates)] + [(1, 9)] * peepholes
    return from_onnx(*by_formula(*shapes), **settings)


def _swapped(layer: tuple[Any, Any], one: str, other: str) -> tuple[Any, Any]:
    """Two gates in the wrong order."""
    cell, params = layer
    return cell, params._replace(**{one: getattr(params, other), other: getattr(params, one)})


def _sign_forgotten(layer: tuple[Any, Any]) -> tuple[Any, Any]:
    """z taken as the share of the new where it is that of the old."""
    cell, params = layer
    return cell, negate_update(params)


def _as_reset_before(layer: tuple[Any, Any]) -> tuple[Any, Any]:
    """The reset before the product, its two candidate biases added up."""
    _, (r, z, n) = layer
    return GRU, GRU.Params(r, z, Affine(n.W, n.U, n.b + n.b_h))


def _paper_arrays() -> dict[str, np.ndarray]:
    names = ("W_z", "U_z", "b_z", "W_r", "U_r", "b_r", "W", "U", "b")
    return dict(zip(names, by_formula(*[(3, 2), (3, 3), (3,)] * 3), strict=True))


def cho_against_chung(sign: int) -> float:
    """Largest difference of Cho's GRU from Chung's with the update gate's parameters times `sign`."""
    arrays = _paper_arrays()
    turned = {name: sign * array if name.endswith("_z") else array for name, array in arrays.items()}
    cho = chung = np.zeros(3)
    differences = []
    for x in STEPS_IN:
        cho = SOURCES["cho"].networks["gru"].step(x, cho, **arrays)
        chung = SOURCES["chung"].networks["gru"].step(x, chung, **turned)
        differences.append(np.abs(cho - chung).max())
    return max(differences)


def reset_order(U: np.ndarray) -> float:
    """Largest difference of the reset before the product from that after it, b_h = 0, with U for the candidate."""
    cell, params = SOURCES["chung"].networks["gru"].convert(_paper_arrays())
    before = params._replace(n=params.n._replace(U=U))
    n = GRU_AFTER.Params.__annotations__["n"](*before.n, np.zeros(3))
    after = GRU_AFTER.Params(before.r, before.z, n)
    inputs = STEPS_IN[:, None]
    return np.abs(run(cell, before, inputs).vectors.h - run(GRU_AFTER, after, inputs).vectors.h).max()


def parameters(layer: tuple[str, str]) -> float:
    """Parameters of a source's network with 10 inputs and 20 units."""
    source, network = layer
    return SOURCES[source].networks[network].count(10, 20)


# The worked example: one unit, (input weight, recurrent weight) of each gate, biases 0, x = 1, 2, 3.

WORKED = {"i": (0.6, 0.2), "f": (0.5, 0.1), "g": (0.7, 0.3), "o": (0.8, 0.4)}
SWAPPED = WORKED | {"i": WORKED["f"], "f": WORKED["i"]}
NO_RECURRENCE = {gate: (w, 0.0) for gate, (w, _) in WORKED.items()}
SHOWN_IS_LET_IN = WORKED | {"i": WORKED["o"], "o": WORKED["i"]}


def worked(weights: Mapping[str, tuple[float, float]], name: str, step: int) -> float:
    """A vector of the worked example at a step."""
    params = LSTM.Params(
        **{gate: Affine(np.array([[w]]), np.array([[u]]), np.zeros(1)) for gate, (w, u) in weights.items()}
    )
    return getattr(run(LSTM, params, np.array([1.0, 2, 3]).reshape(3, 1, 1)).vectors, name)[step, 0, 0]


def first(name: str) -> Callable[[Mapping], float]:
    return partial(worked, name=name, step=0)


def third(name: str) -> Callable[[Mapping], float]:
    return partial(worked, name=name, step=2)


# Tasks


def adding_baseline(answer: float) -> float:
    """Mean squared error of always giving one answer, on sums of two uniform numbers."""
    return np.square(np.random.default_rng(0).uniform(size=(400_000, 2)).sum(axis=1) - answer).mean()


def copy_baseline(steps: int) -> float:
    """Mean -ln p of one who knows the copy task but none of the 10 symbols, 8 kinds, that end T + 20 steps."""
    p = np.ones(steps + 20)
    p[-10:] = 1 / 8
    return -np.log(p).mean()


def small_share(one_minus: Callable[[np.ndarray], np.ndarray]) -> float:
    """What a gate of pre-activation 40 loses per step."""
    return one_minus(np.array(40.0))


def saturated(experiment: Experiment) -> float:
    """Largest absolute hidden state from 5 steps after the pulse on."""
    return np.abs(simulate(experiment).recording.vectors.h[experiment.pulse_at + 5 :]).max()


def by_value(gradient: np.ndarray, threshold: float) -> np.ndarray:
    """Clip each entry by itself, which turns the gradient."""
    return np.clip(gradient, -threshold, threshold)


DEFAULT, NOISE = PRESETS["write_once"], PRESETS["noise"]
# After the pulse nothing but the bias moves f, and nothing but f moves c.
LONE = replace(DEFAULT, scale=0.0, clamps=(Clamp("i", 0.0, 6),))
_CLOSED = (Clamp("o", 0.0, 10, 40),)
_TORCH = PRESETS["fresh_torch"]
_LN49 = float(np.log(49))
_CHRONO = replace(_TORCH, memory=_LN49, input_bias=-_LN49)
_BY_GATE = replace(NOISE, scale=1.0, forget_bias=1.0, update_bias=0.0, input_bias=0.0)
_median_reach = over_seeds(reach)


def _keeps(bias: float, steps: int = 0) -> Experiment:
    """A lone forget gate, looked at some steps after the write."""
    return replace(LONE, memory=bias, cursor=LONE.pulse_at + steps)


def _at(step: int, preset: str = "write_once", **changes: Any) -> Experiment:
    return replace(PRESETS[preset], cursor=step, **changes)


def _gates(name, group, source, expected, compute, given, **wrong) -> Fact:
    return Fact(name, group, source, expected, compute, given, replace(given, **wrong), "gates", given)


def _gradients(name, group, expected, given, compute=_median_reach, source="medians", **wrong) -> Fact:
    return Fact(name, group, source, expected, compute, given, replace(given, **wrong), "gradients", given)


def _parity(name, source, network, expected, given, wrong, compute=last_hidden) -> Fact:
    opened = Experiment(source=source if source in SOURCES else name, of=network)
    return Fact(name, "conventions", source, expected, compute, given, wrong, "conventions", opened)


def _worked(name, expected, compute, wrong, step) -> Fact:
    opened = replace(PRESETS["worked_example"], cursor=step)
    return Fact(f"worked_{name}", "worked", "course", expected, compute, WORKED, wrong, "step", opened)


def _rnn(experiment: Experiment) -> Experiment:
    return replace(experiment, network="rnn")


def _gru(experiment: Experiment) -> Experiment:
    return replace(experiment, network="gru")


_KEEPING = (
    _gates("gate", "keeping", "sigmoid", about(0.9526, 6e-5), forget_gate, _keeps(3.0), memory=2.9),
    _gates("ten_steps_1", "keeping", "power", about(0.0436, 6e-5), left, _keeps(1.0, 10), memory=1.1),
    _gates("fifty_steps_3", "keeping", "power", about(0.0881, 6e-5), left, _keeps(3.0, 50), memory=3.1),
    _gates("fifty_steps_5", "keeping", "power", about(0.715, 6e-4), left, _keeps(5.0, 50), memory=4.9),
    _gates("half_life_3", "keeping", "half_life", about(14.27, 6e-3), seen_half_life, _keeps(3.0), memory=3.1),
    _gates("time_constant_5", "keeping", "time_constant", about(149.4, 0.06), time_constant, _keeps(5.0), memory=5.1),
    _gates("horizon_100", "keeping", "tallec", about(0.3660, 6e-5), left,
           replace(_keeps(horizon_biases(LSTM, 100)["f"], 100), steps=120), memory=float(np.log(100))),
    Fact("small_share", "keeping", "tail", about(4.248354e-18, 1e-23), small_share, lambda a: sigmoid(-a),
         lambda a: 1 - sigmoid(a)),
)  # fmt: skip

_WRITING = (
    _gates("kept_lstm", "writing", "medians", about(0.40, 0.04), over_seeds(size), _at(15), memory=2.0),
    _gates("kept_gru", "writing", "medians", about(0.39, 0.04), over_seeds(size), _at(15, network="gru"), memory=2.0),
    _gates("seen_half_life", "writing", "medians", about(14, 2.8), over_seeds(seen_half_life), DEFAULT, memory=2.0),
    _gates("half_open", "writing", "medians", about(0.16, 0.006), over_seeds(size),
           _at(7, clamps=(Clamp("f", 0.5),)), clamps=()),
    _gates("shut_once", "writing", "medians", within(0.007, 1.5), over_seeds(size),
           _at(30, memory=5.0, clamps=(Clamp("f", 0.0, 30, 31),)), clamps=()),
    _gates("hidden_not_erased", "writing", "medians", about(0.51, 0.02), over_seeds(size),
           _at(39, memory=5.0, clamps=_CLOSED), clamps=(Clamp("f", 0.0, 10, 40),)),
    _gates("shown_again", "writing", "medians", about(0.23, 0.01), over_seeds(shown),
           _at(40, memory=5.0, clamps=_CLOSED), memory=4.0),
    _gates("reset_does_not_erase", "writing", "medians", about(0.37, 0.04), over_seeds(size),
           _at(15, network="gru", scale=0.3, clamps=(Clamp("r", 0.0),)), clamps=(Clamp("z", 1.0),)),
    _gates("notebook_written", "writing", "independent", about(0.97, 0.03), partial(largest, name="c"),
           _at(8, "notebook"), clamps=(Clamp("i", 0.5, 8, 9),)),
    _gates("notebook_ignored", "writing", "independent", about(0.87, 0.03), partial(largest, name="c"),
           _at(20, "notebook"), clamps=(Clamp("i", 0.5, 20, 21),)),
    _gates("notebook_read", "writing", "independent", about(0.66, 0.03), partial(largest, name="h"),
           _at(30, "notebook"), clamps=(Clamp("o", 0.5, 30, 31),)),
    _gates("notebook_erased", "writing", "independent", between(0, 0.01), partial(largest, name="c"),
           _at(40, "notebook"), clamps=(Clamp("f", 0.1, 40, 41),)),
    _gates("carousel", "writing", "carousel", about(1, 0), left, _at(59, "remember"),
           clamps=(Clamp("f", 1 - 1e-12, 6), Clamp("i", 0.0, 6))),
    _gates("one_step", "writing", "medians", between(0, 0.02), over_seeds(left), _at(6, "forget"), memory=-3.0),
    _gates("second_lstm", "writing", "medians", about(0.26, 0.04), over_seeds(first_pulse_left),
           PRESETS["second_pulse"], network="gru"),
    _gates("second_gru", "writing", "medians", about(0.05, 0.04), over_seeds(first_pulse_left),
           replace(PRESETS["second_pulse"], network="gru", compare="lstm"), network="lstm"),
    _gates("count_lstm", "writing", "independent", about(10.8, 0.05), partial(largest, name="c"),
           _at(59, "count"), period=6),
    _gates("count_gru", "writing", "independent", between(0.9, 1), partial(largest, name="h"),
           replace(_at(59, "count"), network="gru", compare="lstm"), clamps=(Clamp("n", 0.5),)),
    _gates("full", "writing", "independent", about(29, 1), size, _at(199, "full_cell"), memory=6.0),
    _gates("full_slope", "writing", "independent", within(6e-9, 1.6), tanh_slope_at_the_end,
           _at(199, "full_cell"), memory=6.0),
)  # fmt: skip

_VANISHING = (
    _gradients("rnn", "vanishing", within(1.3e-5, 1.1), _rnn(DEFAULT), scale=0.85),
    _gradients("rnn_factor", "vanishing", about(0.8, 0.01), _rnn(DEFAULT), over_seeds(factor), scale=0.85),
    Fact("rnn_unsaturated", "vanishing", "saturation", between(0, 0.9), over_seeds(saturated), _rnn(DEFAULT),
         replace(_rnn(DEFAULT), candidate_bias=2.0), "gates", _rnn(DEFAULT)),
    _gradients("lstm_0", "vanishing", within(2.9e-15, 1.6), PRESETS["lstm_vanishes"], memory=0.1),
    _gradients("lstm_3", "vanishing", Expected(0.13, 0.09, 0.17), DEFAULT, memory=3.5),
    _gradients("gru_3", "vanishing", Expected(0.13, 0.10, 0.23), _gru(DEFAULT), memory=2.5),
    _gradients("lstm_5", "vanishing", within(0.85, 1.25), replace(DEFAULT, memory=5.0), memory=4.0),
    _gradients("carousel_gradient", "vanishing", about(0, 0), PRESETS["remember"], unevenness,
               "carousel", clamps=(Clamp("f", 1 - 1e-12, 6), Clamp("i", 0.0, 6), Clamp("o", 1.0, 6))),
    _gradients("rnn_keeps", "vanishing", within(0.28, 1.4), PRESETS["rnn_keeps"], scale=0.95),
    _gradients("gaussian", "vanishing", about(6.4, 1.5), replace(_rnn(DEFAULT), recurrent="gaussian", scale=1.0),
               lottery, recurrent="orthogonal"),
    _gradients("noise_rnn", "vanishing", Expected(7e-9, 1e-9, 2e-7), _rnn(NOISE), scale=1.0),
    _gradients("noise_lstm", "vanishing", within(0.12, 2), NOISE, memory=2.0),
    _gradients("above_one", "vanishing", within(6e-4, 3), replace(_rnn(NOISE), scale=1.1), scale=1.5),
    _gradients("exploding", "vanishing", Expected(60, 20, 500), PRESETS["exploding_rnn"], scale=1.5),
    _gradients("lstm_grows", "vanishing", Expected(35, 4, 350), PRESETS["lstm_grows"], input_bias=-3.0),
    _gradients("full_start", "vanishing", within(5e-9, 2.5), PRESETS["full_cell"], start, "independent",
               scale=0.6),
    _gradients("bias_1", "vanishing", about(0.47, 0.04), replace(NOISE, input_bias=0.0, memory=1.0, axis="absolute"),
               over_seeds(start), memory=3.0),
    _gradients("bias_3", "vanishing", about(0.22, 0.04), replace(NOISE, input_bias=0.0, memory=3.0, axis="absolute"),
               over_seeds(start), memory=1.0),
)  # fmt: skip

_THEOREM = (
    Fact("decay_10", "theorem", "pascanu_7", between(0.29, 0.33), rnn_jacobian, Theorem(0.9, 10), Theorem(0.95, 10)),
    Fact("decay_50", "theorem", "pascanu_7", between(1.1e-3, 1.9e-3), rnn_jacobian, Theorem(0.9, 50),
         Theorem(0.95, 50)),
    Fact("no_explosion", "theorem", "pascanu_6", between(0.88, 3.5), rnn_jacobian, Theorem(1.1, 50),
         Theorem(1.3, 50)),
    Fact("wall_5", "theorem", "pascanu_fig_6", about(-2.6123, 2e-4), steepest, 5.0, 5.01),
    Fact("fold_low", "theorem", "pascanu_fig_3", about(-2.65561, 6e-6), partial(fold, which="low"), 5.0, 5.001),
    Fact("fold_high", "theorem", "pascanu_fig_3", about(-2.34439, 6e-6), partial(fold, which="high"), 5.0, 5.001),
    Fact("three_points", "theorem", "pascanu_fig_3", about(3, 0), fixed_points, -2.5, -2.7),
    Fact("clipping", "theorem", "pascanu_clip", about(0, 1e-15), clipping_error, clip_by_norm, by_value),
)  # fmt: skip

_ROUTES = (
    Fact("one_step_jacobian", "routes", "four_terms", about(0, 1e-10), missed_in_one_step, "ifg", "if"),
    Fact("thirty_steps", "routes", "chain_rule", about(1, 1e-9), thirty_steps, by_state, by_four_terms),
    _gradients("route_3", "routes", within(0.68, 1.2), replace(DEFAULT, tab="why"), over_seeds(cell_route), memory=1.0),
    _gradients("route_1", "routes", within(0.49, 1.3), replace(DEFAULT, memory=1.0, tab="why"), over_seeds(cell_route),
               memory=3.0),
    _gradients("last_ten_rnn", "routes", about(0.98, 0.03), replace(_rnn(NOISE), tab="steps"),
               over_seeds(taught_by_the_last_ten), scale=1.3),
    _gradients("last_ten_lstm", "routes", about(0.43, 0.04), replace(NOISE, tab="steps"),
               over_seeds(taught_by_the_last_ten), memory=1.0),
)  # fmt: skip

_STARTING = (
    Fact("chrono_mean", "starting", "tallec_mean", about(51, 1), mean_time_constant, Chrono(100), Chrono(100, 2)),
    Fact("chrono_twice", "starting", "tallec_twice", between(2000, 9802), largest_time_constant, Chrono(100, 2),
         Chrono(100)),
    Fact("median_unit", "starting", "median_unit", about(35.0, 0.7), median_half_life, Chrono(100), Chrono(100, 2)),
    Fact("mean_gate", "starting", "mean_gate", about(17.0, 0.35), half_life_of_mean_gate, Chrono(100), Chrono(200)),
    _gradients("chrono_torch", "starting", Expected(0.363, 0.32, 0.47), _CHRONO, input_bias=0.0),
    _gradients("fresh_torch", "starting", within(1e-10, 2), _TORCH, memory=1.0),
    _gradients("fresh_torch_gru", "starting", within(1e-10, 2), _gru(_TORCH), memory=1.0),
    _gradients("fresh_torch_bias", "starting", within(9e-5, 2), replace(_TORCH, memory=1.0), memory=0.0),
    _gradients("by_gate_lstm", "starting", within(0.011, 2), _BY_GATE, forget_bias=0.0),
    _gradients("by_gate_gru", "starting", within(3e-8, 2), _gru(_BY_GATE), update_bias=-1.0),
    Fact("fused_kernel", "starting", "keras_orthogonal", about(0.25, 1e-12), recurrent_energy, "fresh_keras",
         "random"),
)  # fmt: skip

_CONVENTIONS = (
    _parity("cho", "cho_chung", "gru", about(0, 1e-15), -1, 1, cho_against_chung),
    Fact("reset_order", "conventions", "commutes", about(0, 1e-15), reset_order, np.diag([0.5, -1.0, 2.0]),
         np.roll(np.diag([0.5, -1.0, 2.0]), 1, axis=0)),
    _parity("torch_rnn", "pytorch", "rnn", about(0.2540732371844744, 1e-9), _torch_layer(1),
            (RNN, tree_map(np.negative, _torch_layer(1)[1]))),
    _parity("torch_lstm", "pytorch", "lstm", about(0.20158967198958716, 1e-9), _torch_layer(4),
            _swapped(_torch_layer(4), "f", "i")),
    _parity("torch_gru", "pytorch", "gru", about(0.21243774185095365, 1e-9), _torch_layer(3),
            _sign_forgotten(_torch_layer(3))),
    _parity("keras_lstm", "keras", "lstm", about(0.16338048602821095, 1e-9), _keras_layer(4),
            _swapped(_keras_layer(4), "g", "o")),
    _parity("keras_gru", "keras", "gru", about(-0.8268861150699395, 1e-9), _keras_layer(3, 2),
            _as_reset_before(_keras_layer(3, 2))),
    _parity("keras_gru_before", "keras", "gru_before", about(-0.4714803, 1e-7), _keras_layer(3),
            _swapped(_keras_layer(3), "z", "r")),
    _parity("onnx_lstm", "onnx", "lstm", about(-0.15501550939833386, 1e-9), _onnx_layer(4),
            _swapped(_onnx_layer(4), "o", "f")),
    _parity("onnx_peepholes", "onnx", "lstm_peephole", about(-0.11752171522389546, 1e-9),
            _onnx_layer(4, peepholes=True), _onnx_layer(4)),
    _parity("onnx_gru", "onnx", "gru", about(-0.23276016244412742, 1e-9), _onnx_layer(3),
            _onnx_layer(3, linear_before_reset=1)),
    Fact("torch_count", "conventions", "counted", about(2560, 0), parameters, ("pytorch", "lstm"), ("keras", "lstm")),
    Fact("keras_count", "conventions", "counted", about(2480, 0), parameters, ("keras", "lstm"), ("pytorch", "lstm")),
    Fact("gru_count", "conventions", "counted", about(1920, 0), parameters, ("pytorch", "gru"),
         ("keras", "gru_before")),
    Fact("before_count", "conventions", "counted", about(1860, 0), parameters, ("keras", "gru_before"),
         ("keras", "gru")),
)  # fmt: skip

_WORKED = (
    _worked("f1", about(0.6225, 6e-5), first("f"), SWAPPED, 0),
    _worked("i1", about(0.6457, 6e-5), first("i"), SWAPPED, 0),
    _worked("c1", about(0.3902, 6e-5), first("c"), SHOWN_IS_LET_IN, 0),
    _worked("h1", about(0.2564, 6e-5), first("h"), SHOWN_IS_LET_IN, 0),
    _worked("c3", about(1.6721, 6e-5), third("c"), NO_RECURRENCE, 2),
    _worked("h3", about(0.8707, 6e-5), third("h"), NO_RECURRENCE, 2),
)

_TASKS = (
    Fact("adding", "tasks", "variance", about(1 / 6, 1e-3), adding_baseline, 1.0, 0.95),
    Fact("copy", "tasks", "copy_formula", about(0.0400, 6e-5), copy_baseline, 500, 490),
)

FACTS: tuple[Fact, ...] = (
    *_KEEPING, *_WRITING, *_VANISHING, *_THEOREM, *_ROUTES, *_STARTING, *_CONVENTIONS, *_WORKED, *_TASKS,
)  # fmt: skip
