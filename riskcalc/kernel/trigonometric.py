"""Kernels on the unit interval whose eigenfunctions are sines and cosines."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from riskcalc.errors import InvalidInput
from riskcalc.kernel.breaks import read_breaks
from riskcalc.kernel.directions import directions
from riskcalc.kernel.kernel import Kernel
from riskcalc.kernel.quadrature import Rule, panels
from riskcalc.quantity import real_array, shown, whole

Values = NDArray[np.float64]

_LEAST = 64.0  # radians; so that a rule for few features resolves targets too


@dataclass(frozen=True, kw_only=True, eq=False)
class Waves:
    """phi = sqrt(2) sin(turns pi x + quarter pi/2), and phi = 1 where turns = 0.

    turns: omega/pi, shape (v,). quarter: 0 for a sine, 1 for a cosine.
    """

    turns: Values
    quarter: Values

    def at(self, points: Values) -> Values:
        """phi_j(x_i), shape (n, v)."""
        values = np.sin(points[:, None] * (self.turns * np.pi) + self.quarter * (np.pi / 2))
        values *= np.where(self.turns == 0, 1.0, np.sqrt(2))
        return np.asarray(values)


class Trigonometric(Kernel):
    """Common to such kernels: uniform measure on [0, 1], and an eigenvalue that depends on the frequency alone."""

    @abstractmethod
    def waves(self, dimension: int) -> Waves:
        """The eigenfunctions, by growing frequency."""

    @property
    @abstractmethod
    def smoothness(self) -> Fraction:
        """s, where lambda ~ omega^(-2s)."""

    @property
    @abstractmethod
    def amplitude(self) -> float:
        """A, where lambda ~ A omega^(-2s)."""

    @property
    def a(self) -> Fraction:
        """2s: the frequencies are omega_j ~ pi j, two for each full turn."""
        return 2 * self.smoothness

    def eigenfunctions(self, points: ArrayLike, dimension: int) -> Values:
        return self.waves(directions(dimension)).at(on_interval(points))

    def sample(self, generator: np.random.Generator, count: int) -> Values:
        return generator.random(count)

    def rule(self, dimension: int, *, factors: int, breaks: Iterable[float] = ()) -> Rule:
        fastest, many = np.pi * float(self.waves(directions(dimension)).turns.max()), whole(factors, "factors", least=1)
        return panels(0.0, 1.0, phase=many * (fastest + _LEAST), breaks=read_breaks(breaks))


def on_interval(points: ArrayLike) -> Values:
    """Points as a vector, all of them in [0, 1]."""
    needed = "a vector of numbers between 0 and 1"
    vector = np.atleast_1d(real_array(points, "points", needed=needed))
    if vector.ndim != 1 or not ((vector >= 0) & (vector <= 1)).all():
        raise InvalidInput(f"points must be {needed}, not {shown(points)}")
    return vector


def full_turns(dimension: int) -> Waves:
    """1, then cosine and sine of 2 pi n x for n = 1, 2, ...: the eigenfunctions on the circle."""
    order = np.arange(dimension)
    return Waves(
        turns=np.asarray(2.0 * ((order + 1) // 2), dtype=np.float64),
        quarter=np.where(order % 2 == 1, 1.0, (order == 0) * 1.0),
    )
