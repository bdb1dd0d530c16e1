"""What a fact is: a claim, where it comes from, and how it is computed anew."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, TypeVar

from recurrent_core.lab.experiment import Experiment
from recurrent_core.lab.presets import DEFAULT, start

G = TypeVar("G")  # what a fact is computed from


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


class Seen(NamedTuple):
    """Settings, and where one looks at what is recorded with them."""

    experiment: Experiment  # of several seeds the first
    preset: str = DEFAULT  # from which they start
    cursor: int = 5  # step
    distance: int = 50  # steps back from the last
    shown: Mapping[str, Any] = MappingProxyType({})  # what a page shows besides, by its own fields' names

    def change(self, **values: Any) -> "Seen":
        """The same look at other settings."""
        return self._replace(experiment=replace(self.experiment, **values))


def seen(preset: str = DEFAULT, **look: Any) -> Seen:
    """A preset as it was when the numbers were measured, in the first version of the links."""
    return Seen(start(Experiment, preset, "1"), preset, **look)


class Fact(NamedTuple, Generic[G]):
    """One claim that can fail: `compute(given)` lies within `expected`, and `compute(wrong)` does not.

    `wrong` is `given` with one thing changed, of the kind that a mistake would change: a bias, a sign, an
    order, a factor left out. The tests hold every fact against it.
    """

    name: str  # of its texts
    group: str  # one of GROUPS
    source: str  # where `expected` comes from: a name of a text
    expected: Expected
    compute: Callable[[G], float]
    given: G
    wrong: G
    page: str = ""  # that shows it: "gates", "gradients", "conventions" or "step"
    opened: Seen | None = None  # what is opened there


class Checked(NamedTuple):
    """What came out, and whether it lies within what is expected."""

    value: float
    passed: bool


def check(fact: Fact) -> Checked:
    """Compute a fact now. A NaN does not pass."""
    value = float(fact.compute(fact.given))
    return Checked(value, fact.expected.low <= value <= fact.expected.high)
