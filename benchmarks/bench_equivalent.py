"""The equivalent road in process: whole curves, verified by a second resolution, with peak memory.

Run with `pytest benchmarks/bench_equivalent.py`. Memory is what the curve adds at its peak (tracemalloc), measured in
a run of its own.
"""

from __future__ import annotations

import subprocess
import sys
import tracemalloc

import numpy as np
import pytest

from riskcalc import (
    Constant,
    Cosine,
    Equivalent,
    Exact,
    ExplicitSignal,
    ExplicitSpectrum,
    Geometric,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    risk,
)


def infinite(a, b):
    return Problem(spectrum=PowerLaw(a=a), signal=PowerLawSignal(b=b))


LOG_SPACED = sorted({int(step) for step in np.geomspace(1, 1e15, 200)})
RUNS = {
    "200 steps to 1e15, M = 1e12": Run(
        infinite(2, "12/5"), model_size=10**12, schedule=Constant("3/10"), steps=LOG_SPACED
    ),
    "geometric, N = 1e13, M = 1e9": Run(
        infinite(2, "12/5"), model_size=10**9, schedule=Geometric("3/10"), steps=[10**13]
    ),
}


def peak_megabytes(run, method):
    tracemalloc.start()
    risk(run, method=method)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


@pytest.mark.parametrize("name", RUNS)
def test_equivalent(benchmark, name):
    run = RUNS[name]
    benchmark(risk, run)
    benchmark.extra_info["peak_megabytes"] = round(peak_megabytes(run, Equivalent()), 1)
    print(f" {name}: peak {benchmark.extra_info['peak_megabytes']} MB")


def test_smooth_schedule_of_a_million_steps(benchmark):
    run = Run(infinite(2, 3), model_size=10**6, schedule=Cosine("3/10"), steps=[10**6])
    benchmark.pedantic(risk, args=(run,), rounds=1)


@pytest.fixture(scope="module")
def peer_problem():
    """alpha = 1, beta = 0.7, v = 4000, as an explicit spectrum: nothing is gained from its being a power law."""
    power = Problem(spectrum=PowerLaw(a=2, dimension=4000), signal=PowerLawSignal(b="17/5"))
    return Problem(spectrum=ExplicitSpectrum(power.eigenvalues()), signal=ExplicitSignal(power.target()))


def test_full_equivalent_at_v_4000_d_1000(benchmark, peer_problem):
    step = 0.375 / float(peer_problem.eigenvalues().sum())
    run = Run(peer_problem, model_size=1000, schedule=Constant(step), steps=[1, 10, 100, 10**3, 10**4, 10**5, 10**6])
    benchmark(risk, run)


def test_recursion_step_at_d_1000(benchmark):
    """One sketch of d = 1000 under a smooth schedule: seconds a step, the factorisation not counted."""
    from riskcalc.dynamics import respond
    from riskcalc.exact.given_sketch import sketch_modes
    from riskcalc.problem import gaussian_sketch

    problem = Problem(spectrum=PowerLaw(a=2, dimension=4000), signal=PowerLawSignal(b="17/5"))
    modes = sketch_modes(problem, gaussian_sketch(model_size=1000, dimension=4000, seed=0))
    count = 20_000
    benchmark.pedantic(
        respond,
        args=(modes, Cosine("1/5")),
        kwargs={"steps": (count,), "horizon": count, "batch_size": 1, "noise": 0.0},
        rounds=3,
    )
    benchmark.extra_info["microseconds_a_step"] = benchmark.stats.stats.min / count * 1e6
    print(f" {benchmark.extra_info['microseconds_a_step']:.2f} us a step")


def test_any_step_at_d_1000(benchmark):
    """The same sketch at constant step size, a million steps at once, factorisation and sketch counted."""
    problem = Problem(spectrum=PowerLaw(a=2, dimension=4000), signal=PowerLawSignal(b="17/5"))
    run = Run(problem, model_size=1000, schedule=Constant("1/5"), steps=[1, 10, 100, 10**3, 10**4, 10**5, 10**6])
    benchmark.pedantic(risk, args=(run,), kwargs={"method": Exact(seed=0)}, rounds=2)


LARGE = """
from riskcalc import Constant, Exact, PowerLaw, PowerLawSignal, Problem, Run, risk
problem = Problem(spectrum=PowerLaw(a=2, dimension=16_000), signal=PowerLawSignal(b=3))
risk(Run(problem, model_size=1000, schedule=Constant("1/10"), steps=[10, 1000]), method=Exact(seed=0))
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def test_a_sketch_of_128_megabytes(benchmark):
    """1000 x 16,000, in a process of its own, on Linux: all of its memory counts."""
    asked = {"args": ([sys.executable, "-c", LARGE],), "kwargs": {"check": True, "capture_output": True}}
    done = benchmark.pedantic(subprocess.run, **asked, rounds=3)
    benchmark.extra_info["peak_megabytes"] = round(int(done.stdout) / 1e3)
    print(f" peak {benchmark.extra_info['peak_megabytes']} MB")
