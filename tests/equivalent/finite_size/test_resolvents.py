"""Means and covariances of the resolvents of one sketch against sketches, drawn and inverted."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2

from riskcalc import GaussianPrior, PowerLaw, PowerLawSignal, Problem
from riskcalc.equivalent.finite_size.limits import limits
from riskcalc.equivalent.finite_size.points import points_at, preimages
from riskcalc.equivalent.known import known_of
from riskcalc.numeric.required_sums import require_sums
from riskcalc.spectral.eigenvalue_rule import eigenvalue_rule
from tests.conftest import FAMILY_WISE_LEVEL
from tests.equivalent.finite_size.sketches import z_scores

SPECTRUM = PowerLaw(a="3/2", dimension=120)
SIZE, COUNT = 30, 6000
PLACES = np.array([-0.05 + 0j, -0.3 + 0j, -0.1 + 0.2j])
BOUND = float(np.sqrt(chi2.isf(FAMILY_WISE_LEVEL / 60, 1)))  # of all the scores of this file


def readings_of(problem: Problem) -> np.ndarray:
    """Phi at the places, T at the places, the floor, of every sketch."""
    generator = np.random.default_rng(11)
    eigenvalues, power = problem.eigenvalues(), problem.signal_power()
    found = []
    for _ in range(COUNT // 500):
        draws = generator.standard_normal((500, SIZE, eigenvalues.size)) * np.sqrt(eigenvalues / SIZE)
        _, singular, right = np.linalg.svd(draws, full_matrices=False)
        signal = right**2 @ power if problem.random_target else (right @ np.sqrt(power)) ** 2
        floor = power.sum() - signal.sum(axis=1)
        reached = 1 / (singular[:, :, None] ** 2 - PLACES)
        phi = np.einsum("km,kmp->kp", signal, reached) - floor[:, None] / PLACES
        found.append(np.concatenate([phi, reached.sum(axis=1), floor[:, None]], axis=1))
    return np.concatenate(found)


def theory_of(problem: Problem):
    known, rule = known_of(problem, SIZE), eigenvalue_rule(problem, SIZE)
    # real places are taken a rounding off the axis
    places = np.where(PLACES.imag == 0, PLACES + 1e-14j, PLACES)
    points = points_at(known, rule, places, preimages(known, places), drawn=False)
    leading = np.concatenate([points.signal, trace_of(points), [known.marks.approximation]])
    return points, leading


def trace_of(points):
    """z T = d1 - M over the M features."""
    return (points.freedom - points.size) / points.z


@pytest.mark.slow
@pytest.mark.parametrize("signal", [PowerLawSignal(b=2), GaussianPrior(b=2)])
def test_means_and_covariances_of_one_sketch(signal):
    problem = Problem(spectrum=SPECTRUM, signal=signal)
    read = readings_of(problem)
    points, leading = theory_of(problem)
    parts = np.concatenate([read.real, read.imag[:, [2, 5]]], axis=1)
    mean = leading + points.mean()
    scores = z_scores(parts, np.concatenate([mean.real, mean.imag[[2, 5]]]))
    assert np.abs(scores).max() < BOUND
    # without the correction the equivalent alone is rejected: the test has power
    assert np.abs(z_scores(parts, np.concatenate([leading.real, leading.imag[[2, 5]]]))).max() > 2 * BOUND
    covariance = np.real(points.covariance(points) + points.covariance(points.mirrored)) / 2
    centred = read.real - read.real.mean(axis=0)
    sizes = np.sqrt(np.diagonal(covariance))
    products = centred[:, :, None] * centred[:, None, :] / np.multiply.outer(sizes, sizes)
    assert np.abs(products.mean(axis=0) - covariance / np.multiply.outer(sizes, sizes)).max() < 6 / SIZE


def test_a_prior_of_equal_powers_makes_the_signal_a_trace():
    """With lambda w^2 = 1 on average, Phi = tr (K - z)^-1 - (v - M)/z: means and covariances must be the trace's."""
    problem = Problem(spectrum=SPECTRUM, signal=GaussianPrior(b=0))
    points, _ = theory_of(problem)
    count, mean, covariance = points.count, points.mean(), points.covariance(points.mirrored)
    assert np.abs(mean[:count] / mean[count:-1] - 1).max() < 1e-11
    for block in (covariance[:count, :count], covariance[:count, count:-1], covariance[count:-1, :count]):
        assert np.abs(block / covariance[count:-1, count:-1] - 1).max() < 1e-10


