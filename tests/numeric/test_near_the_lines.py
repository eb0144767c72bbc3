"""Sums next to the lines where a closed form has a pole or a logarithm: b = 1, a, a + 1, 2a + 1, and a = 1.

The exact exponents are what counts: b - 1 = 1e-12 is not what is left of it after b was rounded. The references are
zeta values and direct sums in mpmath, with 30 digits or more, that share nothing with the package.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest

from riskcalc import (
    Asymptotic,
    Constant,
    Equivalent,
    ExplicitSignal,
    ExplicitSpectrum,
    GaussianPrior,
    LogarithmicPowerLaw,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    risk,
)
from riskcalc.asymptotic import crossover
from riskcalc.errors import InvalidInput
from riskcalc.numeric.spectral_sum import power_law_sums
from riskcalc.spectral.of_problem import spectral_sums

ROUNDING = 4e-15  # a few times the accuracy that power_law_sums promises
DISTANCES = [Fraction(sign, 10**power) for power in (3, 6, 9, 12, 15) for sign in (1, -1)]


def exactly(value: Fraction) -> Any:
    return mpmath.mpf(value.numerator) / value.denominator


def reference(u: complex, a: Fraction, p: Fraction, n: int, *, head: int) -> complex:
    """Terms up to head, and beyond it sum_k C(-n, k) u^-(n + k) zeta(p + k a, head), for |u| head^a > 2."""
    with mpmath.workdps(32):
        slope, power, point = exactly(a), exactly(p), mpmath.mpc(u)
        total = mpmath.fsum(mpmath.mpf(j) ** -power / (mpmath.mpf(j) ** -slope + point) ** n for j in range(1, head))
        for k in range(80):
            term = mpmath.binomial(-n, k) * point ** (-n - k) * mpmath.zeta(power + k * slope, head)
            total += term
            if abs(term) < mpmath.mpf(10) ** -18 * abs(total):
                return complex(total)
    raise AssertionError("the reference does not converge: take a longer head")


def next_to(line: Fraction) -> list[Fraction]:
    return [line + distance for distance in DISTANCES if line + distance > 1]


@pytest.mark.parametrize("a", [Fraction(2), Fraction(3, 2)], ids=str)
@pytest.mark.parametrize("line", ["1", "a", "a + 1", "2a + 1"])
def test_signal_sums_on_both_sides_of_every_line(a: Fraction, line: str) -> None:
    place = {"1": Fraction(1), "a": a, "a + 1": a + 1, "2a + 1": 2 * a + 1}[line]
    u = np.array([-0.3 + 0.2j])
    for b in next_to(place):
        (found,) = power_law_sums(u, a=a, dimension=None, exponents=((b, 1),))
        expected = np.array([reference(point, a, b, 1, head=12) for point in u])
        assert np.abs(found / expected - 1).max() < ROUNDING, b


@pytest.mark.parametrize("distance", [one for one in DISTANCES if one > 0], ids=str)
def test_spectra_of_almost_infinite_trace(distance: Fraction) -> None:
    a = 1 + distance
    u = np.array([-0.3 + 0.2j, 1e15])
    found = power_law_sums(u, a=a, dimension=None, exponents=((a, 1), (2 * a, 2)))
    for sums, (p, n) in zip(found, ((a, 1), (2 * a, 2)), strict=True):
        expected = np.array([reference(point, a, p, n, head=30) for point in u])
        assert np.abs(sums / expected - 1).max() < ROUNDING


@pytest.mark.parametrize("distance", [one for one in DISTANCES if one > 0], ids=str)
def test_power_sums_next_to_the_pole_of_zeta(distance: Fraction) -> None:
    with mpmath.workdps(40):
        zeta = float(mpmath.zeta(1 + exactly(distance)))
    problem = Problem(spectrum=PowerLaw(a=1 + distance), signal=PowerLawSignal(b=1 + distance))
    for moment in (spectral_sums(problem).moments().trace, spectral_sums(problem).moments().signal):
        assert moment == pytest.approx(zeta, rel=ROUNDING)
    norm = spectral_sums(Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=3 + distance))).target_norm
    assert norm is None or norm == pytest.approx(zeta, rel=ROUNDING)


@pytest.mark.parametrize(
    ("a", "b", "right"),
    [
        (2, "1.000001", 1000000.57721573743),
        (2, "1.000000001", 1000000000.5772156650),
        (2, "1.000000000001", 1000000000000.5772157),
        ("1.000000001", "1.5", 2.6123753486854883),
    ],
)
def test_the_risk_before_the_first_step_is_a_zeta_value(a: Any, b: Any, right: float) -> None:
    problem = Problem(spectrum=PowerLaw(a=a), signal=PowerLawSignal(b=b))
    run = Run(problem, model_size=1000, schedule=Constant("1/1000000000000"), steps=[0])
    assert risk(run).excess[0] == pytest.approx(right, rel=ROUNDING)


@pytest.mark.parametrize(
    ("a", "b", "model_size", "step_size"),
    [
        ("1.000000001", 2, 3, "1e-10"),  # the tail outweighs the spectrum by 1e9
        ("1.00001", 2, 1, "1/300000"),  # a short contour far from the spectrum
        (2, "3.000000000001", 50, "1/5"),
    ],
)
def test_curves_next_to_the_lines_against_many_digits(a: Any, b: Any, model_size: int, step_size: Any) -> None:
    problem = Problem(spectrum=PowerLaw(a=a), signal=PowerLawSignal(b=b), noise=1)
    run = Run(problem, model_size=model_size, schedule=Constant(step_size), steps=[0, 1, 10, 1000])
    assert risk(run).excess == pytest.approx(risk(run, method=Equivalent(digits=16)).excess, rel=3e-13)


def test_a_tail_of_every_length_in_finite_dimension() -> None:
    """a = 1/20 is the slowest spectrum that is taken, whether it comes as a float or as a fraction."""
    for a in ("1/20", 0.05):
        problem = Problem(spectrum=PowerLaw(a=a, dimension=10**18), signal=PowerLawSignal(b=2), noise=1)
        run = Run(problem, model_size=1, schedule=Constant("1e-18"), steps=[0, 100])
        assert risk(run).excess[0] == pytest.approx(np.pi**2 / 6, rel=ROUNDING)


@pytest.mark.parametrize("distance", [one for one in DISTANCES if one > 0], ids=str)
def test_logarithmic_spectra_of_almost_infinite_trace(distance: Fraction) -> None:
    """sum 1/(j log^a(j + 1)) = 1/(a - 1) + c(a), with c smooth: known from a farther a."""
    near, far = (
        spectral_sums(Problem(spectrum=LogarithmicPowerLaw(a=1 + gap), signal=PowerLawSignal(b=1 + gap))).moments()
        for gap in (distance, 2 * distance)
    )
    inverse = float(1 / distance)
    # the constants differ by their slope times the distance, about one
    assert near.trace - far.trace == pytest.approx(inverse / 2, abs=2 * float(distance) + 4e-16 * inverse)
    with mpmath.workdps(40):
        assert near.signal == pytest.approx(float(mpmath.zeta(1 + exactly(distance))), rel=1e-13)


@pytest.mark.parametrize(("a", "model_size"), [("1.000001", 100), (1 + Fraction(1, 10**15), 1), (30, 100)])
def test_logarithmic_spectra_at_the_ends_of_their_range(a: Any, model_size: int) -> None:
    problem = Problem(spectrum=LogarithmicPowerLaw(a=a), signal=PowerLawSignal(b=2), noise=1)
    largest = spectral_sums(problem).moments().trace
    run = Run(problem, model_size=model_size, schedule=Constant(0.05 / largest), steps=[0, 10])
    assert risk(run).excess[0] == pytest.approx(np.pi**2 / 6, rel=1e-12)


@pytest.mark.parametrize("a", [1 + Fraction(1, 10**291), 1 + Fraction(1, 10**3000)])
@pytest.mark.parametrize("spectrum", [PowerLaw, LogarithmicPowerLaw])
def test_a_tail_beyond_float64_is_refused_in_one_line(a: Fraction, spectrum: Any) -> None:
    def asked() -> None:
        problem = Problem(spectrum=spectrum(a=a), signal=GaussianPrior(b=2), noise=1)
        risk(Run(problem, model_size=3, schedule=Constant("1e-300"), steps=[1]))

    with pytest.raises(InvalidInput, match=r"the eigenvalues add up to 1e\+291.*faster|a is so close to 1.*larger a"):
        asked()


@pytest.mark.parametrize("b", [1 + Fraction(1, 10**291), 1 + Fraction(1, 10**3000)])
def test_a_signal_beyond_float64_is_refused_in_one_line(b: Fraction) -> None:
    def asked() -> None:
        problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=b))
        risk(Run(problem, model_size=3, schedule=Constant(1), steps=[1]))

    with pytest.raises(InvalidInput, match=r"b - 1 = 1e-291 is below 1e-100.*larger b|b is so close to 1.*larger b"):
        asked()


def test_the_crossover_next_to_b_equal_1_and_a_plus_1() -> None:
    """F_pp = Gamma((b-1)/a)/a x^-(b-1)/a and F_ac = zeta(b-a) ..., with the poles at their exact places."""
    gap = Fraction(1, 10**12)
    with mpmath.workdps(40):
        near_one = mpmath.gamma(exactly(gap) / 2) / 2 * mpmath.mpf("0.002") ** (-exactly(gap) / 2)
        near_line = mpmath.zeta(1 + exactly(gap)) * mpmath.gamma(mpmath.mpf(1) / 2) / 2 / mpmath.sqrt("0.002")
        expected = [float(near_one), float(near_line)]
    found = [crossover(a=2, b=b, x=[1e-3]).leading_forcing[0] for b in (1 + gap, 3 + gap)]
    assert found == pytest.approx(expected, rel=ROUNDING)


@pytest.mark.parametrize("b", ["1.000001", "1.05"])
def test_leading_terms_that_never_part_are_refused(b: str) -> None:
    """Their sum is twice the risk at b = 1.000001."""
    problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=b))
    run = Run(problem, model_size=1000, schedule=Constant("3/10"), steps=[100])
    with pytest.raises(InvalidInput, match=r"M\^\(b-1\) = 1\.\d+ is below 2"):
        risk(run, method=Asymptotic())


def test_explicit_eigenvalues_over_300_decades() -> None:
    """What is far too small to be learnt changes nothing but the risk that is left."""
    near, far = (
        Problem(spectrum=ExplicitSpectrum([1.0, 0.5, *rest]), signal=ExplicitSignal([1.0, 1.0, 1.0, 1.0]))
        for rest in ([1e-30, 1e-32], [1e-300, 5e-324])
    )
    runs = [Run(one, model_size=1, schedule=Constant("1/10"), steps=[0, 10, 1000]) for one in (near, far)]
    assert risk(runs[0]).excess == pytest.approx(risk(runs[1]).excess, rel=1e-12)
