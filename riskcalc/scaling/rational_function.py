"""Rational functions of two exponents, evaluated exactly and fast at rational points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import sympy
from flint import Ordering, fmpq, fmpq_mpoly_ctx
from sympy import Expr, Symbol


@dataclass(frozen=True)
class RationalFunction:
    """numerator/denominator: FLINT's polynomials in the given letters, with rational coefficients."""

    letters: tuple[Symbol, ...]
    numerator: Any = field(hash=False)  # FLINT's polynomials can be compared but not hashed
    denominator: Any = field(hash=False)

    @classmethod
    def of(cls, expression: Expr, letters: Sequence[Symbol]) -> RationalFunction:
        """Read a SymPy expression that is rational in the letters.

        >>> a, b = sympy.symbols("a b")
        >>> RationalFunction.of((b - 1) / a, (a, b)).at((Fraction(2), Fraction(5, 2)))
        Fraction(3, 4)
        """
        parts = sympy.fraction(sympy.cancel(sympy.sympify(expression, strict=True)))
        ring = fmpq_mpoly_ctx.get([letter.name for letter in letters], Ordering.lex)
        top, bottom = (
            ring.from_dict(
                {powers: fmpq(int(value.p), int(value.q)) for powers, value in sympy.Poly(part, *letters).terms()}
            )
            for part in parts
        )
        return cls(tuple(letters), top, bottom)

    def at(self, point: Sequence[Fraction]) -> Fraction:
        """The value at a rational point."""
        place = [fmpq(value.numerator, value.denominator) for value in point]
        value = self.numerator(*place) / self.denominator(*place)
        return Fraction(int(value.p), int(value.q))
