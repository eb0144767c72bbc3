"""The label noise at leading order, for any shape of schedule."""

from __future__ import annotations

import dataclasses

import sympy
from sympy import Expr, Integer, Lambda, Rational, exp, oo

from riskcalc.asymptotic.expansion import Expansion, Term, expand, expand_transforms
from riskcalc.asymptotic.mellin import GammaFactor, MellinTransform
from riskcalc.asymptotic.power_term import PowerTerm, monomial, times
from riskcalc.asymptotic.raised import raised
from riskcalc.asymptotic.shape import Shape
from riskcalc.asymptotic.transient import kernel
from riskcalc.formula import SpectralSum

_X = sympy.Symbol("x", positive=True)
_TAU = sympy.Symbol("tau", positive=True)
_MEANING = "label noise that the last steps carry"


def label_noise(a: Expr, shape: Shape, ratio: Expr = oo) -> tuple[PowerTerm, ...]:
    """Variance from label noise after t steps of the schedule.

    Formula: (sigma2/B) sum_s gamma_s^2 sum_j lambda_j^2 exp(-2 lambda_j (T_t - T_s)). At constant step size
    that is
        sigma2 (gamma/(2B)) sum_j j^-a (1 - exp(-tau j^-a)); for a profile that ends like r^power the poles of
        1/(2 power + 1 - (power + 1)(s + 2)) and of the zeta function compete.
    Source: derivation D17.
    """
    found = [*(_lasting(a, shape) if shape.end_power == 0 else _decaying(a, shape))]
    if ratio != oo:
        found = [_restricted(term, a) for term in found if 2 * a != 1]
        found += [_from_the_far_end(far, shape) for far in kernel(a, shape, ratio) if far.source == "D13"]
    return tuple(term for term in found if term.holds != sympy.false)


def _lasting(a: Expr, shape: Shape) -> list[PowerTerm]:
    """Of a schedule that does not end at zero: as at constant step size, where every order is the same."""
    total = SpectralSum(Lambda(_X, 1 - exp(-_X)), a, -a, _TAU)
    expansion = expand(total, towards="oo", terms=1, regularized=True)
    return [
        PowerTerm(
            name="noise",
            meaning=_MEANING,
            exponents=times(monomial(sigma2=1, gamma=1, B=-1), monomial(gamma=term.power, t=term.power)),
            constant=_lasting_constant(shape, term),
            logs={"t": term.log_power} if term.log_power else {},
            holds=expansion.leads(term),
            feedback=1,
            source="D17",
        )
        for term in expansion.terms
    ]


def _lasting_constant(shape: Shape, term: Term) -> Expr | None:
    """At constant step size; with another end where the last steps decide (a > 1), not where the whole run does."""
    if shape.constant:
        return term.constants[-1] * raised(2 * shape.clock, term.power) / 2
    return term.constants[-1] * shape.end_scale / 2 if term.power == 0 else None


def _decaying(a: Expr, shape: Shape) -> list[PowerTerm]:
    expansion = _end_expansion(a, shape)
    return [
        PowerTerm(
            name="noise",
            meaning=_MEANING,
            exponents=times(monomial(sigma2=1, gamma=2, t=1, B=-1), monomial(gamma=term.power, t=term.power)),
            constant=_noise_constant(a, shape, term),
            logs={"t": term.log_power} if term.log_power else {},
            holds=expansion.leads(term),
            source="D17",
        )
        for term in expansion.terms
    ]


def _end_expansion(a: Expr, shape: Shape) -> Expansion:
    """Expansion of sum_j j^-2a int_0^1 r^(2p) exp(-y j^-a r^(p+1)) dr in y = 2 gamma t end_scale/(p+1).

    For the geometric schedule the sum over stages behaves as the limit of large p, with the measure dr/r.
    """
    p = shape.end_power
    high, slowed = (Integer(2), Integer(1)) if p == oo else ((2 * p + 1) / (p + 1), p + 1)
    # int_0^1 r^(2p) exp(-x r^(p+1)) dr has the transform Gamma(s)/(2p + 1 - (p+1) s); 1/x is Gamma(x)/Gamma(x + 1),
    # at an x that stays small however large p is
    pole = GammaFactor(rate=Integer(-1), offset=high)
    over = GammaFactor(rate=Integer(-1), offset=high + 1, inverse=True)
    transform = MellinTransform(
        factor=1 / slowed,
        base=Integer(1),
        gammas=(GammaFactor(rate=Integer(1), offset=Integer(0)), pole, over),
        low=Integer(0),
        high=high,
    )
    return expand_transforms(
        (transform,), p=2 * a, a=-a, variable=_TAU, towards="oo", terms=1, regularized=True
    )


def _noise_constant(a: Expr, shape: Shape, term: Term) -> Expr | None:
    if shape.effective_steps:
        # every stage, on half the step size of the one before
        halves = (1 - raised(Integer(2), 1 / a - 1)) / (1 - raised(Integer(2), -1 / a))
        return raised(Integer(2), 1 / a - 2) / a * sympy.gamma(1 - 1 / a) * halves
    if shape.profile is None:
        return None
    p, r = shape.end_power, shape.remaining
    if "Gamma" in term.origin:  # decided at the very end: only the end of the profile matters
        return term.constants[-1] * raised(2 / (p + 1), term.power) * raised(shape.end_scale, 1 / (p + 1))
    whole = sympy.gamma(2 - 1 / a) / a * raised(Integer(2), term.power)
    if shape.power_of_what_remains:
        return whole * raised(p + 1, -term.power) / ((p + 1) / a - 1)
    spent = sympy.Integral(shape.profile.subs(r, _X), (_X, 0, r))
    return whole * sympy.Integral(shape.profile**2 * spent**term.power, (r, 0, 1))


def _from_the_far_end(far: PowerTerm, shape: Shape) -> PowerTerm:
    """t int_0^1 phi^2 dr times a kernel that lasts, or the sum over a geometric schedule's stages in its place."""
    weight = None if shape.profile is None else sympy.integrate(shape.profile**2, (shape.remaining, 0, 1))
    if shape.effective_steps:
        weight = Rational(4, 3)  # sum of 4^-l over the stages
    return dataclasses.replace(
        far,
        name="noise",
        meaning=_MEANING,
        exponents=times(monomial(sigma2=1, t=1), far.exponents),
        constant=None if weight is None else weight * far.constant,
        source="D17",
    )


def _restricted(term: PowerTerm, a: Expr) -> PowerTerm:
    """In a finite dimension with a < 1/2 the far end of the spectrum takes over."""
    return dataclasses.replace(term, holds=sympy.And(term.holds, sympy.Ge(2 * a, 1)))
