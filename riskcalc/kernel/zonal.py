"""Target functions on the sphere that depend on one coordinate."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.errors import InvalidInput
from riskcalc.kernel.breaks import read_breaks
from riskcalc.kernel.piecewise import PiecewisePolynomial
from riskcalc.kernel.real_values import function_values
from riskcalc.quantity import Read, Real, as_function, frozen, given, real_array, shown

ON_SPHERE = 1e-9  # of the squared length of a unit vector


@frozen()
class Zonal:
    """f(x) = profile(last coordinate of x), on a sphere.

    Parameters
    ----------
    profile : PiecewisePolynomial or callable
        A PiecewisePolynomial on [-1, 1], or a function of an array of heights with the `breaks` at which it or one
        of its derivatives jumps.
    breaks : sequence of floats, default ()
        Heights in [-1, 1] at which the profile or a derivative jumps; a PiecewisePolynomial knows its own.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: heights in [-1, 1].

    Source: D33.

    Examples
    --------
    >>> Zonal(PiecewisePolynomial([-1, 0, 1], [[-1], [1]]))([[0.0, 0.6, -0.8]])
    array([-1.])
    """

    profile: PiecewisePolynomial | Callable[[Real], Real]
    breaks: Read[Iterable[float], tuple[float, ...]] = given(default=())

    def __post_init__(self) -> None:
        breaks = read_breaks(self.breaks)
        if isinstance(self.profile, PiecewisePolynomial):
            if self.profile.ends[0] != -1 or self.profile.ends[-1] != 1:
                raise InvalidInput(
                    f"heights on a sphere go from -1 to 1, but the profile from {self.profile.ends[0]} "
                    f"to {self.profile.ends[-1]}"
                )
            object.__setattr__(self, "breaks", self.profile.breaks)
        else:
            as_function(self.profile, "profile", "a PiecewisePolynomial or a function of the height")
            if not all(-1 < at < 1 for at in breaks):
                raise InvalidInput(f"breaks must be heights between -1 and 1, not {shown(self.breaks)}")
            object.__setattr__(self, "breaks", breaks)

    def __call__(self, points: ArrayLike) -> Real:
        rows = np.atleast_2d(real_array(points, "points", needed="unit vectors, shape (n, d)"))
        if rows.ndim != 2 or rows.shape[1] < 2 or not (abs((rows**2).sum(axis=1) - 1) < ON_SPHERE).all():
            raise InvalidInput("points must be unit vectors, shape (n, d)")
        return self.at_height(rows[:, -1])

    def at_height(self, heights: Real) -> Real:
        """The values at these heights."""
        clipped = np.clip(heights, -1.0, 1.0)
        refusal = "the profile must map an array of heights to finite real values, one for each"
        return function_values(self.profile, clipped, count=clipped.size, refusal=refusal)
