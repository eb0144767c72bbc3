"""Small linear systems, one for every mode and point, whose entries are arrays.

(1 - zeta) + zeta N is eliminated without pivoting, the last moment first: each is fed by those before it and feeds back
little or nothing, so that terms of one sign are added, and no digit is lost where modes hardly move. What is zero for
every mode is None and costs nothing. Source: D38.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from riskcalc.quantity import Complex, Real

Rows = list[Complex | None]
Table = list[Rows]  # None: zero for every mode


@dataclass(frozen=True, kw_only=True, eq=False)
class Eliminated:
    """(1 - zeta) + zeta N = U L. table: L on and below the diagonal; above it U, whose diagonal is 1."""

    table: Table

    @property
    def size(self) -> int:
        return len(self.table)

    def inverse(self) -> Table:
        """Entries of ((1 - zeta) + zeta N)^-1, (points, n)."""
        columns = [self._solved(k) for k in range(self.size)]
        return [[column[k] for column in columns] for k in range(self.size)]

    def functional(self, weights: Real) -> Rows:
        """weights ((1 - zeta) + zeta N)^-1, one array (points, n) a moment."""
        found: Rows = [np.full((1, 1), weight, dtype=complex) if weight else None for weight in weights]
        for row in reversed(range(self.size)):
            for later in range(row + 1, self.size):
                found[row] = _less(found[row], found[later], self.table[later][row])
            found[row] = _over(found[row], self.table[row][row])
        for row in range(self.size):
            for earlier in range(row):
                found[row] = _less(found[row], found[earlier], self.table[earlier][row])
        return found

    def _solved(self, source: int) -> Rows:
        """A column of the inverse."""
        found: Rows = [None] * self.size
        found[source] = np.ones((1, 1), dtype=complex)
        for column in reversed(range(self.size)):
            for row in range(column):
                found[row] = _less(found[row], self.table[row][column], found[column])
        for row in range(self.size):
            for column in range(row):
                found[row] = _less(found[row], self.table[row][column], found[column])
            found[row] = _over(found[row], self.table[row][row])
        return found


def eliminated(zeta: Complex, gap: Complex, loss: Table) -> Eliminated:
    """loss: entries of N, (n,), None where they are zero. zeta, gap = 1 - zeta: (points,)."""
    size = len(loss)
    modes = next(entry.size for row in loss for entry in row if entry is not None)
    table: Table = [
        [
            None if entry is None and row != column else _entry(zeta, gap, entry, modes, row == column)
            for column, entry in enumerate(entries)
        ]
        for row, entries in enumerate(loss)
    ]
    for pivot in reversed(range(1, size)):
        for row in range(pivot):
            factor = _over(table[row][pivot], table[pivot][pivot])
            table[row][pivot] = factor
            for column in range(pivot):
                table[row][column] = _less(table[row][column], factor, table[pivot][column])
    return Eliminated(table=table)


def part_of(table: Table, modes: Any) -> Table:
    """The entries of some modes, or of some points and modes."""
    return [[None if entry is None else entry[modes] for entry in row] for row in table]


def _entry(zeta: Complex, gap: Complex, loss: Complex | None, modes: int, diagonal: bool) -> Complex:
    moved = np.zeros((zeta.size, modes), dtype=zeta.dtype) if loss is None else zeta[:, None] * loss
    if diagonal:
        moved += gap[:, None]
    return moved


def _less(value: Complex | None, factor: Complex | None, other: Complex | None) -> Complex | None:
    """value - factor other."""
    if factor is None or other is None:
        return value
    return -factor * other if value is None else value - factor * other


def _over(value: Complex | None, pivot: Complex | None) -> Complex | None:
    return None if value is None or pivot is None else value / pivot
