"""The excess at a constant step size without modes (D03, section 5): resolvents at the two roots of 1 = zeta q(x).

A route of the reference's own, beside its contour of modes: no node, no weight and no recursion is shared with it.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from tests.oracle.dynamics import hyperbola
from tests.oracle.equivalent import Dispersion, Landmarks, preimages
from tests.oracle.floats80 import LD, longdouble


def excess(
    dispersion: Dispersion, marks: Landmarks, gamma: Fraction, batch: int, noise: Fraction, t: int
) -> np.longdouble:
    """E(t) = (1/2 pi i) int E^(e^-p) e^(pt) dp, t at least 100, by symmetry from the upper half of the hyperbola."""
    zeta, one, weights = (half[len(half) // 2 :] for half in hyperbola(0, t))
    step, sample = longdouble(gamma), LD(batch)
    c = zeta * step * step * (1 + 1 / sample)
    root = np.sqrt((2 * step * zeta) ** 2 + 4 * c * one)
    x1, x2 = -2 * one / (2 * step * zeta + root), (2 * step * zeta + root) / (2 * c)
    u1, u2 = (preimages(dispersion, marks, x) for x in (x1, x2))
    (mean1, _, trace1, signal1), (mean2, _, trace2, signal2) = dispersion.at(u1), dispersion.at(u2)
    forcing = -(signal1 / mean1 - signal2 / mean2) / (c * (x1 - x2))
    kernel = -(step * step / sample) * (x1 * trace1 - x2 * trace2) / (c * (x1 - x2))
    whole = (forcing + longdouble(noise) * zeta * kernel / one) / (1 - zeta * kernel)
    return 2 * (weights * whole).sum().real
