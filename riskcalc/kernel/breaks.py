"""Where a target function is not smooth, as users say it."""

from __future__ import annotations

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.quantity import listed, real_array, shown


def read_breaks(breaks: object) -> tuple[float, ...]:
    """The points at which a function or one of its derivatives jumps: finite numbers, or none."""
    needed = "a list of the points at which the function or one of its derivatives jumps"
    points = listed(breaks, "breaks", needed)
    if not points:
        return ()
    vector = real_array(points, "breaks", needed=needed)
    if vector.ndim != 1 or not np.isfinite(vector).all():
        raise InvalidInput(f"breaks must be {needed}, not {shown(breaks)}")
    return tuple(vector.tolist())
