"""What Brownian motion and its bridge have in common."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from riskcalc.kernel.directions import directions
from riskcalc.kernel.trigonometric import Trigonometric
from riskcalc.quantity import Real


class BrownianPaths(Trigonometric):
    """Green's functions of minus the second derivative: lambda = omega^-2, whatever holds at the ends."""

    def eigenvalues(self, dimension: int) -> Real:
        return np.asarray((np.pi * self.waves(directions(dimension)).turns) ** -2)

    @property
    def smoothness(self) -> Fraction:
        return Fraction(1)

    @property
    def amplitude(self) -> float:
        return 1.0
