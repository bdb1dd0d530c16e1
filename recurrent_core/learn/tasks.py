"""What there is to learn: five tasks, each with its data, its loss, and what an answer without learning costs.

A task is a value: a NamedTuple of its sizes, its numbers and the function that draws a batch. All random
numbers come from the generator given to it. Data are float32; axes are (time, batch, input).
"""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np

from recurrent_core.tables import InputError, Table, one_hot

TASKS = ("first", "adding", "sine", "stocks", "text")
SYMBOLS, DISTRACTORS = ("A", "B", "C", "D"), ("x", "y")
NEAR = 0.08  # Hochreiter & Schmidhuber 1997 call an error below 0.04 right, on a scale half as wide
EVALUATED = 1000  # sequences that the loss of an untrained or trained network is estimated from
HELD_OUT = 0.2  # the last part of a price series, which training never sees
EXAMPLE_TEXT = (
    "to be or not to be that is the question whether tis nobler in the mind to suffer the slings and arrows "
    "of outrageous fortune or to take arms against a sea of troubles"
)


class Batch(NamedTuple):
    """Sequences and the answers wanted: steps start: of the outputs are compared with the targets."""

    inputs: np.ndarray  # (time, batch, input)
    targets: np.ndarray  # (scored, batch, output), or classes (scored, batch)
    start: int


class Lag(NamedTuple):
    """Over how many steps something must be kept for a right answer: the least and the most."""

    low: int
    high: int


class Score(NamedTuple):
    """Loss (mean squared error, or cross-entropy in nats), share of right answers, and dL/d(outputs)."""

    loss: float
    accuracy: float
    d_outputs: np.ndarray  # (scored, batch, output)


class Task(NamedTuple):
    """A task for networks with `channels` as inputs and one output for each of `answers`."""

    name: str
    steps: int  # of a training sequence
    channels: tuple[str, ...]
    answers: tuple[str, ...]
    classes: bool  # the outputs are logits of classes, not values
    draw: Callable[[np.random.Generator, int], Batch]  # (rng, sequences) -> Batch
    evaluation: Batch  # the same at every call: what a network is judged by
    probe: Batch  # one sequence, the same at every call: what is shown of a network
    ticks: tuple[str, ...] | None  # a label for each step of the probe
    right: Callable[[np.ndarray, Batch], np.ndarray]  # (outputs, batch) -> which answers count as right
    trivial: float  # loss, on `evaluation` or in the mean of all sequences, of the answer without learning
    chance: float  # and its share of right answers
    lag: Lag


def make_task(
    name: str,
    length: int = 50,
    period: int = 20,
    text: str = "",
    table: Table | None = None,
    ticker: str = "GOOG",
) -> Task:
    """The task of a name in TASKS, with sequences of `length` steps or as many as its data allow.

    `period` is the sine's, `text` what is to be read ("" for an example), `table` holds prices, a column for
    each ticker.

    Raises:
        InputError: no price table (code table_missing) or one of less than 10 rows (table_short), a text of
            one character (text_short) or too long (text_long).
    """
    makers = {
        "first": partial(first, length),
        "adding": partial(adding, length),
        "sine": partial(sine, length, period),
        "stocks": partial(stocks, length, table, ticker),
        "text": partial(characters, length, text),
    }
    if name not in makers:
        raise ValueError(f"expected a task of {', '.join(TASKS)}, got {name!r}")
    return makers[name]()


@lru_cache(maxsize=8)
def first(length: int) -> Task:
    """Which of four symbols came first? After it come two others at random, which mean nothing.

    Inputs are one-hot, the answer is wanted after the last step. Without learning every symbol is equally
    likely: cross-entropy ln 4. After experiments 2a to 2c of Hochreiter & Schmidhuber (1997).
    """
    symbols = np.eye(len(SYMBOLS) + len(DISTRACTORS), dtype=np.float32)

    def draw(rng: np.random.Generator, sequences: int) -> Batch:
        shown = len(SYMBOLS) + rng.integers(len(DISTRACTORS), size=(length, sequences))
        shown[0] = rng.integers(len(SYMBOLS), size=sequences)
        return Batch(symbols[shown], shown[:1].copy(), length - 1)

    probe = draw(_fixed("probe"), 1)
    names = SYMBOLS + DISTRACTORS
    return Task(
        "first", length, names, SYMBOLS, True, draw, draw(_fixed("evaluation"), EVALUATED), probe,
        ticks=tuple(names[k] for k in probe.inputs[:, 0].argmax(axis=-1)), right=_chosen,
        trivial=float(np.log(len(SYMBOLS))), chance=1 / len(SYMBOLS), lag=Lag(length - 1, length - 1),
    )  # fmt: skip


