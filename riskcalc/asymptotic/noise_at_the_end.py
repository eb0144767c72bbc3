"""The noise that a decaying schedule leaves at its end, with the feedback of the steps that made it."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import sympy

from riskcalc.asymptotic.feedback import kernel_mass
from riskcalc.asymptotic.shape import Shape
from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.formula.on_mpmath import on_mpmath
from riskcalc.numeric.mpmath_context import mp
from riskcalc.numeric.mpmath_field import Mpmath

_DIGITS = 100  # a profile and its integral cancel near the end of the schedule
_FAR = 60  # s = log(end/r) beyond which the profile is its leading power
_ACCURACY = 1e-9
_STAGES = 200  # of a geometric schedule, the last of which feed nothing back
_SMALL = 1e-12  # a step size that feeds nothing back
_X = sympy.Symbol("x", positive=True)


@cache
def noise_constant(shape: Shape, a: Fraction, *, step_size: float, batch_size: int, dimension: int | None) -> float:
    """The constant of the label noise at the end of a schedule, where the whole of it decides.

    Formula: (Gamma(2 - 1/a)/a) 2^-(2 - 1/a) int_0^1 phi^2 (int_0^r phi)^-(2 - 1/a)/(1 - kappa(gamma phi)) dr, which
    is that of the term table but for kappa.
    Valid: a < end_power + 1, shapes with a profile that ends at zero. For larger a the noise is decided where the step
    size, and kappa with it, vanishes, and the table's constant stands.
    Source: derivation D17.
    """
    if shape.profile is None or not 0 < shape.end_power > a - 1:
        raise InvalidInput(f"the end of the schedule {shape.name!r} decides its noise at a = {a}: use the term table")

    def amplified(phi: Any) -> float:
        if phi < 1e-200:
            return 1.0
        sizes = np.array([step_size * float(phi)])
        return 1 / (1 - float(kernel_mass(a, sizes, batch_size=batch_size, dimension=dimension)[0]))

    power = 2 - 1 / float(a)
    return math.gamma(power) / float(a) * 2**-power * _weighted(shape, shape.profile, a, amplified)


def amplification(shape: Shape, a: Fraction, *, step_size: float, batch_size: int) -> float:
    """How much larger the feedback of the steps makes the noise at the end, while gamma t is well below M^a.

    Formula: the ratio of `noise_constant` to that without kappa; in the geometric schedule that of
        sum_l 2^(-l/a)/(1 - kappa(gamma 2^-l)) to sum_l 2^(-l/a), over its stages.
    Valid: infinite dimension, a > 1. Where the vanishing end of the schedule decides it is 1.
    Source: derivation D47.
    """
    if shape.effective_steps:
        stages = np.arange(_STAGES, dtype=np.float64)
        weights = np.exp2(-stages / float(a))
        kappa = kernel_mass(a, np.asarray(step_size * np.exp2(-stages)), batch_size=batch_size, dimension=None)
        return float((weights / (1 - kappa)).sum() / weights.sum())
    if shape.profile is None or not 0 < shape.end_power > a - 1:
        return 1.0
    fed, bare = (
        noise_constant(shape, a, step_size=size, batch_size=batch_size, dimension=None) for size in (step_size, _SMALL)
    )
    return fed / bare


def precise_noise_constant(
    shape: Shape, a: Fraction, *, step_size: Any, mass: Callable[[Any], Any], digits: int
) -> Any:
    """The same as an mpmath number of about so many digits; mass: kappa as a function of the step size.

    The integral is cut at s = log(end/r) where what is left is below the digits, and taken by the tanh-sinh rule piece
    by piece, with as many more digits as the profile and its integral lose near the end.
    """
    if shape.profile is None or not 0 < shape.end_power > a - 1:
        raise InvalidInput(f"the end of the schedule {shape.name!r} decides its noise at a = {a}: use the term table")
    r, end_power = shape.remaining, mp.mpf(int(shape.end_power.p)) / int(shape.end_power.q)
    spent = sympy.integrate(shape.profile.subs(r, _X), (_X, 0, r))
    phi, elapsed = (on_mpmath([r], formula) for formula in (shape.profile, spent))
    inverse = mp.mpf(a.denominator) / a.numerator
    far = (digits + 5) * mp.log(10) / ((end_power + 1) * inverse - 1)
    lost = math.ceil(float(far) * (float(end_power) + 1) / math.log(10)) + 10

    def integrand(x: Any) -> Any:
        with Mpmath().working(digits + lost):
            here, before = phi(x), elapsed(x)
        size = step_size * here
        feedback = mass(size) if size > mp.mpf(10) ** -(digits + 5) else 0
        return here**2 * before ** (inverse - 2) / (1 - feedback)

    with Mpmath().working(digits):
        first, *rest = _cuts(shape)
        places, edge = [mp.mpf(0)], mp.mpf(1)
        while edge < far:
            places.append(edge)
            edge *= 3
        total = mp.quad(lambda s: first * mp.exp(-s) * integrand(first * mp.exp(-s)), [*places, far])
        if rest:
            total += mp.quad(integrand, [first, *rest])
        return mp.gamma(2 - inverse) * inverse * mp.mpf(2) ** (inverse - 2) * total


def _weighted(shape: Shape, profile: sympy.Expr, a: Fraction, factor: Any) -> float:
    """int_0^1 w(r) factor(phi(r)) dr, piece by piece in s = log(end/r)."""
    r = shape.remaining
    spent = sympy.integrate(profile.subs(r, _X), (_X, 0, r))
    phi, elapsed = (on_mpmath([r], formula) for formula in (profile, spent))
    with Mpmath().working(_DIGITS):
        power = 2 - mp.mpf(a.denominator) / a.numerator

        def integrand(x: Any) -> Any:
            return phi(x) ** 2 * elapsed(x) ** -power * factor(phi(x))

        first, *rest = _cuts(shape)
        end = first * mp.exp(-_FAR)
        # w ~ r^((p + 1)/a - 2) there
        total = float(end * integrand(end) / ((shape.end_power + 1) / mp.mpf(a.numerator) * a.denominator - 1))
        steps = (0, 1, 3, 8, 20, _FAR)
        pieces = [
            _quadrature(lambda s: first * mp.exp(-s) * integrand(first * mp.exp(-s)), low, high)
            for low, high in pairwise(steps)
        ]
        pieces += [_quadrature(integrand, low, high) for low, high in pairwise([first, *rest])]
    return total + sum(pieces)


def _quadrature(function: Any, low: Any, high: Any) -> float:
    """Gauss-Legendre on panels, doubled until two agree; the ends rounded off where they keep it from that."""
    found, change = _doubled(function, low, high)
    if change > _ACCURACY * abs(found):  # a root at an end of the piece, as at the start of a 1-sqrt decay
        width = high - low
        found, change = _doubled(lambda t: 6 * t * (1 - t) * width * function(low + width * t**2 * (3 - 2 * t)), 0, 1)
    if change > _ACCURACY * abs(found):
        raise ToleranceNotMet(f"the noise at the end of the schedule is known to {change / abs(found):.1g} only")
    return found


def _doubled(function: Any, low: Any, high: Any) -> tuple[float, float]:
    """The integral, and how far the last doubling has moved it."""
    coarse = change = math.inf
    for panels in (1, 2, 4, 8, 16):
        edges = [low + (high - low) * mp.mpf(k) / panels for k in range(panels + 1)]
        fine = sum(
            float((right - left) * weight * function(left + (right - left) * mp.mpf(node)))
            for left, right in pairwise(edges)
            for node, weight in zip(*_legendre(), strict=True)
        )
        coarse, change = fine, abs(fine - coarse)
        if change <= _ACCURACY * abs(fine):
            break
    return coarse, change


@cache
def _legendre() -> tuple[list[float], list[float]]:
    nodes, weights = np.polynomial.legendre.leggauss(20)
    return ((nodes + 1) / 2).tolist(), (weights / 2).tolist()


def _cuts(shape: Shape) -> list[Any]:
    """Where the pieces of the profile meet, from the end of the schedule on, and 1."""
    return [mp.mpf(place.p) / place.q for place in (*shape.kinks, sympy.S.One)]
