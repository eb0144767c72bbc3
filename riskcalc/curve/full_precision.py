"""Where floats still have all their digits: below the smallest normal one a value is told as 0."""

from __future__ import annotations

from typing import Any

import numpy as np

from riskcalc.quantity import Real


def full_precision(values: Real, real: Any = np.float64) -> Real:
    """The values, 0 where they are below what this kind of float holds to all its digits.

    Examples
    --------
    >>> full_precision(np.array([1e-300, -1e-310])).tolist()
    [1e-300, 0.0]
    """
    return np.where(np.abs(values) < np.finfo(real).smallest_normal, 0, values)
