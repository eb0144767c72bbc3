"""Stochastic gradient descent: theta <- theta - gamma g. Source: D01."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskcalc.dynamics.method import Coefficients
from riskcalc.quantity import Real


@dataclass(frozen=True)
class Sgd:
    """One buffer, the error of the iterate."""

    core: int = 1
    start: tuple[float, ...] = (1.0,)

    def at(self, steps: Real, sizes: Real) -> Coefficients:
        return Coefficients(
            drift=np.zeros((sizes.size, 1, 1)), kick=-sizes[:, None], drive=np.ones(1), read=np.ones(1)
        )

    def count(self, steps: Real) -> Real:
        return np.ones_like(steps)
