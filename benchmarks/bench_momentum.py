"""Momentum: our curves, and beside them the equation by which they are published, on the same modes.

The equation (arXiv 2505.16098 and its code) is the Poissonised run, dP/dt = (L - 1) P + noise for the second moments P
of each mode, by implicit Euler steps in log t. Its constants are those of the method, its transients are not: the
smallest error it can have is what is left with ever more steps. Here the feedback is implicit too, at its best.
Run with `pytest benchmarks/bench_momentum.py -s`; it prints errors beside times.
"""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.dynamics import respond
from riskcalc.dynamics.moments import moment_map, start_state
from riskcalc.exact.given_sketch import sketch_modes
from riskcalc.problem import gaussian_sketch

PROBLEM = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=1000), signal=rc.PowerLawSignal(b="12/5"), noise=0)
BALL, SIZE = rc.HeavyBall("9/10"), 0.03
STEPS = [100, 1000, 10**4, 10**5, 10**6]
LOG_SPACED = sorted({int(step) for step in np.geomspace(1, 1e18, 200)})
INFINITE = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b="12/5"))
RUNS = {
    "heavy ball, 200 steps to 1e18, M = 1e12": {
        "model_size": 10**12,
        "schedule": rc.Constant("3/100"),
        "steps": LOG_SPACED,
        "optimiser": BALL,
    },
    "DANA-decaying to 1e5, M = 1e6": {
        "model_size": 10**6,
        "schedule": rc.Constant("3/10"),
        "steps": [10**5],
        "optimiser": rc.Dana(delta="1/10", decay="1/2", memory=8),
    },
}


@pytest.fixture(scope="module")
def modes():
    return sketch_modes(PROBLEM, gaussian_sketch(model_size=100, dimension=1000, seed=0))


def exact_excess(modes):
    found = respond(
        modes, rc.Constant(SIZE), steps=tuple(STEPS), horizon=STEPS[-1], batch_size=1, noise=0.0, method=BALL
    )
    return modes.floor + found.bias + found.variance


def published_excess(modes, per_decade):
    """The equation at STEPS, by so many implicit Euler steps a decade from t = 1/100 on."""
    moments = moment_map(BALL, np.zeros(1), np.array([SIZE]), batch_size=1)
    loss = moments.core_of(modes.position)
    state = start_state(BALL, modes.signal).sum(axis=0).T  # bias and variance together
    kernel = modes.kernel[:, None] * moments.feed[0]
    times = np.geomspace(1e-2, STEPS[-1], 8 * per_decade + 1)
    excess, now = [], 0.0
    for time in times:
        step, now = time - now, time
        sources = np.stack([state, step * kernel], axis=-1)
        alone, driven = np.moveaxis(np.linalg.solve(np.eye(3) + step * loss, sources), -1, 0)
        ours, mass = np.sum(alone @ moments.drive), np.sum(driven @ moments.drive)
        total = (modes.floor + ours) / (1 - mass)
        state = alone + total * driven
        excess.append(total)
    return np.exp(np.interp(np.log(STEPS), np.log(times), np.log(excess)))


def test_ours(benchmark, modes):
    benchmark(exact_excess, modes)


@pytest.mark.parametrize("per_decade", [10, 100, 1000])
def test_the_published_equation(benchmark, modes, per_decade):
    found = benchmark.pedantic(published_excess, args=(modes, per_decade), rounds=3)
    gaps = found / exact_excess(modes) - 1
    benchmark.extra_info["errors"] = [float(f"{gap:.2g}") for gap in gaps]
    print(f" {per_decade} a decade: errors {benchmark.extra_info['errors']} at {STEPS}")


@pytest.mark.parametrize("name", RUNS)
def test_equivalent(benchmark, name):
    benchmark.pedantic(rc.risk, args=(rc.Run(INFINITE, **RUNS[name]),), rounds=3, warmup_rounds=1)
