"""What sketches of finite size add to the equivalent, and data sets that are seen many times.

Run with `pytest benchmarks/bench_beyond_one_pass.py`. Everything is verified by a second resolution, which is counted.
"""

from __future__ import annotations

import numpy as np
import pytest

from riskcalc import (
    Constant,
    Equivalent,
    FullBatch,
    Geometric,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    WithReplacement,
    risk,
)

EASY = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="13/5"))
HARD = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="3/2"), noise="1/10")


def logarithmic(last: float, count: int) -> list[int]:
    return sorted({int(step) for step in np.geomspace(1, last, count)})


SPREADS = {
    "ten steps to 1e12, M = 1e6": Run(
        EASY, model_size=10**6, schedule=Constant("3/10"), steps=[10**power for power in range(3, 13)]
    ),
    "geometric, 1e9 steps, M = 1000": Run(EASY, model_size=1000, schedule=Geometric("3/10"), steps=[10**9]),
}
REUSED = {
    "full batch, M = N = 1000, 30 steps to 1e5": (1000, FullBatch(samples=1000), logarithmic(1e5, 30)),
    "with replacement, M = N = 1000, 30 steps to 1e5": (1000, WithReplacement(samples=1000), logarithmic(1e5, 30)),
    "full batch, M = 1e9, N = 1e6, 100 steps to 1e10": (10**9, FullBatch(samples=10**6), logarithmic(1e10, 100)),
}


@pytest.mark.parametrize("name", SPREADS)
def test_shift_and_spread(benchmark, name):
    benchmark.pedantic(risk, args=(SPREADS[name],), kwargs={"method": Equivalent(finite_size=True)}, rounds=3)


@pytest.mark.parametrize("name", REUSED)
def test_data_set(benchmark, name):
    size, data, steps = REUSED[name]
    run = Run(HARD, model_size=size, schedule=Constant("1/5"), steps=steps, data=data)
    benchmark.pedantic(risk, args=(run,), rounds=3)
