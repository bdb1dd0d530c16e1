"""How fast an LSTM learns, side by side with PyTorch, and what all three networks learn in 2,000 updates.

    python benchmarks/training.py             # updates a second, one thread each
    python benchmarks/training.py --seeds     # adding problem of length 50: loss after 2,000 updates, seeds 0 to 4

An update draws 32 sequences of length 50 of the adding problem (the same for both), runs an LSTM of 32 units with
a readout, backpropagates, clips the gradient's norm at 1 and takes a step of Adam, all in float32. PyTorch's is
nn.LSTM (its fused kernel), nn.Linear, clip_grad_norm_ and Adam, once as it comes and once with fused=True.
Rounds alternate in one process. Both get the same memory settings (train.keep_memory).
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # read once, when NumPy is imported
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from recurrent_core import CELLS, Experiment, TrainingSettings  # noqa: E402
from recurrent_core.lab.training import plan  # noqa: E402
from recurrent_core.learn.train import TrainState, draw, evaluate, keep_memory, start, train, update  # noqa: E402

SETTINGS = Experiment(units=32)
TRAINING = TrainingSettings(task="adding", length=50, updates=2000)
ROUNDS, CALLS, TARGET = 21, 30, 0.8
GOAL, EVERY = 0.02, 50


def ours() -> Callable[[], object]:
    made = plan(TRAINING, SETTINGS, "lstm")
    state: TrainState = start(made)

    def one() -> None:
        nonlocal state
        state, _ = update(made, state)

    return one


def theirs(fused: bool) -> Callable[[], object]:
    import torch
    from torch import nn

    torch.set_num_threads(1)
    torch.manual_seed(0)
    made = plan(TRAINING, SETTINGS, "lstm")
    lstm, readout = nn.LSTM(len(made.task.channels), made.units), nn.Linear(made.units, 1)
    weights = [*lstm.parameters(), *readout.parameters()]
    adam = torch.optim.Adam(weights, lr=made.rate, fused=fused or None)
    k = 0

    def one() -> float:
        nonlocal k
        batch = draw(made, k)
        k += 1
        adam.zero_grad()
        loss = nn.functional.mse_loss(
            readout(lstm(torch.from_numpy(batch.inputs))[0][-1]), torch.from_numpy(batch.targets[0])
        )
        loss.backward()
        nn.utils.clip_grad_norm_(weights, made.clip_at)
        adam.step()
        return loss.item()

    return one


def speed() -> None:
    """Medians over alternating rounds, after one to warm up."""
    keep_memory()
    contenders = {"ours": ours()}
    try:
        contenders |= {"PyTorch": theirs(False), "PyTorch, fused Adam": theirs(True)}
    except ModuleNotFoundError:
        print("PyTorch is not installed: our own times stand alone")
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(ROUNDS + 1):
        for name, one in contenders.items():
            begun = time.perf_counter()
            for _ in range(CALLS):
                one()
            taken[name].append((time.perf_counter() - begun) / CALLS)
    medians = {name: statistics.median(times[1:]) for name, times in taken.items()}
    print(
        f"{'LSTM, 32 units, length 50, batch 32, float32':46} {'updates/s':>9} {'ours / theirs':>14} {'wanted':>7}"
    )
    for name, seconds in medians.items():
        ratio = f"{seconds / medians['ours']:14.2f} {TARGET:7}" if name != "ours" else ""
        print(f"{name:46} {1 / seconds:9.0f} {ratio}")


def seeds() -> None:
    """Evaluation loss at the end, and the first update, in steps of 50, from which it stays below the goal."""
    trivial = plan(TRAINING, SETTINGS, "lstm").task.trivial
    print(f"adding problem, length 50, trivial answer {trivial:.4f}, goal {GOAL}, rate {TRAINING.rate}")
    print(f"{'network':8} {'seed':>4} {'loss':>9} {'right':>6} {'below from':>11}")
    for network in CELLS:
        for seed in range(5):
            made = plan(TRAINING, replace(SETTINGS, seed=seed), network)
            below: int | None = None
            for state, _ in train(made):
                if state.update % EVERY == 0:
                    scored = evaluate(made, state.weights)
                    below = (below or state.update) if scored.loss < GOAL else None
                if state.update == TRAINING.updates:
                    break
            print(
                f"{network:8} {seed:4} {scored.loss:9.5f} {scored.accuracy:6.3f} {below or 'never':>11}",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", action="store_true", help="what is learnt instead of how fast")
    seeds() if parser.parse_args().seeds else speed()


if __name__ == "__main__":
    main()
