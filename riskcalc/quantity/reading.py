"""Numbers as users give them, read exactly.

`17/5`, `0.3` and `1e-3` are rationals here, whether they come from the command line or as strings in Python;
ints and Fractions are rationals already. A float is kept as the float it is: numeric code uses it, symbolic
code refuses it (see `exact`). User text is never evaluated: `fractions.Fraction` does the reading.
"""

from __future__ import annotations

import math
import numbers
import re
from decimal import Decimal
from fractions import Fraction

from riskcalc.errors import InvalidInput
from riskcalc.quantity.words import shown

Number = Fraction | float

_LARGEST_EXPONENT = 400  # beyond it: a typing error; reading 1e999999999 would exhaust memory
_MOST_BITS = 13_000  # of a numerator or denominator: Python writes no integer of more than 4300 digits
_LARGEST = 10**300  # in size; so every number has a float beside it, and their products rarely overflow
_STRAY = re.compile(r"(?<!\d)_|_(?!\d{3}(?!\d))")  # an underscore that is not before three digits
_SMALLEST = Fraction(1, _LARGEST)


def number(value: object, name: str) -> Number:
    """Read `value` as a rational, or keep it as a finite float.

    >>> number("17/5", "b")
    Fraction(17, 5)
    >>> number("1e-3", "step_size")
    Fraction(1, 1000)
    >>> number(0.3, "step_size")
    0.3
    """
    if isinstance(value, bool):
        raise InvalidInput(f"{name} must be a number, not {shown(value)}")
    if isinstance(value, str):
        return _in_range(_from_text(value, name), name)
    if isinstance(value, numbers.Rational):
        return _in_range(Fraction(int(value.numerator), int(value.denominator)), name)
    if isinstance(value, numbers.Real):
        as_float = float(value)
        if not math.isfinite(as_float):
            raise InvalidInput(f"{name} must be finite, not {shown(value)}")
        return _in_range(as_float, name)
    if getattr(value, "is_Rational", False):  # SymPy, without importing it
        return _in_range(Fraction(int(value.p), int(value.q)), name)  # type: ignore[attr-defined]
    meant = f": write '{shown(value)}', in quotes" if isinstance(value, Decimal) and value.is_finite() else ""
    raise InvalidInput(f"{name} must be a number such as 2, '17/5' or '0.3', not {shown(value)}{meant}")


def whole(value: object, name: str, *, least: int = 0) -> int:
    """Read a whole number such as 1000, '1e6' or 1e6, at least `least`.

    >>> whole("1e6", "steps")
    1000000
    """
    if isinstance(value, numbers.Integral) and not isinstance(value, bool) and least <= int(value) <= _LARGEST:
        return int(value)  # as most of them are, and of a list of steps there may be very many
    read = number(value, name)
    if read != int(read):
        raise InvalidInput(f"{name} must be a whole number, not {value}")
    if read < least:
        raise InvalidInput(f"{name} must be at least {least}, not {value}")
    return int(read)


def exact(value: Number, name: str) -> Fraction:
    """The rational behind `value`; a float is refused with the fraction it probably means.

    >>> exact(Fraction(3, 2), "a")
    Fraction(3, 2)
    """
    if isinstance(value, Fraction):
        return value
    guess = Fraction(value).limit_denominator(1000)
    raise InvalidInput(f"{name}={value!r} is a float, but exponents are derived exactly: write {name}='{guess}'")


def plain(value: Number) -> str:
    """The shortest text that reads back as the same number.

    >>> plain(Fraction(17, 5)), plain(Fraction(2)), plain(0.3)
    ('17/5', '2', '0.3')
    """
    return str(value) if isinstance(value, Fraction) else repr(value)


def _in_range(read: Number, name: str) -> Number:
    bits = 0 if isinstance(read, float) else max(read.numerator.bit_length(), read.denominator.bit_length())
    size = -read if read < 0 else read
    if bits > _MOST_BITS or (read and not _SMALLEST <= size <= _LARGEST):
        raise InvalidInput(
            f"{name} is out of range: it must be 0, or between 1e-300 and 1e300 in size, with at most 3900 digits"
        )
    return read


def _from_text(text: str, name: str) -> Fraction:
    stripped = text.strip()
    if not stripped.isascii():
        raise InvalidInput(f"{name} must be written in ASCII digits, as 2, 17/5 or 1e-3, not {shown(text)}")
    mantissa, marker, exponent = stripped.lower().partition("e")
    try:
        if marker and abs(int(exponent)) > _LARGEST_EXPONENT:
            raise InvalidInput(f"{name}={text} is out of range: exponents go up to {_LARGEST_EXPONENT}")
        if len(mantissa) > 10 * _LARGEST_EXPONENT:
            raise InvalidInput(f"{name} has too many digits: at most {10 * _LARGEST_EXPONENT}")
        read = Fraction(stripped)
    except (ValueError, ZeroDivisionError):
        raise InvalidInput(f"{name} must be a number such as 2, 17/5 or 1e-3, not {shown(text)}") from None
    if _STRAY.search(stripped):
        raise InvalidInput(f"{name} must have underscores between thousands only, as 1_000, not {shown(text)}")
    return read
