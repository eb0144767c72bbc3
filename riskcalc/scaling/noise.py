"""Label noise: for exponents only whether there is any counts, for budgets how much."""

from __future__ import annotations

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.quantity import Number, number


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


def variance_of(value: object, name: str = "noise") -> Number:
    """The variance, as far as it was given: 1 where it was only said that there is some, or none.

    >>> variance_of("1/100"), variance_of(True), variance_of(0)
    (Fraction(1, 100), 1, 1)
    """
    return 1 if isinstance(value, bool | np.bool_) else number(value, name) or 1
