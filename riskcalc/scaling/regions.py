"""Boundaries between phases, and regions as the fewest polynomial inequalities that tell them apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

import sympy
from sympy import Basic, Expr, Symbol

from riskcalc.errors import ConsistencyError
from riskcalc.scaling.arrangement import Column, Point, between, on_upright, real_roots, upright
from riskcalc.scaling.atlas import Atlas
from riskcalc.scaling.best import Key
from riskcalc.scaling.rational_function import RationalFunction, as_expression

_APART = Fraction(1, 10**4)
_NEAREST = Fraction(1, 10**12)


@dataclass(frozen=True, kw_only=True)
class Boundary:
    """A curve, expression = 0, across which the optimum changes."""

    expression: Expr
    letters: tuple[Symbol, Symbol]

    def equation(self) -> tuple[Expr, Expr]:
        """Both sides of the curve's equation: a letter in which it is linear, the last such one, alone on the left.

        Without such a letter: the expression, and 0.
        """
        for letter in reversed(self.letters):
            slope = self.expression.diff(letter)
            if slope != 0 and not slope.has(letter):
                value = letter - self.expression / slope
                return letter, value.expand() if slope.is_number else sympy.factor(value)
        return self.expression, sympy.S.Zero

    def latex(self) -> str:
        """The curve as an equation."""
        from riskcalc.formula.letters import as_latex

        return " = ".join(map(as_latex, self.equation()))

    def __str__(self) -> str:
        return " = ".join(map(str, self.equation()))

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


def separating_curves(atlas: Atlas, cells: Mapping[Point, Key], columns: Sequence[Column]) -> tuple[Boundary, ...]:
    """The curves on which conditions vanish and across which the optimum changes, inside the domain."""
    curves: dict[int, None] = {}
    for column in columns:
        for low, high in pairwise(column.samples):
            if low in cells and high in cells and cells[low] != cells[high]:
                crossed = atlas.factors.below(low) ^ atlas.factors.below(high)
                curves |= dict.fromkeys(number for number in range(crossed.bit_length()) if crossed >> number & 1)
    polynomials = atlas.factors.polynomials
    found = [_cleared(polynomials[number], atlas.letters) for number in sorted(curves)]
    for polynomial in filter(upright, polynomials):
        roots = sympy.real_roots(as_expression(polynomial, atlas.letters))
        found += [atlas.letters[0] - root for root in roots if _separates(atlas, Fraction(str(sympy.N(root, 40))))]
    return tuple(Boundary(expression=expression, letters=atlas.letters) for expression in found)


def regions(cells: Mapping[Point, Key], borders: Sequence[Boundary]) -> dict[Key, Basic]:
    """For each phase the fewest boundary inequalities that hold in its cells and in no other cell."""
    found: dict[Key, set[tuple[int, ...]]] = {}
    for point, key in cells.items():
        found.setdefault(key, set()).add(tuple(border.sign(point) for border in borders))
    return {
        key: _region(own, set().union(*(signs for other, signs in found.items() if other != key)), borders)
        for key, own in found.items()
    }


def _region(own: set[tuple[int, ...]], others: set[tuple[int, ...]], borders: Sequence[Boundary]) -> Basic:
    if own & others:
        raise ConsistencyError(f"the boundaries {[border.expression for border in borders]} do not tell phases apart")
    pieces: dict[tuple[tuple[int, int], ...], None] = {}
    for vector in sorted(own, key=lambda one: -sum(one)):
        if not any(all(vector[index] == sign for index, sign in piece) for piece in pieces):
            pieces[_fewest(vector, own, others, borders)] = None
    return sympy.Or(*(_inequalities(borders, piece) for piece in pieces))


def _fewest(
    vector: Sequence[int], own: Iterable[Sequence[int]], others: Iterable[Sequence[int]], borders: Sequence[Boundary]
) -> tuple[tuple[int, int], ...]:
    """As few of a cell's signs as no cell of another phase shares; first those go that do not hold in the phase."""
    shared = [len({other[index] for other in own}) == 1 for index in range(len(borders))]
    kept = list(range(len(borders)))
    for index in sorted(kept, key=lambda i: (shared[i], -sympy.count_ops(borders[i].expression))):
        fewer = [i for i in kept if i != index]
        if not any(all(other[i] == vector[i] for i in fewer) for other in others):
            kept = fewer
    return tuple((index, vector[index]) for index in kept)


def _inequalities(borders: Sequence[Boundary], piece: Iterable[tuple[int, int]]) -> Basic:
    return sympy.And(
        *(sympy.Gt(borders[i].expression, 0) if sign > 0 else sympy.Lt(borders[i].expression, 0) for i, sign in piece)
    )


def _separates(atlas: Atlas, at: Fraction) -> bool:
    """Whether the optimum changes somewhere across the upright line there: looked at in every gap between curves."""
    curves = [polynomial for polynomial in atlas.factors.polynomials if not upright(polynomial)]
    only_curves = sum(1 << n for n, polynomial in enumerate(atlas.factors.polynomials) if not upright(polynomial))
    heights = [root for curve in curves for root in real_roots(on_upright(curve, at))]
    for height in between(heights):
        apart = _APART
        while apart > _NEAREST:
            sides = (at - apart, height), (at + apart, height)
            left, right = (atlas.factors.below(side) for side in sides)
            if not (left ^ right) & only_curves:
                keys = tuple(map(atlas.locate, sides))
                if None not in keys and keys[0] != keys[1]:
                    return True
                break
            apart /= 100  # a curve passes in between
    return False


def _cleared(polynomial: object, letters: Sequence[Symbol]) -> Expr:
    """A polynomial with whole coefficients that have no common factor."""
    return sympy.Poly(as_expression(polynomial, letters), *letters).primitive()[1].clear_denoms()[1].as_expr()
