"""From the optimum at one point to the optimum as rational functions, with the region where they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

import sympy
from sympy import Expr, Symbol

from riskcalc.scaling.budget import Affine
from riskcalc.scaling.rational_function import RationalFunction


@dataclass(frozen=True, kw_only=True)
class Basis:
    """An optimal basis: equations that fix the optimum, solved for all exponents at once.

    rows: which rows (objective first, then constraints) hold with equality. level, point: the optimum as
    rational
    functions. conditions: the slacks and multipliers, >= 0 exactly where this basis is optimal,
    without those that vanish identically.
    """

    rows: tuple[int, ...]
    level: Expr
    point: tuple[Expr, ...]
    conditions: tuple[Expr, ...]


def optimal_basis(
    objective: Sequence[Affine],
    constraints: Sequence[Affine],
    tight: Sequence[int],
    letters: Sequence[Symbol],
    at: Sequence[Fraction],
) -> Basis | None:
    """A basis among the tight rows whose multipliers are >= 0 at `at`; objective rows are preferred.

    Formula: minimise l subject to objective_k(x) <= l, constraint_i(x) <= 0. Tight rows N y = n fix
        y = (x, l); multipliers mu solve N^T mu = (0, ..., 0, -1); the basis is optimal where mu >= 0 and all
        slacks are >= 0.
    Source: derivation D15.
    """
    size = len(objective[0])
    field = sympy.QQ.frac_field(*letters)
    rows = [_row(form, level=True) for form in objective] + [_row(form, level=False) for form in constraints]
    symbolic = [[field.from_sympy(part) for part in row] for row in rows]
    target = [field.zero] * (size - 1) + [-field.one]
    ordered = sorted(tight, key=lambda index: (index >= len(objective), index))
    for chosen in combinations(ordered, size):
        normals = [symbolic[index][:-1] for index in chosen]
        # gradient condition: (0, ..., 0, 1) + N^T mu = 0
        multipliers = _solved([list(column) for column in zip(*normals, strict=True)], target)
        if multipliers is None or any(_at(field.to_sympy(value), letters, at) < 0 for value in multipliers):
            continue
        solution = _solved(normals, [symbolic[index][-1] for index in chosen])
        if solution is None:
            continue
        slacks = [
            row[-1] - sum((c * y for c, y in zip(row, solution, strict=False)), field.zero)
            for row in symbolic
        ]
        signed = [value for value in [*multipliers, *slacks] if value != 0 and value not in field.domain]
        found = [sympy.factor(field.to_sympy(value)) for value in solution]
        return Basis(
            rows=tuple(chosen),
            level=found[-1],
            point=tuple(found[:-1]),
            conditions=tuple(field.to_sympy(value) for value in dict.fromkeys(signed)),
        )
    return None


def _solved(matrix: Sequence[Sequence[Any]], right: Sequence[Any]) -> list[Any] | None:
    """Gauss-Jordan over a field of rational functions; None where the matrix is singular."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for column in range(len(rows)):
        pivot = next((i for i in range(column, len(rows)) if rows[i][column]), None)
        if pivot is None:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for i, row in enumerate(rows):
            if i != column and row[column]:
                rows[i] = [x - row[column] * y for x, y in zip(row, rows[column], strict=True)]
    return [row[-1] for row in rows]


def _row(form: Affine, *, level: bool) -> tuple[Expr, ...]:
    return (*form[1:], sympy.Integer(-1 if level else 0), -form[0])


def _at(value: Expr, letters: Sequence[Symbol], point: Sequence[Fraction]) -> Fraction:
    return RationalFunction.of(value, letters).at(point)
