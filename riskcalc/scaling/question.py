"""The question of an optimal allocation: what grows, what may be chosen, by which method of training, with what noise.

Exponents at a point and phase diagrams are answers to one question, and read the same programmes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, lru_cache

from sympy import Expr, Symbol

from riskcalc.asymptotic.accelerated_table import AcceleratedTerms
from riskcalc.asymptotic.outputs import Normalisation, read_normalisation, with_outputs
from riskcalc.asymptotic.power_term import PowerTerm
from riskcalc.asymptotic.quadratic_terms import QuadraticTerms
from riskcalc.asymptotic.regime import Regime, SgdTerms, StableSteps, TermTable
from riskcalc.asymptotic.reused import ReusedTerms
from riskcalc.asymptotic.shape import Shape, constant
from riskcalc.errors import InvalidInput
from riskcalc.formula import letters as L
from riskcalc.optimiser import SGD, Dana, DanaDecaying, Optimiser
from riskcalc.quantity import Number, of_type
from riskcalc.scaling.budget import Budget, compute
from riskcalc.scaling.noise import has_noise, variance_of
from riskcalc.scaling.programme import Programme

ALPHA = Symbol("alpha", positive=True)
BETA = Symbol("beta", real=True)


@dataclass(frozen=True, kw_only=True)
class Plane:
    """Two letters for the two exponents, and a and b in them."""

    letters: tuple[Symbol, Symbol]
    a: Expr
    b: Expr


PAPER = Plane(letters=(ALPHA, BETA), a=2 * ALPHA, b=2 * ALPHA + 2 * BETA)
OURS = Plane(letters=(L.a, L.b), a=L.a, b=L.b)


@dataclass(frozen=True, kw_only=True)
class Question:
    """table: the leading-order theory of a method of training. noise: whether there is label noise of order one.

    variance: that of the label noise as it was given, 1 where only its presence was; it changes no exponent.
    normalisation: of several outputs, where the budget says how their number grows. optimiser: whose table it is;
    several may share one.
    """

    table: TermTable = field(default_factory=lambda: SgdTerms(constant()))
    budget: Budget = field(default_factory=compute)
    noise: bool = False
    normalisation: Normalisation | None = None
    optimiser: Optimiser | DanaDecaying = field(default_factory=SGD, repr=False, compare=False)
    variance: Number = field(default=1, repr=False, compare=False)

    @classmethod
    def of(
        cls,
        *,
        budget: object,
        shape: object,
        noise: object,
        normalisation: object,
        optimiser: object = None,
        quadratic: bool = False,
    ) -> Question:
        """From what a user gives."""
        method: Optimiser | DanaDecaying = of_type(
            SGD() if optimiser is None else optimiser,
            Optimiser | DanaDecaying,
            "optimiser",
            "an optimiser such as SGD() or Dana(...)",
        )
        if quadratic and (method != SGD() or normalisation is not None):
            raise InvalidInput("the surrogate of the quadratic parameterisation is for SGD() and one output")
        if not method.steady:
            untold = budget in (None, compute()) and shape in (None, constant()) and normalisation is None
            return cls(table=_accelerated(method, untold=untold and not has_noise(noise)), optimiser=method)
        form = of_type(constant() if shape is None else shape, Shape, "shape", "a Shape such as constant()")
        asked = of_type(
            compute() if budget is None else budget, Budget, "budget", "a Budget such as compute() or data()"
        )
        if (asked.outputs is None) != (normalisation is None):
            raise InvalidInput(
                "several outputs need both: a budget that says how their number grows, such as compute(outputs='1/4'), "
                "and normalisation='every' or 'total'"
            )
        if asked.reused:
            if not form.constant or method != SGD() or quadratic:
                raise InvalidInput("the exponents of a data set are derived for a constant step size and SGD()")
            return cls(table=ReusedTerms(), budget=asked, noise=has_noise(noise), variance=variance_of(noise))
        if quadratic:
            return cls(table=QuadraticTerms(form), budget=asked, noise=has_noise(noise), variance=variance_of(noise))
        growth = None if normalisation is None else read_normalisation(normalisation)
        return cls(
            table=SgdTerms(form),
            budget=asked,
            noise=has_noise(noise),
            normalisation=growth,
            optimiser=method,
            variance=variance_of(noise),
        )

    @property
    def surrogate(self) -> bool:
        """Whether the terms are those of a linear model that stands for another one, and say rates alone."""
        return isinstance(self.table, QuadraticTerms)

    def caveats(self, rate: Fraction | None = None) -> dict[str, str]:
        """What the terms stand for and what is claimed of them, where they are those of another model; rate: its a'."""
        if not self.surrogate:
            return {}
        return {
            "surrogate": "quadratic parameterisation as the linear model at a' = (a + b)/2"
            + ("" if rate is None else f" = {rate}"),
            "claim": "rates alone, up to logarithms of the initialisation; medians, as means need not be finite",
        }

    @property
    def named(self) -> bool:
        """Whether it is the question that the phases' names were made for."""
        return self.table.plain and self.budget == compute() and not self.noise

    @cached_property
    def key(self) -> tuple[object, ...]:
        """What tells questions apart: equal keys have equal answers."""
        budget = self.budget
        weights = tuple(sorted(budget.weights.items()))
        spent = (budget.name, budget.reused, weights, budget.step_size, budget.batch_size, budget.outputs)
        return (self.table, spent, budget.compute, self.noise, self.normalisation)

    def regimes(self, a: Expr, b: Expr, *, slow: bool) -> tuple[Regime, ...]:
        """The regimes of training time, with what the outputs make of their terms."""
        found = self.table.regimes(a, b, slow=slow, noise=self.noise)
        return tuple(Regime(terms=self.total(regime.terms), limits=regime.limits, late=regime.late) for regime in found)

    def total(self, terms: Sequence[PowerTerm]) -> tuple[PowerTerm, ...]:
        """The terms of the total over the outputs."""
        return tuple(terms) if self.normalisation is None else with_outputs(terms, self.normalisation)

    def stable(self, a: Expr, *, slow: bool) -> StableSteps:
        """The method's stable step sizes."""
        return self.table.stable(a, slow=slow)

    def programmes(self, plane: Plane, *, slow: bool) -> tuple[Programme, ...]:
        """One programme for each regime, on one side of a = 1, in the letters of a plane."""
        return _programmes(self, plane, slow)

    def __hash__(self) -> int:
        return hash(self.key)


def _accelerated(method: Optimiser | DanaDecaying, *, untold: bool) -> AcceleratedTerms:
    """The table of a method with another clock; untold: whether all else is as it stands by default."""
    if not isinstance(method, Dana | DanaDecaying):
        raise InvalidInput(
            f"the exponents of {method} are not derived: they are known for SGD(), constant momentum and Dana(...)"
        )
    if not untold:
        raise InvalidInput(
            "the exponents of Dana(...) are derived for compute C = M t at a constant step size without label noise, "
            "which would leave a floor: leave budget, shape, noise and normalisation out"
        )
    return AcceleratedTerms(method)


@lru_cache(maxsize=64)
def _programmes(question: Question, plane: Plane, slow: bool) -> tuple[Programme, ...]:
    stable = question.stable(L.a, slow=slow)
    return tuple(
        Programme(
            letters=plane.letters,
            values={L.a: plane.a, L.b: plane.b},
            budget=question.budget,
            regime=regime,
            stable=stable,
        )
        for regime in question.regimes(L.a, L.b, slow=slow)
    )
