"""Target functions on the sphere that depend on one coordinate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from riskcalc.errors import InvalidInput
from riskcalc.kernel.piecewise import PiecewisePolynomial

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Zonal:
    """f(x) = profile(last coordinate of x), on a sphere.

    profile: a PiecewisePolynomial on [-1, 1], or a function of an array of heights with the `breaks` at which it or
    one of its derivatives jumps.

    >>> Zonal(PiecewisePolynomial([-1, 0, 1], [[-1], [1]]))([[0.0, 0.6, -0.8]])
    array([-1.])
    """

    profile: PiecewisePolynomial | Callable[[Values], Values]
    breaks: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.profile, PiecewisePolynomial):
            if self.profile.ends[0] != -1 or self.profile.ends[-1] != 1:
                raise InvalidInput(
                    f"heights on a sphere go from -1 to 1, but the profile from {self.profile.ends[0]} "
                    f"to {self.profile.ends[-1]}"
                )
            object.__setattr__(self, "breaks", self.profile.breaks)
        elif not callable(self.profile):
            raise InvalidInput(f"profile must be a function of the height, not {self.profile!r}")

    def __call__(self, points: ArrayLike) -> Values:
        return self.at_height(np.atleast_2d(np.asarray(points, dtype=np.float64))[:, -1])

    def at_height(self, heights: Values) -> Values:
        """The values at these heights."""
        return np.asarray(self.profile(np.clip(heights, -1.0, 1.0)), dtype=np.float64)
