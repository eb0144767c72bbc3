"""Negative control: the recursion without the term gamma^2 (1 + 1/B) l^2 of q, as if steps were infinitesimal."""

from __future__ import annotations

import numpy as np

from riskcalc.agreement.recursion import Values
from riskcalc.dynamics import Modes


def without_square(modes: Modes, step_sizes: Values, *, batch_size: int, noise: float) -> Values:
    """Second moments s_i after 0, 1, ..., len(step_sizes) steps, shape (steps + 1, M), wrong on purpose."""
    eigenvalues = np.real(modes.position)
    moments = np.real(modes.signal) / eigenvalues
    found = [moments]
    for gamma in step_sizes:
        q = 1 - 2 * gamma * eigenvalues
        moments = q * moments + gamma**2 / batch_size * eigenvalues * (modes.floor + eigenvalues @ moments + noise)
        found.append(moments)
    return np.array(found)
