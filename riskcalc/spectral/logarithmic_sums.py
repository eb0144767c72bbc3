"""Spectral sums of the logarithmic spectrum lambda_j = j^-1 log^-a(j+1) in infinite dimension.

Formula: sum_j g(lambda_j, log j) = sum_{j<J} + g/2 at J - (dg/dj)/12 at J + int_{log J}^{oo} g e^s ds. The integral
runs from log J straight down and on at a height h(s) below the real axis: for Im u >= 0 the zeros of lambda(s) + u lie
on its other side, as long as the argument of lambda on it, h (1 + a/s), stays below pi. Beyond log j = top, where
lambda << |u|, what is left is an elementary integral. The small numbers a - 1 and b - 1, by which that is divided, are
formed from the exact a and b. Source: D25.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.problem import GaussianPrior, LogarithmicPowerLaw, PowerLawSignal, Problem
from riskcalc.quantity import Complex, Real, held, of_type
from riskcalc.spectral.sums import Moments, moderate

_HEAD = 4000  # terms summed one by one
_STEP = 4.0  # of the difference for the slope at the end of the head, in j
_NODES = 24  # Gauss nodes on each leg
_LEG = 1.5  # length of a leg, in heights of the path
_HEIGHT = 1.0  # of the path below the real axis, in log j; less for large a
_FAR = 48.0  # lambda/|u| < exp(-48) beyond the last leg
_FARTHEST = 700.0  # log j: exp(-700) is the last that float64 holds
_TAME_FROM = 2.6  # b from which sum w^2 is summed; closer to 2 it is infinite, or its tail too long
_BLOCK = 2_000_000  # entries of a nodes-by-points table


@dataclass(frozen=True, kw_only=True)
class LogarithmicSums:
    """b: exponent of the signal power, None for an isotropic prior; both scales as in `PowerLawSums`."""

    a: Fraction
    b: Fraction | None
    spectrum_scale: float
    signal_scale: float

    @property
    def largest(self) -> float:
        return float(self.spectrum_scale / math.log(2) ** float(self.a))

    @property
    def smallest(self) -> float:
        return 0.0

    @property
    def rank(self) -> float:
        return math.inf

    @cached_property
    def target_norm(self) -> float | None:
        if self.b is None or self.b < _TAME_FROM:
            return None
        power = float(self.power)
        norm = float(self._total(lambda eigenvalue, s: np.exp(-power * s) / eigenvalue, self._tame_top).real)
        norm *= self.signal_scale / self.spectrum_scale
        return moderate(norm, self)

    def at(self, u: ArrayLike) -> tuple[Complex, Complex, Complex]:
        return self._parts(u, tame=False)

    def tame_at(self, u: ArrayLike) -> tuple[Complex, Complex, Complex]:
        return self._parts(u, tame=True)

    def complements_at(self, u: ArrayLike) -> tuple[Complex, Complex]:
        endless = np.full(np.shape(u), np.inf, dtype=np.complex128)
        return endless, endless

    def freedom_at(self, u: Real, order: int = 1) -> Real:
        return np.asarray(self.at(u)[order - 1].real)

    def unfitted_at(self, u: Real) -> tuple[Real, Real, Real, Real]:
        points = np.asarray(u, dtype=np.float64)
        d1, d2, signal = self.at(points)
        once = points * signal.real
        if self.b is None:  # lambda/(lambda + u) - lambda^2/(lambda + u)^2 = u lambda/(lambda + u)^2
            return d1.real, d2.real, once, points * self.signal_scale * (d1 - d2).real
        flat = points.ravel() / self.spectrum_scale
        top = self._top(flat)
        s, eigenvalue, weight = self._grid(top)
        twice = np.array([((u / (eigenvalue + u)) ** 2 * np.exp(-float(self.b) * s)) @ weight for u in flat])
        twice = self.signal_scale * (twice + self._signal_beyond(top)).real
        return d1.real, d2.real, once, twice.reshape(points.shape)

    def moments(self) -> Moments:
        scale = self.spectrum_scale
        beyond = self._trace_beyond(_FARTHEST)
        trace = float((self._total(lambda eigenvalue, s: eigenvalue, _FARTHEST) + beyond).real)
        square = float(self._total(lambda eigenvalue, s: eigenvalue**2, _FARTHEST).real)
        if self.b is None:
            signal = trace * scale
        else:
            beyond, power = self._signal_beyond(_FARTHEST), float(self.power)
            signal = float((self._total(lambda eigenvalue, s: np.exp(-power * s), _FARTHEST) + beyond).real)
        return Moments(trace=scale * trace, square=scale**2 * square, signal=self.signal_scale * signal)

    @property
    def power(self) -> Fraction:
        return held(self.b, "the exponent b")  # asked only with it

    @property
    def _tame_top(self) -> float:
        """log j beyond which what is left of sum w^2 is below rounding."""
        return min(_FARTHEST, float((40 + 5 * self.a) / (self.power - 2)))

    @staticmethod
    def _top(size: Real) -> float:
        """log j beyond which all of lambda is far below |u|."""
        return max(60.0, _FAR - math.log(size.min()))

    def _height(self, s: float) -> float:
        """Of the path at log j = s: half way at most to where lambda(s) + u could vanish below it."""
        return min(_HEIGHT, math.pi / 2 / (1 + float(self.a) / s))

    def _trace_beyond(self, top: float) -> complex:
        """sum lambda_j from log j = top on."""
        rest = float(self.a - 1)
        return complex((top - 1j * self._height(top)) ** -rest / rest)

    def _signal_beyond(self, top: float) -> complex:
        """sum j^-b from log j = top on."""
        rest = float(self.power - 1)
        return complex(np.exp(-rest * (top - 1j * self._height(top))) / rest)

    def _parts(self, u: ArrayLike, *, tame: bool) -> tuple[Complex, Complex, Complex]:
        points = np.asarray(u, dtype=np.complex128) / self.spectrum_scale
        flat = points.ravel()
        above = np.where(flat.imag >= 0, flat, flat.conj())
        found = np.empty((3, flat.size), dtype=np.complex128)
        top = self._top(np.abs(above))
        if tame:
            top = max(top, self._tame_top)
        grid = self._grid(top)
        block = max(1, _BLOCK // grid[0].size)
        for start in range(0, flat.size, block):
            part = slice(start, start + block)
            found[:, part] = self._sums(above[part], grid, top, tame=tame)
        found = np.where(flat.imag >= 0, found, found.conj())
        signal_scale = self.signal_scale / self.spectrum_scale ** (2 if tame else 1)
        if self.b is None:
            signal_scale = self.signal_scale
        found[2] *= signal_scale
        d1, d2, signal = found.reshape(3, *points.shape)
        return d1, d2, signal

    def _sums(self, u: Complex, grid: _Grid, top: float, *, tame: bool) -> Complex:
        """d1, d2 and the sum with the signal, in units in which both scales are 1."""
        s, eigenvalue, weight = grid
        inverse = 1 / (eigenvalue + u[:, None])
        share = eigenvalue * inverse
        d1, d2 = share @ weight, share**2 @ weight
        d1 += self._trace_beyond(top) / u
        if self.b is None:
            return np.stack([d1, d2, d1])
        power = np.exp(-float(self.b) * s) / (eigenvalue if tame else 1)
        signal = inverse @ (power * weight)
        if not tame:
            signal += self._signal_beyond(top) / u
        return np.stack([d1, d2, signal])

    def _total(self, function: Callable[[Complex, Complex], Complex], top: float) -> complex:
        """sum_j function(lambda_j, log j) up to log j = top."""
        s, eigenvalue, weight = self._grid(top)
        return complex(function(eigenvalue, s) @ weight)

    def _grid(self, top: float) -> _Grid:
        """log j, lambda_j and weights: terms, the correction at the end of the head, and nodes of the integral."""
        nodes, weights = np.polynomial.legendre.leggauss(_NODES)
        low = math.log(_HEAD)
        along = [low]
        while along[-1] < top:
            along.append(min(top, along[-1] + _LEG * self._height(along[-1])))
        corners = np.array([low, *(s - 1j * self._height(s) for s in along)])
        half = np.diff(corners)[:, None] / 2
        path = ((corners[:-1] + corners[1:])[:, None] / 2 + half * nodes).ravel()
        path_weights = (half * weights).ravel() * np.exp(path)
        end = np.log(_HEAD + np.array([-_STEP, 0.0, _STEP]))
        end_weights = np.array([1 / (24 * _STEP), 0.5, -1 / (24 * _STEP)])
        head = np.log(np.arange(1, _HEAD, dtype=np.float64))
        s = np.concatenate([head, end, path])
        eigenvalue = np.exp(-s) / (s + np.log1p(np.exp(-s))) ** float(self.a)
        return s, eigenvalue, np.concatenate([np.ones(head.size), end_weights, path_weights])


_Grid = tuple[Complex, Complex, Complex]


def logarithmic_sums(problem: Problem) -> LogarithmicSums:
    """The sums of a problem with a logarithmic spectrum in infinite dimension."""
    spectrum = of_type(problem.spectrum, LogarithmicPowerLaw, "spectrum", "LogarithmicPowerLaw(a=...)")
    law = PowerLawSignal | GaussianPrior  # an explicit signal has a dimension
    signal = of_type(problem.signal, law, "signal", "a power law or a prior, for it is infinite")
    return LogarithmicSums(
        a=Fraction(spectrum.a),
        b=None if signal.b is None else Fraction(signal.b),
        spectrum_scale=float(spectrum.scale),
        signal_scale=float(signal.scale),
    )
