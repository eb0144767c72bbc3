"""Negative control: the recursion whose noise does not feel the approximation error.

What the features cannot express acts on every step like label noise; here sigma2 alone does, beside the error that is
still to be learnt.
"""

from __future__ import annotations

import numpy as np

from riskcalc.agreement.recursion import Values
from riskcalc.dynamics import Modes


def without_approximation(modes: Modes, step_sizes: Values, *, batch_size: int, noise: float) -> Values:
    """Second moments s_i after 0, 1, ..., len(step_sizes) steps, shape (steps + 1, M), wrong on purpose."""
    eigenvalues = np.real(modes.position)
    moments = np.real(modes.signal) / eigenvalues
    found = [moments]
    for gamma in step_sizes:
        q = 1 - 2 * gamma * eigenvalues + gamma**2 * (1 + 1 / batch_size) * eigenvalues**2
        moments = q * moments + gamma**2 / batch_size * eigenvalues * (eigenvalues @ moments + noise)
        found.append(moments)
    return np.array(found)
