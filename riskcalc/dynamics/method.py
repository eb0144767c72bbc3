"""What the dynamics asks of a linear method of training: a few numbers a step, the same for every coordinate.

The moments of the buffers that the risk needs follow from these (see `moments`). Source: D38.
"""

from __future__ import annotations

from typing import Protocol

from riskcalc.optimiser import Coefficients
from riskcalc.quantity import Real


class Method(Protocol):
    """An optimiser, or the read-out of one."""

    @property
    def core(self) -> int:
        """How many leading buffers are closed among themselves; gradients are taken there. The others only follow."""

    @property
    def start(self) -> tuple[float, ...]:
        """The buffers at the first step, in units of the error of the model there."""

    @property
    def steady(self) -> bool:
        """Whether a step depends on when it is made through its step size alone."""

    def coefficients(self, steps: Real, sizes: Real) -> Coefficients:
        """At steps, which lie between whole ones inside a panel, under these step sizes."""
