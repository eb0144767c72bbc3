"""Numbers for the constants of the term table at exponents where their terms need not lead: continued analytically."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import And, Integral
from sympy.core.relational import Relational

from riskcalc.asymptotic.noise_at_the_end import noise_constant
from riskcalc.asymptotic.power_term import PowerTerm
from riskcalc.asymptotic.shape import Shape
from riskcalc.asymptotic.values import floor_constant_value, symbolic_value
from riskcalc.errors import RiskcalcError
from riskcalc.formula import letters as L
from riskcalc.numeric.mpmath_context import mp
from riskcalc.numeric.mpmath_field import Mpmath

_DIGITS = 20
_SMALL = 1e-12  # a step size that feeds nothing back


def continued_constant(term: PowerTerm, shape: Shape, *, a: Fraction, b: Fraction, ratio: float | None) -> float | None:
    """The constant of a term of the symbolic table at exact exponents; None where only the order is derived.

    Formula: that of the table, where it is a product of Gamma and zeta; its integral over the spectrum that ends at
        v = ratio M is rho r^(a-b+1)/(a-b+1) 2F1(1, s; 1 + s; -rho r^a), s = (a-b+1)/a, beyond b = a + 1 too.
    Valid: away from the ties, where the continuation has its poles. A term nearer to M^-a or 1/(gamma t) times the
        leading one than to that itself is 0 here: others of that order are not in the table, and cancel its poles.
    Source: derivation D46.
    """
    if term.constant is None:
        return None
    if _smaller_than_corrections(term, a, b):
        return 0.0
    try:
        if not term.constant.has(Integral):
            return symbolic_value(term.constant, a=a, b=b, ratio=ratio)
        if term.exponent("sigma2"):
            return noise_constant(shape, a, step_size=_SMALL, batch_size=1, dimension=None)
        return None if ratio is None else _floor(a, b, ratio)
    except (RiskcalcError, ZeroDivisionError, ValueError):  # mpmath's word for a pole of Gamma
        return None


def _smaller_than_corrections(term: PowerTerm, a: Fraction, b: Fraction) -> bool:
    """Whether the pole of the signal's zeta lies nearer to the next pole of Gamma than to the leading one."""
    at = {L.a: a, L.b: b}
    relations = [part for part in And.make_args(term.holds) if isinstance(part, Relational) and part.has(L.b)]
    return any((part.gts - part.lts).subs(at) <= -a / 2 for part in relations)


def _floor(a: Fraction, b: Fraction, ratio: float) -> float:
    rho = floor_constant_value(float(a), ratio)
    with Mpmath().working(_DIGITS):
        power, share = _number(a - b + 1), _number((a - b + 1) / a)
        whole: Any = mp.hyp2f1(1, share, 1 + share, -rho * mp.mpf(ratio) ** _number(a))
        return float(rho * mp.mpf(ratio) ** power / power * whole)


def _number(value: Fraction) -> Any:
    return mp.mpf(value.numerator) / value.denominator


