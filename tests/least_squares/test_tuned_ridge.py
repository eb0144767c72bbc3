"""The best ridge: closed forms, the search against them near where they end, ratios, and what a ridge cannot do."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput
from riskcalc.least_squares import LeastSquares
from riskcalc.least_squares.tuned_ridge import closed_ridge, searched_ridge
from tests.conftest import golden

GOLDEN = golden("related")


def problem(a=2, b=None, *, noise=0, dimension=None, scale=1):
    return rc.Problem(
        spectrum=rc.PowerLaw(a, dimension=dimension, scale=scale),
        signal=rc.PowerLawSignal(a if b is None else b),
        noise=noise,
    )


def searched(asked, size, samples):
    return searched_ridge(LeastSquares(problem=asked, model_size=size, samples=samples, ridge=1))


@pytest.mark.parametrize("one", GOLDEN["tuned_ridge_a2_b2_infinite_v"], ids=lambda one: f"{one['M']}-{one['N']}")
def test_golden(one):
    found = rc.tuned_ridge(problem(), model_size=one["M"], samples=one["N"])
    assert found.closed
    assert found.ridge == pytest.approx(float(one["ridge"]), rel=1e-12)
    assert found.excess == pytest.approx(float(one["excess"]), rel=1e-12)
    fit = rc.ridge_risk(problem(), model_size=one["M"], samples=one["N"], ridge=found.ridge)
    assert found.excess == pytest.approx(fit.excess, rel=1e-13)


@pytest.mark.parametrize(("size", "samples"), [(18.5, 18.5), (20, 17), (10, 200), (100, 100), (1000, 3000)])
def test_the_search_finds_the_closed_form(size, samples):
    """Down to where the closed form is taken, x = 9; the search knows nothing of it."""
    found, (ridge, excess) = searched(problem(scale=3), size, samples), closed_ridge(problem(scale=3), size, samples)
    assert found.excess == pytest.approx(excess, rel=1e-13)
    assert found.ridge == pytest.approx(ridge, rel=1e-9)


def test_where_the_closed_form_ends():
    """At x = M N/(M + N) it is off by some exp(-4 (x + 1/2)): seen at x = 2, and not taken below 9."""
    missed = []
    for size in (4, 6, 8):
        quarter = math.pi**2 / 4
        closed = quarter * size**2 * (2 * size + 1) / (size + 0.5) ** 4
        missed.append(abs(searched(problem(), size, size).excess / closed - 1))
        assert closed_ridge(problem(), size, size) is None
    assert missed[0] > 1e-8
    assert missed[1] / missed[0] == pytest.approx(math.exp(-4), rel=0.9)
    assert missed[2] < 0.1 * missed[1]


def test_only_for_its_own_problem():
    for other in (problem(b="21/10"), problem(a="3/2"), problem(noise=1), problem(dimension=10**6)):
        assert closed_ridge(other, 1000, 1000) is None


@pytest.mark.parametrize("asked", [problem("3/2", 3, noise="1/10"), problem(2, "3/2", noise=1, dimension=40)])
@pytest.mark.parametrize(("size", "samples"), [(30, 30), (20, 90)])
def test_no_other_ridge_is_better(asked, size, samples):
    found = rc.tuned_ridge(asked, model_size=size, samples=samples)

    def excess(factor):
        return rc.ridge_risk(asked, model_size=size, samples=samples, ridge=found.ridge * factor).excess

    assert found.fit.asked.record["ridge"] is not None
    assert excess(1) == pytest.approx(found.excess, rel=1e-13)
    assert min(excess(factor) for factor in (1e-6, 1e-2, 0.5, 0.99, 1.01, 2, 1e2, 1e6)) > found.excess
    # a minimum: symmetric steps cost the same
    assert (excess(1.01) - found.excess) / (excess(1 / 1.01) - found.excess) == pytest.approx(1, abs=0.1)


def test_where_no_ridge_is_best():
    """b > 2a and no noise, far more features than samples: a ridge only hides signal."""
    found = rc.tuned_ridge(problem("6/5", 3), model_size=10**6, samples=50)
    bare = rc.ridge_risk(problem("6/5", 3), model_size=10**6, samples=50)
    ridged = rc.ridge_risk(problem("6/5", 3), model_size=10**6, samples=50, ridge="1e-4")
    assert (found.ridge, found.excess) == (0, bare.excess)
    assert ridged.excess > bare.excess


@pytest.mark.parametrize("alpha", [Fraction(1, 2), 1, 2])
def test_published_form_is_off_by_a_constant_unless_alpha_is_one(alpha):
    """(1/N + 1/T)^alpha with the right L0, which N = oo fixes."""
    asked, n = problem(1 + Fraction(alpha)), 10**4
    wide = rc.tuned_ridge(asked, model_size=10**12, samples=n).excess * n ** float(alpha)
    even = rc.tuned_ridge(asked, model_size=n, samples=n).excess
    table = GOLDEN["tuned_ridge_over_form"]["N=T=1e4"]
    place = table["alpha"].index(float(alpha))
    assert even == pytest.approx(table["numeric"][place], rel=1e-12)
    assert wide * (2 / n) ** float(alpha) / even == pytest.approx(table["form_over_numeric"][place], rel=5e-4)


@pytest.mark.slow
@pytest.mark.parametrize(("alpha", "ratio"), [(0.5, 1 / 5), (1, 1 / 3), (2, 1 / 2)])
def test_best_shape_of_a_budget(alpha, ratio):
    """At fixed M N: M = N with the best ridge, n_-/n_+ = alpha/(2 + alpha) without one."""
    from scipy.optimize import minimize_scalar

    asked, total = problem(1 + alpha), 1e12

    def bare(log_ratio):
        half = math.sqrt(total * math.exp(log_ratio))
        return math.log(rc.ridge_risk(asked, model_size=half, samples=total / half).excess)

    found = minimize_scalar(bare, bounds=(math.log(ratio) - 1, math.log(ratio) + 0.5), method="bounded")
    assert math.exp(found.x) == pytest.approx(ratio, rel=1e-3)
    even, *uneven = (
        rc.tuned_ridge(asked, model_size=1e3 * math.sqrt(shape), samples=1e3 / math.sqrt(shape)).excess
        for shape in (1, 1.2, 2, 16)
    )
    assert np.all(np.diff([even, *uneven]) > 0)


def test_nothing_to_learn_is_refused():
    empty = rc.Problem(spectrum=rc.ExplicitSpectrum([1.0, 0.5]), signal=rc.ExplicitSignal([0.0, 0.0]), noise=1)
    with pytest.raises(InvalidInput, match="the target is zero"):
        rc.tuned_ridge(empty, model_size=1, samples=4)


def test_more_features_than_eigenvalues():
    found = rc.tuned_ridge(problem(dimension=30, noise="1/10"), model_size=60, samples=100)
    assert 0 < found.ridge < 0.01
    clean = rc.tuned_ridge(problem(dimension=30), model_size=60, samples=100)
    assert (clean.ridge, clean.excess) == (0, 0)
