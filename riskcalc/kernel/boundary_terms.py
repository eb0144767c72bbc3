"""Coefficients of piecewise polynomials in sines and cosines, from the jumps of their derivatives. Source: D33."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.kernel.piecewise import PiecewisePolynomial
from riskcalc.kernel.waves import Waves
from riskcalc.quantity import Real

_CANCELLED = 8.0  # boundary terms may be larger than the norm of the target by this factor
_HIGHEST = 100  # degree of a target, whose derivatives have to be floats
_FINER = 1.1  # factor by which the frequency where they are not is searched
_LONGEST_PERIOD = 200_000
_ZERO = 1e-24  # of squared boundary terms, relative to the squared jumps: rounding


def boundary_terms(waves: Waves, target: PiecewisePolynomial, order: int) -> Real:
    """What the jumps of the derivative of this order add to c_j, times omega_j^(order + 1); zero where omega is.

    Formula: sqrt(2) Im e^(i quarter pi/2) sum over jumps of -(-1)^order jump e^(i omega at)/i^(order + 1).
    Source: D33.
    """
    total = np.zeros(waves.turns.size, dtype=np.complex128)
    for at, jump in target.jumps(order).items():
        total -= (-1) ** order * float(jump) * np.exp(1j * np.pi * np.remainder(waves.turns * float(at), 2.0))
    turned = total * np.exp(0.5j * np.pi * (waves.quarter - (order + 1)))
    return np.asarray(np.sqrt(2) * turned.imag * (waves.turns > 0))


def fast_coefficients(waves: Waves, target: PiecewisePolynomial) -> tuple[int, Real]:
    """How many coefficients are those of frequencies so small that boundary terms cancel, and all the others."""
    if target.ends[0] != 0 or target.ends[-1] != 1:
        raise InvalidInput(f"the target must be given on [0, 1], not from {target.ends[0]} to {target.ends[-1]}")
    if target.degree > _HIGHEST:
        raise InvalidInput(f"the target has degree {target.degree}: use at most {_HIGHEST}, or a function of points")
    omega, squared_norm = np.pi * waves.turns, float(target.squared_integral())
    slow = int(np.count_nonzero(omega <= _slowest(target, _CANCELLED * math.sqrt(squared_norm))))
    fast = np.zeros(omega.size - slow)
    for order in range(target.degree + 1):
        fast += boundary_terms(waves, target, order)[slow:] * omega[slow:] ** -(order + 1.0)
    return slow, fast


def leading(waves: Callable[[int], Waves], target: PiecewisePolynomial) -> tuple[int, float]:
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
        square = float(np.mean(boundary_terms(waves(period + 1), target, order)[1:] ** 2))
        if square > _ZERO * size:
            return order, square
    raise InvalidInput(
        "the target has finitely many coefficients in the eigenfunctions of this kernel: there is no exponent b"
    )


def _slowest(target: PiecewisePolynomial, largest: float) -> float:
    """The frequency omega from which on the jumps of order m over omega^(m+1) sum, in size, to at most `largest`."""
    sizes = [float(sum(map(abs, target.jumps(order).values()))) for order in range(target.degree + 1)]
    omega = 1.0
    while sum(size / omega ** (order + 1) for order, size in enumerate(sizes)) > largest > 0:
        omega *= _FINER
    return omega
