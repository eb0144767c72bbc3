"""Numbers of the reference: exact rationals, 80-bit floats (19 digits), and Arb's balls as plain arithmetic."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
from flint import arb

LD = np.longdouble
CLD = np.clongdouble
ENOUGH = bool(np.finfo(LD).eps < 2e-19)  # not so on every machine
TINY = arb(2) ** -16000
PI = LD("3.14159265358979323846264338327950288")


class OutOfReach(Exception):
    """The reference cannot answer this question."""


def longdouble(value: Fraction | int | float) -> np.longdouble:
    """The nearest 80-bit float of an exact number; a float stands for the binary fraction it is."""
    exact = Fraction(value)
    with localcontext() as context:
        context.prec = 40
        return LD(str(Decimal(exact.numerator) / Decimal(exact.denominator)))


def ball(value: Fraction | int | float) -> arb:
    """An exact number as a ball at the current precision."""
    exact = Fraction(value)
    return arb(exact.numerator) / arb(exact.denominator)


def from_ball(value: arb) -> np.longdouble:
    """The middle of a ball, rounded to 80 bits."""
    middle = value.mid()
    high = float(middle)
    if 1e-270 < abs(high) < 1e300:
        return LD(high) + LD(float((middle - arb(high)).mid()))
    if abs(middle) < TINY:
        return LD(0)
    return LD(middle.str(30, radius=False))


def from_balls(values: Iterable[arb]) -> np.ndarray:
    """The same of many."""
    return np.array([from_ball(value) for value in values], dtype=LD)
