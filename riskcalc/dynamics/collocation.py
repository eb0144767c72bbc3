"""A panel of many steps: a linear recursion solved by a polynomial in the step.

Formula: for y(t+1) = (1 - c(t)) y(t) + r(t) on t0 <= t < t0 + L, y is a polynomial of degree p in tau = (t - t0)/L that
satisfies L (y(tau_i) - y(tau_i - 1/L)) + L c_i y(tau_i - 1/L) = L r_i at p nodes, c_i and r_i at the step before, with
tau_p = 1. Nodes: those of Radau's quadrature, right end included, to which rule it reduces as L grows; so a mode with
c L large is on its slow manifold at the end of the panel, whatever it was at its start.
Valid: the first node lies at least one step into the panel (`shortest_panel`). Source: D26.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from riskcalc.quantity import Array, Real

_NEGLIGIBLE = 1e-18


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Steps start, ..., start + length, and polynomials of `degree` on them."""

    start: int
    length: int
    degree: int

    @property
    def stop(self) -> int:
        return self.start + self.length

    @cached_property
    def before(self) -> Real:
        """The step before each node, counted from `start`, real-valued: where step size and noise are read."""
        return self.length * nodes(self.degree)[1:] - 1

    @cached_property
    def places(self) -> Real:
        """0 and the nodes, in steps from `start`."""
        return self.length * nodes(self.degree)

    @cached_property
    def difference(self) -> Real:
        """Values at 0 and the nodes to L (y(tau) - y(tau - 1/L)) at the nodes, shape (p, p + 1).

        By Taylor's series, which ends after p terms: the difference itself would cancel for long panels.
        """
        slope, shift = _differentiation(self.degree), -1 / self.length
        total, term = np.zeros_like(slope), slope
        for order in range(2, self.degree + 2):
            total = total + term
            term = term @ slope * (shift / order)
            if np.abs(term).max() < _NEGLIGIBLE * np.abs(total).max():
                break
        return np.asarray(total[1:])

    @cached_property
    def shift(self) -> Real:
        """Values at 0 and the nodes to y(tau - 1/L) at the nodes, shape (p, p + 1)."""
        return np.eye(self.degree + 1)[1:] - self.difference / self.length

    @cached_property
    def summing(self) -> Real:
        """L r_i to y - y(0) at the nodes where nothing is lost, shape (p, p)."""
        return np.asarray(np.linalg.inv(self.difference[:, 1:]))

    def solve(self, decay: Array, functional: Real) -> tuple[Array, Array]:
        """Inverse (n, p + s, s p) and response (n, p + s, s) of y = response y(0) + inverse L r, for s joint unknowns.

        The rows are functional.y at each node, then y at the last one.
        decay: L c_i, a matrix at every node, shape (n, s, s, p). functional: (s,).
        """
        size, degree = decay.shape[1], self.degree
        if size == 1:
            known, unknown = self.matrix(decay)
            inverse = np.linalg.inv(unknown)
            inverse = np.concatenate([functional[0] * inverse, inverse[:, -1:]], axis=1)
            return inverse, -(inverse @ known)
        # rows of an inverse keep their digits where all unknowns are of one size
        scale = _balancing(decay)
        known, unknown = self.matrix(decay / scale[:, :, None, None] * scale[:, None, :, None])
        ends = np.eye(size)[:, :, None] * np.eye(degree)[-1]
        wanted = np.concatenate([np.multiply.outer(np.eye(degree), functional).swapaxes(1, 2), ends])
        rows = (wanted * scale[:, None, :, None]).reshape(len(decay), -1, size * degree)
        solved = np.linalg.solve(unknown.swapaxes(1, 2), rows.swapaxes(1, 2)).swapaxes(1, 2)
        response = -(solved @ known) / scale[:, None, :]
        inverse = solved.reshape(len(decay), -1, size, degree) / scale[:, None, :, None]
        return inverse.reshape(solved.shape), response

    def follow(self, decay: Array, start: Array, source: Array) -> Array:
        """y at 0 and the nodes, (2, s, n, p + 1). start: (2, s, n). decay, source: (n, s, s, p), L r_i (2, s, n, p)."""
        size = start.shape[1]
        known, unknown = self.matrix(decay)
        forced = source.transpose(2, 1, 3, 0).reshape(len(decay), -1, 2) - known @ start.transpose(2, 1, 0)
        at_nodes = np.linalg.solve(unknown, forced).reshape(len(decay), size, self.degree, 2).transpose(3, 1, 0, 2)
        return np.concatenate([start[..., None], at_nodes], axis=-1)

    def add_up(self, start: Array, source: Array) -> Array:
        """y at 0 and the nodes where nothing is lost; shapes as in `follow`."""
        return np.concatenate([start[..., None], start[..., None] + source @ self.summing.T], axis=-1)

    def matrix(self, decay: Array) -> tuple[Array, Array]:
        """What multiplies y(0), (n, s p, s), and y at the nodes, (n, s p, s p)."""
        weighted = self._weighted(decay)
        for k in range(decay.shape[1]):
            weighted[:, k, k] += self.difference
        return _as_system(weighted)

    def weighted(self, decay: Array) -> tuple[Array, Array]:
        """What L c adds to it."""
        return _as_system(self._weighted(decay))

    def _weighted(self, decay: Array) -> Array:
        return np.asarray(decay[..., None] * self.shift)

    def coefficients(self, values: Real) -> Real:
        """Legendre coefficients of polynomials given at 0 and the nodes (last axis)."""
        return np.asarray(values @ _to_legendre(self.degree).T)

    def inside(self, values: Real, steps: Real) -> Real:
        """Polynomials given at 0 and the nodes (last axis), read at `steps` counted from `start`."""
        points = np.polynomial.legendre.legvander(2 * steps / self.length - 1, self.degree)
        return np.asarray(self.coefficients(values) @ points.T)


