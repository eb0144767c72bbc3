"""Spectral sums of power laws, at a cost independent of the dimension. Source: D02, D03."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.numeric.spectral_sum import power_law_sums
from riskcalc.quantity import Complex, Real
from riskcalc.spectral.sums import Moments, moderate


@dataclass(frozen=True, kw_only=True)
class PowerLawSums:
    """Sums of a power-law problem, at a cost independent of the dimension; a and b exactly as they were given."""

    a: Fraction
    b: Fraction
    dimension: int | None
    spectrum_scale: float
    signal_scale: float

    @property
    def largest(self) -> float:
        return self.spectrum_scale

    @property
    def smallest(self) -> float:
        return 0.0 if self.dimension is None else self.spectrum_scale * float(self.dimension) ** -float(self.a)

    @property
    def rank(self) -> float:
        return np.inf if self.dimension is None else self.dimension  # whole: beyond 2^53 a float would round it

    @property
    def target_norm(self) -> float | None:
        if self.b - self.a <= 1:
            return None
        norm = self.signal_scale / self.spectrum_scale * self._power_sum(self.b - self.a)
        return moderate(norm, self)

    def at(self, u: ArrayLike) -> tuple[Complex, Complex, Complex]:
        return self._with_signal(u, self.b, self.signal_scale / self.spectrum_scale)

    def tame_at(self, u: ArrayLike) -> tuple[Complex, Complex, Complex]:
        return self._with_signal(u, self.b - self.a, self.signal_scale / self.spectrum_scale**2)

    def _with_signal(self, u: ArrayLike, exponent: Fraction, scale: float) -> tuple[Complex, Complex, Complex]:
        exponents = ((self.a, 1), (2 * self.a, 2), (exponent, 1))
        scaled = np.asarray(u, dtype=np.complex128) / self.spectrum_scale
        d1, d2, signal = power_law_sums(scaled, a=self.a, dimension=self.dimension, exponents=exponents)
        return d1, d2, scale * signal

    def complements_at(self, u: ArrayLike) -> tuple[Complex, Complex]:
        scaled = np.asarray(u, dtype=np.complex128) / self.spectrum_scale
        if self.dimension is None:
            endless = np.full_like(scaled, np.inf)
            return endless, endless
        inverse, share = power_law_sums(scaled, a=self.a, dimension=self.dimension, exponents=((0, 1), (self.a, 2)))
        return scaled * inverse, scaled * (inverse + share)

    def freedom_at(self, u: Real, order: int = 1) -> Real:
        scaled, exponents = u / self.spectrum_scale, ((order * self.a, order),)
        (found,) = power_law_sums(scaled, a=self.a, dimension=self.dimension, exponents=exponents)
        return np.asarray(found.real)

    def unfitted_at(self, u: Real) -> tuple[Real, Real, Real, Real]:
        exponents = ((self.a, 1), (2 * self.a, 2), (self.b, 1), (self.b, 2))
        scaled = np.asarray(u, dtype=np.float64) / self.spectrum_scale
        found = power_law_sums(scaled, a=self.a, dimension=self.dimension, exponents=exponents)
        d1, d2, once, twice = (np.asarray(value.real) for value in found)
        return d1, d2, self.signal_scale * scaled * once, self.signal_scale * scaled**2 * twice

    def _power_sum(self, exponent: Fraction) -> float:
        sums = power_law_sums(1.0, a=self.a, dimension=self.dimension, exponents=((exponent, 0),))
        return float(sums[0].real)

    def moments(self) -> Moments:
        return self._moments

    @cached_property
    def _moments(self) -> Moments:
        trace, square, signal = (self._power_sum(exponent) for exponent in (self.a, 2 * self.a, self.b))
        return Moments(
            trace=self.spectrum_scale * trace,
            square=self.spectrum_scale**2 * square,
            signal=self.signal_scale * signal,
        )
