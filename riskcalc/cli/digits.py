"""How many digits are asked, how many are known, and how far to go for those that are missing."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import replace

from riskcalc.answer import risk
from riskcalc.cli.writing import note
from riskcalc.curve import Method, RiskCurve, Run
from riskcalc.equivalent import Equivalent
from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.numeric.field import MOST_DIGITS
from riskcalc.quantity import whole

MOST = MOST_DIGITS
_FLOAT = 15  # significant decimal digits that every float64 holds
_TIGHTEST = 1e-13  # relative; no road in float64 can verify more


def read_digits(text: str | None) -> int | None:
    """The flag --digits; None asks for as many as are verified."""
    if text is None:
        return None
    digits = whole(text, "--digits", least=1)
    if digits > MOST:
        raise InvalidInput(f"--digits goes up to {MOST}, not {text}")
    return digits


def in_a_field(method: Method, *, digits: int | None, field: str | None, certified: bool) -> Method:
    """The method with what --digits, --field and --certified ask of it."""
    beyond = digits is not None and digits > _FLOAT
    if not (beyond or certified or field is not None):
        return method
    if not isinstance(method, Equivalent):
        if certified or field is not None:
            raise InvalidInput("--certified and --field belong to --method equivalent")
        return method
    import riskcalc

    kinds: dict[str, type[riskcalc.Arb] | type[riskcalc.Mpmath]] = {"arb": riskcalc.Arb, "mpmath": riskcalc.Mpmath}
    return replace(
        method,
        digits=_FLOAT if digits is None else digits,
        field=None if field is None else kinds[field](),
        certified=certified,
    )


def verified_digits(curve: RiskCurve) -> int:
    """Significant digits of the excess that the roads' own comparison of two resolutions confirms.

    A curve without one was computed step by step, or sampled: then its standard error limits the digits.
    """
    if not curve.error:
        return _FLOAT
    return max(1, min(_FLOAT, math.floor(-math.log10(curve.error))))


def answer(run: Run, method: Method, *, digits: int | None, force: bool) -> tuple[RiskCurve, int]:
    """The curve, and how many digits of it to print.

    More digits than a float holds, and certified answers, are computed in a numeric field. Otherwise, where fewer
    digits are verified than asked, the tolerance is tightened; what float64 cannot verify even then is not printed,
    and a note says so.
    """
    if isinstance(method, Equivalent) and method.digits is not None:
        curve = risk(run, method=method, force=force)
        return curve, method.digits
    if digits is not None and digits > _FLOAT:
        raise InvalidInput(
            f"--digits {digits} is more than float64 can give, and only --method equivalent computes in more: "
            f"ask for at most {_FLOAT} digits"
        )
    curve = risk(run, method=method, force=force)
    if digits is None:
        return curve, verified_digits(curve)
    if verified_digits(curve) < digits and isinstance(method, Equivalent):
        tighter = replace(method, tolerance=max(_TIGHTEST, min(method.tolerance, 10.0**-digits)))
        with suppress(ToleranceNotMet):  # the first curve is verified to its own tolerance
            curve = risk(run, method=tighter, force=force)
    known = verified_digits(curve)
    if known < digits:
        note(f"{digits} digits were asked, float64 verified {known} of this run: {known} are printed")
    return curve, min(digits, known)
