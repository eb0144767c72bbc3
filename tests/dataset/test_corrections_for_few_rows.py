"""What is taken off or divided by because rows are few: signs and degrees of freedom, each against its definition."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import kstest

from riskcalc.dataset import Laplace, Linear, prepared
from riskcalc.dataset.coefficient_fit import coefficient_fit
from riskcalc.dataset.eigen import decompose
from riskcalc.dataset.exponents import data_exponents
from riskcalc.dataset.noise import label_noise
from riskcalc.fitting.estimate import curve_fit
from riskcalc.fitting.loss import SoftL1

LEVEL = 1e-3  # of each test that rests on samples, two-sided: |z| up to 3.3
Z = 3.3


def _data(seed, *, rows=200, dimension=150):
    generator = np.random.default_rng(seed)
    order = np.arange(1, dimension + 1.0)
    features = generator.standard_normal((rows, dimension)) * order**-0.6
    labels = features @ (order**-0.3 * generator.choice([-1, 1], dimension))
    return prepared(features, labels + 0.1 * generator.standard_normal(rows), standardise=False)


@pytest.mark.parametrize("which", ["spectrum", "signal"])
def test_the_bias_is_taken_off_and_not_added(which):
    """The reported exponent plus the bias it names is the fit of the data themselves."""
    eigen = decompose(Linear(), _data(2))
    noise = label_noise(eigen)
    window = (2, 20)
    report = getattr(data_exponents(eigen, noise, window=window, level=0.95, resamples=60, seed=0), which)
    if which == "spectrum":
        places = np.unique(np.geomspace(*window, 40).round().astype(int))
        fit = curve_fit(places.astype(float), eigen.eigenvalues[places - 1], terms=1, floor=0.0, loss=SoftL1())
        raw = fit.statistics(eigen.eigenvalues[places - 1][None])[0, 0]
    else:
        places = np.arange(window[0], window[1] + 1)
        floor = np.array([noise.variance / eigen.rows])
        raw = coefficient_fit(places.astype(float)).statistics(eigen.power[places - 1][None], floor)[0, 0]
    named = float(report.uncertainty.split("their bias, ")[1].split(",")[0])
    assert abs(named) > 5e-3, "this data set shows no bias, and the test nothing"
    assert report.exponent + named == pytest.approx(raw, abs=0.51e-3)  # the text has three decimals


def test_eigenvalues_of_few_rows_fall_too_fast_and_the_correction_goes_the_other_way():
    """Plain regression of the sample eigenvalues overstates a; over data sets the report is nearer to it."""
    plain, reported = [], []
    for seed in range(6):
        eigen = decompose(Linear(), _data(seed, dimension=300))
        order = np.arange(2, 21.0)
        plain.append(-np.polyfit(np.log(order), np.log(eigen.eigenvalues[1:20]), 1)[0] - 1.2)
        fits = data_exponents(eigen, label_noise(eigen), window=(2, 20), level=0.95, resamples=40, seed=seed)
        reported.append(fits.spectrum.exponent - 1.2)
    assert abs(np.mean(reported)) < 0.7 * abs(np.mean(plain))


@pytest.mark.parametrize("degrees", [50, 200])
def test_the_scatter_is_that_of_the_estimate_whatever_the_law_of_the_coefficients(degrees):
    """Six directions: its mean square is the variance of the exponent, over data sets of any dispersion 2/degrees."""
    steps, sets = np.arange(1.0, 7), 500
    fit = coefficient_fit(steps)
    law = 0.3 * steps**-1.7 + 1e-6
    drawn = law * np.random.default_rng(degrees).chisquare(degrees, (sets, 6)) / degrees
    exponents = fit.statistics(drawn, np.full(sets, 1e-6))[:, 0]
    assert np.isfinite(exponents).all()
    squares = np.array([fit.scatter(row, fit.parameters(row, 1e-6)) for row in drawn]) ** 2
    ratio = squares.mean() / exponents.var(ddof=1)
    # relative standard errors: of the variance sqrt(2/n), of the mean square from its own spread
    error = math.hypot(math.sqrt(2 / sets), squares.std() / squares.mean() / math.sqrt(sets))
    assert abs(ratio - 1) < Z * error
    assert Z * error < 0.3  # six directions as if they had six degrees of freedom: 0.67


def _pure_noise(sets, rows):
    """Labels without signal: the variance 1 of the labels is that of n - 1 free rows, so the noise is n/(n - 1)."""
    generator = np.random.default_rng(11)
    points = generator.random((rows, 1))
    for _ in range(sets):
        yield label_noise(decompose(Laplace(bandwidth=0.3), prepared(points, generator.standard_normal(rows))))


def test_the_noise_of_a_tail_is_divided_by_its_own_directions():
    rows, sets = 24, 800
    found = np.array([noise.variance for noise in _pure_noise(sets, rows)])
    z = (found.mean() - rows / (rows - 1)) / (found.std(ddof=1) / math.sqrt(sets))
    assert abs(z) < Z
    assert found.std(ddof=1) / math.sqrt(sets) < 0.02  # one direction more or less: 0.08


def test_the_chance_of_a_decaying_tail_is_uniform_where_nothing_decays():
    chances = [noise.p_value for noise in _pure_noise(800, 42)]
    assert kstest(chances, "uniform").pvalue > LEVEL
