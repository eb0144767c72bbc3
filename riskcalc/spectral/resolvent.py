"""The inverse of the dispersion: u(z) off the spectrum.

For z < 0 the root is real, u > u0, and z(u) is monotone; from there the argument of z is turned, in small steps of
Newton's method in log u, from pi down to where it is wanted, by factors: near an edge of the spectrum, where u(z) has a
branch point, a step may not be longer than what is left of the argument. Where d log z/d log u is small, the last
digits of z do not say as many of u: what is left unknown is told with the root. Source: D02, sections 8 and 10.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskcalc.errors import ToleranceNotMet
from riskcalc.quantity import Complex, Number, Real
from riskcalc.spectral.companion import joint_companions
from riskcalc.spectral.sums import SpectralSums

_TURNS = 6  # steps of the argument, at first
_MOST_TURNS = 400
_LEAST_TURN = 1e-4
_NEWTON_STEPS = 8
_CONVERGED = 1e-14
_CLOSE_ENOUGH = 1e-3  # of log u, on the way
_ROUNDED = 1e-12  # of log z: what rounding may leave of it, sums of thousands of terms included
_ROUNDING = 2 * float(np.finfo(np.float64).eps)  # of log z, at least
_STALLED = 1e-7  # of log u: the most that may be left unknown


@dataclass(frozen=True, kw_only=True)
class Preimages:
    """u at the points asked. unknown: of each log u, what rounding leaves, where that is more than the last digits."""

    u: Complex
    unknown: Real


def solve_dispersion(
    sums: SpectralSums, model_size: Number, floor: float, log_z: Complex, *, samples: Number | None = None
) -> Preimages:
    """u with z(u) = exp(log_z) for 0 < Im log_z <= pi, in the sheet where u ~ -z at infinity.

    samples: N of a data set that is seen many times, which z(u) then knows as well. floor: u > 0 where z(u) is zero.
    """
    log_size, target = log_z.real, log_z.imag
    log_u = _on_negative_axis(sums, model_size, samples, floor, log_size).astype(np.complex128)
    done, step = 0.0, 1.0 / _TURNS
    for _ in range(_MOST_TURNS):
        ahead = min(1.0, done + step)
        argument = np.pi * (target / np.pi) ** ahead
        last = ahead == 1.0
        tried, left = _newton(sums, model_size, samples, log_u, log_size + 1j * argument, last)
        if left is None:
            step /= 2
            if step < _LEAST_TURN:
                break  # rounding, not the turn, keeps Newton's method from its accuracy
            continue
        log_u, done = tried, ahead
        if last:
            return Preimages(u=np.exp(log_u), unknown=left)
        step *= 1.4
    raise ToleranceNotMet("the dispersion could not be inverted on a contour: move away from the edge of stability")


def _on_negative_axis(
    sums: SpectralSums, model_size: Number, samples: Number | None, floor: float, log_size: Real
) -> Real:
    """log u where u m(u) = |z|, u > u0: bisection in log u between u0, or |z| where u0 = 0, and u0 + |z| + trace/M."""
    if samples is not None:
        return _near_the_floor(sums, float(model_size), float(samples), floor, log_size)
    low = np.full_like(log_size, np.log(floor)) if floor > 0 else log_size  # m < 1
    high = np.log(floor + np.exp(log_size) + 2 * sums.moments().trace / float(model_size) + sums.largest)
    for _ in range(12):
        middle = (low + high) / 2
        u = np.exp(middle)
        d1, d2, _ = sums.at(u)
        value = u * joint_companions(sums, model_size, None, u.astype(np.complex128), d1, d2)[0].real
        above = np.log(np.maximum(value, 1e-300)) > log_size
        high, low = np.where(above, middle, high), np.where(above, low, middle)
    return (low + high) / 2


def _near_the_floor(
    sums: SpectralSums, model_size: float, samples: float, floor: float, log_size: Real
) -> Real:
    """The same with samples, in log(u - u0): z comes much nearer to 0, and dz/du is at most 2."""
    low = log_size - np.log(2)
    spread = 2 * sums.moments().trace * (1 / model_size + 1 / samples)
    high = np.log(np.exp(log_size) + spread + sums.largest)
    for _ in range(9):
        middle = (low + high) / 2
        u = floor + np.exp(middle)
        freedom = sums.freedom_at(u)
        value = u * np.maximum(1 - freedom / model_size, 0.0) * (1 - freedom / samples)
        above = np.log(np.maximum(value, 1e-300)) > log_size
        high, low = np.where(above, middle, high), np.where(above, low, middle)
    return np.asarray(np.log(floor + np.exp((low + high) / 2)))


def _newton(
    sums: SpectralSums, model_size: Number, samples: Number | None, log_u: Complex, log_z: Complex, polish: bool
) -> tuple[Complex, Real | None]:
    """Newton for log z(u) = log_z in log u, and what is left unknown of it, None where it does not get there.

    log(-z) is used, which has no cut near the path.
    """
    goal = log_z - 1j * np.pi
    enough = _CONVERGED if polish else _CLOSE_ENOUGH
    for _ in range(_NEWTON_STEPS):
        u = np.exp(log_u)
        d1, d2, _ = sums.at(u)
        companion, second = joint_companions(sums, model_size, samples, u, d1, d2)
        value = log_u + np.log(companion)
        value += 2j * np.pi * np.round((goal - value).imag / (2 * np.pi))
        gap = goal - value
        move = gap * companion / second
        size = np.abs(move)
        if not np.isfinite(size).all() or size.max() > 1.5:
            return log_u, None
        log_u = log_u + move
        if size.max() < enough:
            break
    else:
        if not (polish and np.abs(gap).max() < _ROUNDED and size.max() < _STALLED):
            return log_u, None
    # by chance a last move is smaller than what rounding leaves
    unknown = np.maximum(size, _ROUNDING * np.abs(companion / second))
    return log_u, np.where(unknown < _CONVERGED, 0.0, unknown)
