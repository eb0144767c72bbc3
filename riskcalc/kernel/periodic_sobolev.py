"""Periodic Sobolev kernels: Bernoulli polynomials on the circle."""

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
from riskcalc.quantity import GivenNumber, GivenWhole, Real, frozen, given, number, plain, whole

_HIGHEST = 8  # beyond it lambda_2 is below 1e-13 and the kernel is a constant to rounding


@frozen(kw_only=True)
class PeriodicSobolev(Trigonometric):
    """Functions on the circle [0, 1) with s square-integrable derivatives, uniform measure.

    Parameters
    ----------
    order : whole number
        s, a whole number: how many derivatives.
    constant : number, default 1
        Eigenvalue of the constant function.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Formula: k(x, y) = constant + (-1)^(s+1) B_2s({x - y})/(2s)! with B the Bernoulli polynomial and {} the
    fractional part; lambda = constant for phi = 1, and (2 pi n)^(-2s), twice, for sqrt(2) cos and sin of 2 pi n x.

    Valid: order s = 1..8; constant at least (2 pi)^(-2s), so that it comes first.

    Source: D32.

    Examples
    --------
    >>> PeriodicSobolev(order=1)([0.0], [0.0])
    array([[1.08333333]])
    """

    order: GivenWhole
    constant: GivenNumber = given(default=1)

    def __post_init__(self) -> None:
        object.__setattr__(self, "order", whole(self.order, "order", least=1))
        object.__setattr__(self, "constant", number(self.constant, "constant"))
        if self.order > _HIGHEST:
            raise InvalidInput(f"order {self.order} is too high: at most {_HIGHEST}")
        second = (2 * math.pi) ** (-2 * self.order)
        if float(self.constant) < second:
            raise InvalidInput(
                f"constant {plain(self.constant)} is below the next eigenvalue {second:.3g}: use a larger one"
            )

    def __call__(self, x: ArrayLike, y: ArrayLike) -> Real:
        apart = np.subtract.outer(on_interval(x), on_interval(y)) % 1.0
        degree = 2 * self.order
        scale = (-1) ** (self.order + 1) / math.factorial(degree)
        coefficients = [scale * float(value) for value in bernoulli_polynomial(degree)]
        return np.asarray(float(self.constant) + np.polynomial.polynomial.polyval(apart, coefficients))

    def waves(self, dimension: int) -> Waves:
        return full_turns(dimension)

    def eigenvalues(self, dimension: int) -> Real:
        turns = self.waves(directions(dimension)).turns
        values = np.full(turns.shape, float(self.constant))
        values[1:] = (np.pi * turns[1:]) ** (-2 * self.order)
        return values

    @property
    def smoothness(self) -> Fraction:
        return Fraction(self.order)

    @property
    def amplitude(self) -> float:
        return 1.0

    def describe(self) -> dict[str, Any]:
        return {"name": "periodic sobolev", "order": self.order, "constant": plain(self.constant)}


def bernoulli_polynomial(degree: int) -> list[Fraction]:
    """Coefficients of B_n(x), lowest power first: B_0 = 1, B_n' = n B_(n-1), and the mean over [0, 1] is 0.

    >>> bernoulli_polynomial(2)
    [Fraction(1, 6), Fraction(-1, 1), Fraction(1, 1)]
    """
    current = [Fraction(1)]
    for n in range(1, degree + 1):
        rising = [n * value / (power + 1) for power, value in enumerate(current)]
        mean = sum((value / (power + 2) for power, value in enumerate(rising)), Fraction(0))
        current = [-mean, *rising]
    return current
