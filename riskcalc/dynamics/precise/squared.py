"""A stage of any length at once by squares of one matrix, for few modes: nothing is left out, whatever dies out.

Formula: moments, crosses, total and drive (x, c, a, tau) move by one matrix, the same for bias (tau = 0) and variance.
Valid: real modes. Source: D24.
"""

from __future__ import annotations

from collections.abc import Sequence

from riskcalc.dynamics.precise.recursion import OpenSum, Rates, Row, State, Vector
from riskcalc.numeric.field import Element, Field


class StageSquared:
    """The modes under one step size."""

    def __init__(self, field: Field, under: Rates, drives: Row) -> None:
        self.field, self.drives = field, drives
        self._power = _Powers(field, _rows(field, under))

    def after(self, state: State, duration: int) -> State:
        """The state `duration` steps later."""
        zero, size = self.field.real(0), len(state.moments[0])
        nothing, sums = [zero] * size, {}
        for first, one in state.sums.items():
            after = [
                self._power.after([*x, *c, total, tau], duration)
                for x, c, total, tau in zip(state.moments, one.crosses, one.totals, self.drives, strict=True)
            ]
            sums[first] = OpenSum(
                crosses=[found[size : 2 * size] for found in after], totals=[found[2 * size] for found in after]
            )
        moments = [
            self._power.after([*x, *nothing, zero, tau], duration)[:size]
            for x, tau in zip(state.moments, self.drives, strict=True)
        ]
        return State(moments=moments, sums=sums)


def _rows(field: Field, under: Rates) -> list[Vector]:
    """The matrix of one step in (x, c, a, tau)."""
    zero, one = field.real(0), field.real(1)
    modes = range(len(under.gain))
    nothing = [zero for _ in modes]
    moments = [
        [field.middle(under.gain[n] + (1 - under.decrement[n] if n == m else zero)) for m in modes]
        + nothing
        + [zero, under.gain[n]]
        for n in modes
    ]
    own = [[field.middle(1 - under.scaled[n]) if n == m else zero for m in modes] for n in modes]
    crosses = [row + row + [zero, zero] for row in own]
    total = [one for _ in modes] + [2 * one for _ in modes] + [one, zero]
    return [*moments, *crosses, total, [*nothing, *nothing, zero, one]]


class _Powers:
    """Powers of a matrix, by its squares, put to vectors."""

    def __init__(self, field: Field, rows: list[Vector]) -> None:
        self._field = field
        self._columns: list[Sequence[Element]] = list(zip(*rows, strict=True))
        self._maps = [field.linear(rows)]

    def after(self, vector: Vector, count: int) -> Vector:
        """The matrix to the power `count` times a vector."""
        place = 0
        while count:
            if place == len(self._maps):
                self._columns = [self._times(column) for column in self._columns]
                self._maps.append(self._field.linear(list(zip(*self._columns, strict=True))))
            if count & 1:
                vector = self._times(vector, place)
            count >>= 1
            place += 1
        return vector

    def _times(self, vector: Sequence[Element], place: int = -1) -> Vector:
        return [self._field.middle(entry) for entry in self._maps[place](list(vector))]
