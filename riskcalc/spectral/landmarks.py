"""The landmarks of the u-plane: floor u0 and the outer edges of the spectrum.

Formula: d1(u0) = M with u0 > 0; edges where d2(u) = M, one left of -lambda_max, one in (0, u0). Source: D02.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.numeric.roots import decreasing_root
from riskcalc.quantity import Complex, Number, Real
from riskcalc.spectral.companion import companion, joint_companions, missing_directions
from riskcalc.spectral.sums import SpectralSums

Condition = Callable[..., Real]

_EDGE = 1e-4  # accuracy of the edges in log distance: they only place the contour
_LARGEST_MODEL = 10**24
_LONGEST_TAIL = 1e20  # trace over the largest eigenvalue; brackets and contours reach no further
_LOWEST = -340.0  # log u0; the square of u0 must not underflow
_BRACKET = 0.05
_EPS = float(np.finfo(np.float64).eps)
_ROUNDING = 8 * _EPS  # of a spectral sum
_NEWTON_STEPS = 6


@dataclass(frozen=True, kw_only=True)
class Landmarks:
    """u0, its approximation error u0 sig(u0), the outer edges in u, and the ends of the spectrum in z.

    approximation_error: relative, of the approximation: log u0 is as uncertain as d1 times d log u0/d log d1, or as
    v - d1 where that is the smaller number.
    """

    floor: float
    approximation: float
    approximation_error: float
    left: float
    right: float
    smallest: float
    largest: float


def landmarks(sums: SpectralSums, model_size: Number) -> Landmarks:
    """Find them all; M must be smaller than the number of positive eigenvalues, and at most 1e24."""
    if model_size > _LARGEST_MODEL:
        raise InvalidInput(
            f"model size {float(model_size):.6g} is beyond {_LARGEST_MODEL:.0e}, where float64 cannot tell the edge of "
            "the spectrum from its largest eigenvalue: use a smaller model"
        )
    if model_size >= sums.rank:
        raise InvalidInput(
            f"model size {float(model_size):.6g} is not smaller than the {sums.rank:.0f} positive eigenvalues: the "
            "equivalent has a hard edge there; use a smaller model, or the exact road"
        )
    trace = sums.moments().trace
    if trace > _LONGEST_TAIL * sums.largest:
        raise InvalidInput(
            f"the eigenvalues add up to {trace:.3g}, more than {_LONGEST_TAIL:.0e} times the largest one, "
            f"{sums.largest:.3g}: float64 does not carry what is learnt beside such a tail; use a spectrum that decays "
            "faster, or a finite dimension"
        )
    floor = floor_of(sums, model_size)
    left = left_of_spectrum(sums, lambda d2: d2 - float(model_size), orders=(2,), accuracy=_EDGE)
    right = _right_edge(sums, float(model_size), floor)
    rounded = missing_directions(sums, model_size)
    rounded = float(model_size) if rounded is None else rounded
    signal = float(sums.at(floor)[2].real)
    return Landmarks(
        floor=floor,
        approximation=floor * signal,
        approximation_error=_ROUNDING * (1 + rounded / max(_fall(sums, model_size, floor), _EPS * rounded)),
        left=left,
        right=right,
        smallest=dispersion(sums, model_size, right),
        largest=dispersion(sums, model_size, left),
    )


def dispersion(sums: SpectralSums, model_size: Number, u: float, *, samples: Number | None = None) -> float:
    """z(u) = -u (1 - d1(u)/M) at real u; times 1 - d1(u)/N where N samples are seen many times."""
    place = np.array([u])
    shares = companion(sums, model_size, place)
    return -u * float((shares if samples is None else shares * companion(sums, samples, place))[0])


def _companions_at(
    sums: SpectralSums, model_size: Number, u: Real, *, samples: Number | None = None
) -> tuple[Complex, Complex]:
    """-z/u and -dz/du at real u: of a sketch alone 1 - d1/M and 1 - d2/M."""
    d1, d2, _ = sums.at(u)
    return joint_companions(sums, model_size, samples, u.astype(np.complex128), d1, d2)


def _fall(sums: SpectralSums, model_size: Number, u: float) -> float:
    """-d d1/d log u = d1 - d2 at u > 0."""
    first, second = _companions_at(sums, model_size, np.array([u]))
    return float(model_size) * float((second - first)[0].real)


def left_of_spectrum(
    sums: SpectralSums, condition: Condition, *, orders: tuple[int, ...], accuracy: float
) -> float:
    """The u < -lambda_max where a condition that decreases as u moves away from the spectrum is zero.

    orders: whether it is one on d1, on d2 or on both.
    """

    def at_distance(log_distance: Real) -> Real:
        u = -sums.largest * (1 + np.exp(log_distance))
        return condition(*(sums.freedom_at(u, order) for order in orders))

    return -sums.largest * (1 + math.exp(decreasing_root(at_distance, -30.0, 60.0, width=accuracy)))


def floor_of(sums: SpectralSums, model_size: Number) -> float:
    """u > 0 with d1(u) = M.

    Bracketed in log u, then Newton for log d1, which is nearly straight there; bisected on where Newton stalls.
    """

    def surplus(log_u: Real) -> Real:
        return -companion(sums, model_size, np.exp(log_u))

    # d1(u) < trace/u, which rounding may hide
    high = math.log(sums.moments().trace) - math.log(model_size) + _BRACKET
    low = high - 4.0
    while surplus(np.array([low]))[0] < 0:
        low -= 2 * (high - low)
        if low < _LOWEST:
            raise InvalidInput(
                f"the floor u0 at model size {float(model_size):.6g} is below {math.exp(_LOWEST):.0e}, out of float64: "
                "use a smaller model, or a spectrum that decays more slowly"
            )
    log_u = decreasing_root(surplus, low, high, width=_BRACKET)
    low, high = log_u - _BRACKET, log_u + _BRACKET
    for _ in range(_NEWTON_STEPS):
        first, second = (value.item().real for value in _companions_at(sums, model_size, np.exp([log_u])))
        if second <= first:
            break
        step = math.log1p(-first) * (1 - first) / (second - first)
        log_u = min(high, max(low, log_u + step))
        if abs(step) < 1e-14 * max(1.0, abs(log_u)):
            return math.exp(log_u)
    return math.exp(decreasing_root(surplus, low, high, width=1e-15 * abs(low)))


def _right_edge(sums: SpectralSums, model_size: float, floor: float) -> float:
    def at_logit(logit: Real) -> Real:
        return sums.freedom_at(floor / (1 + np.exp(-logit)), order=2) - model_size

    low = -80.0
    while at_logit(np.array([low]))[0] < 0 and low > -640.0:
        low *= 2
    logit = decreasing_root(at_logit, low, 30.0, width=_EDGE)
    return floor / (1 + math.exp(-logit))
