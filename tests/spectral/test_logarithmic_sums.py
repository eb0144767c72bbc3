"""The spectral sums of the logarithmic spectrum in infinite dimension, against plain sums."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from riskcalc import (
    Constant,
    Equivalent,
    GaussianPrior,
    LogarithmicPowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    TailAverage,
)
from riskcalc.agreement.digits import agreeing_digits
from riskcalc.spectral.logarithmic_sums import LogarithmicSums
from riskcalc.spectral.of_problem import spectral_sums
from riskcalc.spectral.term_by_term import ExplicitSums

FAR = 400_000
POINTS = np.array([0.1, 1e-3, 1e-3j, -1e-2 + 1e-2j, -3.0, 3e-4 - 1e-3j])


def sums(signal, *, dimension=None, a=2):
    spectrum = LogarithmicPowerLaw(a=a, scale="1/3", dimension=dimension)
    return spectral_sums(Problem(spectrum=spectrum, signal=signal))


def test_which_sums_are_taken():
    assert isinstance(sums(GaussianPrior()), LogarithmicSums)
    assert isinstance(sums(GaussianPrior(), dimension=50), ExplicitSums)


@pytest.mark.parametrize("signal", [PowerLawSignal(b=4, scale=3), GaussianPrior(b="29/10", scale=2)], ids=str)
def test_a_fast_signal(signal):
    """Beyond 400000 terms nothing is left of it but what an integral gives."""
    infinite, finite = sums(signal), sums(signal, dimension=FAR)
    b = float(signal.b)
    beyond = float(signal.scale) * (FAR + 0.5) ** (1 - b) / (b - 1)
    _, _, found = infinite.at(POINTS)
    _, _, expected = finite.at(POINTS)
    assert found == pytest.approx(expected + beyond / POINTS, rel=1e-10)
    assert infinite.moments().signal == pytest.approx(finite.moments().signal + beyond, rel=1e-12)


@pytest.mark.parametrize("b", [4, 3])
def test_the_constant_taken_off_the_signal_belongs_to_it(b):
    """sig = W - u tame, by three separate sums."""
    found = sums(PowerLawSignal(b=b, scale=3))
    norm = found.target_norm
    assert norm is not None
    assert norm - POINTS * found.tame_at(POINTS)[2] == pytest.approx(found.at(POINTS)[2], rel=1e-12)


@pytest.mark.parametrize(("a", "size"), [(2, 1.0), (3, 1.0), (30, 1.0), (30, 1e-33)])
def test_the_slow_sums(a, size):
    """d1 and d2 beyond 400000 terms: the integrals in s = log j, of lambda/(lambda + u) and its square, by Gauss.

    At a = 30 and u = 1e-33 zeros of lambda + u lie less than 1 below the real axis.
    """
    points = POINTS if size == 1 else size * POINTS[:3]
    found, finite = sums(GaussianPrior(), a=a), sums(GaussianPrior(), a=a, dimension=FAR)
    nodes, weights = np.polynomial.legendre.leggauss(60)
    edges = np.log(FAR + 0.5) + np.array([0.0, 5, 10, 20, 40, 80])
    s = np.concatenate([(low + high) / 2 + (high - low) / 2 * nodes for low, high in pairwise(edges)])
    ds = np.concatenate([(high - low) / 2 * weights for low, high in pairwise(edges)])
    eigenvalue = np.exp(-s) / np.logaddexp(s * 0, s) ** a / 3
    share = eigenvalue / (eigenvalue + points[:, None])
    tail = edges[-1] ** (1 - a) / (a - 1) / 3 / points
    d1, d2, signal = found.at(points)
    plain = finite.at(points)
    assert d1 == pytest.approx(plain[0] + (share * np.exp(s)) @ ds + tail, rel=1e-9)
    assert d2 == pytest.approx(plain[1] + (share**2 * np.exp(s)) @ ds, rel=1e-9)
    assert np.array_equal(signal, d1)


def test_conjugate_points_have_conjugate_sums():
    above, below = sums(GaussianPrior()).at(np.array([1e-3 + 1e-4j, 1e-3 - 1e-4j]))[0]
    assert above == np.conj(below)


def test_a_curve_in_infinite_dimension():
    """It is near that of a large finite dimension, and below it where what is cut off is still to be learnt."""
    runs = [
        Run(
            Problem(spectrum=LogarithmicPowerLaw(a=4, dimension=dimension), signal=PowerLawSignal(b=3), noise=1),
            model_size=20,
            schedule=Constant("1/100"),
            steps=[0, 10, 1000],
            averaging=TailAverage("1/2"),
        )
        for dimension in (None, 2000)
    ]
    infinite, finite = (Equivalent().curve(run) for run in runs)
    assert infinite.error < 1e-10
    assert infinite.excess == pytest.approx(finite.excess, rel=5e-3)


@pytest.mark.parametrize("a", [2, "5/2"])
def test_the_sums_do_not_depend_on_where_the_head_ends(a, monkeypatch):
    """The correction at the end of the head is 2e-11 of the trace at 4000 terms, and far below that at a million."""
    expected = sums(GaussianPrior(), a=a)
    trace, d1 = expected.moments().trace, expected.at(POINTS)[0]
    monkeypatch.setattr("riskcalc.spectral.logarithmic_sums._HEAD", 1_000_000)
    other = sums(GaussianPrior(), a=a)
    assert agreeing_digits(np.array([trace]), np.array([other.moments().trace])).min() > 12.5
    assert agreeing_digits(d1.real, other.at(POINTS)[0].real).min() > 12
