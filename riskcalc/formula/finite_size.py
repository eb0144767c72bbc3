"""What a sketch of finite size adds: means of resolvents, and the floor's shift and spread, exact and for large M."""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Expr, Symbol

from riskcalc.formula import letters as L
from riskcalc.formula.dispersion import approximation, companion, d2
from riskcalc.formula.spectral_sum import resolvent_sum


def _slope(u: Any) -> Expr:
    """1 - d2/M = -dz/du."""
    return 1 - d2(u) / L.M


def _bent(u: Any) -> Expr:
    """sum lambda^2/(lambda + u)^3 over M (1 - d2/M): u'' in terms of u'."""
    return resolvent_sum(2 * L.a, 3, L.a, u, L.v) / (L.M * _slope(u))


def _twice(u: Any) -> Expr:
    """sum h lambda/(lambda + u)^2, h = lambda w^2."""
    return resolvent_sum(L.a + L.b, 2, L.a, u, L.v)


def trace_shift(u: Any = L.u) -> Expr:
    """What the mean of tr (K - z)^-1 over sketches owes the equivalent, of order 1.

    Source: derivation D50.
    """
    return _bent(u) / _slope(u)


def signal_shift(u: Any = L.u) -> Expr:
    """What the mean of Phi over sketches owes the equivalent, of order 1/M.

    Source: derivation D50.
    """
    return _moved(u) / companion(u)


def _moved(u: Any) -> Expr:
    thrice = resolvent_sum(2 * L.a + L.b, 3, L.a, u, L.v)
    return (thrice - _twice(u) * u * _bent(u)) / (L.M * _slope(u))


def floor_shift(u0: Any = L.u0) -> Expr:
    """What the average over sketches adds to the approximation error, of relative order 1/M.

    Source: derivation D50.
    """
    return u0 * _moved(u0)


def floor_spread(u0: Any = L.u0) -> Expr:
    """Standard deviation of the approximation error of one sketch, of relative order 1/sqrt(M); fixed target.

    Source: derivation D51.
    """
    return u0 * _twice(u0) * sympy.sqrt(2 / (L.M * _slope(u0)))


def relative_floor_shift() -> Expr:
    """Shift of the approximation error at order 1/M, over that error, for large M: b (b-1)/(2 a M), or (a+1)/(2M).

    Valid: infinite dimension, a > 1, b > 1, b != a + 1 (there logarithms of M remain). Source: derivation D50.
    """
    return _at_large_size(floor_shift())


def relative_floor_spread() -> Expr:
    """Scatter of the approximation error of one sketch, over it, for large M: (b-1) sqrt(2/(a M)), or sqrt(2a/M).

    Valid: infinite dimension, a > 1, b > 1, b != a + 1 (there logarithms of M remain). Source: derivation D51.
    """
    return _at_large_size(floor_spread())


def _at_large_size(expression: Expr) -> Expr:
    """An expression at the floor over the approximation, where sums are powers of u0: d1 = M, sig ~ u0^(s-1).

    Every sum of the theory is made of d1, the signal sum and their derivatives:
    1/(lambda + u)^(n+1) = (-1)^n/n! d^n/du^n 1/(lambda + u), and lambda = (lambda + u) - u above it.
    """
    rate = sympy.Min((L.b - 1) / L.a, 1)
    place = Symbol("place", positive=True)  # u over u0
    modes, signal = L.M * place ** (-1 / L.a), place ** (rate - 1)

    def of(power: int, order: int, base: Expr, low: int) -> Expr:
        """sum weight lambda^power/(lambda + u)^order, where base has weight lambda^low/(lambda + u); at u = u0."""
        found = sympy.Integer(0)
        for k in range(power - low + 1):
            sign = sympy.binomial(power - low, k) * (-1) ** k
            deep = order - 1 - (power - low - k)  # derivatives of the base
            slope = sympy.diff(base, place, deep) if deep else base
            found += sign * (-1) ** deep / sympy.factorial(deep) * slope
        return sympy.simplify(found.subs(place, 1))

    known = {
        d2(L.u0): of(2, 2, modes, 1),
        resolvent_sum(2 * L.a, 3, L.a, L.u0, L.v): of(2, 3, modes, 1) / L.u0,
        _twice(L.u0): of(1, 2, signal, 0),
        resolvent_sum(2 * L.a + L.b, 3, L.a, L.u0, L.v): of(2, 3, signal, 0),
        resolvent_sum(L.b, 1, L.a, L.u0, L.v): sympy.Integer(1),
    }
    return sympy.simplify((expression / approximation(L.u0)).xreplace(known))
