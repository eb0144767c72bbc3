"""Spectral sums S_{p,n}(u) = sum_{j=1}^{v} j^-p/(j^-a + u)^n for arrays of complex u, at a cost independent of v.

Valid: u off the poles -j^-a; v whole or infinite (then p > 1). Relative accuracy about 1e-15 where the sum does not
cancel, however close p is to 1: a and p may be exact, and p - 1 is formed before it is rounded. Source: D03.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.euler_maclaurin import end_corrections
from riskcalc.numeric.tail_integral import Exponents, tail_integrals
from riskcalc.quantity import Complex, Number

_HEADS = (16, 24, 32, 48, 64, 96, 128, 192, 256, 512, 1024, 4096)
_CLEARANCE = 10.0  # least distance from an end of the tail to a pole of the summand, in j: (2 pi 10)^-17 is left out
_STRETCH = 1.6  # least ratio of the head's length to a pole it must pass
_HEIGHT = 6.0  # least imaginary part of a pole above the tail: it costs exp(-2 pi height) = 4e-17
_FARTHEST = 600.0  # log of the distance beyond which a pole plays no part, whatever the dimension
_DIRECT = 64  # dimensions up to here are summed term by term


def power_law_sums(
    u: ArrayLike, *, a: Number, dimension: int | None, exponents: Exponents
) -> list[Complex]:
    """S_{p,n}(u) for each (p, n) in `exponents`, each of the shape of u.

    >>> (zeta_of_2,) = power_law_sums(1.0, a=2, dimension=None, exponents=((2, 0),))
    >>> abs(zeta_of_2 - 1.6449340668482264) < 1e-15
    np.True_
    """
    points = np.atleast_1d(np.asarray(u, dtype=np.complex128))
    shape, points = np.shape(u), points.ravel()
    head = _head_length(points, float(a), dimension)
    sums = _direct(points, a, head if dimension is None or head < dimension else dimension + 1, exponents)
    if dimension is None or head < dimension:
        for total, tail in zip(sums, _tail(points, a, head, dimension, exponents), strict=True):
            total += tail
    return [total.reshape(shape) for total in sums]


def _head_length(u: Complex, a: float, dimension: int | None) -> int:
    """J: how many terms to sum one by one, so that Euler-Maclaurin starts far enough from every pole."""
    if dimension is not None and dimension <= _DIRECT:
        return dimension
    away = np.minimum(-np.log(np.abs(u)) / a, _FARTHEST)
    poles = np.exp(away + 1j * (np.pi - np.abs(np.angle(u))) / a)
    poles = poles[np.pi - np.abs(np.angle(u)) <= np.pi * a]  # for a < 1 the others are not on the sheet of x^-a
    low = poles[poles.imag < _HEIGHT]
    if dimension is not None:
        low = low[low.real < dimension + _CLEARANCE]  # poles beyond the last term are not passed
    passed = low.real.max(initial=0.0)
    least = max(16 + 4 * a, passed + _CLEARANCE, _STRETCH * passed)
    clear = dimension is None or np.abs(dimension - poles).min(initial=np.inf) >= _CLEARANCE
    for head in _HEADS:
        if dimension is not None and dimension <= head:
            return dimension
        if clear and head >= least and np.abs(head - poles).min(initial=np.inf) >= _CLEARANCE:
            return head
    if dimension is not None and dimension <= 10_000_000:
        return dimension
    raise ToleranceNotMet(
        f"a spectral sum with a={a:.6g} is asked too close to one of its poles for the accuracy of float64: "
        "use a slightly smaller step size or model size"
    )


def _direct(u: Complex, a: Number, stop: int, exponents: Exponents) -> list[Complex]:
    """sum over j = 1, ..., stop - 1, smallest terms first."""
    sums = [np.zeros_like(u) for _ in exponents]
    block = max(1, 2_000_000 // max(1, u.size))
    for high in range(stop, 1, -block):
        j = np.arange(high - 1, max(high - block, 1) - 1, -1, dtype=np.float64)[:, None]
        inverse = 1 / (j ** -float(a) + u)
        for total, (p, n) in zip(sums, exponents, strict=True):
            total += np.sum(j ** -float(p) * inverse**n, axis=0)
    return sums


def _tail(
    u: Complex, a: Number, head: int, dimension: int | None, exponents: Exponents
) -> list[Complex]:
    """sum over j = head, ..., dimension."""
    high = math.inf if dimension is None else math.log(dimension)
    integrals = tail_integrals(u, a=a, exponents=exponents, low=math.log(head), high=high)
    slope, powers = float(a), tuple((float(p), n) for p, n in exponents)
    lower = end_corrections(u, a=slope, exponents=powers, x=float(head))
    sums = []
    for (p, n), integral, correction in zip(powers, integrals, lower, strict=True):
        sums.append(integral + _term(u, slope, p, n, float(head)) / 2 - correction)
    if dimension is not None:
        upper = end_corrections(u, a=slope, exponents=powers, x=float(dimension))
        for total, (p, n), correction in zip(sums, powers, upper, strict=True):
            total += _term(u, slope, p, n, float(dimension)) / 2 + correction
    return sums


def _term(u: Complex, a: float, p: float, n: int, x: float) -> Complex:
    return np.asarray(x**-p / (x**-a + u) ** n)
