"""Kernels given as functions of the inner product: against closed forms, Nystrom and the trace, to the edge."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest

from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.kernel import ArcCosine, DotProduct, Zonal, nystrom
from riskcalc.kernel.degrees import degrees
from riskcalc.kernel.harmonics import multiplicity


def legendre(*coefficients):
    return lambda t: np.polynomial.legendre.legval(t, coefficients)


def harmonic(degree, size=1.0):
    return legendre(*[0] * degree, size)


def gaussian(length):
    return lambda t: np.exp((t - 1) / length**2)


def poisson(r):
    """sum_l (2l + 1) r^l P_l(t): the eigenvalue of degree l is r^l."""
    return lambda t: (1 - r * r) / (1 + r * r - 2 * r * t) ** 1.5


HIGHER = DotProduct(function=lambda t: 0.1 * harmonic(12, 25)(t) + 0.01 * legendre(1, 3, 5)(t))


def test_a_higher_harmonic_that_is_larger_comes_first():
    """nine times 0.01 was given for nine times 0.1"""
    values = HIGHER.eigenvalues(34)
    assert values[:25] == pytest.approx(0.1, rel=1e-13)
    assert values[25:] == pytest.approx(0.01, rel=1e-12)
    assert values.sum() == pytest.approx(HIGHER([[0, 0, 1]], [[0, 0, 1]])[0, 0], rel=1e-13)
    assert nystrom(HIGHER, dimension=34) == pytest.approx(values, rel=1e-12)
    first = DotProduct(function=lambda t: harmonic(12, 25)(t) + 0.01 * legendre(1, 3, 5)(t))
    assert first.eigenvalues(9) == pytest.approx(1.0, rel=1e-13)  # more are found up to degree 8 than are asked
    later = DotProduct(function=lambda t: np.exp(t) + harmonic(300, 0.01 * 601)(t))  # beyond what is looked at first
    assert later.eigenvalues(4) == pytest.approx([math.sinh(1), *[math.exp(-1)] * 3], rel=1e-11)
    assert later.eigenvalues(640)[16:617] == pytest.approx(0.01, rel=1e-10)


@pytest.mark.parametrize(
    "kernel",
    [
        HIGHER,
        DotProduct(function=legendre(1, 3, 5, 7)),  # all eigenvalues equal
        DotProduct(function=np.exp, d=5),
        DotProduct(function=poisson(0.99)),
        DotProduct(function=lambda t: np.exp(-np.sqrt(2 - 2 * t)), d=4),
        ArcCosine(order=0),
        ArcCosine(order=1, d=6),
    ],
)
def test_few_eigenvalues_are_the_first_of_many(kernel):
    most = 16 if kernel.by_degree(40)[4:13].max() == 0 else 34
    many = kernel.eigenvalues(most)
    for few in (1, 2, 5, 9, 16):
        assert np.array_equal(kernel.eigenvalues(few), many[:few])
        assert kernel.blocks(few)[:-1] == kernel.blocks(most)[: len(kernel.blocks(few)) - 1]


@pytest.mark.parametrize("length", [1, 0.1, 0.01, 0.002, 0.001, 0.0008])
def test_narrow_gaussians_in_closed_form(length):
    """3e-7 off at 0.01, 3.2 % at 0.002, -19 % at 0.001 once. With z = 1/l^2, lambda_l = e^-z i_l(z)."""
    z, found = 1 / length**2, DotProduct(function=gaussian(length)).eigenvalues(4)
    with mpmath.workdps(30):
        first = (1 - mpmath.exp(-2 * mpmath.mpf(z))) / (2 * mpmath.mpf(z))
        second = (1 + mpmath.exp(-2 * mpmath.mpf(z))) / (2 * mpmath.mpf(z)) - first / z
    assert found == pytest.approx([float(first), *[float(second)] * 3], rel=1e-10)


@pytest.mark.parametrize("r", [0.5, 0.99, 0.999])
def test_poisson_kernels_in_closed_form(r):
    """-49 % at 0.9999 once."""
    found = DotProduct(function=poisson(r)).eigenvalues(100)
    assert found == pytest.approx(np.concatenate([[r**n] * (2 * n + 1) for n in range(10)]), rel=1e-10)


@pytest.mark.parametrize(
    "function",
    [
        poisson(0.9995),
        poisson(0.9999),
        poisson(1 - 1e-6),
        gaussian(5e-4),
        gaussian(1e-5),
        gaussian(1e-9),
    ],
)
def test_what_is_too_narrow_is_refused(function):
    with pytest.raises(InvalidInput, match=r"higher degrees may hold one of|varies faster"):
        DotProduct(function=function).eigenvalues(4)


@pytest.mark.parametrize("d", [3, 4, 8])
@pytest.mark.parametrize("order", [0, 1])
def test_arc_cosines_as_functions(order, d):
    """Their decay is a power: the largest are certain long before the degrees are exhausted."""
    known = ArcCosine(order=order, d=d)
    found = DotProduct(function=known.profile, d=d)
    assert found.eigenvalues(3000) == pytest.approx(known.eigenvalues(3000), rel=1e-9)
    assert found.largest_beyond(64) >= known.largest_beyond(64) > 0


@pytest.mark.parametrize("d", [3, 10, 100, 1000, 10**6])
def test_the_exponential_in_many_dimensions(d):
    """lambda_l = Gamma(d/2) 2^(d/2 - 1) I_(l + d/2 - 1)(1)."""
    kernel = DotProduct(function=np.exp, d=d)
    with mpmath.workdps(40):
        for degree in range(4):
            series = mpmath.nsum(
                lambda k, n=degree: (
                    mpmath.mpf("0.25") ** k / (mpmath.factorial(k) * mpmath.rf(mpmath.mpf(d) / 2, n + k))
                ),
                [0, mpmath.inf],
            )
            exact = float(series / mpmath.mpf(2) ** degree)
            # known to 1e-14 of the norm over the root of the multiplicity, and otherwise to ten digits
            slack = 1e-14 * math.e / math.sqrt(multiplicity(d, degree))
            assert kernel.by_degree(8)[degree] == pytest.approx(exact, rel=1e-10, abs=slack)


@pytest.mark.parametrize(
    "function, message",
    [
        (lambda t: np.exp(t) - harmonic(40, 1e-3)(t), "eigenvalue of degree 40 is -1.23e-05"),
        (lambda t: np.exp(t) - harmonic(400, 1e-3)(t), "negative ones among those of higher degree"),
        # of no trace at all: only the mean square tells
        (lambda t: np.exp(t) - harmonic(400, 1e-3)(t) + harmonic(401, 1e-3)(t), "negative ones among those of higher"),
        (lambda t: np.maximum(t, 0), "eigenvalue of degree 4 is -0.0104"),
        (lambda t: np.exp(t) + (t == 1), "jumps there"),
        (lambda t: 0 * t, "is zero"),
    ],
)
def test_functions_that_are_no_kernels_are_refused(function, message):
    with pytest.raises(InvalidInput, match=message):
        DotProduct(function=function).eigenvalues(4)


def test_a_kink_inside_is_found():
    """(1 - angle)^3 where that is positive: a kernel of compact support. Against 20-digit integrals."""
    kernel = DotProduct(function=lambda t: np.maximum(1 - np.arccos(t), 0) ** 3)
    with mpmath.workdps(25):
        for degree in (0, 1, 6, 30):
            exact = mpmath.quad(
                lambda x, n=degree: (1 - x) ** 3 * mpmath.legendre(n, mpmath.cos(x)) * mpmath.sin(x) / 2,
                mpmath.linspace(0, 1, 9),
            )
            assert kernel.by_degree(30)[degree] == pytest.approx(float(exact), rel=1e-12)


def test_two_quadratures_that_differ_are_refused():
    class Drifting:
        calls = 0

        def __call__(self, t):
            self.calls += 1
            return np.exp(t) * (1 + 1e-9 * self.calls)

    with pytest.raises(ToleranceNotMet, match="two quadratures"):
        DotProduct(function=Drifting()).eigenvalues(4)


def test_what_the_degrees_leave_bounds_the_rest():
    """The root of E (f - degrees up to l)^2 over p_(l+1)(1): what one degree holds, where only the next is left."""
    kernel = DotProduct(function=harmonic(12, 25))
    assert kernel.largest_beyond(11) == pytest.approx(1.0, rel=1e-12)
    assert kernel.largest_beyond(8) == pytest.approx(math.sqrt(25 / 19), rel=1e-12)
    assert kernel.largest_beyond(12) == 0
    rule = kernel.turns(64)
    found = degrees(poisson(0.9)(rule.points), rule, 3, highest=20, enough=0.0)
    left = [math.sqrt(sum((2 * n + 1) * 0.81**n for n in range(last + 1, 400))) for last in range(21)]
    assert found.rests == pytest.approx(left, rel=1e-10)
    assert found.counts == pytest.approx([math.sqrt(2 * n + 1) for n in range(22)], rel=1e-15)


def test_the_density_of_heights_is_resolved_in_many_dimensions():
    for d in (3, 50, 1000, 10**6):
        found = ArcCosine(order=1, d=d).expand(Zonal(np.square), dimension=1)
        assert found.squared_norm == pytest.approx(3 / (d * (d + 2)), rel=1e-10)
        assert found.coefficients[0] == pytest.approx(1 / d, rel=1e-10)
