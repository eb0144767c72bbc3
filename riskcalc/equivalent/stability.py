"""Stability of the equivalent at constant step size, in closed form.

Formula: with z(u*) = 2/(gamma (1 + 1/B)) and u* left of the spectrum, kappa = -d1(u*)/(B + 1). The run is stable
while u* stays left of the left edge and kappa < 1. Source: D02.
"""

from __future__ import annotations

import numpy as np

from riskcalc.curve.stability import Stability
from riskcalc.errors import ToleranceNotMet
from riskcalc.quantity import Number, Real
from riskcalc.spectral.landmarks import Landmarks, dispersion, left_of_spectrum
from riskcalc.spectral.sums import SpectralSums

_ACCURACY = 1e-13
_FAR = 1e20


def stability(
    sums: SpectralSums, model_size: Number, marks: Landmarks, *, step_size: float, batch_size: int
) -> Stability:
    """kappa at this step size (inf beyond the edge), and the largest stable step size."""
    spread = 1 + 1 / batch_size
    return Stability(
        step_size=step_size,
        kappa=_kappa(sums, model_size, marks, 2 / (spread * step_size), batch_size),
        largest_step_size=largest_step_size(sums, model_size, marks, batch_size=batch_size),
    )


def largest_step_size(sums: SpectralSums, model_size: Number, marks: Landmarks, *, batch_size: int) -> float:
    """The largest stable step size: z is critical where d1 = -(B + 1), or at the left edge if that lies further out."""
    critical = marks.left
    if -float(sums.at(marks.left)[0].real) > batch_size + 1:
        critical = left_of_spectrum(sums, lambda d1, d2: -d1 - (batch_size + 1), accuracy=_ACCURACY)
    return 2 / dispersion(sums, model_size, critical) / (1 + 1 / batch_size)


def _kappa(sums: SpectralSums, model_size: Number, marks: Landmarks, target: float, batch_size: int) -> float:
    if target <= marks.largest:
        return float("inf")
    if target > _FAR * sums.largest:
        return sums.moments().trace / target / (batch_size + 1)  # d1(u) = trace/u to working accuracy

    # z(u) = target, where z falls from +inf to z_max as u moves in from -inf; log distance makes it nearly straight
    def height(log_distance: Real) -> Real:
        u = -sums.largest * (1 + np.exp(log_distance))
        return target + u * (1 - sums.at(u)[0].real / float(model_size))

    from riskcalc.numeric.roots import decreasing_root

    nearest = np.log(-marks.left / sums.largest - 1)
    try:
        place = decreasing_root(height, float(nearest), 60.0, width=_ACCURACY)
    except ToleranceNotMet:
        return float("inf")
    u = -sums.largest * (1 + np.exp(place))
    return -float(sums.at(u)[0].real) / (batch_size + 1)
