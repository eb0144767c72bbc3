"""Points and function values as arrays of finite floats, or one clear refusal."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from riskcalc.errors import InvalidInput

Values = NDArray[np.float64]


def real_array(values: object, refusal: str) -> Values:
    """An array of real numbers; complex ones are refused, not cut down to their real part."""
    try:
        array = None if np.iscomplexobj(values) else np.asarray(values, dtype=np.float64)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        array = None
    if array is None:
        raise InvalidInput(refusal)
    return array


def function_values(function: Callable[[Values], ArrayLike], points: Values, *, count: int, refusal: str) -> Values:
    """The values of a user's function at these points: real, finite, one for each."""
    values = real_array(function(points), refusal)
    if values.shape != (count,) or not np.isfinite(values).all():
        raise InvalidInput(refusal)
    return values
