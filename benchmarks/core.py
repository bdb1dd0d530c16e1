"""How fast run and backprop are, side by side with what PyTorch offers for the same work.

    python benchmarks/core.py

Each row times both in alternating rounds of one process, with the same number of threads, and prints the
medians and their ratio. PyTorch records nothing in the first row and no gradient of a single step in the
third: it does less there. The last rows are the Jacobians of all steps, their products by distance and all
singular values, in three ways to get Jacobians from PyTorch. Without PyTorch installed our own times stand alone.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
REST = 0.1  # seconds before each round: the other's threads still wait for work, busily, after its last call


class Case(NamedTuple):
    """One row: what is compared, its sizes, and the ratio that we want to stay below."""

    what: str
    steps: int
    batch: int
    units: int
    input_size: int
    dtype: str
    threads: int
    rounds: int
    calls: int  # per round
    target: float


BOTH = os.cpu_count() or 1
CASES = {
    "run": Case(
        "run, all recorded / fused nn.LSTM, nothing recorded", 100, 1, 32, 1, "float64", 1, 41, 10, 1.1
    ),
    "gradients": Case("run + backprop / step loop with retain_grad", 100, 1, 32, 1, "float64", 1, 15, 2, 0.3),
    "large": Case("run + backprop / fused forward + backward", 200, 64, 512, 64, "float32", BOTH, 7, 1, 2.2),
    "jacrev": Case("Jacobians, products / torch.func.jacrev", 100, 1, 32, 1, "float64", BOTH, 9, 10, 0.1),
    "backward": Case("Jacobians, products / repeated backward", 100, 1, 32, 1, "float64", BOTH, 3, 1, 0.1),
    "vmap": Case("Jacobians, products / vmap of jacrev", 100, 1, 32, 1, "float64", BOTH, 9, 10, 0.5),
}
JACOBIANS = ("jacrev", "backward", "vmap")


def ours(name: str, case: Case) -> Callable:
    import numpy as np

    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    import recurrent_core as rc
    from recurrent_core.analysis.jacobians import state_jacobians
    from recurrent_core.analysis.products import jacobian_products

    rng = np.random.default_rng(0)
    params = rc.LSTM.init(rng, case.input_size, case.units, biases={"f": 1.0})
    params = rc.tree_map(lambda array: array.astype(case.dtype), params)
    inputs = rng.standard_normal((case.steps, case.batch, case.input_size)).astype(case.dtype)
    d_h = np.ones((case.steps, case.batch, case.units), case.dtype)
    if name == "run":
        return lambda: rc.run(rc.LSTM, params, inputs)
    if name in JACOBIANS:
        recording = rc.run(rc.LSTM, params, inputs)
        return lambda: jacobian_products(state_jacobians(recording))
    return lambda: rc.backprop(rc.run(rc.LSTM, params, inputs), d_h)


def theirs(name: str, case: Case) -> Callable | None:
    try:
        import torch
    except ModuleNotFoundError:
        return None
    torch.set_num_threads(case.threads)
    torch.manual_seed(0)
    lstm = torch.nn.LSTM(case.input_size, case.units, dtype=getattr(torch, case.dtype))
    inputs = torch.randn(case.steps, case.batch, case.input_size, dtype=getattr(torch, case.dtype))

    def fused_forward():
        with torch.inference_mode():
            lstm(inputs)

    def step_loop():
        lstm.zero_grad()
        x = inputs.clone().requires_grad_()
        shares = x @ lstm.weight_ih_l0.T + (lstm.bias_ih_l0 + lstm.bias_hh_l0)
        U = lstm.weight_hh_l0.T
        h = c = torch.zeros(case.batch, case.units, dtype=x.dtype)
        loss, kept = 0.0, []
        for share in shares:
            i, f, g, o = (share + h @ U).chunk(4, dim=1)
            i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
            c = f * c + i * g
            h = o * c.tanh()
            for vector in (i, f, g, o, c, h):
                vector.retain_grad()
            kept += (i, f, g, o, c, h)
            loss = loss + h.sum()
        loss.backward()
        return [vector.grad for vector in kept]

    def fused_both():
        lstm.zero_grad()
        x = inputs.clone().requires_grad_()
        lstm(x)[0].sum().backward()

    if name in JACOBIANS:
        return torch_jacobians(name, lstm, inputs)
    return {"run": fused_forward, "gradients": step_loop, "large": fused_both}[name]


def torch_jacobians(name: str, lstm, inputs) -> Callable:
    """The same in PyTorch: Jacobians of all steps from known states, products, singular values.

    Products are scaled as ours are, but not turned, so their small singular values hold fewer digits. vmap takes
    all steps at once, which is possible because the states are known; jacrev alone and backward go step by
    step.
    """
    import torch

    U, units = lstm.weight_hh_l0.detach().T, lstm.hidden_size
    bias = lstm.bias_ih_l0 + lstm.bias_hh_l0
    shares = (inputs[:, 0] @ lstm.weight_ih_l0.T + bias).detach()

    def step(state, share):
        h, c = state[:units], state[units:]
        i, f, g, o = (share + h @ U).chunk(4)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return torch.cat([o.sigmoid() * c.tanh(), c])

    states = [torch.zeros(2 * units, dtype=inputs.dtype)]
    for share in shares:
        states.append(step(states[-1], share))
    found = torch.stack(states[:-1])
    jacrev = torch.func.jacrev(step)
    all_steps = torch.func.vmap(jacrev)

    def by_backward(state, share):
        state = state.clone().requires_grad_()
        new = step(state, share)
        rows = (torch.autograd.grad(one, state, retain_graph=True)[0] for one in new)
        return torch.stack(list(rows))

    def each(function):
        return torch.stack([function(*pair) for pair in zip(found, shares, strict=True)])

    def products(jacobians):
        product, kept, logs = torch.eye(2 * units, dtype=inputs.dtype), [], []
        for jacobian in jacobians.flip(0):
            product = product @ jacobian
            scale = product.abs().max()
            product = product / scale
            kept.append(product)
            logs.append(scale.log10())
        values = torch.linalg.svdvals(torch.stack(kept))
        return values.log10() + torch.stack(logs).cumsum(0)[:, None]

    return {
        "jacrev": lambda: products(each(jacrev)),
        "backward": lambda: products(each(by_backward)),
        "vmap": lambda: products(all_steps(found, shares)),
    }[name]


def milliseconds(work: Callable, calls: int) -> float:
    start = time.perf_counter()
    for _ in range(calls):
        work()
    return (time.perf_counter() - start) * 1e3 / calls


def measure(name: str) -> dict[str, float | None]:
    """Medians in milliseconds over alternating rounds, after one warm-up round each."""
    case = CASES[name]
    contenders = {"ours": ours(name, case), "theirs": theirs(name, case)}
    contenders = {who: work for who, work in contenders.items() if work}
    times: dict[str, list[float]] = {who: [] for who in contenders}
    for _ in range(case.rounds + 1):
        for who, work in contenders.items():
            time.sleep(REST)
            times[who].append(milliseconds(work, case.calls))
    return {who: statistics.median(taken[1:]) for who, taken in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", help=f"some of {', '.join(CASES)}; all if none is named")
    parser.add_argument("--measure", choices=CASES, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measure(arguments.measure)))
        return
    print(f"{'LSTM':52} {'size':38} {'threads':>7} {'ours':>9} {'PyTorch':>9} {'ratio':>6} {'wanted':>7}")
    for name in arguments.cases or CASES:
        case = CASES[name]
        # NumPy reads the number of BLAS threads once, on import, so each case has a process of its own.
        environment = {**os.environ, **dict.fromkeys(THREAD_VARIABLES, str(case.threads))}
        if name in JACOBIANS:
            environment["OPENBLAS_NUM_THREADS"] = "1"  # NumPy's: the second thread is our own
        command = [sys.executable, __file__, "--measure", name]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
        times = json.loads(done.stdout)
        size = f"T={case.steps} B={case.batch} units={case.units} input={case.input_size} {case.dtype}"
        mine, other = times["ours"], times.get("theirs")
        figures = f"{other:6.2f} ms {mine / other:6.2f} {case.target:7}" if other else "  not installed"
        print(f"{case.what:52} {size:38} {case.threads:7} {mine:6.2f} ms {figures}", flush=True)


if __name__ == "__main__":
    main()
