"""Quadrature on an interval: Gauss-Legendre panels, as many as the phase of the fastest integrand needs."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.quantity import Real

NODES = 32  # a panel
MOST_POINTS = 2**24  # of a rule (128 MB a vector)
_PHASE = 32.0  # radians of the fastest integrand a panel: there 32 nodes err by less than 1e-25


@dataclass(frozen=True, kw_only=True, eq=False)
class Rule:
    """Points and weights that integrate against a probability measure.

    points: shape (n,), or (n, d) on a sphere. weights: shape (n,), positive; their sum is 1.
    """

    points: Real
    weights: Real


def panels(low: float, high: float, *, phase: float, breaks: Iterable[float] = ()) -> Rule:
    """A rule for the length element on [low, high]; weights sum to high - low.

    phase: the change of phase of the fastest integrand from end to end, in radians. breaks: points at which integrands
    or their derivatives may jump; they become ends of panels.
    """
    if not phase / _PHASE * NODES <= MOST_POINTS:
        raise InvalidInput(
            f"a quadrature that resolves {phase:.3g} radians has more than {MOST_POINTS} points: use a smaller "
            "dimension, or a kernel that varies less over its measure"
        )
    ends = sorted({low, high, *(float(at) for at in breaks if low < at < high)})
    reference, weights = np.polynomial.legendre.leggauss(NODES)
    points, sizes = [], []
    for left, right in pairwise(ends):
        count = max(1, math.ceil(phase * (right - left) / (high - low) / _PHASE))
        edges = np.linspace(left, right, count + 1)
        middles, halves = (edges[1:] + edges[:-1]) / 2, np.diff(edges) / 2
        points.append((middles[:, None] + halves[:, None] * reference).ravel())
        sizes.append((halves[:, None] * weights).ravel())
    return Rule(points=np.concatenate(points), weights=np.concatenate(sizes))
