"""Exact rationals as decimal text of any length."""

from __future__ import annotations

import decimal
import math
from fractions import Fraction


def leading(value: Fraction) -> int:
    """The power of ten of the first digit of a nonzero value.

    >>> leading(Fraction(1, 8)), leading(Fraction(1234))
    (-1, 3)
    """
    with decimal.localcontext(prec=30):
        return (decimal.Decimal(abs(value.numerator)) / value.denominator).adjusted()


def log10(value: Fraction) -> float:
    """log10 of a positive rational of any size.

    >>> log10(Fraction(10) ** 400)
    400.0
    """
    place = leading(value)
    return place + math.log10(float(value / Fraction(10) ** place))


def decimal_text(value: Fraction, *, place: int, rounding: str = decimal.ROUND_HALF_EVEN) -> str:
    """The value rounded at 10^place, all digits down to there written; "0" where none is left.

    >>> decimal_text(Fraction(2, 3), place=-5), decimal_text(Fraction(1, 3000), place=-9)
    ('0.66667', '0.000333333')
    >>> decimal_text(Fraction(1, 3 * 10**9), place=-14), decimal_text(Fraction(1, 3000), place=0)
    ('3.3333e-10', '0')
    """
    size = max(5, (leading(value) if value else 0) - place + 5)
    with decimal.localcontext(prec=size, Emin=decimal.MIN_EMIN, Emax=decimal.MAX_EMAX):
        exact = decimal.Decimal(value.numerator) / value.denominator
        rounded = exact.quantize(decimal.Decimal((0, (1,), place)), rounding=rounding)
    if not rounded:
        return "0"
    return f"{rounded:f}" if -5 <= rounded.adjusted() < 21 and place <= 0 else f"{rounded:e}"


def significant(value: Fraction, digits: int) -> str:
    """The value rounded to so many significant digits.

    >>> significant(Fraction(2, 3), 5), significant(Fraction(0), 5)
    ('0.66667', '0')
    """
    return "0" if not value else decimal_text(value, place=leading(value) - digits + 1)


def upper_float(log10: float) -> float:
    """A float at least 10^log10, at least the least positive float."""
    return max(5e-324, math.nextafter(10.0 ** min(log10, 308.0), math.inf) * (1 + 1e-12)) if log10 > -320 else 5e-324
