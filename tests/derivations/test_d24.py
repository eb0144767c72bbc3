"""D24: averages of iterates, with exact moments of normal samples and exact power series."""

from __future__ import annotations

from fractions import Fraction
from math import prod

import pytest
import sympy as sp

F = Fraction
EIGENVALUES, START = (F(1), F(2, 5)), (F(3, 2), F(-1))
TAU2 = F(1, 3)


def normal_moment(order):
    """E g^order of a standard normal."""
    return 0 if order % 2 else prod(range(1, order, 2))


def mean(polynomial, normals):
    """The expectation of a polynomial in independent standard normals."""
    terms = sp.Poly(polynomial, *normals).terms()
    return sum(coefficient * prod(normal_moment(order) for order in orders) for orders, coefficient in terms)


def by_definition(sizes, first, batch_size):
    """E of the squared sum of iterates first, ..., len(sizes), each coordinate, from the update as it is written."""
    root = [sp.sqrt(sp.Rational(value.numerator, value.denominator)) for value in EIGENVALUES]
    tau = sp.sqrt(sp.Rational(TAU2.numerator, TAU2.denominator))
    point, normals = [sp.Rational(value.numerator, value.denominator) for value in START], []
    iterates = [point]
    for step, size in enumerate(sizes):
        gradient = [0, 0]
        for sample in range(batch_size):
            g = sp.symbols(f"g{step}_{sample}_:2")
            noise = sp.Symbol(f"e{step}_{sample}")
            normals += [*g, noise]
            x = [scale * value for scale, value in zip(root, g, strict=True)]
            miss = sum(a * b for a, b in zip(x, point, strict=True)) - tau * noise
            gradient = [total + value * miss for total, value in zip(gradient, x, strict=True)]
        rate = sp.Rational(size.numerator, size.denominator) / batch_size
        point = [sp.expand(value - rate * slope) for value, slope in zip(point, gradient, strict=True)]
        iterates.append(point)
    sums = [sum(iterate[i] for iterate in iterates[first:]) for i in range(2)]
    return [sp.expand(mean(sp.expand(total**2), normals)) for total in sums]


def moments(sizes, batch_size):
    s = [value**2 for value in START]
    found = [s]
    for size in sizes:
        drive = sum(a * b for a, b in zip(EIGENVALUES, s, strict=True)) + TAU2
        s = [
            (1 - 2 * size * l + size**2 * (1 + F(1, batch_size)) * l**2) * value + size**2 / batch_size * l * drive
            for l, value in zip(EIGENVALUES, s, strict=True)
        ]
        found.append(s)
    return found


def by_cross_moments(sizes, first, batch_size):
    s = moments(sizes, batch_size)
    a, b = [F(0), F(0)], [F(0), F(0)]
    for step in range(first, len(s)):
        a = [x + 2 * y + z for x, y, z in zip(a, b, s[step], strict=True)]
        if step < len(sizes):
            b = [(1 - sizes[step] * l) * (y + z) for l, y, z in zip(EIGENVALUES, b, s[step], strict=True)]
    return a


def backwards(sizes, first, batch_size):
    s = moments(sizes, batch_size)
    later, total = [F(0), F(0)], [F(0), F(0)]
    for step in range(len(s) - 1, first - 1, -1):
        size = sizes[step] if step < len(sizes) else F(0)
        later = [1 + (1 - size * l) * value for l, value in zip(EIGENVALUES, later, strict=True)]
        total = [x + z * (2 * y - 1) for x, y, z in zip(total, later, s[step], strict=True)]
    return total


@pytest.mark.parametrize(
    "first, batch_size, sizes", [(0, 1, [F(1, 4), F(1, 7)]), (1, 1, [F(1, 4), F(1, 7)]), (0, 2, [F(1, 3)])]
)
def test_cross_moments(first, batch_size, sizes):
    expected = by_definition(sizes, first, batch_size)
    for found in (by_cross_moments(sizes, first, batch_size), backwards(sizes, first, batch_size)):
        assert [sp.Rational(value.numerator, value.denominator) for value in found] == expected


def test_both_forms_on_a_longer_run():
    sizes = [F(1, 3 + step) for step in range(9)]
    assert by_cross_moments(sizes, 2, 3) == backwards(sizes, 2, 3)


ORDER = 7  # of the power series in zeta


def times(left, right):
    return [sum((left[k] * right[n - k] for k in range(n + 1)), start=F(0)) for n in range(ORDER)]


def geometric(ratio):
    """1/(1 - ratio zeta)."""
    return [ratio**n for n in range(ORDER)]


def shifted(series):
    """zeta times a series."""
    return [F(0), *series[:-1]]


def test_generating_functions_of_one_mode():
    """One mode with a given drive: the series of c^ and a^ against the recursion, from a state that is not empty."""
    z, gamma, spread = F(2, 3), F(1, 4), 2
    x, c, a, gain = F(5, 7), F(1, 3), F(2), F(1, 9)
    q, p = 1 - 2 * gamma * z + gamma**2 * spread * z**2, 1 - gamma * z
    drive = [F(1, 2 + step) for step in range(ORDER)]
    start = [x, *[F(0)] * (ORDER - 1)]
    x_hat = times([own + gain * fed for own, fed in zip(start, shifted(drive), strict=True)], geometric(q))
    one_more = [own + p * late for own, late in zip(x_hat, shifted(x_hat), strict=True)]
    c_hat = times([c * (n == 0) + p * value for n, value in enumerate(shifted(x_hat))], geometric(p))
    added = [2 * c * memory + value for memory, value in zip(geometric(p), times(geometric(p), one_more), strict=True)]
    a_hat = times([a * (n == 0) + value for n, value in enumerate(shifted(added))], geometric(F(1)))
    for step in range(ORDER):
        assert (c_hat[step], a_hat[step]) == (c, a)
        a, c, x = a + 2 * c + x, p * (c + x), q * x + gain * drive[step]


def test_the_growth_in_the_stationary_state():
    x, slope = sp.symbols("x slope", positive=True)
    c = x * (1 - slope) / slope
    assert sp.simplify((1 - slope) * (c + x) - c) == 0
    assert sp.simplify(2 * c + x - x * (2 - slope) / slope) == 0


def test_moments_outlive_crosses():
    """q = (1 - gamma l)^2 + (gamma l)^2/B, so |1 - gamma l|^2 <= q."""
    scaled, batch = sp.symbols("scaled batch", positive=True)
    q = 1 - 2 * scaled + (1 + 1 / batch) * scaled**2
    assert sp.simplify(q - (1 - scaled) ** 2 - scaled**2 / batch) == 0
