"""Arrays of real numbers as users give them: nothing is cut down to fit."""

from __future__ import annotations

from typing import Any

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.quantity.reading import number
from riskcalc.quantity.types import Real
from riskcalc.quantity.words import shown

_TRUTHS = (bool, np.bool_)


def real_array(values: object, name: str, *, needed: str = "an array of real numbers") -> Real:
    """A new float64 array with the shape and the numbers of `values`.

    Entries may be whatever `number` reads, text and fractions too; floats may be infinite or nan, which the caller
    judges. Complex numbers are refused, where NumPy would drop the imaginary part, and so are truth values, dates,
    bytes, and lists of different lengths.

    >>> real_array(["1/2", 2], "values")
    array([0.5, 2. ])
    >>> real_array([True, 0.5], "values")
    Traceback (most recent call last):
    ...
    riskcalc.errors.InvalidInput: values must be an array of real numbers, not [True, 0.5]
    """

    def refusal() -> InvalidInput:
        return InvalidInput(f"{name} must be {needed}, not {shown(values)}")

    if isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values):
        raise InvalidInput(
            f"{name} holds {int(np.ma.getmaskarray(values).sum())} masked values, and what they should count as is not "
            "said: leave them out everywhere, or fill them"
        )
    try:
        array = np.asarray(values)
        if array.dtype.kind in "OUiuf" and not hasattr(values, "dtype"):
            entries = np.asarray(values, dtype=object)  # among the numbers of a list NumPy takes True for 1
            if entries.shape == array.shape and any(isinstance(entry, _TRUTHS) for entry in entries.flat):
                raise refusal()
    except (TypeError, ValueError, OverflowError):
        raise refusal() from None
    if array.dtype.kind in "iuf":
        with np.errstate(over="ignore"):  # a longdouble beyond float64 becomes infinite
            return np.array(array, dtype=np.float64)
    if array.dtype.kind not in "OU":
        raise refusal()
    read = np.empty(array.shape)
    for place in np.ndindex(array.shape):
        try:
            read[place] = _entry(array[place])
        except InvalidInput:
            raise refusal() from None
    return read


def real_vector(values: object, name: str) -> Real:
    """A nonempty vector of finite numbers."""
    vector = real_array(values, name, needed="a vector of real numbers")
    if vector.ndim != 1 or vector.size == 0:
        raise InvalidInput(f"{name} must be a nonempty vector, not an array of shape {vector.shape}")
    broken = np.flatnonzero(~np.isfinite(vector))
    if broken.size:
        where = int(broken[0])
        raise InvalidInput(
            f"{name} must be finite, but entry {where} is {vector[where]} ({broken.size} such entries): "
            "remove or repair these rows"
        )
    return vector


def real_matrix(values: object, name: str, shape: tuple[int, int]) -> Real:
    """A matrix of finite numbers of one shape."""
    matrix = real_array(values, name, needed="a matrix of real numbers")
    if matrix.shape != shape:
        raise InvalidInput(f"{name} must have shape {shape}, not {matrix.shape}")
    if not np.isfinite(matrix).all():
        raise InvalidInput(f"{name} has entries that are not finite")
    return matrix


def _entry(value: Any) -> float:
    if isinstance(value, float):  # nan and infinity too
        return float(value)
    return float(number(value, "an entry"))