@lru_cache(maxsize=8)
def adding(length: int) -> Task:
    """The adding problem: the sum of the two numbers that are marked, one in each half of the sequence.

    Inputs are numbers uniform in 0..1 and marks 0 or 1; the answer is wanted after the last step. Always
    answering 1 costs the variance of the sum of two uniform numbers, 1/6. Hochreiter & Schmidhuber 1997,
    experiment 4, with numbers and marks drawn as by Arjovsky, Shah & Bengio (2016).
    """
    half = length // 2

    def draw(rng: np.random.Generator, sequences: int) -> Batch:
        every = np.arange(sequences)
        inputs = np.zeros((length, sequences, 2), np.float32)
        inputs[..., 0] = rng.random((length, sequences), np.float32)
        marked = rng.integers(half, size=sequences), rng.integers(half, length, size=sequences)
        total = sum(inputs[at, every, 0] for at in marked)
        for at in marked:
            inputs[at, every, 1] = 1.0
        return Batch(inputs, total[None, :, None], length - 1)

    return Task(
        "adding", length, ("number", "mark"), ("sum",), False, draw,
        draw(_fixed("evaluation"), EVALUATED), draw(_fixed("probe"), 1), None, _near,
        trivial=1 / 6, chance=1 - (1 - NEAR) ** 2, lag=Lag(length - half, length - 1),
    )  # fmt: skip


@lru_cache(maxsize=8)
def sine(length: int, period: int = 20) -> Task:
    """The next value of a sine of one period, which starts anywhere in it.

    Two values determine the next, x(t + 1) = 2 cos(w) x(t) - x(t - 1). Without learning: the same value again,
    which costs 1 - cos(w) in the mean over all phases, w = 2 pi / period.
    """
    w = 2 * np.pi / period
    steps = w * np.arange(length + 1)[:, None]

    def at(phases: np.ndarray) -> Batch:
        values = np.sin(steps + phases).astype(np.float32)[..., None]
        return Batch(values[:-1], values[1:], 0)

    def draw(rng: np.random.Generator, sequences: int) -> Batch:
        return at(rng.uniform(0, 2 * np.pi, sequences))

    change = 2 * np.sin(w / 2)  # the greatest from a value to the next
    return Task(
        "sine", length, ("sine",), ("next",), False, draw, at(np.arange(64) * (2 * np.pi / 64)),
        at(np.zeros(1)), None, _near, trivial=float(1 - np.cos(w)),
        chance=float(2 / np.pi * np.arcsin(min(1.0, NEAR / abs(change)))) if change > 1e-9 else 1.0, lag=Lag(2, 2),
    )  # fmt: skip


