"""Checks of derivations/D02-deterministic-equivalent.md on power laws: scales and published values."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from mpmath import mp, mpf

TINY = mpf(10) ** -26


@pytest.fixture(autouse=True)
def _precision():
    with mp.workdps(30):
        yield


def root_between(function, low, high):
    return mp.findroot(function, (low, high), solver="anderson")


def effective(u):
    """d1 at a = 2 and infinite dimension: sum 1/(1 + u j^2) in closed form."""
    root = mp.sqrt(u)
    return mp.pi / (2 * root) * mp.coth(mp.pi / root) - mpf(1) / 2


def effective_squared(u):
    """d2 = d1 + u d1'."""
    return effective(u) + u * mp.diff(effective, u)


def test_power_law_scales_at_infinite_dimension():
    """a = 2: u0 and the lower edge times M^a tend to constants, with an error of order 1/M."""
    c = mp.pi / 2 / mp.sin(mp.pi / 2)
    floor_errors, edge_errors = [], []
    for m in (100, 1000, 10000):
        u0 = root_between(lambda u, m=m: effective(u) - m, (c / 2 / m) ** 2, (2 * c / m) ** 2)
        assert abs(u0 / (mp.pi / (2 * m + 1)) ** 2 - 1) < TINY
        right = root_between(lambda u, m=m: effective_squared(u) - m, (c / 4 / m) ** 2, (c / m) ** 2)
        edge = -right * (1 - effective(right) / m)
        floor_errors.append(u0 * m**2 / c**2 - 1)
        edge_errors.append(edge * m**2 / (c / 2) ** 2 - 1)
    for errors in (floor_errors, edge_errors):
        for before, after in itertools.pairwise(errors):
            assert abs(before / after - 10) < 1


def test_flat_ellipses_leave_the_physical_sheet():
    """In log(u0 - u) an ellipse of small semi-axis dips into the complement of Omega, a high one does not.

    There z has the wrong sign of its imaginary part, and angles beyond the sector of the inversion contour.
    """
    m = 1000
    u0 = (mp.pi / (2 * m + 1)) ** 2
    right = root_between(lambda u: effective_squared(u) - m, u0 / 16, u0)
    left = -1 - 1 / mp.sqrt(m)  # close enough to place an ellipse
    low, high = mp.log(u0 - right), mp.log(u0 - left)

    def inspect(height, count=160):
        wrong, angles = 0, []
        for n in range(count):
            phi = mp.pi * (n + mpf(1) / 2) / count
            y = (low + high) / 2 + 1j * height * mp.sin(phi)
            y += mp.hypot((high - low) / 2, height) * mp.cos(phi)
            u = u0 - mp.exp(y)
            z = -u * (1 - effective(u) / m)
            wrong += mp.im(z) * mp.im(u) > 0
            angles.append(abs(mp.arg(z)))
        return wrong, max(angles)

    flat, medium, high_one = (inspect(mpf(h)) for h in ("0.2", "0.5", "1.6"))
    assert flat[0] > medium[0] > 0 == high_one[0]
    assert flat[1] > medium[1] > 0.54


@pytest.mark.parametrize(
    "a,b,floor_inverse,approximation,lowest,highest,feedback",
    [
        (2.0, 2.6, 82653.94405711, 2.8301004465e-4, 2.33893581e-6, 1.10435759, 0.3211768339),
        (2.0, 5.0, 82653.94405711, 1.4542335969e-5, 2.33893581e-6, 1.10435759, 0.3211768339),
        (1.4, 2.8, 2036.79456211, 1.3641393729e-3, 1.17091538e-4, 1.10826046, 0.2710427017),
    ],
)
def test_published_values(a, b, floor_inverse, approximation, lowest, highest, feedback):
    """Values of the setting of Paquette et al.: v = 1600, M = 400, B = 1, step 1/2 over the trace."""
    from scipy.optimize import brentq

    j = np.arange(1, 1601.0)
    lam, m = j**-a, 400

    def first(u):
        return np.sum(lam / (lam + u))

    def second(u):
        return np.sum((lam / (lam + u)) ** 2)

    def z(u):
        return -u * (1 - first(u) / m)

    u0 = brentq(lambda u: first(u) - m, 1e-9, 1, xtol=1e-18, rtol=1e-14)
    right = brentq(lambda u: second(u) - m, 1e-12, u0, xtol=1e-18, rtol=1e-14)
    left = brentq(lambda u: second(u) - m, -3, -1.001, rtol=1e-14)
    gamma = 0.5 / lam.sum()
    root = brentq(lambda u: z(u) - 1 / gamma, -100, left, rtol=1e-14)
    ours = [1 / u0, u0 * np.sum(j**-b / (lam + u0)), z(right), z(left), -first(root) / 2]
    assert ours == pytest.approx([floor_inverse, approximation, lowest, highest, feedback], rel=1e-8)
