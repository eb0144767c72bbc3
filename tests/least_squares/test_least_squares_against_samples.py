"""Least squares: theory against fits that were really made."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.agreement.bounds import normal_bound
from riskcalc.agreement.comparison import Side
from riskcalc.agreement.inverse_size import compare_by_size, control_by_size
from riskcalc.agreement.samples import Samples
from riskcalc.least_squares import LeastSquares, LeastSquaresSimulation, ridge_risk
from riskcalc.least_squares.simulation import _fit
from riskcalc.problem import gaussian_sketch
from riskcalc.spectral.of_problem import sums_of

LEVEL = 1e-3


def problem(b="2", noise=1, dimension=150):
    return rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=dimension), signal=rc.PowerLawSignal(b=b), noise=noise)


@pytest.mark.parametrize("noise", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_given_the_sketch_more_samples_than_features_is_exact(noise):
    """Without a ridge: excess = A + (sigma2 + A) M/(n - M - 1) exactly, A the floor of the sketch (D34).

    The expectation given each run's sketch is subtracted from the run, and the rest must be zero by z-score. Two wrong
    formulas, the limit's n - M and noise without the approximation, are put to the same runs.
    """
    size, samples, runs = 10, 24, 2000
    asked = LeastSquares(problem=problem(b="6/5", noise=noise, dimension=60), model_size=size, samples=samples)
    root, target = np.sqrt(asked.problem.eigenvalues()), asked.problem.target()
    seeds = np.random.SeedSequence(5).spawn(runs)
    excess = np.array([_fit(asked, size, samples, 60, seed)[0] for seed in seeds])
    floors = []
    for seed in np.random.SeedSequence(5).spawn(runs):  # fresh, so that its first child is the run's sketch again
        design = (gaussian_sketch(model_size=size, dimension=60, seed=seed.spawn(3)[0]) * root).T
        fitted = np.linalg.lstsq(design, root * target, rcond=None)[0]
        floors.append(np.sum((design @ fitted - root * target) ** 2))
    floor = np.array(floors)

    def z(formula):
        left = excess - formula
        return abs(left.mean() / (left.std(ddof=1) / np.sqrt(runs)))

    bound = normal_bound(LEVEL, 1)
    factor = size / (samples - size - 1)
    assert z(floor + (noise + floor) * factor) < bound
    assert z(floor + (noise + floor) * size / (samples - size)) > bound
    assert z(floor + noise * factor) > bound


# n/M, ridge: below, above, and with a ridge at n = M; far enough from M = n that single runs have a variance
CASES = ((4, 0), (2, 0), (1 / 2, 0), (1 / 4, 0), (1, 0.05), (2, 0.01))
SIZES, RUNS = (10, 20, 40), (400, 200, 160)


@pytest.mark.parametrize("b, noise", [pytest.param("2", 1, marks=pytest.mark.slow), ("7/2", 0)])
def test_the_equivalent_against_fits(b, noise):
    """The gap shrinks like 1/M; two wrong equivalents, fed with the same fits, are rejected."""
    asked = problem(b=b, noise=noise)
    averages, theory, second_order, no_misfit = [], [], [], []
    for size, runs in zip(SIZES, RUNS, strict=True):
        questions = [
            LeastSquares(problem=asked, model_size=size, samples=int(ratio * size), ridge=ridge)
            for ratio, ridge in CASES
        ]
        sampled = [LeastSquaresSimulation(runs=runs, seed=7).risk(question) for question in questions]
        averages.append(
            Samples(
                count=runs,
                mean=np.array([one.excess for one in sampled]),
                standard_error=np.array([one.standard_error for one in sampled]),
            )
        )
        found = [
            ridge_risk(asked, model_size=one.model_size, samples=one.samples, ridge=one.ridge) for one in questions
        ]
        theory.append(np.array([one.excess for one in found]))
        # the residual of the best model taken for no noise
        ratio = np.array([one.variance / (noise + one.approximation) for one in found])
        no_misfit.append(theory[-1] - ratio * np.array([one.approximation for one in found]))
        # the square of the filter where the sketch leaves it to the first power: (u/(lambda + u))^2
        sums = sums_of(asked)
        parts = [sums.unfitted_at(np.array([one.method["u"]])) for one in found]
        shift = np.array([float(part[3][0] - part[2][0]) for part in parts])
        unfitted = np.array([one.approximation + one.bias / (1 + rate) for one, rate in zip(found, ratio, strict=True)])
        second_order.append(theory[-1] * (1 + shift / unfitted))
    compared = {
        "steps": tuple(range(len(CASES))),
        "sizes": SIZES,
        "averages": averages,
        "level": LEVEL,
    }
    left, right = Side(name="equivalent", claim="many features"), Side(name="fits", claim="averaged over sketches")
    comparison = compare_by_size(theory=theory, left=left, right=right, **compared)
    assert comparison.passed, comparison
    for name, wrong in (("second order", second_order), ("no misfit", no_misfit)):
        control = control_by_size(name, wrong=wrong, right=theory, **compared)
        if noise == 0 or name == "second order":
            assert control.verdict == "rejected", control
