"""Rational functions of two exponents, evaluated exactly and fast at rational points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import sympy
from sympy import Expr, Symbol

Monomials = tuple[tuple[tuple[int, ...], int], ...]


@dataclass(frozen=True)
class RationalFunction:
    """numerator/denominator, polynomials with integer coefficients in the given letters."""

    letters: tuple[Symbol, ...]
    numerator: Monomials
    denominator: Monomials

    @classmethod
    def of(cls, expression: Expr, letters: Sequence[Symbol]) -> RationalFunction:
        """Read a SymPy expression that is rational in the letters.

        >>> a, b = sympy.symbols("a b")
        >>> RationalFunction.of((b - 1) / a, (a, b)).at((Fraction(2), Fraction(5, 2)))
        Fraction(3, 4)
        """
        top, bottom = sympy.fraction(sympy.cancel(sympy.sympify(expression, strict=True)))
        polynomials = [sympy.Poly(part, *letters) for part in (top, bottom)]
        scale = sympy.ilcm(1, *(value.q for polynomial in polynomials for value in polynomial.coeffs()))
        terms = [
            tuple((powers, int(value * scale)) for powers, value in polynomial.terms())
            for polynomial in polynomials
        ]
        return cls(tuple(letters), terms[0], terms[1])

    def at(self, point: Sequence[Fraction]) -> Fraction:
        """The value at a rational point."""
        return _value(self.numerator, point) / _value(self.denominator, point)


def _value(polynomial: Monomials, point: Sequence[Fraction]) -> Fraction:
    total = Fraction(0)
    for powers, coefficient in polynomial:
        term = Fraction(coefficient)
        for base, power in zip(point, powers, strict=True):
            if power:
                term *= base**power
        total += term
    return total
