"""The inverse of the dispersion: u(z) off the spectrum.

For z < 0 the root is real, u > u0, and z(u) is monotone; from there the argument of z is turned, in small steps of
Newton's method in log u, from pi down to where it is wanted, by factors: near an edge of the spectrum, where u(z) has a
branch point, a step may not be longer than what is left of the argument. Source: D02.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from riskcalc.equivalent.sums import SpectralSums
from riskcalc.errors import ToleranceNotMet

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]

_TURNS = 6  # steps of the argument, at first
_MOST_TURNS = 400
_LEAST_TURN = 1e-4
_NEWTON_STEPS = 8
_CONVERGED = 1e-14
_CLOSE_ENOUGH = 1e-3  # of log u, on the way


def solve_dispersion(sums: SpectralSums, model_size: float, floor: float, log_z: Complex) -> Complex:
    """u with z(u) = exp(log_z) for 0 < Im log_z <= pi, in the sheet where u ~ -z at infinity."""
    log_size, target = log_z.real, log_z.imag
    log_u = _on_negative_axis(sums, model_size, floor, log_size).astype(np.complex128)
    done, step = 0.0, 1.0 / _TURNS
    for _ in range(_MOST_TURNS):
        ahead = min(1.0, done + step)
        argument = np.pi * (target / np.pi) ** ahead
        last = ahead == 1.0
        tried, converged = _newton(sums, model_size, log_u, log_size + 1j * argument, last)
        if not converged:
            step /= 2
            if step < _LEAST_TURN:
                break  # rounding, not the turn, keeps Newton's method from its accuracy
            continue
        log_u, done = tried, ahead
        if last:
            return np.exp(log_u)
        step *= 1.4
    raise ToleranceNotMet("the dispersion could not be inverted on a contour: move away from the edge of stability")


def _on_negative_axis(sums: SpectralSums, model_size: float, floor: float, log_size: Real) -> Real:
    """log u where u m(u) = |z|, u > u0: bisection in log u between u0 and u0 + |z| + trace/M."""
    low = np.full_like(log_size, np.log(floor))
    high = np.log(floor + np.exp(log_size) + 2 * sums.moments().trace / model_size + sums.largest)
    for _ in range(12):
        middle = (low + high) / 2
        u = np.exp(middle)
        value = u * (1 - sums.at(u)[0].real / model_size)
        above = np.log(np.maximum(value, 1e-300)) > log_size
        high, low = np.where(above, middle, high), np.where(above, low, middle)
    return (low + high) / 2


def _newton(
    sums: SpectralSums, model_size: float, log_u: Complex, log_z: Complex, polish: bool
) -> tuple[Complex, bool]:
    """Newton for log z(u) = log_z in log u; log(-z) is used, which has no cut near the path."""
    goal = log_z - 1j * np.pi
    for _ in range(_NEWTON_STEPS):
        u = np.exp(log_u)
        d1, d2, _ = sums.at(u)
        companion = 1 - d1 / model_size
        value = log_u + np.log(companion)
        value += 2j * np.pi * np.round((goal - value).imag / (2 * np.pi))
        slope = (1 - d2 / model_size) / companion
        move = (goal - value) / slope
        size = np.abs(move)
        if not np.isfinite(size).all() or size.max() > 1.5:
            return log_u, False
        log_u = log_u + move
        if size.max() < (_CONVERGED if polish else _CLOSE_ENOUGH):
            return log_u, True
    return log_u, polish and bool(size.max() < 1e-11)
