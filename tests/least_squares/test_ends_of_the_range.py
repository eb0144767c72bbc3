"""Least squares at extreme ridges and sample counts: no part is lost to cancellation."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput

_PROBLEM = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b=2), noise=1)


@pytest.mark.parametrize("samples", [30, 1e6, 1e12, 1e18])
def test_variance_of_the_ridgeless_fit_keeps_its_digits(samples):
    found = rc.ridge_risk(_PROBLEM, model_size=20, samples=samples)
    assert found.variance == pytest.approx((1 + found.approximation) * 20 / (samples - 20), rel=1e-13)


@pytest.mark.parametrize(("model_size", "samples"), [(20, 100), (100, 20)])
def test_a_vanishing_ridge_is_no_ridge(model_size, samples):
    without = rc.ridge_risk(_PROBLEM, model_size=model_size, samples=samples)
    for ridge in ("1e-300", "1e-100", "1e-15"):
        found = rc.ridge_risk(_PROBLEM, model_size=model_size, samples=samples, ridge=ridge)
        assert found.excess == pytest.approx(without.excess, rel=1e-11)


def test_an_enormous_ridge_learns_nothing():
    total = 1.6449340668482264  # zeta(2)
    for ridge in ("1e12", "1e100"):
        found = rc.ridge_risk(_PROBLEM, model_size=20, samples=100, ridge=ridge)
        assert found.excess == pytest.approx(total, rel=1e-9)
        assert 0 < found.variance < 1e-20
    with pytest.raises(InvalidInput, match="1e\\+100 times the trace"):
        rc.ridge_risk(_PROBLEM, model_size=20, samples=100, ridge="1e200")


@pytest.mark.parametrize("method", [rc.Exact(), "simulation", rc.LeastSquaresSimulation])
def test_other_methods_are_refused(method):
    with pytest.raises(InvalidInput, match="method must be LeastSquaresEquivalent"):
        rc.ridge_risk(_PROBLEM, model_size=20, samples=100, method=method)


def test_what_the_bayes_floor_does_not_carry():
    for b, noise, samples, message in (
        (200, 1, 100, "takes b from -20 to 60, not 200"),
        (2, "1e300", 1, r"noise goes up to 1e\+100 times the signal power 1.645, not 1e\+300"),
        (2, "1e-300", 10**9, "noise over samples must be 0 or at least 1e-140 of the signal power"),
        (2, 1, 1e-13, r"samples must lie between 1e-12 and 1e\+24"),
    ):
        asked = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b=b), noise=noise)
        with pytest.raises(InvalidInput, match=message):
            rc.bayes_risk(asked, samples=samples)


def test_the_ends_of_the_bayes_floor():
    """Noise that hides everything: E = signal power, I = n E/(2 sigma2); hardly any noise: n log of one over it."""
    for noise, samples in (("1e100", 10**24), (1, 1e-12)):
        asked = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b=2), noise=noise)
        found = rc.bayes_risk(asked, samples=samples)
        assert found.excess == pytest.approx(1.6449340668482264, rel=1e-10)
        told = math.log1p(found.excess / float(noise)) / 2
        assert found.information == pytest.approx(samples * told, rel=1e-10)
    slight = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b=2), noise="1e-130")
    found, without = rc.bayes_risk(slight, samples=100), rc.bayes_risk(replace(slight, noise=0), samples=100)
    assert found.excess == pytest.approx(without.excess, rel=1e-13)
    assert found.information == pytest.approx(50 * math.log(1e130), rel=0.05)


def test_the_best_ridge_of_noise_that_hides_nearly_everything():
    """A gain of 1e-8 of the excess, none of it a difference from the noise; refused where it is rounding."""
    asked = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=30), signal=rc.PowerLawSignal(b=2), noise=10**9)
    fits = {"model_size": 40, "samples": 50}
    found = rc.tuned_ridge(asked, **fits)
    others = [rc.ridge_risk(asked, ridge=found.ridge * factor, **fits).excess for factor in (0.5, 2)]
    assert found.excess < min(others) < asked.signal_power().sum()
    with pytest.raises(InvalidInput, match="the noise hides what 50 samples say"):
        rc.tuned_ridge(replace(asked, noise="1e13"), **fits)


def test_exponents_that_float64_does_not_carry():
    for asked, message in (((200, 2), "takes a from 0.001 to 20"), ((2, 200), "takes b from -20 to 60")):
        problem = rc.Problem(spectrum=rc.PowerLaw(a=asked[0]), signal=rc.PowerLawSignal(b=asked[1]), noise=1)
        for answer in (rc.ridge_risk, rc.tuned_ridge, rc.ridge_variances):
            with pytest.raises(InvalidInput, match=message):
                answer(problem, model_size=5, samples=20)
        with pytest.raises(InvalidInput, match=message):
            rc.quadratic_stationary(problem, model_size=5, step_size="1/10")
