"""From the behaviour at small u to the behaviour at long times, term by term."""

from __future__ import annotations

import sympy
from sympy import Expr, Integer

from riskcalc.asymptotic.expansion import Term
from riskcalc.asymptotic.laurent import gamma_series
from riskcalc.asymptotic.lowest_terms import lowest


def inverse_laplace(term: Term) -> Term:
    """(1/2 pi i) int u^s (c_0 + c_1 log u + ...) e^(tau u) du around the negative axis, as a term in tau.

    Formula: u^s -> tau^(-s-1)/Gamma(-s); logarithms by differentiating in s. Where s is 0, 1, 2, ... the
    integrand
        is analytic and the power gives nothing.
    Valid: as the leading behaviour for tau to infinity of what expands so at u = 0 (Watson's lemma).
    Source: derivation D11.

    >>> s = sympy.Symbol("s")
    >>> inverse_laplace(Term(power=s, constants=(Integer(1),), origin="zeta")).expression(sympy.Symbol("tau"))
    tau**(-s - 1)/gamma(-s)
    """
    orders = len(term.constants)
    # one over Gamma(-s - e), as a series in e; at a pole of Gamma it starts at e^1
    reciprocal = gamma_series(-term.power, Integer(-1), orders + 1).inverse()
    moments = [reciprocal.coefficient(n) if n >= reciprocal.lowest else Integer(0) for n in range(orders)]
    constants = [Integer(0)] * orders
    for power, constant in enumerate(term.constants):
        # d^power/ds^power of tau^(-s) r(s), with r the reciprocal Gamma
        for n in range(power + 1):
            weight = sympy.binomial(power, n) * (-1) ** n * sympy.factorial(power - n)
            constants[n] += constant * weight * moments[power - n]
    while len(constants) > 1 and sympy.simplify(constants[-1]) == 0:
        constants.pop()
    return Term(power=lowest(-term.power - 1), constants=tuple(constants), origin=term.origin)


def product(left: Term, right: Term) -> Term:
    """The product of two terms."""
    constants = [Integer(0)] * (len(left.constants) + len(right.constants) - 1)
    for i, x in enumerate(left.constants):
        for k, y in enumerate(right.constants):
            constants[i + k] += x * y
    return Term(power=lowest(left.power + right.power), constants=tuple(constants), origin="product")


def slope_of_u_times(term: Term) -> Term:
    """d/du of u times the term: what (u signal_sum(u))' makes of an expansion of signal_sum."""
    next_up: list[Expr] = [*term.constants[1:], Integer(0)]
    constants = tuple(
        lowest((term.power + 1) * constant) + (n + 1) * above
        for n, (constant, above) in enumerate(zip(term.constants, next_up, strict=True))
    )
    return Term(power=term.power, constants=constants, origin=term.origin)
