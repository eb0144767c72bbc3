"""What drives a stage, or is read of it, at points of a transform: w.M^-1 of both states and of the kernel, over modes.

Formula: M = (1 - zeta) + zeta N of each mode. By elimination for any number of moments; of three moments by powers of
one number, as sums over all points and sources are one product there. Source: D38.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from riskcalc.dynamics.characteristic import Characteristic
from riskcalc.dynamics.elimination import Rows, eliminated, part_of
from riskcalc.dynamics.ordered_modes import OrderedModes
from riskcalc.dynamics.points import Points
from riskcalc.quantity import Complex, Real


class Functional(Protocol):
    """w.M^-1 on ordered modes."""

    def parted(self, points: Points, first: int) -> tuple[Complex, Complex]:
        """Of bias state, variance state and kernel, (3, points) each: over the first modes and over the others.

        first: partners counted.
        """

    def shares(self, points: Points, count: int) -> Complex:
        """zeta times that of the kernel, of each of the first modes, partners included: (points, modes)."""


def functional(modes: OrderedModes, weights: Real) -> Functional:
    """weights: w, C or R of the map."""
    if modes.moments.size == 3:
        return _ByPowers.of(modes, weights)
    return _ByElimination(modes=modes, weights=weights)


@dataclass(frozen=True, kw_only=True)
class _ByPowers:
    found: Characteristic
    partners: int

    @classmethod
    def of(cls, modes: OrderedModes, weights: Real) -> _ByPowers:
        z = modes.modes.position[modes.order]
        loss = np.array([[modes.moments.loss(i, j, z)[0] for j in range(3)] for i in range(3)])
        everywhere = np.moveaxis(modes.modes.everywhere(loss), -1, 0)
        return cls(found=Characteristic.of(everywhere, weights, modes.sources), partners=modes.partners)

    def parted(self, points: Points, first: int) -> tuple[Complex, Complex]:
        return self.found.summed(points, slice(first)), self.found.summed(points, slice(first, None))

    def shares(self, points: Points, count: int) -> Complex:
        each = self.found.each(points, slice(self.partners * count), source=-1)
        return np.asarray(each.reshape(points.zeta.size, count, self.partners).sum(axis=-1))


@dataclass(frozen=True, kw_only=True)
class _ByElimination:
    modes: OrderedModes
    weights: Real

    def parted(self, points: Points, first: int) -> tuple[Complex, Complex]:
        rows = eliminated(points.zeta, points.gap, self.modes.everywhere).functional(self.weights)
        sources = self.modes.sources
        return summed(rows, sources, slice(first)), summed(rows, sources, slice(first, None))

    def shares(self, points: Points, count: int) -> Complex:
        shares = self._core_shares(points, count)
        if self.modes.partners == 1:
            return shares
        mirrored = Points(zeta=points.zeta.conj(), gap=points.gap.conj())
        return np.asarray(shares + self._core_shares(mirrored, count).conj())

    def _core_shares(self, points: Points, count: int) -> Complex:
        """Without partners, by the core alone: what follows it drives nothing."""
        core = slice(self.modes.moments.core)
        loss = [row[core] for row in part_of(self.modes.loss, slice(count))[core]]
        rows = eliminated(points.zeta, points.gap, loss).functional(self.weights[core])
        kernel = self.modes.kernel[:, :count]
        parts = [row * kernel[k] for k, row in enumerate(rows) if row is not None]
        return np.asarray(points.zeta[:, None] * sum(parts[1:], start=parts[0]))


def summed(rows: Rows, sources: Complex, modes: slice = slice(None)) -> Complex:
    """A functional of every source, added up over modes: (sources, points). rows: (points, n), one a moment."""
    parts = [row[:, modes] @ sources[modes, k] for k, row in enumerate(rows) if row is not None]
    return np.asarray(sum(parts[1:], start=parts[0]).T)
