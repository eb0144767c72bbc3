"""Which decimals of a curve are known, and the curve as text without the others."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from riskcalc.curve.claim import Claim, Warrant
from riskcalc.curve.precise import SERIES
from riskcalc.curve.risk_curve import RiskCurve

_BEYOND = 2  # places printed below the leading digit of a standard error
_SCATTER = 12  # digits of shift and spread, at most
_UNLIMITED = -10_000
_FLOAT = 15  # significant decimal digits that every float64 holds
_TERMS = 12  # of leading terms evaluated in float64: kappa is known to 1e-13

Write = Callable[[float, int], str]


@dataclass(frozen=True, kw_only=True)
class Rounded:
    """columns: one text a step for each quantity that the curve has; the two others hold for all steps."""

    columns: dict[str, list[str]]
    irreducible: str
    approximation: str


def rounded(curve: RiskCurve, *, digits: int, write: Write) -> Rounded:
    """The curve's numbers as text.

    Excess and risk have `digits` significant digits, or as many as the standard error leaves. Bias and
    variance are known to the same absolute accuracy as the excess, so they end at the same decimal place:
    where one is a small part of the excess it has fewer digits. One that starts below that place has its
    first digit where the curve knows it, and is 0 elsewhere. A standard error has three digits; shift and spread have
    those to which two resolutions agree.
    A curve with decimals is written as it is.
    """
    if curve.decimals is not None:
        text = curve.decimals.text
        return Rounded(
            columns={name: list(values) for name, values in text.items() if name in SERIES},
            irreducible=text["irreducible"][0],
            approximation=text["approximation"][0],
        )
    places, known = last_places(curve, digits), last_places(curve, verified_digits(curve))
    columns = {}
    for name in ("risk", "excess", "bias", "variance"):
        values = getattr(curve, name)
        if values is not None:
            ends = [_end(*each, digits) for each in zip(values.tolist(), places, known, strict=True)]
            columns[name] = [write(value, end) for value, end in zip(values.tolist(), ends, strict=True)]
    if curve.training is not None:  # known to the absolute accuracy of the risk
        ends = [max(_place(risk, digits), place) for risk, place in zip(curve.risk.tolist(), places, strict=True)]
        columns["training"] = [write(value, end) for value, end in zip(curve.training.tolist(), ends, strict=True)]
    for name in ("standard_error", "radius"):
        values = getattr(curve, name)
        if values is not None:
            columns[name] = [write(value, _place(value, _BEYOND + 1)) for value in values.tolist()]
    for name in ("shift", "spread"):
        values = getattr(curve, name)
        if values is not None:
            agreeing = min(digits, scatter_digits(curve))
            columns[name] = [write(value, _place(value, agreeing)) for value in values.tolist()]
    approximation = _place(curve.approximation, digits)
    if curve.claim is Claim.AVERAGED_OVER_SKETCHES:  # a mean too, about as well known as the last excess
        approximation = max(approximation, places[-1])
    return Rounded(
        columns=columns,
        irreducible=plain(curve.irreducible, _place(curve.irreducible, digits)),
        approximation=write(curve.approximation, approximation),
    )


def verified_digits(curve: RiskCurve) -> int:
    """Significant digits of the excess that the error of the curve leaves.

    A curve without one was sampled: then its standard error limits the digits. Leading terms have nothing to compare;
    their digits are those of their own evaluation.
    """
    if curve.warrant is Warrant.SYMBOLIC:
        return _TERMS
    if not curve.error:
        return _FLOAT
    return max(1, min(_FLOAT, math.floor(-math.log10(curve.error))))


def scatter_digits(curve: RiskCurve) -> int:
    """Significant digits of shift and spread to which two resolutions agree, but one."""
    agreement = float(curve.method["finite_size"]["agreement"])
    return max(1, min(_SCATTER, math.floor(-math.log10(max(agreement, 1e-300))) - 1))


def last_places(curve: RiskCurve, digits: int) -> list[int]:
    """The power of ten of the last decimal of the excess that is known, at each step."""
    errors = np.zeros(len(curve.steps)) if curve.standard_error is None else curve.standard_error
    pairs = zip(curve.excess.tolist(), errors.tolist(), strict=True)
    return [max(_place(value, digits), _place(error, _BEYOND + 1)) for value, error in pairs]


def _end(value: float, place: int, known: int, digits: int) -> int:
    """Where a number ends that is known down to 10^known and belongs to an excess printed down to 10^place."""
    if value != 0 and math.isfinite(value) and known <= _leading(value) < place:
        return _leading(value)
    return max(place, _place(value, digits))


def plain(value: float, place: int) -> str:
    """A decimal string that ends at 10^place, without trailing zeros.

    >>> plain(1234.5678, -2), plain(1.5e-9, -10), plain(1e-20, -10)
    ('1234.57', '1.5e-09', '0')
    """
    figures = _figures(value, place)
    return f"{value:.{figures}g}" if figures else "0"


def scientific(value: float, place: int) -> str:
    """The same with one digit before the point and all known digits after it.

    >>> scientific(1234.5678, -2), scientific(1e-20, -10)
    ('1.23457e+03', '0')
    """
    figures = _figures(value, place)
    return f"{value:.{figures - 1}e}" if figures else "0"


def _figures(value: float, place: int) -> int:
    """Significant digits of `value` down to 10^place; 0 where nothing of it is left."""
    if value == 0:
        return 0
    return 1 if math.isinf(value) else max(0, _leading(value) - place + 1)


def _place(value: float, digits: int) -> int:
    """The power of ten of the digit number `digits` of `value`; no limit where it is 0 or infinite."""
    if value == 0 or not math.isfinite(value):
        return _UNLIMITED
    return _leading(value) - digits + 1


def _leading(value: float) -> int:
    return math.floor(math.log10(abs(value)))
