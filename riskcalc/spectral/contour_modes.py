"""The spectral measure of the equivalent as modes: nodes of a contour round the spectrum.

Formula: z = -u (1 - d1/M), dz/du = -1 + d2/M, Phi = sig/(1 - d1/M); at the nodes of a contour,
f_n = -(1/2 pi i) Phi dz and k_n = -(1/2 pi i) z d1 dz. Any constant may be taken off Phi, as its integral vanishes:
with sig = W - u tame, Phi - W = (W d1/M - u tame)/(1 - d1/M) has no part that only cancels. Source: D02.

Two contours. In the u-plane, an ellipse in log(u0 - u): explicit, hence fast, and right wherever M is not small and
the step size not close to its limit. In the z-plane, a lens round the spectrum itself: it needs u(z) at every node, but
keeps within |q| < 1 however close the spectrum comes to where q is 1 again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.contour import ellipse, node_count
from riskcalc.numeric.required_sums import require_sums
from riskcalc.quantity import Complex, Number, Real
from riskcalc.spectral.companion import companions
from riskcalc.spectral.landmarks import Landmarks
from riskcalc.spectral.modes import Modes
from riskcalc.spectral.resolvent import solve_dispersion
from riskcalc.spectral.sums import SpectralSums

_MOST_NODES = 6000  # of a contour in the z-plane: a few seconds
_SUM_RULE = 1e-9  # relative; a violation means a wrong contour, not rounding


def modes_in_u(sums: SpectralSums, model_size: Number, marks: Landmarks, *, height: float, digits: float) -> Modes:
    """Modes on an ellipse in log(u0 - u) of imaginary semi-axis `height`."""
    low, high = math.log(marks.floor - marks.right), math.log(marks.floor - marks.left)
    half = ellipse(low=low, high=high, height=height, digits=digits)
    distance = np.exp(half.nodes)
    u = np.asarray(marks.floor - distance, dtype=np.complex128)
    found = sums_at(sums, model_size, marks, u)
    return _modes(sums, model_size, marks, -u * found.first, found, found.second * distance * half.weights)


def modes_in_z(
    sums: SpectralSums,
    model_size: Number,
    marks: Landmarks,
    *,
    height: float,
    digits: float,
    limit: float = math.inf,
) -> Modes:
    """Modes on an ellipse in w = log z - log(1 - z/limit) of imaginary semi-axis `height`.

    Formula: z = e^w/(1 + e^w/limit), dz = z (1 - z/limit) dw; where the limit is z* = 2/(gamma (1 + 1/B)),
    1 - q = (1 - q(z*/2))/cosh^2((w - log z*)/2), so that |q| < 1 while |Im w| < pi/2.
    Valid: limit > the largest position.
    """
    low, high = (math.log(edge) - math.log1p(-edge / limit) for edge in (marks.smallest, marks.largest))
    count = node_count(low=low, high=high, height=height, digits=digits)
    if count > _MOST_NODES:
        raise ToleranceNotMet(
            f"a contour close enough to the spectrum would need {count} nodes (at most {_MOST_NODES})"
        )
    half = ellipse(low=low, high=high, height=height, digits=digits)
    rest = 1 / (1 + np.exp(half.nodes) / limit)  # 1 - z/limit
    log_z = half.nodes + np.log(rest)
    roots = solve_dispersion(sums, model_size, marks.floor, log_z)
    found = sums_at(sums, model_size, marks, roots.u)
    z = np.exp(log_z)
    modes = _modes(sums, model_size, marks, z, found, z * rest * half.weights)
    return replace(modes, unknown=roots.unknown * _felt(roots.u, found))


@dataclass(frozen=True, kw_only=True)
class Sums:
    """d1, d2, sig, sig up to a constant, the numerator of Phi up to a constant in Phi, and 1 - d1/M and 1 - d2/M."""

    d1: Complex
    d2: Complex
    signal: Complex
    varying: Complex
    numerator: Complex
    first: Complex
    second: Complex


def sums_at(sums: SpectralSums, model_size: Number, marks: Landmarks, u: Complex) -> Sums:
    """All of them at these points."""
    norm = sums.target_norm
    # where u0 is large so are all u, and W/u is no longer the large part of Phi: its integral would not vanish
    # to within rounding
    if norm is None or marks.floor > sums.largest:
        d1, d2, signal = sums.at(u)
        numerator = varying = signal
    else:
        d1, d2, tame = sums.tame_at(u)
        varying = -u * tame
        signal, numerator = norm + varying, norm * d1 / float(model_size) + varying
    first, second = companions(sums, model_size, u, d1, d2)
    return Sums(d1=d1, d2=d2, signal=signal, varying=varying, numerator=numerator, first=first, second=second)


def _felt(u: Complex, found: Sums) -> Real:
    """By how much of itself a weight moves, at most, with log u: Im sig = -Im u sum h/|lambda + u|^2 bounds |sig'|."""
    signal = np.abs(u * found.signal.imag / u.imag) + np.abs(found.signal * (found.second / found.first - 1))
    return np.maximum(signal / np.abs(found.numerator), np.abs(found.d2 / found.d1 - 1))


def _modes(
    sums: SpectralSums, model_size: Number, marks: Landmarks, z: Complex, found: Sums, dz: Complex
) -> Modes:
    weight = -dz / (2j * np.pi)
    modes = Modes(
        position=z,
        signal=found.numerator / found.first * weight,
        kernel=z * found.d1 * weight,
        floor=marks.approximation,
        floor_error=marks.approximation_error,
        paired=True,
    )
    check_sum_rules(modes, found.d1 * weight, sums, model_size)
    return modes


def check_sum_rules(modes: Modes, trace_weights: Complex, sums: SpectralSums, model_size: Number) -> None:
    """F(0) = sum lambda w^2, tr K = sum lambda, tr K^2 = sum lambda^2 + (sum lambda)^2/M."""
    moments = sums.moments()
    rules = {
        "F(0) = sum of the signal power": (float(modes.total(modes.signal)) + modes.floor, moments.signal),
        "trace of K": (float(modes.total(trace_weights)), moments.trace),
        "trace of K^2": (float(modes.total(modes.kernel)), moments.square + moments.trace**2 / float(model_size)),
    }
    require_sums(rules, tolerance=_SUM_RULE)
