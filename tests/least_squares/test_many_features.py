"""As many features as eigenvalues, and more: the same equation, and what is known exactly."""

from __future__ import annotations

import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput

NUMBER = 12  # of eigenvalues


def problem(noise="1/10"):
    return rc.Problem(spectrum=rc.PowerLaw(a="3/2", dimension=NUMBER), signal=rc.PowerLawSignal(b=2), noise=noise)


@pytest.mark.parametrize("size", [NUMBER, 13, 50, 10**20])
def test_without_a_ridge_every_direction_is_fitted(size):
    """More samples than directions: sigma2 v/(n - v), whatever the features are, as of v coordinates themselves."""
    found = rc.ridge_risk(problem(), model_size=size, samples=40)
    assert found.excess == pytest.approx(0.1 * NUMBER / (40 - NUMBER), rel=1e-14)
    assert found.approximation == found.bias == 0
    small = rc.ridge_risk(problem(), model_size=size, samples=40, ridge="1e-12")
    # at M = v the edge of the spectrum is at 0: first order in the root of the ridge
    assert small.excess == pytest.approx(found.excess, rel=1e-4 if size == NUMBER else 1e-8)


@pytest.mark.parametrize(("samples", "ridge"), [(40, "1/1000"), (6, "1/1000"), (6, 0), (NUMBER, "1/100")])
def test_nothing_happens_at_as_many_features_as_eigenvalues(samples, ridge):
    """M on both sides of v: the answers meet, though the floor and the edge of the spectrum end there."""
    below, at, above = (
        rc.ridge_risk(problem(), model_size=NUMBER + gap, samples=samples, ridge=ridge).excess
        for gap in (-1e-7, 0, 1e-7)
    )
    assert below == pytest.approx(at, rel=1e-5)
    assert above == pytest.approx(at, rel=1e-5)


def test_more_features_than_anything_are_all_coordinates():
    """M -> oo is ridge regression on x itself: (second + sigma2)/(1 - d2/n) at u (1 - d1/n) = ridge."""
    import numpy as np
    from scipy.optimize import brentq

    eigenvalues, power, samples, ridge = problem().eigenvalues(), problem().signal_power(), 9, 0.02

    def share(u):
        return eigenvalues / (eigenvalues + u)

    u = brentq(lambda u: u * (1 - share(u).sum() / samples) - ridge, ridge, 10)
    expected = (np.sum(power * (1 - share(u)) ** 2) + 0.1) / (1 - np.sum(share(u) ** 2) / samples) - 0.1
    found = rc.ridge_risk(problem(), model_size=10**22, samples=samples, ridge=str(ridge))
    assert found.excess == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize(("size", "samples", "ridge"), [(30, 25, "1/100"), (NUMBER, 25, "1/100"), (30, 30, "1/100")])
def test_against_fits(size, samples, ridge, z_bound):
    asked = {"model_size": size, "samples": samples, "ridge": ridge}
    sampled = rc.ridge_risk(problem(), method=rc.LeastSquaresSimulation(runs=400, seed=2), **asked)
    found = rc.ridge_risk(problem(), **asked)
    bound = z_bound(3)
    assert sampled.standard_error < 0.05 * found.excess
    assert abs(sampled.excess - found.excess) < bound * sampled.standard_error + 1.5 * found.excess / NUMBER
    assert abs(sampled.training - found.training) < bound * sampled.training_error + found.training / NUMBER
    narrow = rc.ridge_risk(problem(), model_size=NUMBER / 2, samples=samples, ridge=ridge)
    assert abs(sampled.excess - narrow.excess) > bound * sampled.standard_error + 1.5 * found.excess / NUMBER


@pytest.mark.slow
def test_ridgeless_fits_of_more_features_than_directions(z_bound):
    """Exactly sigma2 v/(n - v - 1), by the inverse Wishart matrix; the equivalent's n - v is rejected."""
    sampled = rc.ridge_risk(
        problem(noise=1), model_size=30, samples=20, method=rc.LeastSquaresSimulation(runs=1500, seed=4)
    )
    exact, equivalent = NUMBER / (20 - NUMBER - 1), NUMBER / (20 - NUMBER)
    assert abs(sampled.excess - exact) < z_bound(1) * sampled.standard_error
    assert abs(sampled.excess - equivalent) > z_bound(1) * sampled.standard_error


@pytest.mark.parametrize("size", [NUMBER, 30])
def test_as_many_samples_as_directions_need_a_ridge(size):
    for method in (rc.LeastSquaresEquivalent(), rc.LeastSquaresSimulation(runs=2)):
        with pytest.raises(InvalidInput, match="the expected risk is infinite"):
            rc.ridge_risk(problem(), model_size=size, samples=NUMBER, method=method)
    assert rc.ridge_risk(problem(), model_size=30, samples=30).excess == pytest.approx(0.1 * NUMBER / 18, rel=1e-14)
