"""DANA's terms: decay by a Bessel function of the clock, for spectra j^-a and signals j^-b.

Formula: with 1 - mu_t ~ D0/t and delta_t = c t^-k, slow modes fall as f(tau l), tau = 4 c t^(2-k)/(2-k)^2 and
f(x) = Gamma(nu+1)^2 (4/x)^nu J_nu(sqrt x)^2, nu = (D0 + k - 1)/(2 - k). In place of Gamma(s), the Mellin transform of
exp(-x), the terms have f*(s) = 4^s Gamma(nu+1)^2 Gamma(s) Gamma(2nu+1-2s)/(Gamma(nu+1-s)^2 Gamma(2nu+1-s)).
With decay 0, delta stands for its multiple of 1/M: tau = delta t^2/M.
Valid: infinite dimension, a > 1, 0 <= k < 1, and 0 < s < nu + 1/2 for every s that is used: a condition on the memory.
Source: D42.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy
from sympy import Expr, Integer, Rational, gamma, zeta

from riskcalc.asymptotic.floor import approximation_terms
from riskcalc.asymptotic.power_term import PowerTerm, monomial
from riskcalc.errors import InvalidInput
from riskcalc.optimiser import Dana, DanaDecaying
from riskcalc.quantity import exact, plain


@dataclass(frozen=True, kw_only=True)
class Acceleration:
    """DANA's parameters as exact numbers, or functions of a."""

    delta: Expr
    decay: Expr
    memory: Expr

    @classmethod
    def of(cls, optimiser: Dana | DanaDecaying, a: Expr) -> Acceleration:
        """On a spectrum j^-a."""
        decay = 1 / a if isinstance(optimiser, DanaDecaying) else _rational(optimiser.decay, "decay")
        return cls(
            delta=_rational(optimiser.delta, "delta"), decay=decay, memory=_rational(optimiser.memory, "memory")
        )

    @property
    def clock(self) -> dict[str, Expr]:
        """The exponents of t and M in tau."""
        return monomial(t=2 - self.decay, M=-1 if self.decay == 0 else 0)

    @property
    def rate(self) -> Expr:
        """tau over its monomial."""
        return 4 * self.delta / (2 - self.decay) ** 2

    def transform(self, s: Expr) -> Expr:
        """f*(s)."""
        nu = (self.memory + self.decay - 1) / (2 - self.decay)
        below = gamma(nu + 1 - s) ** 2 * gamma(2 * nu + 1 - s)
        return 4**s * gamma(nu + 1) ** 2 * gamma(s) * gamma(2 * nu + 1 - 2 * s) / below

    def spare_memory(self, a: Expr, b: Expr) -> tuple[Expr, Expr]:
        """By how much the memory exceeds what the bias needs, and what the noise it makes needs: nu + 1/2 - s."""
        longest = ((b - 1) / a, 2 - 1 / a)
        spare = (self.memory + self.decay / 2 - (2 - self.decay) * s for s in longest)
        first, second = spare
        return first, second


def accelerated_terms(a: Expr, b: Expr, dana: Acceleration) -> tuple[PowerTerm, ...]:
    """F_0, F_pp, F_ac and K_pp, with numbers or symbols for a and b; constants without their renewal prefactors."""

    def term(name: str, meaning: str, s: Expr, factor: Expr | None, size: Expr, **more: Any) -> PowerTerm:
        moved = {letter: -s * exponent for letter, exponent in dana.clock.items()}
        return PowerTerm(
            name=name,
            meaning=meaning,
            exponents=monomial(t=moved["t"], M=moved.get("M", Integer(0)) + size),
            constant=None if factor is None else factor * dana.transform(s) * dana.rate**-s,
            source="D42",
            **more,
        )

    distorted = "bias by the distortion of the sketch, accelerated"
    weight, near = zeta(b - a) / a, {"holds": sympy.Gt(b - a - 1, 0)}
    if b - a == 1:  # two poles in one: log(tau)/a, of which with decay 0 the order alone is a power of log t
        weight, near = None if dana.decay == 0 else (2 - dana.decay) / a**2, {"logs": {"t": 1}}
    return (
        *approximation_terms(a, b),
        term("F_pp", "bias of modes not yet learnt, accelerated", (b - 1) / a, 1 / a, Integer(0)),
        term("F_ac", distorted, 1 - 1 / a, weight, Integer(-1), **near),
        term("K_pp", "noise from the early bias, accelerated", 2 - 1 / a, None, Integer(0)),
    )


def slow_feedback(q: float, *, a: float, optimiser: Dana, step_size: float, batch_size: int = 1) -> float:
    """kappa_s(q), what the memory adds to the feedback on a term ~ t^-q: 1/(1 - kappa_SGD - kappa_s(q)) multiplies it.

    Valid: decay 1/a; q below memory + 1 - 1/(2 a).
    """
    from scipy.special import beta, gamma as gamma_function

    rate, memory = float(optimiser.delta), float(optimiser.memory)
    scale = rate / (2 * batch_size) * gamma_function(1 - 1 / a) / a * step_size ** -(1 - 1 / a)
    return float(scale * beta(memory - 1 / (2 * a) - q + 1, 1 / a))


def check_accelerated(a: Fraction, b: Fraction, optimiser: Dana | DanaDecaying) -> None:
    """Refuse exponents at which no acceleration is derived for this method."""
    if a <= 1:
        raise InvalidInput(f"a = {a} is not above 1: acceleration would begin only when the model has learnt it all")
    dana = Acceleration.of(optimiser, Rational(a.numerator, a.denominator))
    check_decay(dana)
    if 0 < dana.decay < 1 / a:
        raise InvalidInput(
            f"the decay {dana.decay} is below 1/a = {1 / a}: the feedback of the memory grows with the run until it is "
            f"unstable; use a decay of {1 / a} or more, or 0 with delta ~ 1/M"
        )
    least = min(dana.spare_memory(Rational(a.numerator, a.denominator), Rational(b.numerator, b.denominator)))
    if least <= 0:
        raise InvalidInput(
            f"the memory {plain(optimiser.memory)} is too short: above {dana.memory - least} is needed at a = {a}, "
            f"b = {b}, or modes ring longer than the risk falls"
        )


def check_decay(dana: Acceleration) -> None:
    """Refuse what accelerates nowhere."""
    if dana.decay.is_number and dana.decay >= 1:
        raise InvalidInput(
            f"the decay {dana.decay} is not below 1: the step along the memory dies before it accelerates"
        )


def _rational(value: object, name: str) -> Rational:
    read = exact(value, name)  # type: ignore[arg-type]
    return Rational(read.numerator, read.denominator)
