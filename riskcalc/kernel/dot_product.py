"""Any kernel of the inner product on the sphere, its spectrum by quadrature."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.kernel.degrees import Degrees, degrees
from riskcalc.kernel.quadrature import Rule
from riskcalc.kernel.real_values import function_values
from riskcalc.kernel.resolution import resolving_ends
from riskcalc.kernel.sphere import Sphere, checked_sphere
from riskcalc.quantity import GivenWhole, Real, as_function, frozen, given

_ROUNDING = 1e-14  # of the norm: what quadrature cannot tell from zero
_AGREED = 1e-10  # of an eigenvalue: largest difference between two quadratures ...
_BELOW = 0.1  # ... beyond this share of what cannot be told from zero
_TRACE = 1e-9  # relative: largest miss of k(1)
_MOST_NARROW = 1e3  # root of how many times the features seen it may take to hold what they leave of k(1)
_FEW = 256  # degrees, enough for most


@frozen(kw_only=True)
class DotProduct(Sphere):
    """k(x, y) = function(<x, y>) on the unit sphere of R^d, uniform measure.

    Parameters
    ----------
    function : callable
        Of an array of cosines in [-1, 1]; continuous.
    d : whole number, default 3
        Dimension of the space around the sphere.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Formula: the eigenvalue of degree l is E function(t) p_l(t)/p_l(1), with p_l the orthonormal Gegenbauer
    polynomials; degrees above l hold none larger than (E (function - its degrees up to l)^2)^(1/2)/p_(l+1)(1).

    Valid: d >= 3; all eigenvalues nonnegative, and k(x, x) their sum; degrees up to 4096 have to tell which
    eigenvalues are the largest, so that a kernel much narrower than 1/1000 of a radian is refused. Two quadratures,
    cut where the function needs it, have to agree in each eigenvalue to 1e-10 of it or to e/(10 p_l(1)), e = 1e-14
    (E function(t)^2)^(1/2) and what the last bit of t changes; those below e/p_l(1) are taken for zero. The decay
    of a function given as code cannot be derived, so `a` is refused.

    Source: D32.

    Examples
    --------
    >>> kernel = DotProduct(function=np.exp, d=3)
    >>> [round(float(value), 6) for value in kernel.eigenvalues(4)]  # sinh(1), and cosh(1) - sinh(1) three times
    [1.175201, 0.367879, 0.367879, 0.367879]
    """

    function: Callable[[Real], Real]
    d: GivenWhole = given(default=3)

    def __post_init__(self) -> None:
        object.__setattr__(self, "d", checked_sphere(self.d))
        as_function(self.function, "function", "a function that maps an array of cosines to values")

    def profile(self, cosines: Real) -> Real:
        refusal = "function must map an array of cosines to finite real values, one for each"
        flat = function_values(self.function, cosines.ravel(), count=cosines.size, refusal=refusal)
        return flat.reshape(cosines.shape)

    def by_degree(self, highest: int) -> Real:
        found = self._degrees(highest)
        values = np.zeros(highest + 1)
        here = found.values[: highest + 1]
        values[: here.size] = np.where(abs(here) < self._smallest(found)[: here.size], 0.0, here)
        return values

    def largest_beyond(self, highest: int) -> float:
        found = self._degrees(highest)
        place = min(highest, found.values.size - 1)
        if found.rests[place] <= self._rounding:
            return 0.0
        return float(found.rests[place] / found.counts[place + 1])

    def _degrees(self, highest: int) -> Degrees:
        return self._few if highest <= _FEW else self._all

    @cached_property
    def _few(self) -> Degrees:
        return self._checked(_FEW)

    @cached_property
    def _all(self) -> Degrees:
        return self._checked(self.highest_degree)

    @cached_property
    def _rules(self) -> tuple[Rule, Rule]:
        """Two quadratures for any degree; the same ones whatever is asked, so that all questions have one answer."""
        cuts = resolving_ends(self.profile, self.density, (0.0, math.pi / 2, math.pi))
        return self.turns(self.highest_degree, breaks=cuts), self.turns(3 * self.highest_degree // 2, breaks=cuts)

    @cached_property
    def _rounding(self) -> float:
        """What quadrature cannot tell from zero, in the root mean square: some of the norm, and what the rounding of
        the cosine does to the function."""
        rule = self._rules[-1]
        values = self.profile(rule.points)
        moved = self.profile(np.nextafter(rule.points, 0.0)) - values
        norm, noise = (math.sqrt(float(rule.weights @ each**2)) for each in (values, moved))
        if not norm > 0:
            raise InvalidInput("the function is zero on the sphere: it is no kernel to learn with")
        return _ROUNDING * norm + noise

    def _checked(self, highest: int) -> Degrees:
        coarse, fine = (
            degrees(self.profile(rule.points), rule, self.d, highest=highest, enough=self._rounding)
            for rule in self._rules
        )
        both = min(fine.values.size, coarse.values.size)
        smallest = self._smallest(fine)
        apart = abs(fine.values[:both] - coarse.values[:both])
        allowed = _AGREED * abs(fine.values[:both]) + _BELOW * smallest[:both]
        if not (apart <= allowed).all():
            degree = int(np.argmax(apart / allowed))
            raise ToleranceNotMet(
                f"two quadratures of the function differ: its eigenvalue of degree {degree} is "
                f"{coarse.values[degree]:.12g} or {fine.values[degree]:.12g}. Use a function that varies less, or one "
                "that loses fewer digits where it is computed"
            )
        self._refuse_no_kernel(fine, smallest)
        return fine

    def _refuse_no_kernel(self, found: Degrees, smallest: Real) -> None:
        bad = f"the function is no kernel on the sphere in {self.d} dimensions: "
        if (found.values < -smallest).any():
            degree = int(np.argmin(found.values + smallest))
            raise InvalidInput(
                f"{bad}its eigenvalue of degree {degree} is {found.values[degree]:.3g}, and none may be negative"
            )
        trace, last = float(self.profile(np.ones(1))[0]), found.values.size - 1
        captured = float(found.counts[:-1] @ (found.counts[:-1] * found.values))
        left, rest = trace - captured, float(found.rests[-1])
        spare = _TRACE * abs(trace) + float(found.counts.sum()) * self._rounding
        at_equal = f"it is {trace:.12g} at equal points, the eigenvalues up to degree {last} sum to {captured:.12g}"
        # of a kernel those left out sum to `left`, each is at most left/counts^2, and their squares sum to rest^2
        if left + spare < rest * found.counts[-1]:
            raise InvalidInput(f"{bad}{at_equal}, so that there are negative ones among those of higher degree")
        if left > spare and left > _MOST_NARROW * max(rest, self._rounding) * math.hypot(*found.counts):
            raise InvalidInput(
                f"{at_equal}: the function jumps there, or varies faster than can be told from a jump. Use a "
                "continuous function that varies less near 1"
            )

    def _smallest(self, found: Degrees) -> Real:
        return np.asarray(self._rounding / found.counts[:-1])

    @property
    def a(self) -> Fraction:
        raise InvalidInput(
            "the decay of a kernel given as a function cannot be derived: use ArcCosine(...) for a power law, or fit "
            "the eigenvalues"
        )

    def describe(self) -> dict[str, Any]:
        return {"name": "dot product", "function": getattr(self.function, "__name__", "function"), "d": self.d}
