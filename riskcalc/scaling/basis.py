"""From the optimum at one point to the optimum as rational functions, with the region where they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import sympy
from sympy import Expr, Symbol

from riskcalc.scaling.budget import Affine
from riskcalc.scaling.rational_function import RationalFunction


@dataclass(frozen=True, kw_only=True)
class Basis:
    """An optimal basis: equations that fix the optimum, solved for all exponents at once.

    rows: which rows (objective first, then constraints) hold with equality. level, point: the optimum as rational
    functions. conditions: expressions that are >= 0 exactly where this basis is optimal (slacks and multipliers),
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
    """A basis among the tight rows whose multipliers are >= 0 at the point `at`; objective rows are preferred.

    Formula: minimise l subject to objective_k(x) <= l, constraint_i(x) <= 0. Tight rows N y = n fix y = (x, l);
        multipliers mu solve N^T mu = (0, ..., 0, -1); the basis is optimal where mu >= 0 and all slacks are >= 0.
    Source: derivation D15.
    """
    size = len(objective[0])
    symbolic = [_row(form, level=True) for form in objective] + [_row(form, level=False) for form in constraints]
    ordered = sorted(tight, key=lambda index: (index >= len(objective), index))
    for chosen in combinations(ordered, size):
        matrix = sympy.Matrix([symbolic[index][:-1] for index in chosen])
        determinant = sympy.cancel(matrix.det())
        if determinant == 0:
            continue
        multipliers = [sympy.cancel(value) for value in matrix.T.adjugate() * _target(size) / determinant]
        if any(_at(value, letters, at) < 0 for value in multipliers):
            continue
        right = sympy.Matrix([symbolic[index][-1] for index in chosen])
        solution = [sympy.factor(sympy.cancel(value)) for value in matrix.adjugate() * right / determinant]
        slacks = [
            sympy.cancel(row[-1] - sum(c * y for c, y in zip(row[:-1], solution, strict=True))) for row in symbolic
        ]
        conditions = tuple(value for value in [*multipliers, *slacks] if value != 0 and not value.is_positive)
        return Basis(rows=tuple(chosen), level=solution[-1], point=tuple(solution[:-1]), conditions=conditions)
    return None


def _row(form: Affine, *, level: bool) -> tuple[Expr, ...]:
    return (*form[1:], sympy.Integer(-1 if level else 0), -form[0])


def _target(size: int) -> sympy.Matrix:
    # gradient condition: (0, ..., 0, 1) + N^T mu = 0
    return sympy.Matrix([0] * (size - 1) + [-1])


def _at(value: Expr, letters: Sequence[Symbol], point: Sequence[Fraction]) -> Fraction:
    return RationalFunction.of(value, letters).at(point)
