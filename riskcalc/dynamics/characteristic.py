"""A functional of three moments a mode by the characteristic polynomial: powers of one number, instead of eliminations.

Formula: with s = (1 - zeta)/zeta, w.((1 - zeta) + zeta N)^-1 x = w.adj(s + N) x/(zeta det(s + N)), where
det = s^3 + c_2 s^2 + c_1 s + c_0 and w.adj(s + N) x = n_2 s^2 + n_1 s + n_0 have coefficients that no point changes.
Sums over modes of all three sources are then one product of matrices. N is that of three moments, whose minors are
sums of terms of one sign (see `elimination`). Source: D38.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskcalc.dynamics.points import Points
from riskcalc.quantity import Array, Complex, Real


@dataclass(frozen=True, kw_only=True, eq=False)
class Characteristic:
    """below: c_0, c_1, c_2, (3, n). above: n_0, n_1, n_2 of every source, (n, 3 powers, sources)."""

    below: Array
    above: Array

    @classmethod
    def of(cls, loss: Array, weights: Real, sources: Array) -> Characteristic:
        """loss: N, (n, 3, 3). weights: w, (3,). sources: columns x, (n, 3, sources)."""
        adjoint = _adjoint(loss)
        determinant = np.einsum("nj,nj->n", loss[:, 0], adjoint[0, :, :, 0])
        below = np.stack([determinant, np.trace(adjoint[0], axis1=1, axis2=2), np.trace(loss, axis1=1, axis2=2)])
        rows = np.tensordot(adjoint, weights, axes=(2, 0)).swapaxes(0, 1)  # (n, 3 powers, 3)
        return cls(below=below, above=np.ascontiguousarray(rows @ sources))

    def summed(self, points: Points, modes: slice) -> Complex:
        """The functional of every source, summed over these modes: (sources, points)."""
        s, above = points.gap / points.zeta, self.above[modes]
        powers = s[:, None] ** np.arange(3)
        sums = (1 / self._determinant(s, modes)) @ above.reshape(len(above), 3 * above.shape[-1])
        parts = powers[:, :, None] * sums.reshape(s.size, 3, -1)
        return np.asarray(parts.sum(axis=1).T / points.zeta)

    def each(self, points: Points, modes: slice, source: int) -> Complex:
        """zeta times the functional of one source, of each of these modes: (points, modes)."""
        s = (points.gap / points.zeta)[:, None]
        least, middle, largest = self.above[modes, :, source].T
        return np.asarray(((largest * s + middle) * s + least) / self._determinant(s[:, 0], modes))

    def _determinant(self, s: Complex, modes: slice) -> Complex:
        least, middle, largest = self.below[:, modes]
        found = s[:, None] + largest
        for coefficient in (middle, least):
            found *= s[:, None]
            found += coefficient
        return np.asarray(found)


def _adjoint(loss: Array) -> Array:
    """Coefficients of 1, s, s^2 in adj(s + N), (3, n, 3, 3)."""
    found = np.zeros((3, *loss.shape), dtype=loss.dtype)
    for i in range(3):
        for j in range(3):
            (a, b), (c, d) = _others(i, j)
            found[0, :, i, j] = loss[:, a, c] * loss[:, b, d] - loss[:, a, d] * loss[:, b, c]
            found[1, :, i, j] = -loss[:, i, j]
        a, b = (i + 1) % 3, (i + 2) % 3
        found[1, :, i, i] = loss[:, a, a] + loss[:, b, b]
        found[2, :, i, i] = 1
    return found


def _others(i: int, j: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Rows and columns of the minor of an adjugate's entry i, j, in turn, so that no sign is needed."""
    return ((j + 1) % 3, (j + 2) % 3), ((i + 1) % 3, (i + 2) % 3)
