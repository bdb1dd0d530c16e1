"""What a cell is: a value that holds pure functions and types, filled by one file for each cell."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Generic, Literal, NamedTuple, Protocol, TypeVar, get_type_hints

import numpy as np

from recurrent_core.arrays import leaves, outline
from recurrent_core.clamp import Held

# A cell's types: NamedTuples. Where the cell is chosen at run time they are left out: `Cell`, `Recording`.
P = TypeVar("P", bound=NamedTuple)  # Params
S = TypeVar("S", bound=NamedTuple)  # State
V = TypeVar("V", bound=NamedTuple)  # Vectors
G = TypeVar("G", bound=NamedTuple)  # a gate's parameters: Affine, or what begins like it
T_contra = TypeVar("T_contra", contravariant=True)
S_contra = TypeVar("S_contra", bound=NamedTuple, contravariant=True)
T_co = TypeVar("T_co", covariant=True)

Arrays = tuple[np.ndarray, ...]
# By the vectors, the parameters, the inputs and the initial state: Gradients without their types.
Derivatives = tuple[Arrays, tuple[Arrays, ...], np.ndarray, Arrays]

Role = Literal["keep", "write", "replace", "reset", "candidate", "show", "state"]
# Gates, those that decide about the memory first.
GATES: tuple[Role, ...] = ("keep", "replace", "write", "show", "reset")
KEEPERS: tuple[Role, ...] = ("keep", "replace")  # those that say how much of the memory stays


class Quantity(NamedTuple):
    """How one recorded vector is called in words, the range in which it is drawn, and what it is for.

    keep       gate: share of the old memory that stays
    write      gate: share of the candidate that is let in
    replace    gate that does both: share of the new; what is left to 1 stays
    reset      gate: share of the past that the candidate uses
    candidate  what could be written
    show       gate: share of the memory that is shown
    state      carried from step to step; in a cell without a candidate it is what is written as well
    """

    name: str  # the letter that it has in Vectors
    label: str
    low: float
    high: float
    role: Role
    bounded: bool = True  # False where a value may leave low..high


class Place(NamedTuple):
    """One number on the way through a step, and what it is made of (see cells.graph)."""

    name: str  # a vector's own name, or "xW_f", "kept"
    operation: str  # a name in cells.graph.OPERATIONS
    inputs: tuple[str, ...]  # earlier places, what the step is given (x, h_before), parameters ("f.W")


class Gradients(NamedTuple, Generic[P, S, V]):
    """Derivatives of a loss, in the types of what they are derivatives of."""

    vectors: V  # total derivative by each vector at each step (time, batch, unit)
    params: P  # summed over steps and batch
    inputs: np.ndarray  # (time, batch, input)
    initial: S  # (batch, unit)

    def __repr__(self) -> str:
        shape, size = next(leaves(self.vectors)).shape, self.inputs.shape[-1]
        return f"Gradients({outline(self.vectors)} {shape}, {outline(self.params)}, {size} inputs)"


class Hold(Protocol):
    """hold(name, vector): the vector of a step with its clamped places overwritten."""

    def __call__(self, name: str, vector: np.ndarray, /) -> np.ndarray: ...


class Cut(Protocol):
    """cut(name, gradient): what flows on of a vector's gradient, which is nothing at clamped places."""

    def __call__(self, name: str, gradient: np.ndarray, /) -> np.ndarray: ...


def untouched(name: str, array: np.ndarray) -> np.ndarray:
    """The hold of a step, and the cut of a step back, where nothing is clamped."""
    return array


class Init(Protocol[T_co]):
    """Fresh parameters, as `init_affines` makes them."""

    def __call__(
        self,
        rng: np.random.Generator,
        input_size: int,
        units: int,
        biases: Mapping[str, float | np.ndarray] | None = None,
        gain: float = 1.0,
        recurrent: str = "orthogonal",
    ) -> T_co: ...


class Step(Protocol[T_contra, S_contra, T_co]):
    """One step: parameters, a State of (batch, unit) and an input x (batch, input) give the Vectors.

    Each vector goes through `hold` before it is used.
    """

    def __call__(
        self, params: T_contra, state: S_contra, x: np.ndarray, hold: Hold = untouched, /
    ) -> T_co: ...


class StepBack(Protocol[P, S, V]):
    """The same step backward: `vectors` is what the step returned, `dstate` the derivative by the State that left it.

    What comes back are the Gradients of this one step: `vectors` total derivatives, before the `cut`.
    """

    def __call__(
        self, params: P, state: S, x: np.ndarray, vectors: V, dstate: S, cut: Cut = untouched, /
    ) -> Gradients[P, S, V]: ...


class Forward(NamedTuple):
    """What a fast forward form gives: tuples in the order of the cell's fields.

    advance(t) fills step t of `vectors`; `cache` is what `backward` wants to find again. `states` are arrays
    (time + 1, batch, unit): step t reads row t and writes row t + 1; row 0 is the initial state.
    """

    vectors: Arrays
    states: Arrays
    cache: Arrays
    advance: Callable[[int], None]


class Backward(NamedTuple):
    """What a fast backward form gives: retreat(t) takes the derivative by the state back through step t; finish()
    then gives all derivatives, as tuples in the order of the cell's fields."""

    retreat: Callable[[int], None]
    finish: Callable[[], Derivatives]


