"""An exponential moving average of what a method reads: one more buffer, read in its place. Source: D40."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from riskcalc.optimiser.frozen import Frozen
from riskcalc.optimiser.linear import Buffers, Coefficients, Gradient, Optimiser, alike, still
from riskcalc.quantity import Number, Real


@dataclass(frozen=True)
class Averaged:
    """mean <- (1 - rate) mean + rate theta with the new theta of `base`; the mean starts where theta does."""

    base: Optimiser
    rate: Number

    @property
    def core(self) -> int:
        return self.base.core

    @property
    def start(self) -> tuple[float, ...]:
        return (*self.base.start, 1.0)

    @property
    def steady(self) -> bool:
        return self.base.steady

    def coefficients(self, steps: Real, sizes: Real) -> Coefficients:
        inner, rate = self.base.coefficients(steps, sizes), alike(self.rate, sizes)
        buffers = inner.read.size
        drift = still(sizes, buffers=buffers + 1)
        drift[:, :buffers, :buffers] = inner.drift
        drift[:, buffers, :buffers] = rate * (inner.read @ inner.drift - inner.read)
        drift[:, buffers, buffers] = rate
        return Coefficients(
            drift=drift,
            kick=np.append(inner.kick, rate * (inner.kick @ inner.read)[:, None], axis=1),
            drive=np.append(inner.drive, 0.0),
            read=np.append(np.zeros(buffers), 1.0),
        )

    def frozen(self, step: float, size: float) -> Frozen:
        return self.base.frozen(step, size)

    def begin(self, parameters: Any) -> Buffers:
        return (*self.base.begin(parameters), parameters)

    def step(self, buffers: Buffers, gradient: Gradient, *, done: int, size: float) -> Buffers:
        *inner, mean = buffers
        moved, rate = self.base.step(tuple(inner), gradient, done=done, size=size), float(self.rate)
        return (*moved, (1 - rate) * mean + rate * self.base.model(moved))

    def model(self, buffers: Buffers) -> Any:
        return buffers[-1]

    def describe(self) -> dict[str, Any]:
        return {**self.base.describe(), "averaged": str(self.rate)}
