"""Stability of the equivalent at constant step size, in closed form.

Formula: with z(u*) = 2/(gamma (1 + 1/B)) and u* left of the spectrum, kappa = -d1(u*)/(B + 1). The run is stable
while u* stays left of the left edge and kappa < 1. Where N samples are seen many times, z(u) has both gaps, and all
else stays as it is. Source: D02, D58.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from riskcalc.curve.stability import Stability
from riskcalc.errors import ToleranceNotMet
from riskcalc.optimiser import Frozen
from riskcalc.quantity import Number, Real
from riskcalc.spectral.companion import companion
from riskcalc.spectral.landmarks import Landmarks, dispersion, left_of_spectrum
from riskcalc.spectral.reuse_landmarks import ReuseLandmarks
from riskcalc.spectral.sums import SpectralSums

_ACCURACY = 1e-13
_FAR = 1e20


def stability(
    sums: SpectralSums,
    model_size: Number,
    marks: Landmarks | ReuseLandmarks,
    *,
    step_size: float,
    batch_size: int,
    samples: Number | None = None,
) -> Stability:
    """kappa at this step size (inf beyond the edge), and the largest stable step size. samples: N, seen many times."""
    spread = 1 + 1 / batch_size
    return Stability(
        step_size=step_size,
        kappa=_kappa(sums, model_size, marks, 2 / (spread * step_size), batch_size, samples),
        largest=partial(largest_step_size, sums, model_size, marks, batch_size=batch_size, samples=samples),
    )


def frozen_kappa(
    sums: SpectralSums, model_size: Number, marks: Landmarks, frozen: Frozen, *, batch_size: int
) -> float:
    """kappa of any method as it stands at one step, inf beyond the edge of the spectrum.

    Formula: sum l p/P by partial fractions: sum over the roots x of P of p(x)/P'(x) d1(u(x)), as
    sum l/(l - x) = d1(u) with z(u) = x. Source: D41.
    """
    found = 0.0
    for root in frozen.roots(batch_size):
        if root == np.inf:
            return 0.0
        if 0 < root <= marks.largest:
            return float("inf")
        trace = (_trace_beyond if root > 0 else _trace_below)(sums, model_size, marks, abs(root))
        found += frozen.gain(root) / frozen.slope(root, batch_size) * trace
    return found


def largest_step_size(
    sums: SpectralSums,
    model_size: Number,
    marks: Landmarks | ReuseLandmarks,
    *,
    batch_size: int,
    samples: Number | None = None,
) -> float:
    """The largest stable step size: z is critical where d1 = -(B + 1), or at the left edge if that lies further out."""
    critical = marks.left
    if -float(sums.freedom_at(np.asarray(marks.left))) > batch_size + 1:
        critical = left_of_spectrum(sums, lambda d1: -d1 - (batch_size + 1), orders=(1,), accuracy=_ACCURACY)
    return 2 / dispersion(sums, model_size, critical, samples=samples) / (1 + 1 / batch_size)


def _kappa(
    sums: SpectralSums,
    model_size: Number,
    marks: Landmarks | ReuseLandmarks,
    target: float,
    batch_size: int,
    samples: Number | None,
) -> float:
    if target <= marks.largest:
        return float("inf")
    return -_trace_beyond(sums, model_size, marks, target, samples) / (batch_size + 1)


def _trace_beyond(
    sums: SpectralSums,
    model_size: Number,
    marks: Landmarks | ReuseLandmarks,
    target: float,
    samples: Number | None = None,
) -> float:
    """d1(u) where z(u) = target, beyond the largest mode; -inf where rounding cannot tell it from that."""
    if target > _FAR * sums.largest:
        return -sums.moments().trace / target  # d1(u) = trace/u to working accuracy
    try:
        return float(sums.freedom_at(np.asarray(place_beyond(sums, model_size, marks, target, samples))))
    except ToleranceNotMet:
        return -float("inf")


def place_beyond(
    sums: SpectralSums,
    model_size: Number,
    marks: Landmarks | ReuseLandmarks,
    target: float,
    samples: Number | None = None,
) -> float:
    """The u, left of the spectrum, where z(u) = target."""

    # z falls from +inf to z_max as u moves in from -inf; log distance makes it nearly straight
    def height(log_distance: Real) -> Real:
        u = -sums.largest * (1 + np.exp(log_distance))
        d1 = sums.freedom_at(u)
        position = u * (1 - d1 / float(model_size))
        return np.asarray(target + (position if samples is None else position * (1 - d1 / float(samples))))

    from riskcalc.numeric.roots import decreasing_root

    nearest = np.log(-marks.left / sums.largest - 1)
    place = decreasing_root(height, float(nearest), 60.0, width=_ACCURACY)
    return float(-sums.largest * (1 + np.exp(place)))


def _trace_below(sums: SpectralSums, model_size: Number, marks: Landmarks, distance: float) -> float:
    """d1(u) where z(u) = -distance, u above the floor u0."""
    from riskcalc.numeric.roots import decreasing_root

    if distance > _FAR * sums.largest:
        return sums.moments().trace / distance

    def height(log_above: Real) -> Real:
        # -z rises with u from 0 at u0, by no more than u itself does
        u = marks.floor + np.exp(log_above)
        return np.asarray(distance - u * companion(sums, model_size, u))

    least, most = np.log(distance / 2), np.log(2 * (distance + sums.moments().trace))
    place = decreasing_root(height, float(least), float(most), width=_ACCURACY)
    return float(sums.freedom_at(marks.floor + np.exp(place)))
