"""What every deterministic road asks of a spectrum and a signal: three spectral sums, and moments.

Formula: d1(u) = sum lambda/(lambda + u), d2(u) = sum lambda^2/(lambda + u)^2, sig(u) = sum lambda w^2/(lambda + u).
Where W = sum w^2 is finite and moderate, sig(u) = W - u tame(u) with tame(u) = sum w^2/(lambda + u): near u = 0 the
constant W hides the small part that matters at late times, so the contour works with `tame` instead. Source: D02.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from numpy.typing import ArrayLike

from riskcalc.quantity import Complex, Real

_MODERATE = 100.0  # largest W, in units of the signal power over the largest eigenvalue, worth taking out


@dataclass(frozen=True, kw_only=True)
class Moments:
    """trace = sum lambda, square = sum lambda^2, signal = sum lambda w^2."""

    trace: float
    square: float
    signal: float


class SpectralSums(Protocol):
    """What the deterministic roads need to know about a problem."""

    @property
    def largest(self) -> float:
        """The largest eigenvalue."""

    @property
    def smallest(self) -> float:
        """The smallest positive eigenvalue, 0 where there are infinitely many."""

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

    def freedom_at(self, u: Real, order: int = 1) -> Real:
        """d1 or d2 alone, by its order, at real u off the spectrum."""

    def unfitted_at(self, u: Real) -> tuple[Real, Real, Real, Real]:
        """d1, d2, u sig and u^2 sum lambda w^2/(lambda + u)^2 at real u > 0: what a ridge of u leaves of the signal."""

    def moments(self) -> Moments:
        """The moments at u = infinity."""


def moderate(norm: float, sums: SpectralSums) -> float | None:
    """W where it is worth taking out."""
    return norm if norm * sums.largest <= _MODERATE * sums.moments().signal else None
