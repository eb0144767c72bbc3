"""The covariance of the Brownian bridge."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.kernel.directions import directions
from riskcalc.kernel.trigonometric import Trigonometric, Values, Waves, on_interval


@dataclass(frozen=True)
class BrownianBridge(Trigonometric):
    """The Brownian bridge on [0, 1] with the uniform measure.

    Formula: k(x, y) = min(x, y) - x y; lambda_j = (j pi)^-2; phi_j = sqrt(2) sin(j pi x).
    Source: D32.

    >>> BrownianBridge()([0.5], [0.5])
    array([[0.25]])
    """

    def __call__(self, x: ArrayLike, y: ArrayLike) -> Values:
        first, second = on_interval(x), on_interval(y)
        low, high = np.minimum.outer(first, second), np.maximum.outer(first, second)
        return np.asarray(low * (1 - high))

    def waves(self, dimension: int) -> Waves:
        return Waves(turns=np.arange(1.0, dimension + 1), quarter=np.zeros(dimension))

    def eigenvalues(self, dimension: int) -> Values:
        return np.asarray((np.pi * self.waves(directions(dimension)).turns) ** -2)

    @property
    def smoothness(self) -> Fraction:
        return Fraction(1)

    @property
    def amplitude(self) -> float:
        return 1.0

    def describe(self) -> dict[str, Any]:
        return {"name": "brownian bridge"}
