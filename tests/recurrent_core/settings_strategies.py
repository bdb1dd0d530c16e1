"""Settings of every kind for hypothesis, and what they are run with."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

import recurrent_core as rc
from recurrent_core.lab import edits
from recurrent_core.lab.fields import Field, Record, coerce, fields_of
from recurrent_core.lab.simulate import limits
from recurrent_core.learn.tasks import TASKS

STOCKS = rc.Table(np.random.default_rng(0).random((105, 2)) + 1, ("AAPL", "GOOG"))
SHELF = rc.SHIPPED._replace(prices=lambda: STOCKS)
ODD_NUMBERS = (
    "nan",
    "inf",
    "-inf",
    "1e999",
    "-5",
    "1e-320",
    "3.7",
    "-0.0",
    "٣",
    "1_0",
    "0x10",
    "",
    "9" * 5000,
)
ODD_TEXTS = st.one_of(
    st.text(st.characters(), max_size=40),
    st.sampled_from([*ODD_NUMBERS, "나는 학교에 간다", "👩‍👩‍👧", "\ud800\x00", "x" * 3000, "sha:01234567"]),
    st.floats().map(repr),
    st.text("fghlrzWUb:,.0123456789-", max_size=30),
)


def finite_numbers(field: Field):
    return st.floats(field.low, field.high).map(lambda x: x + 0.0)


def values_of(field: Field):
    """Values that a field takes as they are."""
    kinds = {
        "choice": lambda: st.sampled_from(field.choices),
        "number": lambda: finite_numbers(field) | (st.none() if field.optional else st.nothing()),
        "integer": lambda: st.integers(int(field.low), int(field.high)),
        "switch": st.booleans,
        "text": lambda: st.text(st.characters(), max_size=60).map(lambda text: coerce(field, text)),
        "data": lambda: st.lists(st.floats(-1e6, 1e6), max_size=9).map(lambda row: ",".join(map(repr, row))),
        "clamps": lambda: st.lists(
            st.tuples(
                st.sampled_from(["h", "i", "f", "g", "o", "c", "r", "z", "n"]),
                st.floats(0, 1),
                st.integers(0, 500),
                st.none() | st.integers(0, 500),
                st.none() | st.integers(0, 127),
            ),
            max_size=3,
        ).map(lambda clamps: tuple(rc.Clamp(*clamp) for clamp in clamps)),
        "edits": lambda: st.dictionaries(
            st.from_regex(edits.PLACE, fullmatch=True), st.floats(-99, 99), max_size=5
        ).map(lambda given: coerce(field, list(given.items()))),
    }
    return kinds[field.kind]()


def records(kind: type[Record]):
    """Records of a kind, with some fields changed."""
    changes = {name: values_of(field) for name, field in fields_of(kind).items()}
    return st.fixed_dictionaries({}, optional=changes).map(lambda changed: replace(kind(), **changed))


EXPERIMENTS = st.builds(
    lambda preset, changes: replace(rc.PRESETS[preset], **changes),
    st.sampled_from(list(rc.PRESETS)),
    st.fixed_dictionaries({}, optional={name: values_of(field) for name, field in rc.FIELDS.items()}),
)


def runs(settings: rc.Experiment) -> None:
    """Run an experiment with every network, forward and backward."""
    if settings.wiring == "trained" or settings.signal == "probe":
        settings = replace(settings, trained=TASKS[settings.seed % len(TASKS)])
        settings = replace(settings, signal="probe" if settings.wiring == "trained" else settings.signal)
    for network in rc.CELLS:
        simulation = rc.simulate(settings, network, SHELF)
        steps = len(simulation.signal.inputs)
        assert all(vector.shape[:2] == (steps, 1) for vector in simulation.recording.vectors)
        assert all(np.isfinite(vector).all() for vector in simulation.recording.vectors)
        rc.learning_signal(simulation)
    for name in ("pulse_at", "second_at", "memory"):
        low, high = limits(rc.FIELDS[name], settings, SHELF)
        assert low <= high


def both(**fields) -> tuple[rc.TrainingSettings, rc.Experiment]:
    """The two records of a training."""
    of_training = fields_of(rc.TrainingSettings)
    training = {name: value for name, value in fields.items() if name in of_training}
    rest = {name: value for name, value in fields.items() if name not in of_training}
    return rc.TrainingSettings(**training), rc.Experiment(**rest)
