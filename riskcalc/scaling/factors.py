"""Signs of many rational functions at once: their irreducible factors, each looked at once a point."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from flint import fmpq, fmpq_poly

from riskcalc.scaling.rational_function import Place, RationalFunction, place


@dataclass(frozen=True)
class Sign:
    """The sign of a product of factors, as bits: which of them enter an odd number of times, and a constant's sign."""

    odd: int
    negative: bool

    def positive(self, below: int) -> bool:
        """Whether the product is positive, `below` being the factors that are negative."""
        return ((self.odd & below).bit_count() % 2 == 1) == self.negative


@dataclass
class Factors:
    """The distinct irreducible factors met so far, over the rationals, each with leading coefficient 1."""

    polynomials: list[Any] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)
    _signs: dict[RationalFunction, Sign] = field(default_factory=dict)

    def sign(self, function: RationalFunction) -> Sign:
        """A function's sign by its factors."""
        if function not in self._signs:
            odd, negative = 0, False
            for polynomial in (function.numerator, function.denominator):
                constant, parts = polynomial.factor()
                negative ^= bool(constant < 0)
                for part, times in parts:
                    lead = part.leading_coefficient()
                    number = self._number(part / lead)
                    if times % 2:
                        odd ^= 1 << number
                        negative ^= bool(lead < 0)
            self._signs[function] = Sign(odd, negative)
        return self._signs[function]

    def signs(self, functions: Iterable[RationalFunction]) -> tuple[Sign, ...]:
        """Those of several, each once."""
        return tuple(dict.fromkeys(map(self.sign, functions)))

    def below(self, point: Sequence[Fraction]) -> int:
        """Which factors are negative at a point, as bits."""
        where = place(point)
        return sum(1 << number for number, factor in enumerate(self.polynomials) if factor(*where) < 0)

    def below_next_to(self, point: Sequence[Fraction], direction: Sequence[Fraction]) -> int:
        """Which factors are negative infinitely near to a point, in a direction."""
        where, along = place(point), place(direction)
        return sum(1 << number for number, factor in enumerate(self.polynomials) if _first(factor, where, along) < 0)

    def tangents(self, point: Sequence[Fraction]) -> list[tuple[Fraction, Fraction]]:
        """Directions in which the curves leave that pass through a point: lines, by one of their directions."""
        where, found = place(point), []
        for factor in self.polynomials:
            if factor(*where) == 0:
                across, up = (_fraction(factor.derivative(letter)(*where)) for letter in range(2))
                found += [(-up, across)] if across or up else []
        return found

    def _number(self, polynomial: Any) -> int:
        number = self._numbers.setdefault(str(polynomial), len(self.polynomials))
        if number == len(self.polynomials):
            self.polynomials.append(polynomial)
        return number


def _first(polynomial: Any, where: Place, along: Place) -> Any:
    """The first coefficient that does not vanish of a polynomial on the line where + s along."""
    first, second = (fmpq_poly([start, step]) for start, step in zip(where, along, strict=True))
    total = fmpq_poly([0])
    for (i, k), coefficient in polynomial.terms():
        total += fmpq(coefficient) * first ** int(i) * second ** int(k)
    return next((value for value in total.coeffs() if value != 0), fmpq(0))


def _fraction(value: Any) -> Fraction:
    return Fraction(int(value.p), int(value.q))
