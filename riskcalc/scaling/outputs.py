"""How the best allocation changes as the number of outputs grows faster with the budget."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sympy
from sympy import Expr, Rational, Symbol

from riskcalc.asymptotic.outputs import Normalisation, read_normalisation
from riskcalc.asymptotic.regime import SgdTerms
from riskcalc.asymptotic.shape import Shape, geometric
from riskcalc.errors import ConsistencyError
from riskcalc.quantity import NumberLike, held, of_type
from riskcalc.scaling.arrangement import rational_roots
from riskcalc.scaling.best import best_allocation
from riskcalc.scaling.budget import Choice, compute
from riskcalc.scaling.exponents import read_exponents
from riskcalc.scaling.programme import Programme
from riskcalc.scaling.question import Plane, Question
from riskcalc.scaling.rational_function import RationalFunction

X = Symbol("x", nonnegative=True)  # P = C^x
_UNUSED = Symbol("unused")
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
    growth = read_normalisation(normalisation)
    budget = compute(step_size=Choice.FREE, outputs=0, pay_for_outputs=pay_for_outputs)
    question = Question(
        table=SgdTerms(of_type(geometric() if shape is None else shape, Shape, "shape", "a Shape such as constant()")),
        budget=dataclasses.replace(budget, outputs=X),
        noise=True,
        normalisation=growth,
    )
    plane = Plane(letters=(X, _UNUSED), a=_rational(a_read), b=_rational(b_read))
    programmes = question.programmes(plane, slow=a_read < 1)
    # the signal power in total, which predicting zero leaves
    untrained = X if growth is Normalisation.EVERY else sympy.Integer(0)
    found: list[Regime] = []
    low = Fraction(0)
    while low < _LARGEST:
        regime, inside = _from(programmes, low)
        if (regime.loss - untrained).subs(X, _rational(inside)) >= 0:
            break
        if found and (found[-1].loss, found[-1].exponents) == (regime.loss, regime.exponents):
            found[-1] = dataclasses.replace(found[-1], high=regime.high)
        else:
            found.append(regime)
        low = regime.high
        if len(found) > _MOST_REGIMES:
            raise ConsistencyError(f"more than {_MOST_REGIMES} regimes at a = {a}, b = {b}: this cannot be right")
    return tuple(found)


def _from(programmes: Sequence[Programme], low: Fraction) -> tuple[Regime, Fraction]:
    """The regime that begins at x = low, and an x inside."""
    inside = (low + _LARGEST) / 2
    while True:
        best = best_allocation(programmes, (inside, Fraction(0)))
        ends = [root for condition in best.conditions for root in _roots(condition) if root > low]
        if all(end > inside for end in ends):
            break
        inside = (low + min(ends)) / 2
    regime = Regime(
        low=low,
        high=min([*ends, _LARGEST]),
        loss=sympy.expand(-best.key.loss_exponent.expression()),
        exponents={name: sympy.expand(held(start, name).expression()) for name, (start, _) in best.key.exponents},
        balance=best.key.balance,
    )
    return regime, inside


def _roots(condition: RationalFunction) -> list[Fraction]:
    """Where a condition, linear in x, changes sign."""
    return [root for part in (condition.numerator, condition.denominator) for root in rational_roots(part)]


def _rational(value: Fraction) -> Rational:
    return Rational(value.numerator, value.denominator)
