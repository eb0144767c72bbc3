"""Sines and cosines on the unit interval, by their frequencies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskcalc.quantity import Real


@dataclass(frozen=True, kw_only=True, eq=False)
class Waves:
    """phi = sqrt(2) sin(turns pi x + quarter pi/2), and phi = 1 where turns = 0.

    turns: omega/pi, shape (v,). quarter: 0 for a sine, 1 for a cosine.
    """

    turns: Real
    quarter: Real

    def at(self, points: Real) -> Real:
        """phi_j(x_i), shape (n, v)."""
        values = np.sin(points[:, None] * (self.turns * np.pi) + self.quarter * (np.pi / 2))
        values *= np.where(self.turns == 0, 1.0, np.sqrt(2))
        return np.asarray(values)


def full_turns(dimension: int) -> Waves:
    """1, then cosine and sine of 2 pi n x for n = 1, 2, ...: the eigenfunctions on the circle."""
    order = np.arange(dimension)
    return Waves(
        turns=np.asarray(2.0 * ((order + 1) // 2), dtype=np.float64),
        quarter=np.where(order % 2 == 1, 1.0, (order == 0) * 1.0),
    )
