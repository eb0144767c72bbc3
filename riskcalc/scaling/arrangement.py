"""The plane cut by polynomial curves: one exact sample point in every open cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise
from math import floor
from typing import Any

from flint import fmpq, fmpq_poly

Point = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Column:
    """The cells above one value of the first letter, lowest first."""

    samples: tuple[Point, ...]


def open_cells(polynomials: Sequence[Any], *, least: float) -> Iterator[Column]:
    """Columns of sample points: every open cell of the arrangement right of `least` holds at least one of them.

    polynomials: FLINT's, in two letters, irreducible and distinct.
    Formula: over each open interval between neighbouring critical values of the first letter (roots of leading
        coefficients, discriminants and resultants) the curves are graphs that do not cross, so that one vertical line
        meets every cell above the interval.
    Source: derivation D16 (the open cells of a cylindrical algebraic decomposition).
    """
    curves = [polynomial for polynomial in polynomials if not upright(polynomial)]
    for x in between([least, *(value for value in critical_values(polynomials) if value > least)])[1:]:
        heights = [root for curve in curves for root in real_roots(on_upright(curve, x))]
        yield Column(tuple((x, y) for y in between(heights)))


def critical_values(polynomials: Sequence[Any]) -> list[float]:
    """Where, in the first letter, the curves begin, end, turn back or cross."""
    curves = [polynomial for polynomial in polynomials if not upright(polynomial)]
    critical = [polynomial for polynomial in polynomials if upright(polynomial)]
    for curve in curves:
        critical.append(_leading(curve))
        if curve.degrees()[1] > 1:
            critical.append(curve.discriminant(1))
    critical += [left.resultant(right, 1) for left, right in combinations(curves, 2)]
    roots: dict[float, None] = {}
    seen: set[str] = set()
    for value in critical:
        for factor, _ in in_first(value).numer().factor()[1] if value != 0 else ():
            if str(factor) not in seen:
                seen.add(str(factor))
                roots |= dict.fromkeys(real_roots(fmpq_poly(factor)))
    return list(roots)


def upright(polynomial: Any) -> bool:
    """Whether only the first letter occurs: the curve is a bundle of upright lines."""
    return bool(polynomial.degrees()[1] == 0)


def real_roots(polynomial: Any) -> list[float]:
    """The real roots of a univariate polynomial with rational coefficients."""
    if polynomial.degree() < 1:
        return []
    if polynomial.degree() == 1:
        root = -polynomial[0] / polynomial[1]
        return [int(root.p) / int(root.q)]
    return [float(root.real.mid()) for root, _ in polynomial.numer().complex_roots() if root.imag == 0]


def rational_roots(polynomial: Any) -> list[Fraction]:
    """The rational roots of a polynomial in which only the first letter occurs."""
    factors = (factor for factor, _ in in_first(polynomial).numer().factor()[1])
    return [Fraction(-int(factor[0]), int(factor[1])) for factor in factors if factor.degree() == 1]


def on_upright(polynomial: Any, x: Fraction) -> Any:
    """The polynomial on the line where the first letter is x, in the second."""
    place, found = fmpq(x.numerator, x.denominator), [fmpq(0)] * (polynomial.degrees()[1] + 1)
    for (i, k), coefficient in polynomial.terms():
        found[int(k)] += fmpq(coefficient) * place ** int(i)
    return fmpq_poly(found)


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


def between(roots: Iterable[float]) -> list[Fraction]:
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


def _leading(curve: Any) -> Any:
    """The leading coefficient with respect to the second letter."""
    degree = curve.degrees()[1]
    return curve.context().from_dict({(i, 0): c for (i, k), c in curve.terms() if k == degree})


def in_first(polynomial: Any) -> Any:
    """A polynomial of the first letter alone as a univariate one."""
    found = [fmpq(0)] * (polynomial.degrees()[0] + 1)
    for (i, _), coefficient in polynomial.terms():
        found[int(i)] += fmpq(coefficient)
    return fmpq_poly(found)
