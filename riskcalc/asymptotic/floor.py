"""The floor u0 and the approximation F_0 for large M."""

from __future__ import annotations

import sympy
from sympy import Eq, Expr, Integer, Symbol, oo

from riskcalc.asymptotic.expansion import expand
from riskcalc.asymptotic.lowest_terms import lowest
from riskcalc.asymptotic.power_term import PowerTerm, monomial
from riskcalc.asymptotic.raised import raised
from riskcalc.formula import resolvent_sum
from riskcalc.formula.letters import rho, u

_X = Symbol("x", positive=True)


def floor_constant(a: Expr, ratio: Expr = oo) -> Expr:
    """rho in u0 ~ rho M^-a.

    Formula: v = oo, a > 1: rho = ((pi/a)/sin(pi/a))^a, from the leading term of d1(u) = M.
        v = ratio M: the symbol rho, defined by `floor_definition`.
    Source: derivations D10 (infinite dimension), D13 (finite).

    >>> floor_constant(sympy.Integer(2))
    pi**2/4
    """
    return floor_power(a, Integer(1), ratio)


def floor_power(a: Expr, power: Expr, ratio: Expr) -> Expr:
    """rho^power, for the constant rho of the floor."""
    if ratio != oo:
        return rho**power
    lead = expand(resolvent_sum(a, 1, a, u), towards="0", terms=1).terms[0]
    # lead.constants[0] u0^lead.power = M
    return raised(lead.constants[0], lowest(-power / lead.power))


def floor_definition(a: Expr, ratio: Expr) -> Eq:
    """The equation that defines rho when v = ratio M: int_0^ratio dx/(1 + rho x^a) = 1. Derivation D13."""
    return Eq(sympy.Integral(1 / (1 + rho * _X**a), (_X, 0, ratio)), 1)


def approximation_terms(a: Expr, b: Expr, ratio: Expr = oo) -> tuple[PowerTerm, ...]:
    """F_0 = u0 signal_sum(u0) at u0 = rho M^-a: one term for each pole that can lead.

    Source: derivations D10, D13; Paquette et al. (arXiv 2405.15074), F_0.
    """
    constant = floor_constant(a, ratio)
    expansion = expand(resolvent_sum(b, 1, a, u), towards="0", terms=1, regularized=ratio != oo)
    terms = []
    for term in expansion.terms:
        power = lowest(term.power + 1)  # of u0
        lead = term.constants[-1] * (-a) ** term.log_power  # log u0 = -a log M + ...
        if ratio != oo and term.origin == "zeta":
            lead = sympy.Integral(constant * _X ** (a - b) / (1 + constant * _X**a), (_X, 0, ratio))
            scaled = lead
        else:
            scaled = lead * floor_power(a, power, ratio)
        terms.append(
            PowerTerm(
                name="F_0",
                meaning="approximation: the floor of a model of this size",
                exponents=monomial(M=lowest(-a * power)),
                constant=scaled,
                logs={"M": term.log_power} if term.log_power else {},
                holds=expansion.leads(term),
                feedback=1,
                source="D10" if ratio == oo else "D13",
            )
        )
    return tuple(term for term in terms if term.holds != sympy.false)


def bulk_moments(a: Expr, ratio: Expr) -> tuple[tuple[Expr, int], tuple[Expr, int]]:
    """Leading tr Lambda/M^(1-a) and tr Lambda^2/M^(1-2a) from the far end of the spectrum, with their log
    powers.

    Formula: sum_{j <= ratio M} j^-p ~ (ratio M)^(1-p)/(1-p), and log M where p = 1.
    Source: derivation D13.
    """
    return _end(a, ratio), _end(2 * a, ratio)


def _end(p: Expr, ratio: Expr) -> tuple[Expr, int]:
    return (Integer(1), 1) if p == 1 else (ratio ** (1 - p) / (1 - p), 0)
