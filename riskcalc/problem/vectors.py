"""Read-only vectors of finite floats: what explicit spectra and signals are made of."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from riskcalc.quantity import real_vector

Vector = NDArray[np.float64]


def finite_vector(values: ArrayLike, name: str) -> Vector:
    """A read-only copy of `values`; refuses what is not a nonempty vector of finite numbers."""
    array = real_vector(values, name)
    array.setflags(write=False)
    return array