def shortest_panel(degree: int) -> int:
    """Steps of the shortest panel whose first node lies at least one step into it."""
    return int(np.ceil(1 / nodes(degree)[1]))


def _as_system(blocks: Array) -> tuple[Array, Array]:
    """(n, s, s, p, p + 1) as what multiplies y(0) and y at the nodes."""
    count, size, _, degree, _ = blocks.shape
    rows = blocks.transpose(0, 1, 3, 2, 4)
    return rows[..., 0].reshape(count, size * degree, size), rows[..., 1:].reshape(count, size * degree, size * degree)


def _balancing(decay: Array) -> Real:
    """Units of the unknowns, (n, s), in which the first feeds each as much as it is fed by it."""
    given, taken = (np.abs(part).max(axis=-1) for part in (decay[:, :, 0], decay[:, 0]))
    scale = np.sqrt(np.divide(given, taken, out=np.ones_like(given), where=(given > 0) & (taken > 0)))
    scale[:, 0] = 1
    return np.asarray(scale)


@lru_cache
def nodes(degree: int) -> Real:
    """0, and the Radau nodes in (0, 1], of which the last is 1."""
    from scipy.special import roots_jacobi

    inner = roots_jacobi(degree - 1, 1, 0)[0]
    return np.concatenate([[0.0], (1 + inner) / 2, [1.0]])


@lru_cache
def _differentiation(degree: int) -> Real:
    """Values at 0 and the nodes to slopes there."""
    places = nodes(degree)
    gaps = places[:, None] - places
    np.fill_diagonal(gaps, 1)
    weights = 1 / gaps.prod(axis=1)
    slopes = weights / weights[:, None] / gaps
    np.fill_diagonal(slopes, 0)
    np.fill_diagonal(slopes, -slopes.sum(axis=1))
    return np.asarray(slopes)


@lru_cache
def _to_legendre(degree: int) -> Real:
    return np.asarray(np.linalg.inv(np.polynomial.legendre.legvander(2 * nodes(degree) - 1, degree)))
