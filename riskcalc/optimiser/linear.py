"""What a linear method of training is: how its buffers move as it is written, and the same as a few numbers a step.

Formula: every coordinate carries b buffers; with u their errors and g the gradient of one minibatch in that coordinate,
u(t+1) = (1 - drift) u(t) + kick g(drive.u(t)), and the model that is read at step t is read.u(t). The second moments of
u that the risk needs follow from these (D38). Methods that divide by the size of a gradient (Adam, RMSprop, sign,
clipping) are not of this form, and their second moments do not close. Source: D38, D40.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol, runtime_checkable

import numpy as np

from riskcalc.optimiser.frozen import Frozen
from riskcalc.quantity import Array, Number, Real

Buffers = tuple[Any, ...]  # arrays, tensors or numbers: whatever the parameters are
Gradient = Callable[[Any], Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class Coefficients:
    """Of T steps, for b buffers.

    drift: (T, b, b), formed without cancellation. kick: (T, b). drive, read: (b,), the same at every step.
    """

    drift: Real
    kick: Real
    drive: Real
    read: Real


@runtime_checkable
class Optimiser(Protocol):
    """A linear method of training: a frozen value, whose step size is the schedule's."""

    @property
    def core(self) -> int:
        """How many leading buffers are closed among themselves; gradients are taken there. The others only follow."""

    @property
    def start(self) -> tuple[float, ...]:
        """The errors of the buffers at the first step, in units of the error of the model there."""

    @property
    def steady(self) -> bool:
        """Whether a step depends on when it is made through its step size alone."""

    def coefficients(self, steps: Real, sizes: Real) -> Coefficients:
        """At steps, which lie between whole ones inside a panel, under these step sizes.

        Arrays of objects, as of numbers with many digits, make coefficients of the same kind (`alike`).
        """

    def frozen(self, step: float, size: float) -> Frozen:
        """The method as it stands at a step."""

    def begin(self, parameters: Any) -> Buffers:
        """The buffers at the start of a run."""

    def step(self, buffers: Buffers, gradient: Gradient, *, done: int, size: float) -> Buffers:
        """One step as the method is written. gradient: of the minibatch, at any point. done: steps made before it."""

    def model(self, buffers: Buffers) -> Any:
        """The parameters of the model that is read."""

    def describe(self) -> dict[str, Any]:
        """Name and parameters as plain JSON values."""


def alike(value: Number, like: Array) -> Any:
    """A parameter in the kind of numbers that an array holds: a float, or exactly, rounded where that kind rounds.

    >>> alike(Fraction(1, 3), np.array([Fraction(1, 2)])), alike(Fraction(1, 4), np.ones(1))
    (Fraction(1, 3), 0.25)
    """
    if like.dtype != object:
        return float(value)
    exact = Fraction(value)
    return (0 * like[0] + exact.numerator) / exact.denominator


def with_mean(direct: Real, through: Real, loss: Any) -> Coefficients:
    """theta <- theta - direct g - through m, m <- (1 - loss) m + g.

    m is held in units in which it is a mean of gradients, m <- (1 - loss) m + loss g: moments of one size keep digits.
    """
    lost = np.full_like(direct, loss)
    return with_memory(kicked=direct + through, held=through * (1 - loss) / loss, lost=lost, fed=lost)


def still(like: Array, *, buffers: int) -> Array:
    """A drift of zeros for each step of an array."""
    return np.zeros((like.size, buffers, buffers), dtype=like.dtype)


def with_memory(*, kicked: Real, held: Real, lost: Real, fed: Real) -> Coefficients:
    """theta <- theta - kicked g - held m with the old m, m <- m - lost m + fed g. Each (T,)."""
    drift = still(kicked, buffers=2)
    drift[:, 0, 1], drift[:, 1, 1] = held, lost
    theta = np.array([1.0, 0.0])
    return Coefficients(drift=drift, kick=np.stack([-kicked, fed], axis=1), drive=theta, read=theta)