class Fast(NamedTuple, Generic[T_contra]):
    """A cell's `step` and `step_back` for all steps of a run: same numbers, fewer and larger operations.

    forward(params, inputs, initial, held) -> Forward
    backward(params, cache, dstates, held) -> Backward
        `dstates` has the shapes of `states` and holds what the loss itself adds: step t reads its row t + 1,
        complete by then, and adds to row t. Before the last row only h may have something there.

    Arrays of all steps lie in memory as (time, unit, batch), so that one gate's numbers of one step are one
    piece; what is public are views of them with axes (time, batch, unit) (arrays.flip).

    The driver calls advance(0), advance(1), ... and retreat(time - 1), ..., retreat(0), and gives the tuples
    their types. `held` is the run's clamps (clamp.Held), or None where there are none. The driver silences
    NumPy's warnings.
    """

    forward: Callable[[T_contra, np.ndarray, Arrays, Held | None], Forward]
    backward: Callable[[T_contra, Arrays, Arrays, Held | None], Backward]


class Cell(NamedTuple, Generic[P, S, V]):
    """A recurrent cell: its types, its words, and pure functions."""

    name: str  # "lstm"
    label: str  # "LSTM"
    letter: str  # "l": begins the names of this cell's numbers in an address (lab.edits); its own
    Params: type[P]  # NamedTuple of one Affine per gate (or of a type that begins like it: see `kinds_of`)
    State: type[S]  # NamedTuple of what is carried from step to step: some of the vectors, `h` among them
    Vectors: type[V]  # NamedTuple of what is observed
    quantities: tuple[Quantity, ...]  # one for each of the Vectors, in their order
    memory: str  # the vector that remembers: "c" for the LSTM, "h" for the others
    init: Init[P]
    step: Step[P, S, V]
    step_back: StepBack[P, S, V]
    graph: tuple[Place, ...] = ()  # all places of a step in the order of flow, each vector among them
    fast: Fast[P] | None = None

    def __repr__(self) -> str:
        return f"Cell({self.label})"

    @property
    def gates(self) -> tuple[str, ...]:
        """Names of the parameters, one Affine each: what `biases` may set."""
        return self.Params._fields

    @property
    def kinds(self) -> tuple[type[NamedTuple], ...]:
        """The type of each gate's parameters, in the order of `gates`: see `kinds_of`."""
        return kinds_of(self.Params)

    def quantity(self, name: str) -> Quantity:
        """What is said of a vector."""
        return self.quantities[self.Vectors._fields.index(name)]

    def role(self, name: str) -> Role:
        """What a vector, or the gate of that name, is for."""
        return self.quantity(name).role

    def named(self, *roles: Role) -> tuple[str, ...]:
        """Names of the vectors with one of the roles, in the order of Vectors; of none, ()."""
        return tuple(quantity.name for quantity in self.quantities if quantity.role in roles)


@cache
def kinds_of(Params: type[NamedTuple]) -> tuple[type[NamedTuple], ...]:
    """Types of the fields of a cell's Params, from their annotations.

    Each is Affine, or a NamedTuple whose first fields are Affine's W, U and b and whose further ones are
    vectors (unit,): peephole weights, a second bias.
    """
    return tuple(get_type_hints(Params).values())


def affine_of(kind: type[G], W: np.ndarray, U: np.ndarray, b: np.ndarray) -> G:
    """A gate's parameters of a type from `kinds_of`, with 0 in the vectors that it has beyond the bias."""
    return kind._make((W, U, b, *(np.zeros_like(b) for _ in kind._fields[3:])))


def init_affines(
    Params: type[P],
    rng: np.random.Generator,
    input_size: int,
    units: int,
    biases: Mapping[str, float | np.ndarray] | None = None,
    gain: float = 1.0,
    recurrent: str = "orthogonal",
) -> P:
    """Fresh parameters, in float64: every cell's `init`, with its own Params as the first argument.

    W is uniform in +-sqrt(6 / (input_size + units)) (Glorot & Bengio 2010), U is `gain` times an orthogonal
    matrix (Saxe, McClelland & Ganguli 2014) or, with recurrent="gaussian", normal with standard deviation
    gain / sqrt(units). Biases are 0 unless `biases` names them: {"f": 3.0}, or an array (units,). Vectors that
    a gate has beyond its bias are 0.

    Each matrix draws from its own child of `rng`, so no setting but seed, units and input size changes a
    draw.

    Raises ValueError for a bias of no gate or of another length and for unknown recurrent weights.
    """
    biases = dict(biases or {})
    if not set(biases) <= set(Params._fields):
        raise ValueError(f"expected biases of {', '.join(Params._fields)}, got {', '.join(biases)}")
    if recurrent not in RECURRENT:
        raise ValueError(f"expected recurrent weights that are {' or '.join(RECURRENT)}, got {recurrent!r}")
    bound = np.sqrt(6 / (input_size + units))
    children = rng.spawn(2 * len(Params._fields))
    return Params._make(
        (
            affine_of(
                kind,
                W=bound * for_W.uniform(-1, 1, (input_size, units)),
                U=gain * RECURRENT[recurrent](for_U.standard_normal((units, units))),
                b=_bias(gate, biases.get(gate, 0.0), units),
            )
            for gate, kind, for_W, for_U in zip(
                Params._fields, kinds_of(Params), children[::2], children[1::2], strict=True
            )
        )
    )


def _bias(gate: str, value: float | np.ndarray, units: int) -> np.ndarray:
    value = np.asarray(value, dtype=np.float64)
    if value.shape not in ((), (units,)):
        raise ValueError(
            f"expected the bias of {gate} as a number or with shape ({units},), got {value.shape}"
        )
    return np.broadcast_to(value, (units,)).copy()


def _orthogonal(normal: np.ndarray) -> np.ndarray:
    """Uniformly distributed orthogonal matrix: QR of a normal one, R's diagonal positive (Mezzadri 2007)."""
    Q, R = np.linalg.qr(normal)
    return Q * np.copysign(1.0, np.diag(R))


def _gaussian(normal: np.ndarray) -> np.ndarray:
    return normal / np.sqrt(len(normal))


RECURRENT = {"orthogonal": _orthogonal, "gaussian": _gaussian}
