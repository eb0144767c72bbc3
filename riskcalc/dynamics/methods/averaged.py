"""The sum of the iterates of a method, from the first one that counts on: one more buffer, S <- S + read.u.

Its coefficients do not change, so that stages of constant step size remain such; an average is the sum over their
number. Source: D24, D38.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskcalc.dynamics.method import Coefficients, Method
from riskcalc.quantity import Real


@dataclass(frozen=True)
class Summed:
    """The iterates of `base`, added up; the sum is empty at its start."""

    base: Method

    @property
    def core(self) -> int:
        return self.base.core

    @property
    def start(self) -> tuple[float, ...]:
        return (*self.base.start, 0.0)

    def at(self, steps: Real, sizes: Real) -> Coefficients:
        inner = self.base.at(steps, sizes)
        buffers = inner.read.size
        drift = np.zeros((sizes.size, buffers + 1, buffers + 1))
        drift[:, :buffers, :buffers] = inner.drift
        drift[:, buffers, :buffers] = -inner.read
        return Coefficients(
            drift=drift,
            kick=np.pad(inner.kick, ((0, 0), (0, 1))),
            drive=np.append(inner.drive, 0.0),
            read=np.append(np.zeros(buffers), 1.0),
        )

    def count(self, steps: Real) -> Real:
        return steps
