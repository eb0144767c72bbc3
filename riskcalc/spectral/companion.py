"""The companion m = 1 - d1/M of the dispersion z = -u m, and 1 - d2/M, to float64's digits however close M is to v.

Formula: where M is nearly the number v of eigenvalues and |u| small, d1 is nearly v too, and 1 - d1/M would keep only
what rounding leaves of v - M. There M - d1 = e1 - (v - M) and M - d2 = e2 - (v - M), with e1 = v - d1 and e2 = v - d2
as sums of their own and v - M formed from the exact M. Source: D02, section 10.

Where N samples are seen many times they leave a second gap of the same form, nu = 1 - d1/N, and z = -u m nu. Source:
D55.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from riskcalc.quantity import Complex, Number, Real
from riskcalc.spectral.sums import SpectralSums

_CANCELS = 0.25  # |1 - d/M| below which d is nearly M: there v - d is the smaller number, given M > v/2


def missing_directions(sums: SpectralSums, model_size: Number) -> float | None:
    """v - M where it is below M, None where the sums of the complement are worth nothing."""
    if sums.rank >= 2 * model_size:
        return None
    return float(Fraction(sums.rank) - Fraction(model_size))


def companion(sums: SpectralSums, model_size: Number, u: Real) -> Real:
    """1 - d1/M alone, at real u."""
    found = np.asarray(1 - sums.freedom_at(u) / float(model_size))
    missing = missing_directions(sums, model_size)
    near = np.abs(found) < _CANCELS
    if missing is not None and near.any():
        e1, _ = sums.complements_at(u[near])
        found[near] = (e1.real - missing) / float(model_size)
    return found


def companions(
    sums: SpectralSums, model_size: Number, u: Complex, d1: Complex, d2: Complex
) -> tuple[Complex, Complex]:
    """1 - d1/M and 1 - d2/M at points where d1 and d2 are known."""
    size = float(model_size)
    first, second = 1 - d1 / size, 1 - d2 / size
    missing = missing_directions(sums, model_size)
    if missing is None:
        return first, second
    near = (np.abs(first) < _CANCELS) | (np.abs(second) < _CANCELS)
    if near.any():
        e1, e2 = sums.complements_at(u[near])
        for whole, complement in ((first, e1), (second, e2)):
            whole[near] = np.where(np.abs(whole[near]) < _CANCELS, (complement - missing) / size, whole[near])
    return first, second


def joint_companions(
    sums: SpectralSums, model_size: Number, samples: Number | None, u: Complex, d1: Complex, d2: Complex
) -> tuple[Complex, Complex]:
    """-z/u and -dz/du, of both gaps where there are samples: m nu and (1 - d2/M) nu + m (d1 - d2)/N."""
    first, second = companions(sums, model_size, u, d1, d2)
    if samples is None:
        return first, second
    gap, derived = companions(sums, samples, u, d1, d2)
    return first * gap, second * gap + first * (derived - gap)
