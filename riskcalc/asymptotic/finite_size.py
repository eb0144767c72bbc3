"""What the floor of one sketch adds to the term table: shift of the average and spread, with their constants."""

from __future__ import annotations

import sympy
from sympy import Expr, Rational

from riskcalc.asymptotic.floor import approximation_terms
from riskcalc.asymptotic.power_term import PowerTerm, monomial, times
from riskcalc.formula import letters as L
from riskcalc.formula.finite_size import relative_floor_shift, relative_floor_spread


def finite_size_terms(a: Expr = L.a, b: Expr = L.b) -> tuple[PowerTerm, ...]:
    """F_0 times what of it the average over sketches adds, and times the standard deviation of one sketch.

    Valid: v = oo, a > 1, b > 1, M large; a term with a logarithm (b = a + 1) has none of these constants.
    Source: derivations D50, D51.

    >>> [str(term.exponent("M")) for term in finite_size_terms(sympy.Integer(2), Rational(13, 5))]
    ['-13/5', '-21/10']
    """
    found = []
    for term in approximation_terms(a, b):
        if term.logs:
            continue
        for name, meaning, factor, source, power in (
            ("F_0 shift", "what the average over sketches adds to the floor", relative_floor_shift(), "D50", -1),
            ("F_0 spread", "standard deviation of one sketch's floor", relative_floor_spread(), "D51", Rational(-1, 2)),
        ):
            share = (factor / L.M**power).subs({L.a: a, L.b: b})
            found.append(
                PowerTerm(
                    name=name,
                    meaning=meaning,
                    exponents=times(term.exponents, monomial(M=power)),
                    constant=sympy.simplify(term.constant * share),
                    holds=term.holds,
                    source=source,
                )
            )
    return tuple(found)
