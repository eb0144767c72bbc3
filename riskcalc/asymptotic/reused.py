"""Gradient descent on a data set of N samples at leading order: what a data set adds to the terms of one pass.

Formula: with x = gamma t, while 1 << x << min(M, N)^a: F_0, F_pp and F_ac of one pass without its feedback, and
    noise = (sigma2/N) sum_j (1 - exp(-x j^-a))^2 ~ sigma2 Gamma(1 - 1/a)(2 - 2^{1/a}) x^{1/a}/N,
    F_N = (1/N) sum_j h_j/lambda_j^2 sum_l lambda_l^2 exp(-2 x lambda_l), of an order of its own where b > 2 a + 1;
beyond M^a, with M <= N, F_0 and sigma2 M/N are left, and beyond N^a, with N <= M, of a run without label noise what the
ridgeless fit leaves: F_0, N^-min(b - 1, 2 a), and for b > a + 1 the sketch's F_ac where it stood at N^a.
Valid: a > 1, b > 1, full batch at constant step size. Source: D57.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import NoReturn

import sympy
from sympy import Expr, Integer, Lambda, exp

from riskcalc.asymptotic.expansion import expand
from riskcalc.asymptotic.power_term import PowerTerm, monomial, times
from riskcalc.asymptotic.regime import Regime, StableSteps
from riskcalc.asymptotic.shape import constant
from riskcalc.asymptotic.term_table import term_table
from riskcalc.errors import InvalidInput
from riskcalc.formula import SpectralSum, letters as L

_X = sympy.Symbol("x", positive=True)
_TAU = sympy.Symbol("tau", positive=True)
_SOURCE = "D57"
_CONSTANTS = "when a law begins to hold is derived for one pass alone, not for a data set that is seen many times"


def fitted_noise(a: Expr) -> PowerTerm:
    """What of the label noise is fitted within the window; (1 - e^-x)^2 = 2 (1 - e^-x) - (1 - e^-2x)."""
    once, twice = (
        expand(SpectralSum(Lambda(_X, 1 - exp(-rate * _X)), Integer(0), -a, _TAU), towards="oo", terms=1).terms
        for rate in (1, 2)
    )
    (first,), (second,) = ([term for term in found if term.power == 1 / a] for found in (once, twice))
    return PowerTerm(
        name="noise",
        meaning="label noise that has been fitted",
        exponents=times(monomial(sigma2=1, N=-1), monomial(gamma=1 / a, t=1 / a)),
        constant=sympy.simplify(2 * first.constants[-1] - second.constants[-1]),
        source=_SOURCE,
    )


def best_clock(a: Expr, b: Expr) -> Expr:
    """gamma t where the bias F_pp and the fitted noise together are least, D57.2, in N and sigma2."""
    (learnt,) = (term for term in term_table(a, b, shape=constant()) if term.name == "F_pp")
    # of the slopes at x = N = sigma2 = 1
    ratio = -learnt.exponent("t") * a * learnt.constant / fitted_noise(a).constant
    return (ratio * L.N / L.sigma2) ** (1 / (1 / a - learnt.exponent("t")))


def stirred_signal(a: Expr, b: Expr) -> PowerTerm:
    """What directions not yet learnt stir up of an easy signal, by the samples' own covariances."""
    power = 2 - 1 / a
    return PowerTerm(
        name="F_N",
        meaning="learnt signal that few samples mix with what is not yet learnt",
        exponents=times(monomial(N=-1), monomial(gamma=-power, t=-power)),
        constant=sympy.zeta(b - 2 * a) * sympy.gamma(power) * 2**-power / a,
        holds=sympy.Gt(b, 2 * a + 1),
        source=_SOURCE,
    )


def kept_distortion(a: Expr, b: Expr) -> PowerTerm:
    """What the sketch distorts of an easy signal once all samples are fitted: F_ac falls no further."""
    return PowerTerm(
        name="F_ac",
        meaning="distortion by the sketch that the samples leave as it is",
        exponents=monomial(M=-1, N=1 - a),
        constant=sympy.zeta(b - a) * (sympy.pi / (a * sympy.sin(sympy.pi / a))) ** a,
        holds=sympy.Gt(b, a + 1),
        source=_SOURCE,
    )


@dataclass(frozen=True)
class ReusedTerms:
    """Full batch at constant step size."""

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
        return (a - 1, b - 1)

    def regimes(self, a: Expr, b: Expr, *, slow: bool, noise: bool) -> tuple[Regime, ...]:
        """The window, and what lies beyond it."""
        own = [dataclasses.replace(term, feedback=0) for term in term_table(a, b, shape=constant())]
        kept = (*(term for term in own if term.name in ("F_0", "F_pp", "F_ac")), stirred_signal(a, b))
        floor = tuple(term for term in kept if term.name == "F_0")
        of_model, of_samples = monomial(gamma=1, t=1, M=-a), monomial(gamma=1, t=1, N=-a)
        window = {
            "gamma t >= 1": monomial(gamma=-1, t=-1),
            "gamma t <= M^a": of_model,
            "gamma t <= N^a": of_samples,
        }
        if noise:
            whole = _order("noise", "label noise fitted by every feature", monomial(sigma2=1, M=1, N=-1))
            late = {"gamma t >= M^a": _inverse(of_model), "M <= N": monomial(M=1, N=-1)}
            return (
                Regime(terms=(*kept, fitted_noise(a)), limits=window),
                Regime(terms=(*floor, whole), limits=late, late=True),
            )
        meaning = "what too few samples leave of the signal"
        ends = (
            dataclasses.replace(_order("F_N", meaning, monomial(N=1 - b)), holds=sympy.Lt(b, 2 * a + 1)),
            dataclasses.replace(_order("F_N", meaning, monomial(N=-2 * a)), holds=sympy.Gt(b, 2 * a + 1)),
        )
        late = {"gamma t >= N^a": _inverse(of_samples), "N <= M": monomial(N=1, M=-1)}
        left = (*floor, kept_distortion(a, b), *ends)
        return Regime(terms=kept, limits=window), Regime(terms=left, limits=late, late=True)

    def stable(self, a: Expr, *, slow: bool) -> StableSteps:
        """gamma z_max < 2."""
        return StableSteps(limits={"gamma <= 1": monomial(gamma=1)}, largest=Integer(0))

    def check_at(self, a: Fraction, b: Fraction) -> None:
        if a <= 1 or b <= 1:
            raise InvalidInput(f"the exponents of a data set are derived for a > 1 and b > 1, not a = {a}, b = {b}")

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


def _inverse(exponents: dict[str, Expr]) -> dict[str, Expr]:
    return {name: -power for name, power in exponents.items()}


def _order(name: str, meaning: str, exponents: dict[str, Expr]) -> PowerTerm:
    return PowerTerm(name=name, meaning=meaning, exponents=exponents, constant=None, source=_SOURCE)
