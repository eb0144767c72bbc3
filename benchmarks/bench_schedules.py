"""Smooth schedules at scale, and tuning: seconds of a whole verified answer, with the error it states.

Run with `pytest benchmarks/bench_schedules.py`.
"""

from __future__ import annotations

import pytest

from riskcalc import (
    Constant,
    Cosine,
    Equivalent,
    Polynomial,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    Unsketched,
    WarmupStableDecay,
    critical_batch_size,
    optimal_schedule,
    risk,
    tuned_step_size,
)

INFINITE = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="12/5"), noise=1)
FINITE = Problem(spectrum=PowerLaw(a=2, dimension=20_000), signal=PowerLawSignal(b="5/2"), noise=1)
SCHEDULES = {
    "cosine": Cosine("3/10"),
    "wsd": WarmupStableDecay("3/10"),
    "linear": Polynomial("3/10", power=1),
}


@pytest.mark.parametrize("name", SCHEDULES)
def test_ten_to_the_thirteen_steps(benchmark, name):
    """N = 1e13, M = 1e9, v infinite, both resolutions."""
    run = Run(INFINITE, model_size=10**9, schedule=SCHEDULES[name], steps=[10**13])
    curve = benchmark.pedantic(risk, args=(run,), rounds=3, warmup_rounds=1)
    benchmark.extra_info["error"] = curve.error
    print(f" {name}: excess {curve.excess[-1]:.12e}, stated relative error {curve.error:.1e}")


def test_a_curve_of_ten_to_the_eighteen_steps(benchmark):
    run = Run(INFINITE, model_size=10**12, schedule=Cosine("3/10"), steps=10**18)
    curve = benchmark.pedantic(risk, args=(run,), rounds=1)
    print(f" {len(curve.steps)} recorded steps, stated relative error {curve.error:.1e}")


def test_tuned_cosine_of_a_million_steps(benchmark):
    run = Run(INFINITE, model_size=10**6, schedule=Cosine(1), steps=[10**6])
    benchmark.pedantic(tuned_step_size, args=(run,), kwargs={"method": Equivalent()}, rounds=1)


def test_critical_batch_size_of_a_million_samples(benchmark):
    asked = {"model_size": 20_000, "samples": 10**6, "schedule": Constant(1), "method": Unsketched()}
    benchmark.pedantic(critical_batch_size, args=(FINITE,), kwargs=asked, rounds=1)


def test_optimal_schedule_of_a_thousand_steps(benchmark):
    asked = {"model_size": 20_000, "horizon": 1000, "method": Unsketched(), "named": [Polynomial(1, power=3)]}
    best = benchmark.pedantic(optimal_schedule, args=(FINITE,), kwargs=asked, rounds=1)
    print(f" {best.iterations} iterations, converged: {best.converged}")
