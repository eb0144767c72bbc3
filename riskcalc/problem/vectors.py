"""Read-only vectors of finite floats: what explicit spectra and signals are made of."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from riskcalc.errors import InvalidInput

Vector = NDArray[np.float64]


def finite_vector(values: ArrayLike, name: str) -> Vector:
    """A read-only copy of `values`; refuses what is not a nonempty vector of finite numbers."""
    try:
        if np.iscomplexobj(values):  # numpy would drop the imaginary part with a mere warning
            raise TypeError
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise InvalidInput(f"{name} must be a vector of real numbers") from None
    if array.ndim != 1 or array.size == 0:
        raise InvalidInput(f"{name} must be a nonempty vector, not an array of shape {array.shape}")
    broken = np.flatnonzero(~np.isfinite(array))
    if broken.size:
        where = int(broken[0])
        raise InvalidInput(
            f"{name} must be finite, but entry {where} is {array[where]} ({broken.size} such entries): "
            "remove or repair these rows"
        )
    array.setflags(write=False)
    return array
