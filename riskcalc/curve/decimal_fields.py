"""Exact rationals made into the numeric fields of a curve: text of the digits asked, and the floats nearest to it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from riskcalc.curve.precise import Decimals
from riskcalc.numeric.decimals import decimal_text, leading, significant


def decimal_fields(
    noise: Fraction,
    approximation: Fraction,
    bias: list[Fraction],
    variance: list[Fraction],
    digits: int,
    *,
    gap: float | None = None,
) -> dict[str, Any]:
    """The numeric fields of a curve: text of `digits` digits, and the floats nearest to it.

    gap: log10 of the relative difference of two resolutions; the error stated is ten times that, and the rounding of
    the text.
    """
    excess = [approximation + one + two for one, two in zip(bias, variance, strict=True)]
    places = [leading(value) - digits + 1 if value else 0 for value in excess]

    def ending(values: list[Fraction]) -> tuple[str, ...]:
        return tuple(
            decimal_text(value, place=max(place, leading(value) - digits + 1)) if value else "0"
            for value, place in zip(values, places, strict=True)
        )

    text = {
        "risk": tuple(significant(noise + value, digits) for value in excess),
        "excess": ending(excess),
        "bias": ending(bias),
        "variance": ending(variance),
        "irreducible": (_shortest(noise, digits),),
        "approximation": (significant(approximation, digits),),
    }
    floats = {name: np.array([float(value) for value in text[name]]) for name in ("excess", "bias", "variance")}
    single = {name: float(text[name][0]) for name in ("irreducible", "approximation")}
    error = None if gap is None else 10.0 ** max(1 + gap, -320.0) + 5 * 10.0**-digits
    return {**floats, **single, "error": error, "decimals": Decimals(digits=digits, text=text)}


def _shortest(value: Fraction, digits: int) -> str:
    """A rational the user gave, without trailing zeros."""
    text = significant(value, digits)
    mantissa, marker, exponent = text.partition("e")
    return (mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa) + marker + exponent
