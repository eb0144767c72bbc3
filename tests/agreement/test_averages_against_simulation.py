"""Exact against simulated, by z-score: every schedule with every averaging, spectrum, signal and batch size."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from riskcalc import (
    Ambient,
    Constant,
    Cosine,
    Equivalent,
    Exact,
    ExplicitSpectrum,
    GaussianPrior,
    Geometric,
    IterateAverage,
    LastIterate,
    LogarithmicPowerLaw,
    MonteCarlo,
    Polynomial,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Reduced,
    Run,
    TailAverage,
    WarmupStableDecay,
    crosscheck,
)
from riskcalc.agreement import Effort
from riskcalc.agreement.bounds import normal_bound
from riskcalc.agreement.removal import CROSS_TERMS
from riskcalc.agreement.wrong_recursions import wrong_recursion
from riskcalc.exact.given_sketch import sketch_modes
from riskcalc.problem import gaussian_sketch

M, V, STEPS = 6, 24, (1, 6, 20, 48)
LEVEL = 1e-3  # of a failure by chance, over all cases of one test

SCHEDULES: dict[str, Any] = {
    "constant": Constant,
    "geometric": Geometric,
    "cosine": Cosine,
    "linear": lambda step_size: Polynomial(step_size, power=1),
    "wsd": lambda step_size: WarmupStableDecay(step_size, decay="1/4", warmup="1/10"),
}
AVERAGES = {"last": LastIterate(), "iterates": IterateAverage(), "tail": TailAverage("1/3")}
PROBLEMS = {
    "power law": Problem(spectrum=PowerLaw(a=2, dimension=V), signal=PowerLawSignal(b="5/2"), noise=1),
    "power law, prior": Problem(spectrum=PowerLaw(a="3/2", dimension=V), signal=GaussianPrior(b=2), noise=1),
    "logarithmic, isotropic": Problem(spectrum=LogarithmicPowerLaw(a=2, dimension=V), signal=GaussianPrior(), noise=1),
    "explicit": Problem(spectrum=ExplicitSpectrum(0.9 ** np.arange(V)), signal=GaussianPrior(scale="1/20"), noise=1),
}
BATCHES = (1, 8)

ALL = list(product(SCHEDULES, AVERAGES, PROBLEMS, BATCHES))
# a quarter of them, in which every two settings still meet
_KINDS = (list(SCHEDULES), list(AVERAGES), list(PROBLEMS), list(BATCHES))
_PLACES = [[kinds.index(name) for kinds, name in zip(_KINDS, case, strict=True)] for case in ALL]
SOME = [case for case, places in zip(ALL, _PLACES, strict=True) if sum(places) % 4 == 0]


def run_of(schedule, averaging, problem, batch_size) -> Run:
    asked = PROBLEMS[problem]
    step_size = round((0.2 if batch_size == 1 else 0.6) / asked.eigenvalues().sum(), 3)
    return Run(
        asked,
        model_size=M,
        batch_size=batch_size,
        schedule=SCHEDULES[schedule](step_size),
        steps=STEPS,
        averaging=AVERAGES[averaging],
    )


def check(cases, *, runs, simulator=None, most_error):
    """All cases as one family: the largest |z| within what chance allows, and small standard errors."""
    sketch = gaussian_sketch(model_size=M, dimension=V, seed=7)
    bound = normal_bound(LEVEL, len(cases) * len(STEPS))
    worst: list[float] = []
    missed = []
    for place, case in enumerate(cases):
        run = run_of(*case)
        exact = Exact(sketch=sketch).curve(run)
        road = MonteCarlo(runs=runs, seed=place, sketch=sketch, simulator=simulator or Reduced())
        sampled = road.curve(run)
        random = sampled.standard_error > 1e-12 * sampled.excess
        error = np.where(random, sampled.standard_error, 1.0)
        z = np.where(random, (sampled.excess - exact.excess) / error, 0.0)
        assert sampled.excess[~random] == pytest.approx(exact.excess[~random], rel=1e-11)
        assert np.all(sampled.standard_error < most_error * exact.excess), case
        worst.append(float(np.abs(z).max()))
        if not isinstance(run.averaging, LastIterate):
            wrong = wrong_recursion(CROSS_TERMS, sketch_modes(run.problem, sketch), run)
            seen = np.abs(sampled.excess - wrong)[random] / error[random]
            if seen.max() < bound:
                missed.append(case)
    assert max(worst) <= bound, [case for case, z in zip(cases, worst, strict=True) if z > bound]
    assert not missed  # the average of independent iterates is rejected everywhere


def test_the_sample_of_cases_has_every_pair():
    for first, second in ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)):
        assert {(case[first], case[second]) for case in SOME} == {(case[first], case[second]) for case in ALL}


@pytest.mark.slow
def test_exact_against_simulation():
    check(SOME, runs=500, most_error=0.08)


@pytest.mark.slow
def test_exact_against_simulation_everywhere():
    check(ALL, runs=4000, most_error=0.03)


@pytest.mark.slow
def test_exact_against_ambient_simulation():
    check(SOME, runs=500, simulator=Ambient(), most_error=0.08)


PLAIN = Problem(spectrum=PowerLaw(a=2, dimension=160), signal=PowerLawSignal(b="13/5"), noise=1)


@pytest.mark.slow
def test_equivalent_against_sketches():
    run = Run(PLAIN, model_size=12, schedule=Constant("1/4"), steps=[10, 60], averaging=TailAverage("1/4"))
    found = crosscheck(run, methods=[Exact(), Equivalent()], effort=Effort(fewest_sketches=30, most_sketches=60))
    assert found.passed, found.report()
    assert any(control.rejected for control in found.controls)


@pytest.mark.slow
def test_a_whole_cross_check_of_an_average():
    run = Run(PLAIN, model_size=16, schedule=Geometric("1/4"), steps=[20, 200], averaging=IterateAverage())
    found = crosscheck(run, effort=Effort(draws=2e7, fewest_sketches=40, most_sketches=100))
    assert found.passed, found.report()
    assert {control.name: control for control in found.controls}[CROSS_TERMS.name].rejected
    assert "iterates averaged" in found.report()


@pytest.mark.slow
def test_a_whole_cross_check_of_a_logarithmic_spectrum():
    problem = Problem(spectrum=LogarithmicPowerLaw(a=2), signal=GaussianPrior(), noise=1)
    run = Run(problem, model_size=16, schedule=Geometric("1/20"), steps=200, averaging=TailAverage("1/4"))
    found = crosscheck(run, effort=Effort(fewest_sketches=40, most_sketches=100))
    assert found.passed, found.report()
