"""Function values as arrays of finite floats, or one clear refusal."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.errors import InvalidInput
from riskcalc.quantity import Real, real_array


def function_values(function: Callable[[Real], ArrayLike], points: Real, *, count: int, refusal: str) -> Real:
    """The values of a user's function at these points: real, finite, one for each."""
    given = function(points)
    try:
        values = real_array(given, "the values")
    except InvalidInput:
        raise InvalidInput(refusal) from None
    if values.shape != (count,) or not np.isfinite(values).all():
        raise InvalidInput(refusal)
    return values
