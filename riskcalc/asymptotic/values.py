"""Numbers for the terms of the table: constants with rho and their defining integrals evaluated, powers in logs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
import sympy
from sympy import Expr, Integral

from riskcalc.asymptotic.power_term import PowerTerm
from riskcalc.asymptotic.term_table import RATIO
from riskcalc.errors import ToleranceNotMet
from riskcalc.formula import evaluate, letters as L
from riskcalc.formula.letters import rho
from riskcalc.formula.on_mpmath import on_mpmath
from riskcalc.numeric.mpmath_context import mp
from riskcalc.numeric.mpmath_field import Mpmath
from riskcalc.quantity import Real

_DIGITS = 20


@lru_cache(maxsize=256)
def floor_constant_value(a: float, ratio: float) -> float:
    """rho with int_0^ratio dx/(1 + rho x^a) = 1, for a finite ratio v/M > 1.

    Formula: the integral is ratio 2F1(1, 1/a; 1 + 1/a; -rho ratio^a), decreasing in rho.
    Source: derivation D13.

    >>> abs(floor_constant_value(2.0, 1e6) / (math.pi**2 / 4) - 1) < 1e-5
    True
    """
    with Mpmath().working(_DIGITS):
        surplus = _surplus(mp.mpf(a), mp.mpf(ratio))
        low, high = -1.0, 1.0
        while surplus(low) < 0:
            low *= 2
        while surplus(high) > 0:
            high *= 2
        return float(mp.exp(mp.findroot(surplus, (low, high), solver="anderson", tol=1e-16)))


def _surplus(a: Any, ratio: Any) -> Callable[[Any], Any]:
    """log of int_0^ratio dx/(1 + rho x^a) as a function of log rho, at the working precision."""

    def surplus(log_rho: Any) -> Any:
        return mp.log(ratio * mp.hyp2f1(1, 1 / a, 1 + 1 / a, -mp.exp(log_rho) * ratio**a))

    return surplus


def constant_value(term: PowerTerm, *, a: float, ratio: float | None) -> float:
    """The constant of a term; ratio: v/M, None for an infinite dimension."""
    known: dict[Any, float] = {}
    if ratio is not None and {rho, RATIO} & term.constant.free_symbols:
        known = {RATIO: ratio, rho: floor_constant_value(a, ratio)}
    return _number(term.constant, known)


def symbolic_value(constant: Expr, *, a: Fraction, b: Fraction, ratio: float | None) -> float:
    """A constant of the symbolic table at exact exponents; nan or infinite at a pole."""
    known: dict[Any, Any] = {L.a: a, L.b: b}
    if ratio is not None:
        known |= {RATIO: ratio, rho: floor_constant_value(float(a), ratio)}
    return _number(constant, known)


def precise_constant(term: PowerTerm, *, a: Any, ratio: Any, digits: int) -> Any:
    """The same as an mpmath number of about so many digits; call it at that working precision."""
    known: dict[Any, Any] = {}
    if ratio is not None and {rho, RATIO} & term.constant.free_symbols:
        known = {RATIO: ratio, rho: _precise_floor_constant(a, ratio)}
    return _value(term.constant, known, digits)


def _precise_floor_constant(a: Any, ratio: Any) -> Any:
    """rho by the secant method from its float, at the working precision."""
    surplus = _surplus(a, ratio)
    start = math.log(floor_constant_value(float(a), float(ratio)))
    # what is left, squared, is held against tol
    tolerance = mp.mpf(10) ** (10 - 2 * mp.dps)
    return mp.exp(mp.findroot(surplus, (start, start + 1e-12), solver="secant", tol=tolerance))


def term_values(term: PowerTerm, constant: float, letters: Mapping[str, float], steps: Real) -> Real:
    """The term at each step; letters: values of M, gamma, B and sigma2."""
    constant *= math.prod(math.log(letters[name]) ** power for name, power in term.logs.items() if name != "t")
    size = sum(float(exponent) * math.log(letters[name]) for name, exponent in term.exponents.items() if name != "t")
    log_steps = np.log(steps)
    values = constant * np.exp(size + float(term.exponent("t")) * log_steps)
    return np.asarray(values * log_steps ** term.logs.get("t", 0))


def _number(expression: Expr, known: Mapping[Any, float]) -> float:
    """The value of an expression, integrals included."""
    return float(_value(expression, known, _DIGITS))


def _value(expression: Expr, known: Mapping[Any, Any], digits: int) -> Any:
    integrals = {node: sympy.Dummy() for node in expression.atoms(Integral)}
    values = dict(known) | {name: _quadrature(node, known, digits) for node, name in integrals.items()}
    with Mpmath().working(digits):
        return mp.re(mp.mpmathify(evaluate(expression.xreplace(integrals), values, digits)))


def _quadrature(node: Integral, known: Mapping[Any, Any], digits: int) -> Any:
    """int_0^end f(x) dx with x = end exp(-s), so that a power at 0 is harmless."""
    ((letter, _, end),) = node.limits
    function = on_mpmath([letter, *known], node.function)
    with Mpmath().working(digits):
        stop = _value(end, known, digits)

        def integrand(s: Any) -> Any:
            x = stop * mp.exp(-s)
            return function(x, *known.values()) * x

        value, error = mp.quad(integrand, [0, 1, 4, 16, 64, mp.inf], error=True)
    if not error <= mp.mpf(10) ** (-0.6 * digits) * abs(value):
        raise ToleranceNotMet(f"the integral {node} came out with an error of {mp.nstr(error, 2)}")
    return mp.re(value)
