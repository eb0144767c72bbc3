"""D35: the variance that one mode gathers under the geometric schedule, summed step by step."""

from __future__ import annotations

import numpy as np
import pytest


def step_sizes(levels: int) -> np.ndarray:
    """gamma_t/gamma = 2^-floor(t L/N), t = 1..N = 2^L."""
    steps = 2**levels
    return 0.5 ** ((np.arange(1, steps + 1) * levels) // steps)


@pytest.mark.parametrize("levels", [2, 3, 5, 8, 11])
@pytest.mark.parametrize("batch", [1, 4])
def test_one_mode_gathers_at_most_ten(levels, batch):
    """N_eff sum_s gamma_s^2 l^2 prod q <= 10 min(1, y^2) for every scaled position; and the order is right."""
    sizes = step_sizes(levels)
    effective = 2**levels / levels
    scaled = np.geomspace(1e-6, 1 / (1 + 1 / batch), 400)  # gamma l
    gathered = np.zeros_like(scaled)
    for size in sizes:
        now = size * scaled
        gathered = gathered * (1 - 2 * now + (1 + 1 / batch) * now**2) + now**2
    y = effective * scaled
    ratio = effective * gathered / np.minimum(1, y**2)
    assert ratio.max() <= 10
    assert ratio.max() > 0.3  # of this order, so not a bound of something else
    assert ratio.min() > 1e-3


def test_the_dyadic_sum_is_below_eight():
    x = np.linspace(1, 2, 2001)[:, None]
    terms = x * 2.0 ** np.arange(12)
    assert (1.6 * (terms * np.exp(-terms / 4)).sum(axis=1)).max() < 8


@pytest.mark.parametrize("a", [0.6, 1.5, 3.0])
@pytest.mark.parametrize("resolved", [0.2, 3.7, 250.0])
def test_effective_dimension(a, resolved):
    j = np.arange(1, 2_000_000, dtype=float)
    total = np.minimum(1, (j / resolved) ** (-2 * a)).sum()
    assert total <= 2 * a / (2 * a - 1) * resolved
