"""The numbers in which the dynamics runs: 80-bit floats, float64 as their shadow, or balls of Arb in arrays of objects.

One text serves all three: NumPy calls x.exp(), x.sin() and so on of the objects in an array.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from operator import attrgetter
from typing import Any

import numpy as np
from flint import acb, arb

from tests.oracle.floats80 import CLD, LD, PI, ball, from_ball, longdouble

BITS = 240  # of balls: a contour's 45 digits, what its ends amplify, and what up to 1e18 steps cancel
_real = np.frompyfunc(attrgetter("real"), 1, 1)
_middle = np.frompyfunc(lambda x: arb(x).mid(), 1, 1)


@dataclass(frozen=True, kw_only=True)
class Arithmetic:
    """number: from an exact number; unit: i; finer: how many times the nodes and digits of 80-bit floats."""

    number: Callable[[Fraction | int | float], Any]
    unit: Any
    pi: Callable[[], Any]
    finer: Fraction = Fraction(1)
    dtype: Any = LD

    def array(self, values: Any) -> np.ndarray:
        """Exact numbers, one by one."""
        return np.array([self.number(value) for value in values], dtype=self.dtype)

    @property
    def balls(self) -> bool:
        return self.dtype is object


FLOATS80 = Arithmetic(number=longdouble, unit=CLD(1j), pi=lambda: PI)
FLOATS64 = Arithmetic(number=float, unit=1j, pi=lambda: np.pi, dtype=np.float64)
BALLS = Arithmetic(number=ball, unit=acb(0, 1), pi=arb.pi, finer=Fraction(5, 2), dtype=object)


def of(values: np.ndarray) -> Arithmetic:
    """That of an array."""
    if values.dtype == object:
        return BALLS
    return FLOATS64 if values.dtype in (np.dtype(np.float64), np.dtype(np.complex128)) else FLOATS80


def real(values: np.ndarray) -> np.ndarray:
    """Real parts."""
    return _real(values) if values.dtype == object else values.real


def middle(values: np.ndarray) -> np.ndarray:
    """The middles of balls; other numbers are their own."""
    return _middle(values) if values.dtype == object else values


def rounded(values: np.ndarray) -> np.ndarray:
    """To 80 bits."""
    if values.dtype != object:
        return values.astype(LD)
    return np.array([from_ball(arb(x)) for x in values.reshape(-1)], dtype=LD).reshape(values.shape)


def spread(values: np.ndarray) -> np.ndarray:
    """The radii of balls, relative; other numbers do not know theirs."""
    if values.dtype != object:
        return np.zeros(len(values), dtype=LD)
    return np.array([abs(float((arb(x).rad() / arb(x).mid()).mid())) for x in values], dtype=LD) + LD(1e-19)
