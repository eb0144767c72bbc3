"""What a kernel is here: a function, a measure, and its eigenvalues and eigenfunctions under that measure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.errors import InvalidInput
from riskcalc.kernel.breaks import read_breaks
from riskcalc.kernel.decay import Decay
from riskcalc.kernel.directions import directions
from riskcalc.kernel.expansion import RULES, Expansion, Projection, Target, by_quadrature, verified_expansion
from riskcalc.kernel.piecewise import PiecewisePolynomial
from riskcalc.kernel.quadrature import Rule
from riskcalc.kernel.zonal import Zonal
from riskcalc.problem import Problem
from riskcalc.quantity import NumberLike, Real, shown


class Kernel(ABC):
    """A positive definite kernel on a space with a probability measure.

    Formula: k(x, y) = sum_j lambda_j phi_j(x) phi_j(y) with lambda_1 >= lambda_2 >= ... > 0 and phi_j orthonormal
        under the measure. The features of x are x_j = sqrt(lambda_j) phi_j(x): they are uncorrelated, E x_j^2 =
        lambda_j, and they are not Gaussian.
    Points: shape (n,) on a line or circle, (n, d) on a sphere.
    """

    @abstractmethod
    def __call__(self, x: ArrayLike, y: ArrayLike) -> Real:
        """The Gram matrix k(x_i, y_j), shape (len(x), len(y)), in closed form: the expansion is not used."""

    @abstractmethod
    def eigenvalues(self, dimension: int) -> Real:
        """The largest `dimension` eigenvalues, multiplicities written out."""

    @abstractmethod
    def eigenfunctions(self, points: ArrayLike, dimension: int) -> Real:
        """phi_j(x_i), shape (n, dimension), in the order of the eigenvalues."""

    @abstractmethod
    def sample(self, generator: np.random.Generator, count: int) -> Real:
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
        v, ends = directions(dimension), read_breaks(breaks)
        eigenvalues = self.eigenvalues(v)
        if eigenvalues[-1] <= 0:
            raise InvalidInput(
                f"eigenvalue {v} is zero in floating point: use a dimension of at most {np.count_nonzero(eigenvalues)}"
            )
        return verified_expansion(eigenvalues, *self._projections(target, v, ends))

    def _projections(self, target: Target, v: int, breaks: tuple[float, ...]) -> tuple[Projection, Projection]:
        """The target projected on v eigenfunctions twice, coarsely and finely; here by quadrature.

        Kernels override this for targets that they know better: in closed form, or in one coordinate.
        """
        if isinstance(target, PiecewisePolynomial):
            raise InvalidInput("a PiecewisePolynomial is a target on [0, 1]; on a sphere use Zonal(...)")
        if isinstance(target, Zonal):
            raise InvalidInput("a Zonal target needs a kernel on a sphere")
        if isinstance(target, type) or not callable(target):
            raise InvalidInput(f"target must be a PiecewisePolynomial, a Zonal or a function, not {shown(target)}")
        rules = (self.rule(v, factors=factors, breaks=breaks) for factors in RULES)
        coarse, fine = (by_quadrature(self.eigenfunctions, target, v, rule) for rule in rules)
        return coarse, fine

    def problem(
        self, target: Target, *, dimension: int, noise: NumberLike = 0, breaks: Iterable[float] = ()
    ) -> Problem:
        """The regression problem of learning `target` from the first `dimension` features.

        Formula: w_j = c_j/sqrt(lambda_j) with c_j = E target(x) phi_j(x), so that <w, x> = sum_j c_j phi_j.
        What the dimension cuts off is not part of the problem; `expand` says how much it is.
        """
        return self.expand(target, dimension=dimension, breaks=breaks).problem(noise=noise)

    def decay(self, target: Target) -> Decay:
        """The exponents a and b, derived from the smoothness of the kernel and of the target.

        Formula: sines and cosines: b = 2 (m + 1) with m the lowest order whose boundary terms do not all vanish.
            Arc-cosine kernel, zonal target: b = 1 + (2m + 1)/(d - 1), m the lowest order with a jump strictly between
            the poles in the part of the profile that has the parity of the kernel's degrees.
        Valid: PiecewisePolynomial or Zonal(PiecewisePolynomial) targets, kernels with a power law.
        Source: D33.

        >>> from riskcalc.kernel import Brownian
        >>> Brownian().decay(PiecewisePolynomial.monomial(1)).b
        Fraction(4, 1)
        """
        raise InvalidInput(
            f"the smoothness of a target given as code is not known, so its exponent b cannot be derived beside "
            f"a = {self.a}: give a PiecewisePolynomial, on a sphere as Zonal(PiecewisePolynomial(...))"
        )

    def power_law(self, target: Target, *, dimension: int | None = None, noise: NumberLike = 0) -> Problem:
        """The power-law problem with the same leading behaviour: lambda_j ~ scale j^-a, power ~ scale j^-b.

        Formula: lambda_j ~ amplitude (pi j)^-a; c_j^2 ~ C (pi j)^-b with C the mean square of the leading boundary
            terms over their period in j.
        Valid: kernels of sines and cosines, PiecewisePolynomial targets.
        Source: D33.
        """
        found = self.decay(target)
        raise InvalidInput(
            "leading constants are derived for kernels of sines and cosines only; the exponents are "
            f"kernel.decay(target): a = {found.a}, b = {found.b}"
        )
