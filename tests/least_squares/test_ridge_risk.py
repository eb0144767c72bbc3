"""Least squares: golden values, an independent formulation, limits, duality, and refusals."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from scipy.optimize import brentq

import riskcalc as rc
from riskcalc.errors import InvalidInput
from riskcalc.least_squares import LeastSquares, LeastSquaresEquivalent, LeastSquaresSimulation, ridge_risk


def power_law(a, b, *, dimension=None, noise=0):
    return rc.Problem(spectrum=rc.PowerLaw(a=a, dimension=dimension), signal=rc.PowerLawSignal(b=b), noise=noise)


@pytest.mark.parametrize(
    "size, samples, risk", [(100, 300, 0.23650820797338634), (300, 100, 0.2528444006150281)]
)
def test_golden(size, samples, risk):
    problem = power_law("3/2", "9/5", dimension=1500, noise="1/10")
    assert ridge_risk(problem, model_size=size, samples=samples, ridge="1e-3").risk == pytest.approx(risk, rel=1e-13)


def defilippis(eigenvalues, power, *, size, samples, ridge, noise):
    """The same equivalent in the variables nu1, nu2 of Defilippis, Loureiro and Misiakiewicz (arXiv 2405.15699).

    Their ridge is on the sum of squares. Eliminating nu1 leaves one equation for nu2; it is solved by bisection.
    """
    total = ridge * samples

    def trace(nu2):
        return np.sum(eigenvalues / (eigenvalues + nu2))

    def deficit(log_nu2):
        nu2 = math.exp(log_nu2)
        nu1 = nu2 * (1 - trace(nu2) / size)
        return samples - total / nu1 - trace(nu2) if nu1 > 0 else -math.inf

    nu2 = math.exp(brentq(deficit, *_bracket(deficit), xtol=1e-15, rtol=1e-15))
    nu1 = nu2 * (1 - trace(nu2) / size)
    square = np.sum((eigenvalues / (eigenvalues + nu2)) ** 2)
    ratio = nu1 / nu2
    upsilon = size / samples * ((1 - ratio) ** 2 + ratio**2 * square / (size - square))
    chi = np.sum(eigenvalues / (eigenvalues + nu2) ** 2) / (size - square)
    bias = nu2**2 * np.sum(power / (eigenvalues + nu2) ** 2 * (1 + chi * eigenvalues)) / (1 - upsilon)
    return bias + noise * upsilon / (1 - upsilon) + noise


def _bracket(deficit):
    low, high = -40.0, 10.0
    finite = [x for x in np.linspace(low, high, 2001) if math.isfinite(deficit(x))]
    negative = [x for x in finite if deficit(x) < 0]
    return negative[-1], next(x for x in finite if x > negative[-1] and deficit(x) > 0)


@pytest.mark.parametrize(
    "a, b, size, samples, ridge, noise",
    [
        (1.5, 1.8, 100, 300, 1e-3, 0.1),
        (1.5, 1.8, 300, 100, 1e-3, 0.1),
        (2.0, 4.0, 60, 61, 1e-4, 0.0),
        (0.7, 1.4, 200, 900, 1e-2, 1.0),
        (2.5, 1.3, 50, 20, 1e-5, 0.0),
    ],
)
def test_another_formulation_agrees(a, b, size, samples, ridge, noise):
    problem = power_law(a, b, dimension=800, noise=noise)
    theirs = defilippis(
        problem.eigenvalues(), problem.signal_power(), size=size, samples=samples, ridge=ridge, noise=noise
    )
    ours = ridge_risk(problem, model_size=size, samples=samples, ridge=ridge)
    assert ours.risk == pytest.approx(theirs, rel=1e-10)
    assert ours.excess == pytest.approx(ours.approximation + ours.bias + ours.variance, rel=1e-14)


@pytest.mark.parametrize("size, samples", [(40, 100), (100, 40), (99.5, 100), (100, 99.5)])
def test_no_ridge_is_the_limit_of_a_small_one(size, samples):
    problem = power_law("2", "5/2", noise="1/2")
    limit = ridge_risk(problem, model_size=size, samples=samples).excess
    gaps = [
        abs(ridge_risk(problem, model_size=size, samples=samples, ridge=ridge).excess / limit - 1)
        for ridge in (1e-10, 1e-12, 1e-14)
    ]
    # first order in the ridge, over four decades of it
    assert gaps[0] < 0.05
    np.testing.assert_allclose(gaps[1:], [gaps[0] / 100, gaps[0] / 10_000], rtol=0.1)


def test_fewer_features_than_samples_is_the_classical_formula():
    """excess = A + (sigma2 + A) M/(n - M), A the floor of the sketch, on the other road too."""
    problem = power_law(2, "12/5", noise="1/4")
    found = ridge_risk(problem, model_size=30, samples=100)
    floor = rc.risk(rc.Run(problem, model_size=30, schedule=rc.Constant("1/10"), steps=[0])).approximation
    assert found.approximation == pytest.approx(floor, rel=1e-12)
    assert found.bias == 0
    assert found.variance == pytest.approx((0.25 + floor) * 30 / 70, rel=1e-12)


def test_duality_of_features_and_samples():
    """Noise-free with an isotropic prior (b = a) the ridgeless excess is u n_- /(1 - n_-/n_+), whichever is which."""
    problem = power_law("3/2", "3/2")
    wide = ridge_risk(problem, model_size=200, samples=50)
    narrow = ridge_risk(problem, model_size=50, samples=200)
    assert wide.excess == pytest.approx(narrow.excess, rel=1e-12)
    assert wide.excess == pytest.approx(wide.method["u"] * 50 / (1 - 50 / 200), rel=1e-12)
    noisy = dataclasses.replace(problem, noise=1)
    gap = ridge_risk(noisy, model_size=200, samples=50).excess / ridge_risk(noisy, model_size=50, samples=200).excess
    assert abs(gap - 1) > 0.05  # noise breaks it: the duality is not an identity of the code


def test_the_peak_at_as_many_features_as_samples():
    """The excess grows like 1/|M - n| on both sides, and the two constants agree."""
    problem = power_law(2, 2, noise=1)
    near = [ridge_risk(problem, model_size=1000 + gap, samples=1000).excess * abs(gap) for gap in (-1, 1)]
    nearer = [ridge_risk(problem, model_size=1000 + gap, samples=1000).excess * abs(gap) for gap in (-0.01, 0.01)]
    np.testing.assert_allclose(near, nearer[0], rtol=0.01)
    np.testing.assert_allclose(nearer[1], nearer[0], rtol=1e-4)


def test_double_descent_and_what_a_ridge_does():
    problem = power_law(2, 2, noise=1)
    sizes = [5, 10, 40, 80, 95, 105, 150, 400, 10_000]
    bare = [ridge_risk(problem, model_size=size, samples=100).excess for size in sizes]
    assert bare[1] < bare[0] * 1.2
    assert np.all(np.diff(bare[1:5]) > 0)
    assert np.all(np.diff(bare[5:]) < 0)
    ridged = [ridge_risk(problem, model_size=size, samples=100, ridge="1/10").excess for size in sizes]
    assert np.all(np.array(ridged[3:]) < np.array(bare[3:]))
    assert max(ridged) < 1.5


def test_explicit_spectrum_equals_power_law():
    plain = power_law(2, "5/2", dimension=300, noise=1)
    explicit = dataclasses.replace(
        plain, spectrum=rc.ExplicitSpectrum(plain.eigenvalues()), signal=rc.ExplicitSignal(plain.target())
    )
    for ridge in (0, "1/100"):
        found = [ridge_risk(one, model_size=40, samples=90, ridge=ridge).excess for one in (plain, explicit)]
        assert found[0] == pytest.approx(found[1], rel=1e-12)


def test_extremes():
    problem = power_law(2, 2, noise=1)
    huge = ridge_risk(problem, model_size="1e9", samples="1e12")
    assert huge.excess == pytest.approx(huge.approximation + 1e-3 * (1 + huge.approximation) / (1 - 1e-3), rel=1e-9)
    crushed = ridge_risk(problem, model_size=10, samples=1000, ridge=1e6)
    assert crushed.excess == pytest.approx(math.pi**2 / 6, rel=1e-4)  # nothing is learnt


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"model_size": 10, "samples": 10}, "no ridge: the expected risk is infinite"),
        ({"model_size": 0, "samples": 10}, "model_size must be at least 1"),
        ({"model_size": 10, "samples": 10, "ridge": -1}, "ridge must be at least 0"),
        ({"model_size": 300, "samples": 200}, "as many samples as positive eigenvalues"),
    ],
)
def test_refusals(settings, message):
    with pytest.raises(InvalidInput, match=message):
        ridge_risk(power_law(2, 2, dimension=200), **settings)


@pytest.mark.parametrize(
    "dimension, settings, message",
    [
        (None, {"model_size": 10, "samples": 20}, "infinite-dimensional"),
        (100, {"model_size": 10, "samples": 11}, "at least 2 apart"),
        (100, {"model_size": "21/2", "samples": 20}, "whole number"),
    ],
)
def test_what_cannot_be_simulated(dimension, settings, message):
    with pytest.raises(InvalidInput, match=message):
        ridge_risk(power_law(2, 2, dimension=dimension), method=LeastSquaresSimulation(runs=2), **settings)


def test_the_answer_says_what_it_is():
    asked = LeastSquares(problem=power_law(2, 2, dimension=50), model_size=5, samples=20)
    computed = LeastSquaresEquivalent().risk(asked)
    sampled = LeastSquaresSimulation(runs=3, seed=1).risk(asked)
    assert (str(computed.claim), str(sampled.claim)) == ("deterministic equivalent", "averaged over sketches")
    assert (str(computed.warrant), str(sampled.warrant)) == ("computed", "sampled")
    assert sampled.standard_error > 0
    assert computed.asked == sampled.asked
    assert LeastSquaresSimulation(runs=3, seed=1).risk(asked).excess == sampled.excess
