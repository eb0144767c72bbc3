"""The label noise once a model has learnt all that its features can hold: gamma t beyond M^a."""

from __future__ import annotations

import sympy
from sympy import Expr, Integer, oo

from riskcalc.asymptotic.floor import bulk_moments, floor_power
from riskcalc.asymptotic.lowest_terms import lowest
from riskcalc.asymptotic.power_term import PowerTerm, monomial, times
from riskcalc.asymptotic.raised import raised
from riskcalc.asymptotic.shape import Shape

_MEANING = "label noise that the last steps carry, on all M features"


def late_noise(a: Expr, shape: Shape, ratio: Expr = oo) -> tuple[PowerTerm, ...]:
    """The variance from label noise for gamma t >= M^a.

    Formula: (sigma2/B) gamma (gamma t)^(-p/(p+1)) int_1^{M^a} x^(p/(p+1) - (2 - 1/a)) dx, p the power at which the
        schedule ends and x the intrinsic time that remains: the slowest mode cuts the kernel at x ~ M^a. Either end of
        the integral can lead, and at a = p + 1 it is log(M^a); in the geometric schedule, p = oo, it is the upper one,
        sigma2 M/(8 log(2) B t). With q = 1/(p+1) and sketched eigenvalues l_j the constant is
        end_scale^q (p+1)^(1-q) 2^(q-2) Gamma(2 - q) sum_j l_j^q, the sum being zeta(a q), or of order M^(1 - a q).
    Valid: a > 0. In a finite dimension the sum over the whole spectrum is an order only, but for q = 1.
    Source: derivations D17, statement 4, and D47 (constants).
    """
    p = shape.end_power
    weight = Integer(1) if p == oo else p / (p + 1)
    power = lowest(weight - 1 + 1 / a)
    above = Integer(1) if p == oo else p + 1 - a  # of the sign of the power
    constants = _constants(a, shape, ratio, leads_far=above)
    common = monomial(sigma2=1, B=-1, gamma=1 - weight, t=-weight)
    places = (monomial(M=a * power), sympy.Gt(above, 0)), (monomial(), sympy.Le(above, 0))
    ends = ((*place, constant) for place, constant in zip(places, constants, strict=True))
    return tuple(
        PowerTerm(
            name="noise",
            meaning=_MEANING,
            exponents=times(common, end),
            constant=constant,
            logs={"M": 1} if power == 0 else {},
            holds=holds,
            feedback=int(p == 0),
            source="D17",
        )
        for end, holds, constant in ends
        if holds != sympy.false
    )


def _constants(a: Expr, shape: Shape, ratio: Expr, *, leads_far: Expr) -> tuple[Expr | None, Expr]:
    """Of the far end of the spectrum and of the near one; leads_far: zero where both count alike."""
    p = shape.end_power
    if p == oo:
        return 1 / (8 * sympy.log(2)), Integer(0)
    q = 1 / (p + 1)
    common = raised(shape.end_scale, q) * raised(p + 1, 1 - q) * raised(Integer(2), q - 2) * sympy.gamma(2 - q)
    far, near = _far_end(a, q, ratio), Integer(1) if leads_far == 0 else sympy.zeta(lowest(a * q))
    return None if far is None else common * far, common * near


def _far_end(a: Expr, q: Expr, ratio: Expr) -> Expr | None:
    """sum_j l_j^q M^(a q - 1) over the sketched eigenvalues, from the far end of the spectrum.

    Formula: in infinite dimension rho^q Gamma(1 - a q)/(Gamma(1 - q) Gamma(2 - a q + q)), which is 0 at q = 1.
    """
    if ratio != oo:
        return bulk_moments(a, ratio)[0][0] if q == 1 and a != 1 else None
    if q == 1 or lowest(a * q) == 1:
        return Integer(0)
    return floor_power(a, q, ratio) * sympy.gamma(1 - a * q) / (sympy.gamma(1 - q) * sympy.gamma(2 - a * q + q))
