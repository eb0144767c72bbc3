"""The rate at which a run without a drive dies out: that of the slowest direction of the whole moment recursion.

Formula: with p_n = 1 - q_n and g_n = (gamma^2/B) k_n the slowest eigenvalue 1 - nu of diag(q) + g 1^T solves
sum_n g_n/(p_n - nu) = 1, 0 < nu < min p (D21); nu >= (1 - kappa) min p. With w_n = 1/(p_n - nu), its row eigenvector,
sum_n w_n x_n falls by 1 - nu at every step, so that after t steps sum_n x_n has fallen by (1 - nu)^t or more, but for
a factor max w/min w. Valid: kappa < 1. Source: D03, D21.
"""

from __future__ import annotations

import math

import numpy as np

from riskcalc.spectral.modes import Modes

_BISECTIONS = 60


def slowest_rate(modes: Modes, step_size: float, batch_size: int) -> float:
    """nu, from below; on a contour, where modes are complex, the bound (1 - kappa) min |p|. 0 without movement."""
    decrement = modes.decrement(step_size, batch_size)
    least = float(np.abs(decrement).min())
    if least == 0:
        return 0.0
    masses = step_size**2 / batch_size * modes.kernel / decrement
    held = max(0.0, 1 - float(modes.total(masses)))
    if modes.paired or held == 0:
        return held * least
    ratios = least / decrement
    low, high = held, 1.0
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        if middle < 1 and float(np.sum(masses / (1 - middle * ratios))) <= 1:
            low = middle
        else:
            high = middle
    return low * least


def least_fall(modes: Modes, step_size: float, batch_size: int, duration: float) -> float:
    """At least so much does the log of the bias fall in `duration` steps of a stage; it may rise first."""
    rate = slowest_rate(modes, step_size, batch_size)
    if rate == 0 or duration == 0 or modes.paired:
        return rate * duration
    # of one sum that is 1, every part g_n/(p_n - nu) is 1 at most
    gains = step_size**2 / batch_size * modes.kernel
    ahead = np.maximum(modes.decrement(step_size, batch_size) - rate, gains)
    return rate * duration - (math.log(ahead.max()) - math.log(ahead.min()) if ahead.min() > 0 else math.inf)
