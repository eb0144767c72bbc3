"""The landmarks of the u-plane: floor u0 and the outer edges of the spectrum.

Formula: d1(u0) = M with u0 > 0; edges where d2(u) = M, one left of -lambda_max, one in (0, u0). With more features than
positive eigenvalues d1 < M for all u > 0: the floor is 0, and the second edge lies in (-lambda_min, 0). Source: D02.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.numeric.roots import decreasing_root
from riskcalc.quantity import Complex, Number, Real
from riskcalc.spectral.companion import companion, companions, joint_companions, missing_directions
from riskcalc.spectral.real_axis import Place, RealAxis, left_of
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


def check_no_hard_edge(rank: float, model_size: Number) -> None:
    """Refuse models exactly as large as the rank: there the spectrum of the features begins at zero.

    Below, the contours of the equivalent pass between the floor and the spectrum; above, there is no floor.
    """
    if model_size == rank:
        raise InvalidInput(
            f"model size {float(model_size):.6g} is the number of positive eigenvalues: nothing is left out, and the "
            "equivalent has a hard edge at zero, which its contours cannot pass; use a smaller model, or the exact "
            "road, Exact() or Unsketched()"
        )


def check_floor(rank: float, model_size: Number, who: str) -> None:
    """Refuse models as large as the rank, which have no floor, where what is asked needs one."""
    check_no_hard_edge(rank, model_size)
    if model_size > rank:
        raise InvalidInput(
            f"model size {float(model_size):.6g} is more than the {rank:.0f} positive eigenvalues, and leaves nothing "
            f"out: {who} needs a smaller model"
        )


def landmarks(sums: SpectralSums, model_size: Number, *, axis: RealAxis | None = None) -> Landmarks:
    """Find them all; M must not be the number of positive eigenvalues, and at most 1e24.

    Above that number the floor is zero.

    axis: of these sums, where one is kept for several model sizes.
    """
    if model_size > _LARGEST_MODEL:
        raise InvalidInput(
            f"model size {float(model_size):.6g} is beyond {_LARGEST_MODEL:.0e}, where float64 cannot tell the edge of "
            "the spectrum from its largest eigenvalue: use a smaller model"
        )
    check_no_hard_edge(sums.rank, model_size)
    trace = sums.moments().trace
    if trace > _LONGEST_TAIL * sums.largest:
        raise InvalidInput(
            f"the eigenvalues add up to {trace:.3g}, more than {_LONGEST_TAIL:.0e} times the largest one, "
            f"{sums.largest:.3g}: float64 does not carry what is learnt beside such a tail; use a spectrum that decays "
            "faster, or a finite dimension"
        )
    axis = axis or RealAxis(sums)
    if model_size > sums.rank:
        return _without_floor(sums, model_size)
    floor = floor_of(sums, model_size, axis=axis)
    left, right = _edges(axis, model_size, floor)
    missing = missing_directions(sums, model_size)
    rounded = float(model_size) if missing is None else missing
    places = np.array([floor, right, left])
    d1, d2, signal = sums.at(places)
    first, second = (value.real for value in companions(sums, model_size, places.astype(np.complex128), d1, d2))
    fall = float(model_size) * float(second[0] - first[0])  # -d d1/d log u = d1 - d2
    _, smallest, largest = (-places * first).tolist()
    return Landmarks(
        floor=floor,
        approximation=floor * float(signal[0].real),
        approximation_error=_ROUNDING * (1 + rounded / max(fall, _EPS * rounded)),
        left=left,
        right=right,
        smallest=smallest,
        largest=largest,
    )


def _without_floor(sums: SpectralSums, model_size: Number) -> Landmarks:
    """Of more features than positive eigenvalues: d2 is M left of the spectrum and once more between it and u = 0."""
    size, smallest = float(model_size), sums.smallest

    def at_logit(logit: Real) -> Real:
        return size - sums.freedom_at(-smallest / (1 + np.exp(-logit)), order=2)

    right = -smallest / (1 + math.exp(-decreasing_root(at_logit, -80.0, 30.0, width=_EDGE)))
    left = left_of_spectrum(sums, lambda d2: d2 - size, orders=(2,), accuracy=_EDGE)
    places = np.array([right, left])
    d1, d2, _ = sums.at(places)
    first, _ = companions(sums, model_size, places.astype(np.complex128), d1, d2)
    low, high = (-places * first.real).tolist()
    return Landmarks(
        floor=0.0, approximation=0.0, approximation_error=0.0, left=left, right=right, smallest=low, largest=high
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


def left_of_spectrum(
    sums: SpectralSums, condition: Condition, *, orders: tuple[int, ...], accuracy: float
) -> float:
    """The u < -lambda_max where a condition that decreases as u moves away from the spectrum is zero.

    orders: whether it is one on d1, on d2 or on both.
    """

    def at_distance(log_distance: Real) -> Real:
        u = left_of(sums, log_distance)
        return condition(*(sums.freedom_at(u, order) for order in orders))

    return float(left_of(sums, decreasing_root(at_distance, -30.0, 60.0, width=accuracy)))


def floor_of(sums: SpectralSums, model_size: Number, *, axis: RealAxis | None = None) -> float:
    """u > 0 with d1(u) = M.

    Read off the axis, or bracketed in log u where M is more than half of v or rounding hides where d1 falls; then
    Newton for log d1, which is nearly straight there; bisected on where Newton stalls.
    """

    def surplus(log_u: Real) -> Real:
        return -companion(sums, model_size, np.exp(log_u))

    # d1(u) < trace/u, which rounding may hide
    high = math.log(sums.moments().trace) - math.log(model_size) + _BRACKET
    if missing_directions(sums, model_size) is None:
        place = (axis or RealAxis(sums)).first.where(float(model_size), near=high)
        log_u = None if place is None else _converged(sums, model_size, place)
        if log_u is not None:
            _check_low(log_u, model_size)
            return math.exp(log_u)
    log_u = _bracketed(surplus, high, model_size)
    place = Place(guess=log_u, low=log_u - _BRACKET, high=log_u + _BRACKET)
    log_u = _converged(sums, model_size, place)
    if log_u is None:
        log_u = decreasing_root(surplus, place.low, place.high, width=1e-15 * abs(place.low))
    return math.exp(log_u)


def _converged(sums: SpectralSums, model_size: Number, place: Place) -> float | None:
    """log u0 by Newton for log d1, None where that stalls."""
    log_u = place.guess
    for _ in range(_NEWTON_STEPS):
        first, second = (value.item().real for value in _companions_at(sums, model_size, np.exp([log_u])))
        if second <= first:
            return None
        step = math.log1p(-first) * (1 - first) / (second - first)
        log_u = min(place.high, max(place.low, log_u + step))
        if abs(step) < 1e-14 * max(1.0, abs(log_u)):
            return log_u
    return None


def _bracketed(surplus: Condition, high: float, model_size: Number) -> float:
    """log u0 to within a bracket, sought downwards from `high` on."""
    low = high - 4.0
    while surplus(np.array([low]))[0] < 0:
        low -= 2 * (high - low)
        _check_low(low, model_size)
    return decreasing_root(surplus, low, high, width=_BRACKET)


def _check_low(log_u: float, model_size: Number) -> None:
    if log_u < _LOWEST:
        raise InvalidInput(
            f"the floor u0 at model size {float(model_size):.6g} is below {math.exp(_LOWEST):.0e}, out of float64: "
            "use a smaller model, or a spectrum that decays more slowly"
        )


def _edges(axis: RealAxis, model_size: Number, floor: float) -> tuple[float, float]:
    """u left of the spectrum and u in (0, u0) with d2(u) = M: read off the axis, and confirmed."""
    sums, size = axis.sums, float(model_size)
    far, near = axis.left.where(size, near=0.0), None
    if missing_directions(sums, model_size) is None:
        near = axis.second.where(size, near=math.log(floor))
    if far is not None and near is not None and near.guess < math.log(floor):
        around = np.array([-_EDGE / 2, _EDGE / 2])
        outside, inside = left_of(sums, far.guess + around), np.exp(near.guess + around)
        d2 = sums.freedom_at(np.concatenate([outside, inside]), 2)
        if d2[0] >= size >= d2[1] and d2[2] >= size >= d2[3]:
            return float(left_of(sums, far.guess)), math.exp(near.guess)
    left = left_of_spectrum(sums, lambda d2: d2 - size, orders=(2,), accuracy=_EDGE)
    return left, _right_edge(sums, size, floor)


def _right_edge(sums: SpectralSums, size: float, floor: float) -> float:
    def at_logit(logit: Real) -> Real:
        return sums.freedom_at(floor / (1 + np.exp(-logit)), order=2) - size

    low = -80.0
    while at_logit(np.array([low]))[0] < 0 and low > -640.0:
        low *= 2
    logit = decreasing_root(at_logit, low, 30.0, width=_EDGE)
    return floor / (1 + math.exp(-logit))
