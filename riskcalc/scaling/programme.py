"""The linear programme of an allocation: affine forms whose coefficients depend on the exponents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import sympy
from sympy import Expr, Symbol, oo

from riskcalc.asymptotic.power_term import PowerTerm
from riskcalc.asymptotic.shape import Shape, constant
from riskcalc.asymptotic.term_table import RATIO, term_table
from riskcalc.formula import letters as L
from riskcalc.scaling.basis import Basis, optimal_basis
from riskcalc.scaling.budget import Affine, Budget, loss_form
from riskcalc.scaling.rational_function import RationalFunction
from riskcalc.scaling.tropical import Optimum, Row, minimise_maximum

ALPHA = Symbol("alpha", positive=True)
BETA = Symbol("beta", real=True)


@dataclass(frozen=True, kw_only=True)
class Programme:
    """Minimise the largest term over what the budget leaves free, for one side of a = 1.

    letters: (a, b) or (alpha, beta). terms: all contributions of the term table that can lead. slow: a < 1.
    late: beyond gamma t = M^a.
    """

    letters: tuple[Symbol, Symbol]
    a: Expr
    b: Expr
    budget: Budget
    terms: tuple[PowerTerm, ...]
    slow: bool
    late: bool = False

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Row names: terms first, then constraints."""
        return (*(term.name for term in self.terms), *self._constraints)

    @cached_property
    def objective(self) -> tuple[Affine, ...]:
        """The loss exponent of every term, as an affine form in the budget's variables."""
        return tuple(self._in_letters(loss_form(term, self._forms)) for term in self.terms)

    @cached_property
    def constraints(self) -> tuple[Affine, ...]:
        """Affine forms that must be <= 0."""
        return tuple(self._in_letters(form) for form in self._constraints.values())

    @cached_property
    def exponents(self) -> dict[str, Affine]:
        """The exponent of every letter as an affine form in the budget's variables."""
        return {name: self._in_letters(form) for name, form in self._forms.items()}

    def solve(self, at: Sequence[Fraction]) -> Optimum:
        """The exact optimum at a rational point."""
        return minimise_maximum(*self.numbers(at))

    def numbers(self, at: Sequence[Fraction]) -> tuple[list[Row], list[Row]]:
        """Objective and constraints with numbers for coefficients."""
        rows = self._compiled
        return [_numbers(form, at) for form in rows[0]], [_numbers(form, at) for form in rows[1]]

    def basis(self, at: Sequence[Fraction]) -> Basis | None:
        """The optimum around a rational point as rational functions, with the conditions for them."""
        optimum = self.solve(at)
        for tight in optimum.tight:
            found = optimal_basis(self.objective, self.constraints, tight, self.letters, at)
            if found is not None:
                return found
        return None

    @cached_property
    def _forms(self) -> dict[str, Affine]:
        return self.budget.exponents(L.a, slow=self.slow)

    @cached_property
    def _constraints(self) -> dict[str, Affine]:
        return self.budget.constraints(L.a, slow=self.slow, late=self.late)

    @cached_property
    def _compiled(self) -> tuple[list[list[RationalFunction]], list[list[RationalFunction]]]:
        rows = (self.objective, self.constraints)
        compiled = [
            [[RationalFunction.of(part, self.letters) for part in form] for form in forms] for forms in rows
        ]
        return compiled[0], compiled[1]

    def _in_letters(self, form: Affine) -> Affine:
        return tuple(sympy.cancel(part.subs({L.a: self.a, L.b: self.b}, simultaneous=True)) for part in form)


def programme(
    budget: Budget,
    *,
    slow: bool,
    shape: Shape | None = None,
    noise: bool = False,
    paper_letters: bool = False,
) -> Programme:
    """The programme with symbolic exponents, in (a, b) or, with `paper_letters`, in (alpha, beta).

    noise: whether label noise of order one is present.
    """
    table = term_table(ratio=RATIO if slow else oo, shape=shape or constant())
    kept = tuple(term for term in table if (noise or term.name != "noise") and _possible(term, slow))
    return Programme(
        letters=(ALPHA, BETA) if paper_letters else (L.a, L.b),
        a=2 * ALPHA if paper_letters else L.a,
        b=2 * ALPHA + 2 * BETA if paper_letters else L.b,
        budget=budget,
        terms=kept,
        slow=slow,
    )


def _possible(term: PowerTerm, slow: bool) -> bool:
    """Whether the term can lead somewhere on this side of a = 1."""
    sides = (sympy.Rational(1, 3), sympy.Rational(2, 3)) if slow else (sympy.Rational(3, 2), sympy.Integer(3))
    return any(
        term.holds.subs({L.a: a, L.b: b}) == sympy.true
        for a in sides
        for b in (sympy.Rational(21, 20), a + sympy.Rational(1, 10), a + 2, sympy.Integer(9))
    )


def _numbers(form: Sequence[RationalFunction], at: Sequence[Fraction]) -> Row:
    return tuple(part.at(at) for part in form)
