"""Which optimum holds where: the plane of exponents covered by regions of best allocations, and verified."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from riskcalc.errors import ConsistencyError
from riskcalc.progress import progress
from riskcalc.scaling.arrangement import Column, Point, open_cells
from riskcalc.scaling.best import Best, Key, best_allocation
from riskcalc.scaling.factors import Factors, Sign
from riskcalc.scaling.question import Plane, Question
from riskcalc.scaling.rational_function import RationalFunction

_SEEDS = [Fraction(n, 20) for n in (3, 7, 9, 15, 27, 40)]
_REFINEMENTS = 20


@dataclass(frozen=True, kw_only=True)
class Known:
    """A best allocation, and the signs that have to be positive for it."""

    best: Best
    signs: tuple[Sign, ...]
    slow: bool


class Atlas:
    """Regions of best allocations, collected as points are looked up: one set of programmes on each side of a = 1.

    In either pair of letters the first one is positive.
    """

    def __init__(self, question: Question, plane: Plane) -> None:
        self.question, self.plane, self.letters = question, plane, plane.letters
        self.domain = question.table.domain(plane.a, plane.b)
        self.factors = Factors()
        self._known: list[Known] = []
        inside = [RationalFunction.of(value, self.letters) for value in self.domain]
        self._inside = self.factors.signs(inside)
        self._fast = self.factors.sign(self.side(slow=False))

    def locate(self, point: Point) -> Key | None:
        """The phase at a rational point in general position; None outside the domain, or where a condition vanishes."""
        found = self.among(self.factors.below(point))
        if isinstance(found, bool):
            self.learn(point, slow=found)
            found = self.among(self.factors.below(point))
        return found.best.key if isinstance(found, Known) else None

    def among(self, below: int) -> Known | bool | None:
        """What is known where these factors are negative; None outside the domain, the side of a = 1 if nothing is."""
        if not _all(self._inside, below):
            return None
        slow = not self._fast.positive(below)
        return next((row for row in self._known if row.slow == slow and _all(row.signs, below)), slow)

    def learn(self, point: Point, *, slow: bool) -> None:
        """Derive what holds around a point; of a point on one of its own curves only the curves are kept."""
        best = best_allocation(self.question.programmes(self.plane, slow=slow), point)
        signs = self.factors.signs(best.conditions)
        if best.generic(point):
            self._known.append(Known(best=best, signs=signs, slow=slow))

    def side(self, slow: bool) -> RationalFunction:
        """What is positive on one side of a = 1."""
        return RationalFunction.of(1 - self.plane.a if slow else self.plane.a - 1, self.letters)

    def known(self) -> tuple[Known, ...]:
        """Every best allocation met so far."""
        return tuple(self._known)

    def cells(self) -> tuple[dict[Point, Key], list[Column]]:
        """Every open cell of the arrangement of all conditions, with its phase; refined until it closes."""
        with progress(len(_SEEDS) ** 2, "points") as more:
            for point in self._seeds():
                self.locate(point)
                more(1)
        for _ in range(_REFINEMENTS):
            before = len(self._known), len(self.factors.polynomials)
            columns = list(open_cells(self.factors.polynomials, least=0))
            points = [point for column in columns for point in column.samples]
            located = dict[Point, Key | None]()
            with progress(len(points), "cells") as more:
                for point in points:
                    located[point] = self.locate(point)
                    more(1)
            if (len(self._known), len(self.factors.polynomials)) == before:
                return {point: key for point, key in located.items() if key is not None}, columns
        raise ConsistencyError(f"the phase diagram did not close after {_REFINEMENTS} refinements")

    def around(self, point: Point) -> tuple[tuple[Known, Point], ...]:
        """What holds in the sectors between the curves through a point, in turn, and the direction of each.

        Curves through the point become known as its neighbours are looked at, nearer in every round, until none is new.
        """
        step = Fraction(1, 16)
        for _ in range(_REFINEMENTS):
            found = [(self._next_to(point, direction, step), direction) for direction in self._sectors(point)]
            if all(not isinstance(row, bool) for row, _ in found):
                return tuple((row, direction) for row, direction in found if isinstance(row, Known))
            step /= 16
        raise ConsistencyError(f"what holds next to {point} was not found in {_REFINEMENTS} refinements")

    def _next_to(self, point: Point, direction: Point, step: Fraction) -> Known | bool | None:
        """What holds infinitely near to a point, in a direction; where nothing is known, one step away is learnt."""
        below = self.factors.below_next_to(point, direction)
        found = self.among(below)
        if isinstance(found, bool):
            near = (point[0] + step * direction[0], point[1] + step * direction[1])
            if self.factors.below(near) == below:  # no curve passes in between
                self.learn(near, slow=found)
        return found

    def _sectors(self, point: Point) -> Iterator[Point]:
        """A direction in every sector between the tangents at a point."""
        lines = self.factors.tangents(point) or [(Fraction(1), Fraction(0))]
        ordered = sorted({_upper(line) for line in lines}, key=lambda line: -line[0])
        around = [*ordered, *((-x, -y) for x, y in ordered)]
        for left, right in pairwise([*around, around[0]]):
            middle = (left[0] + right[0], left[1] + right[1])
            # opposite neighbours: a quarter turn
            yield middle if any(middle) else (-left[1], left[0])

    def _seeds(self) -> Iterator[Point]:
        return ((x, y) for x in _SEEDS for y in _SEEDS)


def _all(signs: tuple[Sign, ...], below: int) -> bool:
    return all(sign.positive(below) for sign in signs)


def _upper(line: Point) -> Point:
    """The direction of a line that points up, or to the right, of length about 1."""
    x, y = line if (line[1], line[0]) > (Fraction(0), Fraction(0)) else (-line[0], -line[1])
    return x / (abs(x) + abs(y)), y / (abs(x) + abs(y))
