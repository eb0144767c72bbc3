"""Spectral sums over an infinite dimension to many digits, by a road the engine does not use.

The first terms are added up; the rest is a binomial or exponential series whose terms are Hurwitz zeta
functions.
"""

from __future__ import annotations

import mpmath


def resolvent(p, n, a, u, digits=40):
    """sum_j j^-p/(j^-a + u)^n over j = 1, 2, ..., for real u > 0."""
    with mpmath.workdps(digits + 15):
        p, n, a, u = (mpmath.mpf(value) for value in (p, n, a, u))
        last = int((8 / u) ** (1 / a)) + 8
        head = mpmath.fsum(mpmath.mpf(j) ** -p / (mpmath.mpf(j) ** -a + u) ** n for j in range(1, last + 1))
        # beyond `last`, j^-a/u < 1/8
        terms = int((digits + 15) / mpmath.log10(8)) + 5
        tail = mpmath.fsum(
            mpmath.binomial(-n, k) * u ** (-n - k) * mpmath.zeta(p + a * k, last + 1) for k in range(terms)
        )
        return head + tail


def exponential(p, a, tau, digits=40, minus=False):
    """sum_j j^-p exp(-tau j^-a), or with 1 - exp(...), over j = 1, 2, ..."""
    with mpmath.workdps(digits + 15):
        p, a, tau = (mpmath.mpf(value) for value in (p, a, tau))
        last = int((8 * tau) ** (1 / a)) + 8

        def value(j):
            decayed = mpmath.exp(-tau * mpmath.mpf(j) ** -a)
            return mpmath.mpf(j) ** -p * (1 - decayed if minus else decayed)

        head = mpmath.fsum(value(j) for j in range(1, last + 1))
        sign, first = (-1, 1) if minus else (1, 0)
        powers = range(first, digits + 30)
        tail = mpmath.fsum(
            sign * (-tau) ** k / mpmath.factorial(k) * mpmath.zeta(p + a * k, last + 1) for k in powers
        )
        return head + tail
