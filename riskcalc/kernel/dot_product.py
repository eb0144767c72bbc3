"""Any kernel of the inner product on the sphere, its spectrum by quadrature."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.kernel.harmonics import multiplicity
from riskcalc.kernel.kernel import Values
from riskcalc.kernel.real_values import function_values
from riskcalc.kernel.sphere import Sphere, checked_sphere, zonal
from riskcalc.quantity import as_function

_ROUNDING = 1e-14  # of k(x, x): what quadrature cannot tell from zero


@dataclass(frozen=True, kw_only=True)
class DotProduct(Sphere):
    """k(x, y) = function(<x, y>) on the unit sphere of R^d, uniform measure.

    Formula: the eigenvalue of degree l is E function(t) p_l(t)/p_l(1), with p_l the orthonormal Gegenbauer polynomials.
    function: of an array of cosines in [-1, 1]; smooth as a function of the angle between.
    Valid: d >= 3; all eigenvalues nonnegative. Those below 1e-14 k(x, x)/p_l(1) are taken for zero. The decay of a
    function given as code cannot be derived, so `a` is refused.
    Source: D32.

    >>> kernel = DotProduct(function=np.exp, d=3)
    >>> [round(float(value), 6) for value in kernel.eigenvalues(4)]  # sinh(1), and cosh(1) - sinh(1) three times
    [1.175201, 0.367879, 0.367879, 0.367879]
    """

    function: Callable[[Values], Values]
    d: int = 3

    def __post_init__(self) -> None:
        object.__setattr__(self, "d", checked_sphere(self.d))
        as_function(self.function, "function", "a function that maps an array of cosines to values")

    def profile(self, cosines: Values) -> Values:
        refusal = "function must map an array of cosines to finite real values, one for each"
        flat = function_values(self.function, cosines.ravel(), count=cosines.size, refusal=refusal)
        return flat.reshape(cosines.shape)

    def by_degree(self, highest: int) -> Values:
        rule = self.heights(2 * highest + 64)
        sizes = np.sqrt([multiplicity(self.d, degree) for degree in range(highest + 1)])  # p_l(1)
        values = zonal(rule.points, self.d, highest).T @ (rule.weights * self.profile(rule.points)) / sizes
        smallest = _ROUNDING * abs(float(self.profile(np.ones(1))[0])) / sizes
        values = np.where(abs(values) < smallest, 0.0, values)
        if values.min() < 0:
            degree = int(np.argmin(values))
            raise InvalidInput(
                f"the function is no kernel on the sphere in {self.d} dimensions: its eigenvalue of degree {degree} "
                f"is {values[degree]:.3g}, and none may be negative"
            )
        return np.asarray(values)

    @property
    def a(self) -> Fraction:
        raise InvalidInput(
            "the decay of a kernel given as a function cannot be derived: use ArcCosine(...) for a power law, or fit "
            "the eigenvalues"
        )

    def describe(self) -> dict[str, Any]:
        return {"name": "dot product", "function": getattr(self.function, "__name__", "function"), "d": self.d}
