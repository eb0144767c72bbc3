"""Label noise, as the exponents see it: only whether there is any counts, not how much."""

from __future__ import annotations

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.quantity import number


def has_noise(value: object, name: str = "noise") -> bool:
    """Read a variance of the label noise, zero for none; True and False stand for some and none.

    >>> has_noise("0"), has_noise("1/2"), has_noise(True)
    (False, True, True)
    """
    if isinstance(value, bool | np.bool_):
        return bool(value)
    variance = number(value, name)
    if variance < 0:
        raise InvalidInput(f"{name} is a variance and cannot be negative, but it is {value}")
    return variance > 0
