"""Compute-optimal exponents of DANA: the linear programme of an allocation with another clock. Source: D42."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import sympy

from riskcalc.asymptotic.accelerated import accelerated_terms, clock
from riskcalc.asymptotic.power_term import PowerTerm
from riskcalc.asymptotic.term_table import term_table
from riskcalc.optimiser import Dana
from riskcalc.scaling.tropical import Optimum, Row, minimise_maximum

Branch = tuple[tuple[PowerTerm, ...], list[Row], Optimum]

_ZERO, _ONE = Fraction(0), Fraction(1)


def accelerated_branch(a: Fraction, b: Fraction, optimiser: Dana) -> Branch:
    """Terms, their rows over x in M ~ C^x, and the optimum, for C = M t.

    Formula: t = C^(1-x); the largest term is minimised over x while tau <= M^a. With decay 0 acceleration begins at
    t ~ M, before which the run is SGD's: the better of both sides.
    """
    terms, moved = accelerated_terms(a, b, optimiser), clock(optimiser)
    window = _row(moved, more={"M": -a})
    inside = [(_ZERO, -_ONE), (-_ONE, _ONE), window]  # 0 <= x <= 1
    branches = []
    if optimiser.decay == 0:
        table = tuple(term for term in term_table(_exact(a), _exact(b)) if term.name != "noise")
        early = [*inside[:2], (_ONE, -1 - a), (_ONE, Fraction(-2))]  # t <= M^a, t <= M
        branches.append(_solved(table, early))
        inside.append((-_ONE, Fraction(2)))  # t >= M
    branches.append(_solved(terms, inside))
    return min(reversed(branches), key=lambda branch: branch[2].value)


def _solved(terms: Sequence[PowerTerm], constraints: list[Row]) -> Branch:
    rows = [_row(term.exponents) for term in terms]
    return tuple(terms), rows, minimise_maximum(rows, constraints)


def _row(exponents: object, more: dict[str, Fraction] | None = None) -> Row:
    """The exponent of a monomial in M and t as an affine form in x."""
    powers = {name: _fraction(value) for name, value in dict(exponents).items()}  # type: ignore[call-overload]
    size = powers.get("M", _ZERO) + (more or {}).get("M", _ZERO)
    time = powers.get("t", _ZERO)
    return time, size - time


def _exact(value: Fraction) -> sympy.Rational:
    return sympy.Rational(value.numerator, value.denominator)


def _fraction(value: sympy.Expr) -> Fraction:
    return Fraction(int(value.p), int(value.q))
