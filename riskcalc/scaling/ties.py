"""What meets at a point: the phases in every sector around it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

import sympy
from sympy import Expr

from riskcalc.scaling.arrangement import Point
from riskcalc.scaling.atlas import Atlas
from riskcalc.scaling.best import Best, Key
from riskcalc.scaling.labels import name_of
from riskcalc.scaling.question import OURS, Question

_NEAR = Fraction(1, 10**6)  # a name is chosen by the sides of a = 1 and b = a + 1 alone


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """The phases next to a point, each once; one in general position."""

    question: Question
    phases: tuple[tuple[Key, Point], ...]  # and a point of each, nearby

    @classmethod
    def of(cls, question: Question, best: Best, point: Point) -> Surroundings:
        """Found in every sector between the curves through the point on which a condition vanishes."""
        if point[0] != 1 and best.generic(point):
            return cls(question=question, phases=((best.key, point),))
        found: dict[Key, Point] = {}
        for row, (across, up) in Atlas(question, OURS).around(point):
            found.setdefault(row.best.key, (point[0] + _NEAR * across, point[1] + _NEAR * up))
        return cls(question=question, phases=tuple(found.items()))

    @property
    def boundary(self) -> bool:
        """Whether more than one phase meets here."""
        return len(self.phases) > 1

    @property
    def balance(self) -> tuple[str, ...]:
        """All terms that meet at the optima around."""
        return tuple(dict.fromkeys(name for key, _ in self.phases for name in key.balance))

    def words(self) -> list[str]:
        """The boundary by what is on its sides."""
        if not self.boundary:
            return []
        names = [self._described(key, near) for key, near in self.phases]
        twice = Counter(names)
        told = [
            f"{name} with M ~ budget^({_exponent(key)})" if twice[name] > 1 else name
            for name, (key, _) in zip(names, self.phases, strict=True)
        ]
        return [f"boundary between {' and '.join(dict.fromkeys(told))}"]

    def _described(self, key: Key, near: Point) -> str:
        meeting = " = ".join(key.balance)
        name = name_of(key.balance, *near) if self.question.named else None
        return f"{name} ({meeting})" if name else meeting


def _exponent(key: Key) -> str:
    low, high = dict(key.exponents)["M"]
    if low is None:
        return "any"
    return f"{_quotient(low.expression())}{'' if low == high else ' or more'}"


def _quotient(expression: Expr) -> str:
    """As people write it, without a sign that cancels.

    >>> from riskcalc.formula import letters as L
    >>> _quotient(-1 / (L.a - 2 * L.b - 1))
    '1/(-a + 2*b + 1)'
    """
    above, below = sympy.fraction(sympy.together(expression))
    if above.could_extract_minus_sign():
        above, below = sympy.expand(-above), sympy.expand(-below)
    return str(above) if below == 1 else f"{_factor(above)}/{_factor(below)}"


def _factor(expression: Expr) -> str:
    return f"({expression})" if expression.is_Add else str(expression)
