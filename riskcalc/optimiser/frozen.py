"""A method of at most two buffers at one step, and what its feedback of gradient noise is there.

Formula: every such method moves what gradients are taken at as m <- (1 - Delta) m + g and
theta <- theta - gamma g - delta m do. Let mu = 1 - Delta, h = gamma + delta and eps = Delta gamma + delta. At frozen
coefficients a mode at l has
    kappa_l = l p(l)/P(l),    p = (2 - Delta) eps + mu gamma (2 h - eps) l,
    P = B (Delta + mu gamma l) (2 (1 + mu) - ((1 + mu) gamma + delta) l) - l p(l);
it is stable by itself while P > 0, and the run while the sum of kappa_l over the spectrum is below 1. P is positive at
l = 0 and falls to the right of one positive root; its other root, if any, is negative. SGD is delta = 0, Delta = 1.
Source: D41.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Frozen:
    """direct: gamma, the step size that acts at once. through: delta, that of the memory. loss: Delta, above 0."""

    direct: float
    through: float
    loss: float

    @property
    def slow(self) -> float:
        """gamma + delta/Delta, the step size that slow directions see."""
        return self.direct + self.through / self.loss

    def gain(self, position: Any) -> Any:
        """p at l."""
        first, second = self._gain
        return first + second * position

    def room(self, position: Any, batch_size: int) -> Any:
        """P at l, positive where a mode is stable by itself."""
        constant, linear, square = self._room(batch_size)
        return constant + position * (linear + square * position)

    def edge(self, batch_size: int) -> float:
        """The position from which on a mode by itself is unstable: the positive root of P."""
        return self.roots(batch_size)[0]

    def roots(self, batch_size: int) -> tuple[float, ...]:
        """The roots of P, the positive one first; inf where nothing moves."""
        constant, linear, square = self._room(batch_size)
        if square == 0:
            return (-constant / linear if linear < 0 else math.inf,)
        # of one sign each; the one that would cancel is the product over the other
        far = -(linear + math.copysign(math.sqrt(linear**2 - 4 * square * constant), linear)) / 2
        pair = (far / square, constant / far)
        return max(pair), min(pair)

    def slope(self, position: float, batch_size: int) -> float:
        """dP/dl."""
        _, linear, square = self._room(batch_size)
        return linear + 2 * square * position

    @property
    def _gain(self) -> tuple[float, float]:
        mu, h, eps = 1 - self.loss, self.direct + self.through, self.loss * self.direct + self.through
        return (2 - self.loss) * eps, mu * self.direct * (2 * h - eps)

    def _room(self, batch_size: int) -> tuple[float, float, float]:
        mu, gamma = 1 - self.loss, self.direct
        turning = (1 + mu) * gamma + self.through
        first, second = self._gain
        return (
            batch_size * 2 * self.loss * (1 + mu),
            batch_size * (2 * mu * gamma * (1 + mu) - self.loss * turning) - first,
            -batch_size * mu * gamma * turning - second,
        )
