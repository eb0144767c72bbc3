"""The integral behind a power-law spectral sum, for complex u.

Formula: int_{exp(low)}^{exp(high)} x^{n a - p} (1 + u x^a)^-n dx, with w = u x^a.
Where |w| < 1/3 and where |w| > 3 the integrand is a short power series, integrated term by term between its two
limits; no term is ever split into an antiderivative at each end, so nothing cancels and no exponent (not even
b = a + 1, where the closed form has a logarithm) is special. Between them, Gauss-Legendre on two straight pieces in
log x that bend away from the pole w = -1. Up to infinity the first term is 1/(p - 1): the rates of all terms are
formed from the exact a and p, before anything is rounded. Source: D03.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riskcalc.quantity import Complex, Number

Real = NDArray[np.floating[Any]]
Exponents = tuple[tuple[Number, int], ...]  # (p, n) of each sum

_SMALL = np.log(1 / 3)  # log|w| below which the ascending series is used, above whose negative the descending one
_TERMS = 35  # 3^-35 = 2e-17
_POINTS = 24  # on each of the two bent pieces
_NEAR = 0.4  # distance of an end from the pole, in log w, below which its leg is cut
_BEND = 1.0  # largest distance of the bent path from the real axis, in log w


@cache
def _legendre() -> tuple[Real, Real]:
    nodes, weights = np.polynomial.legendre.leggauss(_POINTS)
    return (nodes + 1) / 2, weights / 2


def tail_integrals(
    u: Complex, *, a: Number, exponents: Exponents, low: float, high: float
) -> list[Complex]:
    """One integral for each (p, n), each of the shape of u; low and high are logarithms of x, high may be inf."""
    log_size, angle, slope = np.log(np.abs(u)), np.angle(u), float(a)
    first = np.clip((_SMALL - log_size) / slope, low, high)
    second = np.clip((-_SMALL - log_size) / slope, low, high)
    pieces = (
        _ascending(u, a, exponents, low, first),
        _middle(u, a, exponents, first, second, angle),
        _descending(u, a, exponents, second, high),
    )
    return [sum(each[1:], start=each[0]) for each in zip(*pieces, strict=True)]


@cache
def _binomials(n: int) -> Real:
    """C(-n, k) for k = 0, ..., _TERMS - 1."""
    values = [1.0]
    for k in range(1, _TERMS):
        values.append(values[-1] * (-n - k + 1) / k)
    return np.array(values)


@lru_cache(maxsize=4096)
def _rates(a: Number, p: Number, n: int) -> tuple[Real, Real]:
    """(n + k) a - p + 1 and 1 - p - k a for k = 0, ..., _TERMS - 1, each rounded once."""
    slope, start = Fraction(a), Fraction(p) - 1
    rising = [float((n + k) * slope - start) for k in range(_TERMS)]
    falling = [float(-start - k * slope) for k in range(_TERMS)]
    return np.array(rising), np.array(falling)


def _ascending(u: Complex, a: Number, exponents: Exponents, low: float, high: Real) -> list[Complex]:
    """sum_k C(-n,k) u^k int x^{(n+k) a - p} dx over |w| < 1/3."""
    totals = [np.zeros_like(u) for _ in exponents]
    inside = high > low
    if inside.any():
        u, high = u[inside], high[inside]
        ends = _powers(u * np.exp(float(a) * low)), _powers(u * np.exp(float(a) * high))
        for total, (p, n) in zip(totals, exponents, strict=True):
            rates, _ = _rates(a, p, n)
            scales = (np.exp(rates[0] * low) * np.ones_like(high), np.exp(rates[0] * high))
            total[inside] = _series(_binomials(n), rates, high - low, ends, scales)
    return totals


def _descending(u: Complex, a: Number, exponents: Exponents, low: Real, high: float) -> list[Complex]:
    """sum_k C(-n,k) u^-(n+k) int x^{-p - k a} dx over |w| > 3."""
    totals = [np.zeros_like(u) for _ in exponents]
    inside = low < high
    if inside.any():
        u, low = u[inside], low[inside]
        # a sum without end has p > 1: every exponent is negative and the upper end plays no part
        top = high if np.isfinite(high) else 0.0
        lower = _powers(1 / (u * np.exp(float(a) * low)))
        ends = lower, _powers(1 / (u * np.exp(float(a) * high))) if np.isfinite(high) else lower
        for total, (p, n) in zip(totals, exponents, strict=True):
            _, rates = _rates(a, p, n)
            scales = (np.exp(rates[0] * low), np.exp(rates[0] * top) * np.ones_like(low))
            total[inside] = _series(_binomials(n), rates, high - low, ends, scales) / u**n
    return totals


def _powers(y: Complex) -> Complex:
    """y^k for k = 0, ..., _TERMS - 1, shape (terms, points)."""
    return np.asarray(np.vander(y, _TERMS, increasing=True).T)


def _series(
    binomials: Real, rates: Real, length: Real, ends: tuple[Complex, Complex], scales: tuple[Real, Real]
) -> Complex:
    """sum_k C_k y^k int e^{rate_k s} ds, each term factored at the end where its integrand is largest.

    ends: powers of the series variable y at the lower and the upper limit; scales: e^{rate_0 s} there.
    """
    total = np.zeros(ends[0].shape[1:], dtype=np.complex128)
    for powers, scale, rows, sign in (
        (ends[0], scales[0], rates < 0, 1.0),
        (ends[1], scales[1], rates > 0, -1.0),
    ):
        if rows.any():
            rate = rates[rows, None]
            terms = np.expm1(sign * rate * length) / (sign * rate) * binomials[rows, None]
            total += scale * (powers[rows] * terms).sum(axis=0)
    for row in np.flatnonzero(rates == 0):
        total += binomials[row] * ends[0][row] * scales[0] * length
    return total


def _middle(
    u: Complex, a: Number, exponents: Exponents, low: Real, high: Real, angle: Real
) -> list[Complex]:
    """Gauss-Legendre in s = log x from low to high by way of a point off the axis, away from the pole."""
    totals = [np.zeros_like(u) for _ in exponents]
    inside = high > low
    if not inside.any():
        return totals
    u, low, high, angle, slope = u[inside], low[inside], high[inside], angle[inside], float(a)
    length = high - low
    bend = _BEND * length / (-2 * _SMALL)
    turn = (low + high) / 2 - 1j * np.where(angle >= 0, bend, -bend)
    nodes, weights = _legendre()
    cuts = _cuts(*(np.hypot(np.log(np.abs(u)) + slope * end, np.pi - np.abs(angle)).min() for end in (low, high)))
    path = [low + cut * (turn - low) for cut in cuts[0]] + [high + cut * (turn - high) for cut in cuts[1]]
    s = np.concatenate([start + (stop - start) * nodes[:, None] for start, stop in pairwise(path)])
    ds = np.concatenate([(stop - start) * weights[:, None] for start, stop in pairwise(path)])
    factor = 1 / (1 + u * np.exp(slope * s))
    rates = [float(_rates(a, p, n)[0][0]) for p, n in exponents]
    grown = {rate: np.exp(rate * s) * ds for rate in set(rates)}
    for total, rate, (_, n) in zip(totals, rates, exponents, strict=True):
        total[inside] = np.sum(grown[rate] * factor**n, axis=0)
    return totals


def _cuts(near_low: float, near_high: float) -> tuple[list[float], list[float]]:
    """Where to cut the two legs, as fractions from their outer ends: dyadically towards an end that is near the pole.

    near_low, near_high: least distance of the ends from the pole, in log w.
    """
    levels = [min(16, max(0, math.ceil(math.log2(_NEAR / max(near, 1e-9))))) for near in (near_low, near_high)]
    outward = [[0.0] + [2.0**-level for level in range(count, -1, -1)] for count in levels]
    return outward[0], outward[1][-2::-1]
