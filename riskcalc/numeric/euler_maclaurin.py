"""End corrections of the Euler-Maclaurin formula for f(x) = x^{n a - p} (1 + u x^a)^-n.

Formula: sum_{j=J}^{V} f(j) = int_J^V f + (f(J) + f(V))/2 + sum_k B_2k/(2k)! (f^(2k-1)(V) - f^(2k-1)(J)).
The derivatives come from Taylor arithmetic in the relative step (x - J)/J: the series of x^c is binomial, and the
series of 1/(1 + u x^a) follows from one series division. Source: D03.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from riskcalc.quantity import Complex, Real

_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)
_ODD = 2 * np.arange(len(_BERNOULLI)) + 1  # the orders of the derivatives that enter
_ORDERS = 2 * len(_BERNOULLI)


def end_corrections(u: Complex, *, a: float, exponents: tuple[tuple[float, int], ...], x: float) -> list[Complex]:
    """sum_k B_2k/(2k)! f^(2k-1)(x) for each (p, n): to be added at the upper end, subtracted at the lower."""
    w = u * x**a
    series = {n: _power_series(w, a, n) for n in {n for _, n in exponents}}
    return [x ** (n * a - p - 1) * (_correction_matrix(n * a - p, x) @ series[n]).sum(axis=0) for p, n in exponents]


@cache
def _correction_matrix(exponent: float, x: float) -> Real:
    """Row k: the Bernoulli factor of the (2k-1)-th derivative times the binomial series of x^exponent, shifted."""
    powers = _binomial_series(exponent)
    matrix = np.zeros((_ODD.size, _ORDERS))
    for row, (order, bernoulli) in enumerate(zip(_ODD, _BERNOULLI, strict=True)):
        matrix[row, : order + 1] = bernoulli / (order + 1) * powers[: order + 1][::-1] * x ** (1.0 - order)
    return matrix


@cache
def _binomial_series(exponent: float) -> Real:
    """Coefficients of (1 + h)^exponent."""
    k = np.arange(1, _ORDERS)
    return np.concatenate(([1.0], np.cumprod((exponent - k + 1) / k)))


def _power_series(w: Complex, a: float, n: int) -> Complex:
    """Coefficients of (1 + w (1 + h)^a)^-n in h, shape (orders, points), by the recurrence for a power of a series."""
    growth = _binomial_series(a)
    ratio = w / (1 + w)
    series = np.empty((_ORDERS, w.size), dtype=np.complex128)
    series[0] = (1 + w) ** -n
    for k in range(1, _ORDERS):
        i = np.arange(1, k + 1)
        weights = (i * (1 - n) - k) / k * growth[1 : k + 1]
        series[k] = ratio * (weights @ series[k - 1 :: -1] if k > 1 else weights[0] * series[0])
    return series
