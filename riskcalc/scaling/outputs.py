"""How the best allocation changes as the number of outputs grows faster with the budget."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import sympy
from sympy import Expr, Rational, Symbol, oo

from riskcalc.asymptotic.outputs import Normalisation, read_normalisation, with_outputs
from riskcalc.asymptotic.shape import Shape, geometric
from riskcalc.asymptotic.term_table import RATIO, term_table
from riskcalc.errors import ConsistencyError
from riskcalc.quantity import NumberLike
from riskcalc.scaling.budget import Choice, compute
from riskcalc.scaling.exponents import leading_terms, read_exponents
from riskcalc.scaling.programme import Programme

X = Symbol("x", nonnegative=True)  # P = C^x
_UNUSED = Symbol("unused")
_NEAR = Fraction(1, 10**6)
_LARGEST = Fraction(1)
_MOST_REGIMES = 20


@dataclass(frozen=True, kw_only=True)
class Regime:
    """One range of x in which one balance of terms is best.

    low, high: of x in P = C^x. loss: the exponent of the total risk, loss ~ C^loss. exponents: of M, gamma, t, B; all
    affine in x. balance: the terms that meet there.
    """

    low: Fraction
    high: Fraction
    loss: Expr
    exponents: Mapping[str, Expr]
    balance: tuple[str, ...]


def output_regimes(
    *,
    a: NumberLike,
    b: NumberLike,
    normalisation: Normalisation | str = Normalisation.TOTAL,
    shape: Shape | None = None,
    pay_for_outputs: bool = True,
) -> tuple[Regime, ...]:
    """The best allocation of compute C for P = C^x outputs with label noise, for every x from 0 to 1.

    The step size is free. pay_for_outputs: C = M P t B, else C = M t B. The ranges end where nothing can be learnt any
    more: where the risk is of the order of that of predicting zero.
    Formula: the linear programme of D15 with x as a parameter of its right-hand side: the optimum is affine in x
        between break points, where a slack or a multiplier of the optimal basis vanishes.
    Valid: power laws, a > 0, b > 1, both exact; v = oo for a > 1. The geometric schedule, unless another is given.
    Source: D30.

    >>> for regime in output_regimes(a=2, b=2, pay_for_outputs=False):
    ...     print(regime.low, regime.high, regime.exponents["M"], regime.loss, regime.balance)
    0 1 1/3 - x/3 x/3 - 1/3 ('F_0', 'F_pp', 'noise')
    """
    a_read, b_read = read_exponents(a=a, b=b)
    table = term_table(
        _rational(a_read), _rational(b_read), ratio=oo if a_read > 1 else RATIO, shape=shape or geometric()
    )
    budget = compute(step_size=Choice.FREE, outputs=0, pay_for_outputs=pay_for_outputs)
    # the signal power in total, which predicting zero leaves
    untrained = X if read_normalisation(normalisation) is Normalisation.EVERY else sympy.Integer(0)
    side = Programme(
        letters=(X, _UNUSED),
        a=_rational(a_read),
        b=_rational(b_read),
        budget=dataclasses.replace(budget, outputs=X),
        terms=with_outputs(table, normalisation),
        slow=a_read < 1,
    )
    found: list[Regime] = []
    low = Fraction(0)
    while low < _LARGEST:
        regime = _from(side, low)
        if (regime.loss - untrained).subs(X, _rational(low + _NEAR)) >= 0:
            break
        if found and (found[-1].loss, found[-1].exponents) == (regime.loss, regime.exponents):
            found[-1] = dataclasses.replace(found[-1], high=regime.high)
        else:
            found.append(regime)
        low = regime.high
        if len(found) > _MOST_REGIMES:
            raise ConsistencyError(f"more than {_MOST_REGIMES} regimes at a = {a}, b = {b}: this cannot be right")
    return tuple(found)


def _from(side: Programme, low: Fraction) -> Regime:
    """The regime that begins at x = low."""
    at = (low + _NEAR, Fraction(0))
    basis = side.basis(at)
    if basis is None:
        raise ConsistencyError(f"no optimal basis was found at x = {low}")
    ends = [Fraction(int(root.p), int(root.q)) for condition in basis.conditions for root in _roots(condition)]
    high = min((end for end in ends if end > at[0]), default=_LARGEST)
    optimum = side.solve(at)
    leading = leading_terms(side, at)
    rows = {row for tight in optimum.tight for row in tight if row < len(side.terms) and side.terms[row] in leading}
    exponents = {
        name: sympy.expand(form[0] + sum(c * y for c, y in zip(form[1:], basis.point, strict=True)))
        for name, form in side.exponents.items()
    }
    return Regime(
        low=low,
        high=min(high, _LARGEST),
        loss=sympy.expand(basis.level),
        exponents=exponents,
        balance=tuple(dict.fromkeys(side.names[row] for row in sorted(rows))),
    )


def _roots(condition: Expr) -> list[Rational]:
    numerator = sympy.Poly(sympy.fraction(sympy.together(condition))[0], X)
    return list(sympy.polys.roots(numerator, filter="Q")) if numerator.degree() > 0 else []


def _rational(value: Fraction) -> Rational:
    return Rational(value.numerator, value.denominator)
