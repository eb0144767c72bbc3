"""Targets in the eigenfunctions of kernels: coefficients against symbolic integrals and high precision."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy

from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.kernel import (
    ArcCosine,
    Brownian,
    BrownianBridge,
    GaussianLine,
    PeriodicMatern,
    PeriodicSobolev,
    PiecewisePolynomial,
    Zonal,
)

KERNELS = [Brownian(), BrownianBridge(), PeriodicSobolev(order=1), PeriodicMatern(order=2, length="1/5")]
WAVY = PiecewisePolynomial([0, "1/3", "3/4", 1], [[1, -2, 0, 4], ["1/2"], [0, 0, 3]])
TARGETS = [PiecewisePolynomial.monomial(1), PiecewisePolynomial.step("1/3"), PiecewisePolynomial.tent("2/5"), WAVY]
SIGN = Zonal(PiecewisePolynomial([-1, 0, 1], [[-1], [1]]))
RAMP = Zonal(PiecewisePolynomial([-1, "1/5", 1], [[0], ["-1/5", 1]]))


def gegenbauer(degree, index, t):
    """By its recursion: hypergeometric series fail at some points."""
    before, now = mpmath.mpf(0), mpmath.mpf(1)
    for n in range(1, degree + 1):
        before, now = now, (2 * (n + index - 1) * t * now - (n + 2 * index - 2) * before) / n
    return now


def at_high_precision(kernel, target, j):
    """The coefficient of a piecewise polynomial by 30-digit quadrature between half waves."""
    waves = kernel.waves(j)
    turns, quarter = (mpmath.mpf(float(part[-1])) for part in (waves.turns, waves.quarter))
    with mpmath.workdps(30):
        total = mpmath.mpf(0)
        for left, right, piece in zip(target.ends[:-1], target.ends[1:], target.pieces, strict=True):
            coefficients = [mpmath.mpf(value.numerator) / value.denominator for value in reversed(piece)]

            def integrand(x, coefficients=coefficients):
                wave = mpmath.sqrt(2) * mpmath.sin(mpmath.pi * (turns * x + quarter / 2)) if turns else mpmath.mpf(1)
                return mpmath.polyval(coefficients, x) * wave

            ends = (mpmath.mpf(end.numerator) / end.denominator for end in (left, right))
            total += mpmath.quad(integrand, mpmath.linspace(*ends, 2 + int(turns)))
        return float(total)


# every kernel and every target in the default suite, every pair with the slow tests
PAIRS = [
    pytest.param(
        kernel,
        target,
        id=f"{kernel.describe()['name']}-{name}",
        marks=() if place == row or name == "step" else pytest.mark.slow,
    )
    for row, kernel in enumerate(KERNELS)
    for place, (name, target) in enumerate(zip(("line", "step", "tent", "wavy"), TARGETS, strict=True))
]


@pytest.mark.parametrize(("kernel", "target"), PAIRS)
def test_coefficients_at_high_precision(kernel, target):
    found = kernel.expand(target, dimension=40)
    for j in (1, 2, 17):
        assert abs(found.coefficients[j - 1] - at_high_precision(kernel, target, j)) < 2e-15
    # the same by the package's own quadrature, which is told the breaks of the function alone
    plain = kernel.expand(lambda x: target(x), dimension=40, breaks=target.breaks)
    assert np.abs(plain.coefficients - found.coefficients).max() < 1e-14
    assert plain.squared_norm == pytest.approx(found.squared_norm, rel=1e-13)


def test_coefficients_in_symbols():
    """f(x) = x and a step in the eigenfunctions of Brownian motion, integrated by SymPy for every frequency at once."""
    x, omega = sympy.symbols("x omega", positive=True)
    wave = sympy.sqrt(2) * sympy.sin(omega * x)
    line = sympy.integrate(x * wave, (x, 0, 1))
    step = sympy.integrate(wave, (x, 0, sympy.Rational(1, 3)))
    for target, formula in ((TARGETS[0], line), (TARGETS[1], step)):
        found = Brownian().expand(target, dimension=500).coefficients
        exact = [float(formula.subs(omega, (place - sympy.Rational(1, 2)) * sympy.pi)) for place in (1, 2, 77, 500)]
        assert np.abs(found[[0, 1, 76, 499]] - exact).max() < 1e-15
    at_brownian = line.subs({sympy.cos(omega): 0})
    assert sympy.simplify(at_brownian - sympy.sqrt(2) * sympy.sin(omega) / omega**2) == 0


def test_gaussian_line_at_high_precision():
    kernel = GaussianLine(length=1, spread="3/2")
    found = kernel.expand(lambda x: np.sin(2 * x) + x**2, dimension=15)
    with mpmath.workdps(30):
        p, q = 1 / (4 * mpmath.mpf(9) / 4), mpmath.mpf(1) / 2
        c = mpmath.sqrt(p * p + 2 * p * q)
        for n in (1, 13):
            size = (c / p) ** mpmath.mpf("0.25") / mpmath.sqrt(2**n * mpmath.factorial(n))

            def integrand(x, n=n, size=size):
                wave = size * mpmath.exp(-(c - p) * x**2) * mpmath.hermite(n, mpmath.sqrt(2 * c) * x)
                measure = mpmath.exp(-2 * p * x**2) * mpmath.sqrt(2 * p / mpmath.pi)
                return (mpmath.sin(2 * x) + x**2) * wave * measure

            exact = mpmath.quad(integrand, mpmath.linspace(-18, 18, 10))
            assert abs(found.coefficients[n] - exact) < 1e-13


@pytest.mark.parametrize(
    ("target", "d"),
    [
        pytest.param(SIGN, 3, id="sign-3", marks=pytest.mark.slow),
        pytest.param(SIGN, 4, id="sign-4", marks=pytest.mark.slow),
        pytest.param(SIGN, 6, id="sign-6"),
        *(pytest.param(RAMP, d, id=f"ramp-{d}") for d in (3, 4, 6)),
    ],
)
def test_zonal_targets_at_high_precision(target, d):
    kernel = ArcCosine(order=1, d=d)
    found = kernel.expand(target, dimension=100)
    place, index = 0, mpmath.mpf(d - 2) / 2
    with mpmath.workdps(25):
        mass = mpmath.beta(mpmath.mpf(d - 1) / 2, mpmath.mpf(1) / 2)
        for degree, width, _ in kernel.blocks(100):
            top = gegenbauer(degree, index, 1)
            size = mpmath.sqrt((2 * degree + d - 2) * mpmath.binomial(degree + d - 3, degree) / (d - 2))

            def integrand(t, degree=degree, top=top):
                value = (
                    float(target.at_height(np.array([float(t)]))[0])
                    if target is SIGN
                    else max(t - mpmath.mpf(1) / 5, 0)
                )
                return value * gegenbauer(degree, index, t) / top * (1 - t * t) ** (index - mpmath.mpf(1) / 2)

            exact = size * mpmath.quad(integrand, [-1, 0, mpmath.mpf(1) / 5, 1]) / mass
            assert abs(found.coefficients[place] - exact) < 1e-14
            assert not found.coefficients[place + 1 : place + width].any()
            place += width


def test_any_function_on_the_sphere():
    """Tilted, so that coefficients other than the zonal ones are met; the rotation keeps the power of every degree."""
    kernel = ArcCosine(order=1)
    axis = np.array([0.6, 0.0, 0.8])
    straight = kernel.expand(Zonal(np.exp), dimension=49)
    tilted = kernel.expand(lambda points: np.exp(points @ axis), dimension=49)
    place = 0
    for _, width, _ in kernel.blocks(49):
        block = slice(place, place + width)
        powers = [np.sum(found.coefficients[block] ** 2) for found in (straight, tilted)]
        assert powers[0] == pytest.approx(powers[1], rel=1e-11, abs=1e-15)
        place += width
    # odd degrees above the first are no features of this kernel, but of the other: the remainder says so
    others = ArcCosine(order=0).expand(Zonal(np.exp), dimension=200).coefficients
    assert tilted.remainder == pytest.approx(np.sum(others[4:] ** 2), rel=1e-6)


@pytest.mark.parametrize("degree", [10, 30, 40])
def test_polynomials_whose_coefficients_cancel(degree):
    """Legendre polynomials on [0, 1]: at degree 30 a coefficient came out as 8889 for 0.07, its remainder as zero.

    int P_n(2x - 1) e^(i k (2x - 1)) dx = i^n j_n(k), j_n the spherical Bessel function.
    """
    from scipy.special import spherical_jn

    pieces = [int(math.comb(degree, k) * math.comb(degree + k, k)) * (-1) ** (degree - k) for k in range(degree + 1)]
    target = PiecewisePolynomial([0, 1], [pieces])
    assert target([0.0, 0.5, 1.0]) == pytest.approx([1, mpmath.legendre(degree, 0), 1], rel=1e-14)
    found = BrownianBridge().expand(target, dimension=300)
    k = np.arange(1, 301) * np.pi / 2
    exact = np.sqrt(2) * np.imag(np.exp(1j * k) * 1j**degree * spherical_jn(degree, k))
    assert np.abs(found.coefficients - exact).max() < 1e-14 * math.sqrt(found.squared_norm)
    assert found.error < 1e-14
    assert found.remainder == pytest.approx(found.squared_norm - np.sum(exact**2), rel=1e-10)


def test_coefficients_that_hold_more_than_the_target_are_refused(monkeypatch):
    """Bessel's inequality: such a remainder was cut off at zero."""
    plain = PiecewisePolynomial.squared_integral
    monkeypatch.setattr(PiecewisePolynomial, "squared_integral", lambda self: plain(self) / 2)
    with pytest.raises(ToleranceNotMet, match="more than the mean square"):
        Brownian().expand(WAVY, dimension=300)


