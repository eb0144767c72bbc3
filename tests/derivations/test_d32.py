"""D32: spectra of the named kernels."""

from __future__ import annotations

import mpmath
import pytest
import sympy as sp

X, Y = sp.symbols("x y", positive=True)
J = sp.Symbol("j", positive=True, integer=True)


@pytest.mark.parametrize(
    "below, above, omega",
    [(Y, X, (J - sp.Rational(1, 2)) * sp.pi), (Y * (1 - X), X * (1 - Y), J * sp.pi)],
    ids=["brownian", "bridge"],
)
def test_interval_kernels(below, above, omega):
    for j in (1, 2, 5):
        frequency = omega.subs(J, j)
        wave = sp.sin(frequency * Y)
        applied = sp.integrate(below * wave, (Y, 0, X)) + sp.integrate(above * wave, (Y, X, 1))
        assert sp.simplify(applied - sp.sin(frequency * X) / frequency**2) == 0


@pytest.mark.parametrize("s", [1, 2])
def test_fourier_coefficients_of_bernoulli_polynomials(s):
    kernel = (-1) ** (s + 1) * sp.bernoulli(2 * s, X) / sp.factorial(2 * s)
    for n in (1,):
        coefficient = sp.integrate(sp.expand(kernel * sp.cos(2 * sp.pi * n * X)), (X, 0, 1))
        assert sp.simplify(coefficient - (2 * sp.pi * n) ** (-2 * s)) == 0
    assert sp.integrate(kernel, (X, 0, 1)) == 0


@pytest.mark.parametrize("s", [1, 2, 4])
def test_matern_on_the_line(s):
    f = sp.factorial
    terms = (f(s - 1 + i) / (f(i) * f(s - 1 - i) * f(s - 1) * 2 ** (s + i)) * X ** (s - 1 - i) for i in range(s))
    omega = sp.Symbol("omega", positive=True)
    transform = 2 * sum(
        sp.re(sp.factorial(power) / (1 - sp.I * omega) ** (power + 1)) * coefficient
        for (power,), coefficient in sp.Poly(sum(terms), X).terms()
    )
    for value in (sp.Rational(1, 3), 2):
        assert sp.simplify(transform.subs(omega, value) - (1 + sp.Integer(1) * value**2) ** -s) == 0


def test_mehler_parameters():
    p, q = sp.symbols("p q", positive=True)
    c = sp.sqrt(p**2 + 2 * p * q)
    d = p + q + c
    rho = q / d
    assert sp.simplify(4 * c * rho / (1 - rho**2) - 2 * q) == 0  # mixed term
    assert sp.simplify(-(c - p) - 2 * c * rho**2 / (1 - rho**2) + q) == 0  # square of x: exponent -q
    assert sp.simplify((2 * p / d) * (c / p) / (1 - rho**2) - 1) == 0  # factor in front, squared


@pytest.mark.parametrize("d", [3, 4, 7])
@pytest.mark.parametrize("order", [0, 1])
def test_arc_cosine_gauss_sums(order, d):
    """The closed form against the series of its proof, and the recursion against the closed form."""
    half, dimension = mpmath.mpf(1) / 2, mpmath.mpf(d)

    def closed(l):
        first = mpmath.gamma(dimension / 2) * mpmath.gamma(dimension / 2 + order) / (2 * mpmath.pi**2 * (1 + order))
        return first * (mpmath.gamma((l - order) * half) / mpmath.gamma((l + d + order) * half)) ** 2

    def moment(m, l):
        return (
            mpmath.factorial(m)
            / (mpmath.factorial(m - l) * mpmath.mpf(2) ** l)
            * mpmath.gamma(dimension / 2)
            * mpmath.gamma((m - l + 1) * half)
            / (mpmath.sqrt(mpmath.pi) * mpmath.gamma((m + l + d) * half))
        )

    def coefficient(m):  # of t^m in the kernel, from arcsin and its integral
        n = m - 1 if order == 0 else m - 2
        arcsine = mpmath.rf(half, n // 2) / mpmath.factorial(n // 2)
        return arcsine / (mpmath.pi * m) if order == 0 else arcsine / (mpmath.pi * m * (m - 1))

    with mpmath.workdps(25):
        for l in (3, 5) if order == 0 else (2, 4, 6):
            terms = [coefficient(l + 2 * k) * moment(l + 2 * k, l) for k in range(5)]
            top, bottom = (l - order) * half, l + dimension / 2
            for k in range(4):
                assert abs(terms[k + 1] / terms[k] - (k + top) ** 2 / ((k + 1) * (k + bottom))) < 1e-20
            gauss = mpmath.gamma(bottom) * mpmath.gamma(bottom - 2 * top) / mpmath.gamma(bottom - top) ** 2
            assert abs(terms[0] * gauss / closed(l) - 1) < 1e-20
            assert abs(closed(l + 2) / closed(l) - ((mpmath.mpf(l) - order) / (l + d + order)) ** 2) < 1e-20
        root = mpmath.gamma(dimension / 2) ** 2 / (
            mpmath.gamma((dimension - 1) / 2) * mpmath.gamma((dimension + 1) / 2)
        )
        first = root / (mpmath.pi * (d - 1)) if order == 0 else d * root / (mpmath.pi * (d - 1))
        assert abs(first / closed(1 - order) - 1) < 1e-20
