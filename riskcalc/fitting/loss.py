"""Robust losses of a residual: squares near zero, absolute values far away."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.quantity import GivenFloat, Real, frozen, given, number, of_type


@runtime_checkable
class Loss(Protocol):
    """A convex loss rho of one residual."""

    def value(self, residuals: Real) -> Real:
        """rho(r), r^2 for small r."""

    def weight(self, residuals: Real) -> Real:
        """rho'(r) / (2 r): the weight of a point in the next least-squares step."""

    def curvature(self, residuals: Real) -> Real:
        """rho''(r) / 2: how the minimum answers to a change of one point."""

    def wider(self) -> Sequence[Loss]:
        """Losses that lead to this one, the widest first: nearly least squares, whose minimum is found from afar."""

    def describe(self) -> str:
        """The loss in words."""


def read_loss(loss: object, *, default: Loss) -> Loss:
    """The loss that was asked for, or `default` for None."""
    losses = "SoftL1(scale) or Huber(scale)"
    return default if loss is None else of_type(loss, Loss, "loss", losses)


@frozen()
class SoftL1:
    """Formula: rho(r) = 2 scale^2 (sqrt(1 + (r/scale)^2) - 1); smooth everywhere.

    >>> float(SoftL1(4).value(np.array([3.0]))[0])
    8.0
    """

    scale: GivenFloat = given(default=0.1)

    def __post_init__(self) -> None:
        object.__setattr__(self, "scale", _positive(self.scale))

    def value(self, residuals: Real) -> Real:
        square = (residuals / self.scale) ** 2
        return np.asarray(2 * self.scale**2 * square / (np.sqrt(1 + square) + 1))

    def weight(self, residuals: Real) -> Real:
        return np.asarray((1 + (residuals / self.scale) ** 2) ** -0.5)

    def curvature(self, residuals: Real) -> Real:
        return np.asarray((1 + (residuals / self.scale) ** 2) ** -1.5)

    def wider(self) -> Sequence[Loss]:
        return [SoftL1(scale) for scale in _ladder(self.scale)]

    def describe(self) -> str:
        return f"soft L1 of the log residual, scale {self.scale:g}"


@frozen()
class Huber:
    """Formula: rho(r) = r^2 for |r| <= scale, else scale (2 |r| - scale); the loss of published scaling-law fits.

    >>> float(Huber(1).value(np.array([3.0]))[0])
    5.0
    """

    scale: GivenFloat = given(default=1e-3)

    def __post_init__(self) -> None:
        object.__setattr__(self, "scale", _positive(self.scale))

    def value(self, residuals: Real) -> Real:
        size = np.abs(residuals)
        return np.asarray(np.where(size <= self.scale, size**2, self.scale * (2 * size - self.scale)))

    def weight(self, residuals: Real) -> Real:
        return np.asarray(self.scale / np.maximum(np.abs(residuals), self.scale))

    def curvature(self, residuals: Real) -> Real:
        return np.asarray((np.abs(residuals) <= self.scale).astype(np.float64))

    def wider(self) -> Sequence[Loss]:
        return [Huber(scale) for scale in _ladder(self.scale)]

    def describe(self) -> str:
        return f"Huber of the log residual, scale {self.scale:g}"


def _ladder(scale: float) -> list[float]:
    """Scales from 1 down to near this one, each a tenth of the last."""
    steps = math.ceil(-math.log10(scale)) if scale < 1 else 0
    return [10.0**-step for step in range(steps)]


def _positive(scale: object) -> float:
    read = float(number(scale, "scale"))
    if read <= 0:
        raise InvalidInput(f"the scale of a loss must be positive, not {scale}")
    return read
