"""Mean-square stability given the sketch, at constant step size.

Formula: stable iff gamma (1 + 1/B) l_max < 2 and kappa = sum_i gamma l_i/(B (2 - gamma (1 + 1/B) l_i)) < 1.
Source: D01.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from riskcalc.curve.stability import Stability
from riskcalc.numeric.roots import decreasing_root

Real = NDArray[np.float64]


def stability(positions: Real, *, step_size: float, batch_size: int) -> Stability:
    """kappa at this step size (inf beyond the edge), and the largest stable step size."""
    edge = 2 / ((1 + 1 / batch_size) * float(positions.max()))

    def margin(step_sizes: Real) -> Real:
        return 1 - _kappa(positions, step_sizes[:, None], batch_size)

    largest = decreasing_root(margin, 0.0, edge * (1 - 1e-15), width=1e-14 * edge)
    kappa = float(_kappa(positions, step_size, batch_size)) if step_size < edge else float("inf")
    return Stability(step_size=step_size, kappa=kappa, largest_step_size=largest)


def _kappa(positions: Real, step_size: float | Real, batch_size: int) -> Real:
    scaled = step_size * positions
    return np.asarray((scaled / (batch_size * (2 - (1 + 1 / batch_size) * scaled))).sum(axis=-1))
