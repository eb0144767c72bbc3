"""The three spectral sums a problem enters by, and its moments.

Formula: d1(u) = sum lambda/(lambda + u), d2(u) = sum lambda^2/(lambda + u)^2, sig(u) = sum lambda w^2/(lambda + u).
Where W = sum w^2 is finite and moderate, sig(u) = W - u tame(u) with tame(u) = sum w^2/(lambda + u): near u = 0 the
constant W hides the small part that matters at late times, so the contour works with `tame` instead. Source: D02.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from riskcalc.errors import InvalidInput
from riskcalc.numeric.spectral_sum import power_law_sums
from riskcalc.problem import LogarithmicPowerLaw, PowerLaw, PowerLawSignal, Problem, Regression
from riskcalc.problem.multiple_outputs import as_one

Complex = NDArray[np.complex128]

_MODERATE = 100.0  # largest W, in units of the signal power over the largest eigenvalue, worth taking out
_CLOSEST = Fraction(1, 10**100)  # of b to 1
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

    @property
    def target_norm(self) -> float | None:
        """W = sum w^2, None where it is infinite or too large to be worth taking out."""

    def at(self, u: ArrayLike) -> tuple[Complex, Complex, Complex]:
        """d1, d2, sig at complex u, each of the shape of u."""

    def tame_at(self, u: ArrayLike) -> tuple[Complex, Complex, Complex]:
        """d1, d2, tame at complex u, each of the shape of u."""

    def complements_at(self, u: ArrayLike) -> tuple[Complex, Complex]:
        """v - d1 and v - d2 at complex u, each of the shape of u; both infinite where v is."""

    def moments(self) -> Moments:
        """The moments at u = infinity."""


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
    def rank(self) -> float:
        return np.inf if self.dimension is None else self.dimension  # whole: beyond 2^53 a float would round it

    @property
    def target_norm(self) -> float | None:
        if self.b - self.a <= 1:
            return None
        norm = self.signal_scale / self.spectrum_scale * self._power_sum(self.b - self.a)
        return _moderate(norm, self)

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

    def _power_sum(self, exponent: Fraction) -> float:
        sums = power_law_sums(1.0, a=self.a, dimension=self.dimension, exponents=((exponent, 0),))
        return float(sums[0].real)

    def moments(self) -> Moments:
        trace, square, signal = (self._power_sum(exponent) for exponent in (self.a, 2 * self.a, self.b))
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
        return self.eigenvalues.size

    @property
    def target_norm(self) -> float | None:
        with np.errstate(over="ignore"):  # of eigenvalues near the smallest floats: infinite, and not taken out
            return _moderate(float((self.power / self.eigenvalues).sum()), self)

    def at(self, u: ArrayLike) -> tuple[Complex, Complex, Complex]:
        return self._with_signal(u, self.power)

    def tame_at(self, u: ArrayLike) -> tuple[Complex, Complex, Complex]:
        return self._with_signal(u, self.power / self.eigenvalues)

    def complements_at(self, u: ArrayLike) -> tuple[Complex, Complex]:
        points = np.asarray(u, dtype=np.complex128)

        def terms(inverse: Complex) -> tuple[Complex, ...]:
            return inverse.sum(axis=1), (self.eigenvalues * inverse**2).sum(axis=1)

        inverse, share = self._summed(points, terms, count=2)
        return points * inverse, points * (inverse + share)

    def _with_signal(self, u: ArrayLike, signal: NDArray[np.float64]) -> tuple[Complex, Complex, Complex]:
        def terms(inverse: Complex) -> tuple[Complex, ...]:
            share = self.eigenvalues * inverse
            return share.sum(axis=1), (share**2).sum(axis=1), (signal * inverse).sum(axis=1)

        d1, d2, response = self._summed(np.asarray(u, dtype=np.complex128), terms, count=3)
        return d1, d2, response

    def _summed(self, points: Complex, terms: Callable[[Complex], tuple[Complex, ...]], *, count: int) -> Complex:
        """So many sums over the spectrum, of what `terms` makes of 1/(lambda + u), block by block of the points."""
        flat = points.reshape(-1)
        sums = np.empty((count, flat.size), dtype=np.complex128)
        block = max(1, _BLOCK // self.eigenvalues.size)
        for start in range(0, flat.size, block):
            part = slice(start, start + block)
            sums[:, part] = terms(1 / (self.eigenvalues + flat[part, None]))
        return sums.reshape(count, *points.shape)

    def moments(self) -> Moments:
        return Moments(
            trace=float(self.eigenvalues.sum()),
            square=float((self.eigenvalues**2).sum()),
            signal=float(self.power.sum()),
        )


def _check_range(spectrum: PowerLaw, signal: PowerLawSignal) -> None:
    """What float64 carries through the powers of j and u that occur."""
    for name, value, low, high in (
        ("a", spectrum.a, Fraction(1, 1000), 20),
        ("b", signal.b, -20, 60),
        ("dimension", spectrum.dimension or 1, 1, 10**18),
    ):
        if not low <= value <= high:
            raise InvalidInput(f"the equivalent takes {name} from {float(low):g} to {high:.6g}, not {float(value):.6g}")


def _moderate(norm: float, sums: SpectralSums) -> float | None:
    return norm if norm * sums.largest <= _MODERATE * sums.moments().signal else None


def spectral_sums(regression: Regression) -> SpectralSums:
    """The sums of a problem, by the cheapest way that is exact for it; several outputs of one law count as one."""
    problem = as_one(regression)
    spectrum, signal = problem.spectrum, problem.power_law_signal
    if spectrum.dimension is None and signal is not None and Fraction(signal.b) - 1 < _CLOSEST:
        raise InvalidInput(
            f"b - 1 = {float(Fraction(signal.b) - 1):.3g} is below {float(_CLOSEST):.0e}: in float64 the signal power, "
            "about 1/(b - 1), over a small eigenvalue would overflow; use a larger b, or for two power laws "
            "Equivalent(digits=15)"
        )
    if isinstance(spectrum, LogarithmicPowerLaw) and spectrum.dimension is None:
        from riskcalc.equivalent.logarithmic_sums import logarithmic_sums

        return logarithmic_sums(problem)
    if isinstance(spectrum, PowerLaw) and signal is not None:
        _check_range(spectrum, signal)
        return PowerLawSums(
            a=Fraction(spectrum.a),
            b=Fraction(signal.b),
            dimension=spectrum.dimension,
            spectrum_scale=float(spectrum.scale),
            signal_scale=float(signal.scale),
        )
    return ExplicitSums(problem)
