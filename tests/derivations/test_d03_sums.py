"""Checks of derivations/D03-generating-function.md, sections 6 and 7, without the package's own code."""

from __future__ import annotations

import math

import pytest
import sympy as sp
from mpmath import mp, mpc, mpf


@pytest.fixture(autouse=True)
def _precision():
    with mp.workdps(30):
        yield


def between(c, low, high):
    """int_low^high x^{c-1} dx in the form that has no special exponent."""
    length = mp.log(high / low)
    return high**c * (-mp.expm1(-c * length) / c if c else length)


def tail_integral(a, p, n, u, low, high, terms=80):
    """int_low^high x^{na-p}/(1 + u x^a)^n dx: ascending series, bent path, descending series."""
    cut = mpf(1) / 3
    first = min(max((cut / abs(u)) ** (1 / a), low), high)
    second = min(max((1 / cut / abs(u)) ** (1 / a), low), high)
    binomials = [mp.binomial(-n, k) for k in range(terms)]
    ascending = sum(
        binomials[k] * u**k * between((n + k) * a - p + 1, low, first) for k in range(terms) if first > low
    )
    descending = mpf(0)
    if high > second:
        for k in range(terms):
            c = 1 - p - k * a
            piece = second**c / -c if mp.isinf(high) else between(c, second, high)
            descending += binomials[k] * u ** (-n - k) * piece
    middle = mpf(0)
    if second > first:
        start, stop = mp.log(first), mp.log(second)
        bend = mpc(0, 1) * (stop - start) / (2 * mp.log(1 / cut))
        turn = (start + stop) / 2 - (bend if mp.arg(u) >= 0 else -bend)

        def integrand(s):
            return mp.exp((n * a - p + 1) * s) / (1 + u * mp.exp(a * s)) ** n

        middle = mp.quad(integrand, [start, turn, stop], method="gauss-legendre")
    return ascending + middle + descending


def summed(a, p, n, u, head, dimension=mp.inf, corrections=12):
    """S_{p,n}(u): head terms, tail integral, Euler-Maclaurin corrections."""
    a, p, u = mpf(a), mpf(p), mpc(u)

    def f(x):
        return x ** (n * a - p) / (1 + u * x**a) ** n

    total = sum(f(mpf(j)) for j in range(1, head)) + f(head) / 2
    total += tail_integral(a, p, n, u, mpf(head), dimension)
    ends = [(mpf(head), -1)]
    if not mp.isinf(dimension):
        total += f(dimension) / 2
        ends.append((dimension, 1))
    for x, sign in ends:
        derivatives = mp.taylor(f, x, 2 * corrections)
        for k in range(1, corrections + 1):
            total += sign * mp.bernoulli(2 * k) / (2 * k) * derivatives[2 * k - 1]
    return total


ARGUMENTS = ["3+0.5j", "0.4-0.6j", "-0.02+0.02j", "1e-4", "-1e-6+3e-6j", "-2e-9-3e-9j"]


@pytest.mark.parametrize("u", ARGUMENTS)
def test_sums_against_closed_forms(u):
    """a = 2: p = 2 is a hyperbolic cotangent, p = 3 (where the tail holds a logarithm) a digamma function."""
    u = mpc(complex(u))
    root = mp.sqrt(u)
    cotangent = mp.pi / (2 * root) * mp.coth(mp.pi / root) - mpf(1) / 2
    assert abs(summed(2, 2, 1, u, 24) / cotangent - 1) < mpf(10) ** -20
    pole = 1j / root
    digamma = mp.euler + (mp.digamma(1 + pole) + mp.digamma(1 - pole)) / 2
    assert abs(summed(2, 3, 1, u, 24) / digamma - 1) < mpf(10) ** -20


@pytest.mark.parametrize("a,p,n", [("0.8", "0.8", 1), ("0.8", "1.6", 2), ("0.5", "1.2", 1), ("1", "1", 1)])
def test_finite_dimension_against_the_direct_sum(a, p, n):
    for u in (mpc("0.3", "0.2"), mpc("-0.01", "0.02"), mpc("0.0007")):
        direct = sum(j ** -mpf(p) / (j ** -mpf(a) + u) ** n for j in map(mpf, range(1, 601)))
        assert abs(summed(mpf(a), mpf(p), n, u, 24, dimension=mpf(600)) / direct - 1) < mpf(10) ** -20


def test_no_exponent_is_special():
    """The term of exponent c is entire in c, at c = 0 the logarithm, where the closed form has a pole."""
    c, length = sp.symbols("c L", positive=True)
    term = (1 - sp.exp(-c * length)) / c
    assert sp.limit(term, c, 0) == length
    assert sp.series(term, c, 0, 3).removeO().coeff(c, 1) == -(length**2) / 2
    at, near = (
        tail_integral(mpf(2), 3 + shift, 1, mpc("0.001", "0.0004"), mpf(4), mp.inf)
        for shift in (mpf(0), mpf(10) ** -14)
    )
    u, low = mpc("0.001", "0.0004"), mpf(4)
    assert abs(at - mp.log(1 + 1 / (u * low**2)) / 2) < mpf(10) ** -26
    assert abs(near - at) < mpf(10) ** -12
    assert abs(mp.beta(1 - (3 + mpf(10) ** -14 - 1) / 2, 1)) > mpf(10) ** 13


