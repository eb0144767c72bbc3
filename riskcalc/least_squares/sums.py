"""The four spectral sums of least squares at real u > 0.

Formula: d1 = sum lambda/(lambda + u), d2 = sum lambda^2/(lambda + u)^2, and of the signal power h_j = lambda_j w_j^2
first = u sum h/(lambda + u), second = u^2 sum h/(lambda + u)^2. Source: D34.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from riskcalc.errors import InvalidInput
from riskcalc.numeric.spectral_sum import power_law_sums
from riskcalc.problem import PowerLaw, PowerLawSignal, Problem

Real = NDArray[np.float64]

_BLOCK = 4_000_000  # entries of a spectrum-by-points table


@dataclass(frozen=True, kw_only=True)
class Sums:
    """trace: sum lambda. rank: number of positive eigenvalues, inf when infinite. at: d1, d2, first, second at u."""

    trace: float
    rank: float
    d1: Callable[[Real], Real]
    at: Callable[[Real], tuple[Real, Real, Real, Real]]


def sums_of(problem: Problem) -> Sums:
    """The sums of a problem: at a cost independent of the dimension for power laws, else term by term."""
    spectrum, signal = problem.spectrum, problem.signal
    if isinstance(spectrum, PowerLaw) and isinstance(signal, PowerLawSignal):
        return _power_law(spectrum, signal)
    eigenvalues, power = problem.eigenvalues(), problem.signal_power()
    positive = eigenvalues > 0
    return _explicit(eigenvalues[positive], power[positive])


def _power_law(spectrum: PowerLaw, signal: PowerLawSignal) -> Sums:
    a, b, scale = Fraction(spectrum.a), Fraction(signal.b), float(spectrum.scale)
    exponents = ((a, 1), (2 * a, 2), (b, 1), (b, 2))

    def at(u: Real) -> tuple[Real, Real, Real, Real]:
        place = np.asarray(u, dtype=np.float64) / scale
        found = power_law_sums(place, a=a, dimension=spectrum.dimension, exponents=exponents)
        d1, d2, first, second = (np.asarray(value.real) for value in found)
        height = float(signal.scale)
        return d1, d2, height * place * first, height * place**2 * second

    def d1(u: Real) -> Real:
        (found,) = power_law_sums(u / scale, a=a, dimension=spectrum.dimension, exponents=((a, 1),))
        return np.asarray(found.real)

    (total,) = power_law_sums(1.0, a=a, dimension=spectrum.dimension, exponents=((a, 0),))
    rank = np.inf if spectrum.dimension is None else float(spectrum.dimension)
    return Sums(trace=scale * float(total.real), rank=rank, d1=d1, at=at)


def _explicit(eigenvalues: Real, power: Real) -> Sums:
    if eigenvalues.size > _BLOCK:
        raise InvalidInput(f"an explicit spectrum of {eigenvalues.size} eigenvalues is too long for least squares")

    def at(u: Real) -> tuple[Real, Real, Real, Real]:
        points = np.asarray(u, dtype=np.float64)
        columns = []
        for place in points.reshape(-1):
            share, left = eigenvalues / (eigenvalues + place), place / (eigenvalues + place)
            columns.append((share.sum(), (share**2).sum(), (power * left).sum(), (power * left**2).sum()))
        d1, d2, first, second = np.array(columns).T.reshape(4, *points.shape)
        return d1, d2, first, second

    return Sums(trace=float(eigenvalues.sum()), rank=float(eigenvalues.size), d1=lambda u: at(u)[0], at=at)
