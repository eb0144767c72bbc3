"""Which optimum holds where: the plane of exponents covered by regions of optimal bases, and verified."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sympy
from sympy import Expr, Poly

from riskcalc.errors import ConsistencyError
from riskcalc.scaling.arrangement import Column, Point, irreducible_factors, open_cells
from riskcalc.scaling.basis import Basis
from riskcalc.scaling.programme import Programme
from riskcalc.scaling.rational_function import RationalFunction

_SEEDS = [Fraction(n, 20) for n in (1, 3, 4, 7, 9, 11, 15, 19, 27, 40)]
_REFINEMENTS = 8


@dataclass(frozen=True, kw_only=True)
class Key:
    """What makes two points one phase: the same exponents, the same loss, the same balance."""

    loss_exponent: Expr
    balance: tuple[str, ...]
    exponents: tuple[tuple[str, Expr], ...]


@dataclass(frozen=True)
class _Known:
    conditions: tuple[RationalFunction, ...]
    basis: Basis
    key: Key


class Atlas:
    """Regions of optimal bases, collected as points are looked up. One programme for a < 1, one for a > 1."""

    def __init__(self, sides: Sequence[Programme]) -> None:
        self._sides = {side.slow: side for side in sides}
        self._known: dict[bool, list[_Known]] = {True: [], False: []}
        side = sides[0]
        self.letters = side.letters
        self.domain: tuple[Expr, ...] = (side.a, side.b - 1)
        self._split = side.a - 1
        self._domain = [RationalFunction.of(value, self.letters) for value in self.domain]
        self._side = RationalFunction.of(self._split, self.letters)

    def locate(self, point: Point) -> Key | None:
        """The phase at a rational point in general position; None outside the domain or at a = 1."""
        if any(value.at(point) <= 0 for value in self._domain) or self._side.at(point) == 0:
            return None
        slow = self._side.at(point) < 0
        for row in self._known[slow]:
            if all(condition.at(point) >= 0 for condition in row.conditions):
                return row.key
        return self._learn(point, slow).key

    def certificates(self) -> list[tuple[Key, tuple[Expr, ...]]]:
        """Every basis met so far: its phase, and the expressions whose being >= 0 proves it optimal."""
        return [(row.key, row.basis.conditions) for rows in self._known.values() for row in rows]

    def cells(self) -> tuple[dict[Point, Key], list[Column], tuple[Poly, ...]]:
        """Every open cell of the arrangement of all conditions, with its phase; refined until it closes."""
        for point in self._seeds():
            self.locate(point)
        for _ in range(_REFINEMENTS):
            before = self._count()
            factors = self._factors()
            columns = list(open_cells(factors))
            located = {point: self.locate(point) for column in columns for point in column.samples}
            if self._count() == before:
                return {point: key for point, key in located.items() if key is not None}, columns, factors
        raise ConsistencyError(f"the phase diagram did not close after {_REFINEMENTS} refinements")

    def _learn(self, point: Point, slow: bool) -> _Known:
        side = self._sides[slow]
        basis = side.basis(point)
        if basis is None:
            raise ConsistencyError(f"no optimal basis at {point}")
        conditions = tuple(RationalFunction.of(value, self.letters) for value in basis.conditions)
        row = _Known(conditions, basis, _key(side, basis))
        self._known[slow].append(row)
        return row

    def _factors(self) -> tuple[Poly, ...]:
        conditions = [c for rows in self._known.values() for row in rows for c in row.basis.conditions]
        return irreducible_factors([*self.domain, self._split, *conditions], self.letters)

    def _count(self) -> int:
        return sum(map(len, self._known.values()))

    def _seeds(self) -> Iterator[Point]:
        return ((x, y) for x in _SEEDS for y in _SEEDS)


def _key(side: Programme, basis: Basis) -> Key:
    values = (sympy.Integer(1), *basis.point)
    exponents = {
        name: sympy.factor(sympy.cancel(sum(c * x for c, x in zip(form, values, strict=True))))
        for name, form in side.exponents.items()
    }
    balance = tuple(dict.fromkeys(side.names[row] for row in basis.rows))
    loss = sympy.factor(sympy.cancel(-basis.level))
    return Key(loss_exponent=loss, balance=balance, exponents=tuple(exponents.items()))
