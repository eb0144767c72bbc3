"""The quadratic parameterisation f = <x, v*v> on the first M features, as the surrogate that has its rates.

Formula: near its target each coordinate is learnt as in the linear model with eigenvalue 4 lambda_j w*_j, of the order
j^-(a + b)/2, and the signal j^-b; coordinates that have not grown make no noise. So with a' = (a + b)/2
    F_0 = M^(1 - b)/(b - 1),   F_pp = Theta((gamma t)^-((b - 1)/a')),   noise as in the linear model at a'.
A sketch that distorts modes is not there, and so no F_ac; noise from early bias never leads, as b < 2 a' always.
Valid: rates alone, up to logarithms of w*/w(0), which no exponent shows; a' > 1, b > 1. Source: D71.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import NoReturn

from sympy import Expr, Integer

from riskcalc.asymptotic.late_noise import late_noise
from riskcalc.asymptotic.noise import label_noise
from riskcalc.asymptotic.power_term import PowerTerm, monomial
from riskcalc.asymptotic.regime import Regime, StableSteps
from riskcalc.asymptotic.shape import Shape
from riskcalc.errors import InvalidInput
from riskcalc.formula import letters as L

_SOURCE = "D71"
_CONSTANTS = (
    "the quadratic parameterisation has rates alone: its constants carry logarithms of the initialisation, so nothing "
    "is said of when a law begins to hold"
)


@dataclass(frozen=True)
class QuadraticTerms:
    """One-pass SGD on v, w = v*v, under a schedule of this shape."""

    shape: Shape

    @property
    def name(self) -> str:
        return self.shape.name

    @property
    def plain(self) -> bool:
        return False

    @property
    def outside(self) -> str:
        return "not\nderived"

    @property
    def effective_steps(self) -> bool:
        return self.shape.effective_steps

    def domain(self, a: Expr, b: Expr) -> tuple[Expr, ...]:
        return (a + b - 2, b - 1)

    def regimes(self, a: Expr, b: Expr, *, slow: bool, noise: bool) -> tuple[Regime, ...]:
        """Until the last of M coordinates has grown, and with label noise beyond; slow plays no part."""
        rate = (a + b) / 2
        floor = PowerTerm(
            name="F_0",
            meaning="signal beyond the first M features",
            exponents=monomial(M=1 - b),
            constant=1 / (b - 1),
            source=_SOURCE,
        )
        bias = PowerTerm(
            name="F_pp",
            meaning="bias of the coordinates that have not grown yet",
            exponents=monomial(gamma=-(b - 1) / rate, t=-(b - 1) / rate),
            constant=None,
            source=_SOURCE,
        )
        begun, edge = monomial(gamma=-1, t=-1), monomial(gamma=1, t=1, M=-rate)
        window = {"gamma t >= 1": begun, "gamma t <= M^a'": edge}
        if not noise:
            return (Regime(terms=(floor, bias), limits=window),)
        early, late = (_at(found, rate) for found in (label_noise(L.a, self.shape), late_noise(L.a, self.shape)))
        beyond = {"gamma t >= 1": begun, "gamma t >= M^a'": {name: -power for name, power in edge.items()}}
        return (
            Regime(terms=(floor, bias, *early), limits=window),
            Regime(terms=(floor, *late), limits=beyond, late=True),
        )

    def stable(self, a: Expr, *, slow: bool) -> StableSteps:
        """Of the order 1, and of the batch size where that is smaller: the trace at a' > 1 is finite."""
        limits = {"gamma <= 1": monomial(gamma=1), "gamma <= B": monomial(gamma=1, B=-1)}
        return StableSteps(limits=limits, largest=Integer(0))

    def check_at(self, a: Fraction, b: Fraction) -> None:
        if a + b <= 2:
            raise InvalidInput(
                f"the surrogate of the quadratic parameterisation needs a' = (a + b)/2 above 1, not {(a + b) / 2}"
            )

    def check(self, names: Iterable[str]) -> None:
        """Every order is derived."""

    def constant(self, term: PowerTerm, *, a: Fraction, b: Fraction, ratio: float | None) -> NoReturn:
        raise InvalidInput(_CONSTANTS)

    def largest_step(self, a: Fraction, *, batch_size: int, ratio: float | None) -> NoReturn:
        raise InvalidInput(_CONSTANTS)

    def amplification(self, a: Fraction, *, step_size: float, batch_size: int) -> NoReturn:
        raise InvalidInput(_CONSTANTS)

    def feedback(
        self, a: Fraction, *, step_size: float | None, batch_size: int | None, ratio: float | None
    ) -> NoReturn:
        raise InvalidInput(_CONSTANTS)


def _at(terms: Iterable[PowerTerm], rate: Expr) -> list[PowerTerm]:
    """The orders of terms of the letter a, at another value of it."""
    return [
        dataclasses.replace(
            term,
            exponents={name: power.subs(L.a, rate) for name, power in term.exponents.items()},
            holds=term.holds.subs(L.a, rate),
            constant=None,
            feedback=0,
            source=_SOURCE,
        )
        for term in terms
    ]
