"""Negative control: the recursion in which no noise acts, of labels or of samples: what it leaves is the bias."""

from __future__ import annotations

import numpy as np

from riskcalc.agreement.recursion import Values
from riskcalc.dynamics import Modes


def without_variance(modes: Modes, step_sizes: Values, *, batch_size: int, noise: float) -> Values:
    """Second moments s_i after 0, 1, ..., len(step_sizes) steps, shape (steps + 1, M); noise: has no part in it."""
    eigenvalues = np.real(modes.position)
    moments = np.real(modes.signal) / eigenvalues
    scaled = step_sizes[:, None] * eigenvalues
    factors = 1 - 2 * scaled + (1 + 1 / batch_size) * scaled**2
    return np.asarray(moments * np.vstack([np.ones_like(moments), np.cumprod(factors, axis=0)]))