@pytest.mark.parametrize("angle", ["0", "2", "3.1415926"])
def test_the_bent_path_keeps_its_distance_from_the_pole(angle):
    """int dw/(1+w) and int dw/(1+w)^2 by 24 points a leg, up to the angle that puts the pole on the axis."""
    angle, reach = mpf(angle), mp.log(3)
    start, turn, stop = mpc(-reach, angle), mpc(0, angle - 1), mpc(reach, angle)
    distances = [
        abs(x + (y - x) * mpf(k) / 200 - mpc(0, mp.pi))
        for x, y in ((start, turn), (turn, stop))
        for k in range(201)
    ]
    assert min(distances) > 0.73

    def integral(power, points):
        total = mpf(0)
        for x, y in ((start, turn), (turn, stop)):
            for node, weight in legendre(points):
                s = (x + y) / 2 + (y - x) / 2 * node
                total += weight * (y - x) / 2 * mp.exp(s) / (1 + mp.exp(s)) ** power
        return total

    w1, w2 = mp.exp(start), mp.exp(stop)
    # from w1 to w2 below the pole: 1 + w turns by less than pi, counted from the side the path bends to
    log_ratio = mp.log((1 + w2) / (1 + mp.exp(turn))) + mp.log((1 + mp.exp(turn)) / (1 + w1))
    assert abs(integral(1, 24) - log_ratio) < mpf(10) ** -16
    assert abs(integral(2, 24) - (1 / (1 + w1) - 1 / (1 + w2))) < mpf(10) ** -15
    # rate: the Bernstein ellipse through the pole, the worst case being 2.41 a point and leg, squared
    local = (mpc(0, mp.pi) - (start + turn) / 2) * 2 / (turn - start)
    ellipse = max(abs(local + root) for root in (mp.sqrt(local**2 - 1), -mp.sqrt(local**2 - 1)))
    assert ellipse > mpf("2.41")
    # and the straight path is useless where the pole is on it
    if angle > 3:
        straight = sum(
            weight * reach / (1 + mp.exp(-(reach * node + 1j * angle))) for node, weight in legendre(24)
        )
        assert abs(straight - log_ratio) > 1


def legendre(points):
    """Gauss-Legendre nodes and weights on [-1, 1]."""
    nodes = []
    for k in range(1, points + 1):
        x = mp.cos(mp.pi * (k - mpf(1) / 4) / (points + mpf(1) / 2))
        for _ in range(8):
            value, below = mp.legendre(points, x), mp.legendre(points - 1, x)
            slope = points * (below - x * value) / (1 - x**2)
            x -= value / slope
        nodes.append((x, 2 / ((1 - x**2) * slope**2)))
    return nodes


def test_euler_maclaurin_misses_exactly_the_residue_of_a_low_pole():
    """A pole of the summand at height h above the tail costs 2 pi |residue| exp(-2 pi h)."""
    pole = mpc(40, "0.8")
    u = -1 / pole
    a, p = mpf(1), mpf("2.5")
    # by direct summation up to 400; the rest, far from the pole, is safe for Euler-Maclaurin
    truth = summed(a, p, 1, u, 401)
    missed = truth - summed(a, p, 1, u, 16)
    residue = pole ** (a - p) / u
    predicted = -2j * mp.pi * residue / (1 - mp.exp(-2j * mp.pi * pole))
    assert abs(missed / predicted - 1) < mpf(10) ** -9
    assert abs(missed) == pytest.approx(2 * math.pi * abs(residue) * math.exp(-2 * math.pi * 0.8), rel=0.01)


@pytest.mark.parametrize("corrections", [2, 3, 4])
def test_the_remainder_of_euler_maclaurin_stays_below_its_bound(corrections):
    """|R| <= |B_2m|/(2m)! int |f^(2m)|, at a point where the remainder is large enough to be seen."""
    a, p, u, head = mpf(2), mpf(2), mpc("0.05", "0.02"), 3

    def f(x):
        return x ** (a - p) / (1 + u * x**a)

    root = mp.sqrt(u)
    truth = mp.pi / (2 * root) * mp.coth(mp.pi / root) - mpf(1) / 2
    error = abs(summed(a, p, 1, u, head, corrections=corrections) - truth)
    order = 2 * corrections
    size = mp.quad(lambda x: abs(mp.taylor(f, x, order)[order]), [head, 6, 12, 30, 100], maxdegree=4)
    bound = abs(mp.bernoulli(order)) * size
    assert mpf(10) ** -15 < error < bound
