"""The covariance of the Brownian bridge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.kernel.brownian_paths import BrownianPaths
from riskcalc.kernel.trigonometric import on_interval
from riskcalc.kernel.waves import Waves
from riskcalc.quantity import Real


@dataclass(frozen=True)
class BrownianBridge(BrownianPaths):
    """The Brownian bridge on [0, 1] with the uniform measure.

    Notes
    -----
    Formula: k(x, y) = min(x, y) - x y; lambda_j = (j pi)^-2; phi_j = sqrt(2) sin(j pi x).

    Valid: points in [0, 1].

    Source: D32.

    Examples
    --------
    >>> BrownianBridge()([0.5], [0.5])
    array([[0.25]])
    """

    def __call__(self, x: ArrayLike, y: ArrayLike) -> Real:
        first, second = on_interval(x), on_interval(y)
        low, high = np.minimum.outer(first, second), np.maximum.outer(first, second)
        return np.asarray(low * (1 - high))

    def waves(self, dimension: int) -> Waves:
        return Waves(turns=np.arange(1.0, dimension + 1), quarter=np.zeros(dimension))

    def describe(self) -> dict[str, Any]:
        return {"name": "brownian bridge"}
