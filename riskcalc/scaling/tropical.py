"""Exact minimisation of a maximum of affine functions over a polyhedron, by its vertices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from riskcalc.errors import InvalidInput

Row = tuple[Fraction, ...]  # constant first, then one coefficient a variable


@dataclass(frozen=True, kw_only=True)
class Optimum:
    """The minimum and where it is taken.

    value: the minimal maximum. vertices: every vertex of the optimal face (one: the optimum is unique, as
    far as
    the face is bounded). tight: for each vertex, which rows hold with equality (objective rows first, then
    constraints).
    """

    value: Fraction
    vertices: tuple[tuple[Fraction, ...], ...]
    tight: tuple[tuple[int, ...], ...]


def minimise_maximum(objective: Sequence[Row], constraints: Sequence[Row]) -> Optimum:
    """Minimise max_k objective_k(x) subject to constraint_i(x) <= 0, exactly.

    Formula: every vertex of {(x, l): objective_k(x) <= l, constraint_i(x) <= 0} is the solution of as many
        equations as unknowns; all are tried.
    Valid: a feasible set without lines, and a minimum that is attained; few variables (up to four).
    Source: derivation D15.

    >>> one, zero = Fraction(1), Fraction(0)
    >>> minimise_maximum([(zero, one), (one, -one)], [(zero, -one)]).value
    Fraction(1, 2)
    """
    unknowns = len(objective[0])  # the variables and the level l
    rows = [(*row[1:], Fraction(-1), -row[0]) for row in objective]
    rows += [(*row[1:], Fraction(0), -row[0]) for row in constraints]
    found: dict[tuple[Fraction, ...], None] = {}
    best: Fraction | None = None
    for chosen in combinations(range(len(rows)), unknowns):
        if chosen[0] >= len(objective):
            break  # without an objective row the level is free
        point = _solved([rows[index] for index in chosen])
        if point is None or (best is not None and point[-1] > best) or not _feasible(rows, point):
            continue
        if best is None or point[-1] < best:
            best, found = point[-1], {}
        found[point] = None
    if best is None:
        raise InvalidInput("no choice of exponents satisfies all the constraints")
    vertices = tuple(found)
    tight = tuple(tuple(i for i, row in enumerate(rows) if _slack(row, point) == 0) for point in vertices)
    return Optimum(value=best, vertices=tuple(point[:-1] for point in vertices), tight=tight)


def _slack(row: Sequence[Fraction], point: Sequence[Fraction]) -> Fraction:
    return row[-1] - sum((c * x for c, x in zip(row, point, strict=False)), Fraction(0))


def _feasible(rows: Sequence[Sequence[Fraction]], point: Sequence[Fraction]) -> bool:
    return all(_slack(row, point) >= 0 for row in rows)


def _solved(rows: Sequence[Sequence[Fraction]]) -> tuple[Fraction, ...] | None:
    """Gauss-Jordan on the augmented rows; None where they are dependent."""
    matrix = [list(row) for row in rows]
    size = len(matrix)
    for column in range(size):
        pivot = next((i for i in range(column, size) if matrix[i][column] != 0), None)
        if pivot is None:
            return None
        matrix[column], matrix[pivot] = matrix[pivot], matrix[column]
        lead = matrix[column][column]
        matrix[column] = [value / lead for value in matrix[column]]
        for i in range(size):
            factor = matrix[i][column]
            if i != column and factor != 0:
                matrix[i] = [x - factor * y for x, y in zip(matrix[i], matrix[column], strict=True)]
    return tuple(row[-1] for row in matrix)
