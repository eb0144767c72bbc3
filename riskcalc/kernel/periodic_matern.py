"""Matern kernels on the circle."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.errors import InvalidInput
from riskcalc.kernel.directions import directions
from riskcalc.kernel.trigonometric import Trigonometric, on_interval
from riskcalc.kernel.waves import Waves, full_turns
from riskcalc.quantity import GivenNumber, GivenWhole, Real, frozen, number, plain, whole

_NEGLIGIBLE = 45.0  # decay lengths, beyond which exp(-distance/length) times its polynomial is rounding


@frozen(kw_only=True)
class PeriodicMatern(Trigonometric):
    """The Matern kernel of smoothness nu = s - 1/2, wrapped around the circle [0, 1), uniform measure.

    Parameters
    ----------
    order : whole number
        s, a whole number; the smoothness is nu = s - 1/2.
    length : number
        Length scale, in units of the circle.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Formula: lambda = (1 + (2 pi n length)^2)^(-s) for phi = 1 (n = 0) and, twice, for sqrt(2) cos and sin of 2 pi n
    x; k(x, y) = sum over whole m of g(|x - y + m|/length)/length with g(r) = e^-r sum_{i<s} (s - 1 + i)!/(i! (s - 1
    - i)! (s - 1)! 2^(s + i)) r^(s-1-i), the function on the line with Fourier transform (1 + omega^2)^(-s).

    Valid: order s = 1..8; 1/100 <= length <= 100.

    Source: D32.

    Examples
    --------
    >>> kernel = PeriodicMatern(order=1, length="1/10")
    >>> print(f"{kernel([0.0], [0.5])[0, 0]:.6f}")  # 1/(2 length sinh(1/(2 length)))
    0.067383
    """

    order: GivenWhole
    length: GivenNumber

    def __post_init__(self) -> None:
        object.__setattr__(self, "order", whole(self.order, "order", least=1))
        object.__setattr__(self, "length", number(self.length, "length"))
        if self.order > 8:
            raise InvalidInput(f"order {self.order} is too high: at most 8")
        if not Fraction(1, 100) <= self.length <= 100:
            raise InvalidInput(f"length must lie between 1/100 and 100 turns of the circle, not {plain(self.length)}")

    def __call__(self, x: ArrayLike, y: ArrayLike) -> Real:
        apart = np.subtract.outer(on_interval(x), on_interval(y)) % 1.0
        total, length = np.zeros_like(apart), float(self.length)
        reach = math.ceil((_NEGLIGIBLE + 4 * self.order) * length)
        for turn in range(-reach - 1, reach + 1):
            total += self._on_the_line(np.abs(apart + turn) / length)
        return np.asarray(total / length)

    def _on_the_line(self, distance: Real) -> Real:
        s = self.order
        coefficients = [
            math.factorial(2 * s - 2 - power)
            / (math.factorial(s - 1 - power) * math.factorial(power) * math.factorial(s - 1) * 2 ** (2 * s - 1 - power))
            for power in range(s)
        ]
        return np.asarray(np.exp(-distance) * np.polynomial.polynomial.polyval(distance, coefficients))

    def waves(self, dimension: int) -> Waves:
        return full_turns(dimension)

    def eigenvalues(self, dimension: int) -> Real:
        turns = self.waves(directions(dimension)).turns
        return np.asarray((1 + (np.pi * turns * float(self.length)) ** 2) ** -float(self.order))

    @property
    def smoothness(self) -> Fraction:
        return Fraction(self.order)

    @property
    def amplitude(self) -> float:
        return float(self.length) ** (-2 * self.order)

    def describe(self) -> dict[str, Any]:
        return {"name": "periodic matern", "order": self.order, "length": plain(self.length)}
