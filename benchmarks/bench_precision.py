"""More digits than float64, and proved radii: seconds of a whole answer, tables included, nothing kept between rounds.

Run with `pytest benchmarks/bench_precision.py`.
"""

from __future__ import annotations

import time

import pytest

from riskcalc import Arb, Constant, Equivalent, Geometric, Mpmath, PowerLaw, PowerLawSignal, Problem, Run, risk
from riskcalc.equivalent.precise.certified import certified_landmarks
from riskcalc.equivalent.precise.setting import setting_of
from riskcalc.spectral.precise.roots import floor_root


def run_of(b, model_size, step, a=2):
    problem = Problem(spectrum=PowerLaw(a=a), signal=PowerLawSignal(b=b))
    return Run(problem, model_size=model_size, schedule=Constant("3/10"), steps=[step])


ANSWERS = {
    "50 digits, M = 1e6, t = 1e6": (run_of("17/5", 10**6, 10**6), Equivalent(digits=50)),
    "15 digits, M = 1e12, t = 1e15": (run_of("12/5", 10**12, 10**15), Equivalent(digits=15)),
    "30 digits, M = 1e9, t = 1e18": (run_of(3, 10**9, 10**18), Equivalent(digits=30)),
    "certified 20 digits, M = 1000, t = 100": (run_of("17/5", 1000, 100), Equivalent(digits=20, certified=True)),
    "certified 20 digits, M = 1000, t = 1000": (run_of("17/5", 1000, 1000), Equivalent(digits=20, certified=True)),
    "certified 20 digits, M = 1e6, t = 1e6": (run_of("17/5", 10**6, 10**6), Equivalent(digits=20, certified=True)),
    "certified 30 digits, M = 1e9, t = 1e18": (run_of(3, 10**9, 10**18), Equivalent(digits=30, certified=True)),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_answers(benchmark, name):
    run, method = ANSWERS[name]
    benchmark.pedantic(risk, args=(run,), kwargs={"method": method}, rounds=3, warmup_rounds=0)


def test_geometric_schedule_to_30_digits(benchmark):
    """N = 1e13 at M = 1e9, one transform a stage: minutes."""
    problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="5/2"), noise="1/10")
    run = Run(problem, model_size=10**9, schedule=Geometric("3/10"), steps=[10**13])
    benchmark.pedantic(risk, args=(run,), kwargs={"method": Equivalent(digits=30)}, rounds=1, warmup_rounds=0)


def landmarks_of(field, digits):
    setting = setting_of(run_of("17/5", 10**6, 1), field)
    root = floor_root(setting.sums, setting.model_size, digits)
    return root.u, root.u * root.values.sig


def test_floor_and_approximation_to_50_digits(benchmark):
    benchmark(landmarks_of, Arb(), 50)


def test_certified_landmarks_to_30_digits(benchmark):
    benchmark(certified_landmarks, run_of("17/5", 10**6, 1), digits=30)


def test_arb_against_mpmath(benchmark):
    """The same answer in both fields, in turn, three times: the ratio of their least process times."""
    run, seconds = run_of("17/5", 10**6, 10**6), {"arb": [], "mpmath": []}

    def both():
        for field in (Arb(), Mpmath()):
            start = time.process_time()
            risk(run, method=Equivalent(digits=50, field=field))
            seconds[field.name].append(time.process_time() - start)

    benchmark.pedantic(both, rounds=3)
    benchmark.extra_info["ratio"] = round(min(seconds["mpmath"]) / min(seconds["arb"]), 1)
    print(f" mpmath/arb = {benchmark.extra_info['ratio']}")