def test_the_functional_reproduces_the_moments_of_wishart_matrices():
    """At large z, Phi and T are series in moments: E tr K^2 and E tr K^3 beyond leading order, the signal's in 1/M."""
    problem = Problem(spectrum=PowerLaw(a=1, dimension=40), signal=PowerLawSignal(b="3/2"))
    known, rule = known_of(problem, 10), eigenvalue_rule(problem, 10)
    radius, count = 200.0, 64
    z = radius * np.exp(2j * np.pi * (np.arange(count) + 0.5) / count)
    points = points_at(known, rule, z, preimages(known, z), drawn=False)
    signal, trace = points.mean()[:count], points.mean()[count:-1]

    def moment(values, power):  # sum over sketches of l^power, from -sum l^k/z^(k+1)
        return float((-(values * z ** (power + 1)).mean()).real)

    eigenvalues, power = problem.eigenvalues(), problem.signal_power()
    one, two, three = (float((eigenvalues**k).sum()) for k in (1, 2, 3))
    require_sums(
        {
            "tr K^2": (moment(trace, 2), two / 10),
            "tr K^3": (moment(trace, 3), 3 * three / 10 + 3 * two * one / 100),
            "signal of K^2": (moment(signal, 2), float((eigenvalues**2 * power).sum()) / 10),
        },
        tolerance=1e-9,
    )


@pytest.mark.parametrize("signal", [PowerLawSignal(b="3/2"), GaussianPrior(b="3/2")])
def test_first_moments_covary_as_those_of_a_wishart_matrix_do_exactly(signal):
    """tr K and w.(Lambda W Lambda) w are linear in W: their covariances are known at any M, and of order 1/M alone."""
    problem = Problem(spectrum=PowerLaw(a=1, dimension=40), signal=signal)
    known, rule = known_of(problem, 10), eigenvalue_rule(problem, 10)
    radius, count = 200.0, 64
    z = radius * np.exp(2j * np.pi * (np.arange(count) + 0.5) / count)
    points = points_at(known, rule, z, preimages(known, z), drawn=False)
    weights = np.outer(z**2, z**2) / count**2  # of the second coefficients in 1/z, both minus the moment
    covariance = points.covariance(points)
    own, second = slice(count), slice(count, -1)
    eigenvalues, power = problem.eigenvalues(), problem.signal_power()
    scattered = (eigenvalues * power) ** 2 if problem.random_target else (eigenvalues * power).sum() ** 2
    expected = {
        "signal": ((weights * covariance[own, own]).sum().real, 2 * np.sum(scattered) / 10),
        "both": ((weights * covariance[own, second]).sum().real, 2 * (eigenvalues**2 * power).sum() / 10),
        "trace": ((weights * covariance[second, second]).sum().real, 2 * (eigenvalues**2).sum() / 10),
    }
    require_sums(expected, tolerance=1e-9)


@pytest.mark.parametrize(("size", "step_size"), [(15, 0.25), pytest.param(40, 0.35, marks=pytest.mark.slow)])
def test_the_stability_number_scatters_and_passes_its_limit_as_often_as_said(size, step_size):
    """kappa of 4,000 sketches, from their eigenvalues alone."""
    problem = Problem(spectrum=PowerLaw(a=2, dimension=5 * size), signal=PowerLawSignal(b=2))
    found = limits(known_of(problem, size), eigenvalue_rule(problem, size), step_size=step_size, batch_size=1)
    generator, kappas = np.random.default_rng(7), []
    for _ in range(4000):
        draws = generator.standard_normal((size, 5 * size)) * np.sqrt(problem.eigenvalues() / size)
        position = np.linalg.eigvalsh(draws @ draws.T)
        inside = step_size * position[-1] < 1
        kappas.append((step_size * position / (2 - 2 * step_size * position)).sum() if inside else np.inf)
    past = int((np.array(kappas) >= 1).sum())
    # the chance is an estimate: within a factor of three, and the count is Poisson's
    assert chi2.isf(1 - 1e-4, 2 * past) / 2 / 3 < 4000 * found.past if past else found.past < 3e-3
    assert 4000 * found.past < 3 * chi2.isf(1e-4, 2 * past + 2) / 2
    middle = np.median(kappas)
    assert abs(middle - found.kappa) < found.spread / 4
    quarter = (np.quantile(kappas, 0.75) - np.quantile(kappas, 0.25)) / 2 / 0.6745
    assert quarter == pytest.approx(found.spread, rel=0.2)
