"""The covariance of Brownian motion."""

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
class Brownian(BrownianPaths):
    """Brownian motion on [0, 1] with the uniform measure.

    Notes
    -----
    Formula: k(x, y) = min(x, y); lambda_j = ((j - 1/2) pi)^-2; phi_j = sqrt(2) sin((j - 1/2) pi x).

    Valid: points in [0, 1].

    Source: D32.

    Examples
    --------
    >>> Brownian()([0.25], [0.5, 0.1])
    array([[0.25, 0.1 ]])
    >>> Brownian().a
    Fraction(2, 1)
    """

    def __call__(self, x: ArrayLike, y: ArrayLike) -> Real:
        return np.asarray(np.minimum.outer(on_interval(x), on_interval(y)))

    def waves(self, dimension: int) -> Waves:
        turns = np.arange(0.5, dimension)
        return Waves(turns=turns, quarter=np.zeros(dimension))

    def describe(self) -> dict[str, Any]:
        return {"name": "brownian"}
