"""The landmarks of the u-plane of a sketch and a data set: where the spectrum of K^ = (1/N) sum_i S x_i (S x_i)^T ends.

Formula: z(u) = -u m nu with m = 1 - d1/M and nu = 1 - d1/N. z = 0 at the larger of the two floors, d1 = min(M, N).
Edges where dz/du = 0: one left of -lambda_max, one between the floors, where z is the smallest position. At M = N the
two floors are one, and the spectrum begins at 0. Source: D55.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.numeric.roots import decreasing_root
from riskcalc.quantity import Number, Real
from riskcalc.spectral.companion import joint_companions
from riskcalc.spectral.landmarks import Landmarks, check_floor, dispersion, floor_of, landmarks, left_of_spectrum
from riskcalc.spectral.sums import SpectralSums

_EDGE = 1e-7  # accuracy of the edges in log distance: positions are stationary there
_MOST_SAMPLES = 1e24
_FARTHEST = 1e100  # between the floors, where the lower one does not exist


@dataclass(frozen=True, kw_only=True)
class ReuseLandmarks:
    """sketch: of the sketch alone, with its floor and approximation. floor: the larger one. left: edge in u.

    smallest, largest: ends of the positive part of the spectrum in z.
    """

    sketch: Landmarks
    floor: float
    left: float
    smallest: float
    largest: float


def reuse_landmarks(sums: SpectralSums, model_size: Number, samples: Number) -> ReuseLandmarks:
    """Find them all; M and N as for a sketch alone, N also above the number of positive eigenvalues."""
    if samples > _MOST_SAMPLES:
        raise InvalidInput(
            f"{float(samples):.6g} samples are more than {_MOST_SAMPLES:.0e}, where float64 cannot tell a data set "
            "from fresh samples: use OnePass()"
        )
    check_floor(sums.rank, model_size, "a data set that is seen many times")
    sketch = landmarks(sums, model_size)
    of_samples = floor_of(sums, samples) if samples < sums.rank else 0.0
    floor, lower = max(sketch.floor, of_samples), min(sketch.floor, of_samples)

    def position(u: float) -> float:
        return dispersion(sums, model_size, u, samples=samples)

    def falls(log_u: Real) -> Real:
        u = np.exp(log_u)
        d1, d2, _ = sums.at(u)
        return -joint_companions(sums, model_size, samples, u.astype(np.complex128), d1, d2)[1].real

    def towards_the_spectrum(d1: Real, d2: Real) -> Real:
        m, nu = 1 - d1 / float(model_size), 1 - d1 / float(samples)
        return np.asarray(-(1 - d2 / float(model_size)) * nu - m * (d1 - d2) / float(samples))

    left = left_of_spectrum(sums, towards_the_spectrum, orders=(1, 2), accuracy=_EDGE)
    smallest = 0.0
    lowest = math.log(max(lower, floor / _FARTHEST))
    if lowest < math.log(floor) - _EDGE:
        # z rises from 0 at one floor to its largest between them, and falls to 0 at the other
        log_u = decreasing_root(falls, lowest, math.log(floor), width=_EDGE)
        smallest = max(0.0, position(math.exp(log_u)))
    return ReuseLandmarks(
        sketch=sketch, floor=floor, left=left, smallest=smallest, largest=position(left)
    )

