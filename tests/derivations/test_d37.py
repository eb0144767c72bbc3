"""D37 from first principles: nothing of the package is used."""

from __future__ import annotations

from fractions import Fraction as F

import numpy as np
import pytest

SIZES = (F(1, 2), F(1, 3), F(1, 2), F(1, 5))
BATCH, TAU = 3, F(1, 7)


def factor(position, size):
    return 1 - 2 * size * position + (1 + F(1, BATCH)) * size**2 * position**2


def excess(factors, signal, kernel, *, sizes=SIZES, noise=TAU):
    """sum x_n after all steps; factors: one list a step."""
    bias, variance = list(signal), [F(0)] * len(signal)
    for row, size in zip(factors, sizes, strict=True):
        gain, one, two = size**2 / BATCH, sum(bias), sum(variance) + noise
        bias = [q * x + gain * k * one for q, x, k in zip(row, bias, kernel, strict=True)]
        variance = [q * x + gain * k * two for q, x, k in zip(row, variance, kernel, strict=True)]
    return sum(bias) + sum(variance)


POSITION = [F(6, 5), F(1, 2), F(1, 10)]
SIGNAL = [F(1), F(1, 3), F(1, 20)]
KERNEL = [z**2 for z in POSITION]
FACTORS = [[factor(z, size) for z in POSITION] for size in SIZES]


def test_no_number_lowers_the_excess_when_it_grows():
    start, more = excess(FACTORS, SIGNAL, KERNEL), 1 + F(1, 1000)
    for n in range(3):
        for which in (SIGNAL, KERNEL):
            lifted = [x * more if m == n else x for m, x in enumerate(which)]
            arguments = (lifted, KERNEL) if which is SIGNAL else (SIGNAL, lifted)
            assert excess(FACTORS, *arguments) > start
        for step in range(len(SIZES)):
            factors = [list(row) for row in FACTORS]
            factors[step][n] *= more
            assert excess(factors, SIGNAL, KERNEL) > start


@pytest.mark.parametrize("share", [0.5, 0.99, 0.9999])
def test_the_disturbed_modes_bound_all_others_within_the_uncertainty(share):
    """In floats, with an uncertainty far above rounding; `share` of the largest step size."""
    rng = np.random.default_rng(3)
    position, signal = np.array([1.0, 0.3, 0.05, 0.01]), np.array([1.0, 0.5, 0.2, 0.1])
    uncertainty, batch = 1e-6 * (1 - share), 2

    def kappa(size):
        return np.sum(size * position / (batch * (2 - (1 + 1 / batch) * size * position)))

    low, high = 0.0, 2 / (1 + 1 / batch)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if kappa(middle) < 1 else (low, middle)
    size = share * low

    def final(z, f, k, steps=400):
        q = 1 - size * z * (2 - (1 + 1 / batch) * size * z)
        state = np.stack([f, np.zeros_like(f)])
        for _ in range(steps):
            drive = state.sum(axis=1) + np.array([0.0, 0.3])
            state = q * state + drive[:, None] * (size**2 / batch * k)
        return state.sum()

    def moved(directions):
        z, f, k = (1 + uncertainty * d for d in directions)
        return final(position * z, signal * f, position**2 * k)

    start = final(position, signal, position**2)
    down = -np.sign(1 - (1 + 1 / batch) * size * position)
    furthest = moved([down, np.ones(4), np.ones(4)]) - start
    assert (down > 0).any() == (share > 0.9)  # a mode beyond the minimum of q has to move the other way
    others = [abs(moved(rng.choice([-1.0, 1.0], size=(3, 4))) - start) for _ in range(200)]
    assert max(others) <= furthest * (1 + 1e-3)
    assert max(others) > furthest / 3  # and the bound is of the right size


def test_the_excess_falls_log_convexly_at_constant_step_size():
    values = []
    for steps in range(8):
        sizes = (F(1, 2),) * steps
        factors = [[factor(z, F(1, 2)) for z in POSITION]] * steps
        values.append(excess(factors, SIGNAL, KERNEL, sizes=sizes, noise=F(0)))
    for t in range(1, 7):
        assert values[t] ** 2 <= values[t - 1] * values[t + 1]
        # the last ratio to the power t is at most the whole fall
        assert (values[t - 1] / values[t]) ** t <= values[0] / values[t]


def test_aligned_moves_show_the_sum_of_moduli_where_the_sum_cancels():
    """Nodes of a circle that stand for a point mass just inside it: large weights, a total of 1."""
    angle = 2 * np.pi * (np.arange(4000) + 0.5) / 4000
    z = 0.6 + 0.45 * np.exp(1j * angle)
    f = (z - 0.6) / 4000 / (z - 0.152)
    size, r = 0.05, 1e-9
    for steps in (0, 5, 20):
        q = (1 - size * z) ** (2 * steps)
        modulus = np.sum(np.abs(f) * np.abs(q))
        shift = np.sum((f + r * np.abs(f)) * q) - np.sum(f * q)
        assert abs(shift) <= r * modulus * (1 + 1e-5)
        assert abs(shift) > r * modulus / 3
    assert np.abs(f).sum() > 1.8 * abs(f.sum())
