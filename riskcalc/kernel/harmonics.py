"""Real spherical harmonics in any dimension, orthonormal under the uniform measure of the sphere.

Formula: with t the last coordinate, Y(x) = N r^k p_(l-k)(t) Y'(x'/r), where x' are the other coordinates, r = |x'|,
Y' a harmonic of degree k one dimension lower and p the orthonormal Gegenbauer polynomials of index k + (d-2)/2.
Evaluated as homogeneous polynomials, so that nothing is divided by r. Source: D32.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache

import numpy as np

from riskcalc.quantity import Real


def multiplicity(d: int, degree: int) -> int:
    """The number of independent harmonics of this degree on the unit sphere of R^d.

    >>> [multiplicity(3, degree) for degree in range(4)]
    [1, 3, 5, 7]
    """
    if degree == 0:
        return 1
    return (2 * degree + d - 2) * math.comb(degree + d - 3, degree - 1) // degree


def harmonics(points: Real, degree: int) -> list[Real]:
    """For each degree up to `degree` its harmonics at the points, shape (n, multiplicity); the zonal one first."""
    turn = points[:, 0] + 1j * points[:, 1]
    power, planar = np.ones_like(turn), [np.ones((len(points), 1))]
    for _ in range(degree):
        power = power * turn
        planar.append(math.sqrt(2) * np.column_stack([power.real, power.imag]))
    for d in range(3, points.shape[1] + 1):
        planar = _one_dimension_up(points[:, :d], planar)
    return planar


@cache
def gegenbauer_steps(index: float, count: int) -> tuple[float, ...]:
    """b_1, ..., b_count in t p_n = b_(n+1) p_(n+1) + b_n p_(n-1), for the weight (1 - t^2)^(index - 1/2), index > 0."""
    # the factor n + index - 1 of b_1 cancels against n + 2 index - 1
    ratios = (2.0 if n == 1 else (n + 2 * index - 1) / (n + index - 1) for n in range(1, count + 1))
    return tuple(math.sqrt(n * ratio / (4 * (n + index))) for n, ratio in enumerate(ratios, start=1))


def zonal_polynomials(heights: Real, d: int, degree: int, *, factor: Real | float = 1.0) -> Iterator[Real]:
    """The zonal harmonics of degree 0..degree as functions of the height, times a factor, one by one, shape (n,)."""
    steps = gegenbauer_steps((d - 2) / 2, degree + 1)
    before, now = np.zeros_like(heights), np.ones_like(heights) * factor
    for n in range(degree + 1):
        yield now
        following = heights * now
        following -= (steps[n - 1] if n else 0.0) * before
        following /= steps[n]
        before, now = now, following


def _one_dimension_up(points: Real, lower: list[Real]) -> list[Real]:
    d, degree = points.shape[1], len(lower) - 1
    t, square = points[:, -1], (points**2).sum(axis=1)
    raised: list[list[Real]] = [[] for _ in lower]
    for k, old in enumerate(lower):
        steps = gegenbauer_steps(k + (d - 2) / 2, degree - k + 1)
        before, now = np.zeros_like(t), np.full_like(t, _scale(k, d))
        for n in range(degree - k + 1):
            raised[k + n].append(now[:, None] * old)
            fall = steps[n - 1] if n else 0.0
            before, now = now, (t * now - fall * square * before) / steps[n]
    return [np.column_stack(parts) for parts in raised]


@cache
def _scale(k: int, d: int) -> float:
    """N: the root of the ratio of the integrals of (1 - t^2)^((d-3)/2) and (1 - t^2)^(k + (d-3)/2) over [-1, 1].

    Formula: N^2 = prod_(i < k) (2i + d)/(2i + d - 1).
    """
    return math.sqrt(math.prod((2 * i + d) / (2 * i + d - 1) for i in range(k)))
