"""The second-moment recursion as it is written on paper: the slow twin of the exact road.

Formula: s_i(t+1) = q_i s_i(t) + (gamma_t^2/B) l_i (E(t) + sigma2), q_i = 1 - 2 gamma_t l_i + gamma_t^2 (1 + 1/B) l_i^2,
E(t) = approximation + sum_i l_i s_i(t). Source: D01.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from riskcalc.dynamics import Modes

Values = NDArray[np.float64]


def recursion(modes: Modes, step_sizes: Values, *, batch_size: int, noise: float) -> Values:
    """Second moments s_i after 0, 1, ..., len(step_sizes) steps, shape (steps + 1, M); modes: real."""
    eigenvalues = np.real(modes.position)
    moments = np.real(modes.signal) / eigenvalues
    found = [moments]
    for gamma in step_sizes:
        q = 1 - 2 * gamma * eigenvalues + gamma**2 * (1 + 1 / batch_size) * eigenvalues**2
        moments = q * moments + gamma**2 / batch_size * eigenvalues * (modes.floor + eigenvalues @ moments + noise)
        found.append(moments)
    return np.array(found)
