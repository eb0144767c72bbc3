"""The plane cut by polynomial curves: one exact sample point in every open cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise
from math import floor

import sympy
from flint import fmpz_poly
from sympy import Expr, Poly, Symbol

Point = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Column:
    """The cells above one value of the first letter, lowest first."""

    samples: tuple[Point, ...]


def irreducible_factors(expressions: Iterable[Expr], letters: Sequence[Symbol]) -> tuple[Poly, ...]:
    """The distinct irreducible factors, over the rationals, of numerators and denominators."""
    found: dict[Poly, None] = {}
    for expression in expressions:
        for part in sympy.fraction(sympy.together(expression)):
            for factor, _ in sympy.factor_list(part, *letters)[1]:
                polynomial = Poly(factor, *letters).primitive()[1]
                found[-polynomial if polynomial.LC() < 0 else polynomial] = None
    return tuple(found)


def open_cells(polynomials: Sequence[Poly]) -> Iterator[Column]:
    """Columns of sample points: every open cell of the arrangement holds at least one of them.

    Formula: over each open interval between neighbouring critical values of the first letter (roots of
    leading
        coefficients, discriminants and resultants) the curves are graphs that do not cross, so that one
        vertical
        line meets every cell above the interval.
    Source: derivation D16 (the open cells of a cylindrical algebraic decomposition).
    """
    first, second = polynomials[0].gens
    critical: list[Expr] = []
    curves = [polynomial for polynomial in polynomials if polynomial.degree(second) > 0]
    critical += [polynomial.as_expr() for polynomial in polynomials if polynomial.degree(second) == 0]
    for curve in curves:
        critical.append(sympy.LC(curve.as_expr(), second))
        if curve.degree(second) > 1:
            critical.append(sympy.discriminant(curve.as_expr(), second))
    for left, right in combinations(curves, 2):
        critical.append(sympy.resultant(left.as_expr(), right.as_expr(), second))
    roots: list[float] = []
    for factor in irreducible_factors([value for value in critical if value != 0], (first,)):
        roots += real_roots([int(c) for c in factor.all_coeffs()])
    for x in _between(roots):
        heights: list[float] = []
        for curve in curves:
            coefficients = [_at(c, x) for c in Poly(curve.as_expr(), second).all_coeffs()]
            heights += real_roots(_integers(coefficients))
        yield Column(tuple((x, y) for y in _between(heights)))


def real_roots(coefficients: Sequence[int]) -> list[float]:
    """The real roots of an integer polynomial, highest power first."""
    while coefficients and coefficients[0] == 0:
        coefficients = coefficients[1:]
    if len(coefficients) < 2:
        return []
    roots = fmpz_poly(list(reversed(coefficients))).complex_roots()
    return [float(pair[0].real.mid()) for pair in roots if pair[0].imag == 0]  # type: ignore[index]


def simplest_between(low: Fraction, high: Fraction) -> Fraction:
    """The fraction of smallest denominator strictly between low and high.

    >>> simplest_between(Fraction(1, 4), Fraction(1, 3))
    Fraction(2, 7)
    """
    whole = floor(low)
    if whole + 1 < high:
        return Fraction(whole + 1)
    if low == whole:
        # 1/k below high - whole for the smallest k
        return whole + Fraction(1, floor(1 / (high - whole)) + 1)
    return whole + 1 / simplest_between(1 / (high - whole), 1 / (low - whole))


def _between(roots: Iterable[float]) -> list[Fraction]:
    """One fraction in every gap between distinct roots, and one beyond either end."""
    ordered = sorted(set(roots))
    if not ordered:
        return [Fraction(0)]
    found = [Fraction(floor(ordered[0]) - 1)]
    for low, high in pairwise(ordered):
        width = high - low
        if width > 1e-12 * max(1.0, abs(low)):
            found.append(simplest_between(Fraction(low + width / 8), Fraction(high - width / 8)))
    return [*found, Fraction(floor(ordered[-1]) + 2)]


def _at(coefficient: Expr, x: Fraction) -> Fraction:
    (letter,) = coefficient.free_symbols or (sympy.Symbol("unused"),)
    value = sympy.Rational(coefficient.subs(letter, sympy.Rational(x.numerator, x.denominator)))
    return Fraction(int(value.p), int(value.q))


def _integers(coefficients: Sequence[Fraction]) -> list[int]:
    scale = 1
    for value in coefficients:
        scale = scale * value.denominator // sympy.igcd(scale, value.denominator)
    return [int(value * scale) for value in coefficients]
