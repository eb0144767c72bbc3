"""Few places that stand for many modes as long as these hardly move.

Formula: over steps in which z_c sum 2 gamma <= REACH, products of q are polynomials in z, known on [0, z_c] from
Chebyshev's nodes, and in |z| <= z_c from roots of unity, to 1e-17 of their largest value there, which is not e^REACH
times the least. So sums over modes there are sums over these places c_i, with weights sum_n x_n L_i(z_n); and what such
functions are at a mode is sum_i L_i(z_n) times what they are at the places. What is zero at z = 0 is interpolated as z
times a polynomial, so that it keeps its digits where modes are slowest.
Source: D65.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from riskcalc.quantity import Array, Real

_REACH = 2.0  # -log of a product of q at the fastest of the slow modes
_REAL, _COMPLEX = 16, 24  # places


@dataclass(frozen=True, kw_only=True, eq=False)
class BlockNodes:
    """Of k lists of n modes, descending: the first `fast` stand for themselves, a few places for the others.

    position: (k, m), the fast modes and the places. whole: L_i(z_n). change: L_i(z_n) z_n/c_i. Both of the slow modes,
    (k, n - fast, m - fast).
    """

    position: Array
    fast: int
    whole: Array
    change: Array

    def gathered(self, weights: Array) -> Array:
        """Weights of modes, (k, r, n), as weights of the nodes, (k, r, m)."""
        return self._joined(weights, self.whole)

    def gathered_for_change(self, weights: Array) -> Array:
        """The same for functions that are zero at z = 0."""
        return self._joined(weights, self.change)

    def spread(self, values: Array) -> Array:
        """A function at the nodes, (k, r, m), at the modes, (k, r, n)."""
        return self._joined(values, self.whole.swapaxes(-1, -2))

    def lost(self, gone: Array) -> Array:
        """1 - P at the slow modes, (..., k, n - fast), from that at the places, (..., k, m - fast)."""
        return np.asarray((self.change @ gone[..., None])[..., 0])

    def left(self, state: Array, kept: Array, lost: Array) -> Array:
        """What is left of modes, (k, r, n). kept: P of the fast ones, (k, fast); lost: 1 - P of the slow ones."""
        slow, after = state[..., self.fast :], np.empty_like(state)
        np.multiply(state[..., : self.fast], kept[:, None], out=after[..., : self.fast])
        np.subtract(slow, slow * lost[:, None], out=after[..., self.fast :])
        return after

    def _joined(self, values: Array, table: Array) -> Array:
        return np.concatenate([values[..., : self.fast], values[..., self.fast :] @ table], axis=-1)


def block_nodes(position: Array, *, furthest: float) -> BlockNodes:
    """Nodes for blocks of steps over which sum 2 gamma <= `furthest`. position: (k, n)."""
    size = np.abs(position)
    limit = _REACH / furthest if furthest > 0 else np.inf
    fast = int(np.flatnonzero((size > limit).any(axis=0)).max(initial=-1)) + 1
    limit = min(limit, float(size[:, fast:].max(initial=0.0)))
    unit = _unity() if np.iscomplexobj(position) else (1 + _chebyshev()) / 2
    if position.shape[1] - fast <= unit.size or not limit > 0:
        nothing = np.zeros((len(position), 0, 0))
        return BlockNodes(position=position, fast=position.shape[1], whole=nothing, change=nothing)
    slow, places = position[:, fast:] / limit, np.broadcast_to(unit, (len(position), unit.size))
    whole = _on_circle(slow) if np.iscomplexobj(position) else _on_interval(slow)
    return BlockNodes(
        position=np.concatenate([position[:, :fast], limit * places], axis=-1),
        fast=fast,
        whole=whole,
        change=whole * (slow[..., None] / unit),
    )


@lru_cache
def _unity() -> Array:
    return np.asarray(np.exp(2j * np.pi * (np.arange(_COMPLEX) + 0.5) / _COMPLEX))


@lru_cache
def _chebyshev() -> Real:
    return np.asarray(np.cos((np.arange(_REAL) + 0.5) * np.pi / _REAL))


def _on_circle(points: Array) -> Array:
    """L_i at points of the unit disc, (..., places)."""
    powers = points[..., None] ** np.arange(_COMPLEX)
    return np.asarray(powers @ (_unity() ** -np.arange(_COMPLEX)[:, None]) / _COMPLEX)


@lru_cache
def _to_series() -> Real:
    """Array at Chebyshev's nodes to coefficients of his polynomials, transposed."""
    table = np.polynomial.chebyshev.chebvander(_chebyshev(), _REAL - 1) * 2 / _REAL
    table[:, 0] /= 2
    return np.asarray(table.T)


def _on_interval(points: Real) -> Real:
    """L_i at points of [0, 1], (..., places)."""
    return np.asarray(np.polynomial.chebyshev.chebvander(2 * points - 1, _REAL - 1) @ _to_series())
