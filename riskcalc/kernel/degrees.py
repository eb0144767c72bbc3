"""A function of the inner product on the sphere, degree by degree, and what the degrees leave of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from riskcalc.kernel.harmonics import multiplicity, zonal_polynomials
from riskcalc.kernel.quadrature import Rule
from riskcalc.quantity import Real

_LARGEST_COUNT = 10**600  # harmonics of a degree: their root is a float


@dataclass(frozen=True, kw_only=True, eq=False)
class Degrees:
    """Eigenvalues by degree, and the size of the rest.

    values: the eigenvalue of degree l, shape (n,). counts: p_l(1), the root of the number of harmonics, shape (n + 1,):
    that of the first degree left out comes last. rests: the root of E (f - its degrees up to l)^2, shape (n,).
    """

    values: Real
    counts: Real
    rests: Real


def degrees(values: Real, rule: Rule, d: int, *, highest: int, enough: float) -> Degrees:
    """The degrees 0..highest, or fewer where the rest is at most `enough`.

    Formula: lambda_l = E f(t) p_l(t)/p_l(1), p_l the orthonormal Gegenbauer polynomials; each is taken from what the
        degrees before it leave, so that rounding does not gather. Source: D32.
    values: of the function at the points of the rule, which are heights.
    """
    root = np.sqrt(rule.weights)
    inside = root > 0  # elsewhere polynomials of high degree overflow
    points, root = rule.points[inside], root[inside]
    rest = root * values[inside]
    found, counts, rests = [], [1.0], []
    for polynomial in zonal_polynomials(points, d, highest, factor=root):
        coefficient = float(rest @ polynomial)
        rest -= coefficient * polynomial
        found.append(coefficient / counts[-1])
        rests.append(math.sqrt(float(rest @ rest)))
        counts.append(_root_of_count(multiplicity(d, len(found))))
        if rests[-1] <= enough or math.isinf(counts[-1]):
            break
    return Degrees(values=np.array(found), counts=np.array(counts), rests=np.array(rests))


def _root_of_count(count: int) -> float:
    if count > _LARGEST_COUNT:
        return math.inf
    return float(math.isqrt(count)) if count.bit_length() > 200 else math.sqrt(count)
