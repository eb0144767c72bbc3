"""Stochastic gradient descent: theta <- theta - gamma g. Source: D01."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from riskcalc.optimiser.frozen import Frozen
from riskcalc.optimiser.linear import Buffers, Coefficients, Gradient
from riskcalc.optimiser.spelling import described, spelled
from riskcalc.quantity import Real


@spelled("sgd")
@dataclass(frozen=True)
class SGD:
    """theta <- theta - gamma g, gamma the schedule's: one buffer, the iterate.

    Notes
    -----
    Valid: any schedule; it is the optimiser by default.

    Source: D01, D38.

    Examples
    --------
    >>> SGD().frozen(0, 0.03)
    Frozen(direct=0.03, through=0.0, loss=1.0)
    """

    core: ClassVar[int] = 1
    start: ClassVar[tuple[float, ...]] = (1.0,)
    steady: ClassVar[bool] = True

    def coefficients(self, steps: Real, sizes: Real) -> Coefficients:
        return Coefficients(
            drift=np.zeros((sizes.size, 1, 1)), kick=-sizes[:, None], drive=np.ones(1), read=np.ones(1)
        )

    def frozen(self, step: float, size: float) -> Frozen:
        return Frozen(direct=size, through=0.0, loss=1.0)

    def begin(self, parameters: Any) -> Buffers:
        return (parameters,)

    def step(self, buffers: Buffers, gradient: Gradient, *, done: int, size: float) -> Buffers:
        (theta,) = buffers
        return (theta - size * gradient(theta),)

    def model(self, buffers: Buffers) -> Any:
        return buffers[0]

    def describe(self) -> dict[str, Any]:
        return described(self)

    def pytorch(self) -> dict[str, Any]:
        return {"momentum": 0.0, "nesterov": False}
