"""Many answers of one problem: sizes by budgets in separate calls, the frontier of compute, long explicit spectra.

Run with `pytest benchmarks/bench_many.py`.
"""

from __future__ import annotations

import numpy as np
import pytest

from riskcalc import (
    Constant,
    ExplicitSignal,
    ExplicitSpectrum,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    compute_optimal,
    risk,
)

SIZES = np.geomspace(10, 1e6, 20).astype(int)
STEPS = np.geomspace(10, 1e9, 20).astype(int)


def power_law(number, dimension=None):
    """A problem that nothing has been kept of; number: makes it another one."""
    exponent = f"{24_000 + number}/10000"
    return Problem(spectrum=PowerLaw(a=2, dimension=dimension), signal=PowerLawSignal(b=exponent))


@pytest.mark.parametrize("dimension", [None, 10**9])
@pytest.mark.parametrize("whole", [False, True], ids=["the last step", "whole curves"])
def test_twenty_sizes_by_twenty_budgets_in_separate_calls(benchmark, dimension, whole):
    numbers = iter(range(1000))

    def every():
        problem = power_law(next(numbers), dimension)
        for size in SIZES:
            for steps in STEPS:
                recorded = int(steps) if whole else [int(steps)]
                risk(Run(problem, model_size=size, schedule=Constant("3/10"), steps=recorded))

    benchmark.pedantic(every, rounds=3, warmup_rounds=1)


@pytest.mark.parametrize("dimension", [None, 10**9])
def test_frontier_of_thirteen_budgets(benchmark, dimension):
    numbers = iter(range(1000))

    def frontier():
        problem = power_law(next(numbers), dimension)
        for decade in range(9, 22):
            compute_optimal(problem, compute=f"1e{decade}", step_size="3/10")

    benchmark.pedantic(frontier, rounds=3, warmup_rounds=1)


@pytest.mark.parametrize("size", [10**5, 10**6])
def test_a_long_list_of_eigenvalues(benchmark, size):
    powers = iter(np.linspace(1.5, 1.6, 1000))  # a list that nothing has been kept of

    def answer():
        values = np.arange(1.0, size + 1) ** -next(powers)
        problem = Problem(spectrum=ExplicitSpectrum(values), signal=ExplicitSignal(values**0.25))
        return risk(Run(problem, model_size=1000, schedule=Constant("1/10"), steps=[100, 10**6]))

    benchmark.pedantic(answer, rounds=3)
