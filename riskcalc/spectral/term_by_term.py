"""Spectral sums over a list of eigenvalues, term by term. Source: D02."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.problem import Problem
from riskcalc.quantity import Complex, Real
from riskcalc.spectral.sums import Moments, moderate

_BLOCK = 4_000_000  # entries of a spectrum-by-points table


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
            return moderate(float((self.power / self.eigenvalues).sum()), self)

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

    def freedom_at(self, u: Real) -> Real:
        return self.unfitted_at(u)[0]

    def unfitted_at(self, u: Real) -> tuple[Real, Real, Real, Real]:
        points = np.asarray(u, dtype=np.float64)
        columns = []
        for place in points.reshape(-1):
            share, left = self.eigenvalues / (self.eigenvalues + place), place / (self.eigenvalues + place)
            columns.append((share.sum(), (share**2).sum(), (self.power * left).sum(), (self.power * left**2).sum()))
        d1, d2, once, twice = np.array(columns).T.reshape(4, *points.shape)
        return d1, d2, once, twice

    def _with_signal(self, u: ArrayLike, signal: Real) -> tuple[Complex, Complex, Complex]:
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
