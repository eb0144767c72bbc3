"""The noise that a decaying schedule leaves at its end, with the feedback of the steps that made it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import sympy

from riskcalc.asymptotic.feedback import kernel_mass
from riskcalc.asymptotic.shape import Shape
from riskcalc.errors import InvalidInput, ToleranceNotMet

_DIGITS = 30  # a profile and its integral cancel near the end of the schedule
_X = sympy.Symbol("x", positive=True)


def feedback_factor(
    shape: Shape, a: Fraction, *, step_size: float, batch_size: int, dimension: int | None
) -> float:
    """By how much the feedback raises the noise at the end of a schedule.

    Formula: int_0^1 w(r)/(1 - kappa(gamma phi(r))) dr / int_0^1 w(r) dr with w = phi^2 (int_0^r phi)^-(2 - 1/a);
    1 where a >= end_power + 1, as the noise is then decided where the step size, and kappa with it, vanishes.
    Valid: shapes with a profile that ends at zero.
    Source: derivation D17.
    """
    if shape.profile is None or shape.end_power == 0:
        raise InvalidInput(f"the noise at the end of the schedule {shape.name!r} has no derived constant")
    if a >= shape.end_power + 1:
        return 1.0

    def amplified(phi: Any) -> float:
        if phi < 1e-200:
            return 1.0
        sizes = np.array([step_size * float(phi)])
        return 1 / (1 - float(kernel_mass(a, sizes, batch_size=batch_size, dimension=dimension)[0]))

    return _weighted(shape, a, amplified) / _weighted(shape, a, lambda phi: 1.0)


def _weighted(shape: Shape, a: Fraction, factor: Any) -> float:
    """int_0^1 w(r) factor(phi(r)) dr, piece by piece in s = log(end/r)."""
    r = shape.remaining
    spent = sympy.integrate(shape.profile.subs(r, _X), (_X, 0, r))
    phi, elapsed = (sympy.lambdify(r, formula, "mpmath") for formula in (shape.profile, spent))
    total = 0.0
    with mpmath.workdps(_DIGITS):
        power = 2 - mpmath.mpf(a.denominator) / a.numerator

        def integrand(x: Any) -> Any:
            return phi(x) ** 2 * elapsed(x) ** -power * factor(phi(x))

        first, *rest = _cuts(shape)
        inner = mpmath.quad(
            lambda s: first * mpmath.exp(-s) * integrand(first * mpmath.exp(-s)), [0, 2, 8, 32, 128], error=True
        )
        pieces = [inner] + [
            mpmath.quad(integrand, [low, high], error=True)
            for low, high in zip([first, *rest][:-1], rest, strict=True)
        ]
        for value, error in pieces:
            if not error <= 1e-10 * abs(value):
                raise ToleranceNotMet(f"the noise of the schedule {shape.name!r} has an error of {float(error):.1g}")
            total += float(value)
    return total


def _cuts(shape: Shape) -> list[Any]:
    """Where the pieces of the profile meet, from the end of the schedule on, and 1."""
    conditions = [condition for _, condition in getattr(shape.profile, "args", ())] if shape.name == "wsd" else []
    places = {side for condition in conditions for side in getattr(condition, "args", ()) if side.is_number}
    return [mpmath.mpf(place.p) / place.q for place in sorted(places | {sympy.S.One}) if 0 < place <= 1]
