"""The spectral measure of the equivalent as modes: nodes of a contour round the spectrum.

Formula: z = -u (1 - d1/M), dz/du = -1 + d2/M, Phi = sig/(1 - d1/M); at the nodes u_n of an ellipse in log(u0 - u),
f_n = -(1/2 pi i) Phi z' du and k_n = -(1/2 pi i) z d1 z' du. Source: D02.
"""

from __future__ import annotations

import math

import numpy as np

from riskcalc.dynamics import Modes
from riskcalc.equivalent.landmarks import Landmarks
from riskcalc.equivalent.sums import SpectralSums
from riskcalc.errors import ConsistencyError
from riskcalc.numeric.contour import ellipse

_SUM_RULE = 1e-9  # relative; a violation means a wrong contour, not rounding


def contour_modes(sums: SpectralSums, model_size: float, marks: Landmarks, *, height: float, digits: float) -> Modes:
    """Modes on an ellipse of imaginary semi-axis `height`, checked against the exact sum rules."""
    half = ellipse(
        low=math.log(marks.floor - marks.right),
        high=math.log(marks.floor - marks.left),
        height=height,
        digits=digits,
    )
    distance = np.exp(half.nodes)
    u = marks.floor - distance
    d1, d2, sig = sums.at(u)
    companion = 1 - d1 / model_size
    z = -u * companion
    # -(1/2 pi i) z'(u) du with du = -distance dy
    weight = (-1 + d2 / model_size) * distance * half.weights / (2j * np.pi)
    modes = Modes(
        position=z,
        signal=sig / companion * weight,
        kernel=z * d1 * weight,
        floor=marks.approximation,
        paired=True,
    )
    _check_sum_rules(modes, d1 * weight, sums, model_size)
    return modes


def _check_sum_rules(modes: Modes, trace_weights: np.ndarray, sums: SpectralSums, model_size: float) -> None:
    """F(0) = sum lambda w^2, tr K = sum lambda, tr K^2 = sum lambda^2 + (sum lambda)^2/M."""
    moments = sums.moments()
    rules = {
        "F(0) = sum of the signal power": (float(modes.total(modes.signal)) + modes.floor, moments.signal),
        "trace of K": (float(modes.total(trace_weights)), moments.trace),
        "trace of K^2": (float(modes.total(modes.kernel)), moments.square + moments.trace**2 / model_size),
    }
    for name, (found, expected) in rules.items():
        if not abs(found - expected) <= _SUM_RULE * abs(expected):
            raise ConsistencyError(
                f"the sum rule '{name}' is violated: {found:.15g} on the contour, {expected:.15g} exactly"
            )
