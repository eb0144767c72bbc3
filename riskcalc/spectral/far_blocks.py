"""Sums over very many eigenvalues at points that are not near them, from a few moments a block.

Formula: eigenvalues within a factor of each other lie at c + h x, |x| <= 1. With z = -(u + c)/h, s = sqrt(z^2 - 1),
r = z - s, |r| < 1, and moments m_k = sum_j g_j T_k(x_j) of Chebyshev's polynomials,
    sum g/(z - x)   = (2/s) sum'_k r^k m_k,
    sum g/(z - x)^2 = 2 sum'_k r^k (k/s^2 + z/s^3) m_k,
sum' with half of k = 0. As |m_k| <= m_0 for g >= 0, what is cut off at k = K is at most
    2 m_0 |r|^K/|s| (1/(1 - |r|)) and 2 m_0 |r|^K ((K + 1/(1 - |r|))/|s|^2 + |z|/|s|^3)/(1 - |r|),
whatever the eigenvalues are: clusters, gaps and repeated values need no care. Where that is not below rounding, which
is where u is near the block, the block is summed term by term. Source: D67.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from riskcalc.quantity import Complex, Real
from riskcalc.spectral.gauss_rules import blocks_of

_FACTOR = 2**0.5  # between eigenvalues of a block
_MOMENTS = 32
_ROUNDING = 2.0**-53
_AT_ONCE = 4096  # eigenvalues whose polynomials are formed together: a table that a processor keeps near


@dataclass(frozen=True, kw_only=True, eq=False)
class FarBlock:
    """A part of the descending eigenvalues; all weights that sums need are functions of them."""

    part: slice
    centre: float
    half: float

    def moments(self, eigenvalues: Real, weights: Real) -> Real:
        """Of weights (m, n) on the eigenvalues of the block: (m, K)."""
        places = np.clip((eigenvalues[self.part] - self.centre) / self.half, -1.0, 1.0)
        found = np.zeros((len(weights), _MOMENTS))
        table = np.empty((_MOMENTS, min(places.size, _AT_ONCE)))
        for start in range(0, places.size, _AT_ONCE):
            x, g = places[start : start + _AT_ONCE], weights[:, start : start + _AT_ONCE]
            polynomials, twice = table[:, : x.size], 2 * x
            polynomials[0], polynomials[1] = 1.0, x
            for before, last, following in zip(polynomials, polynomials[1:], polynomials[2:], strict=False):
                np.multiply(twice, last, out=following)
                following -= before
            found += g @ polynomials.T
        return found

    def seen_from(self, u: Complex) -> View:
        z = -(u + self.centre) / self.half
        root = np.sqrt(z - 1) * np.sqrt(z + 1)  # of the branch with |z - root| < 1
        return View(z=z, root=root, ratio=1 / (z + root))


@dataclass(frozen=True, kw_only=True, eq=False)
class View:
    """A block from points u."""

    z: Complex
    root: Complex
    ratio: Complex

    @property
    def is_far(self) -> NDArray[np.bool_]:
        """Where what is cut off is below rounding, relative to the moment of order 0 over the distance."""
        ratio, root, z = np.abs(self.ratio), np.abs(self.root), np.abs(self.z)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            once = 2 * ratio**_MOMENTS / (1 - ratio) / root * z
            twice = 2 * ratio**_MOMENTS / (1 - ratio) * ((_MOMENTS + 1 / (1 - ratio)) / root**2 + z / root**3) * z**2
        return np.asarray((once < _ROUNDING) & (twice < _ROUNDING))

    def once(self, moments: Real) -> Complex:
        """sum g/(x - z), at each point."""
        return np.asarray(-2 / self.root * (self._powers @ self._halved(moments)))

    def twice(self, moments: Real) -> Complex:
        """sum g/(x - z)^2."""
        powers, halved = self._powers, self._halved(moments)
        k = np.arange(_MOMENTS)
        return np.asarray(2 / self.root**2 * (powers @ (k * halved) + self.z / self.root * (powers @ halved)))

    @cached_property
    def _powers(self) -> Complex:
        return np.asarray(self.ratio[:, None] ** np.arange(_MOMENTS))

    def _halved(self, moments: Real) -> Real:
        return np.concatenate([moments[:1] / 2, moments[1:]])


def far_blocks(eigenvalues: Real, *, least: int) -> tuple[list[FarBlock], list[slice]]:
    """The blocks of so many descending eigenvalues at least; and the other parts."""
    far, rest = [], []
    for part in blocks_of(eigenvalues, factor=_FACTOR):
        high, low = float(eigenvalues[part.start]), float(eigenvalues[part.stop - 1])
        if part.stop - part.start < least:
            rest.append(part)
        else:
            # a block of equal eigenvalues has a width all the same
            half = max((high - low) / 2, 1e-3 * high)
            far.append(FarBlock(part=part, centre=(high + low) / 2, half=half))
    return far, rest
