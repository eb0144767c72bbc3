"""Exact minimisation of a maximum of affine functions over a polyhedron, by its vertices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

from flint import fmpq

from riskcalc.errors import InvalidInput


class NoChoice(InvalidInput):
    """The constraints contradict each other."""


Row = tuple[Any, ...]  # constant first, then one coefficient a variable: Fractions, or FLINT's rationals


@dataclass(frozen=True, kw_only=True)
class Optimum:
    """The minimum and where it is taken.

    value: the minimal maximum. vertices: every vertex of the optimal face. tight: for each vertex, which rows hold with
    equality (objective rows first, then constraints). rays: directions in which the face goes on without end.
    """

    value: Fraction
    vertices: tuple[tuple[Fraction, ...], ...]
    tight: tuple[tuple[int, ...], ...]
    rays: tuple[tuple[Fraction, ...], ...] = ()

    @property
    def always_tight(self) -> tuple[int, ...]:
        """The rows that hold with equality all over the face."""
        return tuple(row for row in self.tight[0] if all(row in other for other in self.tight))


def minimise_maximum(objective: Sequence[Row], constraints: Sequence[Row]) -> Optimum:
    """Minimise max_k objective_k(x) subject to constraint_i(x) <= 0, exactly.

    Formula: every vertex of {(x, l): objective_k(x) <= l, constraint_i(x) <= 0} is the solution of as many
        equations as unknowns; all are tried. A ray of the optimal face is a direction that no row lets grow, along
        as many rows as it takes to fix it.
    Valid: a feasible set without lines, and a minimum that is attained; few variables (up to four).
    Source: derivation D15.

    >>> one, zero = Fraction(1), Fraction(0)
    >>> minimise_maximum([(zero, one), (one, -one)], [(zero, -one)]).value
    Fraction(1, 2)
    """
    split = len(objective)
    rows = [[*map(_flint, row[1:]), fmpq(-1), -_flint(row[0])] for row in objective]
    rows += [[*map(_flint, row[1:]), fmpq(0), -_flint(row[0])] for row in constraints]
    found: dict[tuple[Any, ...], None] = {}
    best: Any = None
    for point in _crossings(rows, len(objective[0]), split):
        level = point[-1]
        if (best is not None and level > best) or point in found or not _feasible(rows, point):
            continue
        if best is None or level < best:
            best, found = level, {}
        found[point] = None
    if best is None:
        raise NoChoice("no choice of exponents satisfies all the constraints")
    vertices = tuple(found)
    tight = tuple(tuple(i for i, row in enumerate(rows) if _slack(row, point) == 0) for point in vertices)
    return Optimum(
        value=_fraction(best),
        vertices=tuple(tuple(map(_fraction, point[:-1])) for point in vertices),
        tight=tight,
        rays=tuple(tuple(map(_fraction, ray)) for ray in _rays(rows, len(objective[0]) - 1)),
    )


def _crossings(rows: Sequence[Sequence[Any]], unknowns: int, split: int) -> Iterator[tuple[Any, ...]]:
    """Where as many rows as there are unknowns hold with equality, one of the first `split` among them."""

    def deeper(start: int, chosen: list[list[Any]], pivots: list[int]) -> Iterator[tuple[Any, ...]]:
        if len(chosen) == unknowns:
            yield _read(chosen, pivots)
            return
        for index in range(start, split if not chosen else len(rows)):
            # without an objective row the level is free
            row = list(rows[index])
            for other, pivot in zip(chosen, pivots, strict=True):
                if row[pivot]:
                    factor = row[pivot]
                    row = [x - factor * y for x, y in zip(row, other, strict=True)]
            pivot = next((i for i in range(unknowns) if row[i]), -1)
            if pivot >= 0:
                lead = row[pivot]
                yield from deeper(index + 1, [*chosen, [x / lead for x in row]], [*pivots, pivot])

    yield from deeper(0, [], [])


def _read(chosen: Sequence[Sequence[Any]], pivots: Sequence[int]) -> tuple[Any, ...]:
    """The solution of equations each of which is free of the pivots of those before it."""
    solution: dict[int, Any] = {}
    for row, pivot in zip(reversed(chosen), reversed(pivots), strict=True):
        solution[pivot] = row[-1] - sum((row[i] * value for i, value in solution.items()), fmpq(0))
    return tuple(solution[i] for i in range(len(pivots)))


def _rays(rows: Sequence[Sequence[Any]], variables: int) -> Iterator[tuple[Any, ...]]:
    """Directions in which the set goes on without end at one level: rows that cross in a line, and none that grows."""
    found: dict[tuple[Any, ...], None] = {}
    normals = [row[:variables] for row in rows]
    for chosen in combinations(normals, variables - 1):
        direction = direction_along(chosen, variables, one=fmpq(1))
        for sign in (1, -1) if direction is not None else ():
            ray = tuple(sign * part for part in direction or ())
            if all(_dot(normal, ray) <= 0 for normal in normals):
                found[ray] = None
    yield from found


def direction_along(normals: Sequence[Sequence[Any]], variables: int, *, one: Any) -> tuple[Any, ...] | None:
    """The direction orthogonal to one normal fewer than there are variables, one of its entries `one`."""
    for free in reversed(range(variables)):
        others = [i for i in range(variables) if i != free]
        found = solved([[*(normal[i] for i in others), -normal[free]] for normal in normals])
        if found is not None:
            direction = dict(zip(others, found, strict=True)) | {free: one}
            return tuple(direction[i] for i in range(variables))
    return None


def solved(matrix: Sequence[Sequence[Any]]) -> list[Any] | None:
    """Gauss-Jordan on the augmented rows, over any exact field; None where they are dependent."""
    rows = [list(row) for row in matrix]
    for column in range(len(rows)):
        pivot = next((i for i in range(column, len(rows)) if rows[i][column]), None)
        if pivot is None:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        lead = rows[column][column]
        rows[column] = [value / lead for value in rows[column]]
        for i, row in enumerate(rows):
            if i != column and row[column]:
                factor = row[column]
                rows[i] = [x - factor * y for x, y in zip(row, rows[column], strict=True)]
    return [row[-1] for row in rows]


def _slack(row: Sequence[Any], point: Sequence[Any]) -> Any:
    return row[-1] - _dot(row[:-1], point)


def _dot(left: Sequence[Any], right: Sequence[Any]) -> Any:
    return sum((x * y for x, y in zip(left, right, strict=True)), fmpq(0))


def _feasible(rows: Sequence[Sequence[Any]], point: Sequence[Any]) -> bool:
    return all(_slack(row, point) >= 0 for row in rows)


def _flint(value: Any) -> Any:
    return value if isinstance(value, fmpq) else fmpq(value.numerator, value.denominator)


def _fraction(value: Any) -> Fraction:
    return Fraction(int(value.p), int(value.q))
