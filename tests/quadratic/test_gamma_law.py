"""The stationary law of SGD on v: golden risks, the threshold below which coordinates die, and runs that got there."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import gamma, kstest

import riskcalc as rc
from riskcalc.errors import InvalidInput
from riskcalc.quadratic.coordinates import coordinates_of
from tests.conftest import golden

GOLDEN = golden("related")


def listed(targets, *, eigenvalue, noise=1):
    return rc.Problem(
        spectrum=rc.ExplicitSpectrum([eigenvalue] * len(targets)), signal=rc.ExplicitSignal(targets), noise=noise
    )


def power_law(a="3/2", b="7/2", noise=1):
    return rc.Problem(spectrum=rc.PowerLaw(a), signal=rc.PowerLawSignal(b), noise=noise)


def test_golden():
    for one in GOLDEN["quadratic_stationary"]:
        asked = listed(np.logspace(-2.3, 0, 40), eigenvalue=one["lam"])
        found = rc.quadratic_stationary(asked, model_size=40, step_size=one["gamma"])
        assert found.risk == pytest.approx(one["R"], rel=1e-13)
    for one in GOLDEN["quadratic_stationary_power_law"]:
        asked = power_law(one["a"], one["b"], one["sigma2"])
        found = rc.quadratic_stationary(asked, model_size=10**5, step_size=one["gamma"])
        assert found.risk == pytest.approx(one["R"], rel=2e-6)  # a hundred thousand coordinates for all


def test_the_step_size_selects_a_dimension():
    """j <= (gamma R)^(-2/(b - a)), and with more noise fewer."""
    alive = []
    for noise in (1, 10):
        found = rc.quadratic_stationary(power_law(noise=noise), model_size=10**4, step_size="1/1000")
        assert found.alive == math.floor((found.risk / 1000) ** -1)
        assert found.threshold == found.risk / 1000
        assert np.all(found.mean[found.alive :] == 0)
        alive.append(found.alive)
    assert alive[1] < alive[0]
    batch = rc.quadratic_stationary(power_law(), model_size=10**4, step_size="1/100", batch_size=10)
    single = rc.quadratic_stationary(power_law(), model_size=10**4, step_size="1/1000")
    assert batch.risk == single.risk


def test_small_steps():
    """excess/(2 gamma sigma2) -> zeta((a + b)/2), by a ladder of steps."""
    from scipy.special import zeta

    noisy, gaps = power_law(noise=2), []
    for step in (1e-2, 1e-3, 1e-4):
        found = rc.quadratic_stationary(noisy, model_size=10**5, step_size=step)
        gaps.append(found.excess / (4 * step) / zeta(2.5) - 1)
    assert abs(gaps[2]) < 0.005
    assert abs(gaps[2]) < 0.4 * abs(gaps[1]) < 0.16 * abs(gaps[0])


def test_moments_are_those_of_the_law():
    found = rc.quadratic_stationary(power_law(), model_size=100, step_size="1/100")
    alive = slice(0, found.alive)
    law = gamma(found.shape[alive], scale=found.scale)
    assert law.mean() == pytest.approx(found.mean[alive], rel=1e-12)
    assert law.var() == pytest.approx(found.variance[alive], rel=1e-12)
    missed = (found.target - found.mean) ** 2 + found.variance
    eigenvalues = np.arange(1, 101.0) ** -1.5
    assert eigenvalues @ missed + coordinates_of(power_law(), 100).beyond == pytest.approx(found.excess, rel=1e-12)


def test_no_noise_and_refusals():
    clean = rc.quadratic_stationary(listed([1.0, 0.5], eigenvalue=0.1, noise=0), model_size=2, step_size="1/100")
    assert (clean.risk, clean.excess, clean.alive) == (0, 0, 2)
    with pytest.raises(InvalidInput, match="step_size must be positive"):
        rc.quadratic_stationary(power_law(), model_size=5, step_size=0)
    with pytest.raises(InvalidInput, match="exceeds the dimension 2"):
        rc.quadratic_stationary(listed([1.0, 0.5], eigenvalue=0.1), model_size=3, step_size=1)


def settled(asked, *, size, step_size, runs, steps, seed=1):
    """w of every run after so many steps."""
    run = rc.Run(asked, model_size=size, schedule=rc.Constant(step_size), steps=[steps])
    road = rc.QuadraticSGD(runs=runs, seed=seed)
    return next(iter(road.weights(run, coordinates_of(asked, size), start=0.5)))


def check(asked, *, size, step_size, w, z_bound):
    """Mean, gamma law (Kolmogorov-Smirnov), and the controls: no shift of the mean; a normal law of the same moments.
    """
    found = rc.quadratic_stationary(asked, model_size=size, step_size=step_size)
    bound, places = z_bound(size), np.flatnonzero(found.mean > 2 * found.threshold)
    error = w.std(axis=0, ddof=1) / np.sqrt(len(w))
    z = (w.mean(axis=0) - found.mean)[places] / error[places]
    unshifted = (w.mean(axis=0) - found.target)[places] / error[places]
    assert np.abs(z).max() < bound
    assert np.abs(z.mean()) * np.sqrt(len(z)) < bound < np.abs(unshifted.mean()) * np.sqrt(len(z))
    for place in places:
        law = gamma(found.shape[place], scale=found.scale)
        assert kstest(w[:, place], law.cdf).pvalue > 1e-3 / len(places)
    narrow = places[0]  # nearest to its threshold, and so the most skewed
    normal = kstest(w[:, narrow], "norm", args=(found.mean[narrow], math.sqrt(found.variance[narrow]))).pvalue
    return found, normal


def test_runs_come_to_it(z_bound):
    """Six coordinates, one of which dies: its mean falls though its target is positive."""
    targets = [0.02, 0.25, 0.4, 0.6, 0.8, 1.0]
    asked = listed(targets, eigenvalue=0.2)
    w = settled(asked, size=6, step_size="1/25", runs=600, steps=2500)
    found, normal = check(asked, size=6, step_size="1/25", w=w, z_bound=z_bound)
    assert found.alive == 5
    assert np.median(w[:, 0]) < 0.5 * targets[0]
    assert normal < 1e-3


@pytest.mark.slow
def test_forty_coordinates(z_bound):
    asked = listed(np.logspace(-2.3, 0, 40), eigenvalue=0.05)
    w = settled(asked, size=40, step_size="1/50", runs=250, steps=60_000)
    found, _ = check(asked, size=40, step_size="1/50", w=w, z_bound=z_bound)
    excess = ((w - found.target) ** 2 * 0.05).sum(axis=1)
    assert abs(excess.mean() - found.excess) < 3.3 * excess.std(ddof=1) / np.sqrt(len(w))
    dead = found.target < 0.5 * found.threshold
    assert np.all(np.median(w[:, dead], axis=0) < 0.5 * found.target[dead])
