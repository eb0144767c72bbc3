"""The covariance of Brownian motion."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.kernel.directions import directions
from riskcalc.kernel.trigonometric import Trigonometric, Values, Waves, on_interval


@dataclass(frozen=True)
class Brownian(Trigonometric):
    """Brownian motion on [0, 1] with the uniform measure.

    Formula: k(x, y) = min(x, y); lambda_j = ((j - 1/2) pi)^-2; phi_j = sqrt(2) sin((j - 1/2) pi x).
    Source: D32.

    >>> Brownian()([0.25], [0.5, 0.1])
    array([[0.25, 0.1 ]])
    >>> Brownian().a
    Fraction(2, 1)
    """

    def __call__(self, x: ArrayLike, y: ArrayLike) -> Values:
        return np.asarray(np.minimum.outer(on_interval(x), on_interval(y)))

    def waves(self, dimension: int) -> Waves:
        turns = np.arange(0.5, dimension)
        return Waves(turns=turns, quarter=np.zeros(dimension))

    def eigenvalues(self, dimension: int) -> Values:
        return np.asarray((np.pi * self.waves(directions(dimension)).turns) ** -2)

    @property
    def smoothness(self) -> Fraction:
        return Fraction(1)

    @property
    def amplitude(self) -> float:
        return 1.0

    def describe(self) -> dict[str, Any]:
        return {"name": "brownian"}
