"""The label noise once a model has learnt all that its features can hold: gamma t beyond M^a."""

from __future__ import annotations

import sympy
from sympy import Expr, Integer, oo

from riskcalc.asymptotic.lowest_terms import lowest
from riskcalc.asymptotic.power_term import PowerTerm, monomial, times
from riskcalc.asymptotic.shape import Shape

_MEANING = "label noise that the last steps carry, on all M features"


def late_noise(a: Expr, shape: Shape) -> tuple[PowerTerm, ...]:
    """Orders of the variance from label noise for gamma t >= M^a.

    Formula: (sigma2/B) gamma (gamma t)^(-p/(p+1)) int_1^{M^a} x^(p/(p+1) - (2 - 1/a)) dx, p the power at which the
        schedule ends and x the intrinsic time that remains: the slowest mode cuts the kernel at x ~ M^a. Either end of
        the integral can lead, and at a = p + 1 it is log(M^a); in the geometric schedule, p = oo, it is the upper one,
        sigma2 M/(B t).
    Valid: orders; a > 0.
    Source: derivation D17, statement 4.
    """
    p = shape.end_power
    weight = Integer(1) if p == oo else p / (p + 1)
    power = lowest(weight - 1 + 1 / a)
    above = Integer(1) if p == oo else p + 1 - a  # of the sign of the power
    common = monomial(sigma2=1, B=-1, gamma=1 - weight, t=-weight)
    ends = ((monomial(M=a * power), sympy.Gt(above, 0)), (monomial(), sympy.Le(above, 0)))
    return tuple(
        PowerTerm(
            name="noise",
            meaning=_MEANING,
            exponents=times(common, end),
            constant=None,
            logs={"M": 1} if power == 0 else {},
            holds=holds,
            source="D17",
        )
        for end, holds in ends
        if holds != sympy.false
    )
