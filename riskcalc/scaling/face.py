"""From the optimum at one point to the optimal face as rational functions, with what must be positive for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

from riskcalc.errors import ConsistencyError
from riskcalc.scaling.programme import Form, Programme
from riskcalc.scaling.rational_function import Place, RationalFunction, place
from riskcalc.scaling.tropical import Optimum, direction_along, minimise_maximum, solved

_ALWAYS = ("F_0", "F_pp")  # they are named even where others cover them

Rows = list[list[Any]]


@dataclass(frozen=True, kw_only=True)
class Face:
    """Where the minimum of a programme is taken: vertices, and rays along which it goes on without end.

    level: of the loss, <= 0 where it falls. balance: terms that meet there, by their number in the programme, without
    those that others never let lead. conditions: all positive where this is the optimal face; those that are zero are
    not known to be. at: the optimum in numbers at the point where the face was found.
    """

    programme: Programme
    level: RationalFunction
    vertices: tuple[tuple[RationalFunction, ...], ...]
    rays: tuple[tuple[RationalFunction, ...], ...]
    balance: tuple[int, ...]
    conditions: tuple[RationalFunction, ...]
    holding: tuple[int, ...]
    at: Optimum

    @property
    def meeting(self) -> tuple[int, ...]:
        """Every term that is as large as the loss somewhere on the face, by its number in the programme."""
        rows = dict.fromkeys(row for tight in self.at.tight for row in tight if row < len(self.holding))
        return tuple(self.holding[row] for row in rows)

    @property
    def names(self) -> tuple[str, ...]:
        """The balance by name."""
        return tuple(dict.fromkeys(self.programme.terms[index].name for index in self.balance))


def optimal_face(programme: Programme, point: Sequence[Fraction]) -> Face:
    """The optimal face around a point, as rational functions of the exponents.

    Formula: minimise l subject to objective_k(x) <= l, constraint_i(x) <= 0. At a vertex, rows N y = n fix y = (x, l);
        with multipliers mu >= 0, N^T mu = (0, ..., 0, -1), it is optimal. The face is that of these functions where
        all slacks and multipliers stay positive, and the terms that hold stay those that hold.
    Source: derivation D15.
    """
    where = place(point)
    holding = programme.holding(where)
    optimum = minimise_maximum(*programme.numbers(where, holding))
    rows = _Rows.of(programme, holding, where)
    solutions, conditions = [], rows.validity()
    for tight in optimum.tight:
        solution, found = rows.vertex(tight)
        solutions.append(solution)
        conditions += found
    rays = []
    for ray in optimum.rays:
        direction, found = rows.ray(ray)
        rays.append(direction)
        conditions += found
    balance: dict[int, None] = {}
    for tight in optimum.tight:
        kept, found = rows.leading(tight)
        balance |= {holding[row]: None for row in kept}
        conditions += found
    return Face(
        programme=programme,
        level=solutions[0][-1],
        vertices=tuple(dict.fromkeys(solution[:-1] for solution in solutions)),
        rays=tuple(rays),
        balance=tuple(sorted(balance)),
        conditions=tuple(value for value in dict.fromkeys(conditions) if value and not value.is_number),
        holding=holding,
        at=optimum,
    )


def emptiness(programme: Programme, point: Sequence[Fraction]) -> tuple[RationalFunction, ...]:
    """Where no choice satisfies the constraints: what is positive around the point while none does.

    Formula: min over x of max_i constraint_i(x), which is above 0 there, is a vertex with multipliers as above.
    """
    where = place(point)
    _, constraints = programme.numbers(where, ())
    least = minimise_maximum(constraints, [])
    rows = _Rows.above(list(programme.constraints.values()), [], programme=programme, holding=(), where=where)
    solution, conditions = rows.vertex(least.tight[0])
    return tuple(value for value in (*conditions, solution[-1]) if value and not value.is_number)


@dataclass(frozen=True, kw_only=True)
class _Rows:
    """N y <= n in y = (x, l): symbolic rows and their values at a place, right side last."""

    programme: Programme
    holding: tuple[int, ...]
    where: Place
    rows: Rows
    values: Rows

    @classmethod
    def of(cls, programme: Programme, holding: tuple[int, ...], where: Place) -> _Rows:
        objective = [programme.objective[index] for index in holding]
        below = list(programme.constraints.values())
        return cls.above(objective, below, programme=programme, holding=holding, where=where)

    @classmethod
    def above(
        cls,
        objective: Sequence[Form],
        constraints: Sequence[Form],
        *,
        programme: Programme,
        holding: tuple[int, ...],
        where: Place,
    ) -> _Rows:
        """objective(x) <= l, constraints(x) <= 0."""
        rows = [_row(form, level=-1) for form in objective] + [_row(form, level=0) for form in constraints]
        values = [[part.on(where) for part in row] for row in rows]
        return cls(programme=programme, holding=holding, where=where, rows=rows, values=values)

    @property
    def size(self) -> int:
        return len(self.rows[0]) - 1

    def validity(self) -> list[RationalFunction]:
        """What decides which terms hold, turned so that it is positive here."""
        found = [condition for needed in self.programme.validity for condition in needed]
        return [self._turned(condition) for condition in found]

    def vertex(self, tight: Sequence[int]) -> tuple[tuple[RationalFunction, ...], list[RationalFunction]]:
        """The vertex (x, l) where these rows are tight, and its slacks and multipliers."""
        for chosen in combinations(tight, self.size):
            weights = self._multipliers(chosen, self.values)
            if weights is None or any(weight < 0 for weight in weights):
                continue
            multipliers = self._multipliers(chosen, self.rows)
            solution = solved([self.rows[row] for row in chosen])
            if multipliers is not None and solution is not None:
                return tuple(solution), [*multipliers, *self._slacks(solution)]
        # an optimal vertex has such rows: those tight all over the face, with others that complete them
        raise ConsistencyError(f"no optimal basis at {self.where}")

    def ray(self, ray: Sequence[Fraction]) -> tuple[tuple[RationalFunction, ...], list[RationalFunction]]:
        """The direction as functions of the exponents, and what must be positive for no row to grow along it."""
        along = place(ray)
        normals = [row[:-2] for row in self.values]
        level = [row for row, normal in enumerate(normals) if _dot(normal, along) == 0]
        one = self.rows[0][-1].constant(1)
        for chosen in combinations(level, self.size - 2):
            if direction_along([normals[row] for row in chosen], self.size - 1, one=along[0] - along[0] + 1) is None:
                continue
            found = direction_along([self.rows[row][:-2] for row in chosen], self.size - 1, one=one)
            if found is not None:
                backwards = _dot([part.on(self.where) for part in found], along) < 0
                direction = tuple(-part if backwards else part for part in found)
                return direction, [-_dot(row[:-2], direction) for row in self.rows]
        raise ConsistencyError(f"no rows fix the ray {ray} at {self.where}")

    def leading(self, tight: Sequence[int]) -> tuple[list[int], list[RationalFunction]]:
        """The tight terms without those that the others imply, later ones first, and what decides it.

        Formula: a row is implied by rows tight with it where it lies in their cone (Farkas), and only there.
        """
        kept, conditions = list(tight), []
        for row in reversed([row for row in tight if row < len(self.holding)]):
            if self.programme.terms[self.holding[row]].name in _ALWAYS:
                continue
            implied = False
            for chosen in combinations([other for other in kept if other != row], self.size):
                weights = self._combination(row, chosen, self.values)
                functions = self._combination(row, chosen, self.rows)
                if weights is None or functions is None:
                    continue
                implied = implied or all(weight >= 0 for weight in weights)
                conditions += [self._turned(function) for function in functions]
            if implied:
                kept.remove(row)
        return [row for row in kept if row < len(self.holding)], conditions

    def _multipliers(self, chosen: Sequence[int], rows: Rows) -> list[Any] | None:
        """mu with N^T mu = (0, ..., 0, -1)."""
        zero = rows[0][-1] - rows[0][-1]
        target = [zero] * (self.size - 1) + [zero - 1 if not isinstance(zero, RationalFunction) else zero.constant(-1)]
        return _transposed([rows[row][:-1] for row in chosen], target)

    def _combination(self, row: int, chosen: Sequence[int], rows: Rows) -> list[Any] | None:
        """The weights with which the chosen rows add up to a row."""
        return _transposed([rows[other][:-1] for other in chosen], rows[row][:-1])

    def _slacks(self, solution: Sequence[RationalFunction]) -> Iterator[RationalFunction]:
        return (row[-1] - _dot(row[:-1], solution) for row in self.rows)

    def _turned(self, function: RationalFunction) -> RationalFunction:
        return function if function.on(self.where) >= 0 else -function


def _transposed(normals: Rows, target: Sequence[Any]) -> list[Any] | None:
    columns = [list(column) for column in zip(*normals, strict=True)]
    return solved([[*column, value] for column, value in zip(columns, target, strict=True)])


def _row(form: Form, *, level: int) -> list[Any]:
    return [*form[1:], form[0].constant(level), -form[0]]


def _dot(left: Sequence[Any], right: Sequence[Any]) -> Any:
    products = [x * y for x, y in zip(left, right, strict=True)]
    return sum(products[1:], start=products[0])
