"""The moment recursion, step by step, for any sequence of step sizes.

Formula: x_n(t+1) = q_n x_n(t) + (gamma_t^2/B) k_n (drive(t)), with drive = E_bias for the bias response and
E_variance + sigma2 + approximation for the variance response. Source: D01.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from riskcalc.dynamics.modes import Modes, Values

_BLOCK = 128  # steps whose factors are formed together


def advance(
    modes: Modes, state: Values, step_sizes: NDArray[np.float64], *, batch_size: int, noise: float
) -> tuple[Values, NDArray[np.float64]]:
    """The state after all of `step_sizes`, and the totals before each of them, shape (steps, 2).

    state: shape (2, n), bias response first. noise: sigma2 + approximation.
    """
    totals = np.empty((step_sizes.size, 2))
    kind = np.result_type(modes.position, state)
    # step sizes multiply real and imaginary parts alike: real arithmetic, at half the cost
    twice, square, kernel = (
        np.ascontiguousarray(part, dtype=kind).view(np.float64)
        for part in (2 * modes.position, (1 + 1 / batch_size) * modes.position**2, modes.kernel / batch_size)
    )
    sources = np.array([0.0, noise])
    ones = np.full(modes.position.size, 2.0 if modes.paired else 1.0, dtype=kind)
    state = state.astype(kind)
    for start in range(0, step_sizes.size, _BLOCK):
        sizes = step_sizes[start : start + _BLOCK, None]
        factors = (sizes * (sizes * square - twice)).view(kind) + 1
        gains = (sizes**2 * kernel).view(kind)
        for step in range(len(sizes)):
            now = (state @ ones).real
            totals[start + step] = now
            state *= factors[step]
            state += (now + sources)[:, None] * gains[step]
    return state, totals
