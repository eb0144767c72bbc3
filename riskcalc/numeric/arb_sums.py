"""What a spectral sum spends its time on, for Arb: sums over poles, and Euler-Maclaurin corrections as polynomials.

Formula: with lambda = x^-a and r = lambda/(lambda + u), f = x^-p/(lambda + u) = x^{a-p} r and x dr/dx = -a r (1 - r).
So x^{i+p-a} f^(i) = P_i(r), P_0 = r, P_{i+1} = (a - p - i) P_i - a r (1 - r) P_i'. The other kind of summand is
f + u df/du, and u dr/du = -r (1 - r). The polynomials are formed once; a point costs their values and no series
division. `mpmath_sums` keeps the division: the plain twin. Source: D20.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import flint

from riskcalc.numeric.field import Element, Sums


def pole_sums(poles: Sequence[Element], rows: Sequence[Sequence[Element]]) -> Sums:
    """u -> sum_j row_j/(pole_j + u), and sum_j row_j pole_j/(pole_j + u)^2.

    Complex u = s + it in real arithmetic, which is faster: with g = 1/((pole + s)^2 + t^2),
    1/(pole + u) = (pole + s - it) g and 1/(pole + u)^2 = g - 2 t^2 g^2 - 2 i t (pole + s) g^2.
    """
    count, width = len(poles), len(rows)
    flat = [[entry for row in rows for entry in row]]  # rows times 1, poles and their squares
    for _ in range(2):
        flat.append([w * x for w, x in zip(flat[-1], [*poles] * width, strict=True)])
    lower = flint.arb_mat(2 * width, count, flat[0] + flat[1])
    upper = flint.arb_mat(2 * width, count, flat[1] + flat[2])

    def at_complex(u: Element) -> tuple[list[Element], list[Element]]:
        s, t, one = u.real, u.imag, flint.arb(1)
        square = t * t
        heights = [one / ((d := pole + s) * d + square) for pole in poles]
        once = (lower * flint.arb_mat(count, 1, heights)).entries()
        twice = (upper * flint.arb_mat(count, 1, [g * g for g in heights])).entries()
        first = [flint.acb(once[k + width] + s * once[k], -t * once[k]) for k in range(width)]
        second = [
            flint.acb(once[k + width] - 2 * square * twice[k], -2 * t * (twice[k + width] + s * twice[k]))
            for k in range(width)
        ]
        return first, second

    def at(u: Element) -> tuple[list[Element], list[Element]]:
        if isinstance(u, flint.acb):
            return at_complex(u)
        inverses = [1 / (pole + u) for pole in poles]
        first = lower * flint.arb_mat(count, 1, inverses)
        second = lower * flint.arb_mat(count, 1, [x * x for x in inverses])
        return first.entries()[:width], second.entries()[width:]

    return at


def end_terms(*, a: Fraction, powers: Sequence[Fraction], place: int, sign: int, count: int) -> Sums:
    """u -> what one end of a tail adds, as polynomials in r."""
    eigenvalue = (-_rational(a) * flint.arb(place).log()).exp()
    tables = [_polynomials(a, p, place, sign, count) for p in powers]
    first, second = [table[0] for table in tables], [table[1] for table in tables]
    wide_first, wide_second = [flint.acb_poly(p) for p in first], [flint.acb_poly(p) for p in second]
    wide = flint.acb(eigenvalue)

    def at(u: Element) -> tuple[list[Element], list[Element]]:
        if isinstance(u, flint.acb):
            r = wide / (wide + u)
            return [p(r) for p in wide_first], [p(r) for p in wide_second]
        r = eigenvalue / (eigenvalue + u)
        return [p(r) for p in first], [p(r) for p in second]

    return at


def _polynomials(a: Fraction, p: Fraction, place: int, sign: int, count: int) -> tuple[flint.arb_poly, flint.arb_poly]:
    """Both kinds; the P_i are whole numbers over powers of a common denominator."""
    bottom = math.lcm(a.denominator, p.denominator)
    slope, rise = int(a * bottom), int((a - p) * bottom)
    steep, current = flint.fmpz_poly([0, -slope, slope]), flint.fmpz_poly([0, 1])
    corrections, shrink = flint.arb_poly([]), 1 / flint.arb(place * bottom)
    for order in range(2 * count):
        if order % 2:
            weight = flint.arb.bernoulli(order + 1) / flint.arb(order + 2).gamma() * shrink**order
            corrections += flint.arb_poly(current) * weight
        current = current * (rise - bottom * order) + steep * current.derivative()
    size = (_rational(a - p) * flint.arb(place).log()).exp()
    first = (corrections * sign + flint.arb_poly([0, flint.arb(1) / 2])) * size
    edge = flint.arb_poly([0, size * (sign * place) / _rational(a)])
    return first, first - flint.arb_poly([0, 1, -1]) * first.derivative() + edge


def _rational(value: Fraction) -> flint.arb:
    return flint.arb(flint.fmpq(value.numerator, value.denominator))
