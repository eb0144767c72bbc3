"""What a kernel is here: a function, a measure, and its eigenvalues and eigenfunctions under that measure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from riskcalc.kernel.quadrature import Rule
from riskcalc.problem import Problem

if TYPE_CHECKING:
    from riskcalc.kernel.expansion import Expansion, Target
    from riskcalc.kernel.power_laws import Decay

Values = NDArray[np.float64]


class Kernel(ABC):
    """A positive definite kernel on a space with a probability measure.

    Formula: k(x, y) = sum_j lambda_j phi_j(x) phi_j(y) with lambda_1 >= lambda_2 >= ... > 0 and phi_j orthonormal
        under the measure. The features of x are x_j = sqrt(lambda_j) phi_j(x): they are uncorrelated, E x_j^2 =
        lambda_j, and they are not Gaussian.
    Points: shape (n,) on a line or circle, (n, d) on a sphere.
    """

    @abstractmethod
    def __call__(self, x: ArrayLike, y: ArrayLike) -> Values:
        """The Gram matrix k(x_i, y_j), shape (len(x), len(y)), in closed form: the expansion is not used."""

    @abstractmethod
    def eigenvalues(self, dimension: int) -> Values:
        """The largest `dimension` eigenvalues, multiplicities written out."""

    @abstractmethod
    def eigenfunctions(self, points: ArrayLike, dimension: int) -> Values:
        """phi_j(x_i), shape (n, dimension), in the order of the eigenvalues."""

    @abstractmethod
    def sample(self, generator: np.random.Generator, count: int) -> Values:
        """Independent points from the measure; reading in two pieces gives the same points as reading in one."""

    @abstractmethod
    def rule(self, dimension: int, *, factors: int, breaks: Iterable[float] = ()) -> Rule:
        """A quadrature that is exact to rounding for products of `factors` of the first `dimension` eigenfunctions."""

    @property
    @abstractmethod
    def a(self) -> Fraction:
        """The exponent of lambda_j ~ j^-a; refused where the eigenvalues follow no power law."""

    @abstractmethod
    def describe(self) -> dict[str, Any]:
        """Name and parameters as plain JSON values."""

    def expand(self, target: Target, *, dimension: int, breaks: Iterable[float] = ()) -> Expansion:
        """The coefficients of a target function in the first `dimension` eigenfunctions, and what they leave out.

        target: a PiecewisePolynomial, a Zonal function, or any function that maps points to values; breaks: where
        such a function or one of its derivatives jumps.
        """
        from riskcalc.kernel.expansion import expand

        return expand(self, target, dimension=dimension, breaks=breaks)

    def problem(self, target: Target, *, dimension: int, noise: object = 0, breaks: Iterable[float] = ()) -> Problem:
        """The regression problem of learning `target` from the first `dimension` features.

        Formula: w_j = c_j/sqrt(lambda_j) with c_j = E target(x) phi_j(x), so that <w, x> = sum_j c_j phi_j.
        What the dimension cuts off is not part of the problem; `expand` says how much it is.
        """
        return self.expand(target, dimension=dimension, breaks=breaks).problem(noise=noise)

    def decay(self, target: Target) -> Decay:
        """The exponents a and b, derived from the smoothness of the kernel and of the target."""
        from riskcalc.kernel.power_laws import decay

        return decay(self, target)

    def power_law(self, target: Target, *, dimension: int | None = None, noise: object = 0) -> Problem:
        """The power-law problem with the same leading behaviour: lambda_j ~ scale j^-a, power ~ scale j^-b."""
        from riskcalc.kernel.power_laws import power_law

        return power_law(self, target, dimension=dimension, noise=noise)
