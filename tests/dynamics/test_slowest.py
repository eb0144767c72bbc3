"""The rate at which an undriven run dies out: eigenvalues of the moment matrix, and the fall itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from riskcalc.dynamics import Modes
from riskcalc.dynamics.slowest import least_fall, slowest_rate


def modes(seed, size):
    rng = np.random.default_rng(seed)
    position = np.sort(rng.random(size))[::-1] / size
    return Modes(position=position, signal=rng.random(size), kernel=position**2, floor=0.0, paired=False)


def moment_matrix(some, step_size, batch_size):
    scaled = step_size * some.position
    feedback = np.outer(step_size**2 / batch_size * some.kernel, np.ones(scaled.size))
    return np.diag((1 - scaled) ** 2 + scaled**2 / batch_size) + feedback


@pytest.mark.parametrize("size", [1, 2, 7, 40])
@pytest.mark.parametrize("fraction", [0.1, 0.9, 0.999])
def test_the_slowest_eigenvalue(size, fraction):
    some = modes(3, size)
    largest = 2 / (2 * some.position[0] + some.position.sum())  # stable: sum of shares below 1
    assert some.feedback(fraction * largest, 1) < 1
    slowest = np.linalg.eigvals(moment_matrix(some, fraction * largest, 1)).real.max()
    assert slowest_rate(some, fraction * largest, 1) == pytest.approx(1 - slowest, rel=1e-9, abs=1e-14)


def test_the_fall_is_never_less():
    for seed in range(20):
        some = modes(seed, 5)
        step_size = 0.95 * 2 / (2 * some.position[0] + some.position.sum())
        for steps in (1, 10, 300):
            left = np.linalg.matrix_power(moment_matrix(some, step_size, 1), steps) @ some.signal
            assert np.log(some.signal.sum() / left.sum()) >= least_fall(some, step_size, 1, steps) - 1e-12


def test_without_movement_nothing_falls():
    assert slowest_rate(modes(0, 3), 0.0, 1) == 0
    assert least_fall(modes(0, 3), 0.0, 1, 1e6) == 0


def test_complex_modes_have_a_bound():
    """Pairs of modes on the real axis, half the weight each, are those modes."""
    some = modes(1, 6)
    pairs = replace(some, position=some.position + 0j, kernel=some.kernel / 2 + 0j, paired=True)
    assert 0 < slowest_rate(pairs, 1.0, 1) <= slowest_rate(some, 1.0, 1)
