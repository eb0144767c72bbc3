"""Modes that hardly move in a whole stage: their change is transformed, not their state.

A transform returns a constant but for some ten roundings, always the same: over many stages they would add up.

Formula: with M = (1 - zeta) + zeta N, M^-1 - 1/(1 - zeta) = -zeta N M^-1/(1 - zeta). Source: D03.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from riskcalc.dynamics.elimination import Table
from riskcalc.quantity import Complex


def standing(loss: Table, duration: int) -> NDArray[np.bool_]:
    """Modes that hardly move in so many steps."""
    losses = [np.abs(entry) for row in loss for entry in row if entry is not None]
    return np.asarray(np.max(losses, axis=0) * duration < 1)


def less_what_stood(zeta: Complex, gap: Complex, inverse: Table, loss: Table, still: NDArray[np.bool_]) -> Table:
    """M^-1, less 1/(1 - zeta) for the modes that are still; gap: 1 - zeta."""
    if not still.any():
        return inverse
    falling = -(zeta / gap)[:, None]
    return [[_fallen(i, j, inverse, loss, falling, still) for j in range(len(inverse))] for i in range(len(inverse))]


def _fallen(
    row: int, column: int, inverse: Table, loss: Table, falling: Complex, still: NDArray[np.bool_]
) -> Complex | None:
    parts = [
        falling * lost[still] * entry[:, still]
        for lost, entry in zip(loss[row], [line[column] for line in inverse], strict=True)
        if lost is not None and entry is not None
    ]
    if (found := inverse[row][column]) is None:
        return None
    found = found.copy()
    found[:, still] = sum(parts)
    return found
