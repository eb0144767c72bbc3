"""Boundaries between phases, and regions as the fewest polynomial inequalities that tell them apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import sympy
from sympy import Basic, Expr, Poly, Symbol

from riskcalc.scaling.arrangement import Column, Point
from riskcalc.scaling.atlas import Key
from riskcalc.scaling.rational_function import RationalFunction


@dataclass(frozen=True, kw_only=True)
class Boundary:
    """A curve, expression = 0, across which the optimum changes."""

    expression: Expr
    letters: tuple[Symbol, Symbol]

    def latex(self) -> str:
        """The curve as an equation."""
        from riskcalc.formula.letters import as_latex

        solved = sympy.solve(self.expression, self.letters[1]) or sympy.solve(
            self.expression, self.letters[0]
        )
        left = self.letters[1] if self.expression.has(self.letters[1]) else self.letters[0]
        return f"{as_latex(left)} = {as_latex(solved[0])}"

    def sign(self, point: Point) -> int:
        """On which side a point lies."""
        value = self._polynomial.at(point) if self._root is None else point[0] - self._root
        return (value > 0) - (value < 0)

    @cached_property
    def _polynomial(self) -> RationalFunction:
        return RationalFunction.of(self.expression, self.letters)

    @cached_property
    def _root(self) -> Fraction | None:
        """c, to 50 digits, when the curve is the upright line (first letter) = c with c irrational."""
        root = self.letters[0] - self.expression
        return None if root.free_symbols or root.is_rational else Fraction(str(sympy.N(root, 50)))


def separating_curves(
    columns: Sequence[Column], locate: Callable[[Point], Key | None], factors: Sequence[Poly]
) -> tuple[Boundary, ...]:
    """The curves among `factors` across which the optimum changes, where `locate` is not None."""
    first, second = factors[0].gens
    letters = (first, second)
    curved = [Boundary(expression=f.as_expr(), letters=letters) for f in factors if f.degree(second) > 0]
    upright = [
        Boundary(expression=first - root, letters=letters)
        for factor in factors
        if factor.degree(second) == 0
        for root in sympy.real_roots(factor.as_expr())
    ]
    found: dict[Boundary, None] = {}
    for column in columns:
        for low, high in zip(column.samples, column.samples[1:], strict=False):
            keys = locate(low), locate(high)
            if None in keys or keys[0] == keys[1]:
                continue
            found.update((curve, None) for curve in curved if curve.sign(low) != curve.sign(high))
    for line in upright:
        at = Fraction(float(first - line.expression)).limit_denominator(10**9)
        sides = (at - Fraction(1, 10**6), at + Fraction(1, 10**6))
        near = [column for column in columns if abs(column.samples[0][0] - at) < 1]
        heights = sorted({point[1] for column in near for point in column.samples})
        for height in heights:
            left, right = (sides[0], height), (sides[1], height)
            if any(curve.sign(left) != curve.sign(right) for curve in curved):
                continue  # a curve passes between: not the line's doing
            keys = locate(left), locate(right)
            if None not in keys and keys[0] != keys[1]:
                found[line] = None
                break
    return tuple(found)


def region_of(key: Key, cells: Mapping[Point, Key], borders: Sequence[Boundary]) -> Basic:
    """The fewest boundary inequalities that hold in all cells of the phase and in no other cell."""
    signs = {point: tuple(border.sign(point) for border in borders) for point in cells}
    own = {signs[point] for point, other in cells.items() if other == key}
    others = {signs[point] for point, other in cells.items() if other != key}
    fixed = [index for index in range(len(borders)) if len({vector[index] for vector in own}) == 1]
    pattern = next(iter(own))
    if any(all(vector[i] == pattern[i] for i in fixed) for vector in others):
        return sympy.Or(*(_inequalities(borders, vector, range(len(borders))) for vector in sorted(own)))
    for index in sorted(fixed, key=lambda i: -sympy.count_ops(borders[i].expression)):
        fewer = [i for i in fixed if i != index]
        if not any(all(vector[i] == pattern[i] for i in fewer) for vector in others):
            fixed = fewer
    return _inequalities(borders, pattern, fixed)


def _inequalities(borders: Sequence[Boundary], signs: Sequence[int], chosen: Iterable[int]) -> Basic:
    relations = []
    for index in chosen:
        expression = borders[index].expression
        relations.append(sympy.Gt(expression, 0) if signs[index] > 0 else sympy.Lt(expression, 0))
    return sympy.And(*relations)
