"""End corrections of the Euler-Maclaurin formula for f(x) = x^{n a - p} (1 + u x^a)^-n.

Formula: sum_{j=J}^{V} f(j) = int_J^V f + (f(J) + f(V))/2 + sum_k B_2k/(2k)! (f^(2k-1)(V) - f^(2k-1)(J)).
The derivatives come from Taylor series in the relative step h = (x - J)/J, binomial in h for a power of x, and a
polynomial in w/(1 + w), w = u x^a, for (1 + w (1 + h)^a)^-n. Source: D03.
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
    inverse = 1 / (1 + w)
    powers = np.vander((w * inverse).ravel(), _ORDERS, increasing=True)
    polynomials = np.array([_polynomial(a, n * a - p, n, x) for p, n in exponents])
    found = (powers @ polynomials.T).T.reshape(len(exponents), *w.shape)
    return [x ** (n * a - p - 1) * inverse**n * value for (p, n), value in zip(exponents, found, strict=True)]


@cache
def _polynomial(a: float, exponent: float, n: int, x: float) -> Real:
    """Coefficients in w/(1 + w) of sum_k B_2k/(2k)! f^(2k-1)(x), over x^(exponent - 1) (1 + w)^-n.

    Formula: f(x (1 + h)) = x^exponent (1 + w)^-n (1 + h)^exponent sum_i C(-n, i) (w/(1 + w))^i ((1 + h)^a - 1)^i.
    What the sum over i cancels grows as 2^k a^k with the order k of h, and what an order counts falls as (2 pi x)^-k.
    """
    weights = _weights(exponent, x)
    growth = _binomial_series(a).copy()
    growth[0] = 0.0
    series, factor, found = np.eye(1, _ORDERS)[0], 1.0, np.zeros(_ORDERS)
    for i in range(_ORDERS):
        found[i] = factor * (weights @ series)
        series = np.convolve(series, growth)[:_ORDERS]
        factor *= (-n - i) / (i + 1)
    return found


def _weights(exponent: float, x: float) -> Real:
    """What each coefficient in h of x^-exponent f(x (1 + h)) (1 + h)^-exponent adds to the correction."""
    powers = _binomial_series(exponent)
    weights = np.zeros(_ORDERS)
    for order, bernoulli in zip(_ODD, _BERNOULLI, strict=True):
        weights[: order + 1] += bernoulli / (order + 1) * powers[: order + 1][::-1] * x ** (1.0 - order)
    return weights


@cache
def _binomial_series(exponent: float) -> Real:
    """Coefficients of (1 + h)^exponent."""
    k = np.arange(1, _ORDERS)
    return np.concatenate(([1.0], np.cumprod((exponent - k + 1) / k)))