def stocks(length: int, table: Table | None, ticker: str = "GOOG") -> Task:
    """Next week's price, standardised by the weeks that are learnt from: the first 80 % of the series.

    It is judged by the rest, after having read all weeks before. Without learning: the same price again. An
    answer is right if it says whether the price goes up or down.

    Raises InputError where there is no table, or one of less than 10 rows.
    """
    if table is None:
        message = "Expected a price series, got none: choose another task."
        raise InputError("table_missing", message, signal="stocks")
    if len(table.values) < 10:
        message = "Expected a price series of 10 rows or more, got {count}: take a longer one."
        raise InputError("table_short", message, limit=10, count=len(table.values))
    column = table.names.index(ticker) if ticker in table.names else 0
    prices = table.values[:, column]
    known = round((1 - HELD_OUT) * len(prices))
    level, sd = prices[:known].mean(), prices[:known].std()
    values = ((prices - level) / (sd if sd > 0 else 1.0)).astype(np.float32)[:, None, None]
    steps = min(length, known // 2)

    def draw(rng: np.random.Generator, sequences: int) -> Batch:
        starts = rng.integers(known - steps, size=sequences)
        windows = values[starts + np.arange(steps + 1)[:, None], 0]
        return Batch(windows[:-1], windows[1:], 0)

    whole = Batch(values[:-1], values[known:], known - 1)
    changes = np.diff(values[known - 1 :, 0, 0].astype(float))
    return Task(
        "stocks", steps, (table.names[column],), ("next",), False, draw, whole,
        whole._replace(start=0, targets=values[1:]), table.ticks and table.ticks[:-1], _direction,
        trivial=float(np.square(changes).mean()),
        chance=max(float((changes > 0).mean()), float((changes < 0).mean())), lag=Lag(1, 1),
    )  # fmt: skip


@lru_cache(maxsize=8)
def characters(length: int, text: str = "") -> Task:
    """The next character of a text, as often as it is read: what is learnt is this text by heart.

    Inputs are one-hot; sequences begin anywhere in the text. Without learning: how often each character
    comes, which costs the entropy of these shares. The lag is how many characters one must have read to know
    the next, the least and the most over all places.

    Raises InputError for a text of one character, and as `one_hot`.
    """
    read = one_hot(text if text.strip() else EXAMPLE_TEXT)
    codes = read.inputs.argmax(axis=1)
    if len(codes) < 2:
        message = "Expected a text of 2 characters or more, got {count}: type a longer one."
        raise InputError("text_short", message, limit=2, count=len(codes))
    symbols = np.eye(len(read.channels), dtype=np.float32)
    steps = min(length, len(codes) - 1)

    def at(starts: np.ndarray, steps: int) -> Batch:
        windows = codes[starts + np.arange(steps + 1)[:, None]]
        return Batch(symbols[windows[:-1]], windows[1:], 0)

    def draw(rng: np.random.Generator, sequences: int) -> Batch:
        return at(rng.integers(len(codes) - steps, size=sequences), steps)

    whole = at(np.zeros(1, int), len(codes) - 1)
    shares = np.bincount(codes[1:]) / (len(codes) - 1)
    shares = shares[shares > 0]
    return Task(
        "text", steps, read.channels, read.channels, True, draw, whole, whole,
        read.ticks[:-1], _chosen, trivial=float(-(shares * np.log(shares)).sum()),
        chance=float(shares.max()), lag=_context("".join(map(chr, codes))),
    )  # fmt: skip


def score(task: Task, outputs: np.ndarray, batch: Batch) -> Score:
    """Loss, accuracy and dL/d(outputs) of outputs (scored, batch, output), in their type.

    Values: the mean of (y - target)^2. Classes: the mean of -ln softmax(y)[target]. Both over all scored
    steps and sequences.
    """
    count = outputs.shape[0] * outputs.shape[1]
    if task.classes:
        shifted = outputs - outputs.max(axis=-1, keepdims=True)
        shares = np.exp(shifted)
        total = shares.sum(axis=-1, keepdims=True)
        targets = batch.targets[..., None]
        loss = np.mean(np.log(total) - np.take_along_axis(shifted, targets, axis=-1), dtype=np.float64)
        shares /= total
        np.put_along_axis(shares, targets, np.take_along_axis(shares, targets, axis=-1) - 1, axis=-1)
        derivative = shares / count
    else:
        error = outputs - batch.targets
        loss = np.mean(np.square(error), dtype=np.float64)
        derivative = error * (2 / error.size)
    return Score(float(loss), float(task.right(outputs, batch).mean()), derivative)


def _chosen(outputs: np.ndarray, batch: Batch) -> np.ndarray:
    return outputs.argmax(axis=-1) == batch.targets


def _near(outputs: np.ndarray, batch: Batch) -> np.ndarray:
    return np.abs(outputs - batch.targets) < NEAR


def _direction(outputs: np.ndarray, batch: Batch) -> np.ndarray:
    now = batch.inputs[batch.start :]
    return (outputs > now) == (batch.targets > now)


def _fixed(purpose: str) -> np.random.Generator:
    """A generator that is always the same, whatever the experiment's seed."""
    return np.random.default_rng(list(purpose.encode()))


def _context(codes: str) -> Lag:
    """The least and the most of how many symbols before a place determine the symbol there."""
    unknown, found = set(range(1, len(codes))), []
    for size in range(1, len(codes)):
        follows: dict[str, set[str]] = {}
        contexts = {place: codes[max(0, place - size) : place] for place in range(1, len(codes))}
        for place, context in contexts.items():
            follows.setdefault(context, set()).add(codes[place])
        known = {place for place in unknown if len(follows[contexts[place]]) == 1}
        found += [size] * bool(known)
        unknown -= known
        if not unknown:
            break
    return Lag(min(found), max(found))
