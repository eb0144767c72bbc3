"""Read-only vectors of finite floats: what explicit spectra and signals are made of."""

from __future__ import annotations

from numpy.typing import ArrayLike

from riskcalc.quantity import Real, real_vector


def finite_vector(values: ArrayLike, name: str) -> Real:
    """A read-only copy of `values`; refuses what is not a nonempty vector of finite numbers."""
    array = real_vector(values, name)
    array.setflags(write=False)
    return array
