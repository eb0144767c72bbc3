"""Where to cut the angles so that 32 Gauss nodes resolve a given function of the cosine on every piece."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from riskcalc.kernel.quadrature import NODES
from riskcalc.quantity import Real

_LEVELS = 56  # halvings: then a piece is as narrow as rounding lets it be
_MOST_PIECES = 4096
_RESOLVED = 1e-14  # of a piece: its last Legendre coefficients, relative to its largest value
_NEGLIGIBLE = 1e-17  # of the integral of the absolute value: what a piece may miss unseen
_LAST = 4  # coefficients
_END = 0.01  # share of a miss at an end of a piece that counts: extrapolation enlarges rounding


def resolving_ends(
    function: Callable[[Real], Real], density: Callable[[Real], Real], ends: tuple[float, ...]
) -> tuple[float, ...]:
    """The ends, and the halves, quarters, ... of their intervals at which the function has to be cut; all are angles.

    function: of the cosine. density: of the angle.
    Formula: a piece is resolved where the last coefficients of its Legendre series, and what the series misses at the
        ends of the piece, are rounding, that of the cosine included; or where that times the mass of the piece no
        longer matters to the integral of |function| density. The ends are looked at because a peak that all the nodes
        miss is at an end, as is that of a positive definite function.
    """
    pieces = np.column_stack([ends[:-1], ends[1:]])
    settled, whole = [pieces[:0]], 0.0
    for _ in range(_LEVELS):
        if not len(pieces) or len(pieces) + sum(map(len, settled)) > _MOST_PIECES:
            break
        missed, rounding, mass, integral = _look(function, density, pieces)
        fine = (missed <= rounding) | (missed * mass <= _NEGLIGIBLE * (whole + integral.sum()))
        whole += float(integral[fine].sum())
        settled.append(pieces[fine])
        left, right = pieces[~fine].T
        middle = (left + right) / 2
        pieces = np.concatenate([np.column_stack([left, middle]), np.column_stack([middle, right])])
    return tuple(np.unique(np.concatenate([*settled, pieces])).tolist())


def _look(
    function: Callable[[Real], Real], density: Callable[[Real], Real], pieces: Real
) -> tuple[Real, Real, Real, Real]:
    """Of each piece: what its series misses, its rounding, its mass, its share of the integral of |function|."""
    nodes, weights, to_series = _series()
    middles, halves = pieces.mean(axis=1), (pieces[:, 1] - pieces[:, 0]) / 2
    points = middles[:, None] + halves[:, None] * nodes
    cosines = np.cos(np.concatenate([points.ravel(), pieces.ravel()]))
    values = function(cosines)
    neighbours = abs(function(np.nextafter(cosines, 0.0)) - values)[: points.size].reshape(points.shape)
    inside, ends = values[: points.size].reshape(points.shape), values[points.size :].reshape(pieces.shape)
    series = inside @ to_series.T
    at_ends = np.column_stack([series[:, ::2].sum(axis=1) - series[:, 1::2].sum(axis=1), series.sum(axis=1)])
    missed = np.maximum(abs(series[:, -_LAST:]).max(axis=1), _END * abs(at_ends - ends).max(axis=1))
    masses = halves[:, None] * weights * density(points)
    size = np.maximum(abs(inside).max(axis=1), abs(ends).max(axis=1))
    rounding = np.maximum(_RESOLVED * size, neighbours.max(axis=1))
    return missed, rounding, masses.sum(axis=1), (abs(inside) * masses).sum(axis=1)


@cache
def _series() -> tuple[Real, Real, Real]:
    """Gauss nodes and weights on [-1, 1], and the matrix from values there to Legendre coefficients."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    vandermonde = np.polynomial.legendre.legvander(nodes, NODES - 1)
    return nodes, weights, (np.arange(NODES) + 0.5)[:, None] * (vandermonde * weights[:, None]).T
