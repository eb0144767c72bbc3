"""DANA's terms: decay by a Bessel function of the clock, for spectra j^-a and signals j^-b.

Formula: with 1 - mu_t ~ D0/t and delta_t = c t^-k, slow modes fall as f(tau l), tau = 4 c t^(2-k)/(2-k)^2 and
f(x) = Gamma(nu+1)^2 (4/x)^nu J_nu(sqrt x)^2, nu = (D0 + k - 1)/(2 - k). In place of Gamma(s), the Mellin transform of
exp(-x), the terms have f*(s) = 4^s Gamma(nu+1)^2 Gamma(s) Gamma(2nu+1-2s)/(Gamma(nu+1-s)^2 Gamma(2nu+1-s)).
With decay 0, delta stands for its multiple of 1/M: tau = delta t^2/M.
Valid: infinite dimension, a > 1, 0 <= k < 1, and 0 < s < nu + 1/2 for every s that is used: a condition on the memory.
Source: D42.
"""

from __future__ import annotations

from fractions import Fraction

from sympy import Expr, Integer, Rational, gamma, zeta

from riskcalc.asymptotic.floor import approximation_terms
from riskcalc.asymptotic.power_term import PowerTerm, monomial
from riskcalc.errors import InvalidInput
from riskcalc.optimiser import Dana
from riskcalc.quantity import exact, plain


def decay_transform(s: Expr, *, decay: Expr, memory: Expr) -> Expr:
    """f*(s)."""
    nu = (memory + decay - 1) / (2 - decay)
    below = gamma(nu + 1 - s) ** 2 * gamma(2 * nu + 1 - s)
    return 4**s * gamma(nu + 1) ** 2 * gamma(s) * gamma(2 * nu + 1 - 2 * s) / below


def clock(optimiser: Dana) -> dict[str, Expr]:
    """The exponents of t and M in tau."""
    decay = _rational(optimiser.decay, "decay")
    return monomial(t=2 - decay, M=-1 if decay == 0 else 0)


def accelerated_terms(a: Fraction, b: Fraction, optimiser: Dana) -> tuple[PowerTerm, ...]:
    """F_0, F_pp, F_ac and K_pp at exact exponents, constants without their renewal prefactors."""
    power, signal = Rational(a), Rational(b)
    _check_memory(a, b, optimiser)
    decay, memory = (_rational(getattr(optimiser, name), name) for name in ("decay", "memory"))
    rate = 4 * _rational(optimiser.delta, "delta") / (2 - decay) ** 2

    def term(name: str, meaning: str, s: Expr, factor: Expr | None, size: Expr) -> PowerTerm:
        moved = {letter: -s * exponent for letter, exponent in clock(optimiser).items()}
        constant = None if factor is None else factor * decay_transform(s, decay=decay, memory=memory) * rate**-s
        return PowerTerm(
            name=name,
            meaning=meaning,
            exponents=monomial(t=moved["t"], M=moved.get("M", Integer(0)) + size),
            constant=constant,
            source="D42",
        )

    found = [*approximation_terms(power, signal)]
    share = (signal - 1) / power
    found.append(term("F_pp", "bias of modes not yet learnt, accelerated", share, 1 / power, Integer(0)))
    if b > a + 1:
        distorted, words = zeta(signal - power) / power, "bias by the distortion of the sketch, accelerated"
        found.append(term("F_ac", words, 1 - 1 / power, distorted, Integer(-1)))
    found.append(term("K_pp", "noise from the early bias, accelerated", 2 - 1 / power, None, Integer(0)))
    return tuple(found)


def slow_feedback(q: float, *, a: float, optimiser: Dana, step_size: float, batch_size: int = 1) -> float:
    """kappa_s(q), what the memory adds to the feedback on a term ~ t^-q: 1/(1 - kappa_SGD - kappa_s(q)) multiplies it.

    Valid: decay 1/a; q below memory + 1 - 1/(2 a).
    """
    from scipy.special import beta, gamma as gamma_function

    rate, memory = float(optimiser.delta), float(optimiser.memory)
    scale = rate / (2 * batch_size) * gamma_function(1 - 1 / a) / a * step_size ** -(1 - 1 / a)
    return float(scale * beta(memory - 1 / (2 * a) - q + 1, 1 / a))


def _check_memory(a: Fraction, b: Fraction, optimiser: Dana) -> None:
    decay, memory = exact(optimiser.decay, "decay"), exact(optimiser.memory, "memory")
    if a <= 1:
        raise InvalidInput(f"a = {a} is not above 1: acceleration would begin only when the model has learnt it all")
    if decay >= 1:
        raise InvalidInput(f"the decay {decay} is not below 1: the step along the memory dies before it accelerates")
    if 0 < decay < 1 / a:
        raise InvalidInput(
            f"the decay {decay} is below 1/a = {1 / a}: the feedback of the memory grows with the run until it is "
            f"unstable; use a decay of {1 / a} or more, or 0 with delta ~ 1/M"
        )
    largest = max((b - 1) / a, 2 - 1 / a)
    needed = (2 - decay) * largest - decay / 2
    if memory <= needed:
        raise InvalidInput(
            f"the memory {plain(memory)} is too short: above {plain(needed)} is needed at a = {a}, b = {b}, or modes "
            "ring longer than the risk falls"
        )


def _rational(value: object, name: str) -> Rational:
    read = exact(value, name)  # type: ignore[arg-type]
    return Rational(read.numerator, read.denominator)
