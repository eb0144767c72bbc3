"""The field of rational functions of two exponents, exact and fast: FLINT's polynomials over one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy
from flint import Ordering, fmpq, fmpq_mpoly_ctx
from sympy import Expr, Symbol

from riskcalc.errors import InvalidInput

Place = tuple[Any, ...]  # one fmpq a letter


@dataclass(frozen=True)
class RationalFunction:
    """numerator/denominator without a common factor, the denominator's leading coefficient 1."""

    letters: tuple[Symbol, ...]
    numerator: Any
    denominator: Any

    @classmethod
    def of(
        cls, expression: Expr, letters: Sequence[Symbol], values: Mapping[Symbol, RationalFunction] | None = None
    ) -> RationalFunction:
        """Read a SymPy expression that is rational in the letters; values: what other symbols stand for.

        >>> a, b = sympy.symbols("a b")
        >>> RationalFunction.of((b - 1) / a, (a, b)).at((Fraction(2), Fraction(5, 2)))
        Fraction(3, 4)
        """
        known: dict[Expr, RationalFunction] = dict(values or {})
        names = [letter.name for letter in letters]
        ring = fmpq_mpoly_ctx.get(names, Ordering.lex)
        for letter, generator in zip(letters, ring.gens(), strict=True):
            known.setdefault(letter, cls(tuple(letters), generator, ring.constant(1)))

        def read(part: Expr) -> RationalFunction:
            if part in known:
                return known[part]
            if part.is_Rational:
                return cls(tuple(letters), ring.constant(fmpq(int(part.p), int(part.q))), ring.constant(1))
            if part.is_Pow and part.exp.is_Integer:
                return read(part.base) ** int(part.exp)
            if part.is_Add or part.is_Mul:
                first, *rest = (read(inner) for inner in part.args)
                for other in rest:
                    first = first + other if part.is_Add else first * other
                return first
            raise InvalidInput(f"{expression} is no rational function of {', '.join(names)}")

        return read(sympy.sympify(expression, strict=True))

    def constant(self, value: Any) -> RationalFunction:
        """A constant of the same field."""
        ring = self.numerator.context()
        return RationalFunction(self.letters, ring.constant(fmpq(value)), ring.constant(1))

    def __add__(self, other: RationalFunction) -> RationalFunction:
        if self.denominator == other.denominator:
            return self._lowest(self.numerator + other.numerator, self.denominator)
        top = self.numerator * other.denominator + other.numerator * self.denominator
        return self._lowest(top, self.denominator * other.denominator)

    def __sub__(self, other: RationalFunction) -> RationalFunction:
        return self + (-other)

    def __neg__(self) -> RationalFunction:
        return RationalFunction(self.letters, -self.numerator, self.denominator)

    def __mul__(self, other: RationalFunction) -> RationalFunction:
        return self._lowest(self.numerator * other.numerator, self.denominator * other.denominator)

    def __truediv__(self, other: RationalFunction) -> RationalFunction:
        return self._lowest(self.numerator * other.denominator, self.denominator * other.numerator)

    def __pow__(self, power: int) -> RationalFunction:
        base = self if power >= 0 else self.constant(1) / self
        return RationalFunction(self.letters, base.numerator ** abs(power), base.denominator ** abs(power))

    def __hash__(self) -> int:
        return hash((str(self.numerator), str(self.denominator)))

    def __bool__(self) -> bool:
        return not self.numerator.is_zero()

    @property
    def is_number(self) -> bool:
        """Whether no letter is left."""
        return bool(self.numerator.is_constant() and self.denominator.is_constant())

    def at(self, point: Sequence[Fraction]) -> Fraction:
        """The value at a rational point."""
        return self.at_place(place(point))

    def at_place(self, where: Place) -> Fraction:
        """The value at a place of fmpq, as a Fraction."""
        value = self.on(where)
        return Fraction(int(value.p), int(value.q))

    def on(self, where: Place) -> Any:
        """The value as an fmpq, at a place of fmpq."""
        return self.numerator(*where) / self.denominator(*where)

    def expression(self) -> Expr:
        """The function as SymPy has it, factored."""
        return sympy.factor(self._read(self.numerator) / self._read(self.denominator))

    def _read(self, polynomial: Any) -> Expr:
        return as_expression(polynomial, self.letters)

    def _lowest(self, top: Any, bottom: Any) -> RationalFunction:
        common = top.gcd(bottom)
        if not common.is_one():
            top, bottom = top / common, bottom / common
        lead = bottom.leading_coefficient()
        return RationalFunction(self.letters, top / lead, bottom / lead)


def place(point: Sequence[Fraction]) -> Place:
    """A rational point in FLINT's numbers."""
    return tuple(fmpq(value.numerator, value.denominator) for value in point)


def as_expression(polynomial: Any, letters: Sequence[Symbol]) -> Expr:
    """One of FLINT's polynomials in SymPy."""
    return sympy.Add(
        *(
            sympy.Rational(int(fmpq(c).p), int(fmpq(c).q))
            * sympy.Mul(*(x ** int(n) for x, n in zip(letters, powers, strict=True)))
            for powers, c in polynomial.terms()
        )
    )
