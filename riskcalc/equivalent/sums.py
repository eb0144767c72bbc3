"""The three spectral sums a problem enters by, and its moments.

Formula: d1(u) = sum lambda/(lambda + u), d2(u) = sum lambda^2/(lambda + u)^2, sig(u) = sum lambda w^2/(lambda + u).
Source: D02.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from riskcalc.numeric.spectral_sum import power_law_sums
from riskcalc.problem import PowerLaw, PowerLawSignal, Problem

Complex = NDArray[np.complex128]

_BLOCK = 4_000_000  # entries of a spectrum-by-points table


@dataclass(frozen=True, kw_only=True)
class Moments:
    """trace = sum lambda, square = sum lambda^2, signal = sum lambda w^2."""

    trace: float
    square: float
    signal: float


class SpectralSums(Protocol):
    """What the equivalent needs to know about a problem."""

    @property
    def largest(self) -> float:
        """The largest eigenvalue."""

    @property
    def rank(self) -> float:
        """The number of positive eigenvalues, inf when infinite."""

    def at(self, u: ArrayLike) -> tuple[Complex, Complex, Complex]:
        """d1, d2, sig at complex u, each of the shape of u."""

    def moments(self) -> Moments:
        """The moments at u = infinity."""


@dataclass(frozen=True, kw_only=True)
class PowerLawSums:
    """Sums of a power-law problem, at a cost independent of the dimension."""

    a: float
    b: float
    dimension: int | None
    spectrum_scale: float
    signal_scale: float

    @property
    def largest(self) -> float:
        return self.spectrum_scale

    @property
    def rank(self) -> float:
        return np.inf if self.dimension is None else float(self.dimension)

    def at(self, u: ArrayLike) -> tuple[Complex, Complex, Complex]:
        exponents = ((self.a, 1), (2 * self.a, 2), (self.b, 1))
        scaled = np.asarray(u, dtype=np.complex128) / self.spectrum_scale
        d1, d2, sig = power_law_sums(scaled, a=self.a, dimension=self.dimension, exponents=exponents)
        return d1, d2, self.signal_scale / self.spectrum_scale * sig

    def moments(self) -> Moments:
        exponents = ((self.a, 0), (2 * self.a, 0), (self.b, 0))
        sums = power_law_sums(1.0, a=self.a, dimension=self.dimension, exponents=exponents)
        trace, square, signal = (float(value.real) for value in sums)
        return Moments(
            trace=self.spectrum_scale * trace,
            square=self.spectrum_scale**2 * square,
            signal=self.signal_scale * signal,
        )


class ExplicitSums:
    """Sums over an explicit spectrum, term by term; zero eigenvalues play no part."""

    def __init__(self, problem: Problem) -> None:
        eigenvalues, power = problem.eigenvalues(), problem.signal_power()
        positive = eigenvalues > 0
        self.eigenvalues, self.power = eigenvalues[positive], power[positive]

    @property
    def largest(self) -> float:
        return float(self.eigenvalues.max())

    @property
    def rank(self) -> float:
        return float(self.eigenvalues.size)

    def at(self, u: ArrayLike) -> tuple[Complex, Complex, Complex]:
        points = np.asarray(u, dtype=np.complex128)
        flat = points.reshape(-1)
        sums = np.empty((3, flat.size), dtype=np.complex128)
        block = max(1, _BLOCK // self.eigenvalues.size)
        for start in range(0, flat.size, block):
            part = slice(start, start + block)
            inverse = 1 / (self.eigenvalues + flat[part, None])
            share = self.eigenvalues * inverse
            sums[:, part] = share.sum(axis=1), (share**2).sum(axis=1), (self.power * inverse).sum(axis=1)
        d1, d2, sig = sums.reshape(3, *points.shape)
        return d1, d2, sig

    def moments(self) -> Moments:
        return Moments(
            trace=float(self.eigenvalues.sum()),
            square=float((self.eigenvalues**2).sum()),
            signal=float(self.power.sum()),
        )


def spectral_sums(problem: Problem) -> SpectralSums:
    """The sums of a problem, by the cheapest way that is exact for it."""
    spectrum, signal = problem.spectrum, problem.signal
    if isinstance(spectrum, PowerLaw) and isinstance(signal, PowerLawSignal):
        return PowerLawSums(
            a=float(spectrum.a),
            b=float(signal.b),
            dimension=spectrum.dimension,
            spectrum_scale=float(spectrum.scale),
            signal_scale=float(signal.scale),
        )
    return ExplicitSums(problem)
