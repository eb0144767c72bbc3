"""Roots of monotone functions that take arrays: many sections at a time, so that few calls are made."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from riskcalc.errors import ToleranceNotMet
from riskcalc.quantity import Real

_SECTIONS = 96


def decreasing_root(function: Callable[[Real], Real], low: float, high: float, *, width: float) -> float:
    """The x in [low, high] where a decreasing function changes sign, to within `width`.

    Raises ToleranceNotMet where there is no change of sign in the bracket.
    """
    ends = function(np.array([low, high]))
    if not ends[0] >= 0 >= ends[1]:
        raise ToleranceNotMet(
            f"no root is bracketed: the function is {ends[0]:.3g} at {low:.6g} and {ends[1]:.3g} at {high:.6g}"
        )
    while high - low > width:
        grid = np.linspace(low, high, _SECTIONS + 1)
        positive = int(np.searchsorted(-np.sign(function(grid[1:-1])), 0.0, side="left"))
        new_low, new_high = float(grid[positive]), float(grid[positive + 1])
        if new_high - new_low >= high - low:
            break
        low, high = new_low, new_high
    return (low + high) / 2
