"""Arc-cosine kernels: infinitely wide layers of step or rectified linear units."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.kernel.decay import Decay, leading_jump
from riskcalc.kernel.expansion import Target
from riskcalc.kernel.piecewise import PiecewisePolynomial
from riskcalc.kernel.sphere import Sphere, checked_sphere
from riskcalc.kernel.zonal import Zonal
from riskcalc.quantity import GivenWhole, Real, frozen, given, whole

_TERMS = 20  # each is less than a sixth of the one before


@frozen(kw_only=True)
class ArcCosine(Sphere):
    """The arc-cosine kernel of order 0 or 1 on the unit sphere of R^d, uniform measure, scaled to k(x, x) = 1.

    Parameters
    ----------
    order : whole number
        0, steps, or 1, rectified linear units.
    d : whole number, default 3
        Dimension of the space around the sphere.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Formula: order 0: k = 1 - arccos(t)/pi; order 1: k = (sqrt(1 - t^2) + t (pi - arccos t))/pi, with t = <x, y>.
    With e = E sqrt(1 - t^2) = Gamma(d/2)^2/(Gamma((d-1)/2) Gamma((d+1)/2)): order 0: lambda_0 = 1/2 and lambda_1 =
    e/(pi (d-1)) by degree; order 1: lambda_0 = d e/(pi (d-1)), lambda_1 = 1/(2d). From there in steps of two
    lambda_(l+2) = ((l - order)/(l + d + order))^2 lambda_l; the other parity is absent.

    Valid: order 0 or 1, d >= 3. Degree l has (2l + d - 2) (l + d - 3)!/(l! (d - 2)!) harmonics.

    Source: D32; the kernels are those of Cho and Saul (2009), their decay that of Bach (arXiv 1412.8690).

    Examples
    --------
    >>> ArcCosine(order=1, d=3).a
    Fraction(5, 2)
    """

    order: GivenWhole
    d: GivenWhole = given(default=3)
    highest_degree: ClassVar[int] = 4096

    def __post_init__(self) -> None:
        object.__setattr__(self, "order", whole(self.order, "order"))
        object.__setattr__(self, "d", checked_sphere(self.d))
        if self.order > 1:
            raise InvalidInput(f"arc-cosine kernels of order 0 and 1 are here, not {self.order}: use DotProduct(...)")

    def profile(self, cosines: Real) -> Real:
        angle = np.arccos(cosines)
        if self.order == 0:
            return np.asarray(1 - angle / np.pi)
        return np.asarray((np.sin(angle) + (np.pi - angle) * cosines) / np.pi)

    def by_degree(self, highest: int) -> Real:
        d, order = self.d, self.order
        root = _mean_root(d) / (math.pi * (d - 1))
        values = np.zeros(max(highest, 1) + 1)
        values[:2] = (1 / 2, root) if order == 0 else (d * root, 1 / (2 * d))
        for l in range(1 - order, highest - 1, 2):
            values[l + 2] = ((l - order) / (l + d + order)) ** 2 * values[l]
        return values[: highest + 1]

    def largest_beyond(self, highest: int) -> float:
        """The next of either parity: each falls."""
        return float(self.by_degree(highest + 2)[highest + 1 :].max())

    @property
    def parity(self) -> int:
        """+1 where all degrees beyond the first are even, -1 where they are odd."""
        return 1 if self.order == 1 else -1

    @property
    def a(self) -> Fraction:
        """(d + 2 order)/(d - 1): lambda ~ l^-(d + 2 order) by degree, and j ~ l^(d-1)."""
        return Fraction(self.d + 2 * self.order, self.d - 1)

    def decay(self, target: Target) -> Decay:
        if not isinstance(target, Zonal) or not isinstance(target.profile, PiecewisePolynomial):
            return super().decay(target)
        order = leading_jump(target.profile, self.parity)
        return Decay(a=self.a, b=1 + Fraction(2 * order + 1, self.d - 1), derivative=order)

    def describe(self) -> dict[str, Any]:
        return {"name": "arc-cosine", "order": self.order, "d": self.d}


def _mean_root(d: int) -> float:
    """E sqrt(1 - t^2) over the sphere.

    Formula: exp(-sum_m zeta(2m, d/2)/(m 4^m)), whose terms have one sign; the logarithms of Gamma would cancel.

    >>> round(_mean_root(3) * 4 / math.pi, 15)
    1.0
    """
    from scipy.special import zeta

    order = np.arange(1, _TERMS + 1)
    return math.exp(-float((zeta(2.0 * order, d / 2) / (order * 4.0**order)).sum()))
