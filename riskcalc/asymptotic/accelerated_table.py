"""What DANA brings to the derivation of exponents: its terms in every range of time, and where they are known.

Formula: once tau >= 1 the terms of `accelerated`, up to tau = M^a. With decay 0 acceleration begins at t ~ M, before
which the run is SGD's.
Valid: one batch size and one step size, no label noise. Source: D42.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import NoReturn

import sympy
from sympy import Expr, Integer

from riskcalc.asymptotic.accelerated import Acceleration, accelerated_terms, check_accelerated, check_decay
from riskcalc.asymptotic.power_term import PowerTerm, monomial, times
from riskcalc.asymptotic.regime import Regime, StableSteps
from riskcalc.asymptotic.term_table import term_table
from riskcalc.errors import InvalidInput
from riskcalc.formula import letters as L
from riskcalc.optimiser import Dana, DanaDecaying

_CONSTANTS = "when a law begins to hold hangs on constants, which are derived for SGD() alone, not {}"


@dataclass(frozen=True)
class AcceleratedTerms:
    """DANA at a constant step size, or with the decay of each spectrum."""

    optimiser: Dana | DanaDecaying

    @property
    def name(self) -> str:
        return "constant"

    @property
    def plain(self) -> bool:
        return False

    @property
    def outside(self) -> str:
        return "not\nderived"

    @property
    def effective_steps(self) -> bool:
        return False

    def domain(self, a: Expr, b: Expr) -> tuple[Expr, ...]:
        """a > 1, b > 1, a decay above 1/a, and a memory that is long enough."""
        dana = Acceleration.of(self.optimiser, L.a)
        check_decay(dana)
        slack = [] if dana.decay == 0 else [L.a * dana.decay - 1]
        found = (*slack, *dana.spare_memory(L.a, L.b))
        # the denominators are powers of a
        cleared = (sympy.expand(sympy.numer(sympy.together(value))) for value in found)
        kept = (L.a - 1, L.b - 1, *(value for value in cleared if not _implied(value)))
        return tuple(value.subs({L.a: a, L.b: b}, simultaneous=True) for value in kept)

    def regimes(self, a: Expr, b: Expr, *, slow: bool, noise: bool) -> tuple[Regime, ...]:
        """After the turn, and before it where there is one; equally good ones are the later's."""
        if noise:
            raise InvalidInput("label noise leaves a floor under a constant step size: no exponents beyond it")
        dana = Acceleration.of(self.optimiser, a)
        edge = {"tau <= M^a": times(dana.clock, monomial(M=-a))}
        terms = accelerated_terms(a, b, dana)
        if dana.decay != 0:
            return (Regime(terms=terms, limits=edge),)
        early = tuple(term for term in term_table(a, b) if not term.exponent("sigma2"))
        window = {"t <= M": monomial(t=1, M=-1), "t <= M^a": monomial(t=1, M=-a)}
        return (
            Regime(terms=terms, limits={"t >= M": monomial(t=-1, M=1), **edge}),
            Regime(terms=early, limits=window),
        )

    def stable(self, a: Expr, *, slow: bool) -> StableSteps:
        """A step size that does not depend on the model."""
        return StableSteps(limits={}, largest=Integer(0))

    def check_at(self, a: Fraction, b: Fraction) -> None:
        check_accelerated(a, b, self.optimiser)

    def check(self, names: Iterable[str]) -> None:
        """Every order is derived."""

    def constant(self, term: PowerTerm, *, a: Fraction, b: Fraction, ratio: float | None) -> NoReturn:
        raise InvalidInput(_CONSTANTS.format(self.optimiser))

    def largest_step(self, a: Fraction, *, batch_size: int, ratio: float | None) -> NoReturn:
        raise InvalidInput(_CONSTANTS.format(self.optimiser))

    def amplification(self, a: Fraction, *, step_size: float, batch_size: int) -> NoReturn:
        raise InvalidInput(_CONSTANTS.format(self.optimiser))

    def feedback(
        self, a: Fraction, *, step_size: float | None, batch_size: int | None, ratio: float | None
    ) -> NoReturn:
        raise InvalidInput(_CONSTANTS.format(self.optimiser))


def _implied(condition: Expr) -> bool:
    """Whether a polynomial is positive wherever a > 1 and b > 1: no coefficient in a - 1 and b - 1 is negative."""
    x, y = sympy.symbols("x y", positive=True)
    moved = sympy.expand(condition.subs({L.a: 1 + x, L.b: 1 + y}, simultaneous=True))
    return all(value >= 0 for value in sympy.Poly(moved, x, y).coeffs())
