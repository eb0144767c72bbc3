"""Least squares at extreme ridges and sample counts: no part is lost to cancellation."""

from __future__ import annotations

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
