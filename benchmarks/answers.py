"""What one live answer takes beside the computing alone, in one process, and its bytes.

    python -m benchmarks.answers [--rounds 5] [--calls 40]

A live answer is what the server makes of one question while a control is dragged (`ui.line.answered`); no two have the
same settings, and the browser has what stands still, as in a drag. The computing alone is `run` of the same size, or
the runs and backprops that the picture needs. Both take turns call by call; what counts is the time on a processor, and
of each round the ratio of medians.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from itertools import count
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the server runs

import recurrent_core as rc
from recurrent_core.container import unpack
from ui.line import answered

from . import wanted

GOLDEN = 0.6180339887498949  # multiples of it never come back to where one has been, within 1
_asked = count(1)


def drag(page: str, query: str) -> Callable[[], int]:
    """Return what answers the next Memory of a drag over -5 to 7, and says how many bytes that takes."""

    def ask(**more: Any) -> bytes:
        values = {"memory": -5 + 12 * (next(_asked) * GOLDEN % 1)}
        return answered(json.dumps({"page": page, "query": query, "values": values} | more))

    first = unpack(ask())
    parts = {p["name"]: {"figure": p["body"]["signature"], "narrow": False} for p in first["parts"]}
    has = {"items": first["items"]["signature"], "parts": parts}
    return lambda: len(ask(has=has))


def computing(units: int, steps: int, networks: tuple[str, ...], gradients: bool) -> Callable[[], None]:
    """Return what runs the networks, and goes back through them where there are gradients to be shown."""
    made = [rc.simulate(rc.Experiment(network=name, units=units, steps=steps)) for name in networks]

    def compute() -> None:
        for simulation in made:
            recording = rc.run(
                simulation.recording.cell, simulation.recording.params, simulation.recording.inputs
            )
            if gradients:
                rc.learning_signal(simulation._replace(recording=recording))

    return compute


def ratio(answer: Callable, compute: Callable, rounds: int, calls: int) -> tuple[float, float]:
    """Return how many times as long an answer takes, the median of `rounds`; and milliseconds of the answer."""
    found, times = [], []
    for _ in range(rounds):
        answers, alone = [], []
        for _ in range(calls):
            for function, taken in ((answer, answers), (compute, alone)):
                start = time.thread_time()
                function()
                taken.append(1000 * (time.thread_time() - start))
        found.append(statistics.median(answers) / statistics.median(alone))
        times += answers
    return statistics.median(found), statistics.median(times)


ALL = tuple(rc.CELLS)
ROWS = (
    ("Gates, LSTM 32 x 100: one answer to run alone", "gates", 32, 100, ("lstm",), 2.0),
    ("Gates, LSTM 128 x 500: one answer to run alone", "gates", 128, 500, ("lstm",), 2.0),
    ("How far back, 32 x 100: one answer to its runs and backprops", "gradients", 32, 100, ALL, 2.0),
)
BYTES = {("gates", 32): 25, ("gates", 128): 400}  # kilobytes of an answer, at most


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="rounds, of which the median counts")
    parser.add_argument("--calls", type=int, default=40, help="answers a round")
    options = parser.parse_args()
    for what, page, units, steps, networks, most in ROWS:
        answer = drag(page, f"n={units}&T={steps}&lang=en&v=1")
        compute = computing(units, steps, networks, page == "gradients")
        for _ in range(10):
            answer(), compute()
        times, taken = ratio(answer, compute, options.rounds, options.calls)
        print(f"{wanted.at_most(what, times, most)}   ({taken:.1f} ms)")
        if (page, units) in BYTES:
            print(
                wanted.at_most(
                    f"{what.partition(':')[0]}: kilobytes", answer() / 1000, BYTES[page, units], 1
                ),
                flush=True,
            )


if __name__ == "__main__":
    main()
