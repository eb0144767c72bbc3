"""The exponents a and b of a kernel and a target, derived from where and how each of them is not smooth."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.kernel.arc_cosine import ArcCosine
from riskcalc.kernel.expansion import Target, boundary_terms
from riskcalc.kernel.kernel import Kernel
from riskcalc.kernel.piecewise import PiecewisePolynomial
from riskcalc.kernel.trigonometric import Trigonometric
from riskcalc.kernel.zonal import Zonal
from riskcalc.problem import PowerLaw, PowerLawSignal, Problem
from riskcalc.quantity import number

_LONGEST_PERIOD = 200_000
_ZERO = 1e-24  # of squared boundary terms, relative to the squared jumps: rounding


@dataclass(frozen=True, kw_only=True)
class Decay:
    """lambda_j ~ j^-a, and signal power c_j^2 ~ j^-b: on average over neighbouring j, and over equal eigenvalues.

    derivative: the order of the lowest derivative of the target whose jumps the eigenfunctions see.
    """

    a: Fraction
    b: Fraction
    derivative: int


def decay(kernel: Kernel, target: Target) -> Decay:
    """The exponents, exactly.

    Formula: sines and cosines: b = 2 (m + 1) with m the lowest order whose boundary terms do not all vanish.
        Arc-cosine kernel, zonal target: b = 1 + (2m + 1)/(d - 1), m the lowest order with a jump strictly between the
        poles in the part of the profile that has the parity of the kernel's degrees.
    Valid: PiecewisePolynomial or Zonal(PiecewisePolynomial) targets, kernels with a power law.
    Source: D33.

    >>> from riskcalc.kernel import Brownian
    >>> decay(Brownian(), PiecewisePolynomial.monomial(1)).b
    Fraction(4, 1)
    """
    a = kernel.a
    if isinstance(kernel, Trigonometric) and isinstance(target, PiecewisePolynomial):
        order, _ = _leading(kernel, target)
        return Decay(a=a, b=Fraction(2 * (order + 1)), derivative=order)
    if isinstance(kernel, ArcCosine) and isinstance(target, Zonal):
        if isinstance(target.profile, PiecewisePolynomial):
            order = _leading_jump(target.profile, kernel.parity)
            return Decay(a=a, b=1 + Fraction(2 * order + 1, kernel.d - 1), derivative=order)
        target = target.profile
    raise InvalidInput(
        "the smoothness of a target given as code is not known, so its exponent b cannot be derived: give a "
        "PiecewisePolynomial, on a sphere as Zonal(PiecewisePolynomial(...))"
    )


def power_law(kernel: Kernel, target: Target, *, dimension: int | None = None, noise: object = 0) -> Problem:
    """The power-law problem with the leading constants of kernel and target.

    Formula: lambda_j ~ amplitude (pi j)^-a; c_j^2 ~ C (pi j)^-b with C the mean square of the leading boundary terms
        over their period in j.
    Valid: kernels of sines and cosines, PiecewisePolynomial targets.
    Source: D33.
    """
    found = decay(kernel, target)
    if not (isinstance(kernel, Trigonometric) and isinstance(target, PiecewisePolynomial)):
        raise InvalidInput(
            "leading constants are derived for kernels of sines and cosines only; the exponents are "
            "kernel.decay(target)"
        )
    _, square = _leading(kernel, target)
    return Problem(
        spectrum=PowerLaw(a=found.a, dimension=dimension, scale=kernel.amplitude * math.pi ** -float(found.a)),
        signal=PowerLawSignal(b=found.b, scale=square * math.pi ** -float(found.b)),
        noise=number(noise, "noise"),
    )


def _leading(kernel: Trigonometric, target: PiecewisePolynomial) -> tuple[int, float]:
    """The lowest order whose boundary terms do not vanish for all j, and their mean square."""
    period = 2 * math.lcm(*(end.denominator for end in target.ends))
    if period > _LONGEST_PERIOD:
        raise InvalidInput(
            f"the ends of the target have the common denominator {period // 2}: use simpler fractions, at most "
            f"{_LONGEST_PERIOD // 2}"
        )
    for order in range(target.degree + 1):
        size = sum(float(jump) ** 2 for jump in target.jumps(order).values())
        # from the second on: the first may be the constant function, which has no frequency
        square = float(np.mean(boundary_terms(kernel, target, order, period + 1)[1:] ** 2))
        if square > _ZERO * size:
            return order, square
    raise InvalidInput(
        "the target has finitely many coefficients in the eigenfunctions of this kernel: there is no exponent b"
    )


def _leading_jump(profile: PiecewisePolynomial, parity: int) -> int:
    for order in range(profile.degree + 1):
        jumps = profile.jumps(order)
        for at in profile.ends[1:-1]:
            mirrored = -((-1) ** order) * jumps.get(-at, Fraction(0))  # of profile(-t)
            if jumps.get(at, Fraction(0)) + parity * mirrored != 0:
                return order
    raise InvalidInput(
        "the part of the target that this kernel can see is a polynomial on the sphere: it has finitely many "
        "coefficients, and no exponent b"
    )
