"""Exponents of synthetic data whose law is known: the intervals hold the truth and refuse what is not."""

from __future__ import annotations

import math

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.dataset import Laplace, Linear, prepared
from riskcalc.dataset.coefficient_fit import coefficient_fit
from riskcalc.dataset.eigen import decompose
from riskcalc.dataset.exponents import data_exponents
from riskcalc.dataset.noise import label_noise
from riskcalc.dataset.phase import data_phase
from riskcalc.errors import InvalidInput
from riskcalc.scaling.exponents import phase_at

LEVEL = 0.9995  # of each interval: together they miss with a chance below 1 %, also where they are a little narrow


def power_law_data(*, a, b, rows, dimension, noise, seed):
    generator = np.random.default_rng(seed)
    order = np.arange(1, dimension + 1.0)
    features = generator.standard_normal((rows, dimension)) * order ** (-a / 2)
    target = order ** ((a - b) / 2) * generator.choice([-1, 1], dimension)
    labels = features @ target + math.sqrt(noise) * generator.standard_normal(rows)
    return prepared(features, labels, standardise=False), noise / float(np.var(labels))


def analysed(rows, kernel=None, window=None, level=LEVEL):
    eigen = decompose(kernel or Linear(), rows)
    noise = label_noise(eigen)
    return noise, data_exponents(eigen, noise, window=window, level=level, resamples=60, seed=0)


@pytest.mark.parametrize("a, b, dimension, seed", [(1.5, 2.0, 200, 1), (1.2, 1.8, 300, 2), (2.2, 1.6, 200, 3)])
def test_the_truth_is_inside_and_its_neighbours_are_not(a, b, dimension, seed):
    rows, _ = power_law_data(a=a, b=b, rows=400, dimension=dimension, noise=0.02, seed=seed)
    _, fits = analysed(rows)
    spectrum, signal = fits.spectrum, fits.signal
    assert spectrum.interval[0] < a < spectrum.interval[1]
    assert signal.interval[0] < b < signal.interval[1]
    assert not spectrum.interval[0] < a - 0.15 < spectrum.interval[1]
    assert not spectrum.interval[0] < a + 0.15 < spectrum.interval[1]
    assert not signal.interval[0] < b + 1.5 < signal.interval[1]


def test_most_of_the_bias_of_sample_eigenvalues_is_taken_off():
    errors, raw = [], []
    for seed in range(6):
        rows, _ = power_law_data(a=1.2, b=1.8, rows=400, dimension=300, noise=0.02, seed=seed)
        spectrum = analysed(rows)[1].spectrum
        errors.append(spectrum.exponent - 1.2)
        raw.append(errors[-1] + float(spectrum.uncertainty.split("their bias, ")[1].split(",")[0]))
    assert np.mean(raw) < -0.02
    assert abs(np.mean(errors)) < 0.7 * abs(np.mean(raw))


def test_a_kernel_with_a_known_exponent():
    """exp(-|x - y|) on a line has eigenvalues that fall like j^-2."""
    generator = np.random.default_rng(4)
    points = generator.random((300, 1))
    rows = prepared(points, np.sign(points[:, 0] - 0.4) + 0.1 * generator.standard_normal(300), standardise=False)
    _, fits = analysed(rows, kernel=Laplace(bandwidth=1), window=(4, 30))
    assert abs(fits.spectrum.exponent - 2) < 0.05
    # a step: Fourier coefficients of order 1/j, powers of order j^-2
    assert fits.signal.interval[0] < 2 < fits.signal.interval[1]


def test_the_noise_is_found_and_a_decaying_tail_is_called_an_upper_bound():
    rows, expected = power_law_data(a=1.5, b=3.0, rows=400, dimension=100, noise=0.3, seed=5)
    noise, _ = analysed(rows)
    assert abs(noise.variance / expected - 1) < 4 * math.sqrt(2 / 300)
    assert noise.decay is None
    flat, _ = analysed(rows, kernel=Laplace())
    assert not flat.upper_bound
    clean, _ = power_law_data(a=0.6, b=1.1, rows=300, dimension=1000, noise=0.0, seed=6)
    tail, _ = analysed(clean)
    assert tail.upper_bound
    assert "upper bound" in tail.describe()


def test_labels_without_signal_have_no_exponent():
    generator = np.random.default_rng(7)
    rows = prepared(generator.standard_normal((200, 60)), generator.standard_normal(200))
    _, fits = analysed(rows, kernel=Laplace())
    assert fits.signal is None
    assert "noise" in fits.reason


def test_the_quasi_likelihood_recovers_an_exact_law_and_is_right_on_average():
    steps = np.arange(1.0, 61)
    fit = coefficient_fit(steps)
    exact = 0.3 * steps**-1.7 + 1e-3
    exponent, drift, logarithm = fit.statistics(exact[None], np.array([1e-3]))[0]
    assert (exponent, drift, logarithm) == pytest.approx((1.7, 0, math.log(0.3)), abs=1e-6)
    drawn = exact * np.random.default_rng(8).chisquare(1, (400, 60))
    found = fit.statistics(drawn, np.full(400, 1e-3))
    good = found[np.isfinite(found).all(axis=1), 0]
    assert len(good) > 390
    error = good.std() / math.sqrt(len(good))
    assert abs(good.mean() - 1.7) < 4 * error + 0.05
    scatter = [fit.scatter(row, fit.parameters(row, 1e-3)) for row in drawn[:60]]
    assert 0.7 < np.median(scatter) / good.std() < 1.3


def test_windows():
    rows, _ = power_law_data(a=1.5, b=2.0, rows=200, dimension=50, noise=0.02, seed=9)
    _, fits = analysed(rows, window=("3", "12"))
    assert (fits.spectrum.window.first, fits.spectrum.window.last) == (3, 12)
    assert (fits.signal.window.first, fits.signal.window.last) == (3, 12)
    for window, says in [((3, 51), "only 50"), ((3, 5), "fewer than 6"), ((0, 20), "whole directions"), (5, "a pair")]:
        with pytest.raises(InvalidInput, match=says):
            analysed(rows, window=window)


def test_the_phase_is_the_derived_one():
    rows, _ = power_law_data(a=1.5, b=2.0, rows=400, dimension=200, noise=0.02, seed=1)
    _, fits = analysed(rows, level=0.95)
    phase = data_phase(fits.spectrum, fits.signal)
    assert phase.phase == "Ia"
    assert phase.phase in phase.allowed
    assert abs(phase.a - 1.5) < 0.1
    assert phase.loss_exponent == (phase.b - 1) / (phase.a + 1)  # of phase Ia, where floor and bias meet


@pytest.mark.parametrize("a, b", [(2, "7/2"), ("7/5", "18/5"), ("9/10", "39/25")])
def test_the_quick_phase_is_that_of_the_full_derivation(a, b):
    quick, full = phase_at(a=a, b=b), rc.exponents(a=a, b=b)
    assert quick.phase == full.phase is not None
    assert (quick.loss_exponent, quick.model_size_exponent) == (full.loss_exponent, full.model_size_exponent)
    assert quick.balance == full.balance
