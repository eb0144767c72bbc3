"""The linear programme of an allocation: affine forms whose coefficients depend on the exponents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import sympy
from sympy import Expr, Symbol
from sympy.core.relational import Relational

from riskcalc.asymptotic.power_term import PowerTerm
from riskcalc.asymptotic.regime import Regime, StableSteps
from riskcalc.scaling.budget import Affine, Budget
from riskcalc.scaling.rational_function import Place, RationalFunction, place
from riskcalc.scaling.tropical import Optimum, Row, minimise_maximum

Form = tuple[RationalFunction, ...]  # constant first, then one coefficient a variable


@dataclass(frozen=True, kw_only=True)
class Programme:
    """Minimise the largest term of one regime over what the budget leaves free.

    letters: those of the plane. values: a and b (and what else stands in the tables) in these letters.
    """

    letters: tuple[Symbol, Symbol]
    values: Mapping[Symbol, Expr]
    budget: Budget
    regime: Regime
    stable: StableSteps

    @cached_property
    def terms(self) -> tuple[PowerTerm, ...]:
        """Those of the regime that can hold somewhere."""
        return tuple(term for term in self.regime.terms if term.holds != sympy.false)

    @cached_property
    def exponents(self) -> dict[str, Form]:
        """The exponent of every letter as an affine form in the budget's variables."""
        return {name: self._form(form) for name, form in self._affine.items()}

    @cached_property
    def objective(self) -> tuple[Form, ...]:
        """The loss exponent of every term (sigma2 is of order one)."""
        return tuple(self.monomial(term.exponents) for term in self.terms)

    @cached_property
    def constraints(self) -> dict[str, Form]:
        """Named affine forms that must be <= 0: M, t, B >= 1, stability, and the range of time."""
        rows = {name: self.monomial(limit) for name, limit in self.limits.items()}
        return {name: form for name, form in rows.items() if any(form)}

    @property
    def limits(self) -> dict[str, Mapping[str, Expr]]:
        """The monomials behind the constraints."""
        return {**self.budget.least, **self.stable.limits, **self.regime.limits}

    @cached_property
    def validity(self) -> tuple[tuple[RationalFunction, ...], ...]:
        """For each term, what must be positive for it to hold."""
        return tuple(tuple(map(self.read, _positive(term.holds))) for term in self.terms)

    def monomial(self, exponents: Mapping[str, Expr]) -> Form:
        """The exponent of a monomial in the letters."""
        parts = [
            tuple(self.read(power) * part for part in self.exponents[name])
            for name, power in exponents.items()
            if name != "sigma2"
        ]
        return tuple(
            sum((part[i] for part in parts), start=self.read(sympy.S.Zero))
            for i in range(len(self.budget.variables) + 1)
        )

    def holding(self, where: Place) -> tuple[int, ...]:
        """The terms that hold at a place, or next to it."""
        return tuple(
            index
            for index, needed in enumerate(self.validity)
            if all(condition.on(where) >= 0 for condition in needed)
        )

    def solve(self, at: Sequence[Fraction]) -> Optimum:
        """The exact optimum at a rational point; rows are numbered among `holding`, then the constraints."""
        where = place(at)
        return minimise_maximum(*self.numbers(where, self.holding(where)))

    def numbers(self, where: Place, chosen: Sequence[int]) -> tuple[list[Row], list[Row]]:
        """Objective, of the chosen terms, and constraints with numbers for coefficients."""
        objective = [numbers(self.objective[index], where) for index in chosen]
        return objective, [numbers(form, where) for form in self.constraints.values()]

    @cached_property
    def _affine(self) -> dict[str, Affine]:
        return self.budget.exponents(self.stable.largest)

    @cached_property
    def _known(self) -> dict[Symbol, RationalFunction]:
        return {symbol: RationalFunction.of(value, self.letters) for symbol, value in self.values.items()}

    def read(self, expression: Expr) -> RationalFunction:
        """An expression of the tables in the letters of the plane."""
        return RationalFunction.of(expression, self.letters, self._known)

    def _form(self, form: Affine) -> Form:
        return tuple(map(self.read, form))


def numbers(form: Sequence[RationalFunction], where: Place) -> Row:
    """A form at a place."""
    return tuple(part.on(where) for part in form)


def _positive(holds: sympy.Basic) -> list[Any]:
    """What must be positive for a conjunction of inequalities."""
    relations = [part for part in sympy.And.make_args(holds) if isinstance(part, Relational)]
    return [relation.gts - relation.lts for relation in relations]