def test_the_remainder_is_what_comes_later():
    few, many = (Brownian().expand(WAVY, dimension=v) for v in (30, 200_000))
    assert few.remainder == pytest.approx(np.sum(many.coefficients[30:] ** 2) + many.remainder, rel=1e-10)
    assert many.remainder < 1e-3 * few.remainder


def test_the_problem_has_the_coefficients_as_signal():
    problem = Brownian().problem(WAVY, dimension=30, noise="1/10")
    assert np.allclose(
        problem.signal_power(), Brownian().expand(WAVY, dimension=30).coefficients ** 2, rtol=1e-13, atol=0
    )
    assert (problem.noise, problem.dimension) == (Fraction(1, 10), 30)
    assert np.array_equal(problem.eigenvalues(), Brownian().eigenvalues(30))


def test_a_break_that_is_not_named_is_noticed():
    with pytest.raises(ToleranceNotMet, match="breaks="):
        Brownian().expand(lambda x: np.where(x < math.pi / 10, 1.0, 0.0), dimension=40)
    with pytest.raises(ToleranceNotMet, match="breaks="):  # one feature alone has to notice as well
        Brownian().expand(lambda x: np.where(x < math.pi / 10, 1.0, 0.0), dimension=1)
    Brownian().expand(lambda x: np.where(x < math.pi / 10, 1.0, 0.0), dimension=40, breaks=[math.pi / 10])
    with pytest.raises(ToleranceNotMet, match="mean square"):
        Brownian().expand(lambda x: 1 / x, dimension=5)
    height = ArcCosine(order=1).expand(lambda points: 1 + points[:, 2] ** 4, dimension=1)
    assert height.coefficients == pytest.approx([1.2], rel=1e-14)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: PiecewisePolynomial([0, 1], [[0.5]]), "is a float"),
        (lambda: PiecewisePolynomial([0, 1, "1/2"], [[1], [1]]), "must ascend"),
        (lambda: PiecewisePolynomial([0, 1], []), "need 1 pieces"),
        (lambda: PiecewisePolynomial.tent(1), "lies between 0 and 1"),
        (lambda: PiecewisePolynomial.monomial(1)([2.0]), "between 0 and 1 only"),
        (lambda: Zonal(PiecewisePolynomial.monomial(1)), "from -1 to 1"),
        (lambda: Zonal(4), "or a function of the height, not 4"),
        (lambda: Brownian().expand(SIGN, dimension=5), "needs a kernel on a sphere"),
        (lambda: ArcCosine(order=0).expand(WAVY, dimension=5), "use Zonal"),
        (lambda: Brownian().expand(PiecewisePolynomial([0, 2], [[1]]), dimension=5), "must be given on"),
        (lambda: Brownian().expand(PiecewisePolynomial([0, 1], [[0]]), dimension=5), "nothing to learn"),
        (lambda: Brownian().expand("x", dimension=5), "target must be"),
        (lambda: Brownian().expand(PiecewisePolynomial.monomial(101), dimension=5), "degree 101: use at most 100"),
        (lambda: Brownian().expand(lambda x: x[:3], dimension=5), "one for each point"),
        (lambda: GaussianLine().expand(np.sin, dimension=1000), "is zero in floating point"),
    ],
)
def test_bad_targets_are_refused(make, message):
    with pytest.raises(InvalidInput, match=message):
        make()
