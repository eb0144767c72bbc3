"""What the numbers of a curve owe each other, checked on their decimal text to the digits that are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, Decimal, localcontext

from riskcalc.curve.claim import Claim
from riskcalc.errors import InvalidInput

_NEVER_NEGATIVE = ("excess", "risk", "irreducible", "standard_error", "radius", "spread", "error", "training")
_PLACES_OF_ERROR = 2  # below the leading digit of a standard error, where rounded numbers end
_GUARD = 25  # digits of the sums beyond those that are written


@dataclass(frozen=True, kw_only=True)
class WrittenParts:
    """texts: decimal strings by key, one a step or a single one. digits: significant digits that each of them has.

    rounded: whether they were cut to what is known of the excess, so that they may end earlier.
    """

    texts: Mapping[str, tuple[str, ...]]
    steps: tuple[int, ...]
    digits: int
    rounded: bool

    def at(self, name: str, place: int) -> Decimal:
        values = self.texts[name]
        return Decimal(values[place if len(values) > 1 else 0])


def check_signs(parts: WrittenParts, claim: Claim) -> None:
    """Refuse negative excess, noise and errors; parts of an expected risk are not negative either.

    Terms of a leading order may be: they are what a series begins with, not an expectation.
    """
    names = _NEVER_NEGATIVE if claim is Claim.LEADING_ORDER else (*_NEVER_NEGATIVE, "approximation")
    for name in names:
        for place, text in enumerate(parts.texts.get(name, ())):
            if Decimal(text) < 0:
                raise InvalidInput(f"{name!r} is {text} at step {parts.steps[place]}, and cannot be negative")
    for name in ("irreducible", "approximation", "radius", "error"):
        if "inf" in parts.texts.get(name, ()):
            raise InvalidInput(f"{name!r} is infinite")


def check_sums(parts: WrittenParts) -> None:
    """Refuse parts that do not add up.

    Formula: risk = irreducible + excess, excess = approximation + bias + variance, where each number may
        be off by a unit of its own last digit, or of that of the sum.
    """
    with localcontext(prec=parts.digits + _GUARD, Emax=MAX_EMAX, Emin=MIN_EMIN):
        for place in range(len(parts.steps)):
            if "risk" in parts.texts:
                _check(parts, place, "risk", ("irreducible", "excess"))
            if "bias" in parts.texts and "variance" in parts.texts:
                _check(parts, place, "excess", ("approximation", "bias", "variance"))


def _check(parts: WrittenParts, place: int, whole: str, names: tuple[str, ...]) -> None:
    total, values = parts.at(whole, place), [parts.at(name, place) for name in names]
    added = sum(values)
    if total.is_infinite() or not all(value.is_finite() for value in values):
        agree = float(total) == float(sum(map(float, values)))  # two finite parts may overflow together
    else:
        last = _unit(total, parts.digits)  # parts end where their sum ends
        slack = sum(max(last, _unit(value, parts.digits)) for value in (total, *values))
        if parts.rounded and "standard_error" in parts.texts:
            # an average's approximation ends where its last excess does
            for at in (place, len(parts.steps) - 1):
                slack += len(values) * _unit(parts.at("standard_error", at), _PLACES_OF_ERROR + 1)
        agree = abs(total - added) <= slack
    if not agree:
        raise InvalidInput(
            f"at step {parts.steps[place]} {whole} is {_short(total)}, but {' + '.join(names)} is {_short(added)}"
        )


def _unit(value: Decimal, digits: int) -> Decimal:
    """One unit of the last of so many significant digits."""
    return Decimal(0) if not value else Decimal(1).scaleb(value.adjusted() - digits + 1)


def _short(value: Decimal | int) -> str:
    return f"{value:.17g}"
