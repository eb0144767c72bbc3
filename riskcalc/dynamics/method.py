"""What a linear method of training is to the dynamics: a few numbers a step, the same for every coordinate.

Formula: every coordinate carries the errors u of b buffers; with g the gradient of one minibatch in it,
u(t+1) = (1 - drift) u(t) + kick g(drive.u(t)), and the model that is read at step t is read.u(t). The moments of u that
the risk needs follow from these (see `moments`). Source: D38.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from riskcalc.quantity import Real


@dataclass(frozen=True, kw_only=True, eq=False)
class Coefficients:
    """Of T steps, for b buffers.

    drift: (T, b, b), formed without cancellation. kick: (T, b). drive, read: (b,), the same at every step.
    """

    drift: Real
    kick: Real
    drive: Real
    read: Real


class Method(Protocol):
    """A linear method of training, or the read-out of one."""

    @property
    def core(self) -> int:
        """How many leading buffers are closed among themselves; gradients are taken there. The others only follow."""

    @property
    def start(self) -> tuple[float, ...]:
        """The buffers at the first step, in units of the error of the model there."""

    def at(self, steps: Real, sizes: Real) -> Coefficients:
        """The coefficients at steps, which lie between whole ones inside a panel, under these step sizes."""

    def count(self, steps: Real) -> Real:
        """What the model is to be divided by, so many steps after the start: 1, or the iterates in a sum."""
