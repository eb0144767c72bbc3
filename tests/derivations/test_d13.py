"""Checks of derivations/D13-finite-dimension.md: floor, approximation and far end against plain sums."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from scipy.optimize import brentq


def rho(a, r):
    return mpmath.findroot(lambda x: mpmath.quad(lambda y: 1 / (1 + x * y**a), [0, r / 50, r]) - 1, 1.0)


@pytest.mark.parametrize("a, r", [(0.4, 4), (0.8, 2), (1.0, 4), (1.5, 3)])
def test_floor_and_approximation(a, r):
    size = 400_000
    j = np.arange(1, r * size + 1, dtype=float)
    constant = rho(a, r)
    guess = math.log(float(constant)) - a * math.log(size)
    floor = math.exp(
        brentq(lambda x: float(np.sum(1 / (1 + math.exp(x) * j**a))) - size, guess - 1, guess + 1)
    )
    assert floor * size**a == pytest.approx(float(constant), rel=2e-3)
    low = 1 + a / 2  # b < a + 1
    value = floor * float(np.sum(j ** (a - low) / (1 + floor * j**a)))
    limit = mpmath.quad(lambda y: constant * y ** (a - low) / (1 + constant * y**a), [0, r / 1000, r / 30, r])
    # the sum starts at j = 1: its first correction is the other pole, of relative size M^(b-1-a)
    other = float(mpmath.zeta(low - a)) * float(constant) * size**-a
    assert value - other == pytest.approx(float(limit) * size ** (1 - low), rel=5e-3)
    high = a + 3
    value = floor * float(np.sum(j ** (a - high) / (1 + floor * j**a)))
    assert value == pytest.approx(float(constant * mpmath.zeta(3)) * size**-a, rel=2e-2)


@pytest.mark.parametrize("p, a", [(0.4, 0.7), (0.3, 0.37), (1.4, 0.5)])
def test_far_end_of_an_exponential_sum(p, a):
    """sum over j <= v of j^-p exp(-tau j^-a): the continued residue plus tau^m v^(1-p-am)/(1-p-am)."""
    v, tau = 2_000_000, 30.0
    j = np.arange(1, v + 1, dtype=float)
    total = float(np.sum(j**-p * np.exp(-tau * j**-a)))
    residue = mpmath.gamma((p - 1) / a) / a * tau ** ((1 - p) / a)
    ends = [
        (-tau) ** m / mpmath.factorial(m) * mpmath.mpf(v) ** (1 - p - a * m) / (1 - p - a * m)
        for m in range(25)
    ]
    assert total == pytest.approx(float(residue + mpmath.fsum(ends)), rel=1e-5)


@pytest.mark.parametrize("a", [0.3, 0.4])
def test_second_moment_of_the_far_end(a):
    """c2 + c1^2/M against tr Lambda^2 + (tr Lambda)^2/M, the average of tr K^2."""
    size, r = 3_000_000, 2
    j = np.arange(1, r * size + 1, dtype=float)
    total = float(np.sum(j ** (-2 * a)) + np.sum(j**-a) ** 2 / size)
    leading = size ** (1 - 2 * a) * (r ** (1 - 2 * a) / (1 - 2 * a) + r ** (2 - 2 * a) / (1 - a) ** 2)
    # the residue at small j, of relative size M^(2a-1), is known too
    rest = float(mpmath.zeta(2 * a)) + 2 * float(mpmath.zeta(a)) * r ** (1 - a) / (1 - a) * size**-a
    assert total - rest == pytest.approx(leading, rel=1e-3)
