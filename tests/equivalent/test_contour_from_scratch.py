"""The equivalent of last iterates and averages against a contour integral with direct sums, written here anew."""

from __future__ import annotations

import math

import numpy as np
import pytest

import riskcalc as rc

_DIMENSION, _SIZE, _STEPS, _TAIL = 200, 20, 80, 20


def _modes(eigenvalues, power, nodes=600, height=0.7):
    """Floor, positions, signal and kernel weights on an ellipse in log(u0 - u) round the spectrum."""
    from scipy.optimize import brentq

    def share(u, order):
        return ((eigenvalues[:, None] / (eigenvalues[:, None] + np.atleast_1d(u))) ** order).sum(axis=0)

    def edge(order, low, high):
        return brentq(lambda u: share(u, order)[0] - _SIZE, low, high, xtol=1e-18, rtol=1e-14)

    def resolvent(u):
        return (power[:, None] / (eigenvalues[:, None] + np.atleast_1d(u))).sum(axis=0)

    start = edge(1, 1e-12, 1e3)
    inner, outer = edge(2, 1e-14, start), edge(2, -1e4, -eigenvalues[0] * (1 + 1e-9))
    low, high = math.log(start - inner), math.log(start - outer)
    middle, radius = (low + high) / 2, (high - low) / 2
    reach = math.asinh(height / radius)
    angle = 2 * np.pi * (np.arange(nodes) + 0.5) / nodes
    y = middle + radius * np.cos(angle - 1j * reach)
    u = start - np.exp(y)
    du = radius * np.sin(angle - 1j * reach) * np.exp(y) * 2 * np.pi / nodes
    ratio = 1 - share(u, 1) / _SIZE
    measure = (-1 + share(u, 2) / _SIZE) * du / (2j * np.pi)
    positions = -u * ratio
    signal, kernel = -resolvent(u) / ratio * measure, -positions * share(u, 1) * measure
    sign = np.sign(kernel.sum().real)  # the sense in which the contour runs
    return start * float(resolvent(start)[0]), positions, sign * signal, sign * kernel


@pytest.mark.parametrize("batch_size", [1, 4])
def test_cosine_steps_on_a_logarithmic_spectrum(batch_size):
    place = np.arange(1, _DIMENSION + 1.0)
    eigenvalues = 1 / (place * np.log(place + 1) ** 1.5)
    floor, positions, now, kernel = _modes(eigenvalues, eigenvalues)
    sums = {first: [np.zeros_like(now), np.zeros_like(now)] for first in (0, _STEPS - _TAIL)}
    for step in range(_STEPS):
        size = 0.1 * (1 + math.cos(math.pi * step / _STEPS)) / 2
        for first, (of_sum, with_sum) in sums.items():
            if step >= first:
                of_sum, with_sum = of_sum + 2 * with_sum + now, with_sum + now
            sums[first] = [of_sum, (1 - size * positions) * with_sum]
        excess = floor + now.sum().real
        kept = 1 - 2 * size * positions + size**2 * (1 + 1 / batch_size) * positions**2
        now = kept * now + size**2 / batch_size * kernel * (excess + 1 / 3)
    expected = {
        rc.LastIterate(): floor + now.sum().real,
        rc.IterateAverage(): floor + sums[0][0].sum().real / _STEPS**2,
        rc.TailAverage("1/4"): floor + sums[_STEPS - _TAIL][0].sum().real / _TAIL**2,
    }
    problem = rc.Problem(
        spectrum=rc.LogarithmicPowerLaw(a="3/2", dimension=_DIMENSION), signal=rc.GaussianPrior(), noise="1/3"
    )
    for averaging, value in expected.items():
        run = rc.Run(
            problem,
            model_size=_SIZE,
            batch_size=batch_size,
            schedule=rc.Cosine("1/10"),
            steps=[_STEPS],
            averaging=averaging,
        )
        assert rc.risk(run).excess[0] == pytest.approx(value, rel=1e-12)
