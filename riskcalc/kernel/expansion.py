"""A target function in the eigenfunctions of a kernel."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.kernel.piecewise import PiecewisePolynomial
from riskcalc.kernel.quadrature import Rule
from riskcalc.kernel.real_values import function_values
from riskcalc.kernel.zonal import Zonal
from riskcalc.problem import ExplicitSignal, ExplicitSpectrum, Problem
from riskcalc.quantity import NumberLike, Real, number

Target = PiecewisePolynomial | Zonal | Callable[[Real], Real]
Projection = tuple[Real, float]  # coefficients, and the mean square of the target

RULES = (4, 8)  # factors of the coarse and of the fine quadrature
_TOLERANCE = 1e-10  # of coefficients, relative to the norm of the target
_SAME_NORM = 1e-8  # relative: a function that is not square integrable has no norm
_BLOCK = 2**22  # values of eigenfunctions held at a time (32 MB)


@dataclass(frozen=True, kw_only=True, eq=False)
class Expansion:
    """What `dimension` eigenfunctions hold of a target.

    coefficients: c_j, shape (v,). eigenvalues: lambda_j, shape (v,).
    squared_norm: the mean square of the target. remainder: the part of it that the coefficients leave out, known to
    rounding relative to the squared norm. error: the largest difference of a coefficient between two quadratures,
    relative to the norm; zero where all integrals are in closed form.
    """

    coefficients: Real
    eigenvalues: Real
    squared_norm: float
    remainder: float
    error: float

    def problem(self, *, noise: NumberLike = 0) -> Problem:
        """w_j = c_j/sqrt(lambda_j), in the order of the eigenvalues."""
        return Problem(
            spectrum=ExplicitSpectrum(self.eigenvalues),
            signal=ExplicitSignal(self.coefficients / np.sqrt(self.eigenvalues)),
            noise=number(noise, "noise"),
        )


def verified_expansion(eigenvalues: Real, coarse: Projection, fine: Projection) -> Expansion:
    """The finer of two projections; refused where the refinement moves a coefficient by more than 1e-10 of the norm."""
    (coefficients, squared_norm), error = fine, _difference(coarse, fine)
    if not squared_norm > 0:
        raise InvalidInput("the target is zero: there is nothing to learn")
    remainder = math.fsum([squared_norm, *(-(coefficients**2))])
    if remainder < -_SAME_NORM * squared_norm:
        raise ToleranceNotMet(
            f"the squares of the coefficients sum to {squared_norm - remainder:.12g}, more than the mean square of the "
            f"target, {squared_norm:.12g}: use a target that varies less"
        )
    return Expansion(
        coefficients=coefficients,
        eigenvalues=eigenvalues,
        squared_norm=squared_norm,
        remainder=max(0.0, remainder),
        error=error,
    )


def by_quadrature(
    eigenfunctions: Callable[[Real, int], Real], target: Callable[[Real], Real], v: int, rule: Rule
) -> Projection:
    """Coefficients c_j = E target(x) phi_j(x) and the mean square of the target, by one quadrature."""
    refusal = "the target must map an array of points to finite real values, one for each point"
    values = function_values(target, rule.points, count=rule.weights.size, refusal=refusal)
    weighted, coefficients = rule.weights * values, np.zeros(v)
    rows = max(1, _BLOCK // v)
    for first in range(0, len(values), rows):
        part = slice(first, first + rows)
        coefficients += eigenfunctions(rule.points[part], v).T @ weighted[part]
    return coefficients, float(weighted @ values)


def _difference(coarse: Projection, fine: Projection) -> float:
    (rough, rough_norm), (better, norm) = coarse, fine
    error = float(np.max(np.abs(better - rough))) / (math.sqrt(norm) or 1.0)
    if not (error <= _TOLERANCE and abs(norm - rough_norm) <= _SAME_NORM * norm):
        raise ToleranceNotMet(
            f"two quadratures of the target differ: its coefficients by {error:.2g} of its norm "
            f"({_TOLERANCE:.0e} allowed), its mean square is {rough_norm:.6g} or {norm:.6g}. Name the points at "
            "which it or one of its derivatives jumps in breaks=..., or use a smoother target"
        )
    return error
